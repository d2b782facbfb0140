"""What a series does to a likelihood fit, against a dense grid and fits of the others alone."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2

from tests.numerics.dense import log_likelihood
from toolkit.numerics.binomial.binomial_normal import fit_ml
from toolkit.numerics.binomial.influence import likelihood_influence

EVENTS, TOTAL = [6, 3, 18, 14, 10], [8, 19, 27, 37, 38]


def test_the_displacement_is_that_of_a_dense_grid() -> None:
    whole, found = likelihood_influence(EVENTS, EVENTS, TOTAL)
    best = log_likelihood(EVENTS, TOTAL, float(whole.mu), float(whole.tau))
    for i in range(5):
        others = [j for j in range(5) if j != i]
        x, n = [EVENTS[j] for j in others], [TOTAL[j] for j in others]
        apart = fit_ml(x, x, n)
        assert found.mu[i] == pytest.approx(float(apart.mu), abs=1e-8)
        moved = log_likelihood(EVENTS, TOTAL, float(apart.mu), float(apart.tau))
        assert found.displacement[i] == pytest.approx(2 * (best - moved), abs=1e-6)
        assert found.confidence[i] == pytest.approx(chi2.cdf(2 * (best - moved), 2), abs=1e-6)
        pull = (float(whole.mu) - float(apart.mu)) / float(apart.se_mu)
        assert found.dfbetas[i] == pytest.approx(pull, abs=1e-7)


def test_without_the_last_the_centre_is_that_of_r() -> None:
    # rma.glmm(measure = "PLO") of 6/8, 3/19 and 10/38, without 14/37: .3364.
    _, found = likelihood_influence([6, 3, 10, 14], [6, 3, 10, 14], [8, 19, 38, 37])
    assert 1 / (1 + np.exp(-found.mu[3])) == pytest.approx(0.3364, abs=5e-5)


def test_the_mirror_image_is_pulled_the_other_way() -> None:
    _, found = likelihood_influence(EVENTS, EVENTS, TOTAL)
    turned = [n - x for x, n in zip(EVENTS, TOTAL, strict=True)]
    _, mirror = likelihood_influence(turned, turned, TOTAL)
    assert mirror.dfbetas == pytest.approx(-found.dfbetas, abs=1e-6)
    assert mirror.displacement == pytest.approx(found.displacement, abs=1e-6)


def test_what_cannot_be_fitted_without_a_series_is_told() -> None:
    # Without the last series no patient has the event, and a proportion of 0 has no logit.
    _, found = likelihood_influence([0, 0, 0, 4], [0, 0, 0, 4], [9, 8, 7, 9])
    assert found.fitted.tolist() == [True, True, True, False]
    assert np.isnan(found.displacement[3])
    assert np.isfinite(found.displacement[:3]).all()
    with pytest.raises(ValueError, match="event"):
        likelihood_influence([0, 0, 0], [0, 0, 0], [9, 8, 7])
