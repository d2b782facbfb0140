"""Where a plotted number was read: the row of the data page that a dot of a figure leads to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from toolkit.audit.badges import BADGES
from toolkit.audit.run import Audit
from toolkit.book.content.answers import HEADLINE, Answers
from toolkit.figures.page.numerals import counts, years
from toolkit.html import ABSENT, literal
from toolkit.results.synthesis import FLAGS, Row
from toolkit.review.counts import Count, Percentage
from toolkit.review.review import Review
from toolkit.review.series import Series
from toolkit.review.words import GRADES

ON_A_CARD = ("Count", "As printed", "Place in the paper", "Read in", "Extracted by; checked by")
"""Columns of the data page that are told beside a dot too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """One plotted number as the data page tells it.

    Attributes
    ----------
    place : str
        Id of its row on the data page: outcome, series, sheet and line.
    name : str
        The series, as HTML.
    cells : mapping of str to str
        The other columns of that row by their headings, as HTML.
    note : str
        The note of its sheet, as HTML.
    """

    place: str
    name: str
    cells: Mapping[str, str]
    note: str


def place_of(outcome: str, row: Row) -> str:
    """Return the id of a number's row on the data page, under the outcome that was asked for."""
    if row.address is None:
        raise LookupError(f"{row.label} stands in no sheet")
    return f"{outcome}-{row.series}-{PurePosixPath(row.address.file).stem}-{row.address.line}"


def plotted(answers: Answers, outcome: str) -> Iterator[tuple[Row, tuple[str, ...]]]:
    """Yield every row that some plot of an outcome draws, and the sets that use its number."""
    found: dict[object, tuple[Row, list[str]]] = {}
    for each in answers.review.sets:
        answer = answers.pools.get((outcome, each.key, HEADLINE))
        if answer is not None:
            for row in answer.drawn_rows:
                found.setdefault(row.address, (row, []))[1].append(each.label)
    # A part of a series is drawn beside its other parts though no set holds it by itself.
    for (asked, _), split in answers.by.items():
        if asked == outcome:
            for row in split.drawn_rows:
                found.setdefault(row.address, (row, []))
    for row, sets in found.values():
        yield row, tuple(sets)


def provenance(review: Review, outcome: str, row: Row) -> Provenance:
    """Return what the data page tells of a number that is plotted under an outcome."""
    series = review.one_series(row.series)
    number = series.number(row.address)
    return Provenance(
        place=place_of(outcome, row),
        name=literal(series.label),
        cells={
            "Group": literal(series.group(number.group).label),
            "Recorded as": _as_outcome(review, number, outcome),
            "Count": number_in_words(row),
            "As printed": literal(number.as_printed) or ABSENT,
            "Place in the paper": literal(number.where),
            "Read in": _source(review, number),
            "Sheet": f"<code>{literal(number.address.file)}</code>, line {number.address.line}",
            "Extracted by; checked by": _people(series),
        },
        note=literal(number.note),
    )


def card(audit: Audit, outcome: str, row: Row, grade: str) -> str:
    """Return a number's provenance, flags and badge as the HTML that is shown beside its dot."""
    told = provenance(audit.review, outcome, row)
    badge = audit.badges.of_row(row, grade)
    differing = (
        "; ".join(map(literal, (each.what, *each.places)))
        for each in audit.review.differences
        if each.address == row.address and each.what != BADGES["differs"]
    )
    lines = [(heading, told.cells[heading]) for heading in ON_A_CARD]
    lines += [
        ("Flags", "; ".join(literal(FLAGS[flag]) for flag in row.flags)),
        ("Badge", f"{badge}: {literal(BADGES[badge])}"),
        ("What differs", "<br>".join(differing)),
    ]
    listed = "".join(f"<dt>{heading}</dt><dd>{cell}</dd>" for heading, cell in lines if cell)
    return (
        f"<p><strong>{told.name}</strong>, {told.cells['Group']}: {told.cells['Recorded as']}</p>"
        f"<dl>{listed}</dl>"
    )


def number_in_words(row: Row) -> str:
    """Return ``10/38``, or what is known of a percentage: ``n 38, 5 years``."""
    if row.counted:
        return f"{counts(row.events_low, row.events_high)}/{row.total}"
    return f"n {row.total}" + ("" if row.time_years is None else f", {years(row.time_years)}")


def _as_outcome(review: Review, number: Count | Percentage, asked: str) -> str:
    recorded = review.outcome(number.outcome)
    grade = f", {GRADES[number.grade]}" if number.grade else ""
    mark = "" if recorded.key == asked else " (nearest)"
    return f"{literal(recorded.short)}{grade}{mark}"


def _source(review: Review, number: Count | Percentage) -> str:
    """Return in which report a number was read."""
    if not number.secondary:
        return "own report"
    citation = next((each.citation for each in review.reports if each.key == number.source), "")
    return f'quoted by <span title="{literal(citation)}">{literal(number.source)}</span>'


def _people(series: Series) -> str:
    checked = literal(series.checked_by) or "nobody yet"
    return f"{literal(series.extracted_by)}; {checked}"
