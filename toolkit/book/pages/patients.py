"""The patients that papers describe one by one: drawn as dots and counted, never pooled here."""

from __future__ import annotations

from collections import Counter

from toolkit.book.content.answers import Answers
from toolkit.book.content.plots import Plots
from toolkit.figures.patients import Block
from toolkit.html import listed, literal, table
from toolkit.review.review import Review
from toolkit.review.series import Series
from toolkit.review.words import Word
from toolkit.sheets.schema.schema import VOCABULARIES

NO_OUTCOME = {"no_response": "No response", "not_assessed": "Not assessed"}
"""Words that a response may be where the review has no such outcome."""

FEATURES = "features"
"""Column of words as printed: too many to draw, so they are listed."""


def has_patients(review: Review) -> bool:
    """Whether a paper of the review describes its patients one by one."""
    return any(series.patients for series in review.series)


def patients_page(answers: Answers, plots: Plots, *, written: str = "") -> str:
    """Return the page as MyST; `written` are words by hand, put in below the heading."""
    review = answers.review
    blocks = [
        "# Patients\n",
        written,
        "What papers print of single patients, as description only: groups this small, chosen "
        "after the fact, carry no comparison. How a patient did says nothing about why.\n",
    ]
    for series in review.series:
        if series.patients:
            blocks.append(_section(review, plots, series))
    return "\n".join(block for block in blocks if block)


def _section(review: Review, plots: Plots, series: Series) -> str:
    """Return the patients of one series."""
    blocks = _blocks(review, series)
    title = f"{series.label}: every patient of its patient table"
    facets = [block for block in blocks if block.column not in ("response", "mrd")]
    return "\n".join(
        (
            f"## {literal(series.label)}\n",
            f"<p>{len(series.patients)} patients. {_in_words(series, blocks)}</p>\n",
            plots.figure(
                "patients",
                series.patients,
                tuple(blocks),
                title=title,
                name=f"patients-{series.key}",
            ),
            *(_crossed(series, blocks[0], facet) for facet in facets),
            _features(series, blocks[0]),
        )
    )


def _blocks(review: Review, series: Series) -> list[Block]:
    """Return what the paper tells of its patients: responses first, then the facets it gives."""
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


def _in_words(series: Series, blocks: list[Block]) -> str:
    """Return a sentence for each block: how many patients have each word."""
    told = []
    for block in blocks:
        found = Counter(patient.cell(block.column) for patient in series.patients)
        counted = [f"{literal(word.label)} {found[word.key]}" for word in block.words]
        if found[""]:
            counted.append(f"not stated {found['']}")
        told.append(f"{literal(block.label)}: {listed(counted)}.")
    return " ".join(told)


def _crossed(series: Series, response: Block, facet: Block) -> str:
    """Return the responses of the patients with each word of a facet."""
    rows = []
    for word in facet.words:
        here = [each for each in series.patients if each.cell(facet.column) == word.key]
        found = Counter(each.cell("response") for each in here)
        cells = [str(found[each.key]) for each in response.words]
        rows.append((literal(word.label), str(len(here)), *cells))
    heading = (literal(facet.label), "Patients", *(literal(each.label) for each in response.words))
    return table(
        heading,
        rows,
        caption=f"Responses by {literal(facet.label[0].lower())}"
        f"{literal(facet.label[1:])}: patients, not percentages.",
    )


def _features(series: Series, response: Block) -> str:
    """Return the features as printed with the patients that have them, folded."""
    labels = {word.key: word.label for word in response.words}
    found: dict[str, list[str]] = {}
    for patient in series.patients:
        if patient.cell(FEATURES):
            told = f"{patient.key}: {labels.get(patient.cell('response'), 'not stated')}"
            found.setdefault(patient.cell(FEATURES), []).append(told)
    if not found:
        return ""
    rows = [
        (literal(feature), str(len(patients)), literal("; ".join(patients)))
        for feature, patients in sorted(found.items(), key=lambda one: (-len(one[1]), one[0]))
    ]
    return (
        "<details><summary>Features as printed, with the patients who have them</summary>\n"
        + table(("Feature", "Patients", "Patient and response"), rows)
        + "</details>\n"
    )
