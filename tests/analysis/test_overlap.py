"""Which pairs of series are put before a person, and what the worst case leaves of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.made_review import analysis_set, count, group, outcome, review, series
from toolkit.analysis.overlap import LEAST, likeness, open_pairs, unjudged_pairs
from toolkit.analysis.select import select
from toolkit.review.review import Overlap, Review

FRENCH = {
    "countries": "France (Lyon; Paris)",
    "accrual": "2015-01 to 2018-12",
    "citation": "Martin A, de Vries BC, et al. One report. Journal 2019",
}


def pair(first: dict[str, str], second: dict[str, str], regimens: str = "ab ab"):
    one, other = regimens.split()
    return likeness(
        series("one", [group("all", 20, regimen=one)], [], **first),
        series("two", [group("all", 10, regimen=other)], [], **second),
    )


@pytest.mark.parametrize(
    ("first", "second", "score", "told"),
    [
        (FRENCH, FRENCH, 7, "Both Lyon, Paris. Both treated patients from 2015-01 to 2018-12."),
        (FRENCH, {"countries": "France"}, 3, "Both France. Years of Two not known."),
        (FRENCH, {"countries": "France (Nice)"}, 0, "The same country, different centers."),
        (FRENCH, {"countries": "Spain; Italy"}, 0, "No country in common."),
        (FRENCH, {"countries": "France", "accrual": "2019-01 to 2020"}, 0, "different years"),
        (FRENCH, {"accrual": "2018 to 2020"}, 3, "from 2018-01 to 2018-12"),
        (FRENCH, {"countries": "Spain, FRANCE (Caen, paris)"}, 5, "Both Paris. Years of Two not"),
        (FRENCH, {**FRENCH, "countries": "Spain, Italy"}, 0, "No country in common."),
        ({"countries": "USA"}, {"countries": "Canada, United States"}, 3, "Both United States."),
        ({"countries": "U.S. (3 hospitals)"}, {"countries": "the US"}, 3, "Both United States."),
        (
            {"countries": "United States of America"},
            {"countries": "u.s.a."},
            3,
            "Both United States.",
        ),
        ({"countries": "UK"}, {"countries": "United Kingdom"}, 3, "Both United Kingdom."),
        (FRENCH, {**FRENCH, "accrual": "2024 to 2019"}, 6, "Years of Two not known."),
        ({"other_ids": "NCT00000001"}, {"other_ids": "NCT00000002"}, 0, "different trials"),
        (
            {**FRENCH, "other_ids": "PMID 1; NCT00000001"},
            {"countries": "Spain", "other_ids": "NCT00000001"},
            5,
            "One registration: NCT00000001.",
        ),
    ],
)
def test_score_and_words(first: dict[str, str], second: dict[str, str], score: int, told: str):
    found = pair(first, second)
    assert found.score == score
    assert told in str(found)


def test_common_authors_alone_exclude_nothing_and_are_not_even_asked_about():
    authors = {"citation": FRENCH["citation"]}
    found = pair(authors, authors, "ab ac")
    assert found.evidence[-1] == "Authors in common: Martin, de Vries."
    assert found.score < LEAST


def test_two_surnames_without_the_same_initial_are_two_people():
    one = {"citation": "Martin A. Report. 2019"}
    assert "Authors" not in str(pair(one, {"citation": "Martin B. Report. 2019"}))


def made(*overlaps: Overlap, case: str = "worst-case") -> Review:
    sizes = {"large": 30, "middle": 20, "small": 10, "other": 5}
    several = [
        series(
            key,
            [group("all", size, regimen="ab")],
            [count(key, "all", "cr", 4, size)],
            countries="Spain" if key == "other" else "France",
            accrual="2015 to 2016",
        )
        for key, size in sizes.items()
    ]
    sets = [analysis_set("primary", overlap=case)]
    return replace(review(several, sets, [outcome("cr")]), overlaps=overlaps)


def judged(first: str, second: str, judgement: str) -> Overlap:
    return Overlap(
        first=first, second=second, judgement=judgement, evidence="told", decided_by="A. Smith"
    )


def kept(of: Review) -> list[str]:
    return [each.series.key for each in select(of, of.outcome("cr"), of.sets[0])]


def test_pairs_without_a_judgement_are_listed_likeliest_first_and_judged_ones_are_not():
    pairs = unjudged_pairs(made(judged("small", "large", "separate")))
    assert [(each.first.key, each.second.key) for each in pairs] == [
        ("large", "middle"),
        ("middle", "small"),
    ]


def test_the_worst_case_keeps_the_larger_of_each_open_pair():
    assert kept(made(case="kept")) == ["large", "middle", "small", "other"]
    assert kept(made()) == ["large", "other"]
    large_middle = judged("middle", "large", "possible")
    assert kept(made(large_middle, judged("large", "small", "separate"))) == [
        "large",
        "small",
        "other",
    ]


def test_pairs_judged_shared_or_possible_are_open_and_separate_ones_are_not():
    words = [("large", "other", "shared"), ("middle", "other", "possible")]
    words += [("large", "middle", "separate")]
    found = open_pairs(made(*(judged(*each) for each in words)))
    assert {frozenset(("large", "other")), frozenset(("middle", "other"))} <= found
    assert frozenset(("large", "middle")) not in found
