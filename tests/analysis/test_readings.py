"""How a study that reports another outcome enters a pool: ladder, bounds, as defined, stand-in."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest

import toolkit as tk
from tests.made_review import NOWHERE, analysis_set, count, group, outcome, review, series
from toolkit.analysis.same_patients import bounds, select_patients
from toolkit.review.order import Chain, Containment, Equivalence, Order
from toolkit.review.review import Review
from toolkit.review.series import ReportingRule

CHECKOUT = Path(__file__).resolve().parents[2]

ORDER = Order(
    contains=(
        Containment(whole="response", part="remission"),
        Containment(whole="remission", part="deep"),
    ),
    same_as=(Equivalence(outcome="clearance", taken_as="remission"),),
    chains=(Chain(key="depth", rungs=("response", "remission", "deep")),),
)


def of(*reported: dict[str, tuple[int, int]], total: int = 20) -> Review:
    """Return a review whose series report these ranges of one total."""
    outcomes = [outcome(key) for key in ("response", "remission", "deep", "clearance")]
    made = [
        series(
            f"s{at}",
            [group("all", total)],
            [
                count(f"s{at}", "all", key, low, total, events_high=high)
                for key, (low, high) in cells.items()
            ],
        )
        for at, cells in enumerate(reported)
    ]
    found = review(
        made,
        [analysis_set("primary")],
        [replace(each, reading="ladder", estimand="average") for each in outcomes],
    )
    return replace(found, order=ORDER)


def exactly(**cells: int) -> dict[str, tuple[int, int]]:
    return {key: (value, value) for key, value in cells.items()}


def ranges(found: Review, key: str) -> list[tuple[int, int]]:
    asked = found.outcome(key)
    chosen = select_patients(found, asked, ORDER.chains[0].rungs, found.analysis_set("primary"))
    return [(each.low, each.high) for each in (bounds(ORDER, one, key) for one in chosen)]


def test_a_count_bounds_what_contains_it_and_what_it_contains() -> None:
    found = of(
        exactly(response=9), exactly(deep=4), exactly(clearance=7), exactly(response=9, deep=4)
    )
    assert ranges(found, "remission") == [(0, 9), (4, 20), (7, 7), (4, 9)]
    assert ranges(found, "response") == [(9, 9), (4, 20), (7, 20), (9, 9)]
    assert ranges(found, "deep") == [(0, 9), (4, 4), (0, 7), (4, 4)]


def test_another_total_bounds_nothing() -> None:
    found = of(exactly(response=9))
    other = count("s0", "all", "deep", 3, 12, denominator="response_evaluable")
    found = replace(
        found, series=(replace(found.series[0], counts=(*found.series[0].counts, other)),)
    )
    assert ranges(found, "remission") == [(0, 9)]


def test_bounds_carry_what_they_were_made_from() -> None:
    found = of(exactly(response=9, deep=4), exactly(remission=5), exactly(remission=8))
    (row, *_) = tk.pool(found, "remission", reading="bounds").rows
    assert (row.events, row.events_low, row.events_high) == (None, 4, 9)
    assert "bounded" in row.flags
    assert [(each.end, each.outcome, each.events) for each in row.bounds] == [
        ("low", "deep", 4),
        ("high", "response", 9),
    ]


def test_bounds_are_pooled_as_bare_ranges_are() -> None:
    found = of(exactly(response=9, deep=4), exactly(remission=5), exactly(remission=8))
    answer = tk.pool(found, "remission", reading="bounds")
    bare = tk.pool_counts([(4, 9), 5, 8], [20, 20, 20])
    assert answer.average.estimate == pytest.approx(bare.average.estimate, abs=1e-9)


def test_the_ladder_is_that_of_bare_numbers_and_its_rungs_are_ordered() -> None:
    found = of(
        exactly(response=9, remission=6, deep=2),
        exactly(response=12, remission=10),
        exactly(clearance=5),
        {"deep": (3, 5)},
    )
    answers = [tk.pool(found, key) for key in ORDER.chains[0].rungs]
    assert [each.reading for each in answers] == ["ladder", "ladder", "bounds"]
    answers[2] = tk.pool(found, "deep", reading="ladder")
    bare = tk.pool_ordered(
        [20] * 4,
        {"a": [9, 12, None, None], "b": [6, 10, 5, None], "c": [2, None, None, (3, 5)]},
        labels=["S0", "S1", "S2", "S3"],
    )
    for answer, rung in zip(answers, bare.rungs.values(), strict=True):
        assert answer.average.estimate == pytest.approx(rung.average.estimate, abs=2e-3)
    for outer, inner in itertools.pairwise(answers):
        for outer_end, inner_end in zip(
            (outer.average, outer.typical), (inner.average, inner.typical), strict=True
        ):
            assert outer_end.estimate >= inner_end.estimate
            assert outer_end.low >= inner_end.low
            assert outer_end.high >= inner_end.high


def test_too_few_studies_with_both_ends_fall_back_to_bounds_in_words() -> None:
    found = of(exactly(response=9, remission=6), exactly(remission=8), exactly(response=12))
    answer = tk.pool(found, "remission")
    assert answer.reading == "bounds"
    assert any("Only one study reports both ends" in note for note in answer.notes)


def test_what_everybody_reports_is_pooled_alone_in_words() -> None:
    found = of(*(exactly(remission=each) for each in (6, 8, 11)))
    answer = tk.pool(found, "remission")
    assert answer.reading == "as-defined"
    assert any("pooled alone" in note for note in answer.notes)


def test_an_unknown_reading_names_the_choices() -> None:
    with pytest.raises(tk.ChoiceError, match="ladder"):
        tk.pool(of(exactly(remission=6)), "remission", reading="laddder")


def test_an_event_below_a_threshold_of_reporting_is_a_range() -> None:
    harm = outcome("fever", kind="harm", direction="harm", grade="ge3")
    listed = [
        series(f"s{at}", [group("all", 40)], [count(f"s{at}", "all", "fever", 6, 40, grade="ge3")])
        for at in range(3)
    ]
    rule = ReportingRule(
        group="all",
        grade="any",
        rule="at-least",
        value=10.0,
        unit="percent",
        where="Table 4, heading",
        address=NOWHERE,
    )
    silent = series("silent", [group("all", 40)], [], reporting=(rule,))
    found = review([*listed, silent], [analysis_set("primary")], [harm])
    naive = tk.pool(found, "fever", reading="as-defined")
    aware = tk.pool(found, "fever", reading="bounds")
    assert [naive.k, aware.k] == [3, 4]
    # At least 10 % of 40 are 4: what is not listed happened to 0, 1, 2 or 3.
    assert (aware.rows[-1].events_low, aware.rows[-1].events_high) == (0, 3)
    assert aware.average.estimate < naive.average.estimate


def test_the_main_responses_are_ordered_in_every_set_and_without_each_series() -> None:
    found = tk.read(CHECKOUT / "extractions" / "ped-venaza")
    rungs = found.order.chains[0].rungs
    answers = {key: tk.pool(found, key) for key in rungs}
    assert {each.reading for each in answers.values()} == {"ladder"}
    without = {key: tk.leave_one_out(answer) for key, answer in answers.items()}
    chains = [
        list(answers.values()),
        *(list(steps) for steps in zip(*without.values(), strict=True)),
    ]
    for chain in chains:
        for outer, inner in itertools.pairwise(chain):
            for name in ("estimate", "low", "high"):
                for estimand in ("average", "typical"):
                    at = getattr(getattr(outer, estimand), name)
                    assert at >= getattr(getattr(inner, estimand), name)
    for outer, inner in itertools.pairwise(rungs):
        assert answers[outer].prediction.low >= answers[inner].prediction.low
        assert answers[outer].prediction.high >= answers[inner].prediction.high
        assert answers[outer].next_patients.low >= answers[inner].next_patients.low
        assert answers[outer].next_patients.high >= answers[inner].next_patients.high
