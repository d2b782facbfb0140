import dense
import numpy as np
import pytest
from golden import rows, table
from scipy.optimize import minimize_scalar
from scipy.special import chdtrc, chdtri, expit

from benchmarks.random_tables import random_tables
from toolkit.numerics.binomial.binomial_normal import FitStatus, fit_ml
from toolkit.numerics.binomial.profile_likelihood import profile_interval_mu, profile_interval_tau

EVENTS, TOTAL = np.array([6, 3, 18, 14, 10]), np.array([8, 19, 27, 37, 38])
# Sparse tables: the reference's own nodes are too few where an end lies far out.
COARSE = {"p_k2_one", "p_k3_one", "p_k3_hetero", "p_k5_one", "p_k12_one", "p_k8_somezero"}
COARSE |= {"p_k8_somefull", "p_k2_zerofull", "p_k8_n1"}
EXACT = [row for row in rows("glmm_exact") if row["estimate"] != "NA"]


def _interval(events, total, **choice):
    fit = fit_ml(events, events, total)
    return profile_interval_mu(fit, events, events, total, **choice)


def test_the_worked_check():
    ends = expit(_interval(EVENTS, TOTAL))
    np.testing.assert_allclose(ends, [0.1970, 0.6837], atol=5e-5)


@pytest.mark.parametrize(
    "row", [row for row in EXACT if row["table_id"] not in COARSE], ids=lambda row: row["table_id"]
)
def test_exact_ends(row):
    found = _interval(*table(row["table_id"]))
    for end, name in zip(found, ("pl_ci_lower", "pl_ci_upper"), strict=True):
        if row[name] != "NA":
            assert float(end) == pytest.approx(float(row[name]), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("table_id", ["p_k3_one", "p_k5_one", "p_k8_somezero", "p_k8_somefull"])
def test_where_the_reference_is_coarse_the_ends_hold_on_a_dense_grid(table_id):
    events, total = table(table_id)
    fit = fit_ml(events, events, total)
    for mu in profile_interval_mu(fit, events, events, total):
        best = minimize_scalar(
            lambda log_tau, mu=mu: -dense.log_likelihood(events, total, mu, np.exp(log_tau)),
            bounds=(np.log(0.5), np.log(120)),
            method="bounded",
            options={"xatol": 1e-6},
        )
        assert 2 * (float(fit.log_likelihood) + best.fun) == pytest.approx(
            chdtri(1, 0.05), abs=1e-5
        )


def test_one_patient_a_series_leaves_mu_open_at_both_ends():
    # With one patient a series only the average is known; mu and tau may grow together for ever.
    low, high = _interval(*table("p_k8_n1"))
    assert (float(low), float(high)) == (-np.inf, np.inf)


def test_ends_of_tau_are_where_the_profile_says():
    fit = fit_ml(EVENTS, EVENTS, TOTAL)
    for tau in profile_interval_tau(fit, EVENTS, EVENTS, TOTAL):
        best = minimize_scalar(
            lambda mu, tau=tau: -dense.log_likelihood(EVENTS, TOTAL, mu, tau),
            bounds=(-3, 3),
            method="bounded",
            options={"xatol": 1e-7},
        )
        assert 2 * (float(fit.log_likelihood) + best.fun) == pytest.approx(
            chdtri(1, 0.05), abs=1e-6
        )


def test_tau_reaches_down_to_zero_where_zero_is_not_rejected():
    events, total = [3, 6, 10], [10, 20, 30]
    fit = fit_ml(events, events, total)
    low, high = profile_interval_tau(fit, events, events, total)
    assert low == 0
    assert 0 < high < 5


def test_correction_with_equal_totals_divides_the_ratio_by_one_and_two_over_k():
    events, total = np.array([2, 7, 4, 11]), np.full(4, 15)
    level = 0.95
    widened = 1 - float(chdtrc(1, chdtri(1, 1 - level) * (1 + 2 / 4)))
    np.testing.assert_allclose(
        _interval(events, total, level=level, bartlett=True),
        _interval(events, total, level=widened),
        rtol=1e-8,
    )


def test_correction_widens():
    plain, corrected = _interval(EVENTS, TOTAL), _interval(EVENTS, TOTAL, bartlett=True)
    assert corrected[0] < plain[0] < plain[1] < corrected[1]


def test_mirror():
    low, high = _interval(EVENTS, TOTAL, bartlett=True)
    other_low, other_high = _interval(TOTAL - EVENTS, TOTAL, bartlett=True)
    np.testing.assert_allclose([low, high], [-other_high, -other_low], atol=1e-9)


def test_random_tables_have_ordered_ends():
    events, total, mask = random_tables(120)
    with np.errstate(all="raise", under="ignore"):
        fit = fit_ml(events, events, total, mask)
        plain = profile_interval_mu(fit, events, events, total, mask)
        corrected = profile_interval_mu(fit, events, events, total, mask, bartlett=True)
        tau = profile_interval_tau(fit, events, events, total, mask)
    ok = fit.status == FitStatus.FITTED
    for low, high in (plain, corrected):
        assert (low[ok] < fit.mu[ok]).all()
        assert (fit.mu[ok] < high[ok]).all()
        assert np.isnan(low[~ok]).all()
        assert np.isnan(high[~ok]).all()
    assert (corrected[0][ok] <= plain[0][ok]).all()
    assert (corrected[1][ok] >= plain[1][ok]).all()
    assert (tau[0][ok] <= fit.tau[ok]).all()
    assert (tau[1][ok] > fit.tau[ok]).all()


@pytest.mark.parametrize("level", [0, 1, 95])
def test_impossible_levels_are_refused(level):
    with pytest.raises(ValueError, match="between 0 and 1"):
        _interval(EVENTS, TOTAL, level=level)
