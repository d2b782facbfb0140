"""Weighted least squares for every table at once: what the variance estimators are made of.

For weights w and a design X with p columns, W^(1/2) X = Q R gives the hat matrix H = Q Q' and the
matrix P = W^(1/2) (I - H) W^(1/2), in whose traces and quadratic forms the literature writes its
estimators. P itself is never formed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from toolkit.numerics.tables import Booleans, Floats

_ROUNDING = 64 * np.finfo(float).eps


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """One weighted fit per table.

    Attributes
    ----------
    coefficients : (B, p)
        Estimates; for the mean alone p is 1.
    residual : (B, k)
        Observed less fitted.
    leverage : (B, k)
        Diagonal of the hat matrix; 0 for unused series.
    basis : (B, k, p)
        Q, whose columns are orthonormal.
    triangle : (B, p, p)
        R, upper triangular: X'WX = R'R.
    """

    coefficients: Floats
    residual: Floats
    leverage: Floats
    basis: Floats
    triangle: Floats


def project(y: Floats, weight: Floats, design: Floats | None) -> Projection:
    """Return the weighted fit of the mean, or of a design (B, k, p), to effects (B, k)."""
    if design is None:
        residual, leverage, total, mean = project_on_mean(y, weight)
        return Projection(
            coefficients=mean[:, None],
            residual=residual,
            leverage=leverage,
            basis=np.sqrt(leverage)[..., None],
            triangle=np.sqrt(total)[:, None, None],
        )
    root = np.sqrt(weight)
    basis, triangle = np.linalg.qr(design * root[..., None])
    target = np.einsum("bkp,bk->bp", basis, root * y)
    coefficients = np.linalg.solve(triangle, target[..., None])[..., 0]
    return Projection(
        coefficients=coefficients,
        residual=y - np.einsum("bkp,bp->bk", design, coefficients),
        leverage=np.einsum("bkp,bkp->bk", basis, basis),
        basis=basis,
        triangle=triangle,
    )


def project_on_mean(y: Floats, weight: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return residuals and leverages (B, k), total weight and weighted mean (B,).

    A table without series has total weight 0, mean 0 and leverages 0.
    """
    total = row_sums(weight)
    leverage = weight / np.where(total > 0, total, 1.0)[:, None]
    mean = np.einsum("bk,bk->b", leverage, y)
    return y - mean[:, None], leverage, total, mean


def row_sums(values: Floats) -> Floats:
    """Return the sum of each row: a matrix product, several times as fast as a reduction."""
    return np.asarray(values @ np.ones(values.shape[1]))


def trace(fit: Projection, diagonal: Floats) -> Floats:
    """Return tr((I - H) D) for a diagonal D, one per table."""
    return np.asarray(np.einsum("bk,bk->b", diagonal, 1 - fit.leverage))


def trace_of_product(fit: Projection, one: Floats, other: Floats) -> Floats:
    """Return tr((I - H) D (I - H) E) for diagonals D and E, one per table.

    The products of H are summed through the p by p matrices Q'DQ, never through k by k ones.
    """
    plain = np.einsum("bk,bk,bk->b", one, other, 1 - 2 * fit.leverage)
    inner_one = np.einsum("bkp,bk,bkq->bpq", fit.basis, one, fit.basis)
    inner_other = np.einsum("bkp,bk,bkq->bpq", fit.basis, other, fit.basis)
    return np.asarray(plain + np.einsum("bpq,bpq->b", inner_one, inner_other))


def log_determinant(fit: Projection) -> Floats:
    """Return log det X'WX, one per table; the design must have full rank."""
    diagonal = np.abs(np.diagonal(fit.triangle, axis1=1, axis2=2))
    return np.asarray(2 * np.log(np.where(diagonal > 0, diagonal, 1.0)).sum(axis=1))


def leaves_nothing(residual: Floats, size: Floats) -> Booleans:
    """Return whether residuals (B, k) are mere rounding of effects of the given size (B,)."""
    largest = np.abs(residual).max(axis=1, initial=0.0)
    return np.asarray(largest <= _ROUNDING * np.maximum(size, 1.0))
