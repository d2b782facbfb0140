"""Proportions: the scales on which they are pooled and back, and intervals of one series' own."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv, expit, logit

from toolkit.numerics.tables import Floats

Scale = Literal["complementary-log-log", "logit", "log", "raw", "arcsine"]


SCALES: tuple[Scale, ...] = get_args(Scale)


def to_scale(proportion: npt.ArrayLike, *, scale: Scale) -> Floats:
    """Return proportions on a scale; 0 and 1 are infinite where the scale has no end there.

    Parameters
    ----------
    proportion : (...)
        In [0, 1].
    scale : str
        One of `SCALES`. ``complementary-log-log`` is log(-log p): the scale of a log hazard where
        p is a survival, and falling where p rises. ``raw`` is the proportion itself, ``arcsine``
        is asin(sqrt(p)).

    Raises
    ------
    ValueError
        If the scale is unknown or a proportion lies outside [0, 1].

    Examples
    --------
    >>> to_scale([0.5, 1.0], scale="complementary-log-log").round(4).tolist()
    [-0.3665, -inf]
    """
    p = np.asarray(proportion, dtype=float)
    _refuse(p, scale)
    with np.errstate(divide="ignore"):
        if scale == "complementary-log-log":
            return np.asarray(np.log(-np.log(p)))
        if scale == "logit":
            return np.asarray(logit(p))
        if scale == "log":
            return np.asarray(np.log(p))
    return np.asarray(p if scale == "raw" else np.arcsin(np.sqrt(p)))


def from_scale(value: npt.ArrayLike, *, scale: Scale) -> Floats:
    """Return the proportion, in [0, 1], of a value; values beyond the scale's end are cut to it.

    Examples
    --------
    >>> from_scale([-0.3665129, -np.inf], scale="complementary-log-log").round(4).tolist()
    [0.5, 1.0]
    """
    x = np.asarray(value, dtype=float)
    if scale == "complementary-log-log":
        # Beyond 700 the inner exponential overflows, and the proportion is 0 long before.
        return np.asarray(np.exp(-np.exp(np.minimum(x, 700.0))))
    if scale == "logit":
        return np.asarray(expit(x))
    if scale == "log":
        return np.asarray(np.exp(np.minimum(x, 0.0)))
    if scale == "raw":
        return np.asarray(np.clip(x, 0.0, 1.0))
    if scale == "arcsine":
        return np.asarray(np.sin(np.clip(x, 0.0, np.pi / 2)) ** 2)
    raise ValueError(f"unknown scale {scale!r}; one of {', '.join(SCALES)}")


def slope(proportion: npt.ArrayLike, *, scale: Scale) -> Floats:
    """Return how fast the scale moves with the proportion, in size: |dy / dp|, (...).

    By the delta method a standard error on the scale is the one of the proportion times this.
    """
    p = np.asarray(proportion, dtype=float)
    _refuse(p, scale)
    with np.errstate(divide="ignore"):
        if scale == "complementary-log-log":
            return np.asarray(-1 / (p * np.log(np.where(p > 0, p, 1.0))))
        if scale == "logit":
            return np.asarray(1 / (p * (1 - p)))
        if scale == "log":
            return np.asarray(1 / p)
        if scale == "arcsine":
            return np.asarray(0.5 / np.sqrt(p * (1 - p)))
    return np.ones_like(p)


def _refuse(p: Floats, scale: str) -> None:
    if scale not in SCALES:
        raise ValueError(f"unknown scale {scale!r}; one of {', '.join(SCALES)}")
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError("a proportion must lie between 0 and 1")


def clopper_pearson(
    events: npt.ArrayLike, total: npt.ArrayLike, *, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Return the exact interval of a proportion, lower and upper ends in [0, 1].

    Parameters
    ----------
    events, total : (...)
        Whole numbers, 0 <= events <= total, total at least 1.
    level : float
        Coverage, between 0 and 1.

    Raises
    ------
    ValueError
        If the counts or the level are outside these ranges.

    Notes
    -----
    **Source**: Clopper, Pearson 1934, Biometrika 26:404, doi 10.1093/biomet/26.4.404.

    Examples
    --------
    >>> low, high = clopper_pearson(0, 10)
    >>> float(low), round(float(high), 4)
    (0.0, 0.3085)
    """
    x, n = np.asarray(events, dtype=float), np.asarray(total, dtype=float)
    if not ((x >= 0) & (x <= n) & (n >= 1)).all():
        raise ValueError("counts must satisfy 0 <= events <= total and total >= 1")
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level}")
    tail = 0.5 - level / 2
    low = np.where(x > 0, betaincinv(np.maximum(x, 1), n - x + 1, tail), 0.0)
    high = np.where(x < n, betaincinv(x + 1, np.maximum(n - x, 1), 1 - tail), 1.0)
    return np.asarray(low), np.asarray(high)


def difference_interval(first: Sequence[float], second: Sequence[float]) -> tuple[float, float]:
    """Return the interval of the difference of two independent proportions, each with its own.

    Parameters
    ----------
    first, second : (estimate, low, high)
        Proportions in [0, 1] with limits of the same level, which need not be symmetric.

    Notes
    -----
    **Source**: Newcombe 1998, Stat Med 17:873 (method 10, with Wilson limits); Zou & Donner 2008,
    Stat Med 27:1693 (the same for any limits). Newcombe's own example, 56/70 against 48/80 with
    Wilson limits, is 0.0524 to 0.3339.

    Examples
    --------
    >>> from statsmodels.stats.proportion import proportion_confint
    >>> counts = [(56, 70), (48, 80)]
    >>> ends = [(x / n, *proportion_confint(x, n, method="wilson")) for x, n in counts]
    >>> [round(limit, 4) for limit in difference_interval(*ends)]
    [0.0524, 0.3339]
    """
    (p1, low1, high1), (p2, low2, high2) = first, second
    apart = p1 - p2
    return apart - hypot(p1 - low1, high2 - p2), apart + hypot(high1 - p1, p2 - low2)
