"""Beta-binomial model in batches: mean m and intra-centre correlation rho, by maximum likelihood.

``x_i ~ Binomial(n_i, p_i)``, p_i from a beta law with mean m; rho = 1 / (a + b + 1) is the share of
a patient's variance that lies between centres. The kernel works on theta = rho / (1 - rho), where

    P(x) = C(n, x) prod_{j<x} (m + j theta) prod_{j<n-x} (1 - m + j theta)
           / prod_{j<n} (1 + j theta)

is a sum of logarithms, exact down to theta = 0 where quotients of gamma functions lose every digit.
Its far factors are summed by Euler and Maclaurin's formula, so that nothing grows with n:
`rising_sums`.

**Source**: Griffiths 1973, Biometrics 29:637, doi 10.2307/2529131.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import chdtri, expit, logit

from toolkit.numerics.ascent import climb, two_by_two
from toolkit.numerics.binomial.binomial_normal import (
    FitStatus,
    fit_common,
    limit_at_infinite_spread,
    status_of_pattern,
)
from toolkit.numerics.binomial.cells import Cells, lay_out
from toolkit.numerics.binomial.profile_likelihood import (
    LOCATION,
    SPREAD,
    Profile,
    check_level,
    crossings,
)
from toolkit.numerics.binomial.rising_sums import rising_sums
from toolkit.numerics.binomial.series_likelihood import Terms
from toolkit.numerics.roots import find_roots
from toolkit.numerics.tables import Booleans, Floats, Integers

_START_THETA = (0.003, 0.01, 0.05, 0.2, 0.8, 4.0)
_SCREEN_LEVELS = (0.2, 0.6, 2.0, 6.0, 20.0, 80.0)
_SMALL_LOSS = 0.05
_LEAST_BEND = 1e-9
_LEAST_GAIN = 1e-11
_LEAST_LIMIT_GAP = 1e-6
_LONGEST = np.array([2.0, 1.0])
_FARTHEST_LOGIT = 300.0
_FARTHEST_U = 14.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BetaBinomialFit:
    """Estimates, one entry a table; NaN exactly where status is not FITTED.

    Attributes
    ----------
    status : a `FitStatus`
    n_series : series with a count that says something
    mean : the average over centres, in (0, 1)
    rho : correlation of two patients of one centre, in [0, 1)
    log_likelihood : with binomial coefficients, at the maximum
    mean_common, log_likelihood_common : the same under rho = 0
    """

    status: Integers
    n_series: Integers
    mean: Floats
    rho: Floats
    log_likelihood: Floats
    mean_common: Floats
    log_likelihood_common: Floats


def fit_beta_binomial(
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    total: npt.ArrayLike,
    mask: npt.ArrayLike | None = None,
) -> BetaBinomialFit:
    """Return the maximum-likelihood fit of every table.

    Parameters
    ----------
    low, high, total : (..., k)
        Admissible counts low..high among total patients; low = high for an ordinary cell.
    mask : (..., k), optional
        True where a series is used.

    Raises
    ------
    ValueError
        If a used cell is not made of whole numbers with 0 <= low <= high <= total.

    Examples
    --------
    >>> fit = fit_beta_binomial([6, 3, 18, 14, 10], [6, 3, 18, 14, 10], [8, 19, 27, 37, 38])
    >>> round(float(fit.mean), 4), round(float(fit.rho), 4)
    (0.4255, 0.1289)
    """
    cells = lay_out(low, high, total, mask)
    status = status_of_pattern(cells)
    columns = np.full((5, cells.tables), np.nan)
    fitted = status == FitStatus.FITTED
    if fitted.any():
        some = cells.chosen(fitted)
        columns[:, fitted], settled = _fit(some)
        status[fitted] = np.where(settled, FitStatus.FITTED, FitStatus.NOT_SETTLED)
        endless = limit_at_infinite_spread(some) >= columns[2, fitted] - _LEAST_LIMIT_GAP
        status[np.flatnonzero(fitted)[endless]] = FitStatus.NOT_ESTIMABLE
        columns[:, status != FitStatus.FITTED] = np.nan
    mean, rho, value, mean_common, value_common = (row.reshape(cells.shape) for row in columns)
    return BetaBinomialFit(
        status=status.reshape(cells.shape),
        n_series=np.bincount(cells.table, minlength=cells.tables).reshape(cells.shape),
        mean=mean,
        rho=rho,
        log_likelihood=value,
        mean_common=mean_common,
        log_likelihood_common=value_common,
    )


def profile_interval_mean(
    fit: BetaBinomialFit,
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    total: npt.ArrayLike,
    mask: npt.ArrayLike | None = None,
    *,
    level: float = 0.95,
) -> tuple[Floats, Floats]:
    """Return the ends of the profile-likelihood interval of the mean, in [0, 1], shape (...).

    NaN where the fit is not FITTED.

    Parameters
    ----------
    fit : BetaBinomialFit
        What `fit_beta_binomial` returned for the same tables.
    low, high, total, mask : (..., k)
        As for `fit_beta_binomial`.
    level : float
        Coverage, between 0 and 1.
    """
    check_level(level)
    cells = lay_out(low, high, total, mask)
    fitted = np.asarray(fit.status == FitStatus.FITTED).reshape(-1)
    lower, upper = np.full((2, cells.tables), np.nan)
    if fitted.any():
        some = cells.chosen(fitted).repeated(2)
        spreads = np.repeat(_u(np.array(_START_THETA))[:, None], some.tables, axis=1)
        profile = _profile(some, fit, fitted, LOCATION, spreads, level)
        reach = np.repeat([-0.5, 0.5], int(fitted.sum()))
        centre = np.tile(logit(fit.mean.reshape(-1)[fitted]), 2)
        ends = crossings(profile, centre, reach, _FARTHEST_LOGIT)
        lower[fitted], upper[fitted] = np.split(expit(ends), 2)
    return lower.reshape(cells.shape), upper.reshape(cells.shape)


def profile_interval_rho(
    fit: BetaBinomialFit,
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    total: npt.ArrayLike,
    mask: npt.ArrayLike | None = None,
    *,
    level: float = 0.95,
) -> tuple[Floats, Floats]:
    """Return the ends of the profile-likelihood interval of rho, in [0, 1], shape (...).

    The lower end is 0 where rho = 0 is not rejected; NaN where the fit is not FITTED.

    Parameters
    ----------
    fit, low, high, total, mask, level
        As for `profile_interval_mean`.
    """
    check_level(level)
    cells = lay_out(low, high, total, mask)
    fitted = np.asarray(fit.status == FitStatus.FITTED).reshape(-1)
    lower, upper = np.full((2, cells.tables), np.nan)
    if fitted.any():
        some = cells.chosen(fitted)
        mean, rho, value, common = (
            part.reshape(-1)[fitted]
            for part in (fit.mean, fit.rho, fit.log_likelihood, fit.log_likelihood_common)
        )
        profile = _profile(some, fit, fitted, SPREAD, logit(mean)[None], level)
        u = _u(rho / (1 - rho))
        rejected = 2 * (value - common) > profile.allowed
        below = find_roots(profile, np.zeros_like(u), u)
        lower[fitted] = np.where(rejected, _rho(below), 0.0)
        upper[fitted] = _rho(crossings(profile, u, np.full_like(u, 0.1), _FARTHEST_U))
    return lower.reshape(cells.shape), upper.reshape(cells.shape)


def _u(theta: Floats) -> Floats:
    return np.asarray(np.arcsinh(np.sqrt(theta)))


def _rho(u: Floats) -> Floats:
    """Return theta / (1 + theta) for theta = sinh(u)^2."""
    return np.asarray(np.tanh(u) ** 2)


def _profile(
    cells: Cells, fit: BetaBinomialFit, fitted: Booleans, fixed: int, starts: Floats, level: float
) -> Profile:
    best = fit.log_likelihood.reshape(-1)[fitted]
    return Profile(
        surface=BetaBinomialSurface(cells=cells),
        rough=BetaBinomialSurface(cells=cells.repeated(len(starts))),
        fixed=fixed,
        starts=starts,
        best=np.tile(best, cells.tables // len(best)),
        allowed=float(chdtri(1, 1 - level)),
    )


def _fit(cells: Cells) -> tuple[Floats, Booleans]:
    eta, value_common, _ = fit_common(cells)
    surface = BetaBinomialSurface(cells=cells)
    flat = np.stack([eta, np.zeros_like(eta)], axis=1)
    bend = surface(flat)[2][:, 1, 1]
    start, rising = _screen(surface, flat, value_common)
    searched = rising | (bend > _LEAST_BEND)
    points = flat.copy()
    settled = np.ones(cells.tables, dtype=bool)
    if searched.any():
        points[searched], settled[searched] = climb(
            surface.chosen(searched), start[searched], _LONGEST, 1e-12
        )
    value = surface(points)[0]
    points = np.where((value > value_common + _LEAST_GAIN)[:, None], points, flat)
    value = np.maximum(value, value_common)
    mean, rho = expit(points[:, 0]), _rho(points[:, 1])
    return np.stack([mean, rho, value, expit(eta), value_common]), settled


def _screen(
    surface: BetaBinomialSurface, flat: Floats, value_common: Floats
) -> tuple[Floats, Booleans]:
    """Return a start in (logit m, u), and whether some rho > 0 may be likelier than 0.

    A hill may hide between two levels, so that a small loss at a level proves nothing.
    """
    cells = surface.cells
    unit = np.bincount(cells.table) / cells.per_table(cells.total)
    best, before = np.full(len(flat), -np.inf), value_common
    eta, start = flat[:, 0], flat.copy()
    rising = np.zeros(len(flat), dtype=bool)
    for level in _SCREEN_LEVELS:
        point = np.stack([eta, _u(level * unit)], axis=1)
        value, gradient, curvature = surface(point)
        slope, bend = gradient[:, 0], np.minimum(curvature[:, 0, 0], -1e-3)
        step = np.clip(-slope / bend, -1.0, 1.0)
        # What the step promises is added: the value at the best mean, nearly, for half the work.
        value = value + 0.5 * slope * step
        better = value > best
        start[better] = point[better]
        best = np.maximum(best, value)
        rising |= value > before
        eta, before = eta + step, value
    return start, rising | (best > value_common - _SMALL_LOSS)


@dataclass(frozen=True, slots=True, kw_only=True)
class BetaBinomialSurface:
    """Log-likelihoods as functions of (logit m, u), theta = sinh(u)^2: even in u."""

    cells: Cells

    def __call__(self, points: Floats) -> tuple[Floats, Floats, Floats]:
        """Return values (B,), gradients (B, 2) and second derivatives (B, 2, 2)."""
        eta, u = points.T
        theta = np.sinh(u) ** 2
        atoms = self.cells.table[self.cells.cell]
        terms = _factor_terms(self.cells, eta[atoms], theta[atoms])
        value, by_m, by_theta, m_m, m_theta, theta_theta = self.cells.per_table(
            self.cells.gather(terms)
        )
        m_first = expit(eta) * expit(-eta)
        m_second = m_first * (expit(-eta) - expit(eta))
        t_first, t_second = np.sinh(2 * u), 2 * np.cosh(2 * u)
        gradient = np.stack([by_m * m_first, by_theta * t_first], axis=1)
        across = m_theta * m_first * t_first
        first = m_m * m_first**2 + by_m * m_second
        second = theta_theta * t_first**2 + by_theta * t_second
        return value, gradient, two_by_two(first, across, second)

    def chosen(self, kept: Booleans) -> BetaBinomialSurface:
        """Return the tables marked in kept."""
        return BetaBinomialSurface(cells=self.cells.chosen(kept))


def _factor_terms(cells: Cells, eta: Floats, theta: Floats) -> Terms:
    """Return P(x), less its binomial coefficient, and its derivatives in (m, theta), by atom."""
    x, n = cells.x, cells.n
    parts = np.concatenate([x, n - x, n])
    base = np.concatenate([expit(eta), expit(-eta), np.ones_like(eta)])
    event, none, whole = np.split(rising_sums(parts, base, np.tile(theta, 3)), 3, axis=1)
    value, by_theta, theta_theta = (event + none - whole)[[0, 2, 5]]
    by_m, m_theta = (event - none)[[1, 4]]
    m_m = (event + none)[3]
    return Terms(
        log_value=value,
        by_mu=by_m,
        by_tau=by_theta,
        by_mu_mu=m_m + by_m**2,
        by_mu_tau=m_theta + by_m * by_theta,
        by_tau_tau=theta_theta + by_theta**2,
    )
