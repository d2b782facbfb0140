"""Which choice moves an answer most: the series that are counted, or the model that pools them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toolkit.review import Review
from toolkit.synthesis import Estimate, Synthesis

Pools = Mapping[tuple[str, str, str], Synthesis]


NEARLY = 0.75
"""Choices that move an answer at least this share of the furthest move are told beside it."""
MOST_TOLD = 3


def largest_moves(review: Review, pools: Pools, outcome: str) -> list[dict[str, Any]]:
    """Return the choices that move the headline estimate of an outcome most.

    Parameters
    ----------
    review : Review
        Whose sets and groups are compared.
    pools : mapping of (outcome, set, method name) to Synthesis
        With the method name ``headline`` for the protocol's own.
    outcome : str
        Key of the outcome.

    Returns
    -------
    list of dict
        ``kind``: ``series`` or ``model``, the one that goes further first; ``choices``: the
        analysis sets or the method names that move the leading estimand furthest, and those
        nearly as far. A kind is missing where nothing moves. Sets that bring in patients from
        outside the primary set ask another question and are left out.
    """
    base = pools.get((outcome, review.primary_set, "headline"))
    if base is None or base.leading.estimate is None:
        return []
    sets = {
        each_set: answer
        for (of, each_set, name), answer in pools.items()
        if of == outcome
        and name == "headline"
        and each_set != review.primary_set
        and within(review, answer, base)
    }
    models = {
        name: answer
        for (of, each_set, name), answer in pools.items()
        if of == outcome and each_set == review.primary_set and name != "headline"
    }
    moves = {
        kind: _distances(choices, base.leading.estimate, base.lead)
        for kind, choices in (("series", sets), ("model", models))
    }
    furthest = {kind: max(found.values()) for kind, found in moves.items() if found}
    return [
        {"kind": kind, "choices": _nearly_furthest(moves[kind])}
        for kind in sorted(furthest, key=lambda each: -furthest[each])
    ]


def within(review: Review, answer: Synthesis, base: Synthesis) -> bool:
    """Return whether every group of an answer is one of another answer, or a part of one."""
    groups = {row.series: row.group for row in base.rows}
    return all(
        row.series in groups
        and groups[row.series] in (row.group, *review.one_series(row.series).ancestors(row.group))
        for row in answer.rows
    )


def _nearly_furthest(moves: Mapping[str, float]) -> list[str]:
    """Return the choices that move an answer about as far as any, the furthest first.

    Of choices that move it equally far, as two intervals about one centre do, the first is told.
    """
    first = {distance: choice for choice, distance in reversed([*moves.items()])}
    furthest = max(moves.values())
    told = [distance for distance in sorted(first, reverse=True) if distance >= NEARLY * furthest]
    return [first[distance] for distance in told[:MOST_TOLD]]


def estimand(answer: Synthesis, name: str) -> Estimate:
    """Return the typical centre or the average over centres of an answer, by its name."""
    return answer.average if name == "average" else answer.typical


def _distances(choices: Mapping[str, Synthesis], centre: float, lead: str) -> dict[str, float]:
    """Return how far each choice lies from a centre, for those that move it at all."""
    found = {}
    for choice, answer in choices.items():
        estimate = estimand(answer, lead).estimate
        if estimate is not None and estimate != centre:
            found[choice] = abs(estimate - centre)
    return found
