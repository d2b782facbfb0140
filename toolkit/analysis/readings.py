"""How a study that reports another outcome than the one asked for enters the pool: the readings.

*As defined*: only what is reported of the outcome itself, or of one taken as it. *Bounds*: every
study whose other counts of the same patients leave a range. *Ladder*: outcomes of which each is a
part of the one before are pooled together. *Stand-in*: the nearest reported outcome as if it were
this one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from toolkit.analysis.cache import remembered
from toolkit.analysis.ladder_table import ladder_table
from toolkit.analysis.ordered import pool_table
from toolkit.analysis.rows import bounded_row
from toolkit.analysis.same_patients import (
    Bounds,
    SamePatients,
    bounds,
    select_patients,
    spans,
    with_wider,
)
from toolkit.analysis.synthesize import (
    NO_SERIES,
    Question,
    headline_method,
    pool_rows,
    synthesize,
)
from toolkit.errors import ChoiceError, ToolkitError
from toolkit.results.ladder import Ladder
from toolkit.results.row import Row
from toolkit.results.synthesis import Synthesis
from toolkit.review.method import Method
from toolkit.review.order import READINGS, Chain, Order, Reading
from toolkit.review.protocol import AnalysisSet, Outcome
from toolkit.review.review import Review

FEWEST_BOTH_ENDS = 2
"""Studies that must report both ends of a step for the ladder to lead."""

EVERYTHING_REPORTED = (
    "Every study reports the outcome itself, so it is pooled alone; the ladder stands beside it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The reading that is used, and what must be said of the choice."""

    reading: Reading
    notes: tuple[str, ...] = ()


def choose_reading(
    review: Review,
    outcome: Outcome,
    analysis_set: AnalysisSet,
    asked: str | None,
    method: Method | None,
    *,
    grade: str | None = None,
) -> Chosen:
    """Return the reading that was asked for, or the protocol's where it can be kept.

    Raises
    ------
    ChoiceError
        For a word that is no reading.
    ToolkitError
        For a ladder of an outcome that is on none.
    """
    chain = review.order.chain_of(outcome.key)
    if asked is not None:
        if asked not in READINGS:
            raise ChoiceError("reading", asked, tuple(READINGS))
        if asked == "ladder" and chain is None:
            raise ToolkitError(
                f"{outcome.key} is on no ladder of this review. Readings there: bounds, "
                "as-defined, stand-in."
            )
        return Chosen(reading=asked)  # type: ignore[arg-type]
    if analysis_set.construct == "exact":
        return Chosen(reading="as-defined")
    if outcome.reading != "ladder":
        return Chosen(reading=outcome.reading)
    if chain is None:
        return Chosen(reading="as-defined")
    order = with_wider(analysis_set, review.order, outcome)
    patients = select_patients(review, outcome, chain.rungs, analysis_set, grade=grade)
    known = [bounds(order, one, outcome.key) for one in patients]
    known = [each for each in known if not each.silent]
    if known and all(each.reported is not None and each.low == each.high for each in known):
        return Chosen(reading="as-defined", notes=(EVERYTHING_REPORTED,))
    if method is not None and method.model != "binomial-normal":
        reading: Reading = "bounds" if method.model == "beta-binomial" else "as-defined"
        note = (
            f"{method.model.replace('-', ' ').capitalize()} does not pool ordered outcomes "
            f"together: the reading is {READINGS[reading]}."
        )
        return Chosen(reading=reading, notes=(note,))
    return _enough(review, order, patients, chain, outcome)


def _enough(
    review: Review,
    order: Order,
    patients: Sequence[SamePatients],
    chain: Chain,
    outcome: Outcome,
) -> Chosen:
    """Return the ladder, or bounds where too few studies report both ends of a step."""
    rungs = reported_rungs(order, patients, chain)
    down_to = rungs[: rungs.index(outcome.key) + 1] if outcome.key in rungs else rungs
    for outer, inner in pairwise(down_to):
        together = spans(order, patients, outer, inner)
        if together < FEWEST_BOTH_ENDS:
            names = [review.outcome(key).short for key in (outer, inner)]
            count = "No study reports" if together == 0 else "Only one study reports"
            note = (
                f"{count} both ends of the step from {names[0]} to {names[1]}, too few to pool "
                "them as a ladder: each study enters with the range that its other counts leave."
            )
            return Chosen(reading="bounds", notes=(note,))
    return Chosen(reading="ladder")


def reported_rungs(order: Order, patients: Sequence[SamePatients], chain: Chain) -> tuple[str, ...]:
    """Return the rungs of a chain of which a study gives the number itself."""
    return tuple(
        rung
        for rung in chain.rungs
        if any(bounds(order, one, rung).reported is not None for one in patients)
    )


def pool_bounds(
    review: Review,
    outcome: Outcome,
    order: Order,
    patients: Sequence[SamePatients],
    method: Method | None,
    question: Question,
) -> Synthesis:
    """Return the pool in which each study has the range that its counts leave."""
    known = [(one, bounds(order, one, outcome.key, question.grade)) for one in patients]
    informed = [(one, each) for one, each in known if not each.silent]
    used = method or headline_method(outcome, len(informed))
    rows = tuple(bounded_row(review, outcome, one, each, method=used) for one, each in informed)
    return synthesize(rows, used, question, ())


def ladder_method(outcome: Outcome) -> Method:
    """Return the method by which a ladder is pooled unless another is asked for."""
    headline = outcome.method
    return Method(fit="bayes", tau_prior=headline.tau_prior, level=headline.level)


def pool_ladder(
    review: Review,
    outcome: Outcome,
    order: Order,
    patients: Sequence[SamePatients],
    method: Method | None,
    question: Question,
    *,
    rung_prior: str | float | None = None,
) -> Synthesis:
    """Return the rung of an outcome in the pool of its whole ladder, which stands beside it."""
    chain = review.order.chain_of(outcome.key)
    assert chain is not None
    used = method or ladder_method(outcome)
    rungs = reported_rungs(order, patients, chain)
    known = {rung: [bounds(order, one, rung) for one in patients] for rung in chain.rungs}
    if not rungs:
        return synthesize((), used, question, ())
    prior = outcome.rung_prior if rung_prior is None else rung_prior
    ladder = _pooled(
        tuple(one.total for one in patients),
        tuple(
            (review.outcome(rung).short, tuple(_cell(each) for each in known[rung]))
            for rung in rungs
        ),
        tuple(one.series.label for one in patients),
        used,
        prior,
        question.next_patients,
    )
    # Its notes and steps speak the short names of outcomes; what is asked for is found by key.
    keys = {review.outcome(rung).short: rung for rung in rungs}
    ladder = replace(
        ladder,
        rungs={keys[name]: rung for name, rung in ladder.rungs.items()},
        steps={keys[name]: step for name, step in ladder.steps.items()},
        reported={keys[name]: which for name, which in ladder.reported.items()},
        both_ends={keys[name]: series for name, series in ladder.both_ends.items()},
        dropped=tuple(keys[name] for name in ladder.dropped),
    )

    def rows_of(rung: str) -> tuple[Row, ...]:
        key = review.outcome(rung)
        return tuple(
            bounded_row(review, key, one, each, method=used)
            for one, each in zip(patients, known[rung], strict=True)
        )

    named = {rung: _named(review, ladder, rung, rows_of(rung), question) for rung in ladder.rungs}
    ladder = replace(ladder, rungs=named)
    if outcome.key not in named:
        nothing = synthesize((), used, question, ())
        return replace(nothing, ladder=ladder, notes=(NO_SERIES,))
    return replace(named[outcome.key], ladder=ladder, notes=ladder.notes)


@lru_cache(maxsize=64)
@remembered
def _pooled(
    total: tuple[int, ...],
    rungs: tuple[tuple[str, tuple[tuple[int, int] | None, ...]], ...],
    labels: tuple[str, ...],
    method: Method,
    rung_prior: str | float,
    next_patients: int | None,
) -> Ladder:
    """Return the ladder of plain numbers: every rung of it asks for the same one."""
    table = ladder_table(total, dict(rungs), labels)
    return pool_table(table, method, rung_prior, next_patients=next_patients)


def _cell(each: Bounds) -> tuple[int, int] | None:
    """Return what a ladder takes of a number: a range, or None where nothing is known."""
    return None if each.silent else (each.low, each.high)


def _named(
    review: Review, ladder: Ladder, rung: str, rows: tuple[Row, ...], question: Question
) -> Synthesis:
    """Return a rung with its words, and with rows that know where they stand."""
    outcome = review.outcome(rung)
    return replace(
        ladder.rungs[rung],
        outcome=rung,
        outcome_label=outcome.label,
        grade=question.grade,
        analysis_set=question.analysis_set,
        analysis_set_label=question.analysis_set_label,
        rows=rows,
        reading="ladder",
    )


def pool_part(answer: Synthesis, places: Sequence[int]) -> Synthesis:
    """Return the pool of some rows of an answer by its own method, without predictions.

    Parameters
    ----------
    answer : Synthesis
        Of a review or of bare numbers; of a ladder every rung is pooled again.
    places : sequence of int
        Which rows, by their places.
    """
    method = replace(answer.method, prediction="none")
    if answer.ladder is None:
        return pool_rows([answer.rows[place] for place in places], method)
    rungs = answer.ladder.rungs
    ladder = _pooled(
        tuple(answer.rows[place].total for place in places),
        tuple(
            (key, tuple(_range_of(rung.rows[place]) for place in places))
            for key, rung in rungs.items()
        ),
        tuple(answer.rows[place].label for place in places),
        method,
        answer.ladder.rung_prior,
        None,
    )
    if answer.outcome in ladder.rungs:
        return ladder.rungs[answer.outcome]
    return pool_rows((), method)


def _range_of(row: Row) -> tuple[int, int] | None:
    """Return what a row of a ladder says: a range, or None where only the patients are known."""
    low, high = row.events_low or 0, row.events_high or 0
    return None if (low, high) == (0, row.total) and row.events is None else (low, high)
