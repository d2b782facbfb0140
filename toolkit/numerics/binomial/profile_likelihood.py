"""Profile-likelihood intervals: their ends, for any model and for the binomial-normal one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt
from scipy.special import chdtri

from toolkit.numerics.ascent import Surface, climb
from toolkit.numerics.binomial.average import average_terms
from toolkit.numerics.binomial.binomial_normal import (
    BinomialNormalFit,
    BinomialNormalSurface,
    FitStatus,
)
from toolkit.numerics.binomial.cells import Cells, lay_out
from toolkit.numerics.binomial.series_likelihood import FINE_NODES
from toolkit.numerics.roots import Rows, find_roots
from toolkit.numerics.tables import Booleans, Floats

LOCATION, SPREAD = 0, 1


_LONGEST = (2.0, 1.0)


_ENOUGH = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Twice the log-likelihood lost at a given value of one parameter, the other at its best.

    Attributes
    ----------
    surface : Surface
        The log-likelihoods of B tables at (B, 2) points.
    rough : Surface
        The same, cheaper and once for each start, S times the B tables: used to choose between
        hills where there are several.
    fixed : int
        LOCATION or SPREAD: the parameter that is given.
    starts : (S, B)
        Values of the other parameter to start from, the best of which is taken.
    best : (B,)
        Log-likelihoods at the maximum.
    allowed : float
        What an interval may lose: a quantile of chi-square.
    correction : callable, optional
        Takes the chosen tables and (B, 2) points; the loss is divided by what it returns.
    """

    surface: Surface
    rough: Surface
    fixed: int
    starts: Floats
    best: Floats
    allowed: float
    correction: Callable[[Booleans, Floats], Floats] | None = None

    def __call__(self, rows: Rows) -> Callable[[Floats], Floats]:
        """Return the loss beyond what is allowed, for the tables numbered in rows, ascending."""
        marked = np.zeros(len(self.best), dtype=bool)
        marked[rows] = True
        some = replace(
            self,
            surface=self.surface.chosen(marked),
            rough=self.rough.chosen(np.tile(marked, len(self.starts))),
            starts=self.starts[:, marked],
            best=self.best[marked],
        )
        return partial(some._excess, marked)

    def _excess(self, marked: Booleans, given: Floats) -> Floats:
        found, _ = climb(
            _Slice(surface=self.surface, given=given, fixed=self.fixed),
            self._best_start(given)[:, None],
            np.array([_LONGEST[1 - self.fixed]]),
            _ENOUGH,
        )
        value = self.surface(self._points(given, found[:, 0]))[0]
        if self.fixed == LOCATION:
            flat = self.surface(self._points(given, np.zeros_like(given)))[0]
            found[flat > value] = 0.0
            value = np.maximum(value, flat)
        loss = 2 * (self.best - value)
        if self.correction is not None:
            loss = loss / self.correction(marked, self._points(given, found[:, 0]))
        return loss - self.allowed

    def _best_start(self, given: Floats) -> Floats:
        """Return the start from which each table's other parameter has the least to climb."""
        count = len(self.starts)
        if count == 1:
            return np.asarray(self.starts[0])
        points = self._points(np.tile(given, count), self.starts.reshape(-1))
        heights = self.rough(points)[0].reshape(count, -1)
        return np.asarray(np.choose(np.argmax(heights, axis=0), self.starts))

    def _points(self, given: Floats, other: Floats) -> Floats:
        pair = (given, other) if self.fixed == LOCATION else (other, given)
        return np.stack(pair, axis=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slice:
    """A surface along one of its two parameters, the other given."""

    surface: Surface
    given: Floats
    fixed: int

    def __call__(self, points: Floats) -> tuple[Floats, Floats, Floats]:
        free = 1 - self.fixed
        whole = np.empty((len(points), 2))
        whole[:, self.fixed], whole[:, free] = self.given, points[:, 0]
        value, gradient, curvature = self.surface(whole)
        return value, gradient[:, [free]], curvature[:, [free]][:, :, [free]]

    def chosen(self, kept: Booleans) -> _Slice:
        return _Slice(surface=self.surface.chosen(kept), given=self.given[kept], fixed=self.fixed)


def crossings(profile: Profile, centre: Floats, reach: Floats, farthest: float) -> Floats:
    """Return where a profile leaves its allowance, going from the centre in reach's direction.

    Parameters
    ----------
    profile : Profile
    centre, reach : (B,)
        Where the likelihood is largest, and a first guess of how far to go, with its sign.
    farthest : float
        The end is infinite where the likelihood has not fallen far enough there.
    """
    inner, outer = centre.copy(), centre + reach
    waiting = np.arange(len(centre))
    while True:
        short = profile(waiting)(outer[waiting]) < 0
        waiting = waiting[short & (np.abs(outer[waiting]) < farthest)]
        if not len(waiting):
            break
        inner[waiting] = outer[waiting]
        outer[waiting] = centre[waiting] + 2 * (outer[waiting] - centre[waiting])
    roots = find_roots(profile, np.minimum(inner, outer), np.maximum(inner, outer))
    return np.where(np.abs(outer) < farthest, roots, np.copysign(np.inf, reach))


def check_level(level: float) -> None:
    """Raise ValueError if a level is not strictly between 0 and 1."""
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level}")


START_TAU = (0.1, 0.25, 0.7, 1.8, 4.5, 12.0, 40.0)


START_NODES = 15


_FARTHEST_MU = 1e6


_FARTHEST_U = 14.0


def profile_interval_mu(
    fit: BinomialNormalFit,
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    total: npt.ArrayLike,
    mask: npt.ArrayLike | None = None,
    *,
    level: float = 0.95,
    bartlett: bool = False,
) -> tuple[Floats, Floats]:
    """Return the ends of the profile-likelihood interval of mu, logit scale, shape (...).

    NaN where the fit is not FITTED; infinite where the likelihood never falls far enough.

    Parameters
    ----------
    fit : BinomialNormalFit
        What `fit_ml` returned for the same tables.
    low, high, total, mask : (..., k)
        As for `fit_ml`.
    level : float
        Coverage, between 0 and 1.
    bartlett : bool
        Whether to divide the likelihood ratio by ``1 + 2 C``, C = sum w^3 / (sum w sum w^2).

    Notes
    -----
    The simple Bartlett correction is exact to its order in the normal-normal model, where the
    weight w_i = 1 / (v_i + tau^2) is what series i tells about mu. Here v_i is the expected
    sampling variance of a logit, 1 / (n_i E[p (1 - p)]) at the profile's own (mu, tau): an
    observed variance does not exist for a zero or full cell, and the correction concerns an
    expectation over data, not the data. With equal n, C = 1 / k.

    **Source**: Hanada, Sugimoto 2025, arXiv 2508.08758; Noma 2011, Stat Med 30:3304,
    doi 10.1002/sim.4350.
    """
    check_level(level)
    cells = lay_out(low, high, total, mask)
    fitted = np.asarray(fit.status == FitStatus.FITTED).reshape(-1)
    lower, upper = np.full((2, cells.tables), np.nan)
    if fitted.any():
        some = cells.chosen(fitted).repeated(2)
        mu, se = (np.tile(part.reshape(-1)[fitted], 2) for part in (fit.mu, fit.se_mu))
        spreads = np.repeat(np.arcsinh(START_TAU)[:, None], some.tables, axis=1)
        profile = _profile(some, fit, fitted, LOCATION, spreads, level)
        if bartlett:
            profile = replace(profile, correction=partial(bartlett_factor, some))
        sides = np.repeat([-1.0, 1.0], int(fitted.sum()))
        lower[fitted], upper[fitted] = np.split(crossings(profile, mu, sides * se, _FARTHEST_MU), 2)
    return lower.reshape(cells.shape), upper.reshape(cells.shape)


def profile_interval_tau(
    fit: BinomialNormalFit,
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    total: npt.ArrayLike,
    mask: npt.ArrayLike | None = None,
    *,
    level: float = 0.95,
) -> tuple[Floats, Floats]:
    """Return the ends of the profile-likelihood interval of tau, logit scale, shape (...).

    The lower end is 0 where tau = 0 is not rejected; NaN where the fit is not FITTED.

    Parameters
    ----------
    fit, low, high, total, mask, level
        As for `profile_interval_mu`.
    """
    check_level(level)
    cells = lay_out(low, high, total, mask)
    fitted = np.asarray(fit.status == FitStatus.FITTED).reshape(-1)
    lower, upper = np.full((2, cells.tables), np.nan)
    if fitted.any():
        some = cells.chosen(fitted)
        mu, u = fit.mu.reshape(-1)[fitted], np.arcsinh(fit.tau.reshape(-1)[fitted])
        profile = _profile(some, fit, fitted, SPREAD, mu[None], level)
        rejected = fit.lr_statistic.reshape(-1)[fitted] > profile.allowed
        lower[fitted] = np.where(rejected, find_roots(profile, np.zeros_like(u), u), 0.0)
        upper[fitted] = crossings(profile, u, np.full_like(u, 0.3), _FARTHEST_U)
    return np.sinh(lower).reshape(cells.shape), np.sinh(upper).reshape(cells.shape)


def _profile(
    cells: Cells,
    fit: BinomialNormalFit,
    fitted: Booleans,
    fixed: int,
    starts: Floats,
    level: float,
) -> Profile:
    best = fit.log_likelihood.reshape(-1)[fitted]
    return Profile(
        surface=BinomialNormalSurface(cells=cells, nodes=FINE_NODES),
        rough=BinomialNormalSurface(cells=cells.repeated(len(starts)), nodes=START_NODES),
        fixed=fixed,
        starts=starts,
        best=np.tile(best, cells.tables // len(best)),
        allowed=float(chdtri(1, 1 - level)),
    )


def bartlett_factor(cells: Cells, kept: Booleans, points: Floats) -> Floats:
    """Return the factor of the chosen tables at points (mu, u), (B,): see `profile_interval_mu`."""
    some, tau = cells.chosen(kept), np.sinh(np.abs(points[:, 1]))
    spread = average_terms(points[:, 0], tau)[1][some.table]
    # w times a constant of the table, which C does not see: E[p (1 - p)] may underflow alone.
    weight = some.total / (1 + tau[some.table] ** 2 * some.total * spread)
    one, two, three = (some.per_table(weight**power) for power in (1, 2, 3))
    return 1 + 2 * three / (one * two)
