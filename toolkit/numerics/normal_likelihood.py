"""The normal-normal likelihood of the variance between series, and where it is highest.

Effects are y ~ N(X b, v + tau2). The score of tau2, full or restricted, is bracketed on a grid that
spans every value at which it can be zero, so that nothing depends on a start or on a step size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from toolkit.numerics.projection import log_determinant, project, project_on_mean
from toolkit.numerics.roots import find_roots
from toolkit.numerics.tables import Floats, Tables

Likelihood = Literal["ml", "reml"]

_CELLS_AT_A_TIME = 1 << 16
_GRID_RATIO = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Tables with the design whose effects are fitted: (B, k, p), or None for the mean alone."""

    tables: Tables
    design: Floats | None

    @property
    def columns(self) -> int:
        """The number of coefficients."""
        return 1 if self.design is None else self.design.shape[-1]

    @property
    def freedom(self) -> Floats:
        """Residual degrees of freedom of each table, (B,), never below 0."""
        return np.maximum(self.tables.k - self.columns, 0).astype(float)

    def rows(self, chosen: npt.NDArray[np.intp]) -> Model:
        """Return the chosen tables with their designs."""
        if len(chosen) == len(self.tables.y):
            return self
        design = None if self.design is None else self.design[chosen]
        return Model(tables=self.tables.rows(chosen), design=design)


def weights(tables: Tables, tau2: Floats) -> Floats:
    """Return 1 / (v + tau2), (B, k); 0 for unused series."""
    return np.asarray(1 / (tables.v + tau2[:, None]))


def log_likelihood(model: Model, tau2: Floats, *, kind: Likelihood) -> Floats:
    """Return the log-likelihood at tau2, (B,), maximised over the coefficients.

    The restricted one carries the half log det X'X that makes it independent of the units of X.
    A table without residual degrees of freedom has restricted log-likelihood 0.
    """
    tables = model.tables
    weight = weights(tables, tau2)
    fit = project(tables.y, weight, model.design)
    log_variance = -np.log(np.where(tables.used, weight, 1.0)).sum(axis=1)
    q = np.einsum("bk,bk,bk->b", weight, fit.residual, fit.residual)
    if kind == "ml":
        return np.asarray(-0.5 * (tables.k * np.log(2 * np.pi) + log_variance + q))
    plain = project(tables.y, tables.used.astype(float), model.design)
    constant = model.freedom * np.log(2 * np.pi) - log_determinant(plain)
    value = -0.5 * (constant + log_variance + log_determinant(fit) + q)
    return np.asarray(np.where(model.freedom > 0, value, 0.0))


def score(model: Model, tau2: Floats, *, kind: Likelihood) -> Floats:
    """Return twice the derivative of the log-likelihood with respect to tau2, (B,)."""
    tables = model.tables
    weight = weights(tables, tau2)
    if model.design is None:
        residual, leverage, total, _ = project_on_mean(tables.y, weight)
    else:
        fit = project(tables.y, weight, model.design)
        residual, leverage, total = fit.residual, fit.leverage, weight.sum(axis=1)
    pull = weight * residual
    gain = np.einsum("bk,bk->b", pull, pull)
    if kind == "ml":
        return np.asarray(gain - total)
    return np.asarray(gain - np.einsum("bk,bk->b", weight, 1 - leverage))


def maximise(model: Model, *, kind: Likelihood) -> Floats:
    """Return the tau2 >= 0 of highest likelihood for each table, (B,).

    Every local maximum is found and the highest kept; 0 is one of the candidates, so the boundary
    is decided by the likelihood. A table without residual degrees of freedom has tau2 = 0.
    """
    tables = model.tables
    count, k = tables.y.shape
    tau2 = np.zeros(count)
    block = max(1, _CELLS_AT_A_TIME // max(1, k))
    for start in range(0, count, block):
        rows = np.arange(start, min(start + block, count))
        tau2[rows] = _maximise_block(model.rows(rows), kind)
    return tau2


def _maximise_block(model: Model, kind: Likelihood) -> Floats:
    grid = _score_grid(model, kind)
    rising = np.array([score(model, points, kind=kind) > 0 for points in grid])
    peaks = rising[:-1] & ~rising[1:]
    number = peaks.sum(axis=0)
    best = np.zeros(len(number))
    disputed = (number > 1) | ((number == 1) & ~rising[0])
    height = np.full(len(number), -np.inf)
    at_zero = np.flatnonzero(disputed & ~rising[0])
    if len(at_zero):
        height[at_zero] = log_likelihood(model.rows(at_zero), best[at_zero], kind=kind)
    for cell in range(len(peaks)):
        rows = np.flatnonzero(peaks[cell])
        if not len(rows):
            continue
        found = _peak(model, grid[cell][rows], grid[cell + 1][rows], rows, kind)
        level = np.full(len(rows), np.inf)
        unsure = disputed[rows]
        if unsure.any():
            contested = rows[unsure]
            level[unsure] = log_likelihood(model.rows(contested), found[unsure], kind=kind)
        better = level > height[rows]
        best[rows[better]] = found[better]
        height[rows[better]] = level[better]
    return best


def _peak(
    model: Model, low: Floats, high: Floats, rows: npt.NDArray[np.intp], kind: Likelihood
) -> Floats:
    """Return where the score of the given rows falls through zero between low and high."""
    return find_roots(
        lambda points, chosen: score(model.rows(rows[chosen]), points, kind=kind), low, high
    )


def _score_grid(model: Model, kind: Likelihood) -> list[Floats]:
    """Return points (B,) from 0 to where the score can only be negative, close enough together.

    With s2 the residual mean square of the unweighted fit, (Py)'Py is at most
    s2 df / (min v + t)^2 and tr P at least df / (max v + t): beyond the t that makes these equal
    nothing rises. As a function of log t the score is smooth on the scale of 1, so points whose
    ratio is 2 show every sign change that matters.
    """
    tables = model.tables
    used = tables.used
    plain = project(tables.y, used.astype(float), model.design)
    squares = np.where(used, plain.residual**2, 0.0).sum(axis=1)
    freedom = model.freedom if kind == "reml" else tables.k.astype(float)
    mean_square = np.where(model.freedom > 0, squares / np.maximum(freedom, 1.0), 0.0)
    least = np.where(used, tables.v, np.inf).min(axis=1, initial=np.inf)
    least = np.where(np.isfinite(least), least, 1.0)
    most = np.where(used, tables.v, 0.0).max(axis=1, initial=0.0)
    half = mean_square / 2
    end = half - least + np.sqrt(half**2 + mean_square * np.maximum(most - least, 0.0))
    end = np.where(mean_square > 0, 1.01 * np.maximum(end, 0.0) + 0.01 * least, least)
    first = np.minimum(least / 8, end / 8)
    steps = int(np.ceil(np.log(np.max(end / first, initial=2.0)) / np.log(_GRID_RATIO)))
    ratio = (end / first) ** (1 / steps)
    return [np.zeros(len(end)), *(first * ratio**step for step in range(steps + 1))]
