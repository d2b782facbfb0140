"""The two printed pages of a review: its own words and numbers, as the book's pages print them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from toolkit.analysis.cache import remembered
from toolkit.book.content.answers import Answer, Answers
from toolkit.book.content.citations import cited_people
from toolkit.book.content.templates import sentences
from toolkit.book.pages.summary import certainties, harms, leading_outcome, reported
from toolkit.figures.forest.plot import in_order
from toolkit.figures.leaflet import Leaflet, LeafletNumber, leaflet_pages
from toolkit.figures.page.files import save_pages
from toolkit.html import ABSENT, without_silent_columns
from toolkit.review.protocol import Outcome

SILENT = {ABSENT, "not estimated"}
"""What a column may say throughout that leaves it out."""


def write_leaflet(path: Path, leaflet: Leaflet) -> None:
    """Write both pages as a PDF."""
    path.write_bytes(_printed(leaflet))


def leaflet_of(answers: Answers) -> Leaflet:
    """Return what both pages of a review say; every number is one of results.json."""
    words, leaflet = sentences(plain=True), sentences("leaflet", plain=True)
    review, first = answers.review, leading_outcome(answers)
    answer = None if first is None else answers.answer(first.key)
    columns, rows = _table(answers)
    missing = (review.status, words.recorded(answers.results.top["series"]))
    moved = "" if first is None else words.moves_in_words(answers.moves(first.key))
    parts = {
        "moves": (_line(moved) or leaflet.nothing_else(),),
        "missing": tuple(_line(each) for each in missing if each),
        "citation": (_line(words.citation(review, cited_people(review))),),
        "licence": (leaflet.licence(),),
    }
    return Leaflet(
        title=review.title or review.key,
        question=review.question,
        edition=leaflet.edition(review),
        outcome=leaflet.nothing() if first is None else _line(words.name(first)),
        size="" if answer is None else _size(answers, answer),
        estimates=() if answer is None else _estimates(answer),
        answer=None if answer is None else in_order(answer.pool, "year"),
        reading=() if answer is None else _reading(answers, answer),
        columns=columns,
        rows=rows,
        sections=tuple((leaflet.heading_of(part), told) for part, told in parts.items()),
    )


def _size(answers: Answers, answer: Answer) -> str:
    """Return from how many series and patients an answer comes, and how certain it was judged."""
    judged = certainties(answers).get(answer.outcome.key)
    size = sentences(plain=True).size(answer.at)
    return _line(sentences("leaflet", plain=True).certain(size, judged))


def _reading(answers: Answers, answer: Answer) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the answer in sentences, with harm and what followed, and how the plot is read."""
    words, leaflet = sentences(plain=True), sentences("leaflet", plain=True)
    known = (
        words.answer_in_words(answer),
        words.harms_in_words("Severe harm", harms(answers)),
        words.harms_in_words("Survival and transplant", reported(answers, "course")),
        words.cautions(answer),
    )
    parts = [("words", tuple(_line(each) for each in known if each.strip()))]
    if answer.pooled:
        band = (leaflet.how_to_read_the_band(),) if answer.pool.prediction.defined else ()
        parts.append(("reading", (leaflet.how_to_read(), *band)))
    return tuple((leaflet.heading_of(part), read) for part, read in parts)


def _estimates(answer: Answer) -> tuple[LeafletNumber, ...]:
    """Return the numbers of the leading answer, the leading estimand first."""
    if not answer.pooled:
        return ()
    leaflet, pool = sentences("leaflet", plain=True), answer.pool
    order = ("average", "typical") if pool.lead == "average" else ("typical", "average")
    found = [
        LeafletNumber(
            label=leaflet.estimand(each),
            value=str(answer.at[each]["estimate"]),
            detail=leaflet.interval(answer, each),
        )
        for each in order
        if answer.at[each]["estimate"].value is not None
    ]
    if pool.prediction.defined:
        found.append(
            LeafletNumber(
                label=leaflet.prediction(pool.method.level),
                value=leaflet.percents(answer.at["prediction"]),
                detail="" if pool.next_patients is None else leaflet.of_next(answer),
            )
        )
    return tuple(found)


def _table(answers: Answers) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return the headings and lines of the outcomes, without columns that say nothing."""
    leaflet = sentences("leaflet", plain=True)
    rows = tuple(_rows(answers))
    pooled = [row for row in rows if len(row) == len(leaflet.COLUMNS)]
    if not pooled:
        return leaflet.NOTHING_POOLED, rows
    heading, kept = without_silent_columns(leaflet.COLUMNS, pooled, SILENT)
    left = iter(kept)
    return heading, tuple(next(left) if len(row) == len(leaflet.COLUMNS) else row for row in rows)


def _rows(answers: Answers) -> Iterator[tuple[str, ...]]:
    """Yield a line for each outcome; a line of two cells says why it is not pooled."""
    certainty = certainties(answers)
    for outcome in answers.outcomes:
        for cells in _lines(answers, outcome, certainty.get(outcome.key, "")):
            yield tuple(map(_line, cells))


def _lines(answers: Answers, outcome: Outcome, judged: str) -> Iterator[tuple[str, ...]]:
    """Yield the lines of one outcome: of the primary set, and of a wider one where that pools."""
    words, leaflet = sentences(plain=True), sentences("leaflet", plain=True)
    name = words.name(outcome)
    answer, wider = answers.answer(outcome.key), answers.wider(outcome.key)
    if answer is not None and answer.pool.k == 1:
        yield name, leaflet.single(answer, judged)
        answer = None
    elif answer is None and wider is None:
        yield name, leaflet.unreported()
    shown = wider or answer
    if shown is None:
        return
    if wider is not None:
        name = leaflet.in_wider_set(name, wider)
    if not shown.pooled:
        yield name, leaflet.unpooled(shown)
        return
    pool, at = shown.pool, shown.at
    yield (
        name,
        words.estimate(at["average"]),
        words.estimate(at["typical"]),
        leaflet.percents(at["prediction"]) if pool.prediction.defined else ABSENT,
        leaflet.next_of(shown) if pool.next_patients is not None else ABSENT,
        words.size(at),
        judged if judged and wider is None else ABSENT,
    )


def _line(words: str) -> str:
    """Return words with plain spaces between them."""
    return " ".join(words.split())


@remembered
def _printed(leaflet: Leaflet) -> bytes:
    """Return both pages as a PDF."""
    printed = io.BytesIO()
    save_pages(leaflet_pages(leaflet), printed, leaflet.title)
    return printed.getvalue()
