"""Meta-regression: how effects change with what is known about each series."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from toolkit.numerics.normal.inverse_variance import INTERVALS, Interval, PoolStatus, heterogeneity
from toolkit.numerics.normal.likelihood import Model, log_likelihood, weights
from toolkit.numerics.normal.projection import leaves_nothing, project
from toolkit.numerics.normal.tau2 import METHODS, Tau2Method, estimate, generalised_q
from toolkit.numerics.quantiles import chi_square_p, f_p, two_sided_p, two_sided_quantile
from toolkit.numerics.tables import Floats, Tables, reshaped, with_columns

FEWEST_SERIES = 10
"""Below this many series a regression is refused unless it is asked for by name."""

_TOLD_APART = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True)
class Regression:
    """A weighted regression of effects on p columns; arrays are (...) unless another shape is said.

    Attributes
    ----------
    coefficients, se, statistic, p_value, low, high
        (..., p) each: change of the effect per unit of the column, with its test and interval.
    covariance
        (..., p, p), of the coefficients.
    freedom
        Residual degrees of freedom, k - p.
    tau2, se_tau2, i2, h2
        Residual variance between series, its standard error, and its share of the total.
    r2
        Share of the variance between series that the columns account for, in [0, 1]; for a
        common-effect fit the adjusted share of the weighted sum of squares. 0 where there is none
        to account for.
    q, q_p
        Residual Q with weights 1 / v, and its p-value.
    model_statistic, model_df, model_p
        Joint test of all columns that are not constant: chi-square, or F when the interval is
        Student's.
    loglik, loglik_restricted
        Full and restricted log-likelihood.
    scale_factor
        What Hartung and Knapp multiply the covariance by; 1 for other intervals.
    status
        `PoolStatus.ZERO_WIDTH` where the columns explain the effects entirely, so that the
        Hartung-Knapp standard errors are 0: intervals have no width and tests have p = 1.
    """

    coefficients: Floats
    se: Floats
    statistic: Floats
    p_value: Floats
    low: Floats
    high: Floats
    covariance: Floats
    freedom: Floats
    tau2: Floats
    se_tau2: Floats
    i2: Floats
    h2: Floats
    r2: Floats
    q: Floats
    q_p: Floats
    model_statistic: Floats
    model_df: int
    model_p: Floats
    loglik: Floats
    loglik_restricted: Floats
    scale_factor: Floats
    status: npt.NDArray[np.int8]


def regress(
    y: npt.ArrayLike,
    v: npt.ArrayLike,
    design: npt.ArrayLike,
    *,
    tau2: Tau2Method = "reml",
    interval: Interval = "hartung-knapp",
    level: float = 0.95,
    mask: npt.ArrayLike | None = None,
    few: bool = False,
) -> Regression:
    """Return the coefficients of a meta-regression, in units of the effect per unit of the column.

    Parameters
    ----------
    y, v : (..., k)
        Effects and sampling variances.
    design : (..., k, p)
        One row per series; the intercept is a column of ones and has to be there to be fitted.
    tau2, interval, level
        As in `toolkit.numerics.normal.inverse_variance.pool`.
    mask : (..., k), optional
        True where a series is used. Rows of the design under False are never read.
    few : bool
        Insist on a regression of fewer than `FEWEST_SERIES` series.

    Raises
    ------
    ValueError
        If there are too few series, no residual degrees of freedom, columns that cannot be told
        apart, or effects that cannot be pooled.

    Notes
    -----
    **Source**: Knapp & Hartung 2003, Stat Med 22:2693, doi 10.1002/sim.1482; Raudenbush 2009 (R2).
    **Checked against** metafor's ``rma`` with moderators (tests/reference/metareg_models.csv and
    metareg_coefs.csv).
    """
    if tau2 not in METHODS or interval not in INTERVALS:
        raise ValueError(f"unknown tau2 {tau2!r} or interval {interval!r}")
    tables, columns = with_columns(y, v, design, mask)
    model = Model(tables=tables, design=columns)
    _refuse(model, few)
    spread = estimate(model, tau2)
    weight = weights(tables, spread.tau2)
    fit = project(tables.y, weight, model.design)
    factor = _scale_factor(interval, tables, weight, fit.residual, model.freedom)
    inverse = np.linalg.inv(fit.triangle)
    covariance = factor[:, None, None] * (inverse @ np.swapaxes(inverse, 1, 2))
    se = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
    freedom = np.full(len(factor), np.inf) if interval == "wald" else model.freedom
    half = two_sided_quantile(level, freedom)[:, None] * se
    statistic = np.where(se > 0, fit.coefficients / np.where(se > 0, se, 1.0), 0.0)
    joint = _joint_test(model, fit.coefficients, covariance, freedom)
    q, i2, h2 = heterogeneity(model, spread.tau2, common=tau2 == "none")
    result = Regression(
        coefficients=fit.coefficients,
        se=se,
        statistic=statistic,
        p_value=two_sided_p(statistic, freedom[:, None]),
        low=fit.coefficients - half,
        high=fit.coefficients + half,
        covariance=covariance,
        freedom=model.freedom,
        tau2=spread.tau2,
        se_tau2=spread.se,
        i2=i2,
        h2=h2,
        r2=_explained(model, spread.tau2, tau2),
        q=q,
        q_p=chi_square_p(q, model.freedom),
        model_statistic=joint[0],
        model_df=joint[1],
        model_p=joint[2],
        loglik=log_likelihood(model, spread.tau2, kind="ml"),
        loglik_restricted=log_likelihood(model, spread.tau2, kind="reml"),
        scale_factor=factor,
        status=np.where(factor > 0, PoolStatus.OK, PoolStatus.ZERO_WIDTH).astype(np.int8),
    )
    return reshaped(result, tables.shape)


def _refuse(model: Model, few: bool) -> None:
    """Raise if the tables cannot carry the regression."""
    if model.tables.k.min(initial=FEWEST_SERIES) < FEWEST_SERIES and not few:
        raise ValueError(
            f"a meta-regression of fewer than {FEWEST_SERIES} series says more about chance than "
            "about the columns; insist with few=True"
        )
    if (model.freedom == 0).any():
        raise ValueError("there are as many columns as series: nothing is left to judge them by")
    columns = model.design
    if columns is None or not len(columns):
        return
    lengths = np.sqrt(np.einsum("bkp,bkp->bp", columns, columns))
    unit = columns / np.where(lengths > 0, lengths, 1.0)[:, None, :]
    if np.linalg.svd(unit, compute_uv=False).min() < _TOLD_APART:
        raise ValueError("the columns of the design cannot be told apart on these series")


def _scale_factor(
    interval: Interval, tables: Tables, weight: Floats, residual: Floats, freedom: Floats
) -> Floats:
    """Return what the covariance is multiplied by."""
    if interval in ("wald", "t"):
        return np.ones(len(weight))
    factor = np.einsum("bk,bk,bk->b", weight, residual, residual) / freedom
    if interval == "hartung-knapp-adhoc":
        return np.asarray(np.maximum(factor, 1.0))
    exact = leaves_nothing(residual, np.abs(tables.y).max(axis=1, initial=0.0))
    return np.where(exact, 0.0, factor)


def _joint_test(
    model: Model, coefficients: Floats, covariance: Floats, freedom: Floats
) -> tuple[Floats, int, Floats]:
    """Return statistic, degrees of freedom and p-value of all columns that are not constant."""
    columns = model.design
    if columns is None:
        raise ValueError("a joint test needs a design")
    used = model.tables.used[..., None]
    lowest = np.where(used, columns, np.inf).min(axis=1, initial=np.inf)
    highest = np.where(used, columns, -np.inf).max(axis=1, initial=-np.inf)
    tested = np.flatnonzero((lowest < highest).any(axis=0))
    count = len(tested)
    b = coefficients[:, tested]
    inner = covariance[:, tested[:, None], tested]
    flat = np.einsum("bpp->b", inner) == 0
    solved = np.linalg.solve(np.where(flat[:, None, None], np.eye(count), inner), b[..., None])
    joint = np.where(flat, 0.0, np.einsum("bp,bp->b", b, solved[..., 0]))
    if np.isinf(freedom).all():
        return joint, count, chi_square_p(joint, count)
    return joint / max(count, 1), count, f_p(joint / max(count, 1), count, freedom)


def _explained(model: Model, tau2: Floats, method: Tau2Method) -> Floats:
    """Return R2 against the fit of the mean alone."""
    mean = Model(tables=model.tables, design=None)
    if method == "none":
        zero = np.zeros(len(tau2))
        total, left = generalised_q(mean, zero), generalised_q(model, zero)
        per_freedom = total / mean.freedom
        share = 1 - left / model.freedom / np.where(per_freedom > 0, per_freedom, 1.0)
        return np.where(per_freedom > 0, np.maximum(share, 0.0), 0.0)
    alone = estimate(mean, method).tau2
    share = (alone - tau2) / np.where(alone > 0, alone, 1.0)
    return np.where(alone > 0, np.maximum(share, 0.0), 0.0)
