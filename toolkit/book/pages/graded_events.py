"""Events by study and by grade of the outcomes on one page, as a figure and a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from toolkit.book.content.answers import Answers
from toolkit.book.content.plots import Drawing, Plots
from toolkit.review.counts import Count
from toolkit.review.protocol import Outcome
from toolkit.review.series import Series


@dataclass(frozen=True, slots=True, kw_only=True)
class GradedEvents:
    """What each series reports of some graded events.

    Attributes
    ----------
    drawing : Drawing or None
        A heat table; None where only one series reports any.
    series : list of str
        The names of the series that report any.
    rows : list of (Outcome, cells)
        For each series its count, and the count of every grade beside it, or None.
    """

    drawing: Drawing | None
    series: list[str]
    rows: list[tuple[Outcome, list[tuple[Count | None, Count | None]]]]


def graded_events(answers: Answers, plots: Plots, outcomes: Sequence[Outcome]) -> GradedEvents:
    """Return what each series reports of some graded events."""
    reporting = [
        series
        for series in answers.review.series
        if any(reported_count(series, outcome, outcome.grade) for outcome in outcomes)
    ]
    return GradedEvents(
        drawing=_drawn(answers, plots, outcomes),
        series=[series.label for series in reporting],
        rows=[
            (
                outcome,
                [
                    (
                        reported_count(series, outcome, outcome.grade),
                        None if outcome.grade == "any" else reported_count(series, outcome, "any"),
                    )
                    for series in reporting
                ],
            )
            for outcome in outcomes
        ],
    )


def _drawn(answers: Answers, plots: Plots, outcomes: Sequence[Outcome]) -> Drawing | None:
    """Return a heat table of events by series; None where only one series reports any.

    Drawn is the main set, or the first wider one where the main set has one series alone.
    """
    wider = (answers.wider(each.key) for each in outcomes)
    keys = (each.analysis_set.key for each in wider if each is not None)
    for key in dict.fromkeys((answers.review.primary_set, *keys)):
        drawn = [
            answer for each in outcomes if (answer := answers.headline(each.key, key)) is not None
        ]
        series = dict.fromkeys((row.series, row.label) for answer in drawn for row in answer.rows)
        if len(series) > 1:
            columns = ["", *(key for key, _ in series)]
            return plots.figure(
                "events",
                tuple(drawn),
                series=tuple(series),
                title="Events by study, % of patients",
                name=f"events-{outcomes[0].kind}",
                dots={
                    f"{line}-{columns.index(row.series)}": plots.dot(answer, row)
                    for line, answer in enumerate(drawn, 1)
                    for row in answer.rows
                },
            )
    return None


def reported_count(series: Series, outcome: Outcome, grade: str) -> Count | None:
    """Return a series' count of an event in its largest group, if it reports one."""
    found = [
        count
        for count in series.counts
        if count.outcome == outcome.key
        and count.grade == grade
        and count.status in ("", "below_threshold")
        and count.denominator in outcome.denominators
    ]
    return max(found, key=lambda count: count.total, default=None)
