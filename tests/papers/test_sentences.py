"""Sentences of results as papers write them, each with the counts that a reader takes from it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from toolkit.papers.drafting import draft_paper
from toolkit.papers.proposal import Draft
from toolkit.papers.vocabulary import vocabulary

WORDS = vocabulary(
    [
        ("cr", False, False, ("complete remission", "CR", "complete response")),
        ("cri", False, False, ("CRi", "complete remission with incomplete count recovery")),
        ("pr", False, False, ("partial response", "PR", "partial remission")),
        ("orr", False, False, ("overall response", "ORR", "objective response")),
        ("sd", False, False, ("stable disease", "SD")),
        ("pd", False, False, ("progressive disease", "PD", "disease progression")),
        ("nr", False, False, ("no response", "NR")),
        ("fn", True, False, ("febrile neutropenia",)),
        ("neut", True, False, ("neutropenia", "neutrophil count decreased")),
        ("anemia", True, False, ("anemia",)),
        ("plt", True, False, ("thrombocytopenia", "platelet count decreased")),
        ("nausea", True, False, ("nausea",)),
        ("vomiting", True, False, ("vomiting",)),
        ("diarrhea", True, False, ("diarrhea",)),
        ("fatigue", True, False, ("fatigue",)),
        ("sepsis", True, False, ("sepsis",)),
        ("pneumonia", True, False, ("pneumonia",)),
        ("tls", True, False, ("tumor lysis syndrome", "TLS")),
        ("rash", True, False, ("rash", "skin rash")),
        ("crs", True, False, ("cytokine release syndrome", "CRS")),
        ("surgery", False, False, ("surgery", "resection")),
        ("relapse", False, False, ("relapse", "relapsed")),
        ("mrd", False, False, ("MRD negativity", "MRD-negative")),
        ("death", False, False, ("death", "died")),
        ("os", False, True, ("overall survival", "OS")),
    ]
)
PAPER = """An invented series

Abstract

We treated 40 patients with an invented drug. All 40 patients were followed.

Results

"""
RECORD = Path(__file__).resolve().parents[1] / "reference" / "sentences.csv"
SENTENCES = [
    (line["sentence"], line["counts"])
    for line in csv.DictReader(RECORD.read_text(encoding="utf-8").splitlines())
]


def drafted(text: str, folder: Path) -> Draft:
    file = folder / "paper"
    file.write_text(PAPER + text, encoding="utf-8")
    return draft_paper(file, WORDS)


def proposed(found: Draft) -> set[tuple[str, str, int | None, int | None]]:
    return {(each.outcome, each.grade, each.events, each.total) for each in found.proposals}


@pytest.mark.parametrize(
    ("sentence", "counts"), SENTENCES, ids=[sentence[:60] for sentence, _ in SENTENCES]
)
def test_a_sentence_gives_its_counts_and_no_others(sentence: str, counts: str, tmp_path: Path):
    found = proposed(drafted(sentence, tmp_path))
    told = {
        f"{outcome} {grade} {events}/{total}".replace("  ", " ")
        for outcome, grade, events, total in found
    }
    assert told == set(filter(None, counts.split("; ")))


@pytest.mark.parametrize(
    ("sentence", "groups"),
    [
        (
            "CR was achieved in 8 of 20 patients (40%) in arm A and 4 of 20 (20%) in arm B.",
            {8: "arm A", 4: "arm B"},
        ),
        (
            "In the low-dose group, 8 of 20 patients achieved CR, compared with 4 of 20 (20%) in "
            "the high-dose group.",
            {8: "low-dose group", 4: "high-dose group"},
        ),
        ("Of 38 evaluable patients, 12 (32%) achieved CR.", {12: "38 evaluable patients"}),
        ("Twelve patients achieved CR, of whom 5 (42%) relapsed.", {12: "", 5: "12 achieved CR"}),
        ("Of 40 patients, 12 (30%) achieved CR.", {12: ""}),
    ],
)
def test_a_count_carries_whom_it_describes(sentence: str, groups: dict[int, str], tmp_path: Path):
    found = drafted(sentence, tmp_path)
    assert {each.events: each.group for each in found.proposals} == groups


def test_a_share_of_another_total_is_not_held_against_the_whole_cohort(tmp_path: Path):
    text = "Marrow was available from 31 patients. Nausea was seen in 13 (42%). Rash in 7 (22%)."
    found = drafted(text, tmp_path)
    # 13 of 40 is 33 %, and 13 of 31 is 42 %; 7 is 22 % neither of 40 nor of 31 (22.6 is cut).
    assert ("nausea", "", 13, 31) in proposed(found)
    assert not [each for each in found.statements if each.events is not None]


def test_a_list_in_order_never_moves_up_over_what_has_no_name(tmp_path: Path):
    text = "Nausea, hiccups, and rash occurred in 20 (50%), 10 (25%), and 8 (20%), respectively."
    assert proposed(drafted(text, tmp_path)) == {("nausea", "", 20, 40), ("rash", "", 8, 40)}


@pytest.mark.parametrize(
    "sentence",
    [
        "Grade 3/4 nausea, rash and vomiting were observed in 75%, 35% and 30%, respectively.",
        "Nausea occurred in 12 (60%) and 8 (40%) patients in arms A and B, respectively.",
        "Nausea of grade 3 to 4 lasted 5 days.",
        "CR rates were 30% (95% CI 17 to 47) at month 3.",
    ],
)
def test_figures_of_grades_intervals_and_arms_are_no_counts(sentence: str, tmp_path: Path):
    assert proposed(drafted(sentence, tmp_path)) == set()
