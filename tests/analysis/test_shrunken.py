"""Series drawn towards their pool, and the spread by its likelihood, against R and by hand."""

from __future__ import annotations

import math

import pytest
from scipy.special import expit
from scipy.stats import beta

import toolkit as tk
from tests.numerics.golden import rows, table
from toolkit.errors import ToolkitError

TABLES = sorted({row["table_id"] for row in rows("blup")})
EVENTS, TOTAL = [6, 3, 18, 14, 10], [8, 19, 27, 37, 38]


def pooled(table_id: str, **choices: str) -> tk.Synthesis:
    events, total = table(table_id)
    method = tk.Method(model="inverse-variance", interval="wald", **choices)  # type: ignore[arg-type]
    return tk.pool_counts([int(x) for x in events], [int(n) for n in total], method=method)


@pytest.mark.parametrize("table_id", TABLES)
def test_shrunken_proportions_are_those_of_metafor(table_id: str) -> None:
    found = tk.shrunken(pooled(table_id, tau2="dl"))
    wanted = [
        row
        for row in rows("blup")
        if (row["table_id"], row["measure"], row["method"]) == (table_id, "PLO", "DL")
    ]
    assert len(found) == len(wanted)
    for ours, theirs in zip(found, wanted, strict=True):
        names = {"estimate": "blup", "low": "blup_pi_lower", "high": "blup_pi_upper"}
        for name, column in names.items():
            value = expit(float(theirs[column]))
            assert getattr(ours.estimate, name) == pytest.approx(value, rel=1e-9)


def test_a_wide_prior_leaves_a_large_series_where_it_is() -> None:
    events, total = [400, 5000, 9], [2000, 20000, 10]
    method = tk.Method(fit="bayes", tau_prior=50.0)
    found = tk.shrunken(tk.pool_counts(events, total, method=method))
    # By itself, under a flat prior of the logit, a proportion has the posterior Beta(x, n - x).
    for ours, x, n in list(zip(found, events, total, strict=True))[:2]:
        assert ours.estimate.estimate == pytest.approx(beta.median(x, n - x), abs=2e-4)
        assert ours.estimate.low == pytest.approx(beta.ppf(0.025, x, n - x), abs=5e-4)


def test_every_series_is_drawn_towards_the_pool() -> None:
    answer = tk.pool_counts(EVENTS, TOTAL, method=tk.Method(fit="bayes"))
    for ours, row in zip(tk.shrunken(answer), answer.rows, strict=True):
        assert ours.label == row.label
        drawn = ours.estimate.estimate - answer.typical.estimate
        own = row.estimate - answer.typical.estimate
        assert 0 < drawn / own < 1
        assert ours.estimate.low < ours.estimate.estimate < ours.estimate.high


def test_maximum_likelihood_draws_no_series() -> None:
    with pytest.raises(ToolkitError, match='Choose fit="bayes"'):
        tk.shrunken(tk.pool_counts(EVENTS, TOTAL))


@pytest.mark.parametrize("tau2", ["reml", "ml"])
def test_the_spread_by_likelihood_is_that_of_metafor(tau2: str) -> None:
    compared = 0
    for row in rows("tau2_confint"):
        if (row["measure"], row["method"], row["ci_type"]) != ("PLO", tau2.upper(), "PL"):
            continue
        if row["error"] != "NA" or row["lb_sign"] == ">":
            continue
        answer = pooled(row["table_id"], tau2=tau2)
        if not answer.typical.defined:
            continue
        found = tk.spread_by_likelihood(answer)
        assert found.tau2_low == pytest.approx(float(row["tau2_lower"]), rel=1e-8, abs=1e-10)
        assert found.tau2_high == pytest.approx(float(row["tau2_upper"]), rel=1e-8)
        assert found.tau == answer.heterogeneity.tau
        compared += 1
    assert compared >= 10


def test_the_spread_of_a_likelihood_model_is_its_own() -> None:
    answer = tk.pool_counts(EVENTS, TOTAL)
    assert tk.spread_by_likelihood(answer) == answer.heterogeneity
    assert math.sqrt(answer.heterogeneity.tau2_low) < answer.heterogeneity.tau
    for method in (tk.Method(fit="bayes"), tk.Method(model="inverse-variance", tau2="dl")):
        with pytest.raises(ToolkitError, match="likelihood of the spread"):
            tk.spread_by_likelihood(tk.pool_counts(EVENTS, TOTAL, method=method))
