import numpy as np
import pytest
from scipy.special import expit

from toolkit.numerics.ladder.median_study import median_study


@pytest.mark.parametrize(("steps", "fine"), [(2, True), (2, False), (3, True), (4, False)])
def test_the_median_study_against_simulated_studies(steps, fine):
    random = np.random.default_rng(steps)
    mu, tau = random.normal(0, 1.3, (12, steps)), np.abs(random.normal(0, 1.1, (12, steps)))
    found = median_study(np.stack([mu, tau], axis=2), fine=fine)
    z = random.standard_normal((200_000, steps))
    for i in range(len(mu)):
        shares = expit(mu[i] + tau[i] * z).prod(axis=1)
        # Simulated to .001; the rule of nodes is at its worst where one step varies far more.
        below = np.mean(shares <= found[i])
        assert abs(below - 0.5) < (0.015 if fine else 0.03)


def test_of_one_step_it_is_the_share_itself():
    assert median_study(np.array([[[-0.4, 2.0]]]))[0] == pytest.approx(expit(-0.4), rel=1e-14)


def test_without_spread_it_is_the_product():
    point = np.array([[[0.3, 0.0], [1.1, 0.0], [-0.5, 0.0]]])
    assert median_study(point)[0] == pytest.approx(expit([0.3, 1.1, -0.5]).prod(), rel=1e-4)
