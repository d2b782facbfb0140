"""The median study of a rung: the median over studies of the product of their steps' shares.

With independent logit-normal shares the product has no closed law. The step that varies most is
integrated exactly, the others over even nodes of their standardized effects.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from scipy.special import expit, log_expit, ndtr

from toolkit.numerics.tables import Floats

_NODES = {1: 61, 2: 25, 3: 13}
_REACH = 4.2
_LEAST_TAU = 1e-3
_STEPS = 60
_SETTLED = 1e-9
_CHUNK = 1 << 20
_HALF_LOG_2PI = 0.9189385332046727


def median_study(points: Floats) -> Floats:
    """Return the median of the product of independent logit-normal shares, (S,).

    Parameters
    ----------
    points : (S, r, 2)
        mu and tau of each step down to the rung.
    """
    if points.shape[1] == 1:
        return np.asarray(expit(points[:, 0, 0]))
    out = np.empty(len(points))
    z, weight = _nodes(points.shape[1] - 1)
    size = max(1, _CHUNK // len(weight))
    for start in range(0, len(points), size):
        part = slice(start, start + size)
        out[part] = _medians(points[part], z, weight)
    return out


def _nodes(dimensions: int) -> tuple[Floats, Floats]:
    """Return nodes (Q, dimensions) and weights (Q,) of a standard normal law."""
    line = np.linspace(-_REACH, _REACH, _NODES[dimensions])
    z = np.array(list(product(line, repeat=dimensions)))
    weight = np.exp(-0.5 * np.sum(z**2, axis=1))
    kept = weight > 1e-5 * weight.max()
    return z[kept], weight[kept] / weight[kept].sum()


def _medians(points: Floats, z: Floats, weight: Floats) -> Floats:
    order = np.argsort(points[..., 1], axis=1)
    mu = np.take_along_axis(points[..., 0], order, axis=1)
    tau = np.maximum(np.take_along_axis(points[..., 1], order, axis=1), _LEAST_TAU)
    others = np.zeros((len(points), len(weight)))
    for j in range(z.shape[1]):
        others += log_expit(mu[:, j, None] + tau[:, j, None] * z[:, j])
    widest, middle = tau[:, -1:], mu[:, -1:]
    # The product lies below the largest of the others' products; bisection needs no other bracket.
    high = others.max(axis=1)
    low = np.minimum(high, log_expit(mu).sum(axis=1)) - 50.0 * (1.0 + tau.max(axis=1))
    at = np.clip(log_expit(mu).sum(axis=1), low, high - 1e-9)
    for _ in range(_STEPS):
        gap = np.minimum(at[:, None] - others, -1e-12)
        rest = -np.expm1(gap)
        zeta = (gap - np.log(rest) - middle) / widest
        inside = at[:, None] < others
        below = np.where(inside, ndtr(zeta), 1.0) @ weight - 0.5
        density = np.exp(-0.5 * zeta**2 - _HALF_LOG_2PI) / (widest * rest)
        slope = np.where(inside, density, 0.0) @ weight
        low = np.where(below < 0, at, low)
        high = np.where(below > 0, at, high)
        step = -below / np.maximum(slope, 1e-12)
        inner = (at + step > low) & (at + step < high)
        moved = np.where(inner, at + step, 0.5 * (low + high))
        done = np.abs(moved - at) < _SETTLED
        at = moved
        if done.all():
            break
    return np.exp(at)
