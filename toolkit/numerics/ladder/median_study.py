"""The median study of a rung: the median over studies of the product of their steps' shares.

With independent logit-normal shares the product has no closed law. The step that varies most is
integrated exactly, the others over even nodes of their standardized effects.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from scipy.special import expit, log_expit, ndtr, ndtri

from toolkit.numerics.tables import Floats, Integers

_COARSE = {1: 31, 2: 11, 3: 9}
_FINE = {1: 61, 2: 25, 3: 13}
_REACH = 4.2
_LEAST_TAU = 1e-3
_SLIGHT = 1e-4
_STEPS = 60
_SETTLED = {False: 1e-3, True: 1e-9}
_CHUNK = 1 << 16
_EDGE = 1e-12
_HALF_LOG_2PI = 0.9189385332046727


def median_study(points: Floats, *, fine: bool = True) -> Floats:
    """Return the median of the product of independent logit-normal shares, (S,).

    Parameters
    ----------
    points : (S, r, 2)
        mu and tau of each step down to the rung.
    fine : bool
        Many nodes and many steps of the search, or few of both for thousands of points. Either is
        good to 1e-3 of a share on average, and to 1e-2 where a step varies far more than others.
    """
    if points.shape[1] == 1:
        return np.asarray(expit(points[:, 0, 0]))
    out = np.empty(len(points))
    nodes = _nodes(points.shape[1] - 1, fine)
    size = max(1, _CHUNK // len(nodes[2]))
    for start in range(0, len(points), size):
        part = slice(start, start + size)
        out[part] = _medians(points[part], *nodes, settled=_SETTLED[fine])
    return out


def _nodes(dimensions: int, fine: bool) -> tuple[Floats, Integers, Floats]:
    """Return even nodes (L,), which of them each dimension takes (Q, dimensions), weights (Q,)."""
    line = np.linspace(-_REACH, _REACH, (_FINE if fine else _COARSE)[dimensions])
    which = np.array(list(product(range(len(line)), repeat=dimensions)))
    weight = np.exp(-0.5 * np.sum(line[which] ** 2, axis=1))
    kept = weight > _SLIGHT * weight.max()
    return line, which[kept], weight[kept] / weight[kept].sum()


def _medians(
    points: Floats, line: Floats, which: Integers, weight: Floats, settled: float
) -> Floats:
    order = np.argsort(points[..., 1], axis=1)
    mu = np.take_along_axis(points[..., 0], order, axis=1)
    tau = np.maximum(np.take_along_axis(points[..., 1], order, axis=1), _LEAST_TAU)
    others = np.zeros((len(points), len(weight)))
    for j, nodes in enumerate(which.T):
        others += log_expit(mu[:, j, None] + tau[:, j, None] * line)[:, nodes]
    middle = log_expit(mu).sum(axis=1)
    # The product lies below the largest of the others' products; bisection needs no other bracket.
    high = others.max(axis=1)
    low = np.minimum(high, middle) - 50.0 * (1.0 + tau.max(axis=1))
    at = np.clip(middle, low, high - 1e-9)
    going = np.arange(len(at))
    for _ in range(_STEPS):
        below, slope = _share_below(
            at[going], others[going], mu[going, -1:], tau[going, -1:], weight
        )
        low[going] = np.where(below < 0.5, at[going], low[going])
        high[going] = np.where(below > 0.5, at[going], high[going])
        # The normal score of the share is almost a line in the value: few steps of Newton do.
        score = ndtri(np.clip(below, _EDGE, 1 - _EDGE))
        density = np.exp(-0.5 * score**2 - _HALF_LOG_2PI)
        moved = at[going] - score * density / np.maximum(slope, 1e-12)
        inner = (moved > low[going]) & (moved < high[going])
        moved = np.where(inner, moved, 0.5 * (low[going] + high[going]))
        still = np.abs(moved - at[going]) >= settled
        at[going] = moved
        going = going[still]
        if not len(going):
            break
    return np.asarray(np.exp(at))


def _share_below(
    at: Floats, others: Floats, mu: Floats, tau: Floats, weight: Floats
) -> tuple[Floats, Floats]:
    """Return the share of studies whose log product is at most a value, and its slope."""
    gap = at[:, None] - others
    inside = gap < 0
    gap = np.minimum(gap, -_EDGE)
    rest = 1 - np.exp(gap)
    zeta = (gap - np.log(rest) - mu) / tau
    density = np.exp(-0.5 * zeta**2 - _HALF_LOG_2PI) / (tau * rest)
    below = np.where(inside, ndtr(zeta), 1.0) @ weight
    return np.asarray(below), np.asarray(np.where(inside, density, 0.0) @ weight)
