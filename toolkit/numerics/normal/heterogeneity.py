"""Intervals of the variance between series, and of the shares I2 and H2 that follow from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt
from scipy.special import chdtri

from toolkit.numerics.normal.inverse_variance import relative_to_sampling
from toolkit.numerics.normal.likelihood import Likelihood, Model, log_likelihood, maximise
from toolkit.numerics.normal.tau2 import generalised_q, solve_generalised_q
from toolkit.numerics.roots import Rows, find_roots
from toolkit.numerics.tables import Floats, as_tables, reshaped


class IntervalStatus(IntEnum):
    """What an interval of tau2 can be used for."""

    OK = 0
    NO_FREEDOM = 1
    """Fewer than two series: nothing is known, the interval is 0 to infinity."""
    EMPTY = 2
    """The effects agree better than chance lets them: no tau2 is compatible, both limits are 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeterogeneityInterval:
    """Limits of tau2, I2 (in [0, 1]) and H2, all (...), and one `IntervalStatus` each."""

    tau2_low: Floats
    tau2_high: Floats
    i2_low: Floats
    i2_high: Floats
    h2_low: Floats
    h2_high: Floats
    status: npt.NDArray[np.int8]


def q_profile(
    y: npt.ArrayLike,
    v: npt.ArrayLike,
    *,
    level: float = 0.95,
    mask: npt.ArrayLike | None = None,
) -> HeterogeneityInterval:
    """Return the exact interval of tau2: the values at which Q is not extreme for chi-square.

    Parameters
    ----------
    y, v : (..., k)
        Effects and sampling variances.
    level : float
        Coverage, between 0 and 1.
    mask : (..., k), optional
        True where a series is used.

    Raises
    ------
    ValueError
        If the level is not between 0 and 1, or a used effect or variance cannot be pooled.

    Notes
    -----
    **Source**: Viechtbauer 2007, Stat Med 26:37, doi 10.1002/sim.2514. **Checked against**
    metafor's ``confint`` (tests/reference/tau2_confint.csv).

    Examples
    --------
    >>> limits = q_profile([0.0, 1.0, 3.0], [0.1, 0.1, 0.1])
    >>> round(float(limits.tau2_low), 4), round(float(limits.tau2_high), 2)
    (0.5325, 92.06)
    """
    _check_level(level)
    model = Model(tables=as_tables(y, v, mask), design=None)
    several = model.freedom > 0
    freedom = np.where(several, model.freedom, 1.0)
    lower_target = np.asarray(chdtri(freedom, (1 - level) / 2), dtype=np.float64)
    upper_target = np.asarray(chdtri(freedom, (1 + level) / 2), dtype=np.float64)
    low = solve_generalised_q(model, lower_target)
    high = solve_generalised_q(model, upper_target)
    empty = generalised_q(model, np.zeros(len(low))) < upper_target
    status = np.where(empty, IntervalStatus.EMPTY, IntervalStatus.OK)
    return _with_shares(model, low, high, status)


def profile_likelihood(
    y: npt.ArrayLike,
    v: npt.ArrayLike,
    *,
    method: Likelihood = "reml",
    level: float = 0.95,
    mask: npt.ArrayLike | None = None,
) -> HeterogeneityInterval:
    """Return the interval of tau2 whose likelihood is not much below the highest.

    Parameters
    ----------
    y, v : (..., k)
        Effects and sampling variances.
    method : str
        ``reml`` or ``ml``: the likelihood to profile.
    level : float
        Coverage, between 0 and 1, by the chi-square distribution with one degree of freedom.
    mask : (..., k), optional
        True where a series is used.

    Raises
    ------
    ValueError
        If a word is unknown, the level is not between 0 and 1, or a used effect or variance cannot
        be pooled.

    Notes
    -----
    Where the likelihood has two peaks this is the part around the higher one. **Source**: Hardy &
    Thompson 1996, Stat Med 15:619. **Checked against** metafor's ``confint(type="PL")``
    (tests/reference/tau2_confint.csv).
    """
    _check_level(level)
    if method not in ("ml", "reml"):
        raise ValueError(f"unknown likelihood {method!r}; one of ml, reml")
    model = Model(tables=as_tables(y, v, mask), design=None)
    best = maximise(model, kind=method)
    floor = log_likelihood(model, best, kind=method) - chdtri(1.0, 1 - level) / 2

    several = np.flatnonzero(model.freedom > 0)
    part, peak, least = model.rows(several), best[several], floor[several]

    def family(chosen: Rows) -> Callable[[Floats], Floats]:
        some, level_of = part.rows(chosen), least[chosen]
        return lambda points: log_likelihood(some, points, kind=method) - level_of

    above = family(np.arange(len(several)))
    zero = np.zeros(len(several))
    low, high = np.zeros(len(best)), np.full(len(best), np.inf)
    low[several] = find_roots(family, zero, np.where(above(zero) < 0, peak, 0.0))
    inside, outside = peak, np.maximum(2 * peak, _least_variance(part))
    short = above(outside) >= 0
    while short.any():
        inside, outside = np.where(short, outside, inside), np.where(short, 2 * outside, outside)
        short = above(outside) >= 0
    high[several] = find_roots(family, inside, outside)
    return _with_shares(model, low, high, np.full(len(best), IntervalStatus.OK))


def _least_variance(model: Model) -> Floats:
    return np.asarray(model.tables.v.min(axis=1, initial=np.inf))


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level}")


def _with_shares(
    model: Model, low: Floats, high: Floats, status: npt.NDArray[np.int_]
) -> HeterogeneityInterval:
    """Return the limits with those of I2 and H2; a table without freedom gets 0 to infinity."""
    several = model.freedom > 0
    low, high = np.where(several, low, 0.0), np.where(several, high, np.inf)
    i2_low, h2_low = relative_to_sampling(model, low)
    i2_high, h2_high = relative_to_sampling(model, np.where(several, high, 0.0))
    limits = HeterogeneityInterval(
        tau2_low=low,
        tau2_high=high,
        i2_low=np.where(several, i2_low, 0.0),
        i2_high=np.where(several, i2_high, 1.0),
        h2_low=np.where(several, h2_low, 1.0),
        h2_high=np.where(several, h2_high, np.inf),
        status=np.where(several, status, IntervalStatus.NO_FREEDOM).astype(np.int8),
    )
    return reshaped(limits, model.tables.shape)
