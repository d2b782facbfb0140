"""Intervals of both estimands beside a maximum-likelihood fit of the binomial-normal model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy.special import expit, ndtri, stdtrit

from toolkit.analysis.critical_files import CriticalFile
from toolkit.numerics.batches.calibrated import calibrated_intervals
from toolkit.numerics.binomial.average import average_interval, average_over_centres
from toolkit.numerics.binomial.average_profile import profile_interval_average
from toolkit.numerics.binomial.binomial_normal import BinomialNormalFit, FitStatus
from toolkit.numerics.binomial.profile_likelihood import profile_interval_mu
from toolkit.results.synthesis import Estimate
from toolkit.review.method import Method

Counts = npt.NDArray[np.int64]

NO_CRITICAL_VALUES = (
    "No critical values are stored for series of these sizes: the interval is the "
    "Bartlett-corrected one. `toolkit calibrate REVIEW --critical-values` counts and stores those "
    "of a review."
)
APPROXIMATE = (
    "The calibrated interval is approximate: its critical values are those of tables without open "
    "cells."
)


class Counted(Protocol):
    """A table of counts, and the file of critical values for its sizes where there is one."""

    low: Counts
    high: Counts
    total: Counts
    critical: CriticalFile | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LikelihoodIntervals:
    """Both estimands with their intervals, and what must be said of them."""

    typical: Estimate
    average: Estimate
    notes: tuple[str, ...] = ()


def likelihood_intervals(
    table: Counted, fit: BinomialNormalFit, method: Method
) -> LikelihoodIntervals:
    """Return both estimands of a fitted table with their intervals by the method's word."""
    mu, average = float(fit.mu), float(average_over_centres(fit.mu, fit.tau))
    data, notes = (table.low, table.high, table.total), ()
    calibrated = method.interval == "profile-calibrated"
    if calibrated and table.critical is not None:
        (low, high), (average_low, average_high) = calibrated_intervals(
            *data, table.critical.values
        ).tolist()
        notes = _approximate(table)
    elif method.interval in ("t", "wald"):
        quantile = _quantile(method, len(table.total))
        reach = quantile * float(fit.se_mu)
        low, high = expit(mu - reach), expit(mu + reach)
        _, average_low, average_high = average_interval(fit, quantile)
    else:
        corrected = calibrated or method.interval == "profile-bartlett"
        choice = {"level": method.level, "bartlett": corrected}
        low, high = expit(profile_interval_mu(fit, *data, **choice))
        average_low, average_high = expit(profile_interval_average(fit, *data, **choice))
        notes = (NO_CRITICAL_VALUES,) if calibrated else ()
    return LikelihoodIntervals(
        typical=Estimate(estimate=float(expit(mu)), low=float(low), high=float(high)),
        average=Estimate(estimate=average, low=float(average_low), high=float(average_high)),
        notes=notes,
    )


def limiting_intervals(
    table: Counted, status: FitStatus, method: Method
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


def _approximate(table: Counted) -> tuple[str, ...]:
    return () if (table.low == table.high).all() else (APPROXIMATE,)


def _quantile(method: Method, k: int) -> float:
    """Return the quantile by which a standard error is multiplied."""
    tail = (1 + method.level) / 2
    return float(ndtri(tail)) if method.interval == "wald" else float(stdtrit(k - 1, tail))
