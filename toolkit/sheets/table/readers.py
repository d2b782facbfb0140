"""Exports in which two people read the same study: consensus, agreement, or a refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from toolkit.errors import Problem
from toolkit.sheets.table.heads import plain
from toolkit.sheets.table.table import PassedOver, Table, TableRow

_READERS = ("reviewer name", "reviewer", "user", "extractor", "extracted by", "data extractor")
_CONSENSUS = ("consensus", "adjudicated", "reconciled", "final")


def one_reading(table: Table) -> tuple[Table, list[Problem]]:
    """Return a table with one row for what two people read, and where they differ.

    Covidence and DistillerSR export a row for each reader of a study. The consensus is taken where
    there is one; else equal readings are taken once, and readings that differ are problems.
    """
    heading = next((name for name in table.headings if plain(name) in _READERS), "")
    if not heading:
        return table, []
    kept: list[TableRow] = []
    passed: list[PassedOver] = []
    problems: list[Problem] = []
    groups: dict[tuple[str, str, str], list[TableRow]] = {}
    for row in table.rows:
        groups.setdefault((row.label.casefold(), row.outcome, row.group), []).append(row)
    for rows in groups.values():
        taken, problem = _taken(rows, heading)
        if problem is not None:
            problems.append(problem)
        kept.append(taken)
        passed += [
            PassedOver(
                address=row.address,
                what=f"{row.label} as read by {dict(row.cells).get(heading, '') or 'nobody'}.",
            )
            for row in rows
            if row is not taken
        ]
    remark = f'"{heading}" says who read each row: one reading of each study is taken.'
    if not passed:
        return table, problems
    found = replace(
        table,
        rows=tuple(kept),
        passed_over=(*table.passed_over, *dict.fromkeys(passed)),
        remarks=(*table.remarks, remark),
    )
    return found, problems


def _taken(rows: Sequence[TableRow], heading: str) -> tuple[TableRow, Problem | None]:
    """Return the reading that is taken, and a problem where two of them differ."""
    agreed = [
        row
        for row in rows
        if any(word in dict(row.cells).get(heading, "").casefold() for word in _CONSENSUS)
    ]
    if len(agreed) == 1:
        return agreed[0], None
    numbers = {
        (row.events_low, row.events_high, row.total, row.proportion, row.effect) for row in rows
    }
    if len(numbers) == 1:
        return rows[0], None
    first, second = rows[0], next(row for row in rows if _numbers(row) != _numbers(rows[0]))
    return first, Problem(
        address=second.address,
        context=second.label,
        what=f"{dict(first.cells).get(heading, '')} read {_numbers(first)}, "
        f"{dict(second.cells).get(heading, '')} read {_numbers(second)}.",
        meaning="Two people read the same study differently, and there is no consensus.",
        remedy="Look at the paper again, and export the consensus.",
    )


def _numbers(row: TableRow) -> str:
    if row.counted:
        return f"{row.events_low}/{row.total}"
    return "nothing" if not row.reported else f"{row.proportion or row.effect}"
