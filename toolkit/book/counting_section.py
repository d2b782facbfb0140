"""The same question with its numbers counted otherwise: open cells, totals, overlap, definition."""

from __future__ import annotations

from toolkit.book.answers import Answers
from toolkit.book.outcome_page import page_of
from toolkit.book.prose import NOUNS, name, size
from toolkit.book.text import ABSENT, link, literal, stacked, table, without_silent_columns
from toolkit.review import AnalysisSet, Outcome
from toolkit.synthesis import Synthesis

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
