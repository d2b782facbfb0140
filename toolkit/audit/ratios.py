"""Ratios with their intervals and p-values, and whether the three agree.

A hazard, odds or risk ratio is estimated on the log scale, so its interval reaches equally far on
both sides there. Interval and p-value come from one statistic, or from close relatives of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from toolkit.audit.rounding import Printed

MOST_OFF_THE_MIDDLE = 0.10
"""Asymmetry, in half-widths of the interval, up to which profile likelihood may be the reason."""

MOST_APART = 0.45
"""Difference of two z-values up to which another test (score, likelihood ratio) may be the reason;
about what parts a one-sided p-value from a two-sided one."""

MOST_APART_ACROSS = 0.20
"""The same where one of the two calls the ratio significant and the other does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Middle:
    """How a ratio lies in its interval.

    Attributes
    ----------
    geometric_middle : float
        Square root of the product of the printed limits.
    off_by : float
        Least distance on the log scale that rounding leaves between the ratio and the middle, in
        half-widths of the interval.
    """

    geometric_middle: float
    off_by: float

    @property
    def differs(self) -> bool:
        """Whether more than rounding or another kind of interval parts the two."""
        return self.off_by > MOST_OFF_THE_MIDDLE


def middle(ratio: Printed, low: Printed, high: Printed) -> Middle | None:
    """Return how a ratio lies between its limits; None where a limit is no positive number.

    Examples
    --------
    >>> from toolkit.audit.rounding import parse
    >>> found = middle(parse("3.23"), parse("1.93"), parse("14.9"))
    >>> round(found.geometric_middle, 2), found.differs
    (5.36, True)
    >>> middle(parse("5.41"), parse("1.97"), parse("14.87")).differs
    False
    """
    if any(number.bound or number.value <= 0 for number in (ratio, low, high)):
        return None
    low_least, low_most = _logs(low)
    high_least, high_most = _logs(high)
    least, most = _logs(ratio)
    gap = max((low_least + high_least) / 2 - most, least - (low_most + high_most) / 2, 0.0)
    lower, upper = math.log(low.value), math.log(high.value)
    if upper <= lower:
        return None
    return Middle(
        geometric_middle=math.exp((lower + upper) / 2), off_by=gap / ((upper - lower) / 2)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Significance:
    """What a p-value and an interval say of each other.

    Attributes
    ----------
    p_by_interval : float
        Two-sided p-value that the printed ratio and limits give.
    apart : float
        Least difference of the two z-values that rounding leaves.
    across : bool
        Whether one of the two is significant at the level of the interval and the other is not.
    """

    p_by_interval: float
    apart: float
    across: bool

    @property
    def differs(self) -> bool:
        """Whether more than rounding or another test parts the two."""
        return self.apart > (MOST_APART_ACROSS if self.across else MOST_APART)


def significance(
    ratio: Printed, low: Printed, high: Printed, p: Printed, level: float = 0.95
) -> Significance | None:
    """Return what the p-value of a ratio and its interval say of each other.

    None where a number is no positive one. A limit of p (``<0.001``) is met from one side only.

    Examples
    --------
    >>> from toolkit.audit.rounding import parse
    >>> found = significance(parse("3.9"), parse("1.33"), parse("11.4"), parse("0.13"))
    >>> round(found.p_by_interval, 3), found.differs
    (0.013, True)
    """
    from scipy.special import ndtr, ndtri

    numbers = (ratio, low, high)
    if any(number.bound or number.value <= 0 for number in numbers) or p.value > 1:
        return None
    spreads = [
        (math.log(upper) - math.log(lower)) / 2
        for upper, lower in zip(_ends(high), reversed(_ends(low)), strict=True)
    ]
    if min(spreads) <= 0:
        return None
    reach = float(ndtri(0.5 + level / 2))
    logs = [abs(each) for each in _logs(ratio)]
    nearest = 0.0 if _logs(ratio)[0] <= 0 <= _logs(ratio)[1] else min(logs)
    least, most = nearest * reach / max(spreads), max(logs) * reach / min(spreads)
    p_least, p_most = _p_ends(p)
    z_least, z_most = -float(ndtri(p_most / 2)), -float(ndtri(max(p_least, 1e-300) / 2))
    central = abs(math.log(ratio.value)) * 2 * reach / math.log(high.value / low.value)
    tail = 1 - level
    return Significance(
        p_by_interval=2 * float(ndtr(-central)),
        apart=max(z_least - most, least - z_most, 0.0),
        across=(p_most < tail and least < reach and not low.value > 1 and not high.value < 1)
        or (p_least >= tail and (low.value > 1 or high.value < 1)),
    )


def _ends(number: Printed) -> tuple[float, float]:
    """Return the positive true numbers that are rounded to a printed one."""
    half = number.unit / 2
    return float(max(number.value - half, number.value / 2)), float(number.value + half)


def _logs(number: Printed) -> tuple[float, float]:
    """Return the logarithms of the ends of a positive printed number."""
    low, high = _ends(number)
    return math.log(low), math.log(high)


def _p_ends(p: Printed) -> tuple[float, float]:
    """Return the p-values that a printed one stands for, in (0, 1]."""
    if p.bound == "<":
        return 0.0, float(p.value)
    if p.bound == ">":
        return float(p.value), 1.0
    return max(float(p.value - p.unit / 2), 0.0), min(float(p.value + p.unit / 2), 1.0)
