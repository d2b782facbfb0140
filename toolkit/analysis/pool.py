"""A review, an outcome and a method in; the answer out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from toolkit.analysis.clusters import THREE_LEVEL, Groups, three_level
from toolkit.analysis.differences import with_subgroups
from toolkit.analysis.left_out import DisjointGroups, left_out, notes_on_left_out, parts_of_series
from toolkit.analysis.rows import review_rows
from toolkit.analysis.select import Selected, select, select_levels
from toolkit.analysis.synthesize import (
    TWO_SERIES_BY_PROTOCOL,
    Question,
    headline_method,
    synthesize,
)
from toolkit.errors import ChoiceError
from toolkit.results.synthesis import Row, Subgroup, Synthesis
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
    groups: Groups = "one",
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
    groups : {"one", "sum", "three-level"}
        What becomes of a series that gives several groups without common patients: the group that
        the protocol prefers, with a note on those left out; the sum of them; or all of them, with
        a random effect of the series (inverse variance).

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
    if groups not in ("one", "sum", "three-level"):
        raise ChoiceError("groups", groups, ("one", "sum", "three-level"))
    parts = parts_of_series(review, asked, chosen_set, chosen, grade=grade)
    if groups == "three-level" and used.model != "inverse-variance":
        used = method or THREE_LEVEL
    taken = [member for each in chosen for member in _taken(each, parts, groups)]
    if groups == "sum":
        notes = (*notes, *(_sum_in_words(each) for each in parts if each.sum is not None))
    chosen, originals = tuple(taken), [each for each in parts if each.sum is not None]
    if groups != "one":
        parts = tuple(each for each in parts if groups == "sum" and each.sum is None)
    every = [part for each in originals for part in each.all] if groups == "sum" else chosen
    left = left_out(review, asked, chosen_set, [*chosen, *every], grade=grade)
    rows = review_rows(review, asked, chosen, method=used)
    answer = synthesize(rows, used, question, notes)
    if groups == "three-level":
        rows = tuple(_named_by_group(row, each) for row, each in zip(rows, chosen, strict=True))
        answer = three_level(replace(answer, rows=rows), [row.series for row in rows])
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


def _taken(each: Selected, parts: Sequence[DisjointGroups], groups: Groups) -> tuple[Selected, ...]:
    """Return what enters the pool for a series: its number, the sum of its parts, or all parts."""
    mine = next((part for part in parts if part.taken is each), None)
    if mine is None or groups == "one":
        return (each,)
    if groups == "three-level":
        return mine.all
    return (mine.sum or each,)


def _sum_in_words(parts: DisjointGroups) -> str:
    names = " + ".join(each.group.label or each.group.key for each in parts.all)
    return f"{parts.taken.series.label}: the sum of {names} is pooled."


def _named_by_group(row: Row, each: Selected) -> Row:
    return replace(row, label=f"{row.label}, {each.group.label or each.group.key}")


def _by_protocol(outcome: Outcome, method: Method | None, k: int) -> tuple[Method, tuple[str, ...]]:
    """Return the method to use and what must be said of the choice."""
    if method is not None:
        return method, ()
    used = headline_method(outcome, k)
    return used, () if used == outcome.method else (TWO_SERIES_BY_PROTOCOL,)
