"""Maximum likelihood of ladders against a search that knows none of the toolkit's code."""

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit
from scipy.stats import binom

from toolkit.numerics.binomial.average import average_over_centres
from toolkit.numerics.binomial.binomial_normal import FitStatus, fit_ml
from toolkit.numerics.binomial.profile_likelihood import profile_interval_mu
from toolkit.numerics.ladder.likelihood import ladder_likelihood
from toolkit.numerics.ladder.links import lay_out_links
from toolkit.numerics.ladder.maximum import ladder_maximum
from toolkit.numerics.ladder.median_study import median_study
from toolkit.numerics.ladder.region import rung_intervals, step_interval

TOTAL = [38, 19, 8, 27, 37, 30]
LOW = [[17, 10], [3, 0], [6, 6], [18, 18], [14, 14], [21, 8]]
HIGH = [[17, 10], [3, 3], [8, 6], [27, 18], [37, 14], [21, 8]]
Z = np.linspace(-8, 8, 129)
WEIGHT = np.exp(-0.5 * Z**2) / np.exp(-0.5 * Z**2).sum()


def minus_log_likelihood(at):
    """Two steps, by an even rule over both effects: unreported counts fall out of the product."""
    first, second = (expit(at[i] + at[i + 1] * Z) for i in (0, 2))
    both = first[:, None] * second
    joint = WEIGHT[:, None] * WEIGHT
    whole = 0.0
    for n, low, high in zip(TOTAL, LOW, HIGH, strict=True):
        if low[0] == high[0]:
            own = binom.pmf(low[0], n, first)[:, None]
            inner = binom.cdf(high[1], low[0], second) - binom.cdf(low[1] - 1, low[0], second)
            whole += np.log(np.sum(joint * own * inner))
        else:
            whole += np.log(np.sum(joint * binom.pmf(low[1], n, both)))
    return -whole


def test_two_steps_with_gaps_against_a_simplex_search():
    found = ladder_maximum(lay_out_links(LOW, HIGH, TOTAL))
    best = min(
        (
            minimize(
                minus_log_likelihood,
                start,
                method="Nelder-Mead",
                options={"xatol": 1e-7, "fatol": 1e-12, "maxiter": 4000},
            )
            for start in ([0.5, 1.0, 0.5, 0.5], [0.0, 2.0, 1.0, 0.1])
        ),
        key=lambda run: run.fun,
    )
    expected = np.abs(best.x.reshape(2, 2)) * [[np.sign(best.x[0]), 1], [np.sign(best.x[2]), 1]]
    np.testing.assert_allclose(found.points, expected, atol=1e-4)
    assert found.log_likelihood == pytest.approx(-best.fun, abs=1e-8)


def test_steps_that_do_not_hang_together_are_ordinary_fits():
    total, outer, inner = [30, 22, 41, 18], [14, 9, 30, 5], [6, 6, 9, 1]
    cells = np.stack([outer, inner], axis=1)
    found = ladder_maximum(lay_out_links(cells, cells, total))
    for step, (events, among) in enumerate(((outer, total), (inner, outer))):
        alone = fit_ml(events, events, among)
        np.testing.assert_allclose(found.points[step], [alone.mu, alone.tau], rtol=1e-12)


def test_bounds_alone_give_the_known_estimate():
    # Counts 10, 0 to 3, 18, 14 to 37 and 6: 45.7%, tau 1.21, profile limits 12.7 to 83.0 by t(4).
    low, high = [[10], [0], [18], [14], [6]], [[10], [3], [18], [37], [6]]
    links = lay_out_links(low, high, [38, 19, 27, 37, 8])
    found = ladder_maximum(links)
    assert expit(found.points[0, 0]) == pytest.approx(0.457, abs=5e-4)
    assert found.points[0, 1] == pytest.approx(1.21, abs=5e-3)


def test_the_intervals_of_one_rung_are_its_profile_interval():
    events, total = [6, 3, 18, 14, 10], [8, 19, 27, 37, 38]
    cells = np.array(events)[:, None]
    links = lay_out_links(cells, cells, total)
    found = ladder_maximum(links)
    fit = fit_ml(events, events, total)
    ends = expit([float(end) for end in profile_interval_mu(fit, events, events, total)])
    critical = 3.841458820694124
    np.testing.assert_allclose(
        rung_intervals(links, found, critical, 1, median_study)[0], ends, atol=1e-5
    )


def test_the_ends_of_a_mean_are_where_its_profile_crosses():
    links = lay_out_links(LOW, HIGH, TOTAL)
    found = ladder_maximum(links)
    likelihood = ladder_likelihood(links, exact=True)
    ends = rung_intervals(links, found, 3.84, 2)
    assert ends[1][0] < ends[0][0]
    assert ends[1][1] < ends[0][1]
    # No point of a dense cloud within the region has a mean outside the ends, and some come close.
    random = np.random.default_rng(5)
    cloud = found.points + random.normal(0, 1, (40_000, 2, 2)) * [0.8, 0.6]
    cloud[..., 1] = np.abs(cloud[..., 1])
    inside = likelihood(cloud) >= found.log_likelihood - 1.92
    shares = np.cumprod(average_over_centres(cloud[inside, :, 0], cloud[inside, :, 1]), axis=1)
    for rung, (low, high) in enumerate(ends):
        assert low - 1e-6 <= shares[:, rung].min() < low + 0.05
        assert high + 1e-6 >= shares[:, rung].max() > high - 0.05
    low, high = step_interval(links, found, 3.84, 1)
    step = average_over_centres(cloud[inside, 1, 0], cloud[inside, 1, 1])
    assert low - 1e-6 <= step.min()
    assert step.max() <= high + 1e-6


def test_a_step_that_everybody_takes_has_no_finite_estimate():
    found = ladder_maximum(lay_out_links([[4, 4], [7, 7]], [[4, 4], [7, 7]], [9, 12]))
    assert found.status == (FitStatus.FITTED, FitStatus.ALL_FULL)
    gaps = ladder_maximum(
        lay_out_links([[4, 4], [7, 7], [5, 5]], [[4, 4], [7, 7], [9, 5]], [9, 12, 9])
    )
    assert gaps.status == (FitStatus.FITTED, FitStatus.ALL_FULL)
    assert np.isnan(gaps.points[1]).all()
