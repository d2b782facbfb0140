"""Differences of subgroups by the method that pools them, and the test between them."""

from __future__ import annotations

from pathlib import Path

import pytest
from scipy.stats import chi2_contingency
from statsmodels.stats.proportion import proportion_confint

import toolkit as tk
from toolkit.numerics.proportions import difference_interval

EVENTS = [6, 3, 10, 18, 14, 9, 12]
TOTAL = [8, 19, 38, 27, 37, 17, 21]
BY = ["a", "a", "a", "b", "b", "b", "b"]


def pooled(**method):
    return tk.pool_counts(EVENTS, TOTAL, by=BY, method=tk.Method(**method))


def test_pooled_counts_differ_by_newcombe_and_not_by_a_posterior():
    answer = pooled(model="pooled-counts")
    (apart,) = answer.differences
    first, second = (sum(EVENTS[:3]), sum(TOTAL[:3])), (sum(EVENTS[3:]), sum(TOTAL[3:]))
    assert apart.estimate == pytest.approx(first[0] / first[1] - second[0] / second[1])
    ends = [(x / n, *proportion_confint(x, n, method="beta")) for x, n in (first, second)]
    assert (apart.low, apart.high) == pytest.approx(difference_interval(*ends))
    assert apart.probability_positive is None
    assert "pooled counts" in apart.method
    table = [[x, n - x] for x, n in (first, second)]
    wanted = chi2_contingency(table, correction=False)
    assert answer.between.statistic == pytest.approx(wanted.statistic)
    assert answer.between.p == pytest.approx(wanted.pvalue)


def test_a_bayesian_difference_is_named_as_one():
    (apart,) = pooled(fit="bayes").differences
    assert apart.probability_positive is not None
    assert "Bayes" in apart.method


@pytest.mark.parametrize(
    "method",
    [{}, {"interval": "profile"}, {"model": "beta-binomial"}, {"model": "inverse-variance"}],
)
def test_every_other_method_differs_by_its_own_intervals(method):
    answer = pooled(**method)
    (apart,) = answer.differences
    estimates = [getattr(each.answer, apart.estimand) for each in answer.subgroups]
    ends = [(each.estimate, each.low, each.high) for each in estimates]
    assert apart.estimate == pytest.approx(ends[0][0] - ends[1][0])
    assert (apart.low, apart.high) == pytest.approx(difference_interval(*ends))
    assert answer.method.in_words in apart.method


def test_the_test_between_subgroups_is_that_of_metafor():
    # rma.glmm(measure="PLO", xi, ni, mods = ~ group): QM; and, apart, rma(PLO, REML) in each group.
    answer = pooled(interval="wald")
    assert answer.between.statistic == pytest.approx(3.41327945566, abs=2e-4)
    assert answer.between.df == 1
    weighted = pooled(model="inverse-variance", interval="wald")
    assert weighted.between.statistic == pytest.approx(0.853962569153, abs=1e-6)
    assert weighted.between.p == pytest.approx(0.355433757796, abs=1e-6)


def test_a_review_has_the_difference_of_its_method():
    review = tk.read(Path(__file__).resolve().parents[2] / "extractions" / "ped-venaza")
    answer = tk.pool(
        review,
        "crc",
        tk.Method(model="pooled-counts"),
        analysis_set="any-venetoclax",
        by="regimen",
    )
    (apart,) = answer.differences
    rows = {each.level: each.answer.rows for each in answer.subgroups}
    counts = [
        (sum(row.events for row in rows[level]), sum(row.total for row in rows[level]))
        for level in (apart.first, apart.second)
    ]
    ends = [(x / n, *proportion_confint(x, n, method="beta")) for x, n in counts]
    assert apart.estimate == pytest.approx(ends[0][0] - ends[1][0])
    assert (apart.low, apart.high) == pytest.approx(difference_interval(*ends))
