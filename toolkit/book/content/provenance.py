"""Where a plotted number was read: the row of the data page that a dot of a figure leads to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from toolkit.audit.badges import BADGES
from toolkit.audit.run import Audit
from toolkit.book.content.answers import Answers
from toolkit.book.content.pools import HEADLINE
from toolkit.errors import Address
from toolkit.figures.page.numerals import counts, years
from toolkit.results.row import FLAGS, Row
from toolkit.review.counts import Count, Percentage
from toolkit.review.protocol import Outcome
from toolkit.review.review import Review
from toolkit.review.series import Series


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where one plotted number was read.

    Attributes
    ----------
    place : str
        Id of its row on the data page: outcome, series, sheet and line.
    series : Series
        Whose number it is.
    group : str
        The name of its group.
    recorded : Outcome
        The outcome under which the sheet holds it.
    nearest : bool
        Whether that is another one than was asked for.
    count : str
        The number itself, ``10/38``.
    number : Count or Percentage
        It, as its sheet holds it.
    citation : str
        The report that quotes it, where its own has not been read; empty where it was, and where
        that report is not listed.
    quoted_by : str
        The short name of that report, or the word that the sheet has for it.
    """

    place: str
    series: Series
    group: str
    recorded: Outcome
    nearest: bool
    count: str
    number: Count | Percentage
    citation: str
    quoted_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A mark of a figure that stands for a number of the sheets.

    Attributes
    ----------
    address : str
        Where it leads: the number's row on the data page.
    read : Provenance
        Where the number was read.
    flags : tuple of str
        What must be known of it, in words.
    badge : str
        A word of `toolkit.audit.badges.BADGES`.
    differing : tuple of (str, places)
        What differs from it within its own cell, and where.
    """

    address: str
    read: Provenance
    flags: tuple[str, ...]
    badge: str
    differing: tuple[tuple[str, tuple[str, ...]], ...]


def read_at(row: Row) -> Address | None:
    """Return where a row's number stands in the sheets; None where none was read for it.

    A range that other counts of the same patients leave has no line of its own: it leads to the
    first of those counts.
    """
    if row.address is not None:
        return row.address
    return next((bound.address for bound in row.bounds), None)


def place_of(outcome: str, row: Row) -> str:
    """Return the id of a number's row on the data page, under the outcome that was asked for."""
    address = read_at(row)
    if address is None:
        raise LookupError(f"{row.label} stands in no sheet")
    return f"{outcome}-{row.series}-{PurePosixPath(address.file).stem}-{address.line}"


def plotted(answers: Answers, outcome: str) -> Iterator[tuple[Row, tuple[str, ...]]]:
    """Yield every row that some plot of an outcome draws, and the sets that use its number."""
    found: dict[object, tuple[Row, list[str]]] = {}
    for each in answers.review.sets:
        answer = answers.pools.get((outcome, each.key, HEADLINE))
        if answer is not None:
            for row in answer.drawn_rows:
                found.setdefault(read_at(row), (row, []))[1].append(each.label)
    # A part of a series is drawn beside its other parts though no set holds it by itself.
    for (asked, _), split in answers.by.items():
        if asked == outcome:
            for row in split.drawn_rows:
                found.setdefault(read_at(row), (row, []))
    for at, (row, sets) in found.items():
        if at is not None:
            yield row, tuple(sets)


def provenance(review: Review, outcome: str, row: Row) -> Provenance:
    """Return where a number was read that is plotted under an outcome."""
    series = review.one_series(row.series)
    number = series.number(read_at(row))
    recorded = review.outcome(number.outcome)
    report = next((each for each in review.reports if each.key == number.source), None)
    return Provenance(
        place=place_of(outcome, row),
        series=series,
        group=series.group(number.group).label,
        recorded=recorded,
        nearest=recorded.key != outcome,
        count=number_in_words(row),
        number=number,
        citation="" if report is None else report.citation,
        quoted_by=number.source if report is None else report.short,
    )


def dot(audit: Audit, outcome: str, row: Row, grade: str, address: str) -> Dot:
    """Return the dot of a number, that leads to its row on the page at an address."""
    read = provenance(audit.review, outcome, row)
    return Dot(
        address=f"{address}#{read.place}",
        read=read,
        flags=tuple(FLAGS[flag] for flag in row.flags),
        badge=audit.badges.of_row(row, grade),
        differing=tuple(
            (each.what, tuple(each.places))
            for each in audit.review.differences
            if each.address == row.address and each.what != BADGES["differs"]
        ),
    )


def number_in_words(row: Row) -> str:
    """Return ``10/38``, or what is known of a percentage: ``n 38, 5 years``."""
    if row.counted:
        return f"{counts(row.events_low, row.events_high)}/{row.total}"
    return f"n {row.total}" + ("" if row.time_years is None else f", {years(row.time_years)}")
