import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit
from scipy.stats import binom

from toolkit.numerics.binomial.average import average_over_centres
from toolkit.numerics.ladder.likelihood import ladder_likelihood
from toolkit.numerics.ladder.links import lay_out_links
from toolkit.numerics.ladder.other_models import (
    correlated_average,
    correlated_log_likelihood,
    fit_parallel,
)

TOTAL = [38, 19, 8, 27, 37]
LOW = [[17, 10, 4], [3, 0, 0], [6, 6, 4], [18, 18, 0], [14, 14, 14]]
HIGH = [[17, 10, 7], [3, 3, 0], [8, 6, 6], [27, 18, 18], [37, 37, 14]]
POINTS = np.array([[[0.2, 0.8], [0.9, 0.5], [0.1, 1.1]], [[1.0, 1.4], [0.4, 0.3], [-0.5, 0.6]]])


def test_without_correlation_it_is_the_ladder_itself():
    found = correlated_log_likelihood(LOW, HIGH, TOTAL, POINTS, 0.0)
    expected = ladder_likelihood(lay_out_links(LOW, HIGH, TOTAL), exact=True)(POINTS)
    np.testing.assert_allclose(found, expected, atol=1e-4)


@pytest.mark.parametrize("rho", [-0.5, 0.5])
def test_correlated_effects_against_simulated_studies(rho):
    random = np.random.default_rng(3)
    root = np.linalg.cholesky(np.array([[1, rho, rho**2], [rho, 1, rho], [rho**2, rho, 1]]))
    z = random.standard_normal((400_000, 3)) @ root.T
    shares = np.cumprod(expit(POINTS[0, :, 0] + POINTS[0, :, 1] * z), axis=1)
    error = 4 * shares.std(axis=0) / np.sqrt(len(z))
    assert (np.abs(correlated_average(POINTS, rho)[0] - shares.mean(axis=0)) < error).all()
    steps = shares[:, 1] / shares[:, 0]
    weight = binom.pmf(17, 38, shares[:, 0]) * binom.pmf(10, 17, steps)
    weight *= binom.pmf(4, 10, shares[:, 2] / shares[:, 1])
    found = np.exp(correlated_log_likelihood([[17, 10, 4]], [[17, 10, 4]], [38], POINTS[:1], rho))
    assert abs(found[0] - weight.mean()) < 4 * weight.std() / np.sqrt(len(z))


def test_the_parallel_model_against_a_simplex_search():
    z = np.linspace(-8, 8, 321)
    w = np.exp(-0.5 * z**2)
    w /= w.sum()

    def cost(at):
        first, second, third = (expit(each + at[3] * z) for each in at[:3])
        if not at[0] > at[1] > at[2]:
            return 1e6
        last = third / second
        four_to_seven = binom.cdf(7, 10, last) - binom.cdf(3, 10, last)
        rows = [
            binom.pmf(17, 38, first) * binom.pmf(10, 17, second / first) * four_to_seven,
            binom.pmf(3, 19, first) * binom.pmf(0, 3, third / first),
            binom.pmf(6, 8, second) * (1 - binom.cdf(3, 6, last)),
            binom.pmf(18, 27, second),
            binom.pmf(14, 37, third),
        ]
        return -sum(np.log(w @ row) for row in rows)

    best = minimize(cost, [0.5, -0.3, -1.0, 1.2], method="Nelder-Mead")
    found = fit_parallel(LOW, HIGH, TOTAL)
    np.testing.assert_allclose(found.logits, best.x[:3], atol=1e-3)
    assert found.tau == pytest.approx(best.x[3], abs=1e-3)
    expected = average_over_centres(found.logits, np.full(3, found.tau))
    np.testing.assert_allclose(found.averages, expected, atol=1e-6)
