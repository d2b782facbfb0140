"""Arcourt et al., Haematologica 2026: seventeen places that differ, and the controls that agree.

The list was drawn up by reading the paper against itself, apart from the code: what each place
prints, and what it should equal.
"""

from __future__ import annotations

import pytest
from published_audits import pediatric_audit

from toolkit.audit.run import Audit


@pytest.fixture(scope="module")
def pediatric() -> Audit:
    return pediatric_audit()


PAPER = "arcourt-2026"

# (finding of the list, rule, quantity, group, words that the sentence and its readings hold)
LISTED = [
    ("1 CRi 2 (8)", "C02", "cri", "", ('"2 (8)"', "2/38 is 5.3 %", "8% of 38 is 3")),
    ("2 PR 7 (16)", "C02", "pr", "", ('"7 (16)"', "7/38 is 18.4 %", "16% of 38 is 6")),
    ("2b one solution", "C02", "response", "", ("8 + 3 + 6 + 16 + 5", "8 + 2 + 7 + 16 + 5")),
    ("3 bacteremia", "C02", "bacteremia", "", ('"1/38 (29)"', "1/38 is 2.6 %", "29% of 38 is 11")),
    (
        "4 cytopenias",
        "C05",
        "cytopenia",
        "",
        ("94% (Abstract)", "grade ≥ 3", "36/38", "any grade"),
    ),
    ("5 survival", "C07", "progression-free-survival", "responders", ("22 months", "20 months")),
    ("6 not assessed", "C04", "not_assessed", "", ("4 + 3 = 7", "5")),
    ("7 age", "C07", "age-at-diagnosis", "", ("9.2 years", "8.7 years")),
    ("8 follow-up", "C07", "follow-up", "", ("0.2 to 45.6 months", "0.2 to 34.5 months", "5.8")),
    ("8 survivors", "C10", "follow-up", "alive-in-remission", ("17 to 46", "34.5 months")),
    ("9 digestive", "C07", "digestive_toxicity", "", ("18/36", "19/38")),
    ("10 fungal", "C07", "fungal_infection", "", ("3/38", "4/38")),
    ("11 FLT3-ITD", "C07", "flt3-itd", "", ("4/38", "5/38", "patients 3, 5, 16, 20, 22")),
    ("12 NRAS", "C07", "nras", "", ("3/38", "4/38", "patients 7, 21, 26, 27")),
    ("13 KRAS", "C07", "kras", "", ("2/38", "3/38", "patients 26, 27, 32")),
    ("11 FT3", "C17", "flt3", "", ('"FT3"', "patient 3")),
    ("11 FTL3", "C17", "flt3", "", ('"FTL3"', "patient 22")),
    (
        "14 patient 37",
        "C07",
        "response",
        "patient-37",
        ("no response", "pr", "Table 2, patient 37"),
    ),
    ("15 refractory", "C07", "hsct-of-primary-refractory", "responders", ("2", "1", "patient 35")),
    ("16 first line", "C07", "relapsed-or-refractory", "", ("38/38", "36/38")),
    ("17 58%", "C02", "transplanted-before", "relapsed", ("22/34 is 64.7 %", "22 patients (58%)")),
]


@pytest.mark.parametrize(
    ("rule", "quantity", "group", "words"),
    [case[1:] for case in LISTED],
    ids=[case[0] for case in LISTED],
)
def test_the_listed_place_is_found(
    pediatric: Audit, rule: str, quantity: str, group: str, words: tuple[str, ...]
):
    found = [
        finding
        for finding in pediatric.of_paper(PAPER)
        if (finding.check, finding.quantity, finding.subject[1]) == (rule, quantity, group)
        and all(word in finding.what for word in words)
    ]
    assert len(found) == 1
    assert found[0].level == "differs"
    assert len(found[0].places) >= 1


def test_nothing_else_differs_in_the_paper(pediatric: Audit):
    assert len(pediatric.of_paper(PAPER)) == len(LISTED)


@pytest.mark.parametrize(
    "agreeing",
    [
        {"male", "female", "sex"},
        {"de-novo", "secondary", "type-of-disease"},
        {"first-relapse", "second-relapse", "third-relapse", "primary-refractory", "stage"},
        {"fab-m4-m5", "fab-other", "fab-not-available", "fab-class"},
        {"mrd_negative", "mrd_positive", "mrd_not_available", "mrd"},
        {"discontinued_refractory", "discontinued_for_toxicity", "discontinuation"},
        {"bacteremia_gram_negative", "bacteremia_gram_positive", "bacteremia_several_germs"},
        {"idh1", "idh2", "ezh2", "tp53", "cr", "crc", "cycles", "overall-survival", "death"},
    ],
    ids=lambda agreeing: sorted(agreeing)[0],
)
def test_the_controls_are_left_alone(pediatric: Audit, agreeing: set[str]):
    assert not agreeing & {finding.quantity for finding in pediatric.of_paper(PAPER)}


def test_prior_transplants_agree_but_for_the_sentence_on_relapses(pediatric: Audit):
    concerned = [f for f in pediatric.of_paper(PAPER) if f.quantity == "transplanted-before"]
    assert [finding.subject[1] for finding in concerned] == ["relapsed"]


def test_a_listed_reading_says_what_would_be_and_where(pediatric: Audit):
    (finding,) = (
        each for each in pediatric.of_paper(PAPER) if each.quantity == "transplanted-before"
    )
    readings = {(reading.events, reading.total) for reading in finding.readings}
    assert {(22, 34), (22, 38)} <= readings


def test_the_joint_solution_moves_remission_from_ten_to_eleven(pediatric: Audit):
    (finding,) = (
        each
        for each in pediatric.of_paper(PAPER)
        if each.quantity == "response" and each.check == "C02"
    )
    (effect,) = finding.effects
    assert (effect.outcome, effect.recorded) == ("crc", "10/38")
    assert (effect.lowest_count, effect.highest_count) == ("10/38", "11/38")
    assert effect.pooled == effect.lowest
    assert effect.highest > effect.pooled


def test_an_open_cell_has_both_its_readings(pediatric: Audit):
    (finding,) = (
        each
        for each in pediatric.of_paper(PAPER)
        if each.quantity == "bacteremia" and each.check == "C02"
    )
    assert [(each.events, each.total) for each in finding.readings] == [(1, 38), (11, 38)]


@pytest.mark.parametrize(
    ("outcome", "grade", "badge"),
    [
        ("crc", "", "differs"),
        ("cr", "", "clean"),
        ("bacteremia", "ge3", "undecidable"),
        ("bacteremia", "any", "clean"),
        ("digestive_toxicity", "any", "differs"),
        ("fatigue", "ge3", "single place"),
    ],
)
def test_badges_of_the_paper(pediatric: Audit, outcome: str, grade: str, badge: str):
    assert pediatric.badges.by_cell[PAPER, "all", outcome, grade, ""] == badge


def test_the_words_are_neutral(pediatric: Audit):
    told = " ".join(finding.what for finding in pediatric.findings).lower()
    assert not {"error", "mistake", "wrong", "false", "typo"} & set(told.split())
