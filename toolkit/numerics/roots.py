"""Roots of many functions at once, each inside its own bracket."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from toolkit.numerics.tables import Floats

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
