"""A review, an outcome and a method in; the answer out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from toolkit.analysis.cache import remembered
from toolkit.analysis.differences import between_subgroups, differences
from toolkit.analysis.left_out import left_out, notes_on_left_out, parts_of_series
from toolkit.analysis.rows import review_rows
from toolkit.analysis.select import select, select_levels
from toolkit.analysis.synthesize import (
    TWO_SERIES_BY_PROTOCOL,
    Question,
    headline_method,
    synthesize,
)
from toolkit.results.synthesis import Subgroup, Synthesis
from toolkit.review.method import Method
from toolkit.review.protocol import Outcome
from toolkit.review.review import Review


def pool(
    review: Review,
    outcome: str,
    method: Method | None = None,
    *,
    analysis_set: str | None = None,
    by: str | None = None,
    grade: str | None = None,
) -> Synthesis:
    """Return the pooled proportion of an outcome, with everything needed to show its making.

    Parameters
    ----------
    review : Review
        A checked review, from `toolkit.read`.
    outcome : str
        Key of an outcome of the review.
    method : Method, optional
        The protocol's headline method for the outcome unless given. Where that is maximum
        likelihood and only two series report, the Bayesian fit takes its place and a note says
        so; a method given here is never replaced.
    analysis_set : str, optional
        Key of an analysis set; the primary set unless given.
    by : str, optional
        A facet: adds a pool for each of its words and, where two words have two series or more,
        the posterior of their difference.
    grade : str, optional
        ``any``, ``ge3``, ``4`` or ``5``; the outcome's own grade unless given.

    Returns
    -------
    Synthesis
        With one series nothing is pooled and the estimates are undefined; so are those that a
        method cannot give for these counts. A note then says why.

    Raises
    ------
    ChoiceError
        For an outcome, set or facet that the review does not have.
    ToolkitError
        For undecided cells under a method that needs one number in each.
    """
    asked = review.outcome(outcome)
    chosen_set = review.analysis_set(analysis_set or review.primary_set)
    chosen = select(review, asked, chosen_set, grade=grade)
    used, notes = _by_protocol(asked, method, len(chosen))
    question = Question(
        outcome=asked.key,
        outcome_label=asked.label,
        grade=asked.grade if grade is None else grade,
        analysis_set=chosen_set.key,
        analysis_set_label=chosen_set.label,
        lead=asked.estimand,
        thresholds=asked.thresholds,
        next_patients=review.next_patients,
    )
    parts = parts_of_series(review, asked, chosen_set, chosen, grade=grade)
    left = left_out(review, asked, chosen_set, chosen, grade=grade)
    rows = review_rows(review, asked, chosen, method=used)
    answer = synthesize(rows, used, question, notes)
    answer = replace(answer, left_out=left, notes=(*answer.notes, *notes_on_left_out(left, parts)))
    if by is None:
        return answer
    facet = review.facet(by)
    subgroups = []
    for word, level in select_levels(review, asked, chosen_set, by, grade=grade):
        level_method, level_notes = _by_protocol(asked, method, len(level))
        level_rows = review_rows(review, asked, level, method=level_method)
        part = synthesize(level_rows, level_method, question, level_notes)
        subgroups.append(Subgroup(level=word, label=facet.label_of(word), answer=part))
    return with_subgroups(answer, by, subgroups)


@remembered
def with_subgroups(answer: Synthesis, by: str, subgroups: Sequence[Subgroup]) -> Synthesis:
    """Return an answer with its subgroups, their differences and the test between them."""
    return replace(
        answer,
        by=by,
        subgroups=tuple(subgroups),
        differences=differences(subgroups, answer.method),
        between=between_subgroups(subgroups, answer.method),
    )


def _by_protocol(outcome: Outcome, method: Method | None, k: int) -> tuple[Method, tuple[str, ...]]:
    """Return the method to use and what must be said of the choice."""
    if method is not None:
        return method, ()
    used = headline_method(outcome, k)
    return used, () if used == outcome.method else (TWO_SERIES_BY_PROTOCOL,)
