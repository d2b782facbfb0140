"""How well drafts do: recall and precision by document and rule against sheets filled in by hand.

    python benchmarks/drafts.py FOLDER [--record tests/reference/drafts.csv]

FOLDER holds the papers, one file for each key below (arcourt-2026.txt, ...). They belong to their
authors and are not part of this repository; what was measured on them is recorded instead.
Rules were tuned on arcourt-2026 and tomizawa-2024 alone.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from toolkit.papers.arithmetic import fits
from toolkit.papers.drafts import draft
from toolkit.papers.proposal import Draft, Drafted

CHECKOUT = Path(__file__).resolve().parents[1]
EXTRACTIONS = CHECKOUT / "extractions"
COLUMNS = ("document", "tuned", "what", "rule", "gold", "found", "drafted", "wrong")


@dataclass(frozen=True)
class Measured:
    """Numbers made by hand and how many were found; drafted ones and how many are wrong."""

    document: str
    tuned: bool
    what: str
    rule: str
    gold: int | None
    found: int | None
    drafted: int
    wrong: int

    def row(self) -> list[str]:
        """Return the line as cells."""
        return [
            self.document,
            "yes" if self.tuned else "no",
            self.what,
            self.rule,
            "" if self.gold is None else str(self.gold),
            "" if self.found is None else str(self.found),
            str(self.drafted),
            str(self.wrong),
        ]


def main() -> None:
    """Measure every paper that the folder holds and print, or record, what came out."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--record", type=Path)
    said = asked.parse_args()
    lines = [*series_counts(said.folder), *paper_counts(said.folder), *estimates(said.folder)]
    target = said.record.open("w", encoding="utf-8", newline="") if said.record else sys.stdout
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(line.row() for line in lines)


def table_of(path: Path) -> list[dict[str, str]]:
    """Return a sheet as rows."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def series_counts(folder: Path) -> list[Measured]:
    """Measure counts of outcomes against the counts of a series filled in by hand."""
    key = "arcourt-2026"
    made = draft(EXTRACTIONS / "ped-venaza", folder / f"{key}.txt")
    hand = [
        row
        for row in table_of(EXTRACTIONS / "ped-venaza" / "series" / key / "counts.csv")
        if row["events"].isdigit() and row["status"] in {"", "alternative"}
    ]
    known = {(row["outcome"], row["grade"], int(row["events"]), int(row["total"])) for row in hand}
    # A number that the sheet counts again from patient rows, or works out, is printed nowhere.
    printed = [row for row in hand if row["basis"] == "reported" and _agrees(row)]
    lines = []
    for what, in_table in (("table", True), ("sentence", False)):
        proposals = [each for each in made.proposals if bool(each.table) is in_table]
        gold = [row for row in printed if row["where"].startswith("Table") is in_table]
        found = sum(any(_is(each, row) for each in proposals) for row in gold)
        wrong = [each for each in proposals if not _known(each, known)]
        lines.append(Measured(key, True, what, "all", len(gold), found, len(proposals), len(wrong)))
        lines += _by_rule(key, True, what, proposals, wrong)
    return lines


def _agrees(row: dict[str, str]) -> bool:
    """Tell whether a printed cell agrees with itself: others must be statements, never counts."""
    inside = row["as_printed"].rpartition("(")[2].strip(")% ")
    share = inside if inside.replace(".", "").isdigit() and "(" in row["as_printed"] else ""
    return not share or "/" in inside or fits(int(row["events"]), int(row["total"]), share)


def _is(each: Drafted, row: dict[str, str]) -> bool:
    """Tell whether a proposal is a row filled in by hand; a grade may be left to a person."""
    same = (each.outcome, each.events, each.total) == (
        row["outcome"],
        int(row["events"]),
        int(row["total"]),
    )
    return same and each.grade in {"", row["grade"]}


def _known(each: Drafted, known: set[tuple[str, str, int, int]]) -> bool:
    """Tell whether a proposal is what the sheet holds, a grade left open counting as right."""
    return any(
        (each.outcome, each.events, each.total) == (outcome, events, total)
        and each.grade in {"", grade}
        for outcome, grade, events, total in known
    )


def _by_rule(
    key: str, tuned: bool, what: str, drafted: list[Drafted], wrong: list[Drafted]
) -> list[Measured]:
    """Return one line for each rule: how much it drafted, and how much of that is wrong."""
    counted = Counter(each.quantity.rule for each in drafted)
    bad = Counter(each.quantity.rule for each in wrong)
    return [
        Measured(key, tuned, what, rule, None, None, n, bad[rule])
        for rule, n in sorted(counted.items())
    ]


def paper_counts(folder: Path) -> list[Measured]:
    """Measure the numbers of a paper that is no series against its statements."""
    key = "tauveron-jalenques-2026"
    made = draft(EXTRACTIONS / "ped-venaza", folder / f"{key}.txt")
    rows = [
        row
        for row in table_of(EXTRACTIONS / "ped-venaza" / "papers" / key / "statements.csv")
        if row["kind"] == "count" and row["total"]
    ]
    lines = []
    for what, in_table in (("table", True), ("sentence", False)):
        gold = [row for row in rows if row["where"].startswith("Table") is in_table]
        drafted = [
            each
            for each in _everything(made)
            if bool(each.table) is in_table and each.events is not None and each.total is not None
        ]
        drafted = [each for each in drafted if each.quantity.rule not in {"n", "number"}]
        read = Counter((each.events, each.total) for each in drafted)
        wanted = Counter((int(row["value"]), int(row["total"])) for row in gold)
        known = {(int(row["value"]), int(row["total"])) for row in rows}
        wrong = [
            each
            for each in drafted
            if (each.events, each.total) not in known and each.standing == "proposal"
        ]
        found = sum((read & wanted).values())
        lines.append(
            Measured(
                key,
                False,
                f"{what}, read",
                "all",
                sum(wanted.values()),
                found,
                len(drafted),
                len(wrong),
            )
        )
    proposals = list(made.proposals)
    known_outcomes = {("crc", 55, 75)}
    wrong = [
        each for each in proposals if (each.outcome, each.events, each.total) not in known_outcomes
    ]
    lines.append(
        Measured(key, False, "outcome assigned", "all", None, None, len(proposals), len(wrong))
    )
    return lines


def _everything(made: Draft) -> list[Drafted]:
    """Return everything a draft holds."""
    return [*made.proposals, *made.statements, *made.unmatched]


def estimates(folder: Path) -> list[Measured]:
    """Measure percentages at a time against the estimates of the trials that two tables list."""
    lines = []
    for key, tuned in (("tomizawa-2024", True), ("kotecha-2022", False)):
        made = draft(EXTRACTIONS / "infant-all", folder / f"{key}.txt")
        rows = [
            row
            for path in sorted((EXTRACTIONS / "infant-all" / "series").glob("*/estimates.csv"))
            for row in table_of(path)
            if row["source"] == key and row["percent"]
        ]
        gold = Counter((row["outcome"], row["percent"], float(row["time_years"])) for row in rows)
        proposals = [each for each in made.proposals if each.time_years is not None]
        got = Counter(
            (each.outcome, each.quantity.percent, float(each.time_years or 0)) for each in proposals
        )
        every = {
            (row["outcome"], row["percent"], float(row["time_years"]))
            for path in (EXTRACTIONS / "infant-all" / "series").glob("*/estimates.csv")
            for row in table_of(path)
            if row["percent"]
        }
        wrong = [
            each
            for each in proposals
            if (each.outcome, each.quantity.percent, float(each.time_years or 0)) not in every
        ]
        lines.append(
            Measured(
                key,
                tuned,
                "table, % at a time",
                "all",
                sum(gold.values()),
                sum((gold & got).values()),
                len(proposals),
                len(wrong),
            )
        )
    return lines


if __name__ == "__main__":
    main()
