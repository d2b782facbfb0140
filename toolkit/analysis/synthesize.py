"""Rows that are already chosen and a method in; the answer out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from toolkit.analysis.cache import remembered
from toolkit.analysis.critical_files import CriticalFile, find_critical_values
from toolkit.analysis.models import Parts, fit_model
from toolkit.analysis.pool_table import PoolTable
from toolkit.numerics.posterior.bayes import count_interval
from toolkit.results.row import Row
from toolkit.results.synthesis import ExtremeReading, NextPatients, Synthesis, Threshold
from toolkit.review.method import Method
from toolkit.review.protocol import Outcome
from toolkit.review.review import NEXT_PATIENTS

NO_SERIES = "No study reports this outcome in this analysis set."
ONE_SERIES = "One study: not pooled."
TWO_SERIES = (
    "Two studies: the spread between studies cannot be estimated by maximum likelihood, so no "
    "pooled estimate is given. The Bayesian fit is defined."
)
TWO_SERIES_BY_PROTOCOL = (
    "Two studies: by protocol the Bayesian fit stands in for maximum likelihood, and no diamond "
    "is drawn."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, in words, and what the protocol wants shown beside the pool itself."""

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
    return synthesize(tuple(rows), method, Question(next_patients=None), ())


def headline_method(outcome: Outcome, k: int) -> Method:
    """Return the protocol's method for an outcome that k series report."""
    headline = outcome.method
    if k == 2 and headline.model == "binomial-normal" and headline.fit == "ml":
        return Method(fit="bayes", tau_prior=headline.tau_prior, level=headline.level)
    return headline


def synthesize(
    rows: tuple[Row, ...], method: Method, question: Question, notes: tuple[str, ...]
) -> Synthesis:
    """Return the answer for rows that are already chosen."""
    critical = None
    if method.interval == "profile-calibrated":
        critical = find_critical_values([row.total for row in rows], method.level)
    found = _pooled(
        tuple(_numbers_alone(row) for row in rows),
        method,
        question.thresholds,
        question.next_patients,
        critical,
    )
    parts = found.parts
    if parts.weights is not None:
        rows = tuple(replace(row, weight=w) for row, w in zip(rows, parts.weights, strict=True))
    lead = question.lead if parts.typical.defined and parts.average.defined else "typical"
    if parts.average.defined and not parts.typical.defined:
        lead = "average"
    counted = all(row.counted for row in rows)
    events_low = sum(row.events_low or 0 for row in rows) if counted else None
    events_high = sum(row.events_high or 0 for row in rows) if counted else None
    return Synthesis(
        outcome=question.outcome,
        outcome_label=question.outcome_label,
        grade=question.grade,
        analysis_set=question.analysis_set,
        analysis_set_label=question.analysis_set_label,
        method=method,
        lead=lead,
        rows=rows,
        k=len(rows),
        events=events_low if events_low == events_high else None,
        events_low=events_low,
        events_high=events_high,
        total=sum(row.total for row in rows),
        typical=parts.typical,
        average=parts.average,
        prediction=parts.prediction,
        scale=parts.scale,
        scale_estimate=parts.scale_estimate,
        scale_se=parts.scale_se,
        heterogeneity=parts.heterogeneity,
        thresholds=found.thresholds,
        next_patients=found.next_patients,
        readings=found.readings,
        notes=(*notes, *parts.notes),
        fingerprint=pool_fingerprint(rows, method),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pooled:
    """All of an answer that takes long to compute."""

    parts: Parts
    thresholds: tuple[Threshold, ...]
    next_patients: NextPatients | None
    readings: tuple[ExtremeReading, ...]


def _numbers_alone(row: Row) -> Row:
    """Return a row without what no pool depends on: its place, its flags, whose words it is."""
    return replace(
        row,
        series="",
        group="",
        outcome="",
        weight=None,
        flags=(),
        year=None,
        where="",
        source="",
        as_printed="",
        address=None,
        bounds=(),
    )


@remembered
def _pooled(
    rows: tuple[Row, ...],
    method: Method,
    thresholds: tuple[float, ...],
    next_patients: int | None,
    critical: CriticalFile | None,
) -> _Pooled:
    """Return what the model says, given the critical values that are stored for these sizes."""
    table = replace(_table(rows, method), critical=critical)
    parts = _fitted(table, method)
    by_normal = method.model == "binomial-normal" and parts.typical.defined
    return _Pooled(
        parts=parts,
        thresholds=_thresholds(table, thresholds) if by_normal else (),
        next_patients=_next_count(table, method, next_patients) if by_normal else None,
        readings=_readings(table, method),
    )


def _table(rows: Sequence[Row], method: Method) -> PoolTable:
    """Return the counts of rows as arrays."""
    return PoolTable(
        rows=tuple(rows),
        low=np.array([row.events_low or 0 for row in rows], dtype=np.int64),
        high=np.array([row.events_high or 0 for row in rows], dtype=np.int64),
        total=np.array([row.total for row in rows], dtype=np.int64),
        tau_prior=method.tau_prior,
    )


def _fitted(table: PoolTable, method: Method) -> Parts:
    """Return what the model says, or nothing and the reason."""
    if table.k == 0:
        return Parts(notes=(NO_SERIES,))
    if table.k == 1:
        return Parts(notes=(ONE_SERIES,))
    if table.k == 2 and method.model == "binomial-normal" and method.fit == "ml":
        return Parts(notes=(TWO_SERIES,))
    return fit_model(table, method)


def _thresholds(table: PoolTable, thresholds: Sequence[float]) -> tuple[Threshold, ...]:
    """Return the posterior probabilities of lying above each decision threshold."""
    if not thresholds:
        return ()
    found = table.posterior
    return tuple(
        Threshold(
            threshold=threshold,
            typical=float(found.typical.probability_above(threshold)),
            average=float(found.average.probability_above(threshold)),
            new_centre=float(found.new_centre.probability_above(threshold)),
        )
        for threshold in thresholds
    )


def _next_count(table: PoolTable, method: Method, patients: int | None) -> NextPatients | None:
    """Return how many of the next patients of a new study would have the event."""
    if patients is None:
        return None
    low, high = count_interval(table.posterior.new_count(patients), level=method.level)
    return NextPatients(patients=patients, low=low, high=high)


def _readings(table: PoolTable, method: Method) -> tuple[ExtremeReading, ...]:
    """Return the answers under the lowest and the highest reading of undecided cells."""
    if (table.low == table.high).all():
        return ()
    readings = []
    for label, events in (("lowest reading", table.low), ("highest reading", table.high)):
        parts = _fitted(replace(table, low=events, high=events), method)
        readings.append(ExtremeReading(label=label, typical=parts.typical, average=parts.average))
    return tuple(readings)


def pooled_numbers(row: Row) -> tuple[object, ...]:
    """Return all that a pool takes from a row, with its label: equal numbers, equal answers."""
    if row.counted:
        return row.label, row.events_low, row.events_high, row.total
    if row.effect is not None:
        return row.label, row.effect, row.standard_error
    return row.label, row.estimate, row.standard_error, row.total, row.at_risk, row.time_years


def pool_fingerprint(rows: Sequence[Row], method: Method) -> str:
    """Return a hash of the counts and the method: equal inputs, equal fingerprints."""
    told = json.dumps([[pooled_numbers(row) for row in rows], method.to_dict()], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]
