"""Papers that are no series: an adult cohort, and two papers that print the same infant trials.

Expected figures: arithmetic on what the papers print, done by hand.
"""

from __future__ import annotations

import pytest
from published_audits import infant_audit, pediatric_audit

from toolkit.audit.run import Audit


@pytest.fixture(scope="module")
def pediatric() -> Audit:
    return pediatric_audit()


@pytest.fixture(scope="module")
def infant() -> Audit:
    return infant_audit()


ADULT = "tauveron-jalenques-2026"


def sentences(audit: Audit, paper: str, quantity: str) -> list[str]:
    return [f.what for f in audit.of_paper(paper) if quantity in (f.quantity, f.subject[0])]


@pytest.mark.parametrize(
    ("quantity", "words"),
    [
        ("eln-2024-adverse", "12/73 is 16.4 %"),
        ("eln-2024-favorable", "61.3%"),
        ("response-refractory", "no whole number of 75 gives 5.4%"),
        ("hct-ci-3-or-more", "no whole number of 75 gives 9.4%"),
        ("crc", "no whole number of 240 gives 61.4%"),
        ("response-by-time", "55 + 18 + 4 = 77 differs from 75"),
        ("stem-cell-source", "they could be of 77"),
        ("cmv", "no whole number of 75 gives 33.4%"),
        ("conditioning-ric", "53/75"),
        ("hsct_after", "36% (Discussion"),
        ("relapse-sex", "p = 0.13 differs from the 0.013"),
        ("relapse-karyotype-other", "outside it"),
        ("relapse-cycle-1", "geometric middle, 5.36"),
        ("relapse-mrd", "geometric middle, 4.79"),
        ("os-mrd-univariate", "geometric middle, 0.68"),
        ("grfs-eln-favorable", "p = 0.85 differs from the 0.38"),
        ("non-relapse-mortality", "none of the usual scales"),
    ],
)
def test_what_differs_in_the_adult_cohort(pediatric: Audit, quantity: str, words: str):
    assert any(words in told for told in sentences(pediatric, ADULT, quantity))


@pytest.mark.parametrize(
    "quantity",
    [
        "female", "eln-2022", "complex-karyotype", "chemotherapy-lines", "cycles", "mrd",
        "mrd-available", "prophylaxis", "conditioning", "chimerism-day-30", "salvage-setting",
        "transplant-related-death", "age", "follow-up", "relapse", "os-cycle-1-univariate",
        "chronic-gvhd-donor-cmv", "grfs-cycle-1", "grfs-mrd", "os-type-mr", "time-to-transplant",
    ],
)  # fmt: skip
def test_what_agrees_in_the_adult_cohort(pediatric: Audit, quantity: str):
    assert not sentences(pediatric, ADULT, quantity)


# One line for each disagreement between the two papers' tables, or with the trial's own abstract.
INFANT = [
    ("patients of Interfant-99", "interfant-99", ("308", "311", "297")),
    ("survival of Interfant-99 at other times", "interfant-99", ("36.9% at 4", "35.9% at 6")),
    ("overall survival of Interfant-99", "interfant-99", ("43.2%", "not available")),
    ("germline and rearranged of Interfant-99", "interfant-99", ("311 + 79 = 390", "376")),
    ("Interfant-06 by parts", "interfant-06", ("476 + 167 = 643", "651")),
    ("MLL96 and MLL98 in one row", "jilsg-mll96-98", ("trials in the row", "1", "2")),
    ("accrual of MLL96 and MLL98", "jilsg-mll96-98", ("1995 to 1998", "1995 to 2001")),
    ("CCG1953 with POG9407", "ccg-1953", ("trials in the row", "CCG1953/POG9407")),
    ("POG9407 in one paper", "pog-9407", ("not by kotecha-2022",)),
    ("MLL-10 at 3 or 5 years", "jplsg-mll10", ("66.2% at 5 years", "66.2% at 3 years")),
    ("MLL-10 germline at 3 or 5 years", "jplsg-mll10", ("93.3% at 5 years", "3 years")),
    ("AALL15P1 in one paper", "cog-aall15p1", ("not by kotecha-2022",)),
    ("pilot: disease-free in an EFS column", "interfant-pilot", ("event free", "disease free")),
    ("pilot: one-year EFS in the other text", "interfant-pilot", (">90% at 1 year", "81.6%")),
    ("MLL-17 in one paper", "jccg-mll17", ("not by kotecha-2022",)),
    ("Interfant-21 in one paper", "interfant-21", ("not by kotecha-2022",)),
    ("AALL2321 in one paper", "cog-aall2321", ("not by kotecha-2022",)),
]


@pytest.mark.parametrize(
    ("study", "words"), [case[1:] for case in INFANT], ids=[case[0] for case in INFANT]
)
def test_what_differs_between_the_infant_papers(infant: Audit, study: str, words: tuple[str, ...]):
    told = [finding.what for finding in infant.findings if finding.subject[0] == study]
    assert any(all(word in what for word in words) for what in told)


@pytest.mark.parametrize("study", ["cog-p9407", "cog-aall0631", "jplsg-mll03"])
def test_trials_that_the_infant_papers_print_alike(infant: Audit, study: str):
    assert not [finding.what for finding in infant.findings if finding.subject[0] == study]


def test_nothing_else_differs_between_the_infant_papers(infant: Audit):
    # MLL98 has a row of its own in one table alone; MLL-10 differs from its abstract twice more.
    assert len(infant.findings) == len(INFANT) + 2
