"""Intervals of both estimands beside a maximum-likelihood fit of the binomial-normal model."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import chdtri, expit, ndtri, stdtrit

from toolkit.analysis.critical_files import CriticalFile
from toolkit.numerics.batches.calibrated import calibrated_intervals
from toolkit.numerics.binomial.average import average_interval, average_over_centres
from toolkit.numerics.binomial.average_profile import profile_interval_average
from toolkit.numerics.binomial.binomial_normal import BinomialNormalFit, FitStatus
from toolkit.numerics.binomial.profile_likelihood import profile_interval_mu, profile_interval_tau
from toolkit.numerics.binomial.region_ends import AVERAGE, MU, TAU, Surveyed, region_ends
from toolkit.numerics.tables import Floats
from toolkit.results.synthesis import Estimate
from toolkit.review.method import Method

Counts = npt.NDArray[np.int64]

NO_CRITICAL_VALUES = (
    "No critical values are stored for studies of these sizes: the interval is the "
    "Bartlett-corrected one (`toolkit calibrate REVIEW --critical-values` makes them)."
)
APPROXIMATE = (
    "The calibrated interval is approximate: its critical values are those of tables without open "
    "cells."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedTable:
    """A table of counts, all (k,), and the critical values for its sizes where there are any."""

    low: Counts
    high: Counts
    total: Counts
    critical: CriticalFile | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LikelihoodIntervals:
    """Both estimands with their intervals, that of tau, and what must be said of them."""

    typical: Estimate
    average: Estimate
    tau: tuple[float, float] = (0.0, math.inf)
    notes: tuple[str, ...] = ()


def likelihood_intervals(
    table: CountedTable, fit: BinomialNormalFit, seen: Surveyed, method: Method
) -> LikelihoodIntervals:
    """Return both estimands of a fitted table with their intervals by the method's word.

    Parameters
    ----------
    table : CountedTable
    fit : BinomialNormalFit
    seen : Surveyed
        The fit with a first look at the same table, from which the ends of intervals are searched.
    method : Method
    """
    mu, average = float(fit.mu), float(average_over_centres(fit.mu, fit.tau))
    notes: tuple[str, ...] = ()
    calibrated = method.interval == "profile-calibrated"
    wanted: tuple[int, ...] = (TAU,)
    if calibrated and table.critical is not None:
        ends = calibrated_intervals(table.low, table.high, table.total, table.critical.values)
        notes = _approximate(table)
    elif method.interval in ("t", "wald"):
        quantile = _quantile(method, len(table.total))
        reach = quantile * float(fit.se_mu) * np.array([-1.0, 1.0])
        ends = np.stack([expit(mu + reach), np.array(average_interval(fit, quantile)[1:])])
    else:
        wanted = (TAU, MU, AVERAGE)
        notes = (NO_CRITICAL_VALUES,) if calibrated else ()
    corrected = calibrated or method.interval == "profile-bartlett"
    found = _profile_ends(table, fit, seen, wanted, method.level, corrected)
    if len(wanted) > 1:
        ends = expit(found[1:])
    (low, high), (average_low, average_high) = ends.tolist()
    return LikelihoodIntervals(
        typical=Estimate(estimate=float(expit(mu)), low=low, high=high),
        average=Estimate(estimate=average, low=average_low, high=average_high),
        tau=(float(found[0, 0]), float(found[0, 1])),
        notes=notes,
    )


def _profile_ends(
    table: CountedTable,
    fit: BinomialNormalFit,
    seen: Surveyed,
    wanted: tuple[int, ...],
    level: float,
    corrected: bool,
) -> Floats:
    """Return the ends of the wanted quantities, (wanted, 2): at once, or each by its own search."""
    found = region_ends(seen, wanted, float(chdtri(1, 1 - level)), bartlett=corrected)
    data = (table.low, table.high, table.total)
    for row, quantity in enumerate(wanted):
        if not np.isnan(found[row]).any():
            continue
        if quantity == TAU:
            found[row] = profile_interval_tau(fit, *data, level=level)
        elif quantity == MU:
            found[row] = profile_interval_mu(fit, *data, level=level, bartlett=corrected)
        else:
            found[row] = profile_interval_average(fit, *data, level=level, bartlett=corrected)
    return found


def limiting_intervals(
    table: CountedTable, status: FitStatus, method: Method
) -> LikelihoodIntervals | None:
    """Return the calibrated intervals of a table whose likelihood is largest at 0 or at 1.

    None where the method asks for another interval, where no critical values are stored, and where
    the likelihood has its largest value at neither.
    """
    ends = {FitStatus.ALL_ZERO: 0.0, FitStatus.ALL_FULL: 1.0}
    if method.interval != "profile-calibrated" or table.critical is None or status not in ends:
        return None
    typical, average = calibrated_intervals(
        table.low, table.high, table.total, table.critical.values
    ).tolist()
    return LikelihoodIntervals(
        typical=Estimate(estimate=ends[status], low=typical[0], high=typical[1]),
        average=Estimate(estimate=ends[status], low=average[0], high=average[1]),
        notes=_approximate(table),
    )


def _approximate(table: CountedTable) -> tuple[str, ...]:
    return () if (table.low == table.high).all() else (APPROXIMATE,)


def _quantile(method: Method, k: int) -> float:
    """Return the quantile by which a standard error is multiplied."""
    tail = (1 + method.level) / 2
    return float(ndtri(tail)) if method.interval == "wald" else float(stdtrit(k - 1, tail))
