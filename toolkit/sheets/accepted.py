"""From the proposals of a workbook to counts: those that a person has put a name to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from toolkit.errors import Address, Problem
from toolkit.sheets.csv_files import RawTable
from toolkit.sheets.schema.schema import PROPOSALS, Schema

NEEDED = ("outcome", "group", "denominator", "events", "total")
"""What an accepted proposal must have to be a count."""


def with_accepted(
    schema: Schema, tables: Mapping[str, RawTable]
) -> tuple[dict[str, RawTable], list[Problem]]:
    """Return the sheets of a series with every accepted proposal as a count.

    Proposals that nobody has accepted are left out, of the counts and of the record. A count that
    is there already under the same outcome, grade, group and denominator stays as it is: what a
    person has entered is never replaced.

    Parameters
    ----------
    schema : Schema
        Sheets of the review.
    tables : mapping of name to RawTable
        Sheets of the series as the workbook holds them.

    Returns
    -------
    tuple of tables and problems
        A problem for each accepted row that lacks what a count must have.
    """
    found = dict(tables)
    table = found.get(PROPOSALS)
    if table is None:
        return found, []
    problems: list[Problem] = []
    kept: list[tuple[int, tuple[str, ...]]] = []
    counts: list[dict[str, str]] = []
    for line, cells in table.rows:
        row = dict(zip(table.heading, cells, strict=True))
        if not row.get("accepted_by"):
            continue
        kept.append((line, cells))
        missing = [name for name in NEEDED if not row.get(name)]
        if missing:
            problems.append(_incomplete(table, line, missing))
        else:
            counts.append(count_of(row))
    if kept:
        found[PROPOSALS] = replace(table, rows=tuple(kept))
    else:
        del found[PROPOSALS]
    if counts and "counts" in found:
        found["counts"] = _with_counts(schema, found["counts"], counts)
    return found, problems


def _incomplete(table: RawTable, line: int, missing: list[str]) -> Problem:
    """Return what is said of an accepted proposal that is no count yet."""
    column = missing[0]
    place = table.heading.index(column) if column in table.heading else 0
    letter = table.letters[place] if place < len(table.letters) else "A"
    return Problem(
        address=Address(
            file=table.file, line=line, sheet=table.sheet, column=column, cells=f"{letter}{line}"
        ),
        what=f"The proposal is accepted, but {' and '.join(missing)} "
        f"{'is' if len(missing) == 1 else 'are'} empty.",
        meaning="It would be no count.",
        remedy=f"Fill in {' and '.join(missing)}, or empty accepted_by.",
    )


def count_of(row: Mapping[str, str]) -> dict[str, str]:
    """Return an accepted proposal as a row of counts."""
    percent, total, events = row.get("percent", ""), row["total"], row["events"]
    said = f"Proposed by the rule {row.get('rule', '')} and accepted by {row['accepted_by']}."
    if row.get("basis") == "derived":
        said = f"{percent} % of {total}: only {events} rounds to it. {said}"
    return {
        "group": row["group"],
        "outcome": row["outcome"],
        "grade": row.get("grade", ""),
        "events": events,
        "total": total,
        "denominator": row["denominator"],
        "as_printed": row["as_printed"],
        "basis": row.get("basis") or "drafted",
        "source": "primary",
        "where": row["where"],
        "note": said,
    }


def _with_counts(schema: Schema, table: RawTable, counts: list[dict[str, str]]) -> RawTable:
    """Return counts with further rows; one that names a row already there is left out."""
    unique = schema.kind("counts").unique
    known = set()
    for _, cells in table.rows:
        row = dict(zip(table.heading, cells, strict=True))
        known.add(tuple(row.get(name, "") for name in unique))
    rows = list(table.rows)
    line = max((number for number, _ in rows), default=1)
    heading = table.heading or schema.kind("counts").columns
    for row in counts:
        name = tuple(row.get(column, "") for column in unique)
        if name in known:
            continue
        known.add(name)
        line += 1
        rows.append((line, tuple(row.get(column, "") for column in heading)))
    return replace(table, heading=heading, rows=tuple(rows))
