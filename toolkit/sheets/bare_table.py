"""Counts from a plain CSV with the columns series, events, total: for pooling without a review."""

from __future__ import annotations

import csv
from pathlib import Path

from toolkit.errors import Address, Problem, SheetError, ToolkitError

COLUMNS = ("series", "events", "total")


def read_table(path: Path) -> tuple[list[str], list[tuple[int, int]], list[int]]:
    """Return labels, admissible events as (low, high), and totals, row by row.

    Parameters
    ----------
    path : Path
        A CSV in UTF-8. Further columns are allowed and not read. An undecided number of events
        is written ``1..11``.

    Raises
    ------
    ToolkitError
        When the file cannot be read as such a table at all.
    SheetError
        With every row that does not hold counts.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            names = reader.fieldnames or []
            missing = [column for column in COLUMNS if column not in names]
            if missing:
                raise ToolkitError(
                    f"{path}: the first line must name the columns {', '.join(COLUMNS)}; "
                    f"missing: {', '.join(missing)}."
                )
            lines = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as failure:
        raise ToolkitError(f"{path} cannot be read as a CSV in UTF-8: {failure}.") from None
    if not lines:
        raise ToolkitError(f"{path} has no rows: write one series per line.")
    problems = [
        problem
        for number, row in lines
        if (problem := _problem(path.name, number, row)) is not None
    ]
    if problems:
        raise SheetError(problems)
    return (
        [row["series"].strip() for _, row in lines],
        [_ends(row["events"]) for _, row in lines],
        [int(row["total"]) for _, row in lines],
    )


def _ends(text: str) -> tuple[int, int]:
    """Return the ends of ``7`` or ``1..11``; raises ValueError for anything else."""
    low, _, high = text.strip().partition("..")
    return int(low), int(high or low)


def _problem(file: str, number: int, row: dict[str, str | None]) -> Problem | None:
    """Return what keeps a row from being a count, or None."""
    events, total = row["events"] or "", row["total"] or ""
    address = Address(file=file, line=number)
    context = (row["series"] or "").strip()
    try:
        (low, high), patients = _ends(events), int(total)
    except ValueError:
        return Problem(
            address=address,
            context=context,
            what=f'events is "{events}" and total is "{total}".',
            meaning="Both must be whole numbers of patients.",
            remedy="Write counts, not percentages; an undecided number as low..high.",
        )
    if patients >= 1 and 0 <= low <= high <= patients:
        return None
    return Problem(
        address=address,
        context=context,
        what=f"events is {events.strip()} and total is {patients}.",
        meaning="Events must lie between 0 and the total, and the total must be at least 1.",
        remedy="Look at the source again: the two may be swapped.",
    )
