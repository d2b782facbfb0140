"""The same question with its numbers counted otherwise: open cells, totals, overlap, definition."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.book.answers import Answers
from toolkit.book.outcome_page import page_of
from toolkit.book.prose import NOUNS, name, size
from toolkit.book.text import link, literal, table
from toolkit.review import AnalysisSet, Outcome
from toolkit.synthesis import Synthesis

READINGS = ("every open cell at its lowest", "every open cell at its highest")


def counting_section(answers: Answers, outcome: Outcome) -> str:
    """Return a table of the sets that count the same patients otherwise; empty where none does.

    Where a pool holds cells that their paper leaves open, the two extremes stand below the summed
    likelihood.
    """
    primary = answers.review.analysis_set(answers.review.primary_set)
    others = [each for each in answers.review.sets if _counts_otherwise(each, primary)]
    rows = [line for each in (primary, *others) for line in _lines(answers, outcome, each)]
    if len(rows) < 2:
        return ""
    lead = outcome.estimand
    whole = link(f"{page_of(outcome.kind)}.html", f"Every analysis of {name(outcome)}")
    noun = NOUNS[lead][0].upper() + NOUNS[lead][1:]
    heading = ("What is counted", "Series, patients", noun)
    return table(heading, rows) + f"\n<p>{whole}.</p>\n"


def _counts_otherwise(each: AnalysisSet, primary: AnalysisSet) -> bool:
    """Whether a set asks of the same patients what the primary one does, counted otherwise."""
    if each == primary or each.role == "context" or each.judged_yes != primary.judged_yes:
        return False
    kept, main = dict(each.where), dict(primary.where)
    kept.pop("denominator", None)
    main.pop("denominator", None)
    return kept == main


def _lines(
    answers: Answers, outcome: Outcome, analysis_set: AnalysisSet
) -> Iterator[tuple[str, ...]]:
    """Yield the pool of a set, and its extremes where cells are open."""
    answer = answers.headline(outcome.key, analysis_set.key)
    label = literal(analysis_set.label)
    if answer is None:
        yield (label, "no series", "–")
        return
    path = answers.path(outcome.key, analysis_set.key)
    pooled = answer.leading.defined
    shown = answers.results.estimate(f"{path}.{answer.lead}") if pooled else "not pooled"
    open_cells = [
        f"{path}.rows.{place}" for place, row in enumerate(answer.rows) if _open(answer, place)
    ]
    same_as = next(
        (v.same_as for v in answers.curves[outcome.key].variants if v.key == analysis_set.key), ""
    )
    if same_as:
        label += f'<br><span class="st-small">the same numbers as {literal(same_as)}</span>'
    if open_cells:
        label += f'<br><span class="st-small">{_told(answers, open_cells)}</span>'
    yield (label, size(answers, path), shown)
    for place, words in enumerate(READINGS if answer.readings else ()):
        at = f"{path}.readings.{place}.{answer.lead}"
        line = f'{literal(analysis_set.label)}<br><span class="st-small">{words}</span>'
        yield (line, size(answers, path), answers.results.estimate(at))


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
