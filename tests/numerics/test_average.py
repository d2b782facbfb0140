import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import expit, logit

from toolkit.numerics.binomial.average import average_interval, average_over_centres, average_terms
from toolkit.numerics.binomial.binomial_normal import fit_ml


@pytest.mark.parametrize("mu", [-9.0, -1.3, 0.0, 2.5])
@pytest.mark.parametrize("tau", [0.0, 0.4, 1.9, 2.1, 6.0, 40.0])
def test_the_average_is_the_integral(mu, tau):
    def integrand(z):
        return expit(mu + tau * z) * np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi)

    edge = np.clip(-mu / tau, -37, 37) if tau else 0.0
    expected = sum(
        quad(integrand, *ends, epsabs=1e-13, limit=400)[0] for ends in ((-38, edge), (edge, 38))
    )
    assert float(average_over_centres(mu, tau)) == pytest.approx(expected, rel=1e-8, abs=1e-11)


def test_derivatives_are_those_of_the_value():
    mu, tau = np.array([-6.0, -1, 0.5, 3, -4]), np.array([0.3, 1.2, 1.99, 2.5, 9])
    _, by_mu, by_tau = average_terms(mu, tau)
    step = 1e-5
    slope = (average_over_centres(mu + step, tau) - average_over_centres(mu - step, tau)) / step / 2
    np.testing.assert_allclose(by_mu, slope, rtol=1e-7)
    slope = (average_over_centres(mu, tau + step) - average_over_centres(mu, tau - step)) / step / 2
    np.testing.assert_allclose(by_tau, slope, rtol=1e-6)


def test_without_spread_the_interval_is_that_of_mu():
    events, total = [3, 6, 10], [10, 20, 30]
    fit = fit_ml(events, events, total)
    assert fit.tau == 0
    ends = expit(fit.mu + np.array([0, -2.5, 2.5]) * fit.se_mu)
    np.testing.assert_allclose(average_interval(fit, 2.5), ends, rtol=1e-10)


def test_the_delta_method_is_that_of_the_joint_information():
    events, total = np.array([6, 3, 18, 14, 10]), np.array([8, 19, 27, 37, 38])
    fit = fit_ml(events, events, total)
    step = 1e-5

    def target(mu, tau):
        return float(logit(average_over_centres(mu, tau)))

    mu, tau = float(fit.mu), float(fit.tau)
    slope = np.array(
        [
            target(mu + step, tau) - target(mu - step, tau),
            target(mu, tau + step) - target(mu, tau - step),
        ]
    )
    slope /= 2 * step
    side = float(fit.covariance_mu_tau)
    covariance = np.array([[float(fit.se_mu) ** 2, side], [side, float(fit.se_tau) ** 2]])
    reach = 2 * np.sqrt(slope @ covariance @ slope)
    expected = expit(target(mu, tau) + np.array([0, -reach, reach]))
    np.testing.assert_allclose(average_interval(fit, 2.0), expected, rtol=1e-7)
