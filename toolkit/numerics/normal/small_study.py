"""Whether small series report other effects than large ones, judged by size alone.

Tests that use the standard error of the effect (Egger's among them) are not valid for proportions,
whose standard error follows from the proportion itself: a table without any such effect fails them.
Here the predictor is the number of patients.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from toolkit.numerics.normal.meta_regression import FEWEST_SERIES, regress
from toolkit.numerics.normal.tau2 import Tau2Method
from toolkit.numerics.tables import Floats

Predictor = Literal["total", "sqrt-total", "inverse-total", "inverse-sqrt-total"]
Dispersion = Literal["additive", "multiplicative"]
PREDICTORS: tuple[Predictor, ...] = get_args(Predictor)
DISPERSIONS: tuple[Dispersion, ...] = get_args(Dispersion)

_SIZE: dict[str, Callable[[Floats], Floats]] = {
    "total": lambda n: n,
    "sqrt-total": np.sqrt,
    "inverse-total": lambda n: 1 / n,
    "inverse-sqrt-total": lambda n: 1 / np.sqrt(n),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeTrend:
    """A test for a trend of the effect with the size of the series, all (...).

    Attributes
    ----------
    slope, statistic, df, p_value
        Change of the effect per unit of the predictor, and its two-sided test; `df` is infinite
        for a normal statistic.
    limit, limit_low, limit_high
        The effect of an unboundedly large series, where the predictor is an inverse size; None for
        the others.
    """

    slope: Floats
    statistic: Floats
    df: Floats
    p_value: Floats
    limit: Floats | None
    limit_low: Floats | None
    limit_high: Floats | None


def small_study_test(
    y: npt.ArrayLike,
    v: npt.ArrayLike,
    total: npt.ArrayLike,
    *,
    predictor: Predictor = "inverse-sqrt-total",
    dispersion: Dispersion = "additive",
    tau2: Tau2Method = "reml",
    level: float = 0.95,
    few: bool = False,
) -> SizeTrend:
    """Return the trend of the effect with the size of the series, and its test.

    Parameters
    ----------
    y, v, total : (..., k)
        Effects, sampling variances and patients.
    predictor : str
        One of `PREDICTORS`.
    dispersion : str
        What is left to chance between series: ``additive``, a variance tau2 and a normal test;
        ``multiplicative``, a factor on all variances and a t test with k - 2, as Egger and Peters
        have it; then `tau2` is not used.
    tau2 : str
        A word of `toolkit.numerics.normal.tau2.METHODS`.
    level : float
        Coverage of the interval of the limit.
    few : bool
        Insist on testing fewer than 10 series.

    Raises
    ------
    ValueError
        If there are fewer than 10 series, a word is unknown, all series have the same size, or
        `regress` refuses.

    Notes
    -----
    **Source**: Hunter et al. 2014, J Clin Epidemiol 67:897, doi 10.1016/j.jclinepi.2014.03.003
    (size as the predictor); Peters et al. 2006, JAMA 295:676; Sterne et al. 2011, BMJ 343:d4002
    (no test below 10 series). **Checked against** metafor's ``regtest``
    (tests/reference/bias_tests.csv).
    """
    if predictor not in PREDICTORS:
        raise ValueError(f"unknown predictor {predictor!r}; one of {', '.join(PREDICTORS)}")
    if dispersion not in DISPERSIONS:
        raise ValueError(f"unknown dispersion {dispersion!r}; one of {', '.join(DISPERSIONS)}")
    sizes = np.asarray(total, dtype=float)
    k = sizes.shape[-1] if sizes.ndim else 0
    if k < FEWEST_SERIES and not few:
        raise ValueError(
            f"a test for small-study effects in {k} series cannot tell them from chance: "
            f"{FEWEST_SERIES} are the least, unless few=True insists"
        )
    if not (np.isfinite(sizes) & (sizes > 0)).all():
        raise ValueError("every series needs a positive number of patients")
    column = _SIZE[predictor](sizes)
    multiplicative = dispersion == "multiplicative"
    fit = regress(
        y,
        v,
        np.stack([np.ones_like(column), column], axis=-1),
        tau2="none" if multiplicative else tau2,
        interval="hartung-knapp" if multiplicative else "wald",
        level=level,
        few=True,
    )
    has_limit = predictor.startswith("inverse")
    return SizeTrend(
        slope=fit.coefficients[..., 1],
        statistic=fit.statistic[..., 1],
        df=fit.freedom if multiplicative else np.full(fit.freedom.shape, np.inf),
        p_value=fit.p_value[..., 1],
        limit=fit.coefficients[..., 0] if has_limit else None,
        limit_low=fit.low[..., 0] if has_limit else None,
        limit_high=fit.high[..., 0] if has_limit else None,
    )
