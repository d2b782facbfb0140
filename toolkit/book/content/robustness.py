"""How far the leading answers move under the choices that were fixed beforehand."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from toolkit.analysis.influence import influence
from toolkit.analysis.leave_out import cumulative, leave_one_out
from toolkit.analysis.subsets import all_subsets
from toolkit.calibration.card import CoverageCard, coverage_card
from toolkit.errors import ToolkitError
from toolkit.results.curve import SpecificationCurve
from toolkit.results.influence import Influence
from toolkit.results.steps import Step, Subsets
from toolkit.results.synthesis import Estimate, Synthesis
from toolkit.review.protocol import Outcome
from toolkit.review.review import Review

Found = TypeVar("Found")

LEAST_SERIES = 3
"""Series from which an outcome can lose one and still be pooled."""
REPLICATES = 4_000
"""Simulated tables of a coverage card in the book: their standard error is below one point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Robustness:
    """What moves the answer to one outcome, beside its specification curve.

    Attributes
    ----------
    without, since : tuple of Step
        The pool without each series, and as series came in by year.
    fits : tuple of Synthesis
        The same series pooled by maximum likelihood and by inverse variance, or by the one of the
        two that the numbers admit.
    without_by_effects, since_by_effects : tuple of Step
        As `without` and `since`, by inverse variance; empty where that is the headline or refused.
    influence : tuple of Influence
        What each series does to each of the fits.
    subsets : tuple of Subsets
        Every subset of series under each of the fits.
    refused : tuple of str
        Why a fit has no influence or no subsets.
    card : CoverageCard or None
        None for a model that cannot be simulated from.
    no_card : str
        Why there is none; empty where there is one.
    """

    without: tuple[Step, ...]
    since: tuple[Step, ...]
    fits: tuple[Synthesis, ...]
    without_by_effects: tuple[Step, ...]
    since_by_effects: tuple[Step, ...]
    influence: tuple[Influence, ...]
    subsets: tuple[Subsets, ...]
    refused: tuple[str, ...]
    card: CoverageCard | None
    no_card: str


def robustness(
    review: Review, outcomes: Sequence[Outcome], pools: Mapping[tuple[str, str, str], Synthesis]
) -> dict[str, Robustness]:
    """Return what moves each outcome that the main set pools from at least three series."""
    found = {}
    for outcome in outcomes:
        answer = pools.get((outcome.key, review.primary_set, "headline"))
        if answer is not None and answer.k >= LEAST_SERIES and answer.leading.defined:
            beside = {
                name: pools.get((outcome.key, review.primary_set, name))
                for name in ("ml", "inverse-variance")
            }
            known = [each for each in beside.values() if each is not None]
            # Diagnostics are set side by side, series by series: fits of other series stay out.
            known = [each for each in known if _series(each) == _series(known[0])]
            found[outcome.key] = _of_one(answer, tuple(known) or (answer,))
    return found


def _series(answer: Synthesis) -> list[str]:
    return [row.series for row in answer.rows]


def _of_one(answer: Synthesis, fits: tuple[Synthesis, ...]) -> Robustness:
    """Return what moves one outcome."""
    card, no_card = None, ""
    try:
        # A rung of a ladder has no table of its own to simulate: its bounds have.
        alone = fits[0] if answer.reading == "ladder" else answer
        card = coverage_card(alone, replicates=REPLICATES)
    except ToolkitError as refusal:
        no_card = str(refusal)
    refused: list[str] = []
    influences = _each(influence, fits, refused)
    subsets = _each(all_subsets, fits, refused)
    last = fits[-1]
    other = last.method.model == "inverse-variance" and answer.method.model != last.method.model
    return Robustness(
        without=leave_one_out(answer),
        since=cumulative(answer),
        fits=fits,
        without_by_effects=leave_one_out(last) if other else (),
        since_by_effects=cumulative(last) if other else (),
        influence=influences,
        subsets=subsets,
        refused=tuple(dict.fromkeys(refused)),
        card=card,
        no_card=no_card,
    )


def _each(
    diagnostic: Callable[[Synthesis], Found], fits: Sequence[Synthesis], refused: list[str]
) -> tuple[Found, ...]:
    """Return a diagnostic of every fit that has it; the refusals of the others are added."""
    found = []
    for fit in fits:
        try:
            found.append(diagnostic(fit))
        except ToolkitError as refusal:
            refused.append(str(refusal))
    return tuple(found)


def curve_document(curve: SpecificationCurve) -> dict[str, Any]:
    """Return what is told of a specification curve, as results.json holds it.

    The combinations one by one are a file of their own.
    """
    whole = curve.to_dict()
    known = [each.estimate.estimate for each in curve.specifications]
    ordered = sorted(each for each in known if each is not None)

    def at(share: float) -> dict[str, float | None]:
        return {"estimate": ordered[int(share * (len(ordered) - 1) + 0.5)] if ordered else None}

    told = ("lead", "headline", "variants", "contexts", "factors", "compared", "interplay")
    return {name: whole[name] for name in told} | {
        "combinations": len(curve.specifications),
        "given": len(ordered),
        "lowest": at(0),
        "quarter": at(0.25),
        "three_quarters": at(0.75),
        "highest": at(1),
    }


def document(found: Robustness, answer: Synthesis) -> dict[str, Any]:
    """Return what is told of an outcome's robustness, as results.json holds it."""
    return {
        "without": _furthest(found.without, answer),
        "influence": [each.to_dict() for each in found.influence],
        "subsets": [
            {
                "pools": len(each.members),
                "left_out": each.left_out,
                "lowest": {"estimate": float(each.estimate.min())},
                "highest": {"estimate": float(each.estimate.max())},
                "moves_most": each.moves_most,
                "with_it": {"estimate": float(np.median(each.estimate[each.with_it]))},
                "without_it": _median(each.estimate[~each.with_it]),
            }
            for each in found.subsets
        ],
        "since": [
            {"added": step.label, "k": step.k, "total": step.total} | asdict(_leading(step, answer))
            for step in found.since
        ],
        "coverage": None if found.card is None else card_document(found.card),
    }


def card_document(card: CoverageCard) -> dict[str, Any]:
    """Return a card as results.json holds it."""
    whole = asdict(card)
    scenarios = [each["truth"] | {"shares": each["shares"]} for each in whole["scenarios"]]
    return whole | {"scenarios": scenarios}


def _median(estimates: npt.NDArray[np.float64]) -> dict[str, float | None]:
    return {"estimate": float(np.median(estimates)) if len(estimates) else None}


def _furthest(steps: Sequence[Step], answer: Synthesis) -> dict[str, Any] | None:
    """Return the step whose estimate lies furthest from the answer, None where none moves it."""
    start = answer.leading.estimate or 0.0
    known = [(step, _leading(step, answer).estimate) for step in steps]
    moved = [
        (abs(estimate - start), step, estimate)
        for step, estimate in known
        if estimate is not None and not math.isclose(estimate, start)
    ]
    if not moved:
        return None
    _, step, estimate = max(moved, key=lambda each: each[0])
    return {"choice": step.label, "estimate": estimate, "k": step.k, "total": step.total}


def _leading(step: Step, answer: Synthesis) -> Estimate:
    return step.average if answer.lead == "average" else step.typical
