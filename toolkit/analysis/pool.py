"""A review, an outcome and a method in; the answer out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

import numpy as np

from toolkit.analysis.cache import remembered
from toolkit.analysis.critical_files import CriticalFile, find_critical_values
from toolkit.analysis.models import Parts, Table, fit_model
from toolkit.analysis.rows import bare_rows, review_rows
from toolkit.analysis.select import select, select_levels
from toolkit.numerics.posterior.bayes import count_interval
from toolkit.numerics.posterior.marginals import difference
from toolkit.numerics.proportions import difference_interval
from toolkit.results.synthesis import (
    Difference,
    NextPatients,
    Reading,
    Row,
    Subgroup,
    Synthesis,
    Threshold,
)
from toolkit.review.method import Method
from toolkit.review.protocol import Outcome
from toolkit.review.review import NEXT_PATIENTS, Review

"""Patients of a new centre for whom events are predicted, unless the protocol says otherwise."""

NO_SERIES = "No series reports this outcome in this analysis set."
ONE_SERIES = "One series: not pooled."
TWO_SERIES = (
    "Two series: the spread between centres cannot be estimated by maximum likelihood, so no "
    "pooled estimate is given. The Bayesian fit is defined."
)
TWO_SERIES_BY_PROTOCOL = (
    "Two series: by protocol the Bayesian fit stands in for maximum likelihood, and no diamond "
    "is drawn."
)


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
    question = _Question(
        outcome=asked.key,
        outcome_label=asked.label,
        grade=asked.grade if grade is None else grade,
        analysis_set=chosen_set.key,
        analysis_set_label=chosen_set.label,
        lead=asked.estimand,
        thresholds=asked.thresholds,
        next_patients=review.next_patients,
    )
    rows = review_rows(review, asked, chosen, method=used)
    answer = _synthesize(rows, used, question, notes)
    if by is None:
        return answer
    facet = review.facet(by)
    subgroups = []
    for word, level in select_levels(review, asked, chosen_set, by, grade=grade):
        level_method, level_notes = _by_protocol(asked, method, len(level))
        level_rows = review_rows(review, asked, level, method=level_method)
        part = _synthesize(level_rows, level_method, question, level_notes)
        subgroups.append(Subgroup(level=word, label=facet.label_of(word), answer=part))
    return replace(
        answer, by=by, subgroups=tuple(subgroups), differences=_differences(subgroups, used)
    )


def pool_counts(
    events: Sequence[int] | Sequence[tuple[int, int]],
    total: Sequence[int],
    *,
    method: Method | None = None,
    labels: Sequence[str] | None = None,
) -> Synthesis:
    """Return the pooled proportion of bare numbers, without a review.

    Parameters
    ----------
    events : sequence of int, or of (low, high)
        Events per series; a pair where only the admissible range is known.
    total : sequence of int
        Patients per series, at least 1.
    method : Method, optional
        ``Method()`` unless given: binomial-normal by maximum likelihood, t(k-1) interval.
    labels : sequence of str, optional
        Names of the series.

    Examples
    --------
    >>> answer = pool_counts([6, 3, 18, 14, 10], [8, 19, 27, 37, 38])
    >>> round(answer.scale_estimate, 4), round(answer.heterogeneity.tau, 4)
    (-0.3463, 0.8369)
    """
    used = method or Method()
    rows = bare_rows(events, total, labels, level=used.level)
    return _synthesize(rows, used, _Question(), ())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """What is asked, in words, and what the protocol wants told beside the pool itself."""

    outcome: str = ""
    outcome_label: str = ""
    grade: str = ""
    analysis_set: str = ""
    analysis_set_label: str = ""
    lead: Literal["typical", "average"] = "typical"
    thresholds: tuple[float, ...] = ()
    next_patients: int | None = NEXT_PATIENTS


def pool_rows(rows: Sequence[Row], method: Method) -> Synthesis:
    """Return the pool of rows that are already chosen, without a prediction of new patients."""
    return _synthesize(tuple(rows), method, _Question(next_patients=None), ())


def _by_protocol(outcome: Outcome, method: Method | None, k: int) -> tuple[Method, tuple[str, ...]]:
    """Return the method to use and what must be said of the choice."""
    if method is not None:
        return method, ()
    used = headline_method(outcome, k)
    return used, () if used == outcome.method else (TWO_SERIES_BY_PROTOCOL,)


def headline_method(outcome: Outcome, k: int) -> Method:
    """Return the protocol's method for an outcome that k series report."""
    headline = outcome.method
    if k == 2 and headline.model == "binomial-normal" and headline.fit == "ml":
        return Method(fit="bayes", tau_prior=headline.tau_prior, level=headline.level)
    return headline


def _synthesize(
    rows: tuple[Row, ...], method: Method, question: _Question, notes: tuple[str, ...]
) -> Synthesis:
    """Return the answer for rows that are already chosen."""
    critical = None
    if method.interval == "profile-calibrated":
        critical = find_critical_values([row.total for row in rows], method.level)
    return _synthesis(rows, method, question, notes, critical)


@remembered
def _synthesis(
    rows: tuple[Row, ...],
    method: Method,
    question: _Question,
    notes: tuple[str, ...],
    critical: CriticalFile | None,
) -> Synthesis:
    """Return the answer, given the critical values that are stored for these sizes."""
    table = replace(_table(rows, method), critical=critical)
    parts = _fitted(table, method)
    if parts.weights is not None:
        rows = tuple(replace(row, weight=w) for row, w in zip(rows, parts.weights, strict=True))
    lead = question.lead if parts.typical.defined and parts.average.defined else "typical"
    if parts.average.defined and not parts.typical.defined:
        lead = "average"
    counted = all(row.counted for row in rows)
    events_low = int(table.low.sum()) if counted else None
    events_high = int(table.high.sum()) if counted else None
    pooled_by_normal = method.model == "binomial-normal" and parts.typical.defined
    return Synthesis(
        outcome=question.outcome,
        outcome_label=question.outcome_label,
        grade=question.grade,
        analysis_set=question.analysis_set,
        analysis_set_label=question.analysis_set_label,
        method=method,
        lead=lead,
        rows=rows,
        k=table.k,
        events=events_low if events_low == events_high else None,
        events_low=events_low,
        events_high=events_high,
        total=int(table.total.sum()),
        typical=parts.typical,
        average=parts.average,
        prediction=parts.prediction,
        scale=parts.scale,
        scale_estimate=parts.scale_estimate,
        scale_se=parts.scale_se,
        heterogeneity=parts.heterogeneity,
        thresholds=_thresholds(table, question) if pooled_by_normal else (),
        next_patients=_next_count(table, method, question) if pooled_by_normal else None,
        readings=_readings(table, method),
        notes=(*notes, *parts.notes),
        fingerprint=_fingerprint(rows, method),
    )


def _table(rows: Sequence[Row], method: Method) -> Table:
    """Return the counts of rows as arrays."""
    return Table(
        rows=tuple(rows),
        low=np.array([row.events_low or 0 for row in rows], dtype=np.int64),
        high=np.array([row.events_high or 0 for row in rows], dtype=np.int64),
        total=np.array([row.total for row in rows], dtype=np.int64),
        tau_prior=method.tau_prior,
    )


def _fitted(table: Table, method: Method) -> Parts:
    """Return what the model says, or nothing and the reason."""
    if table.k == 0:
        return Parts(notes=(NO_SERIES,))
    if table.k == 1:
        return Parts(notes=(ONE_SERIES,))
    if table.k == 2 and method.model == "binomial-normal" and method.fit == "ml":
        return Parts(notes=(TWO_SERIES,))
    return fit_model(table, method)


def _thresholds(table: Table, question: _Question) -> tuple[Threshold, ...]:
    """Return the posterior probabilities of lying above each decision threshold."""
    found = table.posterior
    return tuple(
        Threshold(
            threshold=threshold,
            typical=float(found.typical.probability_above(threshold)),
            average=float(found.average.probability_above(threshold)),
            new_centre=float(found.new_centre.probability_above(threshold)),
        )
        for threshold in question.thresholds
    )


def _next_count(table: Table, method: Method, question: _Question) -> NextPatients | None:
    """Return how many of the next patients of a new centre would have the event."""
    if question.next_patients is None:
        return None
    low, high = count_interval(
        table.posterior.new_count(question.next_patients), level=method.level
    )
    return NextPatients(patients=question.next_patients, low=low, high=high)


def _readings(table: Table, method: Method) -> tuple[Reading, ...]:
    """Return the answers under the lowest and the highest reading of undecided cells."""
    if (table.low == table.high).all():
        return ()
    readings = []
    for label, events in (("lowest reading", table.low), ("highest reading", table.high)):
        parts = _fitted(replace(table, low=events, high=events), method)
        readings.append(Reading(label=label, typical=parts.typical, average=parts.average))
    return tuple(readings)


@remembered
def _differences(subgroups: Sequence[Subgroup], method: Method) -> tuple[Difference, ...]:
    """Return the posterior of each difference between subgroups that are pooled."""
    pooled = [
        (subgroup, _table(subgroup.answer.rows, method))
        for subgroup in subgroups
        if subgroup.answer.k > 1
    ]
    found = []
    for (first, first_table), (second, second_table) in combinations(pooled, 2):
        if not all(row.counted for row in (*first_table.rows, *second_table.rows)):
            found += _difference_of_percentages(first, second)
            continue
        apart = difference(first_table.posterior.typical, second_table.posterior.typical)
        low, high = apart.interval(method.level)
        found.append(
            Difference(
                first=first.level,
                second=second.level,
                estimate=apart.median,
                low=low,
                high=high,
                probability_positive=float(apart.probability_above(0.0)),
            )
        )
    return tuple(found)


def _difference_of_percentages(first: Subgroup, second: Subgroup) -> list[Difference]:
    """Return the difference of two pools of percentages; none where one of them is undefined."""
    ends = [
        (each.estimate, each.low, each.high)
        for each in (first.answer.typical, second.answer.typical)
    ]
    known = [[end for end in triple if end is not None] for triple in ends]
    if any(len(triple) < 3 for triple in known):
        return []
    low, high = difference_interval(known[0], known[1])
    return [
        Difference(
            first=first.level,
            second=second.level,
            estimate=known[0][0] - known[1][0],
            low=low,
            high=high,
            probability_positive=None,
        )
    ]


def pooled_numbers(row: Row) -> tuple[object, ...]:
    """Return all that a pool takes from a row, with its label: equal numbers, equal answers."""
    if row.counted:
        return row.label, row.events_low, row.events_high, row.total
    return row.label, row.estimate, row.standard_error, row.total, row.at_risk, row.time_years


def _fingerprint(rows: Sequence[Row], method: Method) -> str:
    """Return a hash of the counts and the method: equal inputs, equal fingerprints."""
    told = json.dumps([[pooled_numbers(row) for row in rows], method.to_dict()], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]
