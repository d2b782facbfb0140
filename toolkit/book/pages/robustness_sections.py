"""Sections of the robustness page: numbers counted otherwise, and what single series do."""

from __future__ import annotations

from toolkit.book.content.answers import Answers
from toolkit.book.content.plots import Plots
from toolkit.book.content.prose import NOUNS, name, size
from toolkit.book.content.robustness import Robustness
from toolkit.book.pages.outcome import page_of
from toolkit.html import (
    ABSENT,
    link,
    listed,
    literal,
    sentence,
    stacked,
    table,
    without_silent_columns,
)
from toolkit.results.synthesis import Synthesis
from toolkit.review.protocol import AnalysisSet, Outcome

READINGS = ("Open cells at their lowest", "Open cells at their highest")
"""Headings of the extremes of cells that a paper leaves open."""


def counting_section(answers: Answers, outcome: Outcome) -> str:
    """Return a table of the sets that count the same patients otherwise; empty where none does.

    Where a pool holds cells that their paper leaves open, the two extremes stand beside the summed
    likelihood.
    """
    primary = answers.review.analysis_set(answers.review.primary_set)
    others = [each for each in answers.review.sets if _counts_otherwise(each, primary)]
    rows = [_line(answers, outcome, each) for each in (primary, *others)]
    if len(rows) < 2 and set(rows[0][-len(READINGS) :]) == {ABSENT}:
        return ""
    lead = outcome.estimand
    whole = link(f"{page_of(outcome.kind)}.html", f"Every analysis of {name(outcome)}")
    noun = NOUNS[lead][0].upper() + NOUNS[lead][1:]
    heading = ("What is counted", noun, *READINGS)
    return table(*without_silent_columns(heading, rows)) + f"\n<p>{whole}.</p>\n"


def _counts_otherwise(each: AnalysisSet, primary: AnalysisSet) -> bool:
    """Whether a set asks of the same patients what the primary one does, counted otherwise."""
    if each == primary or each.role == "context" or each.judged_yes != primary.judged_yes:
        return False
    kept, main = dict(each.where), dict(primary.where)
    kept.pop("denominator", None)
    main.pop("denominator", None)
    return kept == main


def _line(answers: Answers, outcome: Outcome, analysis_set: AnalysisSet) -> tuple[str, ...]:
    """Return the pool of a set, with its extremes where cells are open."""
    answer = answers.headline(outcome.key, analysis_set.key)
    label = literal(analysis_set.label)
    if answer is None:
        return label, "no series", ABSENT, ABSENT
    path = answers.path(outcome.key, analysis_set.key)
    shown = answers.results.estimate(f"{path}.{answer.lead}")
    open_cells = [
        f"{path}.rows.{place}" for place, row in enumerate(answer.rows) if _open(answer, place)
    ]
    same_as = next(
        (v.same_as for v in answers.curves[outcome.key].variants if v.key == analysis_set.key), ""
    )
    beneath = [size(answers, path)]
    if same_as:
        beneath.append(f"the same numbers as {literal(same_as)}")
    elif open_cells:
        beneath.append(_told(answers, open_cells))
    ends = (
        answers.results.estimate(f"{path}.readings.{place}.{answer.lead}")
        if answer.readings
        else ABSENT
        for place in range(len(READINGS))
    )
    return stacked(label, *beneath), shown if answer.leading.defined else "not pooled", *ends


def _open(answer: Synthesis, place: int) -> bool:
    return answer.rows[place].events_low != answer.rows[place].events_high


def _told(answers: Answers, paths: list[str]) -> str:
    """Return the open cells with their admissible counts."""
    span = answers.results.span
    cells = [
        f"{span(f'{path}.label')}, {span(f'{path}.events_low')} to {span(f'{path}.events_high')} "
        f"of {span(f'{path}.total')}"
        for path in paths
    ]
    return f"{'; '.join(cells)}: the likelihood is summed over all readings"


def leaning_section(
    answers: Answers, plots: Plots, outcome: Outcome, answer: Synthesis, found: Robustness
) -> str:
    """Return the pool without each series, and folded below it what else single series do."""
    key = outcome.key
    blocks = [
        f"<p>{_without(answers, outcome, answer)}</p>\n",
        plots.figure("leave-one-out", answer, found.without, name=f"{key}-leave-one-out"),
    ]
    if found.influence:
        drawn = plots.figure(
            "influence",
            found.influence,
            title=f"{outcome.label}: what each series does to the pool",
            name=f"{key}-influence",
        )
        told = f"<p>{_influential(answers, outcome, found)}</p>\n"
        blocks.append(
            _folded("Influence: what each series does to the centre and the fit", told + drawn)
        )
    if found.subsets:
        drawn = plots.figure(
            "subsets",
            found.subsets,
            title=f"{outcome.label}: the pool of every subset of series",
            name=f"{key}-subsets",
        )
        told = f"<p>{_subsets(answers, outcome, found)}</p>\n"
        blocks.append(_folded("Every subset of the series, pooled", told + drawn))
    drawn = plots.figure("cumulative", answer, found.since, name=f"{key}-cumulative")
    blocks.append(_folded("As series came in, by year of the report", drawn))
    if found.without_by_effects:
        drawn = plots.figure(
            "leave-one-out",
            found.fits[-1],
            found.without_by_effects,
            name=f"{key}-without-by-effects",
        ) + plots.figure(
            "cumulative", found.fits[-1], found.since_by_effects, name=f"{key}-since-by-effects"
        )
        blocks.append(_folded("The same by inverse variance", drawn))
    refused = "".join(f"<p>{sentence(words)}</p>\n" for words in found.refused)
    return "\n".join(blocks) + refused


def _folded(summary: str, body: str) -> str:
    """Return what is shown when a reader asks for it."""
    return f"<details><summary>{summary}</summary>\n{body}</details>\n"


def _without(answers: Answers, outcome: Outcome, answer: Synthesis) -> str:
    """Return which series the answer leans on most."""
    span, path = answers.results.span, f"robustness.{outcome.key}.without"
    if answers.results.document["robustness"][outcome.key]["without"] is None:
        return "No pool is left without one of them."
    return (
        f"The answer leans most on {span(f'{path}.choice')}: without it, the "
        f"{NOUNS[answer.lead]} is {span(f'{path}.estimate')}."
    )


def _influential(answers: Answers, outcome: Outcome, found: Robustness) -> str:
    """Return which series are called influential under each fit."""
    told = []
    for number, fit in enumerate(found.influence):
        path = f"robustness.{outcome.key}.influence.{number}.rows"
        named = [
            answers.results.span(f"{path}.{place}.label")
            for place, row in enumerate(fit.rows)
            if row.influential
        ]
        told.append(f"By {literal(fit.method.in_words)}: {listed(named) or 'none'}.")
    return (
        "A series is called influential when it moves the centre by more than a standard error, or "
        "when the pool without it lies outside the 50&#160;% confidence region of the whole pool, "
        "by the plain standard error whatever the interval. " + " ".join(told)
    )


def _subsets(answers: Answers, outcome: Outcome, found: Robustness) -> str:
    """Return the range of the pools of all subsets, and which series splits them."""
    span = answers.results.span
    told = []
    for number, each in enumerate(found.subsets):
        path = f"robustness.{outcome.key}.subsets.{number}"
        words = f"By {literal(each.method.in_words)}: {span(f'{path}.pools')} pools of two "
        words += "series or more, "
        words += f"from {span(f'{path}.lowest.estimate')} to {span(f'{path}.highest.estimate')}"
        if not each.with_it.all():
            words += (
                f"; the median is {span(f'{path}.with_it.estimate')} with "
                f"{span(f'{path}.moves_most')}, whose presence moves it most, and "
                f"{span(f'{path}.without_it.estimate')} without"
            )
        if each.left_out:
            words += f" ({span(f'{path}.left_out')} more have no estimate)"
        told.append(f"{words}.")
    return " ".join(told)
