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

from toolkit.numerics.ascent import Surface
from toolkit.numerics.binomial.average import PROBIT_SHRINKS, average_terms, logit_average
from toolkit.numerics.binomial.cells import Cells
from toolkit.numerics.tables import Booleans, Floats, Integers

MU, AVERAGE, TAU = 0, 1, 2

_HAIR = 1e-5
_LAST_STEP = 1e-5
_MOST_STEPS = 14
_FARTHEST = 60.0
_LONGEST = 0.7
_SETTLED = 1e-8
_SURVEY_ERROR = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveyed:
    """One table, its maximum, and its log-likelihood over a coarse grid.

    Attributes
    ----------
    cells, surface : Cells, Surface
        Of the one table; the latter at any number of points.
    mu, tau, best : float
        Where the likelihood is largest, and the largest log-likelihood.
    grid_mu, grid_tau : (n_mu,), (n_tau,)
    log_likelihood : (n_mu, n_tau)
    """

    cells: Cells
    surface: Surface
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
    # The lower end of tau is 0 where that lies in the region: nothing to search for.
    sought = np.flatnonzero(~((ends.kind == TAU) & (ends.side < 0) & (reached == 0.0)))
    points, sound = _newton(ends.some(sought), start[sought])
    found = np.zeros(len(start))
    found[sought] = np.where(sound, _value(ends.kind[sought], points), np.nan)
    return found.reshape(-1, 2)


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
    """Return a point near each end, (e, 2), and a value that the end must reach, (e,)."""
    loss = 2 * (table.best - table.log_likelihood)
    wider = allowed
    if bartlett:
        wider *= float(_factor(table.cells, *_spread_at(np.array([table.mu]), table.tau))[0])
    # The grid's own error must not ask for more than there is.
    sure = loss <= allowed - _SURVEY_ERROR
    points: list[Floats] = []
    reached: list[Floats] = []
    for quantity in quantities:
        if quantity == AVERAGE:
            # Near enough to choose a point by.
            shrunk = table.grid_mu[:, None] / np.sqrt(1 + PROBIT_SHRINKS * table.grid_tau**2)
            points += [_farthest(table, sign * shrunk, loss <= wider) for sign in (-1.0, 1.0)]
            reached += [_farthest(table, sign * shrunk, sure) for sign in (-1.0, 1.0)]
            continue
        along = 1 - quantity // TAU
        profile, place = loss.min(axis=along), loss.argmin(axis=along)
        axis = table.grid_mu if quantity == MU else table.grid_tau
        goal = wider if quantity == MU else allowed
        for sign in (-1, 1):
            end, near = _passage(axis, profile, goal, sign)
            other = (table.grid_tau if quantity == MU else table.grid_mu)[place[near]]
            points.append(_pair(quantity, end, other))
            last = np.flatnonzero(profile <= allowed - _SURVEY_ERROR)
            value = (
                axis[last[0 if sign < 0 else -1]]
                if len(last)
                else (table.mu, 0, table.tau)[quantity]
            )
            reached.append(_pair(quantity, float(value), 0.0))
    kind = np.repeat(quantities, 2)
    return np.array(points), _value(kind, np.array(reached))


def _pair(quantity: int, value: float, other: float) -> Floats:
    """Return the point (mu, u) of one quantity, mu or tau, and the other one."""
    mu, tau = (value, other) if quantity == MU else (other, value)
    return np.array([mu, np.arcsinh(tau)])


def _farthest(table: Surveyed, measure: Floats, inside: Booleans) -> Floats:
    """Return the grid point (mu, u) of the region at which a measure is largest, or the peak."""
    if not inside.any():
        return np.asarray(_point(table)[0])
    i, j = np.unravel_index(int(np.where(inside, measure, -np.inf).argmax()), measure.shape)
    return np.array([table.grid_mu[i], np.arcsinh(table.grid_tau[j])])


def _passage(axis: Floats, profile: Floats, goal: float, sign: int) -> tuple[float, int]:
    """Return where a profile's loss passes its goal on one side, and the grid's place inside."""
    inside = np.flatnonzero(profile <= goal)
    if not len(inside):
        place = int(profile.argmin())
        return float(axis[place]), place
    place = int(inside[0 if sign < 0 else -1])
    beyond = place + sign
    if not 0 <= beyond < len(axis):
        return float(axis[place]), place
    # Roots of the loss are nearly straight lines.
    low, high = (np.sqrt(max(profile[at], 0.0)) for at in (place, beyond))
    share = (np.sqrt(goal) - low) / max(high - low, 1e-12)
    return float(axis[place] + share * (axis[beyond] - axis[place])), place


def _spread_at(mu: Floats, tau: float) -> tuple[Floats, Floats]:
    """Return tau squared and E[p (1 - p)], both (e,)."""
    spread = average_terms(mu, tau)[1]
    return np.full_like(mu, tau**2), np.asarray(spread)


def _factor(cells: Cells, square: Floats, spread: Floats) -> Floats:
    """Return Bartlett's factor of one table at several tau squared and E[p (1 - p)], (e,)."""
    weight = cells.total / (1 + (square * spread)[:, None] * cells.total)
    second = weight * weight
    one, two, three = weight.sum(axis=1), second.sum(axis=1), (second * weight).sum(axis=1)
    return np.asarray(1 + 2 * three / (one * two))


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
        curvature = self.table.surface(points[:1])[2][0]
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

    def __call__(self, points: Floats) -> tuple[Floats, Floats, Floats]:
        """Return both equations (e, 2), their derivatives in (mu, u), the quantity's slopes."""
        value, gradient, curvature = self.table.surface(points)
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
        value, by_mu, by_tau = average_terms(-np.abs(mu), tau)
        if self.bartlett:
            found = _factor(self.table.cells, tau**2, by_mu).reshape(3, -1)
            factor[curved] = found[0]
            by_point[curved] = ((found[1:] - found[0]) / _HAIR).T
        scale = value * (1 - value)
        # In the mirror the slope in tau turns, that in mu does not.
        by_u = np.where(mu > 0, -by_tau, by_tau) * np.sign(u) * np.cosh(u)
        slopes = (np.stack([by_mu, by_u], axis=1) / scale[:, None]).reshape(3, -1, 2)
        average = self.kind == AVERAGE
        own = average[curved]
        quantity[average] = slopes[0, own]
        # bend[e, a, b]: how the slope in a changes with b.
        bend[average] = np.moveaxis((slopes[1:, own] - slopes[0, own]) / _HAIR, 0, 2)
        return factor, by_point, quantity, bend


def _newton(ends: _Ends, start: Floats) -> tuple[Floats, Booleans]:
    """Return the points where both equations hold, (e, 2), and where they do as at an end, (e,)."""
    points, sound = _settle(ends, start)
    for again in (_other_spread, _more_spread, _neighbours, _ellipse):
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


def _more_spread(ends: _Ends, start: Floats, points: Floats, sound: Booleans) -> Floats:
    """Return the same starts with about half the largest spread of the region."""
    found = points[sound & (ends.kind == TAU), 1]
    return np.stack([start[:, 0], np.full(len(start), 0.5 * found.max(initial=0.5))], axis=1)


def _neighbours(ends: _Ends, start: Floats, points: Floats, sound: Booleans) -> Floats:
    """Return starts at an end that has been found on the same side, of mu or of the average."""
    found = start.copy()
    for place in range(len(start)):
        near = np.flatnonzero(sound & (ends.side == ends.side[place]) & (ends.kind != TAU))
        if len(near):
            found[place] = points[near[0]]
    return found


def _ellipse(ends: _Ends, start: Floats, points: Floats, sound: Booleans) -> Floats:
    """Return the ends that a normal law of the same curvature would have."""
    return ends.of_ellipse()


def _settle(ends: _Ends, start: Floats) -> tuple[Floats, Booleans]:
    """Return where Newton's method ends from these starts, and whether it is at an end."""
    points, sound = start.copy(), np.zeros(len(start), dtype=bool)
    flat = (points[:, 1] == 0.0) & (ends.kind != TAU)
    moving = np.arange(len(points))
    for _ in range(_MOST_STEPS):
        if not len(moving):
            break
        equations, slopes, quantity = ends.some(moving)(points[moving])
        step = _step(equations, slopes, flat[moving])
        size = np.abs(step).max(axis=1)
        points[moving] += step * np.minimum(1.0, _LONGEST / np.maximum(size, _LONGEST))[:, None]
        points[moving, 1] = np.abs(points[moving, 1])
        # Along the line of its quantity an end is where the likelihood is largest.
        along = np.stack([-quantity[:, 1], quantity[:, 0]], axis=1)
        top = np.einsum("eb,eb->e", slopes[:, 1], along) < 0
        sound[moving] = top & (size < _LAST_STEP)
        far = ~(np.abs(points[moving]) < _FARTHEST).all(axis=1)
        moving = moving[(size >= _LAST_STEP) & ~far]
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
