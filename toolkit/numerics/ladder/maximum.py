"""Maximum likelihood of a ladder: mu and tau of each step, to the digits of a Newton finish.

Steps that hang together through a series with gaps are fitted together, the others each by the
ordinary fit. Where a gap leaves a ridge the ascent creeps; the finish does not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import logit

from toolkit.numerics.binomial.binomial_normal import FitStatus, fit_ml
from toolkit.numerics.ladder.likelihood import LadderLikelihood, ladder_likelihood
from toolkit.numerics.ladder.links import Links
from toolkit.numerics.tables import Booleans, Floats

FARTHEST_MU = 15.0
LARGEST_TAU = 15.0
_STARTS = (0.3, 1.0, 2.0)
_LITTLE = 1e-4
_BEND = 2e-3
_SMALL_TAU = 0.5
_LEAST_TAU = 1e-4
_STEPS = 60
_SETTLED = 1e-9
_LEAST_GAIN = 1e-9

Height = Callable[[Floats], Floats]
"""Log-likelihood at points (B, d)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderMaximum:
    """Where a ladder's likelihood is largest.

    Attributes
    ----------
    points : (J, 2)
        mu and tau of each step; NaN where a step has no finite estimate.
    errors : (J, 2)
        Their standard errors from the joint observed information; that of tau is NaN at tau = 0.
    status : tuple of FitStatus
        What became of each step.
    log_likelihood : float
        Of all steps that are fitted, with binomial coefficients.
    """

    points: Floats
    errors: Floats
    status: tuple[FitStatus, ...]
    log_likelihood: float


def ladder_maximum(links: Links) -> LadderMaximum:
    """Return the maximum-likelihood fit of a ladder."""
    points = np.full((links.steps, 2), np.nan)
    errors = np.full((links.steps, 2), np.nan)
    status = [FitStatus.NO_SERIES] * links.steps
    total = 0.0
    for block in links.blocks():
        part = links.within(block)
        chosen = slice(block.start, block.stop)
        if len(block) == 1 and not part.longer:
            fit = fit_ml(*links.cells(block.start))
            status[block.start] = FitStatus(int(fit.status))
            points[block.start] = float(fit.mu), float(fit.tau)
            errors[block.start] = float(fit.se_mu), float(fit.se_tau)
            value = float(fit.log_likelihood)
        else:
            found = _joint(part)
            points[chosen], errors[chosen], status[chosen], value = found
        total += value if np.isfinite(value) else 0.0
    return LadderMaximum(points=points, errors=errors, status=tuple(status), log_likelihood=total)


def _joint(links: Links) -> tuple[Floats, Floats, list[FitStatus], float]:
    """Return estimates, standard errors and status of steps that hang together, and the maximum."""
    likelihood = ladder_likelihood(links, exact=True)
    height = flat_height(likelihood)
    best = max((_climbed(height, start) for start in _starts(links)), key=lambda x: _at(height, x))
    best, settled = _finished(height, best)
    best = _without_spread(height, best)
    points = best.reshape(-1, 2)
    errors = _errors(height, best).reshape(-1, 2)
    status = []
    for mu, tau in points:
        if abs(mu) >= FARTHEST_MU - 1:
            status.append(FitStatus.ALL_ZERO if mu < 0 else FitStatus.ALL_FULL)
        elif tau >= LARGEST_TAU - 1:
            status.append(FitStatus.NOT_ESTIMABLE)
        else:
            status.append(FitStatus.FITTED if settled else FitStatus.NOT_SETTLED)
    lost = np.array([each != FitStatus.FITTED for each in status])
    value = _at(height, best)
    points[lost], errors[lost] = np.nan, np.nan
    return points, errors, status, value


def flat_height(likelihood: LadderLikelihood) -> Height:
    """Return a likelihood as a function of points (B, 2 J), mu and tau of each step in turn."""

    def height(flat: Floats) -> Floats:
        return likelihood(flat.reshape(len(flat), -1, 2))

    return height


def gradient(height: Height, at: Floats) -> Floats:
    """Return the first derivatives of a function of flat points, by central differences, (d,)."""
    little = _LITTLE * np.eye(len(at))
    values = height(np.concatenate([at + little, at - little]))
    return np.asarray((values[: len(at)] - values[len(at) :]) / (2 * _LITTLE))


def _bends(height: Height, at: Floats) -> Floats:
    """Return the second derivatives, by central differences, (d, d)."""
    size = len(at)
    little = _BEND * np.eye(size)
    pairs = [(i, j) for i in range(size) for j in range(i, size)]
    signs = ((1, 1), (1, -1), (-1, 1), (-1, -1))
    moved = [at + a * little[i] + b * little[j] for i, j in pairs for a, b in signs]
    values = height(np.array(moved)).reshape(-1, 4)
    second = (values[:, 0] - values[:, 1] - values[:, 2] + values[:, 3]) / (4 * _BEND**2)
    out = np.empty((size, size))
    for (i, j), value in zip(pairs, second, strict=True):
        out[i, j] = out[j, i] = value
    return out


def _at(height: Height, at: Floats) -> float:
    return float(height(at[None])[0])


def _starts(links: Links) -> list[Floats]:
    """Return points to climb from: shares by the middle of every range, and some spreads."""
    above, below = np.zeros(links.steps), np.zeros(links.steps)
    for link in links.links:
        middle = [0.5 * (low + high) for low, high in zip(link.low, link.high, strict=True)]
        for at, j in enumerate(link.steps):
            above[j] += middle[at]
            below[j] += middle[at + 1]
    mu = logit((below + 0.5) / (np.maximum(above, below) + 1.0))
    return [np.stack([mu, np.full_like(mu, tau)], axis=1).reshape(-1) for tau in _STARTS]


def _climbed(height: Height, start: Floats) -> Floats:
    """Return the top of the hill that a start stands on, roughly."""

    def downhill(at: Floats) -> tuple[float, Floats]:
        return -_at(height, at), -gradient(height, at)

    bounds = [(-FARTHEST_MU, FARTHEST_MU), (0.0, LARGEST_TAU)] * (len(start) // 2)
    found = minimize(downhill, start, jac=True, method="L-BFGS-B", bounds=bounds)
    return np.asarray(found.x)


def _free(at: Floats) -> Booleans:
    """Return which coordinates may move: not a tau of 0, nor what has run to its bound."""
    free = np.abs(at) < FARTHEST_MU - 1
    free[1::2] &= at[1::2] > 0
    return np.asarray(free)


def _finished(height: Height, at: Floats) -> tuple[Floats, bool]:
    """Return the maximum near a point by Newton's steps, each shortened until it rises."""
    value = _at(height, at)
    for _ in range(_STEPS):
        free = _free(at)
        if not free.any():
            return at, True
        slope = gradient(height, at)[free]
        values, vectors = np.linalg.eigh(-_bends(height, at)[np.ix_(free, free)])
        # On a ridge the bend is next to nothing, and may even point the wrong way.
        step = vectors @ ((vectors.T @ slope) / np.maximum(np.abs(values), 1e-6))
        step *= min(1.0, 1.0 / max(np.abs(step).max(), 1e-300))
        for _ in range(30):
            moved = at.copy()
            moved[free] += step
            moved[1::2] = np.abs(moved[1::2])
            moved = np.clip(moved, -FARTHEST_MU, FARTHEST_MU)
            if (new := _at(height, moved)) >= value - _LEAST_GAIN:
                break
            step = 0.5 * step
        length = float(np.abs(moved - at).max())
        at, value = moved, new
        if length < _SETTLED**0.5 * 1e-2:
            return at, True
    return at, False


def _without_spread(height: Height, at: Floats) -> Floats:
    """Return the maximum with each tau at 0 that is not likelier above it.

    The likelihood is even in tau, and an ascent towards 0 never arrives.
    """
    for place in range(1, len(at), 2):
        if at[place] > _SMALL_TAU or at[place] == 0:
            continue
        moved = at.copy()
        moved[place] = 0.0
        moved, _ = _finished(height, moved)
        if _at(height, moved) >= _at(height, at) - _LEAST_GAIN or at[place] < _LEAST_TAU:
            at = moved
    return at


def _errors(height: Height, at: Floats) -> Floats:
    """Return standard errors from the observed information of what is free, NaN elsewhere, (d,)."""
    free = _free(at)
    out = np.full(len(at), np.nan)
    if free.any():
        information = -_bends(height, at)[np.ix_(free, free)]
        values, vectors = np.linalg.eigh(information)
        variance = (vectors**2) @ (1 / np.maximum(values, 1e-8))
        out[free] = np.sqrt(variance)
    return out
