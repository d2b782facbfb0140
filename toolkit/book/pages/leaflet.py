"""The two printed pages of a review: its own words and numbers, as the book's pages tell them."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from pathlib import Path

from toolkit import __version__
from toolkit.analysis.cache import remembered
from toolkit.book.content.answers import Answers
from toolkit.book.content.citations import searched
from toolkit.book.content.prose import (
    ESTIMANDS,
    answer_in_words,
    cautions,
    interval_name,
    moves_in_words,
    name,
    one_series,
    size,
)
from toolkit.book.pages.findings_table import certainties
from toolkit.book.pages.summary import citation, leading_outcome, recorded
from toolkit.figures.leaflet import Leaflet, LeafletNumber, leaflet_pages
from toolkit.figures.page.files import save_pages
from toolkit.html import ABSENT, without_silent_columns
from toolkit.results.synthesis import Synthesis
from toolkit.review.protocol import Outcome

LICENCE = (
    "The software that made these pages is free under the BSD 3-Clause licence. The numbers belong "
    "to the papers they were read in: cite those papers when you use them."
)

COLUMNS = (
    "Outcome",
    "Typical centre",
    "Average over centres",
    "A new centre",
    "Of its next patients",
    "From",
    "Certainty (GRADE)",
)
"""Headings of the table of outcomes."""
NOTHING_POOLED = ("Outcome", "What is known")
"""Its headings where no outcome is pooled: every line then has two cells."""

_MARKUP = re.compile(r"<[^>]*>|[*`]")
HOW_TO_READ = (
    "A square is a series, larger for more patients, and its line the interval of that series "
    "alone. The filled diamond is the leading answer; its width is the interval. The typical "
    "centre is the one in the middle of all centres."
)
"""What a reader should know who never saw such a plot."""
HOW_TO_READ_THE_BAND = (
    "The hatched band is wider than the diamond because centres differ: it is where the "
    "proportion of a centre like these, but not among them, is expected."
)
"""The same where a new centre is predicted."""

SILENT = {ABSENT, "not estimated"}
"""What a column may say throughout that leaves it out."""


def write_leaflet(path: Path, leaflet: Leaflet) -> None:
    """Write both pages as a PDF."""
    path.write_bytes(_printed(leaflet))


def leaflet_of(answers: Answers) -> Leaflet:
    """Return what both pages of a review say; every number is one of results.json."""
    review, first = answers.review, leading_outcome(answers)
    answer = None if first is None else answers.headline(first.key)
    columns, rows = _table(answers)
    missing = (review.status, recorded(answers))
    moved = "" if first is None else moves_in_words(answers, first)
    return Leaflet(
        title=review.title or review.key,
        question=review.question,
        edition=(
            f"Version {__version__} · {searched(review)} · data {review.fingerprint[:12]} · "
            "made by Series Toolkit"
        ),
        outcome="No series reports any outcome yet" if first is None else _plain(name(first)),
        size="" if first is None or answer is None else _size(answers, first),
        estimates=() if first is None else _estimates(answers, first),
        answer=answer,
        reading=() if first is None or answer is None else _reading(answers, first),
        columns=columns,
        rows=rows,
        sections=(
            ("What moves the answer most", (_plain(moved) or "Nothing else is pooled yet.",)),
            ("What is missing", tuple(_plain(told) for told in missing if told)),
            ("How to cite", (_plain(citation(answers)),)),
            ("Licence", (LICENCE,)),
        ),
    )


def _size(answers: Answers, outcome: Outcome) -> str:
    """Return from how many series and patients an answer comes, and how certain it was judged."""
    told = _plain(size(answers, answers.path(outcome.key)))
    judged = certainties(answers).get(outcome.key)
    return f"{told}; certainty (GRADE): {judged}" if judged else told


def _reading(answers: Answers, outcome: Outcome) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the answer in sentences, and how the plot is read."""
    words = (answer_in_words(answers, outcome), cautions(answers, outcome))
    told = (("In words", tuple(_plain(each) for each in words if each)),)
    answer = answers.headline(outcome.key)
    if answer is None or not answer.leading.defined:
        return told
    band = (HOW_TO_READ_THE_BAND,) if answer.prediction.defined else ()
    return (*told, ("How to read the figure", (HOW_TO_READ, *band)))


def _estimates(answers: Answers, outcome: Outcome) -> tuple[LeafletNumber, ...]:
    """Return the numbers of the leading answer, the leading estimand first."""
    answer, path = answers.headline(outcome.key), answers.path(outcome.key)
    if answer is None or not answer.leading.defined:
        return ()
    shown = answers.results.shown
    order = ("average", "typical") if answer.lead == "average" else ("typical", "average")
    found = [
        LeafletNumber(
            label=ESTIMANDS[each].capitalize(),
            value=shown(f"{path}.{each}.estimate"),
            detail=f"{interval_name(answer)} {_limits(answers, f'{path}.{each}')}",
        )
        for each in order
        if (answer.average if each == "average" else answer.typical).defined
    ]
    if answer.prediction.defined:
        told = ""
        if answer.next_patients is not None:
            told = f"of its next patients: {_next(answers, path)}"
        found.append(
            LeafletNumber(
                label="Expected in a new centre",
                value=_limits(answers, f"{path}.prediction"),
                detail=told,
            )
        )
    return tuple(found)


def _table(answers: Answers) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return the headings and lines of the outcomes, without columns that say nothing."""
    rows = tuple(_rows(answers))
    pooled = [row for row in rows if len(row) == len(COLUMNS)]
    if not pooled:
        return NOTHING_POOLED, rows
    heading, kept = without_silent_columns(COLUMNS, pooled, SILENT)
    left = iter(kept)
    return heading, tuple(next(left) if len(row) == len(COLUMNS) else row for row in rows)


def _not_pooled(answers: Answers, path: str, answer: Synthesis, judged: str) -> str:
    """Return the only series there is, and how certain its number was judged."""
    told = f"One series, not pooled. {_plain(one_series(answers, path, answer))}"
    return f"{told}; certainty (GRADE): {judged}" if judged else told


def _rows(answers: Answers) -> Iterator[tuple[str, ...]]:
    """Yield a line for each outcome; a line of two cells says why it is not pooled."""
    certainty = certainties(answers)
    for outcome in answers.outcomes:
        answer, broader = answers.headline(outcome.key), answers.broader(outcome.key)
        told, path = _plain(name(outcome)), answers.path(outcome.key)
        judged = certainty.get(outcome.key, "")
        if broader is not None:
            if answer is not None and answer.k == 1:
                yield told, _not_pooled(answers, path, answer, judged)
            wider = answers.review.analysis_set(broader).label
            answer, path = (
                answers.headline(outcome.key, broader),
                answers.path(outcome.key, broader),
            )
            told += f" (wider set: {wider})"
        if answer is None:
            yield told, "no series of the main set reports it"
        elif answer.k == 1:
            yield told, _not_pooled(answers, path, answer, "" if broader else judged)
        elif not answer.leading.defined:
            yield told, f"{_plain(size(answers, path))}: not pooled. {' '.join(answer.notes)}"
        else:
            predicted = answer.prediction.defined
            yield (
                told,
                _plain(answers.results.estimate(f"{path}.typical")),
                _plain(answers.results.estimate(f"{path}.average")),
                _limits(answers, f"{path}.prediction") if predicted else ABSENT,
                _next(answers, path) if answer.next_patients is not None else ABSENT,
                _plain(size(answers, path)),
                (judged or ABSENT) if broader is None else ABSENT,
            )


def _limits(answers: Answers, path: str) -> str:
    return f"{_plain(answers.results.limits(path))} %"


def _next(answers: Answers, path: str) -> str:
    """Return how many of the next patients are expected, as a range."""
    here, shown = f"{path}.next_patients", answers.results.shown
    return f"{shown(f'{here}.low')} to {shown(f'{here}.high')} of {shown(f'{here}.patients')}"


def _plain(told: str) -> str:
    """Return a sentence of a page as plain text."""
    return " ".join(html.unescape(_MARKUP.sub("", told)).split())


@remembered
def _printed(leaflet: Leaflet) -> bytes:
    """Return both pages as a PDF."""
    printed = io.BytesIO()
    save_pages(leaflet_pages(leaflet), printed, leaflet.title)
    return printed.getvalue()
