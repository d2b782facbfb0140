"""How the answer moves without one series, and as series came in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

from toolkit.analysis.readings import pool_part
from toolkit.errors import ChoiceError
from toolkit.results.row import Row
from toolkit.results.steps import Cumulative, LeaveOneOut, Step
from toolkit.results.synthesis import Synthesis

Order = Literal["year", "size", "sheet"]


def leave_one_out(answer: Synthesis) -> LeaveOneOut:
    """Return the pool without each series in turn, in the order of the answer's rows.

    Parameters
    ----------
    answer : Synthesis
        What `toolkit.pool` or `toolkit.pool_counts` returned; its own method pools the others.
    """
    return LeaveOneOut(
        _step(row.label, [other for other in range(len(answer.rows)) if other != place], answer)
        for place, row in enumerate(answer.rows)
    )


def cumulative(answer: Synthesis, order: Order = "year") -> Cumulative:
    """Return the pool as series are added one by one.

    Parameters
    ----------
    answer : Synthesis
        What `toolkit.pool` returned.
    order : {"year", "size", "sheet"}
        By year of the report (unknown years last), by patients (most first), or as the rows stand.

    Returns
    -------
    Cumulative
        A tuple of `Step`. The first step holds one series, the last one all of them.

    Raises
    ------
    ChoiceError
        For another order.
    """
    keys: dict[str, Callable[[Row], Any]] = {
        "year": lambda row: (row.year is None, row.year or 0),
        "size": lambda row: -row.total,
        "sheet": lambda row: 0,
    }
    if order not in keys:
        raise ChoiceError("order", order, list(keys))
    rows = answer.rows
    places = sorted(range(len(rows)), key=lambda place: keys[order](rows[place]))
    return Cumulative(
        _step(rows[place].label, places[: i + 1], answer) for i, place in enumerate(places)
    )


def _step(label: str, places: Sequence[int], answer: Synthesis) -> Step:
    """Return the pool of some rows by the answer's own method."""
    part = pool_part(answer, places)
    return Step(
        label=label,
        k=part.k,
        total=part.total,
        typical=part.typical,
        average=part.average,
        tau=None if part.heterogeneity is None else part.heterogeneity.tau,
        notes=part.notes,
    )
