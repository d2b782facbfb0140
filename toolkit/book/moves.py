"""Which choice moves an answer most: the series that are counted, or the model that pools them."""

from __future__ import annotations

from collections.abc import Mapping

from toolkit.synthesis import Estimate, Synthesis

Pools = Mapping[tuple[str, str, str], Synthesis]


def largest_moves(pools: Pools, outcome: str, primary: str) -> dict[str, str]:
    """Return what moves the headline estimate of an outcome most.

    Parameters
    ----------
    pools : mapping of (outcome, set, method name) to Synthesis
        With the method name ``headline`` for the protocol's own.
    outcome, primary : str
        Keys of the outcome and of the primary set.

    Returns
    -------
    dict
        ``series``: the analysis set, and ``model``: the method name, that moves the leading
        estimand furthest; ``largest``: which of the two goes further. A key is missing where
        there is nothing to compare. Sets that bring in series from outside the primary set ask
        another question and are left out.
    """
    base = pools.get((outcome, primary, "headline"))
    if base is None or base.leading.estimate is None:
        return {}
    centre = base.leading.estimate
    members = {row.series for row in base.rows}
    sets = {
        each_set: answer
        for (of, each_set, name), answer in pools.items()
        if of == outcome
        and name == "headline"
        and each_set != primary
        and {row.series for row in answer.rows} <= members
    }
    models = {
        name: answer
        for (of, each_set, name), answer in pools.items()
        if of == outcome and each_set == primary and name != "headline"
    }
    furthest = {
        kind: _furthest(choices, centre, base.lead)
        for kind, choices in (("series", sets), ("model", models))
    }
    told = {kind: choice for kind, (choice, _) in furthest.items() if choice}
    if told:
        told["largest"] = max(told, key=lambda kind: furthest[kind][1])
    return told


def estimand(answer: Synthesis, name: str) -> Estimate:
    """Return the typical centre or the average over centres of an answer, by its name."""
    return answer.average if name == "average" else answer.typical


def _furthest(choices: Mapping[str, Synthesis], centre: float, lead: str) -> tuple[str, float]:
    """Return the choice that lies furthest from a centre and its distance; the first of equals."""
    best, distance = "", 0.0
    for choice, answer in choices.items():
        estimate = estimand(answer, lead).estimate
        if estimate is not None and abs(estimate - centre) > distance:
            best, distance = choice, abs(estimate - centre)
    return best, distance
