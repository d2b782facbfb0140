"""Intervals of every rung from one likelihood: the extremes of each share where it is high enough.

One region of all parameters, ``2 (max - log L) <= c``, serves every rung. The share of a rung is at
most that of the rung above at every point of it, so that the ends cannot cross; the ends of one
rung alone are those of its profile likelihood.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import NonlinearConstraint, minimize
from scipy.special import expit, logit

from toolkit.numerics.binomial.average import average_over_centres
from toolkit.numerics.ladder.likelihood import ladder_likelihood
from toolkit.numerics.ladder.links import Links
from toolkit.numerics.ladder.maximum import (
    FARTHEST_MU,
    LARGEST_TAU,
    Height,
    LadderMaximum,
    flat_height,
    gradient,
)
from toolkit.numerics.tables import Floats

_LITTLE = 1e-4
_WIDENED = (1.3, 1.0, 2.0)
_LEAST_TAU = 0.15
_ITERATIONS = 40
_TOLERANCE = 1e-7
_ROUGH = 2e-4
_OUTSIDE = 1e-5
_EDGE = 1e-12

Share = Callable[[Floats], Floats]
"""Share of a rung at points (S, r, 2)."""


def mean_share(points: Floats) -> Floats:
    """Return the mean across studies of the rung that points (S, r, 2) lead down to, (S,)."""
    return np.asarray(average_over_centres(points[..., 0], points[..., 1]).prod(axis=1))


def rung_intervals(
    links: Links, found: LadderMaximum, critical: float, rungs: int, share: Share = mean_share
) -> tuple[tuple[float, float], ...]:
    """Return the least and the largest share of each rung in the region.

    Parameters
    ----------
    links : Links
    found : LadderMaximum
        Fitted at least down to the last rung that is asked for.
    critical : float
        How far twice the log-likelihood may lie below its maximum.
    rungs : int
        How many rungs are asked for, from the outermost.
    share : Share
        `mean_share`, or `toolkit.numerics.ladder.median_study.median_study`.
    """
    last = max(block.stop for block in links.blocks() if block.start < rungs)
    fitted = [j for j in range(last) if np.isfinite(found.points[j]).all()]
    if len(fitted) < last:
        last = rungs
    kept = tuple(link for link in links.links if link.steps.stop <= last)
    likelihood = ladder_likelihood(Links(links=kept, steps=last), exact=True)
    height, best = flat_height(likelihood), found.points[:last].reshape(-1)
    ends = []
    for rung in range(1, rungs + 1):
        ends.append(_ends(height, best, critical, slice(0, rung), share))
    return tuple(ends)


def step_interval(
    links: Links, found: LadderMaximum, critical: float, step: int, share: Share = mean_share
) -> tuple[float, float]:
    """Return the least and the largest share of a step among the rung above it, in the region."""
    block = next(block for block in links.blocks() if step in block)
    likelihood = ladder_likelihood(links.within(block), exact=True)
    best = found.points[block.start : block.stop].reshape(-1)
    at = step - block.start
    return _ends(flat_height(likelihood), best, critical, slice(at, at + 1), share)


def _ends(
    height: Height, best: Floats, critical: float, steps: slice, share: Share
) -> tuple[float, float]:
    low, high = (_extreme(height, best, critical, steps, share, sign) for sign in (-1.0, 1.0))
    return low, high


def _extreme(
    height: Height, best: Floats, critical: float, steps: slice, share: Share, sign: float
) -> float:
    """Return the least (sign -1) or the largest (sign 1) share of some steps in the region."""
    floor = float(height(best[None])[0]) - 0.5 * critical

    def goal(flat: Floats) -> Floats:
        found = share(flat.reshape(len(flat), -1, 2)[:, steps])
        return sign * np.asarray(logit(np.clip(found, _EDGE, 1 - _EDGE)))

    def inside(at: Floats) -> Floats:
        return np.asarray(height(at[None]) - floor)

    def cost(at: Floats) -> tuple[float, Floats]:
        return -float(goal(at[None])[0]), -gradient(goal, at)

    def slopes(at: Floats) -> Floats:
        return gradient(height, at)[None]

    region = NonlinearConstraint(inside, 0.0, np.inf, jac=slopes)
    bounds = [(-FARTHEST_MU, FARTHEST_MU), (0.0, LARGEST_TAU)] * (len(best) // 2)
    reached = float(goal(best[None])[0])
    for widened in _WIDENED:
        start = best.copy()
        # At tau = 0 the likelihood is flat in tau, and a search would never leave it.
        start[1::2] = np.maximum(start[1::2] * widened, _LEAST_TAU * widened)
        found = minimize(
            cost,
            start,
            jac=True,
            method="SLSQP",
            bounds=bounds,
            constraints=region,
            # A share known by nodes alone is not smooth enough for more.
            tol=_TOLERANCE if share is mean_share else _ROUGH,
            options={"maxiter": _ITERATIONS},
        )
        if np.isfinite(found.x).all():
            last = _pulled_in(inside, best, found.x)
            reached = max(reached, float(goal(last[None])[0]))
            if found.success:
                break
    return float(expit(sign * reached))


def _pulled_in(inside: Share, best: Floats, at: Floats) -> Floats:
    """Return the point itself, or where the way from the maximum to it leaves the region."""
    if inside(at)[0] > -_OUTSIDE:
        return at
    low, high = 0.0, 1.0
    for _ in range(30):
        middle = 0.5 * (low + high)
        if inside(best + middle * (at - best))[0] > 0:
            low = middle
        else:
            high = middle
    return best + low * (at - best)
