"""Events by series: one picture, and the same as a table that leaves no series out."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.book.answers import Answers
from toolkit.book.plots import Plots
from toolkit.book.prose import name
from toolkit.book.text import literal, stacked, table
from toolkit.figures.numerals import counts
from toolkit.observations import Count
from toolkit.review import Outcome, Series


def events_section(answers: Answers, plots: Plots, outcomes: Sequence[Outcome]) -> str:
    """Return what each series reports of some graded events: drawn, and as a table below."""
    drawn, listed = _drawn(answers, plots, outcomes), _table(answers, outcomes)
    if not drawn:
        return listed
    summary = "The same as a table, with milder grades and series of every set"
    return f"{drawn}\n<details><summary>{summary}</summary>\n\n{listed}</details>\n"


def _drawn(answers: Answers, plots: Plots, outcomes: Sequence[Outcome]) -> str:
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


def _table(answers: Answers, outcomes: Sequence[Outcome]) -> str:
    """Return events by series, "not reported" unlike zero."""
    reporting = [
        series
        for series in answers.review.series
        if any(_cell(series, outcome, outcome.grade) for outcome in outcomes)
    ]
    rows = []
    for outcome in outcomes:
        cells = []
        for series in reporting:
            pooled = _cell(series, outcome, outcome.grade)
            milder = _cell(series, outcome, "any") if outcome.grade not in ("", "any") else None
            told = _counted(pooled) if pooled else '<span class="st-absent">not reported</span>'
            if milder is not None:
                told = stacked(told, f"any grade {_counted(milder)}")
            cells.append(told)
        rows.append((name(outcome), *cells))
    return (
        "Patients with the event / patients observed, in the largest group that each series "
        "reports. Series of every set are shown. <em>Not reported</em> is not zero.\n\n"
        + table(("Event", *(literal(series.label) for series in reporting)), rows)
    )


def _cell(series: Series, outcome: Outcome, grade: str) -> Count | None:
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


def _counted(count: Count) -> str:
    return f"{counts(count.events_low, count.events_high)}/{count.total}"
