"""Rules about medians of times: what stands beside them, their digits, their patients, places."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from toolkit.checks.finding import CheckResult, Mistake, names
from toolkit.checks.single_rows import misplaced
from toolkit.errors import Difference, Problem
from toolkit.sheets.records import Line, SeriesSheets, Sheets
from toolkit.sheets.schema.median_row import MedianRow

_TIMES = ("median", "low", "high")


def medians(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that a median lies within its limits, as printed, in patients there are."""
    for series in sheets.series:
        for line in series.medians:
            if line.unread:
                continue
            found = (*_filled_in(line), *_order(line), *_digits(line), *_size(series, line))
            for check, told in found:
                yield _problem(sheets, line, check, told)
            for told in misplaced(line.row.where, line.row.source, series):
                yield _problem(sheets, line, "C16", told)
            yield from _other_readings(series, line)


def _problem(sheets: Sheets, line: Line[MedianRow], check: str, told: Mistake) -> Problem:
    columns, what, meaning, remedy = told
    outcome = sheets.protocol.outcomes.get(line.row.outcome)
    label = outcome.label if outcome else line.row.outcome
    return Problem(
        address=line.at(*columns),
        check=check,
        context=f"group {line.row.group}, {label}",
        what=what,
        meaning=meaning,
        remedy=remedy,
    )


def _filled_in(line: Line[MedianRow]) -> Iterator[tuple[str, Mistake]]:
    """Yield what is missing from a row, or stands in one that reports nothing."""
    row = line.row
    given = [name for name in _TIMES if getattr(row, name) is not None]
    if row.status == "not_reported":
        if given:
            what = f"status is not_reported, but {given[0]} is {getattr(row, given[0]):g}."
            yield "C01", ((given[0],), what, "", "Empty the cell, or empty status.")
        return
    if not given:
        what = "median, low and high are empty."
        yield "C01", (("median",), what, "", "Fill in what is printed, or write not_reported.")
    if (row.low is not None or row.high is not None) and not row.spread:
        what = "low and high are filled in, but spread is empty."
        meaning = "Nobody can know whether they are an interval or a range."
        remedy = "Write interval, range or iqr; not_said where the paper does not say."
        yield "", (("spread",), what, meaning, remedy)
    if row.status == "alternative" and not row.note:
        remedy = "Write both readings in note."
        yield "", (("note",), "note is empty, but status is alternative.", "", remedy)


def _order(line: Line[MedianRow]) -> Iterator[tuple[str, Mistake]]:
    """Yield times that do not rise from the lower end to the upper one."""
    times = [
        (name, value)
        for name in ("low", "median", "high")
        if (value := getattr(line.row, name)) is not None
    ]
    for (first, lower), (second, upper) in pairwise(times):
        if lower > upper:
            what = f"{first} is {lower:g}, but {second} is {upper:g}."
            remedy = f"Look at {line.row.where} again: the two may be swapped."
            yield "C10", ((first, second), what, "The times do not rise.", remedy)


def _digits(line: Line[MedianRow]) -> Iterator[tuple[str, Mistake]]:
    """Yield times whose digits do not stand in the printed cell."""
    row = line.row
    if row.status == "not_reported":
        return
    if not row.as_printed:
        what = "as_printed is empty."
        remedy = "Copy the cell as the paper prints it."
        yield "C15", (("as_printed",), what, "Nobody can compare it with the paper.", remedy)
        return
    for name in _TIMES:
        written = line.cells[name]
        if written and not names(row.as_printed.replace("\u00b7", "."), [written]):
            what = f'{name} is {written}, but as_printed is "{row.as_printed}".'
            meaning = "The digits do not stand in the printed cell."
            yield "C15", ((name, "as_printed"), what, meaning, f"Look at {row.where} again.")


def _size(series: SeriesSheets, line: Line[MedianRow]) -> Iterator[tuple[str, Mistake]]:
    """Yield more patients than the group has."""
    row = line.row
    sizes = {group.row.key: group.row.patients for group in series.groups}
    held = sizes.get(row.group)
    if row.patients is not None and held is not None and row.patients > held:
        what = f"patients is {row.patients}, but group {row.group} has {held}."
        yield "C14", (("patients",), what, "", f"Look at {row.where} again.")


def _other_readings(series: SeriesSheets, line: Line[MedianRow]) -> Iterator[Difference]:
    """Record as a difference every median of which the sheet holds another reading.

    Where the statements of the paper hold both, the audit tells it from there.
    """
    row = line.row
    if row.status:
        return
    stated = {each.row.value for each in series.statements if each.row.kind == "median"}
    for other in series.medians:
        same = (other.row.group, other.row.outcome) == (row.group, row.outcome)
        told = {line.cells["median"], other.cells["median"]} <= stated
        if same and other.row.status == "alternative" and not other.unread and not told:
            yield Difference(
                address=line.at(),
                check="C07",
                series=series.key,
                outcome=row.outcome,
                what=f"A median of {row.median:g} {row.unit} differs from "
                f"{other.row.median:g} {other.row.unit}."
                if row.median is not None and other.row.median is not None
                else "Two printed medians differ.",
                places=(f"{row.source}: {row.where}", f"{other.row.source}: {other.row.where}"),
            )
