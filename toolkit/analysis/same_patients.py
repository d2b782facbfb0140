"""What each series says of several ordered outcomes of the same patients: counts and bounds.

A count bounds every other of the same patients (one group, total, denominator and window): what
contains it is at least as large, what it contains at most. Counts of other totals bound nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import cast

from toolkit.analysis.reporting_threshold import ReportingThreshold, Rule, Unit
from toolkit.analysis.select import Selected, candidates, keep_apart, meets_appraisal, preference
from toolkit.review.counts import Count
from toolkit.review.order import Equivalence, Order
from toolkit.review.protocol import AnalysisSet, Outcome
from toolkit.review.review import Review
from toolkit.review.series import Group, ReportingRule, Series

PARTS_OF_GRADE = {"any": ("ge3", "4", "5"), "ge3": ("4", "5")}
"""Grades that lie inside a grade: whoever has the one has the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SamePatients:
    """The patients of one series whose counts are read together.

    Attributes
    ----------
    total : int
    counts : tuple of Count
        At most one for each outcome and grade, equivalent outcomes under their own key.
    rule : ReportingRule or None
        Which adverse events of this grade the report lists: one that is not listed lies below.
    """

    series: Series
    group: Group
    total: int
    counts: tuple[Count, ...]
    rule: ReportingRule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How many of the same patients had an outcome, as far as their counts say.

    Attributes
    ----------
    low, high : int
        The admissible numbers; equal where the outcome itself is reported as one number.
    reported : Count or None
        The count of the outcome itself, or of one taken as it.
    low_from, high_from : Count or None
        The counts that the two ends were made from; None where nothing but zero or all patients
        bounds them.
    rule : ReportingRule or None
        The threshold of reporting that the upper end was made from.
    """

    low: int
    high: int
    reported: Count | None
    low_from: Count | None
    high_from: Count | None
    rule: ReportingRule | None = None

    @property
    def silent(self) -> bool:
        """Whether nothing but the number of patients is known."""
        known = (self.reported, self.low_from, self.high_from, self.rule)
        return all(each is None for each in known)


Node = tuple[str, str]
"""An outcome and its grade."""


def parts(order: Order, node: Node) -> frozenset[Node]:
    """Return what lies inside an outcome at a grade, not itself."""
    outcome, grade = node
    grades = (grade, *PARTS_OF_GRADE.get(grade, ()))
    inside = {(key, at) for key in (outcome, *order.inside(outcome)) for at in grades}
    return frozenset(inside - {node})


def wholes(order: Order, node: Node) -> frozenset[Node]:
    """Return what an outcome at a grade lies inside of, not itself."""
    outcome, grade = node
    grades = (grade, *(whole for whole, inner in PARTS_OF_GRADE.items() if grade in inner))
    around = {(key, at) for key in (outcome, *order.around(outcome)) for at in grades}
    return frozenset(around - {node})


def select_patients(
    review: Review,
    outcome: Outcome,
    asked: Collection[str],
    analysis_set: AnalysisSet,
    *,
    grade: str | None = None,
    level: tuple[str, str] | None = None,
) -> tuple[SamePatients, ...]:
    """Return for each series the patients whose counts say most of the outcomes asked for.

    Parameters
    ----------
    outcome : Outcome
        Whose denominators and grade are asked about.
    asked : collection of str
        The outcomes to be bounded: one, or the rungs of a ladder.
    grade, level
        As for `toolkit.analysis.select.select`.

    Returns
    -------
    tuple of SamePatients
        In the review's order; per series the patients that come first by the set's lists column by
        column, then the larger number of patients, then denominator and window.
    """
    wanted = outcome.grade if grade is None else grade
    order = review.order
    nodes = {
        node
        for key in asked
        for node in ((key, wanted), *parts(order, (key, wanted)), *wholes(order, (key, wanted)))
    }
    keys = {key for key, _ in nodes} | {
        other for key, _ in nodes for other in order.equivalents(key)
    }
    chosen = []
    for series in review.series:
        if not meets_appraisal(series, analysis_set):
            continue
        found = [
            each
            for at in sorted({grade for _, grade in nodes})
            for each in candidates(series, outcome, analysis_set, keys, at, level)
            if isinstance(each.number, Count)
            and (order.taken_as(each.number.outcome), each.number.grade) in nodes
        ]
        if found:
            one = _first(review, outcome, analysis_set, found)
            rule = _rule(series, one.group, wanted)
            chosen.append(replace(one, rule=rule))
        elif (unlisted := _unlisted(series, analysis_set, wanted)) is not None:
            chosen.append(unlisted)
    kept = keep_apart(review, analysis_set, [(one.series.key, one.total) for one in chosen])
    return tuple(one for one in chosen if one.series.key in kept)


def _rule(series: Series, group: Group, grade: str) -> ReportingRule | None:
    """Return the rule by which a report lists events of a grade in a group."""
    grades = (grade, *(whole for whole, inner in PARTS_OF_GRADE.items() if grade in inner))
    rules = [each for each in series.reporting if each.group == group.key and each.grade in grades]
    # The rule of the grade itself says more than that of a milder one.
    return min(rules, key=lambda each: grades.index(each.grade), default=None)


def _unlisted(series: Series, analysis_set: AnalysisSet, grade: str) -> SamePatients | None:
    """Return the patients of a report that lists events and not this one; None without a rule."""
    for group in series.groups:
        rule = _rule(series, group, grade)
        known = dict(group.facets)
        admitted = all(known[key] in words for key, words in analysis_set.where if key in known)
        if rule is not None and group.patients is not None and grade and admitted:
            return SamePatients(
                series=series, group=group, total=group.patients, counts=(), rule=rule
            )
    return None


def _first(
    review: Review, outcome: Outcome, analysis_set: AnalysisSet, found: list[Selected]
) -> SamePatients:
    """Return the preferred patients of one series with all their counts."""
    # Which outcome a count is of makes no difference to which patients come first.
    best = min(found, key=lambda each: preference(review, outcome, analysis_set, None, each))
    key = _patients_of(best)
    counts: dict[Node, Count] = {}
    for each in found:
        count = each.number
        assert isinstance(count, Count)
        if _patients_of(each) != key:
            continue
        node = (count.outcome, count.grade)
        # Another reading of a contradicted cell is yielded only where the set asks for it.
        if node not in counts or count.status == "alternative":
            counts[node] = count
    assert isinstance(best.number, Count)
    return SamePatients(
        series=best.series,
        group=best.group,
        total=best.number.total,
        counts=tuple(counts.values()),
    )


def _patients_of(each: Selected) -> tuple[str, int, str, str]:
    """Return what parts the patients of a count from others of its series."""
    count = each.number
    assert isinstance(count, Count)
    return count.group, count.total, count.denominator, count.window


def bounds(order: Order, patients: SamePatients, outcome: str, grade: str = "") -> Bounds:
    """Return how many of the patients had an outcome, as far as their counts say."""
    node = (outcome, grade)
    counts = [(count, (order.taken_as(count.outcome), count.grade)) for count in patients.counts]
    inside, around = parts(order, node), wholes(order, node)
    own = [count for count, at in counts if at == node]
    # The outcome's own count goes before one that is taken as it.
    reported = min(own, key=lambda count: count.outcome != outcome, default=None)
    lows = [(count.events_low, count) for count, at in counts if at in inside]
    highs = [(count.events_high, count) for count, at in counts if at in around]
    low, low_from = max(lows, key=lambda pair: pair[0], default=(0, None))
    high, high_from = min(highs, key=lambda pair: pair[0], default=(patients.total, None))
    if reported is not None:
        if reported.events_low >= low:
            low, low_from = reported.events_low, reported
        if reported.events_high <= high:
            high, high_from = reported.events_high, reported
    rule = None
    if reported is None and patients.rule is not None:
        threshold = ReportingThreshold(
            rule=cast(Rule, patients.rule.rule),
            value=f"{patients.rule.value:g}",
            unit=cast(Unit, patients.rule.unit),
        )
        cap = threshold.unlisted(patients.total)[1]
        if low <= cap < high:
            high, high_from, rule = cap, None, patients.rule
    return Bounds(
        low=low, high=high, reported=reported, low_from=low_from, high_from=high_from, rule=rule
    )


def with_wider(analysis_set: AnalysisSet, order: Order, outcome: Outcome) -> Order:
    """Return the order in which a set that counts more takes wider outcomes as the outcome."""
    if analysis_set.construct != "wider" or not outcome.wider:
        return order
    more = tuple(Equivalence(outcome=wider, taken_as=outcome.key) for wider in outcome.wider)
    kept = tuple(each for each in order.contains if each.whole not in outcome.wider)
    return replace(order, contains=kept, same_as=(*order.same_as, *more))


def spans(order: Order, patients: Iterable[SamePatients], outer: str, inner: str) -> int:
    """Return how many series report something at or above a step and something at or below it."""
    above, below = {outer, *order.around(outer)}, {inner, *order.inside(inner)}
    return sum(
        bool(reported & above) and bool(reported & below)
        for one in patients
        for reported in [{order.taken_as(count.outcome) for count in one.counts}]
    )
