"""In what the studies of a pool differ, from their groups and what they report."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.results.row import Row
from toolkit.results.synthesis import Synthesis
from toolkit.review.review import Review
from toolkit.review.series import Series

LONGEST = 60
"""Characters of a declared field beyond which it stands in its table alone."""

NOT_FOR_ALL = ("definition", "criteria", "exposure")
"""Declared fields whose key ends in one of these have a table of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyDifference:
    """A property in which the studies of a pool are not known to be alike.

    Attributes
    ----------
    label : str
        The property.
    levels : tuple of (words, names of studies)
        What holds in which studies.
    silent : tuple of str
        Names of the studies of which nothing is known.
    """

    label: str
    levels: tuple[tuple[str, tuple[str, ...]], ...]
    silent: tuple[str, ...]


def study_differences(review: Review, answer: Synthesis) -> tuple[StudyDifference, ...]:
    """Return in what the studies of an answer differ: facets, declared fields, what was counted.

    A property that all share, or of which none says anything, is left out.
    """
    rows = [(review.one_series(row.series), row) for row in answer.rows]
    facets = {facet.key for facet in review.facets}
    told = [
        (facet.label, [facet.label_of(word) if word else "" for word in _words(rows, facet.key)])
        for facet in review.facets
    ]
    told += [
        (field.label, [series.field(field.key) for series, _ in rows])
        for field in review.series_fields
        if field.key not in facets
        and not field.key.endswith(NOT_FOR_ALL)
        and max(len(series.field(field.key)) for series, _ in rows) <= LONGEST
    ]
    told.append(("What was counted", [_counted(review, row) for _, row in rows]))
    names = [series.label for series, _ in rows]
    return tuple(
        difference
        for label, words in told
        if (difference := _difference(label, words, names)) is not None
    )


def _words(rows: list[tuple[Series, Row]], facet: str) -> list[str]:
    """Return the word of a facet for the group of each row."""
    return [
        next((group.facet(facet) for group in series.groups if group.key == row.group), "")
        for series, row in rows
    ]


def _counted(review: Review, row: Row) -> str:
    """Return what a row counts: an outcome, or those that leave a range of it."""
    if row.bounds:
        bounds = dict.fromkeys(each.outcome for each in row.bounds)
        return f"{' and '.join(bounds)}, which leave a range"
    known = {each.key: each.short for each in review.outcomes}
    return known.get(row.outcome, "")


def _difference(label: str, words: list[str], names: list[str]) -> StudyDifference | None:
    """Return how some words differ between studies; None where they do not."""
    levels: dict[str, list[str]] = {}
    for word, name in zip(words, names, strict=True):
        if word:
            levels.setdefault(word, []).append(name)
    silent = tuple(name for word, name in zip(words, names, strict=True) if not word)
    if not levels or (len(levels) == 1 and not silent):
        return None
    return StudyDifference(
        label=label,
        levels=tuple((word, tuple(found)) for word, found in levels.items()),
        silent=silent,
    )
