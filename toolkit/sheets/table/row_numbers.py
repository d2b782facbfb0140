"""The numbers of one row: events among a total, a percentage, or an effect with its error."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from toolkit.sheets.table.layout import OutcomeColumns
from toolkit.sheets.table.numbers import (
    CellNumber,
    NotANumber,
    count,
    decimal,
    fraction,
    is_missing,
    refuse_other_percent,
    whole,
)
from toolkit.sheets.table.table import TableRow


def cell_text(cells: Sequence[str], column: int | None) -> str:
    """Return the text of a cell, empty where the row is too short or there is no column."""
    return "" if column is None or column >= len(cells) else " ".join(cells[column].split())


def counted_row(cells: Sequence[str], block: OutcomeColumns, row: TableRow) -> TableRow:
    """Return a row with its events among its total, or as not reported."""
    total_text = cell_text(cells, block.total)
    text = cell_text(cells, block.events if block.events is not None else block.fraction)
    if is_missing(text):
        known = None if is_missing(total_text) else whole(total_text)
        return replace(row, reported=False, total=known or None)
    cell = count(text) if block.events is not None else fraction(text)
    if is_missing(total_text):
        if cell.total is None and not total_text:
            raise NotANumber(
                "Events among an unknown number of patients cannot be pooled.",
                "Write the total, or NA where the paper does not say it.",
            )
        total = cell.total
    else:
        total = whole(total_text)
    if total is None:
        return replace(row, reported=False)
    if cell.total is not None and cell.total != total:
        raise NotANumber(
            f"The cell says {cell.total} patients, and another column {total}.",
            "Look at the source again: which of them were observed?",
        )
    _refuse_impossible(cell, total)
    refuse_other_percent(cell.low, total, cell.percent)
    percent = cell_text(cells, block.percent)
    if percent and not is_missing(percent) and cell.low == cell.high and "%" in percent:
        refuse_other_percent(cell.low, total, percent.rstrip("% "))
    return replace(row, events_low=cell.low, events_high=cell.high, total=total)


def _refuse_impossible(cell: CellNumber, total: int) -> None:
    if total == 0:
        if cell.high == 0:
            raise NotANumber(
                "Nobody was observed, which is no proportion.",
                "Write NA for a study that does not report, or remove the row.",
            )
        raise NotANumber(
            "There are events and nobody in whom they were observed.",
            "Write the number of patients in the total.",
        )
    if cell.high > total:
        raise NotANumber(
            "There are more events than patients.",
            "Look at the source again: events and total may be swapped.",
        )


def percentage_row_of(
    cells: Sequence[str], block: OutcomeColumns, unit: float, row: TableRow
) -> TableRow:
    """Return a row with a percentage and its limits as proportions."""
    text, total = cell_text(cells, block.percent), cell_text(cells, block.total)
    if is_missing(text) or is_missing(total):
        known = None if is_missing(total) else whole(total)
        return replace(row, reported=False, total=known or None)
    patients = whole(total)
    if not patients:
        raise NotANumber("Nobody was observed.", "Write NA for a study that does not report.")
    value = decimal(text)[0] / unit
    ends = []
    for column in (block.low, block.high):
        end = cell_text(cells, column)
        ends.append(None if is_missing(end) else decimal(end)[0] / unit)
    low, high = ends
    if not 0 <= value <= 1:
        raise NotANumber("A percentage lies between 0 and 100.", "Look at the source again.")
    if low is not None and high is not None and not 0 <= low <= value <= high <= 1:
        raise NotANumber(
            "The percentage does not lie between its limits.",
            "Look at the source again; percentages and limits must be in the same unit.",
        )
    if (low is None) != (high is None):
        raise NotANumber("One limit of the interval is missing.", "Write both, or NA for both.")
    return replace(row, proportion=value, low=low, high=high, total=patients)


def effect_row_of(cells: Sequence[str], block: OutcomeColumns, row: TableRow) -> TableRow:
    """Return a row with a bare effect and its standard error."""
    text = cell_text(cells, block.effect)
    spread = cell_text(cells, block.error if block.error is not None else block.variance)
    if is_missing(text) or is_missing(spread):
        return replace(row, reported=False)
    effect, error = decimal(text)[0], decimal(spread)[0]
    if not (math.isfinite(effect) and math.isfinite(error) and error > 0):
        raise NotANumber(
            "A standard error or variance lies above 0, and an effect is finite.",
            "Look at the source again.",
        )
    if block.error is None:
        error = math.sqrt(error)
    return replace(row, effect=effect, standard_error=error)
