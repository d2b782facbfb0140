import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize, minimize_scalar
from scipy.special import chdtri, expit, logit
from scipy.stats import betabinom

from benchmarks.random_tables import random_tables
from toolkit.numerics.binomial.beta_binomial import (
    fit_beta_binomial,
    profile_interval_mean,
    profile_interval_rho,
)
from toolkit.numerics.binomial.binomial_normal import FitStatus

EVENTS, TOTAL = np.array([6, 3, 18, 14, 10]), np.array([8, 19, 27, 37, 38])


def _fit(events, total, mask=None):
    return fit_beta_binomial(events, events, total, mask)


def _log_likelihood(events, total, mean, rho):
    size = 1 / rho - 1
    return float(betabinom.logpmf(events, total, mean * size, (1 - mean) * size).sum())


def test_the_worked_check():
    fit = _fit(EVENTS, TOTAL)
    assert float(fit.mean) == pytest.approx(0.4255, abs=5e-5)
    assert float(fit.rho) == pytest.approx(0.1289, abs=5e-5)
    ends = profile_interval_mean(fit, EVENTS, EVENTS, TOTAL)
    np.testing.assert_allclose(ends, [0.2496, 0.6403], atol=5e-5)


@pytest.mark.parametrize(
    ("events", "total"),
    [
        (EVENTS, TOTAL),
        ([0, 0, 0, 5], [20, 18, 25, 22]),
        ([1, 0, 4, 9, 2, 0], [30, 12, 15, 22, 400, 6]),
        ([12, 12, 11, 3], [12, 12, 12, 12]),
    ],
)
def test_the_optimum_is_that_of_another_search(events, total):
    events, total = np.array(events), np.array(total)
    fit = _fit(events, total)

    def loss(point):
        return -_log_likelihood(events, total, expit(point[0]), expit(point[1]))

    best = minimize(
        loss, [0.0, -2.0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-13}
    )
    assert float(fit.log_likelihood) == pytest.approx(-best.fun, abs=1e-9)
    assert float(fit.mean) == pytest.approx(expit(best.x[0]), abs=1e-6)
    assert float(fit.rho) == pytest.approx(expit(best.x[1]), abs=1e-6)


def test_ends_are_where_the_profiles_say():
    fit = _fit(EVENTS, TOTAL)
    allowed = chdtri(1, 0.05)
    for mean in profile_interval_mean(fit, EVENTS, EVENTS, TOTAL):
        best = minimize_scalar(
            lambda r, m=float(mean): -_log_likelihood(EVENTS, TOTAL, m, expit(r)),
            bounds=(-7, 4),
            method="bounded",
            options={"xatol": 1e-9},
        )
        assert 2 * (float(fit.log_likelihood) + best.fun) == pytest.approx(allowed, abs=1e-8)
    for rho in profile_interval_rho(fit, EVENTS, EVENTS, TOTAL):
        best = minimize_scalar(
            lambda m, r=float(rho): -_log_likelihood(EVENTS, TOTAL, expit(m), r),
            bounds=(-4, 4),
            method="bounded",
            options={"xatol": 1e-9},
        )
        assert 2 * (float(fit.log_likelihood) + best.fun) == pytest.approx(allowed, abs=1e-8)


def test_statuses_are_those_of_the_binomial_normal_model():
    assert _fit([0, 0, 0, 0], [10, 20, 15, 8]).status == FitStatus.ALL_ZERO
    assert _fit([10, 20], [10, 20]).status == FitStatus.ALL_FULL
    assert _fit([0, 12], [10, 12]).status == FitStatus.NOT_ESTIMABLE
    assert _fit([1], [2], [False]).status == FitStatus.NO_SERIES


def test_identical_proportions_have_no_correlation():
    fit = _fit([3, 6, 9], [10, 20, 30])
    assert fit.rho == 0
    assert float(fit.mean) == pytest.approx(0.3, rel=1e-12)
    low, high = profile_interval_rho(fit, [3, 6, 9], [3, 6, 9], [10, 20, 30])
    assert low == 0
    assert 0 < high < 1


def test_one_series_is_its_own_proportion():
    fit = _fit([3], [10])
    assert (int(fit.status), float(fit.rho)) == (FitStatus.FITTED, 0.0)
    assert float(fit.mean) == pytest.approx(0.3, rel=1e-12)


def test_a_large_series_keeps_its_digits():
    events, total = np.array([40_000, 41_500, 39_200]), np.full(3, 100_000)
    fit = _fit(events, total)
    expected = _log_likelihood(events, total, float(fit.mean), float(fit.rho))
    assert float(fit.log_likelihood) == pytest.approx(expected, abs=1e-5)
    assert float(fit.mean) == pytest.approx(events.sum() / total.sum(), abs=1e-6)


def test_an_open_cell_sums_over_its_counts():
    fit = fit_beta_binomial([0, 4, 9], [2, 4, 9], [12, 15, 20])

    def value(mean, rho):
        parts = [
            _log_likelihood(np.array([x, 4, 9]), np.array([12, 15, 20]), mean, rho)
            for x in range(3)
        ]
        return float(np.logaddexp.reduce(parts))

    mean, rho = float(fit.mean), float(fit.rho)
    assert float(fit.log_likelihood) == pytest.approx(value(mean, rho), abs=1e-9)
    for step in ((1e-3, 0), (-1e-3, 0), (0, 1e-3), (0, -1e-3)):
        assert value(mean, rho) > value(mean + step[0], rho + step[1])


TABLES = st.lists(
    st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=1,
    max_size=8,
)


@settings(max_examples=50, deadline=None)
@given(TABLES, st.randoms(use_true_random=False))
def test_order_and_mirror(cells, random):
    events, total = np.array(cells).T
    one, other = _fit(events, total), _fit(total - events, total)
    order = list(range(len(cells)))
    random.shuffle(order)
    shuffled = _fit(events[order], total[order])
    assert shuffled.status == one.status
    if one.status == FitStatus.FITTED:
        assert float(shuffled.mean) == pytest.approx(float(one.mean), abs=1e-7)
        assert float(logit(one.mean)) == pytest.approx(-float(logit(other.mean)), abs=1e-6)
        assert float(one.rho) == pytest.approx(float(other.rho), abs=1e-6)


def test_random_tables_are_fitted_or_say_why():
    events, total, mask = random_tables(600)
    with np.errstate(all="raise", under="ignore"):
        fit = _fit(events, total, mask)
        few = (events[:60], events[:60], total[:60], mask[:60])
        first = fit_beta_binomial(*few)
        mean_low, mean_high = profile_interval_mean(first, *few)
        rho_low, rho_high = profile_interval_rho(first, *few)
    assert not (fit.status == FitStatus.NOT_SETTLED).any()
    ok = fit.status == FitStatus.FITTED
    assert ((fit.mean[ok] > 0) & (fit.mean[ok] < 1)).all()
    assert ((fit.rho[ok] >= 0) & (fit.rho[ok] < 1)).all()
    assert (fit.log_likelihood[ok] >= fit.log_likelihood_common[ok]).all()
    assert np.isnan(fit.mean[~ok]).all()
    ok = ok[:60]
    assert ((mean_low[ok] < first.mean[ok]) & (first.mean[ok] < mean_high[ok])).all()
    assert ((rho_low[ok] <= first.rho[ok]) & (first.rho[ok] < rho_high[ok])).all()
