"""What estimates.csv and comparators.csv hold, as statements: percentages with their intervals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from toolkit.audit.statements.statement import (
    Labels,
    Statement,
    in_words,
    printed_shares,
    time_in_years,
)
from toolkit.checks.rounding import parse
from toolkit.sheets.records import Line, SeriesSheets, Sheets
from toolkit.sheets.schema.review_rows import ComparatorRow
from toolkit.sheets.schema.series_rows import EstimateRow

_WORKED_OUT = {"derived", "author", "counted"}


def statements_of_estimates(series: SeriesSheets, labels: Labels) -> tuple[Statement, ...]:
    """Return the percentages of one series that are no counts, with their intervals."""
    whole = series.groups[0].row.key if series.groups else ""
    found: list[Statement] = []
    for line in series.estimates:
        row = line.row
        printed = row.status in {"", "alternative"} and row.percent is not None
        if not line.unread and printed and row.basis not in _WORKED_OUT:
            found.extend(_of_estimate(line, series.key, whole, labels))
    return tuple(found)


def _of_estimate(
    line: Line[EstimateRow], series: str, whole: str, labels: Labels
) -> Iterator[Statement]:
    """Yield the percentage of a row of estimates, and its interval."""
    row = line.row
    stated = Statement(
        paper=series if row.source == "primary" else row.source,
        study=series,
        of="" if row.group == whole else row.group,
        quantity=row.outcome,
        label=labels.get(row.outcome) or in_words(row.outcome),
        grade=row.grade,
        at="" if row.time_years is None else time_in_years(row.time_years),
        kind="estimate",
        numbers=(parse(line.cells["percent"]),),
        as_printed=row.as_printed,
        where=row.where,
        note=row.note,
        address=line.at(),
        sheet="estimates",
        alternative=row.status == "alternative",
    )
    yield stated
    yield from _interval(stated, line.cells["low_percent"], line.cells["high_percent"])


def statements_of_comparators(sheets: Sheets, labels: Labels) -> tuple[Statement, ...]:
    """Return what the sources of comparators print of them; each comparator is a group."""
    found: list[Statement] = []
    for line in sheets.comparators:
        if not line.unread:
            found.extend(_of_comparator(line, labels))
    return tuple(found)


def _of_comparator(line: Line[ComparatorRow], labels: Labels) -> Iterator[Statement]:
    """Yield the count or percentage of a comparator, and its interval."""
    row, events = line.row, line.row.events
    if events is None and row.percent is None:
        return
    stated = Statement(
        paper=row.source,
        study=row.source,
        of=row.key,
        quantity=row.outcome,
        label=labels.get(row.outcome) or in_words(row.outcome),
        grade=row.grade,
        kind="percentage" if events is None else "count",
        numbers=(parse(line.cells["percent"]),) if events is None else (),
        percentages=() if events is None else printed_shares(row.as_printed, row.total),
        events=range(0) if events is None else range(events, events + 1),
        total=row.total,
        as_printed=row.as_printed,
        where=row.where,
        note=row.note,
        address=line.at(),
        sheet="comparators",
    )
    yield stated
    yield from _interval(stated, line.cells["low_percent"], line.cells["high_percent"])


def _interval(stated: Statement, low: str, high: str) -> Iterator[Statement]:
    """Yield the interval printed with an estimate, where both limits are."""
    if low and high:
        limits = (parse(low), parse(high))
        yield replace(
            stated, kind="interval", numbers=limits, percentages=(), events=range(0), total=None
        )
