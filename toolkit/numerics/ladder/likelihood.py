"""Likelihood of a ladder at many points (mu_1, tau_1, .., mu_J, tau_J) at once.

``L = sum_y sum_x BN(y; n | 1) BN(x; y | 2) BN(z; x | 3)`` over what a series does not report: along
each link a row of probabilities is carried from rung to rung, one matrix for each step.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from toolkit.numerics.ladder.links import Link, Links
from toolkit.numerics.ladder.smoothing import Cell, Places, StepCells, Table, tabulate_cells
from toolkit.numerics.tables import Floats

_CHUNK = 1 << 22
_LEAST = 1e-300
_NOWHERE = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderLikelihood:
    """A ladder's data, ready to be evaluated.

    Attributes
    ----------
    links : Links
    tables : tuple of StepCells
        The cells that each step needs.
    places : tuple of tuple of Places
        For each link and each of its steps, where in the step's table the cell stands that leads
        from each count above (first axis) to each count below (second axis); -1 for none.
    """

    links: Links
    tables: tuple[StepCells, ...]
    places: tuple[tuple[Places, ...], ...]

    def __call__(self, points: Floats) -> Floats:
        """Return the log-likelihood at each point, (S,).

        Parameters
        ----------
        points : (S, J, 2)
            mu and tau of each step; the sign of tau does not matter.
        """
        return np.asarray(self.by_link(points).sum(axis=1))

    @property
    def work(self) -> float:
        """Multiplications that one point takes, roughly."""
        products = sum(table.lattice.values.size for table in self.tables)
        return float(products + sum(place.size for places in self.places for place in places))

    def by_link(self, points: Floats) -> Floats:
        """Return the log-likelihood of each link at each point, (S, links)."""
        out = np.empty((len(points), len(self.links.links)))
        widest = max((table.lattice.values.shape[1] for table in self.tables), default=1)
        size = max(1, _CHUNK // max(widest, 1))
        for start in range(0, len(points), size):
            part = slice(start, start + size)
            out[part] = self._chunk(points[part])
        return out

    def _chunk(self, points: Floats) -> Floats:
        averaged = []
        for j, table in enumerate(self.tables):
            averaged.append(table.averaged(points[:, j, 0], np.abs(points[:, j, 1])))
        out = np.empty((len(points), len(self.links.links)))
        for i, (link, places) in enumerate(zip(self.links.links, self.places, strict=True)):
            carried = averaged[link.step][:, places[0][0]]
            for j, place in zip(link.steps[1:], places[1:], strict=True):
                carried = _carried(carried, averaged[j], place)
            out[:, i] = np.log(np.maximum(carried.sum(axis=1), _LEAST, dtype=float))
        return out


def _carried(row: Table, averaged: Table, place: Places) -> Table:
    """Return the row of probabilities one rung further down, (S, counts below)."""
    if place.shape[1] == 1:
        return np.asarray(np.einsum("sy,sy->s", row, averaged[:, place[:, 0]])[:, None])
    return np.asarray((row[:, None, :] @ averaged[:, place])[:, 0])


def ladder_likelihood(links: Links, *, exact: bool = False) -> LadderLikelihood:
    """Return the likelihood of some links.

    Parameters
    ----------
    links : Links
    exact : bool
        As in `tabulate_cells`.
    """
    columns: list[dict[Cell, int]] = [{} for _ in range(links.steps)]
    places = tuple(
        tuple(_places(link, at, columns[j]) for at, j in enumerate(link.steps))
        for link in links.links
    )
    tables = tuple(tabulate_cells(tuple(found), exact=exact) for found in columns)
    return LadderLikelihood(links=links, tables=tables, places=places)


def _places(link: Link, at: int, column: dict[Cell, int]) -> Places:
    """Return where the cells of a link's step stand, giving new ones a column."""
    above = range(link.low[at], link.high[at] + 1)
    low, high = link.low[at + 1], link.high[at + 1]
    last = at == len(link.low) - 2
    # Counts of the last rung are summed at once: nothing below tells them apart.
    below = [(low, high)] if last else [(x, x) for x in range(low, high + 1)]
    out = np.full((len(above), len(below)), _NOWHERE, dtype=np.intp)
    for row, n in enumerate(above):
        for side, (least, most) in enumerate(below):
            if least <= n:
                cell = (n, least, min(most, n))
                out[row, side] = column.setdefault(cell, len(column))
    return out
