"""Maximum likelihood of the binomial-normal model, one stage, in batches of tables.

``x_i ~ Binomial(n_i, expit(theta_i))``, ``theta_i ~ N(mu, tau^2)``. No continuity correction: zero
and full cells enter with their exact likelihood.

**Source**: Stijnen, Hamza, Ozdemir 2010, Stat Med 29:3046, doi 10.1002/sim.4040.
**Checked against**: metafor's rma.glmm and a 41-node optimum, tests/reference/glmm_exact.csv.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc, expit, logit, xlogy

from toolkit.numerics.ascent import Surface, climb, two_by_two
from toolkit.numerics.binomial.cells import Cells, lay_out
from toolkit.numerics.binomial.series_likelihood import (
    COARSE_NODES,
    FINE_NODES,
    binomial_terms,
    series_terms,
)
from toolkit.numerics.tables import Booleans, Floats, Integers


class FitStatus(IntEnum):
    """What became of a table."""

    FITTED = 0
    ALL_ZERO = 1
    ALL_FULL = 2
    NOT_ESTIMABLE = 3
    NO_SERIES = 4
    NOT_SETTLED = 5

    @property
    def sentence(self) -> str:
        """Return what this means for a reader."""
        return _SENTENCES[self]


_SENTENCES = {
    FitStatus.FITTED: "The model was fitted.",
    FitStatus.ALL_ZERO: "No study has an event: the likelihood is largest at 0.",
    FitStatus.ALL_FULL: "Every patient has the event: the likelihood is largest at 1.",
    FitStatus.NOT_ESTIMABLE: (
        "Studies without any event stand beside studies where every patient has it: "
        "the heterogeneity has no finite estimate."
    ),
    FitStatus.NO_SERIES: "No study has a count to pool.",
    FitStatus.NOT_SETTLED: "The search for the largest likelihood did not settle.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BinomialNormalFit:
    """Estimates on the logit scale, one entry a table; NaN exactly where status is not FITTED.

    Attributes
    ----------
    status : a `FitStatus`
    n_series : series with a count that says something
    mu, tau : mean and standard deviation of the centres' logits
    se_mu : from the joint observed information of (mu, tau); at tau = 0 from that of mu alone
    se_tau, covariance_mu_tau : from the same; not defined (NaN) at tau = 0
    log_likelihood : with binomial coefficients, at the maximum
    mu_common, log_likelihood_common : the same under tau = 0
    lr_statistic, lr_p_value : likelihood-ratio test of tau = 0, against equal parts of chi-square
        with 0 and 1 degrees of freedom
    """

    status: Integers
    n_series: Integers
    mu: Floats
    tau: Floats
    se_mu: Floats
    se_tau: Floats
    covariance_mu_tau: Floats
    log_likelihood: Floats
    mu_common: Floats
    log_likelihood_common: Floats
    lr_statistic: Floats
    lr_p_value: Floats


_SCREEN_LEVELS = (0.4, 0.8, 1.6, 3.5, 8.0, 20.0)
_SCREEN_NOISE = 3e-3
_SMALL_LOSS = 0.05
_SCREEN_NODES = 15
_LEAST_TAU = 1e-5
_LEAST_START = 0.05
_LEAST_BEND = 1e-9
_LEAST_GAIN = 1e-11
_LEAST_LIMIT_GAP = 1e-6
_LONGEST = np.array([2.0, 1.0])
_COMMON_STEPS = 100


def fit_ml(
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    total: npt.ArrayLike,
    mask: npt.ArrayLike | None = None,
    *,
    start: Floats | None = None,
    surface: Surface | None = None,
) -> BinomialNormalFit:
    """Return the maximum-likelihood fit of every table.

    Leaving one series out, or any subsets, are a choice of masks: ``~np.eye(k, dtype=bool)``.

    Parameters
    ----------
    low, high, total : (..., k)
        Admissible counts low..high among total patients; low = high for an ordinary cell.
    mask : (..., k), optional
        True where a series is used.
    start : (..., 2), optional
        mu and tau near the maximum, where they are known already: which hill is the highest is not
        searched for. Not read where there is none.
    surface : Surface, optional
        The log-likelihoods, where they are known in a faster way: of the tables whose pattern of
        counts has a fit, in their order.

    Raises
    ------
    ValueError
        If a used cell is not made of whole numbers with 0 <= low <= high <= total.

    Examples
    --------
    >>> fit = fit_ml([6, 3, 18, 14, 10], [6, 3, 18, 14, 10], [8, 19, 27, 37, 38])
    >>> round(float(fit.mu), 4), round(float(fit.se_mu), 4), round(float(fit.tau), 4)
    (-0.3463, 0.4329, 0.8369)
    """
    cells = lay_out(low, high, total, mask)
    status = status_of_pattern(cells)
    columns = np.full((6, cells.tables), np.nan)
    common = np.full((2, cells.tables), np.nan)
    fitted = status == FitStatus.FITTED
    if fitted.any():
        some = cells.chosen(fitted)
        known = None if start is None else start.reshape(-1, 2)[fitted]
        columns[:, fitted], common[:, fitted], settled = _fit(some, known, surface)
        status[fitted] = np.where(settled, FitStatus.FITTED, FitStatus.NOT_SETTLED)
        endless = limit_at_infinite_spread(some) >= columns[5, fitted] - _LEAST_LIMIT_GAP
        status[np.flatnonzero(fitted)[endless]] = FitStatus.NOT_ESTIMABLE
        columns[:, status != FitStatus.FITTED] = np.nan
        common[:, status != FitStatus.FITTED] = np.nan
    return _record(cells, status, columns, common)


def _record(cells: Cells, status: Integers, columns: Floats, common: Floats) -> BinomialNormalFit:
    mu, tau, se_mu, se_tau, covariance, value = columns
    lr = np.maximum(2 * (value - common[1]), 0.0)
    with np.errstate(invalid="ignore"):
        p_value = np.where(lr > 0, 0.5 * chdtrc(1, lr), np.where(np.isnan(lr), np.nan, 1.0))
    return BinomialNormalFit(
        status=status.reshape(cells.shape),
        n_series=np.bincount(cells.table, minlength=cells.tables).reshape(cells.shape),
        mu=mu.reshape(cells.shape),
        tau=tau.reshape(cells.shape),
        se_mu=se_mu.reshape(cells.shape),
        se_tau=se_tau.reshape(cells.shape),
        covariance_mu_tau=covariance.reshape(cells.shape),
        log_likelihood=value.reshape(cells.shape),
        mu_common=common[0].reshape(cells.shape),
        log_likelihood_common=common[1].reshape(cells.shape),
        lr_statistic=lr.reshape(cells.shape),
        lr_p_value=p_value.reshape(cells.shape),
    )


def status_of_pattern(cells: Cells) -> Integers:
    """Return what the pattern of the counts alone decides."""
    count = np.bincount(cells.table, minlength=cells.tables)
    zero = cells.per_table(cells.low == 0)
    full = cells.per_table(cells.high == cells.total)
    sharp = cells.per_table((cells.low == cells.high) & (cells.total == 1))
    edges = cells.per_table((cells.high == 0) | (cells.low == cells.total))
    status = np.full(cells.tables, FitStatus.FITTED, dtype=np.int64)
    status[(edges == count) & (sharp < count)] = FitStatus.NOT_ESTIMABLE
    status[zero == count] = FitStatus.ALL_ZERO
    status[full == count] = FitStatus.ALL_FULL
    status[count == 0] = FitStatus.NO_SERIES
    return status


def limit_at_infinite_spread(cells: Cells) -> Floats:
    """Return the log-likelihood's limit as the spread grows without bound.

    A cell that admits 0 then has the probability that a centre lies at 0, a cell that admits all
    patients the rest; a cell that admits neither has none, and the limit is minus infinity.
    """
    zero = cells.per_table(cells.low == 0)
    full = cells.per_table(cells.high == cells.total)
    count = np.bincount(cells.table, minlength=cells.tables)
    share = zero / np.maximum(count, 1)
    limit = xlogy(zero, share) + xlogy(full, 1 - share)
    # One patient a series says nothing on heterogeneity: there tau = 0 attains the same value.
    single = cells.per_table(cells.total == 1) == count
    return np.where((zero + full == count) & ~single, limit, -np.inf)


def _fit(
    cells: Cells, known: Floats | None, surface: Surface | None
) -> tuple[Floats, Floats, Booleans]:
    mu_common, value_common, bend = fit_common(cells)
    if known is None:
        start, rising = _screen(cells, mu_common, value_common)
    else:
        # At tau = 0 itself the likelihood is flat, and an ascent would stay there.
        start = np.stack([known[:, 0], np.arcsinh(np.maximum(known[:, 1], _LEAST_START))], axis=1)
        rising = known[:, 1] > 0
    columns = np.full((6, cells.tables), np.nan)
    settled = np.ones(cells.tables, dtype=bool)
    # The likelihood is even in tau, so tau = 0 is always flat: its bend decides, or a rise beyond.
    searched = rising | (bend > _LEAST_BEND)
    if searched.any():
        some = cells.chosen(searched)
        rough, fine_surface = start[searched], surface and surface.chosen(searched)
        if fine_surface is None:
            coarse = BinomialNormalSurface(cells=some, nodes=COARSE_NODES)
            rough, _ = climb(coarse, rough, _LONGEST, 1e-6)
            fine_surface = BinomialNormalSurface(cells=some, nodes=FINE_NODES)
        fine, settled[searched] = climb(fine_surface, rough, _LONGEST, 1e-12)
        columns[:, searched] = _at_optimum(fine_surface, fine)
    inside = (columns[1] > _LEAST_TAU) & (columns[5] > value_common + _LEAST_GAIN)
    columns[:, ~inside] = _at_edge(cells.chosen(~inside), mu_common[~inside])
    return columns, np.stack([mu_common, value_common]), settled


@dataclass(frozen=True, slots=True, kw_only=True)
class BinomialNormalSurface:
    """Log-likelihoods as functions of (mu, u), tau = |sinh u|: even at 0, logarithmic far out."""

    cells: Cells
    nodes: int

    def __call__(self, points: Floats) -> tuple[Floats, Floats, Floats]:
        """Return values (B,), gradients (B, 2) and second derivatives (B, 2, 2)."""
        mu, u = points.T
        return in_spread(log_likelihood(self.cells, mu, np.sinh(np.abs(u)), self.nodes), u)

    def chosen(self, kept: Booleans) -> BinomialNormalSurface:
        """Return the tables marked in kept."""
        return BinomialNormalSurface(cells=self.cells.chosen(kept), nodes=self.nodes)


def in_spread(terms: Floats, u: Floats) -> tuple[Floats, Floats, Floats]:
    """Return value and derivatives in (mu, u) from those in (mu, tau), (6, B): tau = |sinh u|."""
    value, by_mu, by_tau, mu_mu, mu_tau, tau_tau = terms
    stretch, sign = np.cosh(u), np.sign(u)
    gradient = np.stack([by_mu, sign * by_tau * stretch], axis=1)
    across = sign * mu_tau * stretch
    along = tau_tau * stretch**2 + by_tau * np.sinh(np.abs(u))
    return value, gradient, two_by_two(mu_mu, across, along)


def log_likelihood(cells: Cells, mu: Floats, tau: Floats, nodes: int = FINE_NODES) -> Floats:
    """Return log-likelihood, gradient and second derivatives in (mu, tau) of each table, (6, B).

    Rows: value, mu, tau, mu mu, mu tau, tau tau. mu and tau have one entry a table, (B,).
    """
    atoms = cells.table[cells.cell]
    return cells.per_table(
        cells.gather(series_terms(cells.x, cells.n, mu[atoms], tau[atoms], nodes))
    )


def log_likelihood_common(cells: Cells, mu: Floats) -> Floats:
    """Return the same as `log_likelihood` at tau = 0, (6, B)."""
    return cells.per_table(
        cells.gather(binomial_terms(cells.x, cells.n, mu[cells.table[cells.cell]]))
    )


def fit_common(cells: Cells) -> tuple[Floats, Floats, Floats]:
    """Return mu and log-likelihood under tau = 0, and the bend of the likelihood in tau there."""
    middle = cells.per_table(0.5 * (cells.low + cells.high))
    size = cells.per_table(cells.total)
    mu = (
        logit((middle + 1e-9) / (size + 2e-9))
        if cells.plain
        else logit((middle + 0.5) / (size + 1))
    )
    for _ in range(_COMMON_STEPS):
        _, slope, _, bend, _, _ = log_likelihood_common(cells, mu)
        step = np.clip(-slope / bend, -1.0, 1.0)
        mu = mu + step
        if np.abs(step).max() < 1e-12:
            break
    found = log_likelihood_common(cells, mu)
    return mu, found[0], found[5]


def _screen(cells: Cells, mu: Floats, value_common: Floats) -> tuple[Floats, Booleans]:
    """Return a start (B, 2) in (mu, u), and whether some tau > 0 may be likelier than 0.

    Few nodes and few tau: it is there to find the right hill, should there be more than one. A hill
    may hide between two levels, so that a small loss at a level proves nothing.
    """
    # Levels are in units of what chance alone makes of a series' logit, at most one.
    p = expit(mu)
    chance = np.bincount(cells.table) / (cells.per_table(cells.total) * p * (1 - p))
    unit = np.sqrt(np.minimum(chance, 1.0))
    best = np.full_like(mu, -np.inf)
    start = np.stack([mu, np.arcsinh(unit)], axis=1)
    rising = np.zeros(len(mu), dtype=bool)
    before = value_common
    for level in _SCREEN_LEVELS:
        tau = level * unit
        value, slope, _, bend, _, _ = log_likelihood(cells, mu, tau, _SCREEN_NODES)
        step = np.clip(-slope / bend, -1 - tau, 1 + tau)
        # What the step promises is added: the value at the best mu, nearly, for half the work.
        value = value + 0.5 * slope * step
        mu = mu + step
        better = value > best
        start[better] = np.stack([mu, np.arcsinh(tau)], axis=1)[better]
        best = np.maximum(best, value)
        rising |= value > before + _SCREEN_NOISE
        before = value
    return start, rising | (best > value_common - _SMALL_LOSS)


def _at_optimum(surface: Surface, points: Floats) -> Floats:
    u = np.abs(points[:, 1])
    mu, tau, stretch = points[:, 0], np.sinh(u), np.cosh(u)
    value, gradient, curvature = surface(np.stack([mu, u], axis=1))
    mu_mu, mu_tau = curvature[:, 0, 0], curvature[:, 0, 1] / stretch
    tau_tau = (curvature[:, 1, 1] - gradient[:, 1] * tau / stretch) / stretch**2
    # At a maximum on tau = 0 the information is singular; those columns are replaced afterwards.
    scale = np.where(tau > _LEAST_TAU, mu_mu * tau_tau - mu_tau**2, 1.0)
    with np.errstate(invalid="ignore"):
        se_mu, se_tau = np.sqrt(-tau_tau / scale), np.sqrt(-mu_mu / scale)
    return np.stack([mu, tau, se_mu, se_tau, mu_tau / scale, value])


def _at_edge(cells: Cells, mu: Floats) -> Floats:
    value, _, _, mu_mu, _, _ = log_likelihood_common(cells, mu)
    undefined = np.full_like(mu, np.nan)
    return np.stack([mu, np.zeros_like(mu), (-mu_mu) ** -0.5, undefined, undefined, value])
