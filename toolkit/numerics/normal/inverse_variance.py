"""Two-stage pooling: one weighted mean per table, its interval, and what varies between series."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, cast, get_args

import numpy as np
import numpy.typing as npt

from toolkit.numerics.normal.likelihood import Model, log_likelihood, weights
from toolkit.numerics.normal.projection import leaves_nothing, project, row_sums, trace
from toolkit.numerics.normal.tau2 import METHODS, Tau2, Tau2Method, estimate, generalised_q
from toolkit.numerics.quantiles import chi_square_p, two_sided_quantile
from toolkit.numerics.tables import Floats, Integers, as_tables, blocks, reshaped, stacked

Interval = Literal["wald", "t", "hartung-knapp", "hartung-knapp-adhoc"]
Prediction = Literal["none", "as-interval", "t(k-1)", "t(k-2)"]
INTERVALS: tuple[Interval, ...] = get_args(Interval)
PREDICTIONS: tuple[Prediction, ...] = get_args(Prediction)


class PoolStatus(IntEnum):
    """What a pooled row can be used for."""

    OK = 0
    NO_SERIES = 1
    """No series is used: mu is 0 with an infinite standard error and an unbounded interval."""
    ONE_SERIES = 2
    """One series: its own effect with a normal interval, whatever interval was asked for."""
    ZERO_WIDTH = 3
    """All effects are equal, so the Hartung-Knapp standard error is 0 and low = high = mu."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """Pooled effects on the analysis scale; every array is (...) unless it says (..., k).

    Attributes
    ----------
    k
        Series used.
    mu, se, low, high
        Weighted mean, standard error, interval.
    interval_df
        Degrees of freedom of the interval; infinite for a normal one.
    tau2, se_tau2
        Variance between series and its standard error.
    q, df, p
        Cochran's Q with weights 1 / v, its degrees of freedom, its chi-square p-value.
    i2, h2
        I2, in [0, 1], and H2, at least 1 unless tau2 is ``none``: from tau2 and the typical
        sampling variance, or from Q when tau2 is ``none``.
    loglik, loglik_restricted
        Full and restricted log-likelihood at tau2.
    scale_factor
        What Hartung and Knapp multiply the variance of mu by; 1 for other intervals.
    weights
        (..., k), summing to 1 over the series used.
    prediction_low, prediction_high
        Where the effect of a new series lies; None when not asked for.
    status
        One of `PoolStatus`.
    """

    k: Integers
    mu: Floats
    se: Floats
    low: Floats
    high: Floats
    interval_df: Floats
    tau2: Floats
    se_tau2: Floats
    q: Floats
    df: Floats
    p: Floats
    i2: Floats
    h2: Floats
    loglik: Floats
    loglik_restricted: Floats
    scale_factor: Floats
    weights: Floats
    prediction_low: Floats | None
    prediction_high: Floats | None
    status: npt.NDArray[np.int8]


def pool(
    y: npt.ArrayLike,
    v: npt.ArrayLike,
    *,
    tau2: Tau2Method | npt.ArrayLike = "reml",
    interval: Interval = "wald",
    prediction: Prediction = "none",
    level: float = 0.95,
    mask: npt.ArrayLike | None = None,
) -> Pooled:
    """Return the inverse-variance mean of each table, its interval and its heterogeneity.

    Parameters
    ----------
    y, v : (..., k)
        Effects and sampling variances, from `toolkit.numerics.normal.effects.effects`.
    tau2 : str or (...)
        A word of `toolkit.numerics.normal.tau2.METHODS` (``none`` is the common-effect fit), or
        values that are known.
    interval : str
        ``wald`` normal; ``t`` Student with k - 1; ``hartung-knapp`` the same with the variance
        scaled by the weighted residual mean square; ``hartung-knapp-adhoc`` never scaled down.
    prediction : str
        ``as-interval`` takes the quantile of the interval, ``t(k-1)`` and ``t(k-2)`` Student's;
        without degrees of freedom the prediction is the whole line.
    level : float
        Coverage of both, between 0 and 1.
    mask : (..., k), optional
        True where a series is used.

    Raises
    ------
    ValueError
        If a word is unknown, a prediction is asked of a common-effect fit, or a used effect or
        variance cannot be pooled.

    Notes
    -----
    **Source**: Hartung & Knapp 2001, Stat Med 20:3875; Roever, Knapp & Friede 2015, BMC Med Res
    Methodol 15:99 (ad hoc); Higgins, Thompson & Spiegelhalter 2009, J R Stat Soc A 172:137
    (prediction); Higgins & Thompson 2002, Stat Med 21:1539 (I2, H2). **Checked against** metafor's
    ``rma`` and ``predict`` (tests/reference/rma.csv).

    Examples
    --------
    >>> pooled = pool([0.0, 1.0], [1.0, 1.0], tau2="none")
    >>> float(pooled.mu), round(float(pooled.se), 4)
    (0.5, 0.7071)
    """
    _check_words(tau2, interval, prediction)
    tables = as_tables(y, v, mask)
    method = cast(Tau2Method, tau2) if isinstance(tau2, str) else None
    known = np.zeros(len(tables.y)) if method else _known_tau2(tau2, tables.shape)
    choice = _Choice(interval=interval, prediction=prediction, level=level, common=method == "none")
    parts = []
    for part in blocks(*tables.y.shape):
        model = Model(tables=tables.rows(part), design=None)
        if method:
            spread = estimate(model, method)
        else:
            spread = Tau2(tau2=known[part], se=np.zeros(len(known[part])))
        parts.append(_pool_block(model, spread, choice))
    return reshaped(stacked(parts), tables.shape)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    interval: Interval
    prediction: Prediction
    level: float
    common: bool


def _pool_block(model: Model, spread: Tau2, choice: _Choice) -> Pooled:
    """Return the pooled tables of one block, each array (B,), once tau2 is there."""
    tables = model.tables
    weight = weights(tables, spread.tau2)
    fit = project(tables.y, weight, None)
    total = row_sums(weight)
    known = np.where(total > 0, total, 1.0)
    raw_factor = np.einsum("bk,bk,bk->b", weight, fit.residual, fit.residual)
    factor = raw_factor / np.maximum(model.freedom, 1.0)
    flat = leaves_nothing(fit.residual, np.abs(tables.centre))
    factor, interval_df = _interval_shape(choice.interval, np.where(flat, 0.0, factor), model)
    mu = tables.centre + fit.coefficients[:, 0]
    se = np.where(total > 0, np.sqrt(factor / known), np.inf)
    half = _times(two_sided_quantile(choice.level, interval_df), se)
    q, i2, h2 = heterogeneity(model, spread.tau2, common=choice.common)
    predicted = _prediction(se, spread.tau2, interval_df, tables.k, choice)
    status = np.where(se == 0, PoolStatus.ZERO_WIDTH, PoolStatus.OK)
    status = np.where(tables.k == 1, PoolStatus.ONE_SERIES, status)
    status = np.where(tables.k == 0, PoolStatus.NO_SERIES, status)

    return Pooled(
        k=tables.k,
        mu=mu,
        se=se,
        low=mu - half,
        high=mu + half,
        interval_df=interval_df,
        tau2=spread.tau2,
        se_tau2=spread.se,
        q=q,
        df=model.freedom,
        p=chi_square_p(q, model.freedom),
        i2=i2,
        h2=h2,
        loglik=log_likelihood(model, spread.tau2, kind="ml"),
        loglik_restricted=log_likelihood(model, spread.tau2, kind="reml"),
        scale_factor=factor,
        weights=weight / known[:, None],
        prediction_low=None if predicted is None else mu - predicted,
        prediction_high=None if predicted is None else mu + predicted,
        status=status.astype(np.int8),
    )


def _check_words(
    tau2: Tau2Method | npt.ArrayLike, interval: Interval, prediction: Prediction
) -> None:
    for name, word, words in (
        ("interval", interval, INTERVALS),
        ("prediction", prediction, PREDICTIONS),
        ("tau2", tau2, METHODS),
    ):
        if isinstance(word, str) and word not in words:
            raise ValueError(f"unknown {name} {word!r}; one of {', '.join(words)}")
    if isinstance(tau2, str) and tau2 == "none" and prediction != "none":
        raise ValueError("a common-effect fit says nothing about a new series: prediction='none'")


def _known_tau2(tau2: npt.ArrayLike, shape: tuple[int, ...]) -> Floats:
    """Return given values of tau2 as (B,)."""
    known = np.broadcast_to(np.asarray(tau2, dtype=float), shape).reshape(-1)
    if not (np.isfinite(known) & (known >= 0)).all():
        raise ValueError("a given tau2 must be finite and not negative")
    return known


def _interval_shape(interval: Interval, factor: Floats, model: Model) -> tuple[Floats, Floats]:
    """Return what the variance is multiplied by and the degrees of freedom of the interval."""
    several = model.freedom > 0
    df = np.where(several, model.freedom, np.inf)
    one = np.ones(len(df))
    if interval == "wald":
        return one, np.full(len(df), np.inf)
    if interval == "t":
        return one, df
    if interval == "hartung-knapp-adhoc":
        factor = np.maximum(factor, 1.0)
    return np.where(several, factor, 1.0), df


def heterogeneity(model: Model, tau2: Floats, *, common: bool) -> tuple[Floats, Floats, Floats]:
    """Return Cochran's Q, I2 and H2, (B,): from Q itself when the effect is taken as common."""
    q = generalised_q(model, np.zeros(len(tau2)))
    if common:
        several = model.freedom > 0
        h2 = np.where(several, q / np.maximum(model.freedom, 1.0), 1.0)
        return q, np.where(several & (h2 > 1), 1 - 1 / np.maximum(h2, 1.0), 0.0), h2
    return q, *relative_to_sampling(model, tau2)


def relative_to_sampling(model: Model, tau2: Floats) -> tuple[Floats, Floats]:
    """Return I2 and H2 for any tau2 (B,): the share it has of the total variance, and 1 + ratio.

    The typical sampling variance is df / tr P with weights 1 / v.
    """
    weight = 1 / model.tables.v
    information = trace(project(model.tables.y, weight, model.design), weight)
    ratio = np.where(model.freedom > 0, information / np.maximum(model.freedom, 1.0), 0.0)
    excess = np.where(ratio > 0, tau2, 0.0) * ratio
    finite = np.where(np.isfinite(excess), excess, 1.0)
    return np.where(np.isfinite(excess), finite / (1 + finite), 1.0), 1 + excess


def _prediction(
    se: Floats, tau2: Floats, interval_df: Floats, k: Integers, choice: _Choice
) -> Floats | None:
    """Return half the width of the prediction interval."""
    if choice.prediction == "none":
        return None
    df = {"as-interval": interval_df, "t(k-1)": k - 1.0, "t(k-2)": k - 2.0}[choice.prediction]
    return _times(two_sided_quantile(choice.level, df), np.sqrt(tau2 + se**2))


def _times(quantile: Floats, spread: Floats) -> Floats:
    """Return their product, infinite where either is, without asking for infinity times zero."""
    unbounded = np.isinf(quantile) | np.isinf(spread)
    finite = np.where(unbounded, 0.0, quantile) * np.where(unbounded, 0.0, spread)
    return np.asarray(np.where(unbounded, np.inf, finite))
