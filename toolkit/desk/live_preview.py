"""What a draft does to the answers of its review: pools without and with the series."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace

from toolkit.analysis.pool import pool
from toolkit.analysis.select import select
from toolkit.desk.checking import with_draft
from toolkit.desk.sheet_draft import Scope, SheetRows
from toolkit.figures.forest.plot import forest
from toolkit.figures.page.svg import inline_svg
from toolkit.load import read_raw
from toolkit.results.synthesis import Synthesis
from toolkit.review.review import Review
from toolkit.reviewing.preview.text import answer_words
from toolkit.sheets.folder import RawReview

_DRAWING = threading.Lock()
"""Figures are drawn one after another: the library that draws them keeps one state for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchedAnswer:
    """An answer that takes a number of the series: outcome and set, by key and in words."""

    outcome: str
    analysis_set: str
    outcome_label: str
    set_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeAfter:
    """One answer without and with the series, in words and drawn.

    Attributes
    ----------
    without, within : str
        The leading estimate in words.
    drawn_without, drawn_within : str
        Forest plots as SVG elements; empty where no series reports.
    """

    without: str
    within: str
    drawn_without: str
    drawn_within: str


def drafted_review(raw: RawReview, scope: Scope, rows: Mapping[str, SheetRows]) -> Review:
    """Return the review with a draft in it; raises SheetError with every problem."""
    return read_raw(with_draft(raw, scope, rows))


def touched(review: Review, series: str) -> tuple[TouchedAnswer, ...]:
    """Return every answer that takes a number of a series, those of the primary set first."""
    found = []
    for each in sorted(review.sets, key=lambda one: one.key != review.primary_set):
        for outcome in review.outcomes:
            if outcome.shown and any(
                one.series.key == series for one in select(review, outcome, each)
            ):
                found.append(
                    TouchedAnswer(
                        outcome=outcome.key,
                        analysis_set=each.key,
                        outcome_label=outcome.label,
                        set_label=each.label,
                    )
                )
    return tuple(found)


def before_after(review: Review, series: str, answer: TouchedAnswer) -> BeforeAfter:
    """Return one answer of a review without and with one of its series."""
    others = replace(review, series=tuple(each for each in review.series if each.key != series))
    without, within = (
        pool(each, answer.outcome, analysis_set=answer.analysis_set) for each in (others, review)
    )
    return BeforeAfter(
        without=answer_words(without),
        within=answer_words(within),
        drawn_without=_drawn(without, "without"),
        drawn_within=_drawn(within, "with"),
    )


def _drawn(answer: Synthesis, prefix: str) -> str:
    """Return the forest plot of an answer for a page; empty where there is nothing to draw."""
    if not answer.k:
        return ""
    with _DRAWING:
        return inline_svg(forest(answer, narrow=True), f"{prefix}-{answer.outcome}")
