"""Sections of an outcome's page: every set and model as tables, and events by series."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.book.content.answers import HEADLINE, Answers, methods_beside
from toolkit.book.content.plots import Plots
from toolkit.book.content.prose import method_label, name, one_series, size
from toolkit.figures.page.numerals import counts
from toolkit.html import ABSENT, literal, stacked, table
from toolkit.review.counts import Count
from toolkit.review.protocol import AnalysisSet, Outcome
from toolkit.review.series import Series

_Cells = tuple[str, ...]


def analyses_section(answers: Answers, outcome: Outcome) -> str:
    """Return every set and every model for an outcome that the primary set pools, as MyST."""
    by_set = [_set_row(answers, outcome, each) for each in answers.review.sets]
    by_model = _model_rows(answers, outcome)
    centres: _Cells = ("Typical centre", "Average over centres")
    if not any(
        answer.average.defined for (key, *_), answer in answers.pools.items() if key == outcome.key
    ):
        centres = centres[:1]
        by_set = [(*cells[:3], *cells[4:]) for cells in by_set]
        by_model = [cells[:2] for cells in by_model]
    return (
        "<details><summary>The same outcome in every analysis set and by every model"
        "</summary>\n"
        + table(
            ("Analysis set", "Series, patients", *centres, "A new centre, %"),
            by_set,
            caption="By analysis set, each by the protocol&#8217;s method.",
            key=f"{answers.review.key}-{outcome.key}-sets",
        )
        + table(("Model", *centres), by_model, caption="By model, in the main analysis set.")
        + "</details>\n"
    )


def _set_row(answers: Answers, outcome: Outcome, each: AnalysisSet) -> _Cells:
    """Return the line of a set: its name, its size, both estimates and the prediction."""
    results = answers.results
    answer, path = answers.headline(outcome.key, each.key), answers.path(outcome.key, each.key)
    label = f'<span title="{literal(each.description)}">{literal(each.label)}</span>'
    if answer is None:
        return (label, "no series", ABSENT, ABSENT, ABSENT)
    if not answer.leading.defined:
        told = one_series(answers, path, answer) if answer.k == 1 else ABSENT
        return (label, f"{size(answers, path)}, not pooled", told, ABSENT, ABSENT)
    return (
        label,
        size(answers, path),
        results.estimate(f"{path}.typical"),
        results.estimate(f"{path}.average"),
        results.limits(f"{path}.prediction") if answer.prediction.defined else ABSENT,
    )


def _model_rows(answers: Answers, outcome: Outcome) -> list[_Cells]:
    """Return a line for each model: its name and both estimates, or why it refuses."""
    results, primary = answers.results, answers.review.primary_set
    main = answers.pools[outcome.key, primary, HEADLINE]
    others = {each: other for each, other in methods_beside(main).items() if other != main.method}
    rows: list[_Cells] = []
    for method in (HEADLINE, *others):
        path = answers.path(outcome.key, method=method)
        pooled = answers.pools.get((outcome.key, primary, method))
        if pooled is None:
            reason = results.value(f"refused.{outcome.key}.{primary}.{method}")
            rows.append((literal(others[method].in_words), literal(reason), ABSENT))
        else:
            rows.append(
                (
                    f'<span class="st-plain">{method_label(pooled, method)}</span>',
                    results.estimate(f"{path}.typical"),
                    results.estimate(f"{path}.average"),
                )
            )
    return rows


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
                    f"{line}-{columns.index(row.series)}": plots.dot(answer, row)
                    for line, answer in enumerate(drawn, 1)
                    for row in answer.rows
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
