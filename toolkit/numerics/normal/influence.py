"""What a single series does to the answer, and what the answer says about a single series."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import chdtri

from toolkit.numerics.normal.inverse_variance import Interval, Pooled, Prediction, pool
from toolkit.numerics.normal.likelihood import weights
from toolkit.numerics.normal.tau2 import Tau2Method
from toolkit.numerics.quantiles import two_sided_quantile
from toolkit.numerics.tables import Booleans, Floats, as_tables, reshaped


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseInfluence:
    """Diagnostics of each series, all (..., k); 0 or False for a series that is not used.

    Attributes
    ----------
    residual, standardised
        Effect less pooled effect, and the same over its standard error.
    studentised
        Effect less the pooled effect of the others, over its standard error.
    dffits, dfbetas
        Change of the pooled effect when the series is left out, over two estimates of its
        standard error.
    cook
        Squared change of the pooled effect over its variance.
    covariance_ratio
        Variance of the pooled effect without the series over that with it.
    tau2_without, q_without
        Variance between the others, and their Q.
    hat
        Leverage: the share of the weights.
    baujat_heterogeneity, baujat_influence
        Squared standardised deviation, and squared change of the pooled effect over the variance
        of the one without the series.
    influential
        Whether dffits, cook, hat or dfbetas pass the customary bounds.
    """

    residual: Floats
    standardised: Floats
    studentised: Floats
    dffits: Floats
    dfbetas: Floats
    cook: Floats
    covariance_ratio: Floats
    tau2_without: Floats
    q_without: Floats
    hat: Floats
    baujat_heterogeneity: Floats
    baujat_influence: Floats
    influential: Booleans


@dataclass(frozen=True, slots=True, kw_only=True)
class Shrunken:
    """Best linear unbiased predictions, all (..., k); 0 for a series that is not used.

    Attributes
    ----------
    estimate, se, low, high
        The true effect of each series: its own effect drawn towards the pooled one.
    deviation, deviation_se
        By how much it departs from the pooled effect.
    """

    estimate: Floats
    se: Floats
    low: Floats
    high: Floats
    deviation: Floats
    deviation_se: Floats


def leave_one_out(
    y: npt.ArrayLike,
    v: npt.ArrayLike,
    *,
    tau2: Tau2Method = "reml",
    interval: Interval = "wald",
    prediction: Prediction = "none",
    level: float = 0.95,
    mask: npt.ArrayLike | None = None,
) -> Pooled:
    """Return the pooled effects without each series in turn: a `Pooled` of shape (..., k).

    Parameters are those of `toolkit.numerics.normal.inverse_variance.pool`. Leaving out a series
    that is not used changes nothing.

    Notes
    -----
    **Checked against** metafor's ``leave1out`` (tests/reference/leave1out.csv).
    """
    effects, variances, used = _spread_out(y, v, mask)
    others = ~np.eye(used.shape[-1], dtype=bool)
    return pool(
        effects[..., None, :],
        variances[..., None, :],
        tau2=tau2,
        interval=interval,
        prediction=prediction,
        level=level,
        mask=used[..., None, :] & others,
    )


def cumulative(
    y: npt.ArrayLike,
    v: npt.ArrayLike,
    *,
    order: npt.ArrayLike | None = None,
    tau2: Tau2Method = "reml",
    interval: Interval = "wald",
    prediction: Prediction = "none",
    level: float = 0.95,
    mask: npt.ArrayLike | None = None,
) -> Pooled:
    """Return the pooled effects after each series is added in turn: a `Pooled` of shape (..., k).

    Parameters
    ----------
    order : (k,), optional
        Positions of the series in the order of their arrival; as they stand when missing.
    y, v, tau2, interval, prediction, level, mask
        As in `toolkit.numerics.normal.inverse_variance.pool`.

    Raises
    ------
    ValueError
        If the order does not name every series once.

    Notes
    -----
    **Checked against** metafor's ``cumul`` (tests/reference/cumul.csv).
    """
    effects, variances, used = _spread_out(y, v, mask)
    k = used.shape[-1]
    arrival = np.arange(k) if order is None else np.asarray(order)
    if not np.array_equal(np.sort(arrival), np.arange(k)):
        raise ValueError(f"order must name each of the {k} series once, counting from 0")
    place = np.argsort(arrival)
    arrived = place <= np.arange(k)[:, None]
    return pool(
        effects[..., None, :],
        variances[..., None, :],
        tau2=tau2,
        interval=interval,
        prediction=prediction,
        level=level,
        mask=used[..., None, :] & arrived,
    )


def influence(
    y: npt.ArrayLike,
    v: npt.ArrayLike,
    *,
    tau2: Tau2Method = "reml",
    mask: npt.ArrayLike | None = None,
) -> CaseInfluence:
    """Return how far each series departs from the others and what it does to the pooled effect.

    Parameters
    ----------
    y, v : (..., k)
        Effects and sampling variances; every table needs at least two series.
    tau2 : str
        A word of `toolkit.numerics.normal.tau2.METHODS`.
    mask : (..., k), optional
        True where a series is used.

    Raises
    ------
    ValueError
        If a table has fewer than two series, or `pool` refuses.

    Notes
    -----
    **Source**: Viechtbauer & Cheung 2010, Res Synth Methods 1:112, doi 10.1002/jrsm.11; Baujat et
    al. 2002, Stat Med 21:2641. **Checked against** metafor's ``influence``
    (tests/reference/influence.csv).
    """
    tables = as_tables(y, v, mask)
    if (tables.k < 2).any():
        raise ValueError("influence needs at least two series in every table")
    used = tables.used
    whole = pool(tables.y, tables.v, tau2=tau2, mask=used)
    without = leave_one_out(tables.y, tables.v, tau2=tau2, mask=used)
    finite_v = np.where(used, tables.v, 1.0)
    own = finite_v + whole.tau2[:, None]
    variance = whole.se[:, None] ** 2
    hat = whole.weights
    residual = tables.y - whole.mu[:, None]
    change = whole.mu[:, None] - without.mu
    everyone = 1 / (1 / (tables.v[:, None, :] + without.tau2[..., None])).sum(axis=-1)
    cook = change**2 / variance
    dffits = change / np.sqrt(hat * (without.tau2 + finite_v) + ~used)
    dfbetas = change / np.sqrt(everyone)
    count = tables.k[:, None]
    influential = (
        (np.abs(dffits) > 3 * np.sqrt(1 / (count - 1)))
        | (cook > chdtri(1.0, 0.5))
        | (hat > 3 / count)
        | (np.abs(dfbetas) > 1)
    )
    diagnostics = CaseInfluence(
        residual=np.where(used, residual, 0.0),
        standardised=np.where(used, residual / np.sqrt(own - used * variance + ~used), 0.0),
        studentised=np.where(
            used,
            (tables.y - without.mu) / np.sqrt(finite_v + without.se**2 + without.tau2),
            0.0,
        ),
        dffits=np.where(used, dffits, 0.0),
        dfbetas=np.where(used, dfbetas, 0.0),
        cook=np.where(used, cook, 0.0),
        covariance_ratio=np.where(used, without.se**2 / variance, 0.0),
        tau2_without=np.where(used, without.tau2, 0.0),
        q_without=np.where(used, without.q, 0.0),
        hat=hat,
        baujat_heterogeneity=np.where(used, residual**2 / own, 0.0),
        baujat_influence=np.where(used, change**2 / without.se**2, 0.0),
        influential=influential & used,
    )
    return reshaped(diagnostics, tables.shape)


def shrunken(
    y: npt.ArrayLike,
    v: npt.ArrayLike,
    *,
    tau2: Tau2Method = "reml",
    interval: Interval = "wald",
    level: float = 0.95,
    mask: npt.ArrayLike | None = None,
) -> Shrunken:
    """Return the true effect of each series, drawn towards the pooled effect by its uncertainty.

    Parameters are those of `toolkit.numerics.normal.inverse_variance.pool`.

    Notes
    -----
    **Source**: Raudenbush & Bryk 1985, J Educ Stat 10:75. **Checked against** metafor's ``blup``
    and ``ranef`` (tests/reference/blup.csv).
    """
    tables = as_tables(y, v, mask)
    used = tables.used
    pooled = pool(tables.y, tables.v, tau2=tau2, interval=interval, level=level, mask=used)
    own_share = pooled.tau2[:, None] * weights(tables, pooled.tau2)
    noise = own_share * np.where(used, tables.v, 0.0)
    known = np.where(np.isfinite(pooled.se), pooled.se, 0.0)[:, None] ** 2
    deviation = own_share * (tables.y - pooled.mu[:, None])
    estimate = (tables.centre + pooled.mu)[:, None] + deviation
    se = np.sqrt(noise + (1 - own_share) ** 2 * known)
    half = two_sided_quantile(level, pooled.interval_df)[:, None] * se
    prediction = Shrunken(
        estimate=np.where(used, estimate, 0.0),
        se=np.where(used, se, 0.0),
        low=np.where(used, estimate - half, 0.0),
        high=np.where(used, estimate + half, 0.0),
        deviation=np.where(used, deviation, 0.0),
        deviation_se=np.where(used, np.sqrt(noise + own_share**2 * known), 0.0),
    )
    return reshaped(prediction, tables.shape)


def _spread_out(
    y: npt.ArrayLike, v: npt.ArrayLike, mask: npt.ArrayLike | None
) -> tuple[Floats, Floats, Booleans]:
    """Return effects, variances and mask with one shape."""
    effects, variances = np.asarray(y, dtype=float), np.asarray(v, dtype=float)
    used = np.asarray(True if mask is None else mask, dtype=bool)
    shape = np.broadcast_shapes(effects.shape, variances.shape, used.shape)
    if not shape:
        raise ValueError("y and v need at least one axis: the series")
    return (
        np.broadcast_to(effects, shape),
        np.broadcast_to(variances, shape),
        np.broadcast_to(used, shape),
    )
