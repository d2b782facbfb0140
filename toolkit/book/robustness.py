"""How far the leading answers move under the choices that were fixed beforehand."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.book.moves import within
from toolkit.calibration import CoverageCard, coverage_card
from toolkit.errors import ToolkitError
from toolkit.review import Outcome, Review
from toolkit.sensitivity import (
    PERCENTAGE_METHODS,
    SENSITIVITY_METHODS,
    Specification,
    Step,
    cumulative,
    leave_one_out,
    specification_curve,
)
from toolkit.synthesis import Synthesis

LEAST_SERIES = 3
"""Series from which an outcome can lose one and still be pooled."""
REPLICATES = 100
"""Simulated tables of a coverage card in the book: their standard error is two to five points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Robustness:
    """What moves the answer to one outcome.

    Attributes
    ----------
    specifications : tuple of Specification
        Every combination of data and method.
    headline : (data, method) or None
        Labels of the combination that the protocol leads with; None where it is not among them.
    one_change : tuple of Specification
        Those that differ from the headline in the data or in the method and not in both; data
        that bring in patients from outside the main set ask another question and are left out.
    without, since : tuple of Step
        The pool without each series, and as series came in by year.
    card : CoverageCard or None
        None for a model that the card does not simulate.
    """

    specifications: tuple[Specification, ...]
    headline: tuple[str, str] | None
    one_change: tuple[Specification, ...]
    without: tuple[Step, ...]
    since: tuple[Step, ...]
    card: CoverageCard | None


def robustness(
    review: Review, outcomes: Sequence[Outcome], pools: Mapping[tuple[str, str, str], Synthesis]
) -> dict[str, Robustness]:
    """Return what moves each outcome that the main set pools from at least three series."""
    found = {}
    for outcome in outcomes:
        answer = pools.get((outcome.key, review.primary_set, "headline"))
        if answer is not None and answer.k >= LEAST_SERIES and answer.leading.defined:
            found[outcome.key] = _of_one(review, outcome, answer, pools)
    return found


def _of_one(
    review: Review,
    outcome: Outcome,
    answer: Synthesis,
    pools: Mapping[tuple[str, str, str], Synthesis],
) -> Robustness:
    """Return what moves one outcome."""
    specifications = specification_curve(review, outcome.key)
    methods = (*SENSITIVITY_METHODS, *PERCENTAGE_METHODS)
    used = next((label for label, method in methods if method == answer.method), None)
    headline = None if used is None else (answer.analysis_set_label, used)
    same_patients = {
        each.label
        for each in review.sets
        if (other := pools.get((outcome.key, each.key, "headline"))) is not None
        and within(review, other, answer)
    } | {f"without {row.label}" for row in answer.rows}
    try:
        card = coverage_card(answer, replicates=REPLICATES)
    except ToolkitError:
        card = None
    return Robustness(
        specifications=specifications,
        headline=headline,
        one_change=tuple(
            each
            for each in specifications
            if headline is not None
            and each.data in same_patients
            and (each.data == headline[0]) != (each.method == headline[1])
        ),
        without=leave_one_out(answer),
        since=cumulative(answer),
        card=card,
    )


def document(found: Robustness, answer: Synthesis) -> dict[str, Any]:
    """Return what is told of an outcome's robustness, as results.json holds it."""
    given = [each for each in found.specifications if each.estimate.defined]
    ordered = sorted(_centre(each) for each in given)
    start = answer.leading.estimate or 0.0
    led = next((each for each in given if (each.data, each.method) == found.headline), None)
    if led is not None:
        start = _centre(led)

    def at(share: float) -> dict[str, float | None]:
        return {"estimate": ordered[round(share * (len(ordered) - 1))] if ordered else None}

    def choice(each: Specification) -> str:
        return each.method if found.headline and each.data == found.headline[0] else each.data

    steps = [step for step in found.without if _of_step(step, answer) is not None]
    return {
        "combinations": len(found.specifications),
        "given": len(given),
        "lowest": at(0),
        "quarter": at(0.25),
        "three_quarters": at(0.75),
        "highest": at(1),
        "furthest": _furthest(
            [each for each in found.one_change if each.estimate.defined], start, _centre, choice
        ),
        "without": _furthest(
            steps,
            answer.leading.estimate or 0.0,
            lambda step: _of_step(step, answer) or 0.0,
            lambda step: step.label,
        ),
        "since": [
            {"added": step.label, "k": step.k, "total": step.total} | _interval(step, answer)
            for step in found.since
        ],
        "coverage": [
            {
                "tau": row.tau,
                "method": row.method,
                "target": row.target,
                "covered": row.covered,
                "error": row.error,
                "refused": row.refused,
                "width": row.width,
            }
            for row in (found.card.rows if found.card else ())
        ],
    }


def _furthest(
    choices: Sequence[Any],
    start: float,
    centre: Callable[[Any], float],
    words: Callable[[Any], str],
) -> dict[str, Any] | None:
    """Return the choice whose estimate lies furthest from the start, None where none moves it."""
    moved = [each for each in choices if not math.isclose(centre(each), start)]
    if not moved:
        return None
    found = max(moved, key=lambda each: abs(centre(each) - start))
    return {
        "choice": words(found),
        "estimate": centre(found),
        "k": found.k,
        "total": found.total,
    }


def _centre(specification: Specification) -> float:
    return specification.estimate.estimate or 0.0


def _of_step(step: Step, answer: Synthesis) -> float | None:
    return (step.average if answer.lead == "average" else step.typical).estimate


def _interval(step: Step, answer: Synthesis) -> dict[str, float | None]:
    found = step.average if answer.lead == "average" else step.typical
    return {"estimate": found.estimate, "low": found.low, "high": found.high}
