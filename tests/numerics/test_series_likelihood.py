import dense
import numpy as np
import pytest
from scipy.special import betaln

from toolkit.numerics.binomial.series_likelihood import (
    binomial_terms,
    series_log_value,
    series_terms,
)

FIELDS = ("by_mu", "by_tau", "by_mu_mu", "by_mu_tau", "by_tau_tau")


def _points(count=3000):
    random = np.random.default_rng(4)
    n = np.round(np.exp(random.uniform(0, np.log(1e5), count)))
    p = random.choice([0, 0.001, 0.02, 0.2, 0.5, 0.9, 1], count)
    x = random.binomial(n.astype(int), p).astype(float)
    mu = 3 * random.normal(size=count)
    tau = np.exp(random.uniform(np.log(1e-4), np.log(300), count))
    tau[:100] = 0
    return x, n, mu, tau


@pytest.mark.parametrize(
    ("x", "n", "mu", "tau"),
    [
        (3, 10, -0.5, 0.8),
        (0, 10, -2, 1.4),
        (0, 10, -2, 1.6),
        (12, 12, 1, 3),
        (0, 1, 0, 5),
        (250, 1000, 1.5, 0.3),
        (1, 400, -3, 12),
        (0, 500, 6, 8),
    ],
)
def test_the_integral_is_that_of_a_dense_grid(x, n, mu, tau):
    parts = [np.array([float(part)]) for part in (x, n, mu, tau)]
    expected = dense.series_log_likelihood(x, n, mu, tau)
    choose = -np.log(n + 1) - betaln(x + 1, n - x + 1)
    assert series_log_value(*parts)[0] + choose == pytest.approx(expected, abs=1e-9, rel=1e-10)


def test_doubling_the_nodes_moves_nothing():
    x, n, mu, tau = _points()
    once, twice = series_terms(x, n, mu, tau), series_terms(x, n, mu, tau, nodes=161)
    np.testing.assert_allclose(once.log_value, twice.log_value, rtol=1e-10, atol=1e-9)
    likely = once.log_value > -100
    for field in FIELDS:
        one, two = getattr(once, field)[likely], getattr(twice, field)[likely]
        np.testing.assert_allclose(one, two, rtol=1e-6, atol=1e-7, err_msg=field)


def test_the_two_forms_meet_where_one_takes_over():
    n = np.array([1.0, 10, 300, 1e5] * 5)
    mu = np.repeat([-6.0, -2, 0, 2, 6], 4)
    for x in (np.zeros_like(n), n):
        below = series_terms(x, n, mu, np.full_like(mu, 1.5))
        above = series_terms(x, n, mu, np.full_like(mu, np.nextafter(1.5, 2)))
        for field in ("log_value", *FIELDS):
            np.testing.assert_allclose(
                getattr(below, field), getattr(above, field), rtol=1e-9, atol=1e-8, err_msg=field
            )


def test_at_no_spread_the_integral_is_the_binomial():
    x, n, mu, _ = _points(200)
    whole, plain = series_terms(x, n, mu, np.zeros_like(mu)), binomial_terms(x, n, mu)
    for field in ("log_value", *FIELDS):
        scale = 1 + np.abs(plain.by_mu_mu)
        error = np.abs(getattr(whole, field) - getattr(plain, field)) / scale
        assert error.max() < 1e-9, field


def test_derivatives_are_those_of_the_value():
    x, n, mu, tau = (part[100:] for part in _points())
    terms, step = series_terms(x, n, mu, tau), 1e-4
    ahead, behind = (series_log_value(x, n, mu + s * step, tau) for s in (1, -1))
    scale = 1 + np.abs(terms.by_mu)
    assert (np.abs((ahead - behind) / (2 * step) - terms.by_mu) / scale).max() < 1e-5
    step = 1e-4 * tau
    ahead, behind = (series_log_value(x, n, mu, tau + s * step) for s in (1, -1))
    clear = tau > 0.01
    scale = 1 + np.abs(terms.by_tau)
    error = np.abs((ahead - behind) / (2 * step) - terms.by_tau) / scale
    assert error[clear].max() < 1e-5


def test_second_derivatives_are_those_of_the_first():
    x, n, mu, tau = (part[100:] for part in _points(1000))
    terms, step = series_terms(x, n, mu, tau), 1e-4
    ahead, behind = (series_terms(x, n, mu + s * step, tau) for s in (1, -1))
    for field, product, first in (
        ("by_mu_mu", terms.by_mu * terms.by_mu, "by_mu"),
        ("by_mu_tau", terms.by_mu * terms.by_tau, "by_tau"),
    ):
        slope = (getattr(ahead, first) - getattr(behind, first)) / (2 * step)
        second = getattr(terms, field)
        assert (np.abs(slope - (second - product)) / (1 + np.abs(second))).max() < 1e-5, field
