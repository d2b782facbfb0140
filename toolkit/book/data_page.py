"""Data and provenance: the files of a review, and for every plotted number where it was read."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Iterable, Iterator, Sequence

from toolkit.book.answers import HEADLINE, Answers
from toolkit.book.prose import name
from toolkit.book.text import link, literal, table
from toolkit.figures.numerals import counts, years
from toolkit.observations import Count, Percentage
from toolkit.review import DENOMINATORS, GRADES, Review, Series
from toolkit.selection import Selected, select
from toolkit.synthesis import FLAGS, Row
from toolkit.tables import harmless

FILES = (
    ("results.json", "Every pooled answer: estimates, intervals, rows, method, notes."),
    ("estimates.csv", "The same as one tidy table, a line per series and per pooled estimate."),
    ("counts.csv", "Every number read from a paper, pooled or not, with its place."),
    ("series.bib", "The series and the other reports, for a reference manager."),
)
"""What can be downloaded, with what it holds."""

PERCENTAGES = ("percentages.csv", "Every percentage read from a paper without counts.")
"""The download that only a review with percentages has."""

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
    offered = (*FILES, PERCENTAGES) if has_percentages(review) else FILES
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


def plotted(answers: Answers, outcome: str) -> Iterator[tuple[Selected, Row, tuple[str, ...]]]:
    """Yield every count that some plot of an outcome draws, its row, and the sets that use it."""
    review = answers.review
    found: dict[object, tuple[Selected, Row, list[str]]] = {}
    for each in review.sets:
        answer = answers.pools.get((outcome, each.key, HEADLINE))
        if answer is None:
            continue
        chosen = select(review, review.outcome(outcome), each)
        for selected, row in zip(chosen, answer.rows, strict=True):
            found.setdefault(selected.number.address, (selected, row, []))[2].append(each.label)
    for selected, row, sets in found.values():
        yield selected, row, tuple(sets)


def _outcome(answers: Answers, key: str) -> str:
    """Return the provenance of one outcome's numbers."""
    review = answers.review
    outcome = review.outcome(key)
    rows = []
    for selected, row, sets in plotted(answers, key):
        series, count = selected.series, selected.number
        rows.append(
            (
                f'<span id="{literal(key)}-{literal(series.key)}-{count.address.line}">'
                f"{literal(series.label)}</span>",
                literal(selected.group.label),
                _as_outcome(review, count, key),
                number_in_words(row),
                literal(count.as_printed) or "–",
                literal(count.where),
                _source(review, count),
                f"<code>{literal(count.address.file)}</code>, line {count.address.line}",
                _people(series),
                literal(", ".join(row.flags)) or "–",
                literal(", ".join(sets)),
                literal(count.note) or "–",
            )
        )
    heading = (
        "Series",
        "Group",
        "Recorded as",
        "Count",
        "As printed",
        "Place in the paper",
        "Read in",
        "Sheet",
        "Extracted by; checked by",
        "Flags",
        "Sets",
        "Note",
    )
    return (
        f"<details><summary>{name(outcome)}: {len(rows)} "
        f"{'number' if len(rows) == 1 else 'numbers'}</summary>\n{table(heading, rows)}</details>\n"
    )


def number_in_words(row: Row) -> str:
    """Return ``10/38``, or what is known of a percentage: ``n 38, 5 years``."""
    if row.counted:
        return f"{counts(row.events_low, row.events_high)}/{row.total}"
    return f"n {row.total}" + ("" if row.time_years is None else f", {years(row.time_years)}")


def _as_outcome(review: Review, count: Count | Percentage, asked: str) -> str:
    recorded = review.outcome(count.outcome)
    grade = f", {GRADES[count.grade]}" if count.grade else ""
    mark = "" if recorded.key == asked else " (nearest)"
    return f"{literal(recorded.short)}{grade}{mark}"


def _source(review: Review, count: Count | Percentage) -> str:
    """Return in which report a count was read."""
    if not count.secondary:
        return "own report"
    citation = next((each.citation for each in review.reports if each.key == count.source), "")
    return f'quoted by <span title="{literal(citation)}">{literal(count.source)}</span>'


def _people(series: Series) -> str:
    checked = literal(series.field("checked_by")) or "nobody yet"
    return f"{literal(series.field('extracted_by'))}; {checked}"


def _differences(review: Review) -> str:
    """Return every place where a paper says two things, in neutral words."""
    if not review.differences:
        return "None has been found by the checks.\n"
    names = {series.key: series.label for series in review.series}
    rows = (
        (
            literal(names.get(each.series, each.series)),
            literal(each.what),
            literal("; ".join(each.places)) or "–",
            f"<code>{literal(each.address.file)}</code>, line {each.address.line}",
        )
        for each in review.differences
    )
    return table(("Series", "What differs", "Places", "Sheet"), rows)


def has_percentages(review: Review) -> bool:
    """Whether a series of the review gives a percentage without counts."""
    return any(series.percentages for series in review.series)


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
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow((*columns, "extracted_by", "checked_by", "file", "line"))
    for series, number in numbers:
        cells = [getattr(number, column) for column in columns]
        cells += [series.field("extracted_by"), series.field("checked_by")]
        cells += [number.address.file, number.address.line]
        writer.writerow([harmless(cell) for cell in cells])
    return target.getvalue()
