"""Ladders whose steps are not independent: correlated effects, and one effect for all rungs.

Effects are carried on even nodes of their standardized values: from step to step by the law of the
next effect given this one, and counts beside them from rung to rung.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit, gammaln, log_expit, logit, xlog1py, xlogy

from toolkit.numerics.ladder.links import tightened
from toolkit.numerics.tables import Floats, Integers

_Z = np.linspace(-7.0, 7.0, 85)
_WEIGHT = np.exp(-0.5 * _Z**2) / np.exp(-0.5 * _Z**2).sum()
_CHUNK = 1 << 21
_LEAST = 1e-300
_TAUS = (0.3, 1.0, 2.0)


def correlated_log_likelihood(
    low: npt.ArrayLike, high: npt.ArrayLike, total: npt.ArrayLike, points: Floats, rho: float
) -> Floats:
    """Return the log-likelihood under correlated effects at each point, (S,).

    Parameters
    ----------
    low, high : (k, J)
        Admissible counts, outermost rung first.
    total : (k,)
    points : (S, J, 2)
        mu and tau of each step.
    rho : float
        Correlation of the effects of adjacent steps; that of steps further apart is its power.
    """
    first, last = tightened(low, high, total)
    sizes = np.asarray(total, dtype=np.int64)
    moves = _transition(rho)
    out = np.zeros(len(points))
    for i, n in enumerate(sizes.tolist()):
        widths = [1, *(last[i] - first[i] + 1).tolist()]
        most = max(a * b for a, b in pairwise(widths))
        size = max(1, _CHUNK // (most * len(_Z)))
        for start in range(0, len(points), size):
            part = slice(start, start + size)
            shares = expit(points[part, :, 0, None] + points[part, :, 1, None] * _Z)
            whole = _carried(n, first[i], last[i], shares, moves)
            out[part] += np.log(np.maximum(whole, _LEAST))
    return out


def correlated_average(points: Floats, rho: float) -> Floats:
    """Return the mean across studies of each rung under correlated effects, (S, J)."""
    moves = _transition(rho)
    out = np.empty(points.shape[:2])
    mass = np.broadcast_to(_WEIGHT, (len(points), len(_Z)))
    for j in range(points.shape[1]):
        if j:
            mass = mass @ moves
        mass = mass * expit(points[:, j, 0, None] + points[:, j, 1, None] * _Z)
        out[:, j] = mass.sum(axis=1)
    return out


def _transition(rho: float) -> Floats:
    """Return the law of the next standardized effect given this one, rows of sum 1, (Q, Q)."""
    apart = (_Z - rho * _Z[:, None]) / np.sqrt(1 - rho**2)
    rows = np.exp(-0.5 * apart**2)
    return np.asarray(rows / rows.sum(axis=1, keepdims=True))


def _carried(n: int, low: Integers, high: Integers, shares: Floats, moves: Floats | None) -> Floats:
    """Return the probability of one series' counts, (S,), from the steps' shares (S, J, Q).

    Without `moves` the effect of a study is the same at every step.
    """
    mass = np.broadcast_to(_WEIGHT, (len(shares), len(_Z)))[:, :, None]
    above = np.array([n])
    for j in range(shares.shape[1]):
        if low[j:].max() == 0 and (high[j:] >= above.max()).all():
            break
        if j and moves is not None:
            mass = np.einsum("sqy,qr->sry", mass, moves, optimize=True)
        below = np.arange(low[j], high[j] + 1)
        mass = np.einsum("sqy,sqyx->sqx", mass, _binomial(below, above, shares[:, j]))
        above = below
    return np.asarray(mass.sum(axis=(1, 2)))


def _binomial(below: Integers, above: Integers, share: Floats) -> Floats:
    """Return binomial probabilities of counts below among counts above, (S, Q, Y, X)."""
    x, n = below[None, :], above[:, None]
    rest = np.maximum(n - x, 0)
    choose = np.where(x <= n, gammaln(n + 1) - gammaln(x + 1) - gammaln(rest + 1), -np.inf)
    p = share[:, :, None, None]
    return np.asarray(np.exp(choose + xlogy(x, p) + xlog1py(rest, -p)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ParallelFit:
    """Cumulative logits with one effect of a study, at the largest likelihood.

    Attributes
    ----------
    logits : (J,)
        Of the median study's share of each rung among all patients, descending.
    tau : float
        Standard deviation of the studies' effect.
    averages : (J,)
        Mean across studies of each rung.
    log_likelihood : float
    """

    logits: Floats
    tau: float
    averages: Floats
    log_likelihood: float


def fit_parallel(low: npt.ArrayLike, high: npt.ArrayLike, total: npt.ArrayLike) -> ParallelFit:
    """Return the parallel model's fit: every rung of a study moves by the same logit.

    **Source**: McCullagh 1980, J R Stat Soc B 42:109 (proportional odds), with a normal effect.

    Parameters
    ----------
    low, high : (k, J)
        Admissible counts, outermost rung first.
    total : (k,)
    """
    first, last = tightened(low, high, total)
    sizes = np.asarray(total, dtype=np.int64)
    steps = first.shape[1]

    def read(at: Floats) -> tuple[Floats, float]:
        gaps = np.concatenate([at[:1], -np.exp(at[1:steps])])
        return np.cumsum(gaps), float(abs(at[steps]))

    def downhill(at: Floats) -> float:
        logits, tau = read(at)
        cumulative = log_expit(logits[:, None] + tau * _Z)
        shares = np.exp(np.diff(cumulative, axis=0, prepend=0.0))[None]
        rows = zip(sizes.tolist(), first, last, strict=True)
        return -float(
            sum(np.log(max(_carried(n, a, b, shares, None)[0], _LEAST)) for n, a, b in rows)
        )

    middle = (0.5 * (first + last)).sum(axis=0)
    start = logit((middle + 0.5) / (sizes.sum() + 1.0))
    gaps = np.log(np.maximum(-np.diff(start), 0.1))
    runs = [
        minimize(downhill, np.concatenate([start[:1], gaps, [tau]]), method="BFGS") for tau in _TAUS
    ]
    best = min(runs, key=lambda run: float(run.fun))
    logits, tau = read(best.x)
    averages = expit(logits[:, None] + tau * _Z) @ _WEIGHT
    return ParallelFit(logits=logits, tau=tau, averages=averages, log_likelihood=-float(best.fun))
