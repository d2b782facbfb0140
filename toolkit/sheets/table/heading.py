"""Where the heading of a grid stands, and what it says with the cells below it in view."""

from __future__ import annotations

import re
from collections.abc import Sequence

from toolkit.sheets.table.grid import TextGrid
from toolkit.sheets.table.heads import NamedColumn, heads, names_a_table, roles
from toolkit.sheets.table.numbers import NotANumber, count, decimal, is_fraction, is_missing

_SEARCHED = 40
"""Lines among which the heading is looked for: titles and notes may stand above it."""
_FEWEST_FRACTIONS = 0.6
_COUNTS = ("events", "total")


def find_heading(grid: TextGrid) -> tuple[int, list[NamedColumn]] | None:
    """Return the index of the line that names columns of numbers, and what it says."""
    best: tuple[int, int, list[NamedColumn]] | None = None
    for at, (_, cells) in enumerate(grid.rows[:_SEARCHED]):
        found = heads(cells)
        if not names_a_table(found):
            found = _with_fractions(grid, at, found)
        if not names_a_table(found):
            continue
        score = len(roles(found))
        if best is None or score > best[0]:
            best = (score, at, found)
    return None if best is None else best[1:]


def _with_fractions(grid: TextGrid, at: int, found: list[NamedColumn]) -> list[NamedColumn]:
    """Return what a line says with columns of ``12/90`` added, whatever they are called."""
    line = grid.rows[at][1]
    if not line or any(is_fraction(cell) or is_bare_number(cell) for cell in line):
        return found
    below = [cells for _, cells in grid.rows[at + 1 :]]
    kept = {head.at: head for head in found}
    for column, written in enumerate(line):
        cells = [row[column] for row in below if column < len(row) and not is_missing(row[column])]
        fractions = sum(map(is_fraction, cells))
        if written and fractions >= 1 and fractions >= _FEWEST_FRACTIONS * len(cells):
            known = kept.get(column)
            outcome = known.outcome if known is not None else " ".join(written.split())
            kept[column] = NamedColumn(
                at=column, written=written, role="fraction", outcome=outcome, rank=80
            )
    return [kept[column] for column in sorted(kept)]


def is_bare_number(cell: str) -> bool:
    """Return whether a cell is a number and nothing else."""
    return bool(re.fullmatch(r"[0-9]+([.,][0-9]+)?", cell.strip()))


def with_numbers(grid: TextGrid, at: int, found: Sequence[NamedColumn]) -> list[NamedColumn]:
    """Return heads with events of ``12/90`` called fractions, and columns of words dropped."""
    kept = []
    for head in found:
        cells = [
            row[head.at]
            for _, row in grid.rows[at + 1 :]
            if head.at < len(row) and not is_missing(row[head.at])
        ]
        if head.role == "events" and cells:
            fractions = sum(map(is_fraction, cells))
            if fractions > len(cells) / 2:
                kept.append(
                    NamedColumn(
                        at=head.at,
                        written=head.written,
                        role="fraction",
                        outcome=head.outcome,
                        rank=90,
                    )
                )
                continue
        if head.role in _COUNTS and head.rank and cells and not any(map(_is_number, cells)):
            continue
        kept.append(head)
    return kept if names_a_table(kept) else list(found)


def _is_number(cell: str) -> bool:
    try:
        count(cell)
    except NotANumber:
        try:
            decimal(cell)
        except NotANumber:
            return False
    return True
