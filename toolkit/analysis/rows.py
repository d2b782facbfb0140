"""A number as a row of a pool: its own proportion and interval, its flags, its provenance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scipy.special import ndtri

from toolkit.analysis.effects import variance_of
from toolkit.analysis.same_patients import Bounds, SamePatients
from toolkit.analysis.select import Selected
from toolkit.numerics.normal.precision import INTERVAL_SCALES, read_interval
from toolkit.numerics.proportions import Scale, clopper_pearson, from_scale, slope, to_scale
from toolkit.results.row import Bound, End, Row
from toolkit.review.counts import Count, Percentage
from toolkit.review.method import Method
from toolkit.review.protocol import Outcome
from toolkit.review.review import Review

DRAWN_ON: Scale = "complementary-log-log"
"""Scale of an interval that is computed because none is printed."""


def review_rows(
    review: Review, outcome: Outcome, chosen: Sequence[Selected], *, method: Method
) -> tuple[Row, ...]:
    """Return the chosen numbers as rows, in the same order, flags and provenance included."""
    return tuple(_review_row(review, outcome, selected, method) for selected in chosen)


def _review_row(review: Review, outcome: Outcome, selected: Selected, method: Method) -> Row:
    """Return one chosen number as a row."""
    number, series = selected.number, selected.series
    # A second reading is there because the first one differs, where that stands in another row.
    differs = number.status == "alternative" or any(
        (difference.address.file, difference.address.line)
        == (number.address.file, number.address.line)
        for difference in review.differences
    )
    row = (
        _count_row(number, method) if isinstance(number, Count) else percentage_row(number, method)
    )
    flags = {
        "secondary": number.secondary,
        "single": series.single_extracted,
        "nearest": number.outcome != outcome.key,
        "undecided": row.estimate is None,
        "differs": differs,
        "derived": number.basis == "derived",
        "drafted": number.basis == "drafted",
        "approximate": row.precision == "approximate",
        "other-time": not row.counted and row.time_years != outcome.time_years,
    }
    return replace(
        row,
        label=series.label,
        series=series.key,
        group=number.group,
        outcome=number.outcome,
        flags=tuple(flag for flag, holds in flags.items() if holds),
        year=series.year,
        where=number.where,
        source=number.source,
        as_printed=number.as_printed,
        address=number.address,
    )


def bounded_row(
    review: Review, outcome: Outcome, patients: SamePatients, known: Bounds, *, method: Method
) -> Row:
    """Return what the patients of one series say of an outcome: its count, or a range."""
    ends: tuple[tuple[End, int, Count | None], ...] = (
        ("low", known.low, known.low_from),
        ("high", known.high, known.high_from),
    )
    made = [
        (end, events, count)
        for end, events, count in ends
        if count is not None and count is not known.reported
    ]
    if known.reported is not None:
        selected = Selected(series=patients.series, group=patients.group, number=known.reported)
        row = _review_row(review, outcome, selected, method)
        flags = tuple(flag for flag in row.flags if flag != "nearest")
    else:
        low, high = series_interval(known.low, known.high, patients.total, method.level)
        holding = {
            "secondary": any(count.secondary for _, _, count in made),
            "single": patients.series.single_extracted,
            "bounded": True,
        }
        flags = tuple(flag for flag, holds in holding.items() if holds)
        row = Row(
            label=patients.series.label,
            series=patients.series.key,
            group=patients.group.key,
            outcome=outcome.key,
            events=None,
            events_low=known.low,
            events_high=known.high,
            total=patients.total,
            estimate=None,
            low=low,
            high=high,
            year=patients.series.year,
            where="; ".join(dict.fromkeys(count.where for _, _, count in made)),
            source="; ".join(dict.fromkeys(count.source for _, _, count in made)),
        )
    decided = known.low == known.high
    low, high = series_interval(known.low, known.high, patients.total, method.level)
    return replace(
        row,
        events=known.low if decided else None,
        events_low=known.low,
        events_high=known.high,
        estimate=known.low / patients.total if decided else None,
        low=low,
        high=high,
        flags=flags,
        bounds=_bounds(review, made, known),
    )


def _bounds(
    review: Review, made: Sequence[tuple[End, int, Count]], known: Bounds
) -> tuple[Bound, ...]:
    """Return what the ends of a range were made from."""
    counted = tuple(
        Bound(
            end=end,
            outcome=review.outcome(count.outcome).short,
            events=events,
            where=count.where,
            source=count.source,
            address=count.address,
        )
        for end, events, count in made
    )
    if known.rule is None:
        return counted
    limit = Bound(
        end="high",
        outcome="threshold of reporting",
        events=known.high,
        where=known.rule.where,
        source="primary",
        address=known.rule.address,
    )
    return (*counted, limit)


def _count_row(count: Count, method: Method) -> Row:
    """Return a count as a row, without its provenance."""
    low, high = series_interval(count.events_low, count.events_high, count.total, method.level)
    return Row(
        label=count.series,
        events=count.events_low if count.decided else None,
        events_low=count.events_low,
        events_high=count.events_high,
        total=count.total,
        estimate=count.events_low / count.total if count.decided else None,
        low=low,
        high=high,
    )


def percentage_row(percentage: Percentage, method: Method) -> Row:
    """Return a percentage as a row, without its provenance.

    Its limits are the printed ones where they are printed at the method's level; otherwise they
    are computed from its standard error on the complementary log-log scale.
    """
    error, precision = _standard_error(percentage)
    row = Row(
        label=percentage.series,
        events=None,
        events_low=None,
        events_high=None,
        total=percentage.patients,
        estimate=percentage.proportion,
        low=percentage.low or 0.0,
        high=1.0 if percentage.high is None else percentage.high,
        time_years=percentage.time_years,
        standard_error=error,
        precision=precision,
        at_risk=percentage.at_risk,
    )
    if percentage.low is not None and percentage.level == method.level:
        return row
    low, high = _limits(row, method)
    return replace(row, low=low, high=high)


def _standard_error(percentage: Percentage) -> tuple[float | None, str]:
    """Return the standard error of a percentage as it was printed, and where it comes from."""
    inside = 0 < percentage.proportion < 1
    if percentage.standard_error is not None and inside:
        return percentage.standard_error, "standard error"
    low, high = percentage.low, percentage.high
    if low is None or high is None or not inside:
        return None, "approximate"
    named = next((each for each in INTERVAL_SCALES if each == percentage.interval_scale), None)
    reading = read_interval(
        percentage.proportion,
        low,
        high,
        level=percentage.level,
        decimals=percentage.decimals,
        scale=named,
    )
    if named is not None:
        return reading.standard_error, f"{named}, as the paper says"
    if not reading.fits:
        return reading.standard_error, f"{reading.scale}, the nearest to the printed digits"
    fitting = " or ".join((reading.scale, *reading.others))
    return reading.standard_error, f"{fitting}, by fit to the printed digits"


def _limits(row: Row, method: Method) -> tuple[float, float]:
    """Return limits of a percentage from its standard error, by the method's level.

    0 and 100% have the exact limits of their effective sample, as counts without events have.
    """
    estimate, variance = variance_of(row, method)
    tail = (1 - method.level) / 2
    if row.estimate in (0.0, 1.0):
        effective = estimate * (1 - estimate) / variance if variance else float(row.total)
        limit = float(tail ** (1 / effective))
        return (limit, 1.0) if row.estimate else (0.0, 1 - limit)
    middle = float(to_scale(estimate, scale=DRAWN_ON))
    reach = float(ndtri(1 - tail)) * variance**0.5 * float(slope(estimate, scale=DRAWN_ON))
    return (
        float(from_scale(middle + reach, scale=DRAWN_ON)),
        float(from_scale(middle - reach, scale=DRAWN_ON)),
    )


def series_interval(low: int, high: int, total: int, level: float) -> tuple[float, float]:
    """Return Clopper-Pearson limits; an undecided cell reaches over all its readings."""
    lower, _ = clopper_pearson(low, total, level=level)
    _, upper = clopper_pearson(high, total, level=level)
    return float(lower), float(upper)
