"""Roots of many functions at once, and where functions known on an even grid pass a value."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from toolkit.numerics.tables import Floats, Integers

Rows = npt.NDArray[np.intp]


Family = Callable[[Rows], Callable[[Floats], Floats]]
"""Takes the numbers of the rows still searched; returns what values one point in each row has."""


_RELATIVE_WIDTH = 4e-15


_MOST_STEPS = 200


def find_roots(family: Family, low: Floats, high: Floats) -> Floats:
    """Return one root for each bracket, to the last few bits of a double.

    Parameters
    ----------
    family : callable
        ``family(rows)(points)``: the values at one point for each of the given rows. It is asked
        anew only when rows are done, so it may gather what they need.
    low, high : (B,)
        Ends at which the function has opposite signs, or is zero. Where it has the same sign at
        both, the end with the smaller magnitude comes back.

    Notes
    -----
    Inverse quadratic interpolation where it is safe, bisection where it is not, so that every
    bracket closes however the function bends. **Source**: Chandrupatla 1997, Adv Eng Softw 28:145,
    doi 10.1016/S0965-9978(96)00051-8.
    """
    rows = np.arange(len(low))
    function = family(rows)
    a, b = np.asarray(high, dtype=float).copy(), np.asarray(low, dtype=float).copy()
    f_a, f_b = function(a), function(b)
    c, f_c = a.copy(), f_a.copy()
    root = np.where(np.abs(f_a) < np.abs(f_b), a, b)
    step = np.full(len(rows), 0.5)
    active = np.flatnonzero(np.sign(f_a) * np.sign(f_b) < 0)
    a, b, c, f_a, f_b, f_c, step = (part[active] for part in (a, b, c, f_a, f_b, f_c, step))
    if len(active) < len(rows):
        rows, function = active, family(active)
    for _ in range(_MOST_STEPS):
        if not len(rows):
            break
        point = a + step * (b - a)
        value = function(point)
        same = np.sign(value) == np.sign(f_a)
        c, f_c = np.where(same, a, b), np.where(same, f_a, f_b)
        b, f_b = np.where(same, b, a), np.where(same, f_b, f_a)
        a, f_a = point, value
        best = np.where(np.abs(f_a) < np.abs(f_b), a, b)
        root[rows] = best
        smallest = _RELATIVE_WIDTH * np.abs(best) + 1e-300
        width = np.abs(b - a)
        going = (width > smallest) & (np.minimum(np.abs(f_a), np.abs(f_b)) > 0)
        step = _next_step(a, b, c, f_a, f_b, f_c, smallest / np.maximum(width, 1e-300))
        if not going.all():
            a, b, c, f_a, f_b, f_c, step = (part[going] for part in (a, b, c, f_a, f_b, f_c, step))
            rows = rows[going]
            function = family(rows)
    return root


def _next_step(
    a: Floats, b: Floats, c: Floats, f_a: Floats, f_b: Floats, f_c: Floats, least: Floats
) -> Floats:
    """Return how far to go from a to b, as a fraction: interpolated where that is safe."""
    with np.errstate(divide="ignore", invalid="ignore"):
        position = (a - b) / (c - b)
        height = (f_a - f_b) / (f_c - f_b)
        safe = (height**2 < position) & ((1 - height) ** 2 < 1 - position)
        quadratic = f_a / (f_b - f_a) * f_c / (f_b - f_c) + (
            (c - a) / (b - a) * f_a / (f_c - f_a) * f_b / (f_c - f_b)
        )
    fraction = np.where(safe & np.isfinite(quadratic), quadratic, 0.5)
    return np.clip(fraction, np.minimum(least, 0.5), 1 - np.minimum(least, 0.5))


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
