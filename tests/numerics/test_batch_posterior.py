"""Posterior quantiles of many tables against each table's own posterior on its finer grid."""

import numpy as np
import pytest
from scipy.stats import beta

from tests.numerics.simulated import DESIGNS, EXTREMES, extreme, tables
from toolkit.numerics.batches.cell_table import binomial_normal_cells
from toolkit.numerics.batches.posterior import posterior_quantiles, posterior_weights
from toolkit.numerics.posterior.bayes import posterior

SCALES = (0.5, 1.0, 2.0)
PROBABILITIES = (0.025, 0.5, 0.975)
# On the shared grid, in units of the proportion itself: what is promised, not rounding.
CLOSE = 5e-4


def quantiles(events, total, scales=SCALES):
    cells = binomial_normal_cells(
        set(total.ravel().tolist()),
        series=total.shape[1],
        patients=int(total.sum(axis=1).max()),
        tau_scales=scales,
    )
    weights = posterior_weights(cells, scales)
    return posterior_quantiles(cells.sums(events, total), weights, PROBABILITIES)


def exact(x, n, scales=SCALES):
    found = [posterior(x, x, n, tau_scale=scale) for scale in scales]
    return np.array(
        [
            [part.quantile(PROBABILITIES) for part in (each.typical, each.average, each.new_centre)]
            for each in found
        ]
    )


@pytest.mark.parametrize("design", DESIGNS)
def test_quantiles_are_those_of_a_tables_own_posterior(design):
    events, total = tables(design, 8, seed=11)
    found = quantiles(events, total)
    wanted = np.array([exact(x, n) for x, n in zip(events, total, strict=True)])
    np.testing.assert_allclose(found, wanted, rtol=0, atol=CLOSE)


@pytest.mark.parametrize("name", EXTREMES)
def test_the_posterior_of_an_extreme_table_is_proper_and_the_same(name):
    events, total = extreme(name)
    found = quantiles(events, total)
    assert (np.diff(found, axis=-1) > 0).all()
    np.testing.assert_allclose(found[0], exact(events[0], total[0]), rtol=0, atol=1e-3)


@pytest.mark.parametrize(
    ("scales", "close"), [((0.1, 5.0, 10.0), 1e-3), ((0.01, 20.0, 99.0), 1e-2)]
)
@pytest.mark.parametrize("name", ["all zero", "one event", "zero and full"])
def test_narrow_and_wide_priors_are_held_as_closely_as_is_said(name, scales, close):
    events, total = extreme(name)
    wanted = exact(events[0], total[0], scales)
    np.testing.assert_allclose(quantiles(events, total, scales)[0], wanted, rtol=0, atol=close)


def test_a_prior_of_almost_no_spread_is_one_pooled_table():
    """Without spread the posterior of the typical centre is a beta law."""
    events, total = tables("five series", 3, seed=11)
    found = quantiles(events, total, (0.01,))[:, 0, 0]
    x, n = events.sum(axis=1)[:, None], total.sum(axis=1)[:, None]
    np.testing.assert_allclose(found, beta.ppf(PROBABILITIES, x + 1, n - x + 1), rtol=0, atol=1e-2)


def test_turning_events_round_mirrors_every_quantile():
    events, total = tables("far apart, near full", 20, seed=3)
    there, back = quantiles(events, total), quantiles(total - events, total)
    np.testing.assert_allclose(there, 1 - back[..., ::-1], rtol=0, atol=1e-6)
