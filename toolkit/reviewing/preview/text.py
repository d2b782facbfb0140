"""A preview as lines of text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from toolkit.figures.page.numerals import percent
from toolkit.results.names import studies
from toolkit.results.synthesis import Synthesis
from toolkit.results.tables import counts_text, percent_text
from toolkit.reviewing.preview.preview import Change, Preview


def text(preview: Preview) -> str:
    """Return a preview as text: what is recorded, every answer, and what is to be looked at."""
    return "\n".join(
        [
            heading(preview),
            *(f"    {told}" for told in remarks(preview)),
            "",
            *_answers(preview),
            *_listed("New differences within the paper:", map(str, preview.differences)),
            *_listed("Series that may share patients:", map(str, preview.pairs)),
            *_listed("Numbers of this series that are in no answer:", map(str, preview.unused)),
            *_listed("Cells that show another number than they hold:", preview.readings),
            *_listed("Cells that would be recorded:", preview.cells),
        ]
    )


def heading(preview: Preview) -> str:
    """Return what would happen, in one sentence."""
    if not preview.cells:
        return f"{preview.series}: the record already says what {preview.workbook} says."
    verb = "be recorded" if preview.new else "change"
    return f"{preview.series} would {verb}. The review is left as it is."


def remarks(preview: Preview) -> Iterator[str]:
    """Yield what must be known before the numbers are read."""
    moved = sum(change.moved for change in preview.changes)
    yield f"{moved} of {len(preview.changes)} answers rest on other numbers afterwards."
    if preview.stale:
        yield f"The record has changed since {preview.workbook} was made."


def answer_words(answer: Synthesis) -> str:
    """Return the leading estimate of an answer in words, or why there is none."""
    if answer.k == 0:
        return "no study"
    size = studies(answer.k)
    if not answer.leading.defined:
        return f"{size}, not pooled"
    leading = answer.leading
    return f"{percent_text(leading.estimate, leading.low, leading.high)}, {size}"


def prediction_words(answer: Synthesis) -> str:
    """Return the prediction interval of an answer in words; empty where there is none."""
    low, high = answer.prediction.low, answer.prediction.high
    return "" if low is None or high is None else f"{percent(low)} to {percent(high)}%"


def place_words(change: Change) -> str:
    """Return where the series lies in the earlier prediction interval; empty where not known."""
    if change.place is None:
        return ""
    expected = f"the interval for a new study, {prediction_words(change.before)}"
    return f"{row_words(change)}: {change.place} {expected}"


def row_words(change: Change) -> str:
    """Return the series' own number; empty where it is not in the pool."""
    if change.row is None:
        return ""
    share = "" if change.row.estimate is None else f", {percent(change.row.estimate)}%"
    return f"{counts_text(change.row)}{share}"


def _answers(preview: Preview) -> Iterator[str]:
    """Yield the answers outcome by outcome; sets other than the primary only where they move."""
    for _, changes in groupby(preview.changes, lambda change: change.after.outcome):
        of_outcome = list(changes)
        yield of_outcome[0].after.outcome_label
        unmoved = 0
        for change in of_outcome:
            label, now = change.after.analysis_set_label, answer_words(change.after)
            if change.moved:
                yield f"    {label}: {answer_words(change.before)} -> {now}"
                if told := place_words(change):
                    yield f"        {told}"
                yield from _lost(change)
            elif change.after.analysis_set == preview.review.primary_set:
                yield f"    {label}: {now}, as before"
                yield from _lost(change)
            else:
                unmoved += 1
        if unmoved:
            yield f"    {unmoved} other {'set' if unmoved == 1 else 'sets'}: as before"


def _lost(change: Change) -> Iterator[str]:
    """Yield the patients who are in no pool because one group of their series is taken."""
    for each in change.after.left_out:
        if each.loses_patients:
            yield f"        left out: {each}"


def _listed(title: str, entries: Iterator[str] | tuple[str, ...]) -> Iterator[str]:
    """Yield a list with its title, nothing for an empty one."""
    for number, entry in enumerate(entries):
        if number == 0:
            yield from ("", title)
        yield from (f"    {line}" for line in entry.splitlines())
