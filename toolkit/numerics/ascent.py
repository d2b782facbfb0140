"""Newton's ascent of many smooth surfaces at once, each stopping when it has nothing to gain."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from toolkit.numerics.tables import Booleans, Floats


class Surface(Protocol):
    """B functions of d parameters."""

    def __call__(self, points: Floats) -> tuple[Floats, Floats, Floats]:
        """Return values (B,), gradients (B, d) and second derivatives (B, d, d) at (B, d)."""

    def chosen(self, kept: Booleans) -> Surface:
        """Return the functions marked in kept (B,)."""


_MOST_STEPS = 200
_SHORTEST = 1e-9
_LEAST_SHARE = 1e-4


def climb(
    surface: Surface, start: Floats, longest: Floats, enough: float
) -> tuple[Floats, Booleans]:
    """Return where each function is largest, (B, d), and whether the search settled there, (B,).

    Parameters
    ----------
    surface : Surface
    start : (B, d)
    longest : (d,)
        The longest step taken at once in each parameter.
    enough : float
        The search ends after a full Newton step that promised to gain less than this.

    Notes
    -----
    Where the second derivatives are not those of a maximum, the signs of their eigenvalues are
    turned; a step that loses height is halved. The last step is not checked: there the loss is
    below what the function's own rounding allows to see, while its gradient is still exact.
    """
    best = start.copy()
    settled = np.zeros(len(start), dtype=bool)
    rows = np.arange(len(start))
    here, (value, gradient, curvature) = start, surface(start)
    for _ in range(_MOST_STEPS):
        step, gain = _newton_step(gradient, curvature)
        size = np.max(np.abs(step) / longest, axis=1)
        done = (gain < enough) & (size <= 1)
        best[rows] = np.where(done[:, None], here + step, here)
        settled[rows[done]] = True
        going = ~done
        if not going.any():
            break
        if not going.all():
            rows, here, value, step, size, gain = (
                part[going] for part in (rows, here, value, step, size, gain)
            )
            surface = surface.chosen(going)
        shortened = np.maximum(size, 1.0)
        step, gain = step / shortened[:, None], gain / shortened
        here, value, gradient, curvature = _advance(surface, here, value, step, gain)
    return best, settled


def two_by_two(first: Floats, across: Floats, second: Floats) -> Floats:
    """Return symmetric matrices, (B, 2, 2), from their diagonals and what stands beside them."""
    matrices = np.empty((len(first), 2, 2))
    matrices[:, 0, 0], matrices[:, 1, 1] = first, second
    matrices[:, 0, 1] = matrices[:, 1, 0] = across
    return matrices


def _advance(
    surface: Surface, here: Floats, value: Floats, step: Floats, gain: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return point, value and derivatives after a step, shortened until it gains height."""
    there = here + step
    found, gradient, curvature = surface(there)
    # Of what a step promised some must come true: across a trough that is even about its bottom
    # steps would go back and forth for ever, neither gaining nor losing.
    allowance = 1e-9 * (1.0 + np.abs(value)) - _LEAST_SHARE * np.minimum(gain, 1.0)
    lost = found < value - allowance
    factor = 0.5
    while lost.any() and factor > _SHORTEST:
        shorter = here[lost] + factor * step[lost]
        again, slope, bend = surface.chosen(lost)(shorter)
        there[lost], found[lost], gradient[lost], curvature[lost] = shorter, again, slope, bend
        lost[lost] = again < value[lost] - allowance[lost]
        factor *= 0.5
    return there, found, gradient, curvature


def _newton_step(gradient: Floats, curvature: Floats) -> tuple[Floats, Floats]:
    """Return the step towards the maximum and the height it promises."""
    roots, axes = np.linalg.eigh(-curvature)
    least = 1e-12 * np.abs(roots).max(axis=1, keepdims=True) + 1e-300
    along = np.einsum("bij,bi->bj", axes, gradient)
    scaled = along / np.maximum(np.abs(roots), least)
    return np.einsum("bij,bj->bi", axes, scaled), 0.5 * np.sum(along * scaled, axis=1)
