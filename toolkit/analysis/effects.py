"""Rows on the analysis scale of inverse variance: counts and percentages alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from toolkit.errors import ToolkitError
from toolkit.numerics import proportions as proportion_scales
from toolkit.numerics.normal import effects
from toolkit.numerics.normal.precision import approximate_variance
from toolkit.numerics.proportions import slope, to_scale
from toolkit.numerics.tables import Booleans, Floats
from toolkit.results.row import Row
from toolkit.review.method import Method


@dataclass(frozen=True, slots=True, kw_only=True)
class RowEffects:
    """Effects `y` with sampling variances `v`, both (k,), and what must be said of them.

    Attributes
    ----------
    usable : (k,)
        Which rows have an effect with a variance.
    notes : tuple of str
        Which rows are left out, and where standard errors of percentages come from.
    """

    y: Floats
    v: Floats
    usable: Booleans
    notes: tuple[str, ...]


def row_effects(rows: Sequence[Row], method: Method) -> RowEffects:
    """Return the effects of rows and their variances on the scale of a method.

    A count has its binomial variance. A percentage has the standard error that is printed, or that
    its interval was made of; where neither is printed it is approximated from the patients as the
    method says. By the delta method that variance is taken to the scale.

    Raises
    ------
    ToolkitError
        For a percentage on a scale that only counts have, and for percentages at different times
        among which no analysis set has chosen.
    """
    counted = np.array([row.counted for row in rows], dtype=bool)
    percentages = [row for row in rows if not row.counted]
    if percentages and method.scale == "double-arcsine":
        raise ToolkitError(
            "the double-arcsine scale needs counts, and the source gives only a percentage for: "
            f"{_listed(percentages)}. Choose another scale."
        )
    y, v = np.zeros(len(rows)), np.full(len(rows), np.inf)
    if counted.any():
        y[counted], v[counted] = _of_counts([row for row in rows if row.counted], method)
    if percentages:
        y[~counted], v[~counted] = _of_percentages(percentages, method)
    usable = np.isfinite(y) & np.isfinite(v) & (v > 0)
    left_out = [row for row, used in zip(rows, usable, strict=True) if not used]
    notes = []
    if left_out:
        notes.append(
            f"Left out, because a zero or full cell has no {method.scale} effect with a variance "
            f'under zero="{method.zero}": {_listed(left_out)}.'
        )
    return RowEffects(y=y, v=v, usable=usable, notes=(*notes, *_on_precision(percentages, method)))


def variance_of(row: Row, method: Method) -> tuple[float, float]:
    """Return the proportion that a percentage enters a pool with, and its variance.

    A percentage of 0 or 100 has no variance: under every zero rule but ``none`` half a patient
    with the event and half a one without it are added, as they are to a count.
    """
    estimate, patients = float(row.estimate or 0.0), row.total
    if estimate in (0.0, 1.0):
        if method.zero == "none":
            return estimate, 0.0
        estimate = (estimate * patients + 0.5) / (patients + 1)
        patients += 1
    elif row.standard_error is not None:
        return estimate, row.standard_error**2
    variance = approximate_variance(
        estimate,
        patients,
        at_risk=row.at_risk,
        censored=row.time_years is not None,
        approximation=method.approximation,
    )
    return estimate, variance


def _of_percentages(rows: Sequence[Row], method: Method) -> tuple[Floats, Floats]:
    """Return effects and variances of percentages."""
    scale = _proportion_scale(method)
    known = [variance_of(row, method) for row in rows]
    p = np.array([estimate for estimate, _ in known])
    variance = np.array([each for _, each in known])
    inside = (p > 0) & (p < 1)
    y, v = np.zeros(len(rows)), np.zeros(len(rows))
    y[inside] = to_scale(p[inside], scale=scale)
    v[inside] = variance[inside] * slope(p[inside], scale=scale) ** 2
    return y, v


def _of_counts(rows: Sequence[Row], method: Method) -> tuple[Floats, Floats]:
    """Return effects and variances of counts."""
    events = np.array([row.events_low for row in rows], dtype=float)
    total = np.array([row.total for row in rows], dtype=float)
    if method.scale != "complementary-log-log":
        found = effects.effects(events, total, scale=method.scale, zero=method.zero)
        return found.y, np.where(found.usable, found.v, 0.0)
    full = (events == 0) | (events == total)
    half = {
        "only-zero": 0.5 * full,
        "if-any": np.full(len(rows), 0.5 * full.any()),
        "all": np.full(len(rows), 0.5),
        "none": np.zeros(len(rows)),
    }[method.zero]
    n = total + 2 * half
    p = (events + half) / n
    inside = (p > 0) & (p < 1)
    y, v = np.zeros(len(rows)), np.zeros(len(rows))
    y[inside] = to_scale(p[inside], scale="complementary-log-log")
    v[inside] = (p * (1 - p) / n)[inside] * slope(p[inside], scale="complementary-log-log") ** 2
    return y, v


def _proportion_scale(method: Method) -> proportion_scales.Scale:
    """Return the scale of a method as one of those that a bare proportion can be put on."""
    for scale in proportion_scales.SCALES:
        if scale == method.scale:
            return scale
    raise ToolkitError(f"a percentage cannot be put on the {method.scale} scale.")


def back_to_proportion(value: npt.ArrayLike, method: Method, total: npt.ArrayLike) -> Floats:
    """Return the proportions in [0, 1] of values on a method's scale.

    `total` is the harmonic mean of the totals, which the double arcsine alone needs.
    """
    if method.scale == "complementary-log-log":
        return proportion_scales.from_scale(value, scale="complementary-log-log")
    return effects.back_transform(value, scale=method.scale, total=total)


def _on_precision(rows: Sequence[Row], method: Method) -> list[str]:
    """Return sentences on where the standard errors of percentages come from."""
    told = []
    for scale in dict.fromkeys(row.precision for row in rows):
        named = _listed([row for row in rows if row.precision == scale])
        if scale == "standard error":
            told.append(f"Standard error as printed: {named}.")
        elif scale != "approximate":
            told.append(f"Standard error from the printed interval ({scale}): {named}.")
    guessed = [row for row in rows if row.standard_error is None]
    if guessed:
        how = {
            "between": "halfway between its bounds",
            "optimistic": "as if no patient had been censored",
            "pessimistic": "by its upper bound",
        }[method.approximation]
        if all(row.time_years is None for row in guessed):
            how = "binomial over all patients"
        told.append(f"Printed without interval, variance approximated ({how}): {_listed(guessed)}.")
    full = [row for row in rows if row.estimate in (0.0, 1.0)]
    if full and method.zero != "none":
        told.append(
            "0 or 100% has no effect with a variance, so half a patient with the event and half a "
            f"one without are added: {_listed(full)}."
        )
    return told


def _listed(rows: Sequence[Row]) -> str:
    return ", ".join(row.label for row in rows)
