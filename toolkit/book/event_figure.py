"""Events by series in one picture, in the set in which most series tell of them."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.book.answers import Answers
from toolkit.book.plots import Plots
from toolkit.review import Outcome


def event_figure(answers: Answers, plots: Plots, outcomes: Sequence[Outcome]) -> str:
    """Return a heat table of events by series; empty where only one series tells of any.

    Drawn is the main set, or the first wider one where the main set has one series alone.
    """
    for key in _sets(answers, outcomes):
        drawn = [
            answer for each in outcomes if (answer := answers.headline(each.key, key)) is not None
        ]
        told = dict.fromkeys((row.series, row.label) for answer in drawn for row in answer.rows)
        if len(told) > 1:
            title = "Events by series"
            columns = ["", *(series for series, _ in told)]
            shown = plots.figure(
                "events",
                tuple(drawn),
                series=tuple(told),
                title=title,
                name=f"events-{outcomes[0].kind}",
                dots={
                    f"{line}-{columns.index(row.series)}": dot
                    for line, answer in enumerate(drawn, 1)
                    for row, dot in zip(answer.rows, plots.dots(answer), strict=True)
                },
            )
            return f"{shown}\n"
    return ""


def _sets(answers: Answers, outcomes: Sequence[Outcome]) -> list[str]:
    """Return the main set, then the sets that widen it."""
    wider = (answers.broader(each.key) for each in outcomes)
    return list(dict.fromkeys((answers.review.primary_set, *filter(None, wider))))
