"""Ends of profile-likelihood intervals, for any model with a location and a spread.

Points are (location, u) with u = 0 where there is no spread; the log-likelihood is even in u.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from toolkit.numerics.ascent import Surface, climb
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
