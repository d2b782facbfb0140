"""Rows of cells that span others, laid out on the grid they fill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from toolkit.papers.document import EMPTY, PaperCell, Row
from toolkit.papers.limits import MOST_CELLS, PaperError

_WIDEST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Spanning:
    """A cell as a file gives it: how many columns and rows it spans."""

    cell: PaperCell
    columns: int = 1
    rows: int = 1


def spans(text: str | None) -> int:
    """Return how many places a cell spans from its attribute; 1 where that is no such number."""
    number = int(text) if text and text.strip().isdigit() and len(text.strip()) < 6 else 1
    return min(max(number, 1), _WIDEST)


def laid_out(rows: Sequence[Sequence[Spanning]]) -> tuple[Row, ...]:
    """Return the grid that rows of spanning cells fill, each copy marked as repeated.

    Raises
    ------
    PaperError
        If the grid is larger than any table of a paper.
    """
    taken: dict[tuple[int, int], PaperCell] = {}
    width = 0
    for at, row in enumerate(rows):
        column = 0
        for each in row:
            while (at, column) in taken:
                column += 1
            last_row = min(at + each.rows, len(rows))
            if len(taken) + (last_row - at) * each.columns > MOST_CELLS:
                raise PaperError(
                    f"A table has more than {MOST_CELLS} cells, which no paper prints."
                )
            for down in range(at, last_row):
                for across in range(column, column + each.columns):
                    first = down == at and across == column
                    taken[down, across] = each.cell if first else replace(each.cell, repeated=True)
            column += each.columns
            width = max(width, column)
    if len(rows) * width > MOST_CELLS:
        raise PaperError(f"A table has more than {MOST_CELLS} cells, which no paper prints.")
    return tuple(
        tuple(taken.get((at, column), EMPTY) for column in range(width)) for at in range(len(rows))
    )
