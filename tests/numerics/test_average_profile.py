"""The profile interval of the average over centres, against a dense search over tau."""

import dense
import numpy as np
import pytest
from scipy.optimize import brentq, minimize_scalar
from scipy.special import chdtri, expit, logit

from benchmarks.random_tables import random_tables
from toolkit.numerics.binomial.average import average_over_centres
from toolkit.numerics.binomial.average_profile import profile_interval_average
from toolkit.numerics.binomial.binomial_normal import FitStatus, fit_ml
from toolkit.numerics.binomial.profile_likelihood import profile_interval_mu

EVENTS, TOTAL = np.array([6, 3, 18, 14, 10]), np.array([8, 19, 27, 37, 38])
TABLES = [
    (EVENTS, TOTAL),
    (np.array([0, 1, 6]), np.array([8, 19, 38])),
    (np.array([2, 7, 4, 11]), np.full(4, 15)),
    (np.array([0, 0, 0, 5]), np.array([20, 18, 25, 22])),
]


def _interval(events, total, **choice):
    return profile_interval_average(fit_ml(events, events, total), events, events, total, **choice)


def _profile(events, total, eta):
    """Return the largest log-likelihood with this logit of the average, by dense integrals."""

    def loss(log_tau):
        tau = np.exp(log_tau)
        mu = brentq(
            lambda m: average_over_centres(m, tau) - expit(eta), -60, 60, xtol=1e-13, rtol=1e-13
        )
        return -dense.log_likelihood(events, total, mu, tau)

    starts = np.linspace(-3, 2.5, 12)
    start = min(starts, key=loss)
    best = minimize_scalar(loss, bounds=(start - 0.6, start + 0.6), method="bounded")
    return max(-best.fun, dense.log_likelihood(events, total, eta, 1e-9))


@pytest.mark.parametrize(("events", "total"), TABLES)
def test_the_ends_are_where_the_profile_says(events, total):
    fit = fit_ml(events, events, total)
    for end in _interval(events, total):
        loss = 2 * (float(fit.log_likelihood) - _profile(events, total, float(end)))
        assert loss == pytest.approx(chdtri(1, 0.05), abs=1e-5)


def test_the_corrected_ends_allow_what_the_factor_says():
    """With equal totals the factor is 1 + 2 / k wherever it is asked for."""
    events, total = TABLES[2]
    fit = fit_ml(events, events, total)
    for end in _interval(events, total, bartlett=True):
        loss = 2 * (float(fit.log_likelihood) - _profile(events, total, float(end)))
        assert loss == pytest.approx(chdtri(1, 0.05) * (1 + 2 / 4), abs=1e-5)


def test_without_spread_average_and_median_have_nearly_the_same_interval():
    events, total = np.array([40, 61, 52, 49]), np.array([100, 150, 130, 120])
    fit = fit_ml(events, events, total)
    found = expit(_interval(events, total))
    median = expit(profile_interval_mu(fit, events, events, total))
    np.testing.assert_allclose(found, median, atol=4e-3)


def test_mirror():
    low, high = _interval(EVENTS, TOTAL, bartlett=True)
    other_low, other_high = _interval(TOTAL - EVENTS, TOTAL, bartlett=True)
    np.testing.assert_allclose([low, high], [-other_high, -other_low], atol=1e-8)


def test_random_tables_have_ordered_ends():
    events, total, mask = random_tables(60)
    with np.errstate(all="raise", under="ignore"):
        fit = fit_ml(events, events, total, mask)
        plain = profile_interval_average(fit, events, events, total, mask)
        corrected = profile_interval_average(fit, events, events, total, mask, bartlett=True)
    ok = fit.status == FitStatus.FITTED
    eta = logit(average_over_centres(fit.mu[ok], fit.tau[ok]))
    for low, high in (plain, corrected):
        assert (low[ok] < eta).all()
        assert (eta < high[ok]).all()
        assert np.isnan(low[~ok]).all()
    assert (corrected[0][ok] <= plain[0][ok]).all()
    assert (corrected[1][ok] >= plain[1][ok]).all()
