"""Even lattices on a stretched axis, and functions known at their points.

A point is value = centre + scale * sinh(t) with t on an even grid: fine where a posterior is sharp,
coarse in its tails. Sums over such a grid are exponentially accurate for the smooth densities here,
and so are their integrals and interpolants in the sinc basis.

**Source**: Stenger 1981, SIAM Review 23:165, doi 10.1137/1023037.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import sici

from toolkit.numerics.tables import Floats

_HAIR = 1e-9
_POINTS_A_DEVIATION = 3.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Lattice:
    """The points centre + scale * sinh(t), t = start + step * (0 .. count - 1)."""

    centre: float
    scale: float
    start: float
    step: float
    count: int

    @property
    def t(self) -> Floats:
        """The even grid, (count,)."""
        return np.asarray(self.start + self.step * np.arange(self.count), dtype=float)

    @property
    def values(self) -> Floats:
        """The points themselves, (count,), ascending."""
        return self.at(self.t)

    @property
    def widths(self) -> Floats:
        """What each point stands for in a sum over the axis, (count,)."""
        return self.step * self.slope(self.t)

    def at(self, t: Floats) -> Floats:
        """Return the points that belong to t."""
        return np.asarray(self.centre + self.scale * np.sinh(t))

    def slope(self, t: Floats) -> Floats:
        """Return d value / d t."""
        return np.asarray(self.scale * np.cosh(t))

    def after(self, steps: Floats) -> Floats:
        """Return the points so many steps from the first, whole steps or not."""
        return self.at(self.start + self.step * steps)

    def position(self, value: Floats) -> Floats:
        """Return the t of any value."""
        return np.asarray(np.arcsinh((value - self.centre) / self.scale))


def covering(centre: float, scale: float, low: float, high: float, step: float) -> Lattice:
    """Return the lattice whose points reach from low to high, its step at most the one asked."""
    start, stop = np.arcsinh((np.array([low, high]) - centre) / scale)
    count = int(np.ceil((stop - start) / step)) + 1
    return Lattice(
        centre=centre,
        scale=scale,
        start=float(start),
        step=float(stop - start) / (count - 1),
        count=count,
    )


def resolving_step(
    centre: float, scale: float, means: Floats, deviations: Floats, largest: float
) -> float:
    """Return a step that puts three points to the standard deviation of each of several bumps."""
    spacing = np.hypot(scale, means - centre)
    return float(np.min(deviations / (_POINTS_A_DEVIATION * spacing), initial=largest))


def covering_multiples(scale: float, low: float, high: float, step: float) -> Lattice:
    """Return a lattice about 0 from low >= 0 to high whose mirror image continues it evenly."""
    first, last = np.arcsinh(np.array([low, high]) / scale) / step
    start = int(np.floor(first))
    return Lattice(
        centre=0.0,
        scale=scale,
        start=start * step,
        step=step,
        count=max(int(np.ceil(last)) - start, 1) + 1,
    )


def sinc_values(lattice: Lattice, heights: Floats, t: Floats) -> Floats:
    """Return functions of t between their values on the lattice; 0 outside.

    Parameters
    ----------
    heights : (..., count)
        Values on the lattice, negligible at its ends.
    t : (..., Q)
        Where each is wanted.
    """
    place = (t - lattice.start) / lattice.step
    nearest = np.round(place)
    # sin(pi (place - i)) is the same for every i but for its sign; at a point itself, a hair off.
    place = np.where(np.abs(place - nearest) < _HAIR, nearest + _HAIR, place)
    i = np.arange(lattice.count)
    signed = np.where(i % 2 == 0, heights, -heights)
    total = np.einsum("...qi,...i->...q", 1.0 / (place[..., None] - i), signed)
    inside = (place > -1) & (place < lattice.count)
    return np.asarray(np.where(inside, np.sin(np.pi * place) / np.pi * total, 0.0))


def sinc_integral(lattice: Lattice, heights: Floats, t: Floats) -> Floats:
    """Return the integral over t from far below up to t of a function given on the lattice."""
    sine_integral = sici(np.pi * (t[..., None] - lattice.t) / lattice.step)[0]
    return np.asarray(lattice.step * np.einsum("...i,i->...", 0.5 + sine_integral / np.pi, heights))


def refined(lattice: Lattice, heights: Floats, times: int) -> tuple[Lattice, Floats]:
    """Return a lattice of a fraction of the step, and functions on it from those on the first.

    Parameters
    ----------
    heights : (..., count)
        Values on the lattice, negligible at its ends.
    times : int
        How many steps one step becomes.
    """
    fine = Lattice(
        centre=lattice.centre,
        scale=lattice.scale,
        start=lattice.start,
        step=lattice.step / times,
        count=(lattice.count - 1) * times + 1,
    )
    return fine, np.asarray(heights @ _sinc_matrix(lattice.count, times))


@lru_cache(maxsize=64)
def _sinc_matrix(count: int, times: int) -> Floats:
    """Return sinc functions of all points at all finer ones, (count, (count - 1) * times + 1)."""
    finer = np.arange((count - 1) * times + 1) / times
    return np.asarray(np.sinc(finer - np.arange(count)[:, None]))


_NEWTON_STEPS = 40
_NEAR = 1e-13


def sinc_quantile(lattice: Lattice, heights: Floats, goal: Floats) -> Floats:
    """Return the t up to which the integral of a density on the lattice is each goal, (q,).

    Newton's method inside the step of the lattice on which the goal is passed; the lattice's ends
    where it is not passed on it.

    Parameters
    ----------
    heights : (count,)
        A density over t on the lattice, of total 1 and negligible at its ends.
    goal : (q,)
    """
    below = _integrals_at_points(lattice, heights)
    place = np.searchsorted(np.maximum.accumulate(below), goal)
    inside = (place > 0) & (place < lattice.count)
    t = lattice.t
    out: Floats = np.where(place == 0, t[0], t[-1])
    if not inside.any():
        return out
    last = place[inside]
    wanted, low, high = goal[inside], t[last - 1].copy(), t[last].copy()
    rise = below[last] - below[last - 1]
    found = low + (high - low) * np.clip((wanted - below[last - 1]) / rise, 0.0, 1.0)
    for _ in range(_NEWTON_STEPS):
        over = sinc_integral(lattice, heights, found) - wanted
        high, low = np.where(over > 0, found, high), np.where(over > 0, low, found)
        slope = sinc_values(lattice, heights, found)
        step = over / np.where(slope > 0, slope, np.inf)
        next_one = found - step
        # A step out of the bracket, or along no slope at all, is a halving instead.
        astray = (next_one < low) | (next_one > high) | (slope <= 0)
        next_one = np.where(astray, 0.5 * (low + high), next_one)
        moved, found = np.abs(next_one - found), next_one
        if (moved <= _NEAR * (1.0 + np.abs(found))).all():
            break
    out[inside] = found
    return out


def _integrals_at_points(lattice: Lattice, heights: Floats) -> Floats:
    """Return the integral up to every point of the lattice, (count,)."""
    share = _shares(lattice.count)
    return np.asarray(
        lattice.step * np.convolve(heights, share)[lattice.count - 1 :][: lattice.count]
    )


@lru_cache(maxsize=64)
def _shares(count: int) -> Floats:
    """Return how much of a mass lies up to a point so many steps further, (2 count - 1,)."""
    steps = np.arange(-(count - 1), count)
    return np.asarray(0.5 + sici(np.pi * steps)[0] / np.pi)
