"""The normal-normal likelihood of the variance between series, and where it is highest.

Effects are y ~ N(X b, v + tau2). The score of tau2, full or restricted, is bracketed on a grid that
spans every value at which it can be zero, so that nothing depends on a start or on a step size.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from toolkit.numerics.normal.projection import log_determinant, project, row_sums
from toolkit.numerics.roots import Family, Rows, find_roots
from toolkit.numerics.tables import Floats, Tables

Likelihood = Literal["ml", "reml"]

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
        count = len(self.tables.y)
        if len(chosen) == count and np.array_equal(chosen, np.arange(count)):
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
    log_variance = -row_sums(np.log(np.where(tables.used, weight, 1.0)))
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
    total = row_sums(weight)
    if model.design is None:
        # tr P = sum w - sum w^2 / sum w: leverages are not needed one by one
        known = np.where(total > 0, total, 1.0)
        pull = tables.y - (np.einsum("bk,bk->b", weight, tables.y) / known)[:, None]
        used_up = np.einsum("bk,bk->b", weight, weight) / known
    else:
        fit = project(tables.y, weight, model.design)
        pull = fit.residual.copy()
        used_up = np.einsum("bk,bk->b", weight, fit.leverage)
    pull *= weight
    gain = np.einsum("bk,bk->b", pull, pull)
    return np.asarray(gain - total if kind == "ml" else gain - (total - used_up))


def maximise(model: Model, *, kind: Likelihood) -> Floats:
    """Return the tau2 >= 0 of highest likelihood for each table, (B,).

    Every local maximum is found and the highest kept; 0 is one of the candidates, so the boundary
    is decided by the likelihood. A table without residual degrees of freedom has tau2 = 0.
    """
    grid = _score_grid(model, kind)
    rising = np.array([score(model, points, kind=kind) > 0 for points in grid])
    cells, rows = np.nonzero(rising[:-1] & ~rising[1:])
    at_peak = find_roots(_scores(model, rows, kind), grid[cells, rows], grid[cells + 1, rows])
    number = np.bincount(rows, minlength=len(model.tables.y))
    disputed = (number > 1) | ((number == 1) & ~rising[0])
    at_zero = np.flatnonzero(disputed & ~rising[0])
    rows = np.concatenate([rows, at_zero])
    candidate = np.concatenate([at_peak, np.zeros(len(at_zero))])
    height = np.zeros(len(rows))
    unsure = np.flatnonzero(disputed[rows])
    if len(unsure):
        height[unsure] = log_likelihood(model.rows(rows[unsure]), candidate[unsure], kind=kind)
    lowest_first = np.argsort(height, kind="stable")
    best = np.zeros(len(number))
    best[rows[lowest_first]] = candidate[lowest_first]
    return best


def _scores(model: Model, rows: Rows, kind: Likelihood) -> Family:
    """Return the score functions of the given rows of a model, any of them more than once."""

    def family(chosen: Rows) -> Callable[[Floats], Floats]:
        part = model.rows(rows[chosen])
        return lambda points: score(part, points, kind=kind)

    return family


def _score_grid(model: Model, kind: Likelihood) -> Floats:
    """Return points (G, B) from 0 to where the score can only be negative, close enough together.

    With s2 the residual mean square of the unweighted fit, (Py)'Py is at most
    s2 df / (min v + t)^2 and tr P at least df / (max v + t): beyond the t that makes these equal
    nothing rises. As a function of log t the score is smooth on the scale of 1, so points whose
    ratio is 2 show every sign change that matters.
    """
    tables = model.tables
    used = tables.used
    plain = project(tables.y, used.astype(float), model.design)
    squares = row_sums(np.where(used, plain.residual**2, 0.0))
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
    powers = ratio ** np.arange(steps + 1)[:, None]
    return np.concatenate([np.zeros((1, len(end))), first * powers])
