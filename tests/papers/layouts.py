"""Tables of results as journals lay them out, invented, each with the counts a reader takes.

A table is written as lines: cells between strokes, ``{2}`` before a cell that spans two columns,
``{r2}`` before one that spans two rows, ``_`` for a step of indent, ``^a`` for a raised mark.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from tests.papers.invented import InventedPaper, InventedTable, Printed

OUTCOMES: list[tuple[str, bool, bool, tuple[str, ...]]] = [
    ("cr", False, False, ("complete response", "CR", "complete remission")),
    ("pr", False, False, ("partial response", "PR")),
    ("orr", False, False, ("overall response", "ORR", "objective response", "CR + PR")),
    ("sd", False, False, ("stable disease", "SD")),
    ("pd", False, False, ("progressive disease", "PD")),
    ("ne", False, False, ("not evaluable", "NE")),
    ("fn", True, False, ("febrile neutropenia",)),
    ("neut", True, False, ("neutropenia", "neutrophil count decreased")),
    ("anemia", True, False, ("anemia",)),
    ("plt", True, False, ("thrombocytopenia", "platelet count decreased")),
    ("nausea", True, False, ("nausea",)),
    ("vomiting", True, False, ("vomiting",)),
    ("diarrhea", True, False, ("diarrhea",)),
    ("fatigue", True, False, ("fatigue",)),
    ("sepsis", True, False, ("sepsis",)),
    ("alt", True, False, ("ALT increased", "alanine aminotransferase increased")),
    ("rash", True, False, ("rash", "rash maculo-papular")),
    ("death", False, False, ("death", "died", "all-cause mortality")),
    ("os", False, True, ("overall survival", "OS")),
]

Count = tuple[str, str, str, int, int]
"""Outcome, grade, group, events, total."""


@dataclass(frozen=True)
class Layout:
    """A table as printed and the counts in it."""

    name: str
    caption: str
    head: str
    body: str
    counts: list[Count]
    notes: tuple[str, ...] = ()


def _cells(line: str, tag: str) -> str:
    written = []
    for part in line.split("|"):
        text = part.strip(" ")
        spans = ""
        while found := re.match(r"\{(r?)(\d+)\}", text):
            spans += f' {"row" if found[1] else "col"}span="{found[2]}"'
            text = text[found.end() :]
        indent = len(text) - len(text.lstrip("_"))
        words = escape(text[indent:])
        words = re.sub(r"\^([a-z*,]+)", r"<sup>\1</sup>", words)
        written.append(f"<{tag}{spans}>{chr(0x2003) * indent}{words}</{tag}>")
    return f"<tr>{''.join(written)}</tr>"


def _lines(block: str) -> list[str]:
    return [line for line in block.strip("\n").splitlines() if line.strip()]


def html(layout: Layout) -> str:
    """Return a page with nothing but the table."""
    head = "".join(_cells(line, "th") for line in _lines(layout.head))
    body = "".join(_cells(line, "td") for line in _lines(layout.body))
    notes = "".join(f"<p>{escape(note)}</p>" for note in layout.notes)
    return (
        "<!DOCTYPE html><html><head><meta charset='utf-8'></head><body><h1>Invented</h1>"
        f"<h2>Results</h2><p>Nothing is printed here.</p><div class='table-wrap'>"
        f"<p class='caption'><b>{escape(layout.caption.partition('. ')[0])}.</b> "
        f"{escape(layout.caption.partition('. ')[2])}</p><table><thead>{head}</thead>"
        f"<tbody>{body}</tbody></table><div class='notes'>{notes}</div></div></body></html>"
    )


def jats(layout: Layout) -> str:
    """Return an article with nothing but the table."""
    head = "".join(_cells(line, "th") for line in _lines(layout.head))
    body = "".join(_cells(line, "td") for line in _lines(layout.body))
    notes = "".join(f"<fn><p>{escape(note)}</p></fn>" for note in layout.notes)
    label, _, caption = layout.caption.partition(". ")
    return (
        '<?xml version="1.0" encoding="UTF-8"?><article><front><article-meta><title-group>'
        "<article-title>Invented</article-title></title-group></article-meta></front><body><sec>"
        f'<title>Results</title><p>Nothing.</p><table-wrap id="t"><label>{label}</label><caption>'
        f"<p>{escape(caption)}</p></caption><table><thead>{head}</thead><tbody>{body}</tbody>"
        f"</table><table-wrap-foot>{notes}</table-wrap-foot></table-wrap></sec></body></article>"
    )


def paper(layout: Layout) -> InventedPaper:
    """Return an invented paper that holds nothing but the table; marks in its cells left out."""
    label, _, caption = layout.caption.partition(". ")
    table = InventedTable(
        label, caption, _printed(layout.head), _printed(layout.body), list(layout.notes)
    )
    abstract = "Nothing is said of any outcome in this abstract of an invented paper."
    sections: list[tuple[str, list[str | InventedTable]]] = [
        ("Results", ["Nothing is printed here.", table])
    ]
    return InventedPaper(
        seed=0, title="Invented", abstract=abstract, sections=sections, gold=[], statements=[]
    )


def _printed(block: str) -> list[list[Printed]]:
    rows = []
    for line in _lines(block):
        row = []
        for part in line.split("|"):
            text = part.strip(" ")
            columns = down = 1
            while found := re.match(r"\{(r?)(\d+)\}", text):
                columns, down = (columns, int(found[2])) if found[1] else (int(found[2]), down)
                text = text[found.end() :]
            indent = len(text) - len(text.lstrip("_"))
            words = re.sub(r"\^[a-z*,]+", "", text[indent:])
            row.append(Printed(words, columns=columns, rows=down, indent=indent))
        rows.append(row)
    return rows


LAYOUTS = [
    Layout(
        "grades 1-2, 3, 4 and 5 as columns",
        "Table 3. Treatment-emergent adverse events (N=33)",
        "Event | Grade 1–2 | Grade 3 | Grade 4 | Grade 5",
        """
        {5}Blood and lymphatic system disorders
        Anemia | 8 (24%) | 5 (15%) | 1 (3%) | 0
        Febrile neutropenia | 0 | 9 (27%) | 2 (6%) | 0
        {5}Infections and infestations
        Sepsis | 0 | 2 (6%) | 1 (3%) | 1 (3%)
        """,
        [
            ("anemia", "4", "", 1, 33), ("anemia", "5", "", 0, 33),
            ("fn", "4", "", 2, 33), ("fn", "5", "", 0, 33),
            ("sepsis", "4", "", 1, 33), ("sepsis", "5", "", 1, 33),
        ],
    ),
    Layout(
        "any grade and grade 3 or higher in two arms of different size",
        "Table 2. Adverse events in at least 10% of patients",
        """
        {r2}Event, n (%) | {2}Drug A (n = 61) | {2}Drug B (n = 58)
        Any grade | Grade ≥3 | Any grade | Grade ≥3
        """,
        """
        Nausea | 30 (49.2) | 2 (3.3) | 21 (36.2) | 1 (1.7)
        Fatigue | 25 (41.0) | 4 (6.6) | 30 (51.7) | 3 (5.2)
        Headache | 11 (18.0) | 0 | 9 (15.5) | 0
        """,
        [
            ("nausea", "any", "Drug A", 30, 61), ("nausea", "ge3", "Drug A", 2, 61),
            ("nausea", "any", "Drug B", 21, 58), ("nausea", "ge3", "Drug B", 1, 58),
            ("fatigue", "any", "Drug A", 25, 61), ("fatigue", "ge3", "Drug A", 4, 61),
            ("fatigue", "any", "Drug B", 30, 58), ("fatigue", "ge3", "Drug B", 3, 58),
        ],
    ),
    Layout(
        "Lancet: middle dots, thin spaces, grades 1-2, 3, 4 below arms",
        "Table 4. Adverse events",
        """
        {r2}  | {3}Group A (n=102) | {3}Group B (n=99)
        Grade 1–2 | Grade 3 | Grade 4 | Grade 1–2 | Grade 3 | Grade 4
        """,
        """
        Anaemia | 40 (39·2%) | 21 (20·6%) | 0 | 38 (38·4%) | 18 (18·2%) | 1 (1·0%)
        Diarrhoea | 25 (24·5%) | 3 (2·9%) | 0 | 30 (30·3%) | 4 (4·0%) | 0
        """,
        [
            ("anemia", "4", "Group A", 0, 102), ("anemia", "4", "Group B", 1, 99),
            ("diarrhea", "4", "Group A", 0, 102), ("diarrhea", "4", "Group B", 0, 99),
        ],
        ("Data are n (%).",),
    ),
    Layout(
        "percent alone with N in the head",
        "Table 2. Percentage of patients with adverse events",
        "Adverse event, % | Any grade (N = 50) | Grade 3/4 (N = 50)",
        """
        Nausea | 44 | 2
        Vomiting | 30 | 0
        Rash | 12 | 0
        """,
        [],
    ),
    Layout(
        "percent signs alone with N in the head",
        "Table 2. Patients with adverse events (%)",
        "Adverse event | Any grade (N = 50) | Grade 3–4 (N = 50)",
        """
        Nausea | 44% | 2%
        Vomiting | 30% | 0%
        """,
        [
            ("nausea", "any", "", 22, 50), ("nausea", "ge3", "", 1, 50),
            ("vomiting", "any", "", 15, 50), ("vomiting", "ge3", "", 0, 50),
        ],
    ),
    Layout(
        "transposed: outcomes as columns, groups as rows",
        "Table 1. Best response by cohort, n (%)",
        "Cohort | N | CR | PR | SD | PD",
        """
        Relapsed | 20 | 8 (40) | 3 (15) | 5 (25) | 4 (20)
        Refractory | 12 | 2 (17) | 1 (8) | 4 (33) | 5 (42)
        All patients | 32 | 10 (31) | 4 (13) | 9 (28) | 9 (28)
        """,
        [
            ("cr", "", "Relapsed", 8, 20), ("cr", "", "Refractory", 2, 12), ("cr", "", "", 10, 32),
            ("pr", "", "Relapsed", 3, 20), ("pr", "", "Refractory", 1, 12), ("pr", "", "", 4, 32),
            ("sd", "", "Relapsed", 5, 20), ("sd", "", "Refractory", 4, 12), ("sd", "", "", 9, 32),
            ("pd", "", "Relapsed", 4, 20), ("pd", "", "Refractory", 5, 12), ("pd", "", "", 9, 32),
        ],
    ),
    Layout(
        "n and % in columns of their own under the arms",
        "Table 3. Adverse events by arm",
        """
        {r2}Adverse event | {2}Arm 1 (N=24) | {2}Arm 2 (N=25)
        n | % | n | %
        """,
        """
        Nausea | 12 | 50.0 | 10 | 40.0
        Rash | 0 | 0.0 | 2 | 8.0
        """,
        [
            ("nausea", "", "Arm 1", 12, 24), ("nausea", "", "Arm 2", 10, 25),
            ("rash", "", "Arm 1", 0, 24), ("rash", "", "Arm 2", 2, 25),
        ],
    ),
    Layout(
        "a dash for not reported, <1 as a percentage, marks of notes",
        "Table 3. Adverse events of grade 3 or 4 (safety population, N = 240)",
        "Preferred term | n (%)",
        """
        Neutropenia^a | 120 (50)
        Sepsis | 1 (<1)^b
        Rash | –
        Nausea | 0
        Febrile neutropenia | 24 (10)^*
        """,
        [
            ("neut", "ge3", "", 120, 240), ("sepsis", "ge3", "", 1, 240),
            ("nausea", "ge3", "", 0, 240), ("fn", "ge3", "", 24, 240),
        ],
        ("a Includes neutrophil count decreased.", "b Fatal.", "* In two hospitals."),
    ),
    Layout(
        "CTCAE words with grade rows under each term",
        "Table 5. Worst grade by CTCAE v5.0",
        "Term | Patients (N = 45), No. (%)",
        """
        Platelet count decreased
        _Grade 3 | 8 (17.8)
        _Grade 4 | 12 (26.7)
        _Grade ≥3 | 20 (44.4)
        Alanine aminotransferase increased
        _Any grade | 15 (33.3)
        _Grade 3-4 | 3 (6.7)
        """,
        [
            ("plt", "4", "", 12, 45), ("plt", "ge3", "", 20, 45),
            ("alt", "any", "", 15, 45), ("alt", "ge3", "", 3, 45),
        ],
    ),
    Layout(
        "grade in a column of labels that spans rows",
        "Table 2. Toxicity",
        "Toxicity | Grade | Cohort 1 (n=10), n (%) | Cohort 2 (n=12), n (%)",
        """
        {r2}Nausea | Any | 6 (60) | 7 (58)
        ≥3 | 1 (10) | 0 (0)
        {r2}Fatigue | Any | 5 (50) | 8 (67)
        ≥3 | 0 (0) | 2 (17)
        """,
        [
            ("nausea", "any", "Cohort 1", 6, 10), ("nausea", "any", "Cohort 2", 7, 12),
            ("nausea", "ge3", "Cohort 1", 1, 10), ("nausea", "ge3", "Cohort 2", 0, 12),
            ("fatigue", "any", "Cohort 1", 5, 10), ("fatigue", "any", "Cohort 2", 8, 12),
            ("fatigue", "ge3", "Cohort 1", 0, 10), ("fatigue", "ge3", "Cohort 2", 2, 12),
        ],
    ),
    Layout(
        "response with intervals, medians, p values and survival",
        "Table 2. Efficacy",
        "Outcome | Drug A (n = 40) | Drug B (n = 38) | P value",
        """
        ORR, n (%) [95% CI] | 18 (45.0) [29.3–61.5] | 9 (23.7) [11.4–40.2] | .047
        _CR | 12 (30.0) | 4 (10.5) | .03
        _PR | 6 (15.0) | 5 (13.2) | .82
        Duration of response, months, median (range) | 9 (2–20) | 7 (1–15) | .40
        Median OS, months (95% CI) | 14 (9–20) | 10 (7–15) | .10
        Death, n (%) | 20 (50.0) | 24 (63.2) | .24
        """,
        [
            ("orr", "", "Drug A", 18, 40), ("orr", "", "Drug B", 9, 38),
            ("cr", "", "Drug A", 12, 40), ("cr", "", "Drug B", 4, 38),
            ("pr", "", "Drug A", 6, 40), ("pr", "", "Drug B", 5, 38),
            ("death", "", "Drug A", 20, 40), ("death", "", "Drug B", 24, 38),
        ],
    ),
    Layout(
        "evaluable patients in a row of the body, per column",
        "Table 3. Response at the end of cycle 1",
        "Response | All | Adults | Children",
        """
        Patients evaluable for response, n | 50 | 30 | 20
        CR, n (%) | 20 (40) | 12 (40) | 8 (40)
        PR, n (%) | 10 (20) | 6 (20) | 4 (20)
        Not evaluable | 3 | 1 | 2
        """,
        [
            ("cr", "", "", 20, 50), ("cr", "", "Adults", 12, 30), ("cr", "", "Children", 8, 20),
            ("pr", "", "", 10, 50), ("pr", "", "Adults", 6, 30), ("pr", "", "Children", 4, 20),
        ],
    ),
    Layout(
        "events and patients side by side",
        "Table 6. Adverse events (N = 30)",
        "Event | No. of events | No. of patients (%)",
        """
        Nausea | 41 | 18 (60.0)
        Sepsis | 5 | 4 (13.3)
        """,
        [("nausea", "", "", 18, 30), ("sepsis", "", "", 4, 30)],
    ),
    Layout(
        "n/N (%) with denominators that change",
        "Table 4. Laboratory toxicity, n/N (%)",
        "Event | Any grade | Grade ≥ 3",
        """
        Anemia | 28/30 (93) | 12/30 (40)
        ALT increased | 9/29 (31) | 2/29 (7)
        Neutropenia | 20/28 (71) | 18/28 (64)
        """,
        [
            ("anemia", "any", "", 28, 30), ("anemia", "ge3", "", 12, 30),
            ("alt", "any", "", 9, 29), ("alt", "ge3", "", 2, 29),
            ("neut", "any", "", 20, 28), ("neut", "ge3", "", 18, 28),
        ],
    ),
    Layout(
        "percent first, count in brackets",
        "Table 2. Response rates, % (n), N = 25",
        "Response | % (n)",
        """
        CR | 40 (10)
        PR | 12.0 (3)
        SD | 8 (2)
        """,
        [("cr", "", "", 10, 25), ("pr", "", "", 3, 25), ("sd", "", "", 2, 25)],
    ),
    Layout(
        "section rows without indent, baseline rows first",
        "Table 1. Patients and outcomes (N = 36)",
        "Variable | n (%)",
        """
        {2}Age group
        <2 years | 10 (28)
        ≥2 years | 26 (72)
        {2}Best response
        CR | 15 (42)
        PR | 5 (14)
        {2}Prior best response
        CR | 20 (56)
        {2}Cause of death
        Sepsis | 3 (8)
        {2}Status
        Died | 12 (33)
        """,
        [("cr", "", "", 15, 36), ("pr", "", "", 5, 36), ("death", "", "", 12, 36)],
    ),
    Layout(
        "All, then grade columns with roman and slash notation",
        "Table 3. Hematologic toxicities (n = 28)",
        "Toxicity | All grades, No. (%) | Grade III/IV, No. (%)",
        """
        Anemia | 20 (71) | 10 (36)
        Thrombocytopenia | 18 (64) | 14 (50)
        Neutropenia | 25 (89) | 25 (90)
        """,
        [
            ("anemia", "any", "", 20, 28), ("anemia", "ge3", "", 10, 28),
            ("plt", "any", "", 18, 28), ("plt", "ge3", "", 14, 28), ("neut", "any", "", 25, 28),
        ],
    ),
    Layout(
        "N of every arm in a second head row",
        "Table 2. Patients with treatment-related adverse events, n (%)",
        """
        {r2}Preferred term | Dose 1 | Dose 2 | Total
        N=6 | N=9 | N=15
        """,
        """
        Any adverse event | 6 (100) | 8 (88.9) | 14 (93.3)
        Nausea | 3 (50.0) | 4 (44.4) | 7 (46.7)
        Vomiting | 0 | 2 (22.2) | 2 (13.3)
        """,
        [
            ("nausea", "", "Dose 1", 3, 6), ("nausea", "", "Dose 2", 4, 9),
            ("nausea", "", "", 7, 15),
            ("vomiting", "", "Dose 1", 0, 6), ("vomiting", "", "Dose 2", 2, 9),
            ("vomiting", "", "", 2, 15),
        ],
    ),
    Layout(
        "cells that print any grade and grade 3-4 at once",
        "Table 3. Adverse events, any grade/grade 3-4 (N = 40)",
        "Event | n (%) any grade / grade 3-4",
        """
        Nausea | 20 (50)/2 (5)
        Rash | 10 (25)/0
        """,
        [],
    ),
    Layout(
        "counts alone under a head that says patients",
        "Table 3. Serious adverse events",
        "Event | No. of patients (N = 52)",
        """
        Sepsis | 5
        Febrile neutropenia | 9
        """,
        [("sepsis", "", "", 5, 52), ("fn", "", "", 9, 52)],
    ),
    Layout(
        "counts alone with no word of patients",
        "Table 3. Serious adverse events",
        "Event | Value",
        """
        Sepsis | 5
        Febrile neutropenia | 9
        """,
        [],
    ),
    Layout(
        "blocks of any grade and of grade 3 or more one below the other",
        "Table 3. Adverse events",
        "Event | All patients (n = 44)",
        """
        {2}Any grade, n (%)
        _Nausea | 20 (45.5)
        _Rash | 8 (18.2)
        {2}Grade ≥3, n (%)
        _Nausea | 2 (4.5)
        _Rash | 0 (0.0)
        """,
        [
            ("nausea", "any", "", 20, 44), ("rash", "any", "", 8, 44),
            ("nausea", "ge3", "", 2, 44), ("rash", "ge3", "", 0, 44),
        ],
    ),
    Layout(
        "a row of the organ system that counts itself, terms set in",
        "Table S4. Adverse events by system organ class and preferred term (N = 60), n (%)",
        "System organ class, preferred term | Any grade | Grade 3+",
        """
        Gastrointestinal disorders | 40 (66.7) | 6 (10.0)
        _Nausea | 30 (50.0) | 2 (3.3)
        _Vomiting | 18 (30.0) | 3 (5.0)
        Skin disorders | 15 (25.0) | 0
        _Rash maculo-papular | 9 (15.0) | 0
        """,
        [
            ("nausea", "any", "", 30, 60), ("nausea", "ge3", "", 2, 60),
            ("vomiting", "any", "", 18, 60), ("vomiting", "ge3", "", 3, 60),
            ("rash", "any", "", 9, 60), ("rash", "ge3", "", 0, 60),
        ],
    ),
    Layout(
        "grades 1 to 5 under one head",
        "Table 2. Adverse events",
        """
        {r2}Adverse event | {5}CTCAE grade, n (%) (N = 20)
        1 | 2 | 3 | 4 | 5
        """,
        """
        Anemia | 2 (10) | 4 (20) | 6 (30) | 1 (5) | 0 (0)
        Sepsis | 0 (0) | 0 (0) | 3 (15) | 2 (10) | 1 (5)
        """,
        [
            ("anemia", "4", "", 1, 20), ("anemia", "5", "", 0, 20),
            ("sepsis", "4", "", 2, 20), ("sepsis", "5", "", 1, 20),
        ],
    ),
    Layout(
        "grade within the label of the row",
        "Table 2. Selected adverse events",
        "Event | Patients (N = 34)",
        """
        Grade 3-4 neutropenia | 20 (58.8%)
        Febrile neutropenia (grade ≥ 3) | 9 (26.5%)
        Nausea, any grade | 15 (44.1%)
        Anemia G3–4 | 7 (20.6%)
        Grade 2 fatigue | 5 (14.7%)
        """,
        [
            ("neut", "ge3", "", 20, 34), ("fn", "ge3", "", 9, 34), ("nausea", "any", "", 15, 34),
            ("anemia", "ge3", "", 7, 34),
        ],
    ),
    Layout(
        "cells in every dress",
        "Table 2. Best response (N = 40)",
        "Response | Patients, n (%)",
        """
        CR | 12 patients (30%)
        PR | n=6 (15%)
        SD | 10 [25.0]
        PD | 11 (27·5)
        Not evaluable | 1 (2,5)
        ORR | 45% (n=18)
        """,
        [
            ("cr", "", "", 12, 40), ("pr", "", "", 6, 40), ("sd", "", "", 10, 40),
            ("pd", "", "", 11, 40), ("ne", "", "", 1, 40), ("orr", "", "", 18, 40),
        ],
    ),
    Layout(
        "response with the interval in the same brackets",
        "Table 2. Response",
        "Response | Cohort A (N=40) | Cohort B (N=21)",
        """
        Overall response rate, n (%; 95% CI) | 18 (45%; 29–62) | 7 (33%; 15–57)
        Complete response, n (%) | 12 (30) | 3 (14)
        Difference, % (95% CI) | 12 (−13 to 36) | –
        """,
        [
            ("orr", "", "Cohort A", 18, 40), ("orr", "", "Cohort B", 7, 21),
            ("cr", "", "Cohort A", 12, 40), ("cr", "", "Cohort B", 3, 21),
        ],
    ),
    Layout(
        "the number of patients in the label of the block",
        "Table 3. Response by subgroup, n (%)",
        "Subgroup | CR | PR",
        """
        Age <2 years (n = 12) | 4 (33) | 2 (17)
        Age ≥2 years (n = 28) | 8 (29) | 4 (14)
        """,
        [
            ("cr", "", "Age <2 years (n = 12)", 4, 12), ("pr", "", "Age <2 years (n = 12)", 2, 12),
            ("cr", "", "Age ≥2 years (n = 28)", 8, 28), ("pr", "", "Age ≥2 years (n = 28)", 4, 28),
        ],
    ),
    Layout(
        "raised figures are marks and no digits",
        "Table 3. Adverse events of any grade (N = 50)",
        "Event^a | No. (%)^b",
        """
        Nausea^a | 22 (44)^c
        Vomiting | 15^a (30)
        """,
        [("nausea", "any", "", 22, 50), ("vomiting", "any", "", 15, 50)],
    ),
    Layout(
        "names joined in one row are nobody's",
        "Table 3. Adverse events (N = 50), n (%)",
        "Event | Any grade | Grade 3-4",
        """
        Nausea/vomiting | 22 (44) | 2 (4)
        Nausea and vomiting | 25 (50) | 2 (4)
        Nausea or vomiting | 25 (50) | 2 (4)
        Diarrhea | 10 (20) | 1 (2)
        """,
        [("diarrhea", "any", "", 10, 50), ("diarrhea", "ge3", "", 1, 50)],
    ),
    Layout(
        "means, medians and scores with whole numbers in brackets",
        "Table 4. Course (N = 50)",
        "Variable | Value",
        """
        Days of fever, mean (SD) | 12 (8)
        Nausea score, median (IQR) | 4 (2–6)
        Cycles, median (range) | 3 (1–9)
        CR, n (%) | 20 (40)
        Time to CR, months, median (range) | 2 (1–6)
        """,
        [("cr", "", "", 20, 50)],
    ),
    Layout(
        "phases and their sum as columns, units in a row of the body",
        "Table 2. Efficacy",
        "  | Phase 1 (N=12) | Phase 2 (N=30) | Total (N=42)",
        """
         | n (%) | n (%) | n (%)
        CR | 3 (25) | 12 (40) | 15 (36)
        SD | 5 (42) | 10 (33) | 15 (36)
        """,
        [
            ("cr", "", "Phase 1", 3, 12), ("cr", "", "Phase 2", 12, 30), ("cr", "", "", 15, 42),
            ("sd", "", "Phase 1", 5, 12), ("sd", "", "Phase 2", 10, 30), ("sd", "", "", 15, 42),
        ],
    ),
    Layout(
        "grades 3 to 5 in the caption and two arms with their own numbers",
        "Table 2. Grade 3–5 adverse events occurring in ≥5% of patients in either arm",
        "Event, No. (%) | Control (n = 101) | Experimental (n = 98) | P",
        """
        Anemia | 20 (20) | 31 (32) | .06
        Thrombocytopenia | 15 (15) | 40 (41) | <.001
        """,
        [
            ("anemia", "ge3", "Control", 20, 101), ("anemia", "ge3", "Experimental", 31, 98),
            ("plt", "ge3", "Control", 15, 101), ("plt", "ge3", "Experimental", 40, 98),
        ],
    ),
    Layout(
        "grade pairs in three rows of heads",
        "Table 3. Toxicity",
        """
        {r3}Toxicity | {4}Number (%) of patients
        {2}Induction (n = 30) | {2}Maintenance (n = 18)
        Grades 1 and 2 | Grades 3 and 4 | Grades 1 and 2 | Grades 3 and 4
        """,
        """
        Anemia | 12 (40) | 10 (33) | 5 (28) | 2 (11)
        Fatigue | 9 (30) | 1 (3) | 4 (22) | 0
        """,
        [
            ("anemia", "ge3", "Induction", 10, 30), ("anemia", "ge3", "Maintenance", 2, 18),
            ("fatigue", "ge3", "Induction", 1, 30), ("fatigue", "ge3", "Maintenance", 0, 18),
        ],
    ),
    Layout(
        "rows and columns of events that are no numbers of patients",
        "Table 6. Infections",
        "Event | Number of events | Patients (n = 30), n (%)",
        """
        Number of relapses | 12 | 12 (40.0)
        Sepsis | 5 | 4 (13.3)
        Number of patients with nausea | 20 | 12 (40.0)
        """,
        [("sepsis", "", "", 4, 30), ("nausea", "", "", 12, 30)],
    ),
    Layout(
        "a cell that contradicts itself is no count",
        "Table 3. Adverse events of grade 3 or higher (N = 38)",
        "Event | n/N (%)",
        """
        Sepsis | 1/38 (29)
        Anemia | 10/38 (26)
        """,
        [("anemia", "ge3", "", 10, 38)],
    ),
    Layout(
        "any, severe and serious events side by side",
        "Table 3. Adverse events in the safety set (n=47)",
        "Preferred term | Any TEAE, n (%) | Grade ≥3 TEAE, n (%) | Serious TEAE, n (%)",
        """
        Nausea | 20 (42.6) | 2 (4.3) | 1 (2.1)
        Sepsis | 5 (10.6) | 5 (10.6) | 4 (8.5)
        """,
        [
            ("nausea", "", "", 20, 47), ("nausea", "ge3", "", 2, 47),
            ("sepsis", "", "", 5, 47), ("sepsis", "ge3", "", 5, 47),
        ],
    ),
    Layout(
        "events of any cause beside those related to treatment",
        "Table 3. Adverse events (n=47)",
        "Term, n (%) | All-cause any grade | All-cause grade 3–4 "
        "| Treatment-related any grade | Treatment-related grade 3–4",
        """
        Nausea | 20 (42.6) | 2 (4.3) | 15 (31.9) | 1 (2.1)
        """,
        [
            ("nausea", "any", "", 20, 47), ("nausea", "ge3", "", 2, 47),
        ],
    ),
    Layout(
        "the number evaluable in the first row of the body",
        "Table 2. Response",
        "Response | Value",
        """
        Evaluable patients, N | 25
        ORR, n (%) | 10 (40)
        CR | 4 (16)
        PR | 6 (24)
        """,
        [
            ("orr", "", "", 10, 25), ("cr", "", "", 4, 25),
            ("pr", "", "", 6, 25),
        ],
    ),
    Layout(
        "thousands with a comma",
        "Table 2. Adverse events",
        "Event | Drug (N=1,234) | Placebo (N=1,230)",
        """
        Nausea | 1,012 (82.0%) | 301 (24.5%)
        Rash | 12 (1.0%) | 3 (0.2%)
        """,
        [
            ("nausea", "", "Drug", 1012, 1234), ("nausea", "", "Placebo", 301, 1230),
            ("rash", "", "Drug", 12, 1234), ("rash", "", "Placebo", 3, 1230),
        ],
    ),
    Layout(
        "times as columns",
        "Table 2. CR over time, n/N (%)",
        "Outcome | Week 4 | Week 8",
        """
        CR | 10/40 (25) | 15/38 (39)
        """,
        [
            ("cr", "", "Week 4", 10, 40), ("cr", "", "Week 8", 15, 38),
        ],
    ),
    Layout(
        "an analysis of factors is another matter",
        "Table 5. Univariable analysis of CR",
        "Factor | CR, n (%) | OR (95% CI) | P",
        """
        Age <2 years (n=20) | 8 (40) | 1 |
        Age ≥2 years (n=20) | 4 (20) | 0.4 (0.1–1.5) | .17
        """,
        [],
    ),
    Layout(
        "what patients were like at the start is another matter",
        "Table 1. Baseline characteristics (N = 40)",
        "Characteristic | No. (%)",
        """
        Prior CR | 20 (50)
        Febrile neutropenia | 4 (10)
        """,
        [],
    ),
    Layout(
        "grades cumulated",
        "Table 2. Adverse events (N = 50), n (%)",
        "Event | Grade ≥1 | Grade ≥2 | Grade ≥3",
        """
        Nausea | 25 (50) | 10 (20) | 2 (4)
        """,
        [
            ("nausea", "any", "", 25, 50), ("nausea", "ge3", "", 2, 50),
        ],
    ),
    Layout(
        "two counts in one cell",
        "Table 2. Toxicity (n=30)",
        "Toxicity | N (%)",
        """
        Neutropenia (any grade/grade ≥3) | 20 (67)/15 (50)
        Fatigue | 9 (30)
        """,
        [
            ("fatigue", "", "", 9, 30),
        ],
    ),
    Layout(
        "n and % under N, and a row of the total",
        "Table 2. Response (n=30)",
        "Response | N | %",
        """
        CR | 12 | 40
        PR | 6 | 20
        SD | 3 | 10
        PD | 9 | 30
        Total | 30 | 100
        """,
        [
            ("cr", "", "", 12, 30), ("pr", "", "", 6, 30),
            ("sd", "", "", 3, 30), ("pd", "", "", 9, 30),
        ],
    ),
    Layout(
        "grades apart and together",
        "Table 2. Toxicity (n = 30)",
        "Toxicity | Grade 3, n | Grade 4, n | Grade 3–4, n (%)",
        """
        Anemia | 8 | 2 | 10 (33)
        Sepsis | 2 | 1 | 3 (10)
        """,
        [
            ("anemia", "4", "", 2, 30), ("anemia", "ge3", "", 10, 30),
            ("sepsis", "4", "", 1, 30), ("sepsis", "ge3", "", 3, 30),
        ],
    ),
    Layout(
        "percent first, n/N in brackets",
        "Table 2. Response",
        "Response | Cohort A | Cohort B",
        """
        ORR, % (n/N) | 45 (9/20) | 30 (6/20)
        CR, % (n/N) | 20.0 (4/20) | 10.0 (2/20)
        """,
        [
            ("orr", "", "Cohort A", 9, 20), ("orr", "", "Cohort B", 6, 20),
            ("cr", "", "Cohort A", 4, 20), ("cr", "", "Cohort B", 2, 20),
        ],
    ),
    Layout(
        "a column of the patients evaluable for each row",
        "Table 2. Toxicity",
        "Toxicity | Evaluable, N | Any grade, n (%) | Grade ≥3, n (%)",
        """
        Anemia | 30 | 20 (67) | 10 (33)
        ALT increased | 28 | 7 (25) | 1 (4)
        """,
        [
            ("anemia", "any", "", 20, 30), ("anemia", "ge3", "", 10, 30),
            ("alt", "any", "", 7, 28), ("alt", "ge3", "", 1, 28),
        ],
    ),
    Layout(
        "cycles as columns",
        "Table 2. Adverse events by cycle, n (%)",
        "Event | Cycle 1 (n = 40) | Cycle 2 (n = 30) | Any cycle (n = 40)",
        """
        Febrile neutropenia | 10 (25) | 3 (10) | 12 (30)
        """,
        [
            ("fn", "", "Cycle 1", 10, 40), ("fn", "", "Cycle 2", 3, 30),
            ("fn", "", "Any cycle", 12, 40),
        ],
    ),
    Layout(
        "rows nested two deep",
        "Table 4. Infections (n = 36), n (%)",
        "Infection | Patients",
        """
        Any infection | 20 (56)
        _Bacterial | 12 (33)
        __Sepsis | 6 (17)
        __Pneumonia | 4 (11)
        _Fungal | 3 (8)
        """,
        [
            ("sepsis", "", "", 6, 36),
        ],
    ),
    Layout(
        "the unit in the caption, events in the head of the labels",
        "Table 3. Adverse events in all patients, n (%)",
        "Adverse events | Total (n = 30)",
        """
        Nausea | 12 (40)
        Rash | 0
        Sepsis | 3
        """,
        [("nausea", "", "", 12, 30), ("rash", "", "", 0, 30), ("sepsis", "", "", 3, 30)],
    ),
]  # fmt: skip
