from functools import cache

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.interpolate import CubicSpline
from scipy.optimize import brentq
from scipy.special import expit, log_expit, logit, ndtr, ndtri
from scipy.stats import beta, betabinom

from benchmarks.random_tables import random_tables
from toolkit.numerics.binomial.average import average_over_centres
from toolkit.numerics.posterior.bayes import count_interval, posterior, posterior_from_table
from toolkit.numerics.posterior.likelihood_table import choose_grid, tabulate
from toolkit.numerics.posterior.marginals import difference

EVENTS, TOTAL = (6, 3, 18, 14, 10), (8, 19, 27, 37, 38)
THREE = ((6, 3, 10), (8, 19, 38))
QUANTILES = (0.025, 0.5, 0.975)


@cache
def _posterior(events=EVENTS, total=TOTAL, tau_scale=1.0):
    return posterior(events, events, total, tau_scale=tau_scale)


def _three(marginal):
    low, high = marginal.interval()
    return [marginal.median, low, high]


WORKED = {
    0.5: {
        "typical": (0.4153, 0.2520, 0.6119),
        "average": (0.4234, 0.2787, 0.5954),
        "tau": (0.699, 0.247, 1.287),
        "new_centre": (None, 0.1132, 0.8080),
    },
    1.0: {
        "typical": (0.4217, 0.2188, 0.6722),
        "average": (0.4340, 0.2678, 0.6315),
        "tau": (0.952, 0.363, 1.966),
        "new_centre": (None, 0.0618, 0.8986),
    },
    2.0: {
        "typical": (0.4258, 0.1939, 0.7174),
        "average": (0.4410, 0.2635, 0.6506),
        "new_centre": (None, 0.0344, 0.9460),
    },
}


@pytest.mark.parametrize("tau_scale", WORKED)
def test_the_worked_check(tau_scale):
    found = _posterior(tau_scale=tau_scale)
    for name, printed in WORKED[tau_scale].items():
        half_a_digit = 6e-4 if name == "tau" else 6e-5
        for value, expected in zip(_three(getattr(found, name)), printed, strict=True):
            if expected is not None:
                assert value == pytest.approx(expected, abs=half_a_digit), name


def test_the_worked_probability_and_the_three_cohorts():
    assert float(_posterior().new_centre.probability_above(0.30)) == pytest.approx(0.706, abs=5e-4)
    found = _posterior(*THREE)
    np.testing.assert_allclose(_three(found.typical), [0.3510, 0.1411, 0.6981], atol=6e-5)
    np.testing.assert_allclose(_three(found.average), [0.3740, 0.1889, 0.6446], atol=6e-5)


class Dense:
    """The same posterior a second time: even grids of mu and tau, convolutions by Fourier."""

    def __init__(self, events, total, tau_scale, step=0.02, reach=30.0):
        self.mu = np.arange(-reach, reach + step / 2, step)
        self.tau = np.arange(step / 2, min(8 * tau_scale, 9), step)
        size = 2 * len(self.mu)
        frequency = 2 * np.pi * np.fft.rfftfreq(size, step)
        series = [
            np.fft.rfft(np.exp(x * log_expit(self.mu) + (n - x) * log_expit(-self.mu)), size)
            for x, n in zip(events, total, strict=True)
        ]
        prior = np.exp(log_expit(self.mu) + log_expit(-self.mu))
        rows = []
        for tau in self.tau:
            row = prior * np.exp(-0.5 * (tau / tau_scale) ** 2)
            for one in series:
                smooth = np.fft.irfft(one * np.exp(-0.5 * (tau * frequency) ** 2), size)
                row = row * np.maximum(smooth[: len(self.mu)], 0)
            rows.append(row)
        self.mass = np.array(rows) / np.sum(rows)

    def typical(self):
        whole = CubicSpline(self.mu, self.mass.sum(axis=0)).antiderivative()
        return self._solve(lambda value: whole(value) / whole(self.mu[-1]), -20, 20, expit)

    def spread(self):
        half = self.mass.sum(axis=1)
        axis = np.concatenate([-self.tau[::-1], self.tau])
        whole = CubicSpline(axis, np.concatenate([half[::-1], half])).antiderivative()
        end = whole(self.tau[-1])
        return self._solve(lambda value: 2 * whole(value) / end - 1, 0, self.tau[-1], float)

    def new_centre(self):
        def below(value):
            return float(np.sum(self.mass * ndtr((value - self.mu) / self.tau[:, None])))

        return self._solve(below, -25, 25, expit)

    def average(self):
        middle = np.abs(self.mu) < 14
        integrals, inverses = [], []
        for row, tau in zip(self.mass, self.tau, strict=True):
            integrals.append(CubicSpline(self.mu, row).antiderivative())
            mean = logit(average_over_centres(self.mu[middle], tau))
            inverses.append(CubicSpline(mean, self.mu[middle]))
        end = sum(part(self.mu[-1]) for part in integrals)

        def below(value):
            pairs = zip(integrals, inverses, strict=True)
            return sum(part(inverse(value)) for part, inverse in pairs) / end

        return self._solve(below, -4, 4, expit)

    @staticmethod
    def _solve(below, low, high, back):
        return [
            float(back(brentq(lambda value, q=q: below(value) - q, low, high, xtol=1e-11)))
            for q in QUANTILES
        ]


@pytest.mark.parametrize(
    ("events", "total", "tau_scale"), [(EVENTS, TOTAL, 1.0), (*THREE, 0.5), ((2, 9), (10, 12), 1.0)]
)
def test_quantiles_are_those_of_a_dense_grid(events, total, tau_scale):
    dense, found = Dense(events, total, tau_scale), _posterior(events, total, tau_scale)
    for marginal, expected in (
        (found.typical, dense.typical()),
        (found.average, dense.average()),
        (found.tau, dense.spread()),
        (found.new_centre, dense.new_centre()),
    ):
        np.testing.assert_allclose(marginal.quantile(QUANTILES), expected, rtol=0, atol=1e-6)


def test_every_run_gives_the_same_numbers():
    one, two = (posterior(EVENTS, EVENTS, TOTAL) for _ in range(2))
    for name in ("typical", "average", "tau", "new_centre"):
        assert _three(getattr(one, name)) == _three(getattr(two, name))


def test_without_series_the_posterior_is_the_prior():
    found = posterior([0], [0], [0], tau_scale=0.7)
    np.testing.assert_allclose(found.typical.quantile(QUANTILES), QUANTILES, atol=1e-6)
    half_normal = 0.7 * ndtri(0.5 + np.array(QUANTILES) / 2)
    np.testing.assert_allclose(found.tau.quantile(QUANTILES), half_normal, atol=1e-6)


@pytest.mark.parametrize(("x", "n"), [(0, 10), (12, 12), (3, 10), (1, 400)])
def test_one_series_and_hardly_any_spread_is_a_beta_law(x, n):
    found = posterior([x], [x], [n], tau_scale=1e-4)
    law = beta(x + 1, n - x + 1)
    for marginal in (found.typical, found.average, found.new_centre):
        np.testing.assert_allclose(marginal.quantile(QUANTILES), law.ppf(QUANTILES), atol=1e-6)
    grid = law.ppf([0.1, 0.4, 0.8])
    np.testing.assert_allclose(found.typical.density(grid), law.pdf(grid), rtol=1e-5)
    counts = np.arange(21)
    expected = betabinom(20, x + 1, n - x + 1).pmf(counts)
    np.testing.assert_allclose(found.new_count(20), expected, atol=1e-6)


def test_marginals_invert_themselves():
    found = _posterior()
    for marginal in (found.typical, found.average, found.tau, found.new_centre):
        q = np.array([0.001, 0.1, 0.5, 0.9, 0.999])
        np.testing.assert_allclose(marginal.cdf(marginal.quantile(q)), q, atol=1e-10)
        low, high = marginal.interval(0.8)
        mass = quad(lambda value, m=marginal: float(m.density(value)), low, high, epsabs=1e-10)[0]
        assert mass == pytest.approx(0.8, abs=1e-7)
    np.testing.assert_allclose(found.typical.probability_above([0, 1]), [1, 0])


def test_new_counts_are_those_of_the_new_centre():
    found = _posterior()
    pmf = found.new_count(12)
    assert pmf.sum() == pytest.approx(1, abs=1e-12)
    mean = quad(lambda p: p * float(found.new_centre.density(p)), 0, 1, limit=200)[0]
    assert float(pmf @ np.arange(13)) / 12 == pytest.approx(mean, abs=1e-6)


def test_count_interval_leaves_at_most_half_the_rest_on_either_side():
    pmf = np.array([0.02, 0.03, 0.2, 0.5, 0.2, 0.04, 0.01])
    assert count_interval(pmf, 0.9) == (2, 4)
    assert count_interval(pmf, 0.5) == (3, 3)
    assert count_interval(np.array([1.0, 0.0]), 0.95) == (0, 0)


def test_subsets_from_one_table_are_posteriors_of_their_own():
    masks = np.vstack([np.ones(5, dtype=bool), ~np.eye(5, dtype=bool)])
    grid = choose_grid(EVENTS, EVENTS, TOTAL, masks, tau_scale=1.0)
    table = tabulate(EVENTS, EVENTS, TOTAL, grid)
    assert table.shape == (5, len(grid.mu), len(grid.tau))
    for mask in masks:
        shared = posterior_from_table(EVENTS, EVENTS, TOTAL, grid, table, mask)
        alone = posterior(EVENTS, EVENTS, TOTAL, mask)
        for name in ("typical", "average", "tau", "new_centre"):
            np.testing.assert_allclose(
                _three(getattr(shared, name)), _three(getattr(alone, name)), atol=1e-6
            )


def test_a_table_row_depends_on_its_own_count_alone():
    grid = choose_grid(EVENTS, EVENTS, TOTAL)
    whole = tabulate(EVENTS, EVENTS, TOTAL, grid)
    np.testing.assert_array_equal(whole[2:3], tabulate([18], [18], [27], grid))


def test_series_are_drawn_towards_the_others():
    found = _posterior()
    shrunken = found.series()
    raw = np.array(EVENTS) / np.array(TOTAL)
    centre = found.typical.median
    for marginal, own in zip(shrunken, raw, strict=True):
        assert min(own, centre) - 0.01 < marginal.median < max(own, centre) + 0.01
    # With tau next to 0 every series is the typical centre.
    tight = posterior(EVENTS, EVENTS, TOTAL, tau_scale=1e-4)
    for marginal in tight.series():
        np.testing.assert_allclose(_three(marginal), _three(tight.typical), atol=1e-5)
    masked = posterior(EVENTS, EVENTS, TOTAL, [True, False, True, True, True])
    assert masked.series()[1] is None


@pytest.mark.parametrize(
    ("events", "total", "ends", "within"),
    [
        (EVENTS, TOTAL, (-6, 8), 1e-5),
        ((500, 3, 6), (1000, 10, 10), (-0.6, 0.6), 1e-5),
        # A series that is all but impossible under what the others say; where only one other says
        # it, tau is left to its prior and the dense grid's coarse steps count.
        ((0, 31), (150, 37), (-22, 4), 1e-4),
        ((0, 10, 9), (40, 10, 10), (-22, 5), 1e-5),
    ],
)
def test_a_shrunken_series_is_that_of_a_dense_grid(events, total, ends, within):
    # The second table's first series says nearly all there is: without it the grid ends early.
    dense, found = Dense(events[1:], total[1:], 1.0), _posterior(events, total).series()[0]
    x, n = events[0], total[0]

    def density(theta):
        normal = np.exp(-0.5 * ((theta - dense.mu) / dense.tau[:, None]) ** 2) / dense.tau[:, None]
        own = np.exp(x * log_expit(theta) + (n - x) * log_expit(-theta) + n * np.log(2))
        return float(np.sum(dense.mass * normal) * own)

    grid = np.linspace(*ends, 561)
    whole = CubicSpline(grid, [density(theta) for theta in grid]).antiderivative()
    cdf = whole(logit(found.quantile(QUANTILES))) / whole(grid[-1])
    # The dense grid itself is good to 1e-5 here: at small tau its steps are coarse.
    np.testing.assert_allclose(cdf, QUANTILES, atol=within)


def test_an_open_cell_mixes_its_counts():
    low, high = np.array([0, *EVENTS]), np.array([3, *EVENTS])
    total = np.array([12, *TOTAL])
    grid = choose_grid(low, high, total)
    row = tabulate(low, high, total, grid)[0]
    parts = [tabulate([x], [x], [12], grid)[0] for x in range(4)]
    np.testing.assert_allclose(row, np.logaddexp.reduce(parts), rtol=1e-12, atol=1e-13)
    found = posterior(low, high, total)
    assert 0 < found.series()[0].median < 0.35


def test_difference_of_two_uniforms_is_a_triangle():
    prior = posterior([0], [0], [0], tau_scale=0.5).typical
    apart = difference(prior, prior)
    values = np.array([-0.7, -0.2, 0.0, 0.4, 0.9])
    triangle = np.where(values < 0, (1 + values) ** 2 / 2, 1 - (1 - values) ** 2 / 2)
    np.testing.assert_allclose(apart.cdf(values), triangle, atol=1e-6)
    assert apart.median == pytest.approx(0, abs=1e-6)
    np.testing.assert_allclose(apart.interval(), [-1 + 0.05**0.5, 1 - 0.05**0.5], atol=1e-6)


@pytest.mark.parametrize(
    ("first", "second"), [((3, 10), (6, 20)), ((0, 10), (700, 1000)), ((40, 400), (12, 12))]
)
def test_difference_of_two_beta_laws(first, second):
    marginals, laws = [], []
    for x, n in (first, second):
        marginals.append(posterior([x], [x], [n], tau_scale=1e-4).typical)
        laws.append(beta(x + 1, n - x + 1))
    apart, back = difference(*marginals), difference(*reversed(marginals))
    for value in (-0.5, -0.05, 0.0, 0.1, 0.3):
        q = np.linspace(0, 1, 200_001)[1:-1:2]
        expected = float(np.mean(1 - laws[1].cdf(laws[0].ppf(q) - value)))
        assert float(apart.cdf(value)) == pytest.approx(expected, abs=2e-5)
        assert float(back.probability_above(-value)) == pytest.approx(
            float(apart.cdf(value)), abs=1e-6
        )


def test_order_and_mirror():
    found = _posterior()
    shuffled = _posterior((10, 18, 3, 14, 6), (38, 27, 19, 37, 8))
    others = tuple(n - x for x, n in zip(EVENTS, TOTAL, strict=True))
    mirrored = _posterior(others, TOTAL)
    for name in ("typical", "average", "new_centre"):
        one = getattr(found, name).quantile(QUANTILES)
        np.testing.assert_allclose(getattr(shuffled, name).quantile(QUANTILES), one, atol=1e-9)
        other = getattr(mirrored, name).quantile(QUANTILES)
        np.testing.assert_allclose(1 - other[::-1], one, atol=1e-7)
    np.testing.assert_allclose(_three(found.tau), _three(mirrored.tau), atol=1e-6)


@pytest.mark.parametrize(
    ("events", "total"),
    [
        ((0, 0, 0, 0), (10, 20, 15, 8)),
        ((10, 20, 15, 8), (10, 20, 15, 8)),
        ((3, 6, 9), (10, 20, 30)),
        ((0, 0, 0, 5), (20, 18, 25, 22)),
        ((0, 12), (10, 12)),
        ((0,), (1,)),
        ((500, 40_000), (1_000, 100_000)),
    ],
)
def test_traps_have_finite_ordered_answers(events, total):
    with np.errstate(all="raise", under="ignore"):
        found = posterior(events, events, total)
        for marginal in (found.typical, found.average, found.tau, found.new_centre):
            median, low, high = _three(marginal)
            assert low < median < high
            assert low >= 0
    assert found.average.interval()[1] < 1


def test_random_tables_have_finite_ordered_answers():
    events, total, mask = random_tables(60)
    with np.errstate(all="raise", under="ignore"):
        for x, n, used in zip(events, total, mask, strict=True):
            found = posterior(x[used], x[used], n[used])
            for marginal in (found.typical, found.average, found.tau, found.new_centre):
                median, low, high = _three(marginal)
                assert low < median < high


def test_impossible_requests_are_refused():
    with pytest.raises(ValueError, match="tau_scale must be above 0"):
        posterior([1], [1], [4], tau_scale=0)
    found = _posterior()
    with pytest.raises(ValueError, match="up to the grid"):
        posterior_from_table(EVENTS, EVENTS, TOTAL, found.grid, found.table, tau_scale=2.0)
    with pytest.raises(ValueError, match="probabilities must lie"):
        _posterior().typical.quantile(1.0)
    with pytest.raises(ValueError, match="two proportions"):
        difference(_posterior().typical, _posterior().tau)
