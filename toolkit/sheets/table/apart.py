"""Rows under names that differ: no study twice, no line of totals among the studies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from toolkit.errors import Problem
from toolkit.sheets.table.table import TableRow


def told_apart(rows: Sequence[TableRow]) -> tuple[list[TableRow], list[Problem], list[str]]:
    """Return rows, by year where names are equal, and a problem for each that stands twice."""
    remarks: list[str] = []
    rows = list(rows)
    keys = Counter(map(_key, rows))
    if any(number > 1 for number in keys.values()) and all(row.year for row in rows):
        dated = [
            replace(
                row, label=row.label if str(row.year) in row.label else f"{row.label} {row.year}"
            )
            for row in rows
        ]
        if max(Counter(map(_key, dated)).values()) == 1:
            remarks.append("Studies of one name are told apart by their years.")
            rows, keys = dated, Counter(map(_key, dated))
    return rows, list(_twice(rows, keys)), remarks


def _key(row: TableRow) -> tuple[str, str, str]:
    return (
        " ".join(row.label.casefold().split()),
        row.group.casefold(),
        row.outcome.casefold(),
    )


def _twice(rows: Sequence[TableRow], keys: Counter[tuple[str, str, str]]) -> Iterator[Problem]:
    first: dict[tuple[str, str, str], TableRow] = {}
    for row in rows:
        key = _key(row)
        if keys[key] == 1:
            continue
        if key not in first:
            first[key] = row
            continue
        earlier = first[key]
        same = (row.events_low, row.total) == (earlier.events_low, earlier.total)
        yield Problem(
            address=row.address,
            context=row.label,
            what=f"The study stands in line {earlier.address.line} already"
            f"{', with the same numbers' if same else ', with other numbers'}.",
            meaning="Its patients would be counted twice.",
            remedy="Remove one of the rows; two studies need two names, and the groups of one "
            'study a column "group" that tells them apart; or say --groups sum, three-level or '
            "separate.",
        )


def sums_of_all(rows: Sequence[TableRow]) -> list[Problem]:
    """Return a problem where the last row is the sum of all others under a name of its own."""
    problems = []
    for outcome in dict.fromkeys(row.outcome for row in rows):
        counted = [row for row in rows if row.outcome == outcome and row.counted]
        if len(counted) < 4:
            continue
        *others, last = counted
        events = sum(row.events_low or 0 for row in others)
        total = sum(row.total or 0 for row in others)
        if (last.events_low, last.total) == (events, total):
            problems.append(
                Problem(
                    address=last.address,
                    context=last.label,
                    what=f"{events} of {total} is the sum of all rows above.",
                    meaning="It looks like a line of totals: every patient would count twice.",
                    remedy='Remove the row, or call it "Total".',
                )
            )
    return problems
