"""One paper held against itself, from its text alone."""

from __future__ import annotations

from pathlib import Path

from toolkit.audit.manuscript import audit_paper, in_words

PAPER = """An invented series

Abstract

We treated 40 patients with an invented drug.
Median follow-up was 12.5 months (range, 1-60). {abstract}

Results

All 40 patients were evaluable. Skin rash of any grade was seen in {rash} patients (30%). {text}

Table 1. Harms (N = 40)

Harm\tAny grade, n (%)\tGrade 3, n (%)
Skin rash\t12 (30)\t2 (5)
Joint pain\t8 ({pain})\t0

Table 2. Course (N = 40)

Variable\tPatients, n (%)
Follow-up, months, median (range)\t{median} (1-60)
Sex, n (%)\t
Female\t18 (45)
Male\t22 (55)
"""


def audited(tmp_path: Path, **parts: str):
    whole = {"abstract": "", "rash": "12", "text": "", "pain": "20", "median": "12.5"} | parts
    file = tmp_path / "paper"
    file.write_text(PAPER.format(**whole), encoding="utf-8")
    return audit_paper(file)


def test_a_paper_that_agrees_with_itself_is_left_alone(tmp_path: Path):
    found = audited(tmp_path)
    assert found.findings == ()
    assert len(found.statements) > 8
    assert "Nothing in them differs." in in_words(found)


def test_a_percentage_that_is_not_its_count_differs(tmp_path: Path):
    (finding,) = audited(tmp_path, pain="25").findings
    assert finding.check == "C02"
    assert [place.where for place in finding.places] == [
        "Table 1, row Joint pain, column Any grade, n (%)"
    ]


def test_a_median_of_the_abstract_is_held_against_the_table(tmp_path: Path):
    (finding,) = audited(tmp_path, median="14.0").findings
    assert (finding.check, finding.level) == ("C07", "differs")
    assert "12.5" in finding.what
    assert "14.0" in finding.what


def test_a_count_of_the_text_is_held_against_the_table(tmp_path: Path):
    found = audited(tmp_path, text="Joint pain of any grade occurred in 9 of 40 patients.").findings
    assert [each.check for each in found] == ["C07"]
