"""One paper that agrees with itself, and one place of it changed at a time.

The kinds of change are those that were found by reading a published series against itself; the
paper and its figures are invented. Each change must be the one thing that is told.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from toolkit.audit.finding import Finding
from toolkit.audit.manuscript import audit_paper
from toolkit.papers.vocabulary import vocabulary

WORDS = vocabulary(
    [
        ("cr", False, False, ("CR", "complete response")),
        ("pr", False, False, ("PR", "partial response")),
        ("no_response", False, False, ("no response",)),
        ("not_assessed", False, False, ("not assessed",)),
        ("rash", True, False, ("skin rash",)),
        ("pain", True, False, ("joint pain",)),
        ("fungal_infection", True, False, ("fungal infection",)),
    ]
)
ROWS = "\n".join(
    f"{number}\t{response}\t{mutation}"
    for number, (response, mutation) in enumerate(
        [
            *[("CR", "ABC1")] * 3,
            *[("CR", "none")] * 5,
            *[("PR", "XYZ2")] * 2,
            *[("PR", "none")] * 2,
            *[("No response", "none")] * 6,
            *[("Not assessed", "none")] * 2,
        ],
        start=1,
    )
)
PAPER = """An invented series

Abstract

We treated 20 patients with an invented drug. All 20 patients were followed. Median follow-up was \
{abstract_followup} months (range, 1-60). Grade >=3 skin rash was seen in {abstract_rash} of \
patients. Median progression-free survival of responders was {abstract_pfs} months.

Results

Patients

Median age at diagnosis was {age} years (range, 0.5-17.9). {stages}

Response

Of the 20 patients, 18 underwent marrow assessment and two were not assessed. CR was achieved in \
{cr} of 20 patients. Median progression-free survival of responders was 20 months. {patient}

Safety

Joint pain occurred in {pain}. Fungal infections were documented in {fungal} patients.

Table 1. Patients (N = 20)

Variable\tPatients, n (%)
Age at diagnosis, years, median (range)\t8.5 (0.5-17.9)
Follow-up, months, median (range)\t12.5 (1-60)
Mutations, n (%)\t
ABC1\t{abc}
XYZ2\t2 (10)

Table 2. Course of each patient

Patient\tResponse\tMutation
{rows}

Table 3. Response (N = 20)

Response, n (%)\tPatients, n (%)
CR\t8 (40)
PR\t{pr}
No response\t6 (30)
Not assessed\t2 (10)

Table 4. Harms

Harm\tAny grade, n/N (%)\tGrade >=3, n/N (%)
Skin rash\t18/20 (90)\t{rash_grade_3}
Joint pain\t{pain_any_grade}\t{pain_grade_3}
Fungal infection\t3/20 (15)\t1/20 (5)
"""
AGREEING = {
    "abstract_followup": "12.5",
    "abstract_rash": "25%",
    "abstract_pfs": "20",
    "age": "8.5",
    "stages": "The drug was given to 9 in first, 5 in second, and 2 in third relapse. "
    "Among these, 4 patients (25%) had been transplanted before.",
    "cr": "8",
    "patient": "",
    "pain": "9/20 patients (45%)",
    "fungal": "three",
    "abc": "3 (15)",
    "pr": "4 (20)",
    "pain_any_grade": "9/20 (45)",
    "pain_grade_3": "2/20 (10)",
    "rash_grade_3": "5/20 (25)",
    "rows": ROWS,
}
CHANGES = {
    "a count and its percentage": ({"pr": "4 (25)"}, "C02", "pr"),
    "a share of a total in the cell": ({"pain_grade_3": "2/20 (22)"}, "C02", "pain"),
    "a figure of any grade under grade 3": (
        {"abstract_rash": "90%", "rash_grade_3": ""},
        "C05",
        "rash",
    ),
    "a median of the abstract and the text": (
        {"abstract_pfs": "22"},
        "C07",
        "progression-free-survival",
    ),
    "an age of the text and the table": ({"age": "9.2"}, "C07", "age-at-diagnosis"),
    "a follow-up of the abstract and the table": (
        {"abstract_followup": "14.0"},
        "C07",
        "follow-up",
    ),
    "a count of the text and the table": ({"cr": "7"}, "C07", "cr"),
    "a total of the text and the table": ({"pain_any_grade": "8/18 (44)"}, "C07", "pain"),
    "a number of the table and the rows of patients": ({"abc": "4 (20)"}, "C07", "abc1"),
    "a patient of the text and the rows": (
        {"patient": "Patient 10 did not respond."},
        "C07",
        "response",
    ),
    "a number in words": ({"fungal": "four"}, "C07", "fungal_infection"),
    "a percentage of those listed before": (
        {"stages": AGREEING["stages"].replace("25%", "20%")},
        "C02",
        "had-been-transplanted-before",
    ),
}


def findings(folder: Path, **parts: str) -> tuple[Finding, ...]:
    file = folder / "paper"
    file.write_text(PAPER.format(**AGREEING | parts), encoding="utf-8")
    return audit_paper(file, WORDS).findings


def test_the_paper_agrees_with_itself(tmp_path: Path):
    assert findings(tmp_path) == ()


@pytest.mark.parametrize("kind", CHANGES)
def test_a_change_is_told_and_nothing_else(kind: str, tmp_path: Path):
    parts, check, quantity = CHANGES[kind]
    found = findings(tmp_path, **parts)
    assert [(each.check, each.quantity) for each in found] == [(check, quantity)]
