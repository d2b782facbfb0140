"""What a single series does to an answer: under both kinds of fit, and where it is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from scipy.special import logit
from scipy.stats import chi2

import toolkit as tk
from toolkit.errors import ToolkitError
from toolkit.results.influence import SeriesInfluence

CHECKOUT = Path(__file__).resolve().parents[2]
EVENTS, TOTAL = [6, 3, 18, 14, 10], [8, 19, 27, 37, 38]
LABELS = ["Winters", "Karol", "LeBlanc", "Niswander", "Arcourt"]
TWO_STAGE = tk.Method(model="inverse-variance", interval="wald")


def test_the_pull_is_the_change_over_the_standard_error_of_the_others() -> None:
    whole = tk.pool_counts(EVENTS, TOTAL, labels=LABELS)
    found = tk.influence(whole)
    assert [row.label for row in found.rows] == LABELS
    for i, row in enumerate(found.rows):
        rest = [j for j in range(5) if j != i]
        apart = tk.pool_counts([EVENTS[j] for j in rest], [TOTAL[j] for j in rest])
        pull = (whole.scale_estimate - apart.scale_estimate) / apart.scale_se
        assert row.shift == pytest.approx(pull, abs=1e-6)
        assert row.spread_without == pytest.approx(apart.heterogeneity.tau, abs=1e-6)
    assert found.to_dict()["rows"][0]["influential"] is False


def test_the_region_is_that_of_a_chi_square_by_the_parameters_that_move() -> None:
    for method, freedom in ((tk.Method(), 2), (TWO_STAGE, 1)):
        for row in tk.influence(tk.pool_counts(EVENTS, TOTAL, method=method)).rows:
            assert row.confidence == pytest.approx(chi2.cdf(row.distance, freedom), rel=1e-8)


def test_cooks_distance_of_inverse_variance_is_the_squared_change_over_the_variance() -> None:
    whole = tk.pool_counts(EVENTS, TOTAL, labels=LABELS, method=TWO_STAGE)
    for i, row in enumerate(tk.influence(whole).rows):
        rest = [j for j in range(5) if j != i]
        apart = tk.pool_counts(
            [EVENTS[j] for j in rest], [TOTAL[j] for j in rest], method=TWO_STAGE
        )
        cook = ((whole.scale_estimate - apart.scale_estimate) / whole.scale_se) ** 2
        assert row.distance == pytest.approx(cook, rel=1e-6)


def test_what_passes_a_bound_is_called_influential() -> None:
    assert SeriesInfluence(label="a", shift=-1.1, confidence=0.2).influential
    assert SeriesInfluence(label="a", shift=0.9, confidence=0.51).influential
    assert not SeriesInfluence(label="a", shift=0.9, confidence=0.49).influential
    assert not SeriesInfluence(label="a", note="The others alone have no fit.").influential
    far = tk.pool_counts([1, 2, 2, 1, 38], [40, 41, 39, 42, 40])
    assert [row.influential for row in tk.influence(far).rows] == [False] * 4 + [True]


def shift_by_hand(whole, apart, lead):
    """Return a shift from two answers: medians, and the deviation that an interval has."""
    before, after = getattr(whole, lead), getattr(apart, lead)
    deviation = (logit(after.high) - logit(after.low)) / (2 * 1.959963984540054)
    return (logit(before.estimate) - logit(after.estimate)) / deviation


def test_of_a_posterior_it_is_the_change_over_the_deviation_without_the_series() -> None:
    bayes = tk.Method(fit="bayes")
    whole = tk.pool_counts(EVENTS, TOTAL, labels=LABELS, method=bayes)
    for i, row in enumerate(tk.influence(whole).rows):
        rest = [j for j in range(5) if j != i]
        apart = tk.pool_counts([EVENTS[j] for j in rest], [TOTAL[j] for j in rest], method=bayes)
        assert row.shift == pytest.approx(shift_by_hand(whole, apart, whole.lead), abs=1e-6)
        assert row.spread_without == pytest.approx(apart.heterogeneity.tau, abs=1e-6)
        assert row.distance is None


def test_of_a_rung_it_is_the_change_of_the_whole_ladder() -> None:
    whole = tk.pool(tk.read(CHECKOUT / "extractions" / "ped-venaza"), "crc")
    assert whole.reading == "ladder"
    found = tk.influence(whole)
    assert [row.label for row in found.rows] == [row.label for row in whole.rows]
    for row, step in zip(found.rows, tk.leave_one_out(whole), strict=True):
        assert row.shift == pytest.approx(shift_by_hand(whole, step, "average"), abs=1e-9)


def test_it_is_refused_where_it_is_not_defined() -> None:
    with pytest.raises(ToolkitError, match=r"not for beta binomial"):
        tk.influence(tk.pool_counts(EVENTS, TOTAL, method=tk.Method(model="beta-binomial")))
    with pytest.raises(ToolkitError, match="there are 2"):
        tk.influence(tk.pool_counts([3, 4], [19, 20]))
    with pytest.raises(ToolkitError, match="no estimate to move"):
        tk.influence(tk.pool_counts([0, 0, 0], [9, 8, 7]))
    bare = tk.Method(model="inverse-variance", zero="none")
    found = tk.influence(tk.pool_counts([0, *EVENTS], [9, *TOTAL], method=bare))
    assert found.rows[0].note == "It has no effect with a variance."
    assert found.rows[0].shift is None
    with pytest.raises(ToolkitError, match="there are 2"):
        tk.influence(tk.pool_counts([0, 0, 5, 4], [9, 8, 12, 13], method=bare))
    alone = tk.influence(tk.pool_counts([0, 0, 0, 4], [9, 8, 7, 9]))
    assert alone.rows[3].note == "The others alone have no fit."
