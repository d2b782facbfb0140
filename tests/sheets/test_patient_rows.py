"""The 38 published patient rows of Arcourt 2026, recounted apart from the checks.

Expected figures: Arcourt A, Ilan U et al., Haematologica 2026, Table 2 counted by hand and
compared with Table 3 and the text.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

import toolkit
from toolkit.load import read

REVIEW = Path(toolkit.__file__).parents[1] / "extractions" / "ped-venaza"


@pytest.fixture(scope="module")
def arcourt():
    return read(REVIEW).one_series("arcourt-2026")


def test_responses_of_the_patient_table(arcourt):
    assert Counter(patient.cell("response") for patient in arcourt.patients) == {
        "cr": 8,
        "cri": 2,
        "pr": 7,
        "no_response": 16,
        "not_assessed": 5,
    }


@pytest.mark.parametrize(
    ("column", "by_word"),
    [
        (
            "line",
            {
                "first-relapse": (5, 17),
                "second-relapse": (2, 14),
                "third-relapse": (1, 3),
                "primary-refractory": (1, 2),
                "first-line": (1, 2),
            },
        ),
        ("prior_hsct", {"prior": (5, 22), "none": (5, 16)}),
        ("disease", {"aml-de-novo": (8, 31), "aml-secondary": (2, 7)}),
    ],
)
def test_remissions_by_subgroup(arcourt, column, by_word):
    counted = {
        word: (
            sum(
                patient.cell("response") in {"cr", "cri"}
                for patient in arcourt.patients
                if patient.cell(column) == word
            ),
            sum(patient.cell(column) == word for patient in arcourt.patients),
        )
        for word in by_word
    }
    assert counted == by_word


def test_counts_of_the_whole_series_are_those_of_its_patients(arcourt):
    within = {
        "cr": {"cr"},
        "cri": {"cri"},
        "crc": {"cr", "cri"},
        "pr": {"pr"},
        "orr": {"cr", "cri", "pr"},
        "no_response": {"no_response"},
        "not_assessed": {"not_assessed"},
    }
    root = arcourt.groups[0].key
    compared = 0
    for count in arcourt.counts:
        plain = count.status == "" and not count.window and count.denominator == "all_treated"
        if count.group == root and count.outcome in within and plain:
            found = sum(p.cell("response") in within[count.outcome] for p in arcourt.patients)
            assert (count.events_low, count.total) == (found, 38), count.outcome
            compared += 1
    assert compared >= 6
