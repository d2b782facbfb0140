"""Proportions on the scales on which they are pooled or given an interval, and back.

Here a proportion is known by itself, not as events among a total; `toolkit.numerics.effects` takes
counts.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

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
