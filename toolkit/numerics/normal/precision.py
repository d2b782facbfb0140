"""How precise a published proportion is: from its interval, its standard error, or its patients.

Everything is one standard error of the proportion itself; the delta method takes it to the scale
on which it is pooled (`toolkit.numerics.proportions.slope`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from scipy.special import ndtri

from toolkit.numerics.proportions import Scale, from_scale, slope, to_scale

IntervalScale = Literal["log-log", "log", "plain", "logit"]
INTERVAL_SCALES: tuple[IntervalScale, ...] = get_args(IntervalScale)
"""Scales on which intervals are computed, the commonest for a survival first."""

Approximation = Literal["between", "optimistic", "pessimistic"]
APPROXIMATIONS: tuple[Approximation, ...] = get_args(Approximation)

_SCALES: dict[IntervalScale, Scale] = {
    "log-log": "complementary-log-log",
    "log": "log",
    "plain": "raw",
    "logit": "logit",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalReading:
    """What a printed interval tells of the precision of its estimate.

    Attributes
    ----------
    standard_error : float
        Of the proportion, at the printed estimate.
    scale : str
        The one of `INTERVAL_SCALES` on which the interval is symmetric about its estimate.
    fits : bool
        Whether it is so within the rounding of the printed digits.
    others : tuple of str
        Scales that fit these digits as well.
    """

    standard_error: float
    scale: IntervalScale
    fits: bool
    others: tuple[IntervalScale, ...] = ()


def read_interval(
    estimate: float,
    low: float,
    high: float,
    *,
    level: float = 0.95,
    decimals: int = 1,
    scale: IntervalScale | None = None,
) -> IntervalReading:
    """Return the standard error behind a printed interval, and the scale it was computed on.

    Parameters
    ----------
    estimate, low, high : float
        Proportions in [0, 1], low < estimate < high or equal at one end.
    level : float
        Coverage of the interval.
    decimals : int
        Digits after the point of the printed percentages: they say how far rounding reaches.
    scale : str, optional
        The scale where the paper names it; found by fit otherwise.

    Returns
    -------
    IntervalReading
        By fit: the first scale of `INTERVAL_SCALES` that explains all three numbers within their
        rounding, or else the one that comes nearest. A limit that a scale cannot reach, or that
        was cut at 0 or 1, is not used: the other half of the interval then stands for both.

    Raises
    ------
    ValueError
        If the three are not in order, the interval has no width or covers everything, or the
        estimate is 0 or 1.

    Notes
    -----
    **Source**: Kalbfleisch & Prentice 1980, The statistical analysis of failure time data
    (log-log). **Checked against** Kaplan-Meier fits of R's survival, whose printed intervals give
    back the standard errors that they were made of (tests/reference/survival_intervals.csv).

    Examples
    --------
    >>> reading = read_interval(0.432, 0.307, 0.551)
    >>> reading.scale, reading.others, round(reading.standard_error, 4)
    ('log-log', (), 0.0632)
    """
    if not 0 <= low <= estimate <= high <= 1 or low == high:
        raise ValueError("an interval needs 0 <= low <= estimate <= high <= 1 and some width")
    if not 0 < estimate < 1 or (low == 0 and high == 1):
        raise ValueError("an interval of an estimate of 0 or 1, or from 0 to 1, has no scale")
    candidates = INTERVAL_SCALES if scale is None else (scale,)
    rounding = 0.5 * 10.0 ** -(decimals + 2)
    misfit = {each: _misfit(estimate, low, high, each, rounding) for each in candidates}
    fitting = tuple(each for each in candidates if misfit[each] <= 1.0)
    chosen = fitting[0] if fitting else min(candidates, key=lambda each: misfit[each])
    return IntervalReading(
        standard_error=_half_width(estimate, low, high, chosen)
        / float(ndtri((1 + level) / 2))
        / float(slope(estimate, scale=_SCALES[chosen])),
        scale=chosen,
        fits=bool(fitting),
        others=fitting[1:],
    )


def _half_width(estimate: float, low: float, high: float, scale: IntervalScale) -> float:
    """Return half the width of an interval on its scale, from the limits that are not cut."""
    name = _SCALES[scale]
    at = float(to_scale(estimate, scale=name))
    uncut = [float(to_scale(limit, scale=name)) for limit in (low, high) if 0 < limit < 1]
    return sum(abs(limit - at) for limit in uncut) / len(uncut)


def _misfit(
    estimate: float, low: float, high: float, scale: IntervalScale, rounding: float
) -> float:
    """Return how far the middle of the interval lies from its estimate, in units of rounding.

    The middle moves with the rounding of both limits, and the estimate has its own: 1 is the
    farthest that rounding alone can bring them apart.
    """
    if low == 0 or high == 1:
        # One limit alone has no middle; but only a plain interval is cut at 0 or 1.
        return 0.0 if scale == "plain" else float("inf")
    name = _SCALES[scale]
    middle = float(from_scale(to_scale([low, high], scale=name).mean(), scale=name))
    moved = slope([low, high], scale=name).sum() / (2 * slope(middle, scale=name))
    return abs(middle - estimate) / (rounding * (1 + float(moved)))


def approximate_variance(
    estimate: float,
    patients: int,
    *,
    at_risk: int | None = None,
    censored: bool = True,
    approximation: Approximation = "between",
) -> float:
    """Return a variance for a proportion that is printed without interval or standard error.

    Parameters
    ----------
    estimate : float
        In [0, 1].
    patients : int
        Patients at the start.
    at_risk : int, optional
        Patients still observed and free of the event at the time of the estimate; 0 counts as
        not printed.
    censored : bool
        Whether patients may have left observation before that time: true of a survival, false of
        a plain proportion, whose variance is binomial.
    approximation : {"between", "optimistic", "pessimistic"}
        ``optimistic`` takes all patients as observed until then: p (1 - p) / n, to which
        Greenwood's formula comes down without censoring. ``pessimistic`` is Peto's p^2 (1 - p) / r
        with r patients at risk; where r is not printed, half of those free of the event are taken
        as not observed that long, r = n p / 2. ``between`` is the mean of the two variances:
        without r an effective sample of two thirds of the patients.

    Notes
    -----
    Every one of these is a guess about follow-up that the paper does not print, and is flagged
    wherever it is drawn. A variance that is too large widens the interval of a series and narrows
    what is left for differences between series, so the pessimistic bound is no safe side.

    **Source**: Peto et al. 1977, Br J Cancer 35:1 (variance from patients at risk); Cutler &
    Ederer 1958, J Chronic Dis 8:699 (effective sample size).

    Examples
    --------
    >>> [round(approximate_variance(0.4, 60, approximation=a), 6) for a in APPROXIMATIONS]
    [0.006, 0.004, 0.008]
    """
    optimistic = estimate * (1 - estimate) / patients
    if not censored or approximation == "optimistic":
        return optimistic
    # With nobody at risk Peto's formula has no end: 0 is treated as not printed.
    observed = float(at_risk or patients * estimate / 2)
    pessimistic = estimate**2 * (1 - estimate) / observed if observed else optimistic
    # More patients at risk than the estimate leaves room for says that nobody was censored.
    pessimistic = max(pessimistic, optimistic)
    return pessimistic if approximation == "pessimistic" else (optimistic + pessimistic) / 2
