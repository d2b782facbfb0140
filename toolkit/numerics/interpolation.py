"""Between the points of an even grid: where a function passes a value, and where it is highest."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from toolkit.numerics.tables import Floats, Integers

_NEWTON_STEPS = 6
_CUBIC = np.linalg.inv(np.vander(np.arange(4.0), increasing=True)).T
_QUARTIC = np.linalg.inv(np.vander(np.arange(-2.0, 3.0), increasing=True)).T


def crossing(
    values: Floats,
    goal: float,
    start: Integers,
    *,
    straightened: Callable[[Floats], Floats] = np.asarray,
) -> Floats:
    """Return where functions pass a value, in steps of their grid, by a cubic through four points.

    Parameters
    ----------
    values : (B, Q)
        Functions on an even grid of at least four points.
    goal : float
    start : (B,)
        The passage lies between the points start and start + 1.
    straightened : callable
        A rising function under which values and goal are nearly on a straight line.
    """
    first = np.clip(start - 1, 0, values.shape[1] - 4)
    four = np.take_along_axis(values, first[:, None] + np.arange(4), axis=1)
    near = straightened(four) - straightened(np.array(goal))
    c0, c1, c2, c3 = (near @ _CUBIC).T
    low = (start - first).astype(float)
    at = np.take_along_axis(near, (start - first)[:, None] + np.arange(2), axis=1)
    rise = at[:, 1] - at[:, 0]
    point = low + np.clip(-at[:, 0] / np.where(rise == 0, 1.0, rise), 0.0, 1.0)
    for _ in range(_NEWTON_STEPS):
        height = c0 + point * (c1 + point * (c2 + point * c3))
        slope = c1 + point * (2 * c2 + point * 3 * c3)
        steep = np.where(np.abs(slope) > 1e-12, slope, np.inf)
        point = np.clip(point - height / steep, low, low + 1)
    return np.asarray(first + point)


def peak(values: Floats) -> tuple[Floats, Floats]:
    """Return place, in steps from the middle point, and height of the top of a quartic.

    Parameters
    ----------
    values : (..., 5)
        A function at five even points, not lower in the middle than beside it.
    """
    c = values @ _QUARTIC
    below, middle, above = values[..., 1], values[..., 2], values[..., 3]
    bend = below - 2 * middle + above
    place = 0.5 * (below - above) / np.where(bend < 0, bend, -np.inf)
    for _ in range(2):
        slope = c[..., 1] + place * (
            2 * c[..., 2] + place * (3 * c[..., 3] + place * 4 * c[..., 4])
        )
        bend = 2 * c[..., 2] + place * (6 * c[..., 3] + place * 12 * c[..., 4])
        place = np.clip(place - slope / np.where(bend < 0, bend, -np.inf), -1.0, 1.0)
    height = c[..., 0] + place * (
        c[..., 1] + place * (c[..., 2] + place * (c[..., 3] + place * c[..., 4]))
    )
    better = height > middle
    return np.where(better, place, 0.0), np.where(better, height, middle)


def between(values: Floats, place: Floats) -> Floats:
    """Return functions off their grid, by the quartic through five points, (B, ...).

    Parameters
    ----------
    values : (B, 5, ...)
        Functions at five even points.
    place : (B,)
        Where they are wanted, in steps from the middle point.
    """
    powers = np.vander(place, 5, increasing=True)
    return np.asarray(np.einsum("bp,bp...->b...", powers @ _QUARTIC.T, values))
