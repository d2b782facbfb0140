"""The grid in one line for each interval: mean and worst coverage under each kind of law."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from toolkit.calibration.card import AIMS
from toolkit.calibration.grid import GridCell
from toolkit.calibration.intervals import Target
from toolkit.calibration.simulation import Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How one interval did over some cells of the grid.

    Attributes
    ----------
    covered, error : float
        Mean share over the cells in which the method gave any interval, in [0, 1], and its Monte
        Carlo standard error.
    worst, worst_error : float
        The least share, and its Monte Carlo standard error.
    worst_cell : GridCell
        Where it is.
    refused : float
        The largest share of tables of a cell for which there is no interval.
    width : float
        Mean width on the proportion scale.
    """

    covered: float
    error: float
    worst: float
    worst_error: float
    worst_cell: GridCell
    refused: float
    width: float


GridFound = Sequence[tuple[GridCell, Sequence[Share]]]
GROUPS = ("spread", "beta", "none")
"""Cells with spread between centres (normal logits), with beta laws, and without spread."""


def group_of(cell: GridCell) -> str:
    """Return the word of `GROUPS` for a cell."""
    if cell.truth.law == "beta-binomial":
        return "beta"
    return "spread" if cell.truth.tau else "none"


def summaries(found: GridFound) -> dict[tuple[str, Target], dict[str, Summary]]:
    """Return the summaries by group of cells, for each method and target in their order."""
    told: dict[tuple[str, Target], dict[str, Summary]] = {}
    for position, first in enumerate(found[0][1]):
        by_group: dict[str, list[tuple[GridCell, Share]]] = {group: [] for group in GROUPS}
        for cell, shares in found:
            by_group[group_of(cell)].append((cell, shares[position]))
        told[first.method, first.target] = {
            group: _summary(pairs) for group, pairs in by_group.items()
        }
    return told


def _summary(pairs: Sequence[tuple[GridCell, Share]]) -> Summary:
    given = [(cell, share) for cell, share in pairs if share.refused < 1] or list(pairs)
    shares = [share for _, share in given]
    worst_cell, worst = min(given, key=lambda pair: pair[1].covered)
    return Summary(
        covered=_mean(share.covered for share in shares),
        error=math.sqrt(sum(share.error**2 for share in shares)) / len(shares),
        worst=worst.covered,
        worst_error=worst.error,
        worst_cell=worst_cell,
        refused=max(share.refused for _, share in pairs),
        width=_mean(share.width for share in shares),
    )


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return math.fsum(listed) / len(listed)


def summary_in_words(found: GridFound) -> str:
    """Return the summaries as lines of text: percent, with the Monte Carlo standard error."""
    told = summaries(found)
    name = max(len(method) for method, _ in told)
    aim = max(map(len, AIMS.values()))
    lines = [
        "percent of intervals that hold what they should: mean (± simulation error), worst cell",
        f"{'':<{name}}  {'':<{aim}}  {'spread > 0':>20}  {'beta laws':>20}  {'no spread':>20}",
    ]
    for (method, target), by_group in told.items():
        cells = (
            f"{100 * each.covered:5.1f} (± {100 * each.error:.2f}) {100 * each.worst:5.1f}"
            for each in (by_group[group] for group in GROUPS)
        )
        lines.append(
            f"{method:<{name}}  {AIMS[target]:<{aim}}  "
            + "  ".join(f"{cell:>20}" for cell in cells)
        )
    return "\n".join(lines)
