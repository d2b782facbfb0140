"""Ends of the profile-likelihood intervals of one table, all at once, from a coarse surface.

An interval's end is the farthest point of the likelihood region {(mu, tau): loss <= allowed} in
mu, in the average or in tau. A coarse grid says where each lies roughly; Newton's method on two
equations finds it: the loss is what is allowed, and the likelihood has no slope along the line on
which the quantity is constant. What does not come out as an end beyond doubt is left to the
searches of `profile_likelihood` and `average_profile`, with which the ends found here agree to ten
digits: tests/numerics/test_region_ends.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from toolkit.numerics.binomial.average import (
    PROBIT_SHRINKS,
    average_terms,
    logit_average,
    logit_slopes,
)
from toolkit.numerics.binomial.binomial_normal import BinomialNormalSurface
from toolkit.numerics.binomial.cells import Cells
from toolkit.numerics.binomial.series_likelihood import COARSE_NODES, FINE_NODES
from toolkit.numerics.tables import Booleans, Floats, Integers

MU, AVERAGE, TAU = 0, 1, 2

_HAIR = 1e-5
_ROUGH_STEP = 1e-3
_LAST_STEP = 1e-7
_FARTHEST = 60.0
_LONGEST = 0.7
_SETTLED = 1e-8
_SURVEY_ERROR = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveyed:
    """One table, its maximum, and its log-likelihood over a coarse grid.

    Attributes
    ----------
    cells : Cells
        Of one table.
    mu, tau, best : float
        Where the likelihood is largest, and the largest log-likelihood.
    grid_mu, grid_tau : (n_mu,), (n_tau,)
    log_likelihood : (n_mu, n_tau)
    """

    cells: Cells
    mu: float
    tau: float
    best: float
    grid_mu: Floats
    grid_tau: Floats
    log_likelihood: Floats


def region_ends(
    table: Surveyed, quantities: tuple[int, ...], allowed: float, *, bartlett: bool = False
) -> Floats:
    """Return lower and upper ends, (quantities, 2); NaN where one is not found beyond doubt.

    Parameters
    ----------
    table : Surveyed
    quantities : tuple of int
        `MU` and `AVERAGE` give logits, `TAU` is tau itself: its lower end is 0 where tau = 0 is
        within the region.
    allowed : float
        What twice the log-likelihood may lose.
    bartlett : bool
        Whether the loss of mu and of the average is divided by its factor: see
        `profile_interval_mu`.
    """
    start, reached = _starts(table, quantities, allowed, bartlett)
    ends = _Ends(
        table=table,
        kind=np.repeat(quantities, 2),
        side=np.tile([-1.0, 1.0], len(quantities)),
        reached=reached,
        allowed=allowed,
        bartlett=bartlett,
    )
    points, sound = _newton(ends, start)
    found = np.where(sound, _value(ends.kind, points), np.nan)
    at_zero = (ends.kind == TAU) & (ends.side < 0) & (reached == 0.0)
    return np.where(at_zero, 0.0, found).reshape(-1, 2)


def _point(table: Surveyed) -> Floats:
    return np.array([[table.mu, np.arcsinh(table.tau)]])


def _value(kind: Integers, points: Floats) -> Floats:
    """Return the quantity of each point (mu, u), (e,)."""
    tau = np.sinh(np.abs(points[:, 1]))
    average, _ = logit_average(points[:, 0], tau)
    return np.choose(kind, [points[:, 0], average, tau])


def _starts(
    table: Surveyed, quantities: tuple[int, ...], allowed: float, bartlett: bool
) -> tuple[Floats, Floats]:
    """Return a grid point near each end, (e, 2), and a value that the end must reach, (e,)."""
    mu, tau = np.meshgrid(table.grid_mu, table.grid_tau, indexing="ij")
    loss = 2 * (table.best - table.log_likelihood)
    peak = _point(table)[0]
    points: list[Floats] = []
    reached: list[Floats] = []
    for quantity in quantities:
        # Near enough to choose a point by, for the average.
        shrunk = mu / np.sqrt(1 + PROBIT_SHRINKS * tau**2)
        measure = (mu, shrunk, tau)[quantity]
        wider = allowed
        if bartlett and quantity != TAU:
            wider *= float(_factor(table.cells, peak[:1], np.array([table.tau]))[0][0])
        for sign in (-1.0, 1.0):
            # The grid's own error must not ask for more than there is.
            for found, reach in ((reached, allowed - _SURVEY_ERROR), (points, wider)):
                inside = np.where(loss <= reach, sign * measure, -np.inf)
                i, j = np.unravel_index(int(inside.argmax()), mu.shape)
                held = np.isfinite(inside[i, j])
                point = np.array([mu[i, j], np.arcsinh(tau[i, j])]) if held else peak
                found.append(point)
    kind = np.repeat(quantities, 2)
    return np.array(points), _value(kind, np.array(reached))


def _factor(cells: Cells, mu: Floats, tau: Floats) -> tuple[Floats, Floats]:
    """Return Bartlett's factor of one table at several points, and E[p (1 - p)] there, (e,)."""
    spread = average_terms(mu, tau)[1]
    weight = cells.total / (1 + (tau**2 * spread)[:, None] * cells.total)
    one, two, three = (np.sum(weight**power, axis=1) for power in (1, 2, 3))
    return 1 + 2 * three / (one * two), spread


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ends:
    """The two equations of every end: loss as allowed, no slope along the quantity's line."""

    table: Surveyed
    kind: Integers
    side: Floats
    reached: Floats
    allowed: float
    bartlett: bool

    def right(self, points: Floats) -> Booleans:
        """Return whether points lie where the ends must: far enough, and on their side."""
        value = _value(self.kind, points)
        middle = _value(self.kind, np.repeat(_point(self.table), len(points), axis=0))
        far = (value - self.reached) * self.side >= -_SETTLED
        return np.asarray(far & ((value - middle) * self.side > 0))

    def some(self, chosen: Integers) -> _Ends:
        """Return the ends numbered in chosen."""
        own = {name: getattr(self, name)[chosen] for name in ("kind", "side", "reached")}
        return replace(self, **own)

    def of_ellipse(self) -> Floats:
        """Return the ends of the region as it would be were the likelihood a normal law, (e, 2)."""
        points = np.repeat(_point(self.table), len(self.side), axis=0)
        surface = BinomialNormalSurface(cells=self.table.cells, nodes=COARSE_NODES)
        curvature = surface(points[:1])[2][0]
        factor, _, quantity, _ = self._of_quantity(points)
        reach = self.side * np.sqrt(self.allowed * factor)
        inner = self.table.tau > 0 and np.linalg.eigvalsh(curvature)[-1] < 0
        if not inner:
            points[:, 0] += reach / np.sqrt(max(-curvature[0, 0], 1e-12))
            points[:, 1] = np.where(self.kind == TAU, np.arcsinh(self.table.grid_tau[1]), 0.0)
            return points
        away = quantity @ np.linalg.inv(-curvature)
        points += (reach / np.sqrt(np.einsum("ea,ea->e", away, quantity)))[:, None] * away
        points[:, 1] = np.maximum(points[:, 1], 1e-3)
        return points

    def __call__(self, points: Floats, nodes: int) -> tuple[Floats, Floats, Floats]:
        """Return both equations (e, 2), their derivatives in (mu, u), the quantity's slopes."""
        surface = BinomialNormalSurface(cells=self.table.cells.repeated(len(points)), nodes=nodes)
        value, gradient, curvature = surface(points)
        equations, slopes = np.empty((len(points), 2)), np.empty((len(points), 2, 2))
        excess, by_point, quantity, bend = self._of_quantity(points)
        equations[:, 0] = value - self.table.best + 0.5 * self.allowed * excess
        slopes[:, 0] = gradient + 0.5 * self.allowed * by_point
        # The likelihood's slope across the quantity's own: their cross product.
        equations[:, 1] = quantity[:, 0] * gradient[:, 1] - quantity[:, 1] * gradient[:, 0]
        slopes[:, 1] = (
            bend[:, 0] * gradient[:, 1, None]
            + quantity[:, :1] * curvature[:, 1]
            - bend[:, 1] * gradient[:, 0, None]
            - quantity[:, 1:] * curvature[:, 0]
        )
        return equations, slopes, quantity

    def _of_quantity(self, points: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Return factor of the loss and its slopes; slopes of the quantity and their slopes."""
        count = len(points)
        factor, by_point = np.ones(count), np.zeros((count, 2))
        quantity, bend = np.zeros((count, 2)), np.zeros((count, 2, 2))
        quantity[self.kind == TAU, 1] = 1.0
        quantity[self.kind == MU, 0] = 1.0
        curved = self.kind != TAU if self.bartlett else self.kind == AVERAGE
        if not curved.any():
            return factor, by_point, quantity, bend
        moved = points[curved] + _HAIR * np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])[:, None]
        mu, u = moved.reshape(-1, 2).T
        tau = np.sinh(np.abs(u))
        if self.bartlett:
            found = _factor(self.table.cells, mu, tau)[0].reshape(3, -1)
            factor[curved] = found[0]
            by_point[curved] = ((found[1:] - found[0]) / _HAIR).T
        by_mu, by_tau = logit_slopes(mu, tau)
        by_u = by_tau * np.sign(u) * np.cosh(u)
        slopes = np.stack([by_mu, by_u], axis=1).reshape(3, -1, 2)
        average = self.kind == AVERAGE
        own = average[curved]
        quantity[average] = slopes[0, own]
        # bend[e, a, b]: how the slope in a changes with b.
        bend[average] = np.moveaxis((slopes[1:, own] - slopes[0, own]) / _HAIR, 0, 2)
        return factor, by_point, quantity, bend


def _newton(ends: _Ends, start: Floats) -> tuple[Floats, Booleans]:
    """Return the points where both equations hold, (e, 2), and where they do as at an end, (e,)."""
    points, sound = _settle(ends, start)
    for again in (_other_spread, _ellipse, _neighbours):
        lost = np.flatnonzero(~sound)
        if not len(lost):
            break
        points[lost], sound[lost] = _settle(
            ends.some(lost), again(ends, start, points, sound)[lost]
        )
    return points, sound


def _other_spread(ends: _Ends, start: Floats, points: Floats, sound: Booleans) -> Floats:
    """Return the same starts with a spread where there was none, and without where there was."""
    # Where no spread is likeliest the way there is along mu alone, and only there.
    flat = start[:, 1] == 0.0
    spread = np.where(flat, np.arcsinh(ends.table.grid_tau[1]), 0.0)
    return np.stack([start[:, 0], spread], axis=1)


def _ellipse(ends: _Ends, start: Floats, points: Floats, sound: Booleans) -> Floats:
    """Return the ends that a normal law of the same curvature would have."""
    return ends.of_ellipse()


def _neighbours(ends: _Ends, start: Floats, points: Floats, sound: Booleans) -> Floats:
    """Return starts near an end that has been found on the same side, of another quantity."""
    found = start.copy()
    for place in range(len(start)):
        near = sound & (ends.side == ends.side[place]) & (ends.kind != TAU)
        if near.any():
            found[place] = points[np.flatnonzero(near)[0]]
        else:
            found[place, 1] = 0.5 * points[:, 1][ends.kind == TAU].max(initial=0.5)
    return found


def _settle(ends: _Ends, start: Floats) -> tuple[Floats, Booleans]:
    """Return where Newton's method ends from these starts, and whether it is at an end."""
    points, sound = start.copy(), np.zeros(len(start), dtype=bool)
    flat = (points[:, 1] == 0.0) & (ends.kind != TAU)
    active = np.arange(len(points))
    for nodes, enough, most in ((COARSE_NODES, _ROUGH_STEP, 12), (FINE_NODES, _LAST_STEP, 6)):
        moving = active
        for _ in range(most):
            if not len(moving):
                break
            own = ends.some(moving)
            equations, slopes, quantity = own(points[moving], nodes)
            step = _step(equations, slopes, flat[moving])
            size = np.abs(step).max(axis=1)
            points[moving] += step * np.minimum(1.0, _LONGEST / np.maximum(size, _LONGEST))[:, None]
            points[moving, 1] = np.abs(points[moving, 1])
            if nodes == FINE_NODES:
                # Along the line of its quantity an end is where the likelihood is largest.
                along = np.stack([-quantity[:, 1], quantity[:, 0]], axis=1)
                top = np.einsum("eb,eb->e", slopes[:, 1], along) < 0
                sound[moving] = top & (size < enough)
            done = size < enough
            far = ~(np.abs(points[moving]) < _FARTHEST).all(axis=1)
            moving = moving[~(done | far)]
        active = np.setdiff1d(active, moving)
        active = active[(np.abs(points[active]) < _FARTHEST).all(axis=1)]
    sound[sound] = ends.some(np.flatnonzero(sound)).right(points[sound])
    return points, sound


def _step(equations: Floats, slopes: Floats, flat: Booleans) -> Floats:
    """Return Newton's step; along mu alone where an end has no spread."""
    determinant = slopes[:, 0, 0] * slopes[:, 1, 1] - slopes[:, 0, 1] * slopes[:, 1, 0]
    safe = np.where(np.abs(determinant) > 1e-300, determinant, 1.0)
    step = np.stack(
        [
            slopes[:, 0, 1] * equations[:, 1] - slopes[:, 1, 1] * equations[:, 0],
            slopes[:, 1, 0] * equations[:, 0] - slopes[:, 0, 0] * equations[:, 1],
        ],
        axis=1,
    )
    step /= safe[:, None]
    step[flat, 0] = -equations[flat, 0] / slopes[flat, 0, 0]
    step[flat, 1] = 0.0
    return step
