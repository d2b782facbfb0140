"""Data and provenance: the files of a review, and for every plotted number where it was read."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Iterable, Sequence

from markupsafe import Markup

from toolkit.audit.badges import BADGES
from toolkit.book.content.answers import Answers
from toolkit.book.content.provenance import plotted, provenance
from toolkit.book.content.spreadsheet import csv_text
from toolkit.book.content.templates import page
from toolkit.review.counts import Count, Percentage
from toolkit.review.review import Review
from toolkit.review.series import Series
from toolkit.review.words import DENOMINATORS
from toolkit.sheets.schema.schema import Kind, schema

COUNTS, PERCENTAGES = "counts.csv", "percentages.csv"
"""The downloads of what the sheets hold: a review has one of them or both."""

COUNT_COLUMNS = (
    "series",
    "group",
    "outcome",
    "grade",
    "window",
    "status",
    "events_low",
    "events_high",
    "total",
    "denominator",
    "as_printed",
    "basis",
    "source",
    "where",
    "note",
)


def data_page(answers: Answers, *, written: str = "") -> str:
    """Return the page as MyST; `written` are words by hand, put in below the heading."""
    review = answers.review
    return page(
        "data",
        review=review,
        written=Markup(written),
        files=("results.json", "estimates.csv", "series.bib", *files_of_numbers(review)),
        outcomes=[
            (
                outcome,
                [
                    (provenance(review, outcome.key, row), row.flags, sets)
                    for row, sets in plotted(answers, outcome.key)
                ],
            )
            for outcome in answers.outcomes
        ],
        # What a number shares with others stands once, with all its places, in the audit.
        differing=[each for each in review.differences if each.what != BADGES["differs"]],
        names={series.key: series.label for series in review.series},
        DENOMINATORS=DENOMINATORS,
    )


def columns_page() -> str:
    """Return the page of the columns of every sheet as MyST, from the schema that reads them."""
    sheets = schema({}, {})
    return page("columns", sheets=sheets, meaning=_meaning)


def _meaning(kind: Kind) -> str:
    return " ".join((inspect.getdoc(kind.model) or "").split())


def files_of_numbers(review: Review) -> tuple[str, ...]:
    """Return the downloads of what the sheets hold: of counts, of percentages, or of both."""
    counts = any(series.counts for series in review.series)
    percentages = any(series.percentages for series in review.series)
    held = {COUNTS: counts or not percentages, PERCENTAGES: percentages}
    return tuple(file for file in held if held[file])


def numbers_csv(review: Review) -> dict[str, str]:
    """Return the text of each of the `files_of_numbers` by its name."""
    written = {COUNTS: counts_csv, PERCENTAGES: percentages_csv}
    return {file: written[file](review) for file in files_of_numbers(review)}


def counts_csv(review: Review) -> str:
    """Return every count of a review as CSV with LF line ends, with the file and line it is from.

    Text that a spreadsheet would run as a formula is preceded by an apostrophe.
    """
    numbers = ((series, count) for series in review.series for count in series.counts)
    return _numbers_csv(COUNT_COLUMNS, numbers)


def percentages_csv(review: Review) -> str:
    """Return the same of every percentage; proportions and standard errors lie in [0, 1]."""
    columns = tuple(
        field.name for field in dataclasses.fields(Percentage) if field.name != "address"
    )
    numbers = ((series, each) for series in review.series for each in series.percentages)
    return _numbers_csv(columns, numbers)


def _numbers_csv(
    columns: Sequence[str], numbers: Iterable[tuple[Series, Count | Percentage]]
) -> str:
    rows = (
        (
            *(getattr(number, column) for column in columns),
            series.extracted_by,
            series.checked_by,
            number.address.file,
            number.address.line,
        )
        for series, number in numbers
    )
    return csv_text((*columns, "extracted_by", "checked_by", "file", "line"), rows)
