"""Binomial-normal regression in batches: the mean logit of a series depends on what it is like.

``x_i ~ Binomial(n_i, expit(theta_i))``, ``theta_i ~ N(X_i beta, tau^2)``, by maximum likelihood.

**Source**: Stijnen, Hamza, Ozdemir 2010, Stat Med 29:3046, doi 10.1002/sim.4040.
**Checked against**: metafor's rma.glmm with moderators, tests/reference/glmm_regression.csv.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from toolkit.numerics.ascent import climb
from toolkit.numerics.binomial.cells import Cells, lay_out
from toolkit.numerics.binomial.series_likelihood import FINE_NODES, binomial_terms, series_terms
from toolkit.numerics.tables import Booleans, Floats, Integers

_START_TAU = (0.15, 0.7, 2.5)
_LEAST_TAU = 1e-5
_LARGEST_TAU = 1e3
_LEAST_GAIN = 1e-11
_FARTHEST_LOGIT = 20.0
_LEAST_SINGULAR = 1e-9


class RegressionStatus(IntEnum):
    """What became of a table."""

    FITTED = 0
    NOT_ESTIMABLE = 1
    DEPENDENT = 2
    NOT_SETTLED = 3

    @property
    def sentence(self) -> str:
        """Return what this means for a reader."""
        return _SENTENCES[self]


_SENTENCES = {
    RegressionStatus.FITTED: "The model was fitted.",
    RegressionStatus.NOT_ESTIMABLE: (
        "Series of one kind have no event, or none without: a coefficient has no finite estimate."
    ),
    RegressionStatus.DEPENDENT: "The series are too few or too alike to tell covariates apart.",
    RegressionStatus.NOT_SETTLED: "The search for the largest likelihood did not settle.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BinomialRegressionFit:
    """Estimates on the logit scale, one entry a table; NaN exactly where status is not FITTED.

    Attributes
    ----------
    status : a `RegressionStatus`
    n_series : series with a count that says something
    coefficients : (..., p)
    covariance : (..., p, p), from the joint observed information of coefficients and tau; at
        tau = 0 from that of the coefficients alone
    tau, se_tau : standard deviation between series; its standard error is not defined at tau = 0
    log_likelihood, log_likelihood_common : at the maximum, and at the largest under tau = 0
    """

    status: Integers
    n_series: Integers
    coefficients: Floats
    covariance: Floats
    tau: Floats
    se_tau: Floats
    log_likelihood: Floats
    log_likelihood_common: Floats


def fit_regression(
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    total: npt.ArrayLike,
    design: npt.ArrayLike,
    mask: npt.ArrayLike | None = None,
) -> BinomialRegressionFit:
    """Return the maximum-likelihood fit of every table.

    Parameters
    ----------
    low, high, total : (..., k)
        Admissible counts low..high among total patients; low = high for an ordinary cell.
    design : (..., k, p)
        One row a series, the column of ones included where there is to be an intercept.
    mask : (..., k), optional
        True where a series is used.

    Raises
    ------
    ValueError
        If a used cell is not made of whole numbers with 0 <= low <= high <= total, or a used row
        of the design is not finite.
    """
    cells = lay_out(low, high, total, mask)
    matrix = np.asarray(design, dtype=float)
    series, width = matrix.shape[-2:]
    rows = np.broadcast_to(matrix, (*cells.shape, series, width)).reshape(-1, series, width)
    x = rows[cells.table, cells.series]
    if not np.isfinite(x).all():
        raise ValueError("a covariate of a used series is not finite")
    # Columns of like size keep the search's steps and the test of dependence free of units.
    size = np.abs(x).max(axis=0, initial=0.0)
    size[size == 0] = 1.0
    x = x / size
    found = np.full((cells.tables, width + width**2 + 4), np.nan)
    status = _independent(cells, x)
    able = status == RegressionStatus.FITTED
    if able.any():
        found[able], status[able] = _fit(cells.chosen(able), x[able[cells.table]])
        found[status != RegressionStatus.FITTED] = np.nan
    covariance = found[:, width:-4].reshape(-1, width, width) / np.multiply.outer(size, size)
    return BinomialRegressionFit(
        status=status.reshape(cells.shape),
        n_series=np.bincount(cells.table, minlength=cells.tables).reshape(cells.shape),
        coefficients=(found[:, :width] / size).reshape(*cells.shape, width),
        covariance=covariance.reshape(*cells.shape, width, width),
        tau=found[:, -4].reshape(cells.shape),
        se_tau=found[:, -3].reshape(cells.shape),
        log_likelihood=found[:, -2].reshape(cells.shape),
        log_likelihood_common=found[:, -1].reshape(cells.shape),
    )


def _independent(cells: Cells, x: Floats) -> Integers:
    squares = _sums(cells, x[:, :, None] * x[:, None, :])
    least = np.sqrt(np.maximum(np.linalg.eigvalsh(squares)[:, 0], 0.0))
    return np.where(
        least > _LEAST_SINGULAR, RegressionStatus.FITTED, RegressionStatus.DEPENDENT
    ).astype(np.int64)


def _sums(cells: Cells, values: Floats) -> Floats:
    """Return sums over each table's cells of an array (c, ...), (B, ...)."""
    total = np.zeros((cells.tables, *values.shape[1:]))
    np.add.at(total, cells.table, values)
    return total


@dataclass(frozen=True, slots=True, kw_only=True)
class RegressionSurface:
    """Log-likelihoods as functions of the coefficients and u, tau = |sinh u|; without u, tau = 0.

    Attributes
    ----------
    cells : Cells
    x : (c, p)
        The row of the design of each cell.
    """

    cells: Cells
    x: Floats

    def __call__(self, points: Floats) -> tuple[Floats, Floats, Floats]:
        """Return values (B,), gradients (B, d) and second derivatives (B, d, d)."""
        width = self.x.shape[1]
        mu = np.einsum("cp,cp->c", self.x, points[self.cells.table, :width])[self.cells.cell]
        if points.shape[1] == width:
            parts = self.cells.gather(binomial_terms(self.cells.x, self.cells.n, mu))
            return self._joined(parts, self.x, np.zeros_like(self.x[:, 0]))
        u = points[self.cells.table, width]
        tau = np.sinh(np.abs(u))[self.cells.cell]
        parts = self.cells.gather(series_terms(self.cells.x, self.cells.n, mu, tau, FINE_NODES))
        value, by_mu, by_tau, mu_mu, mu_tau, tau_tau = parts
        stretch, sign = np.cosh(u), np.sign(u)
        parts = np.stack(
            [
                value,
                by_mu,
                sign * by_tau * stretch,
                mu_mu,
                sign * mu_tau * stretch,
                tau_tau * stretch**2 + by_tau * np.sinh(np.abs(u)),
            ]
        )
        return self._joined(parts, self.x, np.ones_like(u))

    def _joined(self, parts: Floats, x: Floats, one: Floats) -> tuple[Floats, Floats, Floats]:
        value, by_mu, by_u, mu_mu, mu_u, u_u = parts
        gradient = by_mu[:, None] * x
        curvature = mu_mu[:, None, None] * x[:, :, None] * x[:, None, :]
        if one.any():
            gradient = np.column_stack([gradient, by_u])
            side = mu_u[:, None] * x
            curvature = np.concatenate([curvature, side[:, None, :]], axis=1)
            last = np.column_stack([side, u_u])
            curvature = np.concatenate([curvature, last[:, :, None]], axis=2)
        return (
            self.cells.per_table(value),
            _sums(self.cells, gradient),
            _sums(self.cells, curvature),
        )

    def chosen(self, kept: Booleans) -> RegressionSurface:
        """Return the tables marked in kept."""
        return RegressionSurface(cells=self.cells.chosen(kept), x=self.x[kept[self.cells.table]])


def _fit(cells: Cells, x: Floats) -> tuple[Floats, Integers]:
    """Return coefficients, covariance, tau, its error and both log-likelihoods, and the status."""
    width = x.shape[1]
    surface = RegressionSurface(cells=cells, x=x)
    longest = np.full(width, 2.0)
    beta, settled = climb(surface, np.zeros((cells.tables, width)), longest, 1e-12)
    mean = np.einsum("cp,cp->c", x, beta[cells.table])
    far = np.zeros(cells.tables)
    np.maximum.at(far, cells.table, np.abs(mean))
    bounded = settled & (far < _FARTHEST_LOGIT)
    status = np.where(bounded, RegressionStatus.FITTED, RegressionStatus.NOT_ESTIMABLE)
    found = np.full((cells.tables, width + width**2 + 4), np.nan)
    if bounded.any():
        some = surface.chosen(bounded)
        found[bounded], good = _fit_bounded(some, beta[bounded])
        status[bounded] = good
    return found, status.astype(np.int64)


def _fit_bounded(surface: RegressionSurface, beta: Floats) -> tuple[Floats, Integers]:
    width = beta.shape[1]
    common, _, flat = surface(beta)
    count = len(beta)
    best = np.column_stack([beta, np.zeros(count)])
    height = common.copy()
    settled = np.ones(count, dtype=bool)
    for guess in _START_TAU:
        start = np.column_stack([beta, np.full(count, np.arcsinh(guess))])
        point, done = climb(surface, start, np.r_[np.full(width, 2.0), 1.0], 1e-12)
        value = surface(point)[0]
        better = value > height + _LEAST_GAIN
        best[better], height[better], settled[better] = point[better], value[better], done[better]
    tau = np.sinh(np.abs(best[:, -1]))
    inside = tau > _LEAST_TAU
    best[~inside, :width], best[~inside, width], tau[~inside] = beta[~inside], 0.0, 0.0
    covariance, se_tau = np.linalg.inv(-flat), np.full(count, np.nan)
    if inside.any():
        whole = np.linalg.inv(-surface.chosen(inside)(best[inside])[2])
        covariance[inside] = whole[:, :width, :width]
        # The information is in u at a maximum: tau = sinh u, so one factor cosh u carries over.
        se_tau[inside] = np.sqrt(np.abs(whole[:, -1, -1])) * np.cosh(best[inside, -1])
    status = np.where(settled, RegressionStatus.FITTED, RegressionStatus.NOT_SETTLED)
    status = np.where(tau < _LARGEST_TAU, status, RegressionStatus.NOT_ESTIMABLE)
    columns = [best[:, :width], covariance.reshape(count, -1)]
    return np.column_stack([*columns, tau, se_tau, np.maximum(height, common), common]), status
