"""Invented papers: one set of numbers, printed the many ways papers print them, in every form.

A paper is drawn from a seed. What it prints is known, so what is drafted from it can be counted:
`gold` holds every count that a reader would take, and nothing else.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

OUTCOMES: list[tuple[str, bool, bool, tuple[str, ...]]] = [
    ("full_response", False, False, ("full response", "FR")),
    ("part_response", False, False, ("part response", "partial response")),
    ("any_response", False, False, ("any response", "overall response", "OR")),
    ("low_count", True, False, ("low count", "count decreased")),
    ("fever", True, False, ("fever", "pyrexia")),
    ("sickness", True, False, ("nausea", "sickness")),
    ("tiredness", True, False, ("tiredness", "fatigue")),
    ("stopped_for_harm", False, False, ("stopping > harm", "stopping > toxicity")),
    ("death", False, False, ("death", "died")),
]
HARMS = {
    "low_count": ("Low count", "Count decreased", "Low counts"),
    "fever": ("Fever", "Pyrexia"),
    "sickness": ("Nausea", "Sickness"),
    "tiredness": ("Tiredness", "Fatigue"),
}
STRANGERS = ("Headache", "Rash", "Cough", "Back pain")


@dataclass(frozen=True)
class Printed:
    """A cell of an invented table: what it says and how many places it spans."""

    text: str
    columns: int = 1
    rows: int = 1
    indent: int = 0
    mark: str = ""


@dataclass
class InventedTable:
    """A table: rows of its head and body, and what stands around it."""

    label: str
    caption: str
    head: list[list[Printed]]
    body: list[list[Printed]]
    notes: list[str] = field(default_factory=list)
    continued: bool = False


@dataclass(frozen=True)
class Gold:
    """A count that the paper prints of an outcome; `in_table` tells tables from sentences."""

    outcome: str
    grade: str
    group: str
    events: int
    total: int
    in_table: bool


@dataclass
class InventedPaper:
    """An invented paper with the counts that stand in it."""

    seed: int
    title: str
    abstract: str
    sections: list[tuple[str, list[str | InventedTable]]]
    gold: list[Gold]
    statements: list[str]
    """Cells that disagree with themselves, which must never be counts."""


def paper(seed: int) -> InventedPaper:
    """Return the invented paper of a seed."""
    return _Maker(seed).paper()


class _Maker:
    """One invented paper while it is written."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.seed = seed
        self.gold: list[Gold] = []
        self.statements: list[str] = []
        self.n = self.random.randint(21, 88)
        self.decimals = self.random.choice((0, 1))
        self.point = self.random.choice((".", ".", "\u00b7"))
        self.space = self.random.choice((" ", "\u00a0", "\u2009", ""))
        self.sign = self.random.choice(("", "%"))
        self.dash = self.random.choice(("\u2013", "-"))

    def percent(self, events: int, total: int) -> str:
        share = 100 * events / total
        text = f"{share:.{self.decimals}f}"
        return text.replace(".", self.point)

    def both(self, events: int, total: int, *, whole: bool = False) -> str:
        if events == 0 and self.random.random() < 0.5 and not whole:
            return "0"
        count = f"{events}/{total}" if whole else str(events)
        return f"{count}{self.space}({self.percent(events, total)}{self.sign})"

    def paper(self) -> InventedPaper:
        tables: list[str | InventedTable] = [*self.harms()]
        response = self.response()
        text, safety = self.sentences()
        return InventedPaper(
            seed=self.seed,
            title=f"An invented treatment in {self.n} invented patients",
            abstract=(
                f"We describe an invented treatment that nobody has ever been given, in order "
                f"to see how well numbers are "
                f"read. In this retrospective study {self.n} patients were treated between "
                f"2015 and 2020 at invented "
                f"hospitals. Median age was 8.5 years (range, 0.5-17.9). All {self.n} patients "
                f"were followed for a median "
                f"of 14.2 months (range, 1.1-60.3). Nothing in this abstract speaks of an "
                f"outcome, and it is as long as an "
                f"abstract is, so that it is known for one where no heading says so. The "
                f"treatment seemed feasible, the "
                f"numbers of events are printed below, and no conclusion is drawn from any of "
                f"them at all."
            ),
            sections=[
                (
                    "Methods",
                    [
                        "Harms were graded by common criteria. Fever of 3 of 10 patients was "
                        "used as an example."
                    ],
                ),
                (
                    "Results",
                    [f"Of the {self.n} patients, all were evaluable for harm. {text}", response],
                ),
                ("Safety", [safety, *tables]),
                ("Discussion", ["Others saw a full response in 7 of 9 patients (78%)."]),
            ],
            gold=self.gold,
            statements=self.statements,
        )

    # ------------------------------------------------------------------ response

    def response(self) -> InventedTable:
        n = self.n
        full = self.random.randint(2, n // 2)
        part = self.random.randint(1, n - full - 1)
        stop = self.random.randint(1, n // 4)
        for outcome, events in (
            ("full_response", full),
            ("part_response", part),
            ("any_response", full + part),
            ("stopped_for_harm", stop),
        ):
            self.gold.append(Gold(outcome, "", "", events, n, True))
        where = self.random.choice(("head", "caption", "row"))
        head = f"Patients, n (%){f' (N{self.space}={self.space}{n})' if where == 'head' else ''}"
        caption = f"Response to the invented treatment{f' (N = {n})' if where == 'caption' else ''}"
        set_in = self.random.choice((0, 2))
        body = [[Printed("No. of patients"), Printed(str(n))]] if where == "row" else []
        body += [
            [Printed("Age, years, median (range)"), Printed(f"8.5 (0.5{self.dash}17.9)")],
            [Printed("Cycles, mean (SD)"), Printed("4 (2)")],
            [Printed("Best response, n (%)"), Printed("")],
            [Printed("FR", indent=set_in), Printed(self.both(full, n))],
            [Printed("Part response", indent=set_in), Printed(self.both(part, n))],
            [Printed("Overall response (OR)", indent=set_in), Printed(self.both(full + part, n))],
            [Printed("Reason for stopping, n (%)"), Printed("")],
            [Printed("Toxicity", indent=set_in), Printed(self.both(stop, n))],
            [Printed("Response of another kind", indent=set_in), Printed(self.both(1, n))],
            [Printed("Survival at 2 years, % (95% CI)"), Printed(f"54 (38{self.dash}69)")],
            [Printed("Hazard ratio (95% CI)"), Printed(f"1.42 (0.9{self.dash}2.2)")],
        ]
        return InventedTable(
            "Table 1",
            caption,
            [[Printed("Variable"), Printed(head)]],
            body,
            ["FR: full response; OR: overall response."],
        )

    # ------------------------------------------------------------------ harms

    def harms(self) -> list[InventedTable]:
        arms = self.random.choice((1, 1, 2))
        totals = [self.n] if arms == 1 else [self.n // 2, self.n - self.n // 2]
        names = [""] if arms == 1 else ["Arm A", "Arm B"]
        shape = self.random.choice(
            ("grades as columns", "n and % apart", "evaluable", "rows of grades", "caption")
        )
        rows = self._rows(totals, shape)
        head = self._head(names, totals, shape)
        caption = "Harms observed during treatment"
        if shape == "caption":
            caption = self.random.choice(
                ("Harms of grade 3 or higher", "Grade \u2265 3 harms", f"Grade 3{self.dash}4 harms")
            )
        if shape in {"evaluable"}:
            pass
        notes = ["* Known before treatment.", "Abbreviations: n, number of patients."]
        if self.random.random() < 0.3 and shape != "rows of grades":
            cut = len(rows) // 2
            return [
                InventedTable("Table 2", caption, head, rows[:cut], []),
                InventedTable(
                    "Table 2", f"(continued) {caption}", head, rows[cut:], notes, continued=True
                ),
            ]
        return [InventedTable("Table 2", caption, head, rows, notes)]

    def _head(self, names: list[str], totals: list[int], shape: str) -> list[list[Printed]]:
        def named(name: str, total: int) -> str:
            n = f"{self.random.choice('nN')}{self.space}={self.space}{total}"
            return f"{name} ({n})" if name else f"All patients ({n})"

        grades = [
            "Any grade",
            self.random.choice(
                (
                    f"Grade{self.space or ' '}\u2265{self.space}3",
                    f"Grade 3{self.dash}4",
                    "Grade 3/4",
                )
            ),
        ]
        inner = {
            "grades as columns": grades,
            "evaluable": grades,
            "rows of grades": [""],
            "caption": [""],
            "n and % apart": grades,
        }[shape]
        if shape in {"rows of grades", "caption"}:
            return [
                [
                    Printed("Harm"),
                    *(
                        Printed(f"{named(name, total)}, n (%)")
                        for name, total in zip(names, totals, strict=True)
                    ),
                ]
            ]
        apart = 2 if shape == "n and % apart" else 1
        depth = 3 if apart == 2 else 2
        top = [Printed("Harm", rows=depth)]
        top += [
            Printed(named(name, total), columns=len(inner) * apart)
            for name, total in zip(names, totals, strict=True)
        ]
        unit = "n/N (%)" if shape == "evaluable" else "n (%)"
        second = [
            Printed(f"{grade}{'' if apart == 2 else f', {unit}'}", columns=apart)
            for _ in names
            for grade in inner
        ]
        third = [Printed(text) for _ in names for _ in inner for text in ("n", "%")]
        return [top, second, third] if apart == 2 else [top, second]

    def _rows(self, totals: list[int], shape: str) -> list[list[Printed]]:
        rows: list[list[Printed]] = []
        blocks = [("Of the blood", ["low_count", "fever"]), ("Others", ["sickness", "tiredness"])]
        names = ["", ""] if len(totals) == 1 else ["Arm A", "Arm B"]
        strangers = self.random.sample(STRANGERS, 2)
        columns = (
            len(totals)
            * {
                "grades as columns": 2,
                "evaluable": 2,
                "n and % apart": 4,
                "rows of grades": 1,
                "caption": 1,
            }[shape]
        )
        sections = self.random.random() < 0.6 and shape != "rows of grades"
        set_in = self.random.choice((1, 3)) if sections else 0
        spoiled = self.random.choice(["fever", "sickness"])
        for (block, keys), stranger in zip(blocks, strangers, strict=True):
            if sections:
                rows.append([Printed(block, columns=columns + 1)])
            for key in [*keys, ""]:
                label = self.random.choice(HARMS[key]) if key else stranger
                mark = "*" if self.random.random() < 0.15 else ""
                counts = []
                for total in totals:
                    evaluable = total - self.random.randint(0, 4) if shape == "evaluable" else total
                    events = self.random.randint(1, evaluable)
                    counts.append((events, self.random.randint(0, events), evaluable))
                if shape == "rows of grades":
                    rows.append([Printed(label, mark=mark), *(Printed("") for _ in totals)])
                    for grade, at in (("Any grade", 0), ("Grade \u2265 3", 1)):
                        rows.append(
                            [
                                Printed(grade, indent=2),
                                *(Printed(self.both(each[at], each[2])) for each in counts),
                            ]
                        )
                        for name, each in zip(names, counts, strict=False):
                            if key:
                                self.gold.append(
                                    Gold(
                                        key,
                                        "any" if at == 0 else "ge3",
                                        name,
                                        each[at],
                                        each[2],
                                        True,
                                    )
                                )
                    continue
                cells: list[Printed] = []
                for name, each in zip(names, counts, strict=False):
                    for at, grade in ((0, "any"), (1, "ge3")):
                        if shape == "caption" and at == 0:
                            continue
                        events, total = each[at], each[2]
                        spoil = (
                            key == spoiled
                            and grade == "ge3"
                            and name != "Arm A"
                            and shape != "n and % apart"
                        )
                        if spoil:
                            of = f"/{total}" if shape == "evaluable" else ""
                            wrong = f"{events}{of} ({min(99, 100 * events // total + 7)})"
                            self.statements.append(wrong)
                            cells.append(Printed(wrong))
                            continue
                        if shape == "n and % apart":
                            cells += [Printed(str(events)), Printed(self.percent(events, total))]
                        elif self.random.random() < 0.06:
                            cells.append(Printed("\u2014"))
                            continue
                        else:
                            cells.append(
                                Printed(
                                    self.both(events, total, whole=shape == "evaluable"),
                                    mark="*" if self.random.random() < 0.08 else "",
                                )
                            )
                        if key:
                            self.gold.append(Gold(key, grade, name, events, total, True))
                rows.append([Printed(label, indent=set_in, mark=mark), *cells])
        return rows

    # ------------------------------------------------------------------ sentences

    def sentences(self) -> tuple[str, str]:
        n = self.n
        full, died, fever = (self.random.randint(1, n - 1) for _ in range(3))
        sub = self.random.randint(6, n - 2)
        sick = self.random.randint(1, sub)
        of_n = self.random.choice(
            (
                f"{full} of {n} patients ({100 * full / n:.1f}%)",
                f"{full}/{n} patients ({100 * full / n:.0f}%)",
                f"{full} of the {n} patients",
            )
        )
        self.gold.append(Gold("full_response", "", "", full, n, False))
        self.gold.append(Gold("death", "", "", died, n, False))
        self.gold.append(Gold("fever", "ge3", "", fever, n, False))
        self.gold.append(Gold("sickness", "", f"{sub} patients", sick, sub, False))
        self.gold.append(Gold("tiredness", "", "", 0, n, False))
        share = f"{100 * died / n:.1f}%"
        first = f"A full response was achieved in {of_n}. In total, {died} ({share}) died."
        second = (
            f"Grade 3 or higher fever occurred in {fever} of {n} patients. Nausea was seen "
            f"in {sick} of {sub} patients with data. "
            f"The median time to a part response was 3 months (range, 1{self.dash}9). No "
            f"patient had fatigue. "
            f"The rate of any response was 54.3% (95% CI 38.0{self.dash}69.9)."
        )
        return first, second
