"""Quantiles and tail probabilities by array, with infinite and vanishing degrees of freedom."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc, fdtrc, ndtr, ndtri, stdtr, stdtrit

from toolkit.numerics.tables import Floats


def two_sided_quantile(level: float, freedom: npt.ArrayLike) -> Floats:
    """Return the half width, in standard errors, of an interval of that level.

    Normal where the degrees of freedom are infinite, Student's t where they are finite, and
    infinite where there are none.

    Raises
    ------
    ValueError
        If the level is not strictly between 0 and 1.
    """
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level}")
    tail = 0.5 + level / 2
    df = np.asarray(freedom, dtype=float)
    student = (df > 0) & np.isfinite(df)
    value = np.where(student, stdtrit(np.where(student, df, 1.0), tail), ndtri(tail))
    return np.asarray(np.where(df > 0, value, np.inf))


def two_sided_p(statistic: npt.ArrayLike, freedom: npt.ArrayLike) -> Floats:
    """Return the two-sided p-value of a t statistic; normal where the freedom is infinite."""
    size, df = np.abs(np.asarray(statistic, dtype=float)), np.asarray(freedom, dtype=float)
    student = (df > 0) & np.isfinite(df)
    tail = np.where(student, stdtr(np.where(student, df, 1.0), -size), ndtr(-size))
    return np.asarray(np.where(df > 0, 2 * tail, 1.0))


def chi_square_p(statistic: npt.ArrayLike, freedom: npt.ArrayLike) -> Floats:
    """Return the upper tail of chi-square; 1 where there are no degrees of freedom."""
    q, df = np.asarray(statistic, dtype=float), np.asarray(freedom, dtype=float)
    tail = chdtrc(np.where(df > 0, df, 1.0), np.maximum(q, 0.0))
    return np.asarray(np.where(df > 0, tail, 1.0))


def f_p(statistic: npt.ArrayLike, freedom: npt.ArrayLike, residual: npt.ArrayLike) -> Floats:
    """Return the upper tail of F; 1 where either has no degrees of freedom."""
    one, two = np.asarray(freedom, dtype=float), np.asarray(residual, dtype=float)
    known = (one > 0) & (two > 0)
    value = np.asarray(statistic, dtype=float)
    tail = fdtrc(np.where(known, one, 1.0), np.where(known, two, 1.0), value)
    return np.asarray(np.where(known, tail, 1.0))
