"""Medians of times as papers print them: study by study, never pooled."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.analysis.included import answering
from toolkit.book.content.results import Quoted
from toolkit.html import ABSENT
from toolkit.review.counts import MedianTime
from toolkit.review.protocol import Outcome
from toolkit.review.review import Review
from toolkit.review.series import Series

_BESIDE = {
    "interval": "{level:g}% CI {limits}",
    "range": "range {limits}",
    "iqr": "IQR {limits}",
    "not_said": "{limits}; not said whether interval or range",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedMedian:
    """One printed median.

    Attributes
    ----------
    outcome, series, median
        Of what, in which study, and the number itself.
    group : str
        Label of the patients.
    words : str
        ``6.1 months (95% CI 3.7–10.1)``.
    others : tuple of str
        Other readings of the same number, in words.
    answers : bool
        Whether the study answers the question, or is shown as context.
    at : Quoted or None
        The words as a page quotes them.
    """

    outcome: Outcome
    series: Series
    median: MedianTime
    group: str
    words: str
    others: tuple[str, ...]
    answers: bool
    at: Quoted | None = None


def printed_medians(review: Review) -> tuple[PrintedMedian, ...]:
    """Return every printed median, studies that answer the question first within an outcome."""
    answers = answering(review)
    found = [
        PrintedMedian(
            outcome=review.outcome(each.outcome),
            series=series,
            median=each,
            group=next(group.label for group in series.groups if group.key == each.group),
            words=median_in_words(each),
            others=tuple(
                median_in_words(other)
                for other in series.medians
                if other.status == "alternative"
                and (other.group, other.outcome) == (each.group, each.outcome)
            ),
            answers=series.key in answers,
        )
        for series in review.series
        for each in series.medians
        if each.status == ""
    ]
    order = [each.key for each in review.outcomes]
    return tuple(sorted(found, key=lambda each: (order.index(each.outcome.key), not each.answers)))


def median_in_words(median: MedianTime) -> str:
    """Return a median with its unit and what stands beside it.

    An end that was not reached is a dash.
    """
    said = "not reached" if median.median is None else f"{median.median:g} {median.unit}"
    if median.low is None and median.high is None:
        return said
    limits = "–".join(ABSENT if end is None else f"{end:g}" for end in (median.low, median.high))
    return f"{said} ({_BESIDE[median.spread].format(level=100 * median.level, limits=limits)})"
