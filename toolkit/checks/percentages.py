"""Rules about the printed cell: its percentage fits, and its digits are those extracted."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks.finding import (
    CheckResult,
    Contradiction,
    about,
    contradiction,
    listed,
    possible,
)
from toolkit.checks.printed import printed_numbers, printed_percentages
from toolkit.checks.rounding import Printed, fits_some, rounding_to, share
from toolkit.errors import Problem
from toolkit.sheets.records import Line, SeriesSheets, Sheets
from toolkit.sheets.schema.cells import Span
from toolkit.sheets.schema.series_rows import CountRow

_NOT_ALWAYS_PRINTED = {"counted", "author", "derived"}


def printed_percentage(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that a printed percentage is events/total, rounded half up, half to even, or cut.

    Where it fits under none of these, somebody is wrong, and the sheet says who:

    * ``derived`` counts rest on the percentage alone, so one that does not round to it is a
      problem, whatever the note says; so is one where several whole numbers round to it and the
      cell names a single one of them.
    * Otherwise the mismatch is a difference in the paper if the cell carries both readings (the
      digits of events stand in as_printed, or the number was counted from patient rows or told
      by the authors) and the row's note names the printed percentage.
    * Without such a note it is a problem that asks to look again: it may be a typing mistake.
    """
    for series in sheets.series:
        for line in series.counts:
            row = line.row
            events, total = row.events, row.total
            if events is None or total is None or not possible(row):
                continue
            if row.status not in {"", "alternative"}:
                continue
            for printed in printed_percentages(row.as_printed, total):
                if not fits_some(_numbers(events), total, printed):
                    yield _mismatch(sheets, series, line, events, total, printed)
                elif row.basis == "derived":
                    yield from _undecided(sheets, line, events, total, printed)


def _numbers(events: Span) -> range:
    """Return every admissible number of events."""
    return range(events.low, events.high + 1)


def _mismatch(
    sheets: Sheets,
    series: SeriesSheets,
    line: Line[CountRow],
    events: Span,
    total: int,
    printed: Printed,
) -> CheckResult:
    """Return what is said of a percentage that is not events/total."""
    row = line.row
    shares = share(events.low, total)
    if events.high != events.low:
        shares += f" to {share(events.high, total)}"
    meaning = f"{_numbers_for(printed, total)}."
    what = f'as_printed is "{row.as_printed}", but {events} of {total} is {shares}.'
    if row.basis == "derived":
        return Problem(
            address=line.at("events"),
            check="C02",
            context=about(sheets, row),
            what=what,
            meaning=meaning,
            remedy="A derived count must round to the percentage it is derived from.",
        )
    both = bool(printed_numbers(row.as_printed) & set(_numbers(events)))
    if not both and row.basis in {"reported", "drafted"}:
        return Problem(
            address=line.at("events", "as_printed"),
            check="C02",
            context=about(sheets, row),
            what=what,
            meaning=meaning,
            remedy=f"Look at {row.where or 'the paper'} again, and write in as_printed what is "
            "printed there for the number of patients too.",
        )
    return contradiction(
        "C02",
        sheets,
        series,
        [line],
        Contradiction(
            what=what,
            meaning=meaning,
            look=f"Look at {row.where or 'the paper'} again.",
            neutral=f'"{row.as_printed}" differs from {events}/{total}, which is {shares}; '
            f"{meaning[:1].lower()}{meaning[1:]}",
            numbers=(str(printed),),
            columns=("events", "as_printed"),
        ),
    )


def _numbers_for(printed: Printed, total: int) -> str:
    """Return which numbers of patients a percentage stands for."""
    fitting = rounding_to(printed, total)
    if not fitting:
        return f"No whole number of {total} patients rounds to {printed} %"
    return f"{printed} % of {total} is {listed(fitting).replace(' and ', ' or ')}"


def _undecided(
    sheets: Sheets, line: Line[CountRow], events: Span, total: int, printed: Printed
) -> Iterator[Problem]:
    """Yield a derived count that names one of several numbers its percentage stands for."""
    fitting = rounding_to(printed, total)
    both = printed_numbers(line.row.as_printed) & set(_numbers(events))
    if both or set(fitting) <= set(_numbers(events)):
        return
    yield Problem(
        address=line.at("events"),
        check="C02",
        context=about(sheets, line.row),
        what=f"events is {events}, derived from {printed} % of {total}.",
        meaning=f"{listed(fitting)} all round to {printed} %.",
        remedy=f"Write {Span(fitting[0], fitting[-1])}, and say in note if something else decides.",
    )


def printed_digits(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that the digits of events, or of their percentage, stand in as_printed.

    Digits in English words ("six of eight", "none") count. A number that was derived from several
    places, counted from patient rows or told by the authors need not be printed anywhere.
    """
    for series in sheets.series:
        for line in series.counts:
            row = line.row
            if row.events is None or row.status not in {"", "alternative"}:
                continue
            if "as_printed" in line.unread:
                continue
            if not row.as_printed:
                if row.basis not in _NOT_ALWAYS_PRINTED:
                    yield Problem(
                        address=line.at("as_printed"),
                        check="C15",
                        context=about(sheets, row),
                        what="as_printed is empty, but basis is reported.",
                        meaning="Nobody can compare the number with the paper.",
                        remedy="Copy the cell as the paper prints it.",
                    )
            elif not (
                printed_percentages(row.as_printed, row.total)
                or printed_numbers(row.as_printed) & set(_numbers(row.events))
                or row.basis in _NOT_ALWAYS_PRINTED
            ):
                yield Problem(
                    address=line.at("events", "as_printed"),
                    check="C15",
                    context=about(sheets, row),
                    what=f'events is {row.events}, but as_printed is "{row.as_printed}".',
                    meaning="The digits of events do not stand in the printed cell.",
                    remedy=f"Look at {row.where or 'the paper'} again; {row.events} may be typed "
                    "wrongly, or worked out, which basis and note should then say.",
                )
