"""The patients that papers describe one by one: drawn as dots and counted, never pooled here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from toolkit.book.content.answers import Answers
from toolkit.book.content.plots import Drawing, Plots
from toolkit.book.content.templates import page
from toolkit.figures.patients import Block
from toolkit.review.review import Review
from toolkit.review.series import Series
from toolkit.review.words import Word
from toolkit.sheets.schema.vocabularies import VOCABULARIES

NO_OUTCOME = {"no_response": "No response", "not_assessed": "Not assessed"}
"""Words that a response may be where the review has no such outcome."""

FEATURES = "features"
"""Column of words as printed: too many to draw, so they are listed."""


def has_patients(review: Review) -> bool:
    """Whether a paper of the review describes its patients one by one."""
    return any(series.patients for series in review.series)


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """The patients of one series.

    Attributes
    ----------
    series, drawing
        Whose they are, and each of them as a column of dots.
    counted : tuple of (Block, Counter)
        How many patients have each word of a column; the empty word is not stated.
    response : Block
        The responses that occur.
    crossed : tuple of (Block, rows)
        By each facet: its words, their patients, and how many of these had each response.
    features : tuple of (feature, patients)
        Features as printed, the most frequent first, with key and response of who has them.
    """

    series: Series
    drawing: Drawing
    counted: tuple[tuple[Block, Mapping[str, int]], ...]
    response: Block
    crossed: tuple[tuple[Block, tuple[tuple[str, int, tuple[int, ...]], ...]], ...]
    features: tuple[tuple[str, list[tuple[str, str]]], ...]


def patients_page(answers: Answers, plots: Plots, *, written: str = "") -> str:
    """Return the page as MyST; `written` are words by hand, put in below the heading."""
    return page(
        "patients",
        written=Markup(written),
        sections=[
            _described(answers.review, plots, series)
            for series in answers.review.series
            if series.patients
        ],
    )


def _described(review: Review, plots: Plots, series: Series) -> Described:
    """Return the patients of one series."""
    blocks = _blocks(review, series)
    response = blocks[0]
    labels = {word.key: word.label for word in response.words}
    features: dict[str, list[tuple[str, str]]] = {}
    for patient in series.patients:
        if patient.cell(FEATURES):
            one = (patient.key, labels.get(patient.cell("response"), ""))
            features.setdefault(patient.cell(FEATURES), []).append(one)
    return Described(
        series=series,
        drawing=plots.figure(
            "patients",
            series.patients,
            tuple(blocks),
            title=f"{series.label}: every patient of its patient table",
            name=f"patients-{series.key}",
        ),
        counted=tuple(
            (block, Counter(patient.cell(block.column) for patient in series.patients))
            for block in blocks
        ),
        response=response,
        crossed=tuple(
            (block, tuple(_crossed(series, response, block)))
            for block in blocks
            if block.column not in ("response", "mrd")
        ),
        features=tuple(sorted(features.items(), key=lambda one: (-len(one[1]), one[0]))),
    )


def _crossed(
    series: Series, response: Block, facet: Block
) -> Iterator[tuple[str, int, tuple[int, ...]]]:
    """Yield the patients with each word of a facet: the word, how many, and their responses."""
    for word in facet.words:
        here = [each for each in series.patients if each.cell(facet.column) == word.key]
        found = Counter(each.cell("response") for each in here)
        yield word.label, len(here), tuple(found[each.key] for each in response.words)


def _blocks(review: Review, series: Series) -> list[Block]:
    """Return what the paper says of its patients: responses first, then the facets it gives."""
    outcomes = [Word(key=each.key, label=each.short) for each in review.outcomes]
    known = {each.key for each in outcomes}
    other = [Word(key=key, label=label) for key, label in NO_OUTCOME.items() if key not in known]
    residual = [
        Word(key=key, label=words.capitalize()) for key, words in VOCABULARIES["mrd"].items() if key
    ]
    found = [
        Block(column="response", label="Response", words=(*outcomes, *other)),
        Block(column="mrd", label="Residual disease", words=tuple(residual)),
    ]
    found += [Block(column=each.key, label=each.label, words=each.words) for each in review.facets]
    return [
        _occurring(block, series)
        for block in found
        if any(patient.cell(block.column) for patient in series.patients)
    ]


def _occurring(block: Block, series: Series) -> Block:
    """Return a block with the words that some patient has."""
    cells = {patient.cell(block.column) for patient in series.patients}
    words = tuple(word for word in block.words if word.key in cells)
    return Block(column=block.column, label=block.label, words=words)
