"""Data and provenance: the files of a review, and for every plotted number where it was read."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from toolkit.audit.badges import BADGES
from toolkit.book.content.answers import Answers
from toolkit.book.content.prose import name
from toolkit.book.content.provenance import plotted, provenance
from toolkit.book.content.spreadsheet import csv_text
from toolkit.html import ABSENT, link, literal, stacked, table
from toolkit.results.synthesis import FLAGS
from toolkit.review.counts import Count, Percentage
from toolkit.review.review import Review
from toolkit.review.series import Series
from toolkit.review.words import DENOMINATORS

FILES = (
    ("results.json", "Every pooled answer: estimates, intervals, rows, method, notes."),
    ("estimates.csv", "The same as one tidy table, a line per series and per pooled estimate."),
    ("series.bib", "The series and the other reports, for a reference manager."),
)
"""What can be downloaded, with what it holds."""

COUNTS = ("counts.csv", "Every count read from a paper, pooled or not, with its place.")
PERCENTAGES = ("percentages.csv", "Every percentage read from a paper without counts.")
"""The downloads of what the sheets hold: a review has one of them or both."""

PROVENANCE = (
    "Series, group, recorded as",
    "Count",
    "As printed, where, read in, note",
    "Sheet; extracted by; checked by; flags, sets",
)
"""Headings of the table that says where a number comes from."""

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
    offered = (*FILES, *files_of_numbers(review))
    files = "\n".join(f"- {link(file, file)}: {what}" for file, what in offered)
    blocks = [
        "# Data and provenance\n",
        written,
        "## Download\n",
        files + "\n",
        f"All were made from the same sheets; their fingerprint is "
        f"`{literal(review.fingerprint[:12])}`. Proportions in the files lie between 0 and 1. "
        "What each column of the sheets holds is told under {ref}`columns-of-the-sheets`.\n",
        "## Where every plotted number comes from\n",
        "Each number as its sheet holds it, with the cell as the paper prints it and its place in "
        "the paper. The file is in the review&#8217;s folder; the line is counted from the "
        "heading, which is line 1.\n",
        *(_outcome(answers, key) for key in (each.key for each in answers.outcomes)),
        "## Words used for totals and flags\n",
        table(("Total", "Whom it counts"), [(k, literal(v)) for k, v in DENOMINATORS.items()]),
        table(("Flag", "What it means"), [(k, literal(v)) for k, v in FLAGS.items()]),
        "## Where the papers differ from themselves\n",
        _differences(review),
    ]
    return "\n".join(block for block in blocks if block)


def _outcome(answers: Answers, key: str) -> str:
    """Return the provenance of one outcome's numbers."""
    review = answers.review
    outcome = review.outcome(key)
    rows = []
    for row, sets in plotted(answers, key):
        told = provenance(review, key, row)
        cells = told.cells
        rows.append(
            (
                stacked(
                    f'<span id="{literal(told.place)}">{told.name}</span>',
                    cells["Group"],
                    cells["Recorded as"],
                ),
                cells["Count"],
                stacked(
                    cells["As printed"], cells["Place in the paper"], cells["Read in"], told.note
                ),
                stacked(
                    cells["Sheet"],
                    cells["Extracted by; checked by"],
                    _told("Flags", row.flags),
                    _told("Sets", sets),
                ),
            )
        )
    size = f"{len(rows)} {'number' if len(rows) == 1 else 'numbers'}"
    summary = f"<summary>{name(outcome)}: {size}</summary>"
    return f"<details>{summary}\n{table(PROVENANCE, rows)}</details>\n"


def _told(what: str, words: Sequence[str]) -> str:
    """Return words of one kind as a line of a cell; empty without any."""
    return literal(f"{what}: {'; '.join(words)}") if words else ""


def _differences(review: Review) -> str:
    """Return every number that differs from itself, in neutral words, and where the rest is."""
    # What a number shares with others is told once, with all its places, by the audit.
    own = [each for each in review.differences if each.what != BADGES["differs"]]
    audit = f"{link('audit.html', 'The audit')} tells what differs between places of a paper.\n"
    if not own:
        return f"No number differs within its own cell. {audit}"
    names = {series.key: series.label for series in review.series}
    rows = (
        (
            literal(names.get(each.series, each.series)),
            literal(each.what),
            literal("; ".join(each.places)) or ABSENT,
            f"<code>{literal(each.address.file)}</code>, line {each.address.line}",
        )
        for each in own
    )
    return audit + "\n" + table(("Series", "What differs", "Places", "Sheet"), rows)


def files_of_numbers(review: Review) -> tuple[tuple[str, str], ...]:
    """Return the downloads of what the sheets hold: of counts, of percentages, or of both."""
    counts = any(series.counts for series in review.series)
    percentages = any(series.percentages for series in review.series)
    return tuple(
        file
        for file, held in ((COUNTS, counts or not percentages), (PERCENTAGES, percentages))
        if held
    )


def numbers_csv(review: Review) -> dict[str, str]:
    """Return the text of each of the `files_of_numbers` by its name."""
    written = {COUNTS: counts_csv, PERCENTAGES: percentages_csv}
    return {file[0]: written[file](review) for file in files_of_numbers(review)}


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
