"""The shared tables of log-likelihoods against a dense integral and a beta-binomial law."""

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import betabinom

from tests.numerics.dense import log_likelihood
from toolkit.numerics.batches.cell_table import beta_binomial_cells, binomial_normal_cells
from toolkit.numerics.roots import between, crossing, peak

EVENTS, TOTAL = np.array([[6, 0, 5], [0, 3, 12]]), np.array([[8, 5, 5], [8, 12, 12]])


def test_a_sum_of_rows_is_the_likelihood_of_a_table():
    table = binomial_normal_cells({5, 8, 12}, series=3, patients=32)
    found = table.sums(EVENTS, TOTAL)
    mu, tau = table.location.values, table.spread.values
    for place, spread in ((20, 0), (30, 5), (41, 9), (50, 14)):
        for row, (x, n) in enumerate(zip(EVENTS, TOTAL, strict=True)):
            wanted = log_likelihood(x, n, mu[place], tau[spread])
            assert found[row, place, spread] == pytest.approx(wanted, abs=1e-5)


def test_the_beta_binomial_rows_are_scipys():
    table = beta_binomial_cells({5, 8, 12}, series=3, patients=32)
    found = table.sums(EVENTS, TOTAL)
    for place, spread in ((20, 1), (30, 5), (41, 9), (50, 12)):
        m, size = expit(table.location.values[place]), np.sinh(table.spread.values[spread]) ** -2
        wanted = betabinom.logpmf(EVENTS, TOTAL, m * size, (1 - m) * size).sum(axis=1)
        np.testing.assert_allclose(found[:, place, spread], wanted, rtol=1e-9)


def test_both_models_agree_without_spread():
    normal = binomial_normal_cells({5, 8, 12}, series=3, patients=32).sums(EVENTS, TOTAL)
    beta = beta_binomial_cells({5, 8, 12}, series=3, patients=32).sums(EVENTS, TOTAL)
    np.testing.assert_allclose(normal[:, :, 0], beta[:, :, 0], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    ("events", "total"), [([1], [9]), ([9], [8]), ([-1], [8]), ([0], [-1]), ([1], [300])]
)
def test_a_count_or_a_size_that_is_not_there_is_refused(events, total):
    table = binomial_normal_cells({5, 8}, series=1, patients=8)
    with pytest.raises(ValueError, match="not in this table"):
        table.sums(np.array([events]), np.array([total]))


def test_interpolants_are_exact_for_polynomials_of_their_degree():
    grid = np.arange(7.0)
    cubic = 0.1 * (grid - 2.3) ** 3 + 0.7 * (grid - 2.3)
    assert crossing(cubic[None], 0.0, np.array([2]))[0] == pytest.approx(2.3, abs=1e-9)
    place, height = peak(5 - (np.arange(-2.0, 3.0) - 0.4) ** 2 * 0.5)
    assert (float(place), float(height)) == (pytest.approx(0.4), pytest.approx(5.0))
    quartic = np.arange(-2.0, 3.0) ** 4
    assert between(quartic[None, :, None], np.array([0.7]))[0, 0] == pytest.approx(0.7**4)
