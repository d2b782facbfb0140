"""Two extractions become one: what is to be decided, and a workbook in which it was.

Only what somebody decided is applied, and only where the workbook still reads as it was written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import cast

from toolkit.errors import Problem
from toolkit.sheets.comparison import Comparison, row_name
from toolkit.sheets.csv_files import RawTable
from toolkit.sheets.records import Line, table_lines
from toolkit.sheets.schema.cells import Words
from toolkit.sheets.schema.schema import RECONCILED, Kind, Schema
from toolkit.sheets.schema.statement_rows import ReconciledRow

Tables = Mapping[str, RawTable]


def merged(schema: Schema, first: Tables, second: Tables) -> dict[str, RawTable]:
    """Return the first extraction, with the rows that only the second one has put in."""
    found = {}
    for kind in schema.series:
        one, other = first.get(kind.name), second.get(kind.name)
        if one is not None and other is not None and not kind.upright and kind.name != RECONCILED:
            found[kind.name] = _with_rows_of(kind, one, other)
        elif one is not None or other is not None:
            found[kind.name] = one or other  # type: ignore[assignment]
    return found


def _with_rows_of(kind: Kind, one: RawTable, other: RawTable) -> RawTable:
    """Return a sheet with the further rows of another, each below the one it followed there."""
    heading = tuple(name for name in kind.columns if name in {*one.heading, *other.heading})
    rows = {_name(kind, one, cells): _cells(heading, one, cells) for _, cells in one.rows}
    before = ""
    for _, cells in other.rows:
        name = _name(kind, other, cells)
        if name not in rows:
            order = list(rows)
            place = order.index(before) + 1 if before else 0
            items = list(rows.items())
            rows = dict([*items[:place], (name, _cells(heading, other, cells)), *items[place:]])
        before = name
    return replace(one, heading=heading, rows=tuple(enumerate(rows.values(), start=2)))


def _cells(heading: tuple[str, ...], table: RawTable, cells: tuple[str, ...]) -> tuple[str, ...]:
    """Return the cells of a row under another heading; a column it lacks is empty."""
    known = dict(zip(table.heading, cells, strict=True))
    return tuple(known.get(name, "") for name in heading)


def _name(kind: Kind, table: RawTable, cells: tuple[str, ...]) -> str:
    """Return the row as it is named to those who decide."""
    known = dict(zip(table.heading, cells, strict=True))
    unique = ("field",) if kind.upright else kind.unique
    return row_name(kind, tuple(known.get(column, "") for column in unique))


def questions(
    schema: Schema, comparison: Comparison, first: Tables, second: Tables, decided_by: str
) -> RawTable:
    """Return what is to be decided: a line per cell, or per row that one extractor lacks."""
    present = [_names(schema, tables) for tables in (first, second)]
    rows: dict[tuple[str, str, str], tuple[str, ...]] = {}
    whole: dict[tuple[str, str], list[str]] = {}
    for each in comparison.disagreements:
        place = (each.sheet, each.row)
        if all(place in names for names in present):
            rows[(*place, each.column)] = (each.first, each.second)
        else:
            whole.setdefault(place, []).append(f"{each.column} {each.first or each.second}")
            told = "; ".join(whole[place])
            rows[(*place, "")] = (told, "") if place in present[0] else ("", told)
    columns = schema.kind(RECONCILED).columns
    return RawTable(
        file="",
        heading=columns,
        rows=tuple(
            (line, (*place, *texts, "", "", decided_by, ""))
            for line, (place, texts) in enumerate(rows.items(), start=2)
        ),
    )


def _names(schema: Schema, tables: Tables) -> set[tuple[str, str]]:
    """Return every row of an extraction, by sheet and name."""
    return {
        (kind.name, _name(kind, tables[kind.name], cells))
        for kind in schema.series
        if kind.name in tables
        for _, cells in tables[kind.name].rows
    }


def settle(
    schema: Schema, tables: Tables, to_decide: RawTable, words: Words
) -> tuple[dict[str, RawTable], list[Problem]]:
    """Return the sheets with every decision in them and kept in the log, and what hinders that."""
    lines, problems = table_lines(schema.kind(RECONCILED), to_decide, words)
    found = dict(tables)
    for line in cast("tuple[Line[ReconciledRow], ...]", lines):
        hindering = list(_hindering(schema, line, tables))
        problems.extend(hindering)
        if not hindering:
            sheet = line.row.sheet
            found[sheet] = _decided(schema.kind(sheet), found[sheet], line.row)
    if not problems:
        found[RECONCILED] = _logged(to_decide, tables.get(RECONCILED))
    return found, problems


def _hindering(schema: Schema, line: Line[ReconciledRow], tables: Tables) -> Iterator[Problem]:
    """Yield why a decision cannot be applied as it stands."""
    row = line.row
    context = ", ".join(part for part in (row.sheet, row.row, row.column) if part)
    for column, trouble in line.unread.items():
        undecided = column == "decision" and not line.cells[column]
        yield Problem(
            address=line.at(column),
            context=context,
            what="Nobody has decided this yet." if undecided else trouble.what,
            meaning="" if undecided else trouble.meaning,
            remedy='Choose "first", "second" or "other".' if undecided else trouble.remedy,
        )
    if line.unread:
        return
    texts = _texts(schema, row, tables)
    if texts is None:
        what = "There is no such row or column in this workbook any more."
        remedy = "Put it back as it was, or compare the two workbooks again."
        yield Problem(address=line.at("row"), context=context, what=what, remedy=remedy)
    elif row.column and not texts & {row.first, _chosen(row)}:
        yield Problem(
            address=line.at("first"),
            context=context,
            what=f'The cell now reads "{min(texts)}", which is neither the first reading nor the '
            "one decided on.",
            remedy='Put the first reading back and decide here: "other" with the text in agreed.',
        )
    elif row.decision == "other" and not row.column:
        yield Problem(
            address=line.at("decision"),
            context=context,
            what="A whole row is kept or left out; there is no third way.",
            remedy='Choose "first" or "second"; change a row that is kept on its own sheet.',
        )
    elif row.decision != "other" and row.agreed:
        yield Problem(
            address=line.at("agreed"),
            context=context,
            what=f'"{row.agreed}" stands in agreed, but the decision is {row.decision}.',
            remedy='Choose "other", or empty agreed.',
        )


def _texts(schema: Schema, row: ReconciledRow, tables: Tables) -> set[str] | None:
    """Return what the cell of a decision holds, None where there is no such cell."""
    known = {kind.name for kind in schema.series if kind.name != RECONCILED}
    if row.sheet not in known or row.sheet not in tables:
        return None
    kind, table = schema.kind(row.sheet), tables[row.sheet]
    column = "value" if kind.upright else row.column
    if column and column not in table.heading:
        return None
    found = {
        cells[table.heading.index(column)] if column else ""
        for _, cells in table.rows
        if _name(kind, table, cells) == row.row
    }
    return found or None


def _chosen(row: ReconciledRow) -> str:
    """Return the text that a decision puts into its cell."""
    return {"first": row.first, "second": row.second, "other": row.agreed}[row.decision]


def _decided(kind: Kind, table: RawTable, row: ReconciledRow) -> RawTable:
    """Return a sheet after one decision."""
    column = "value" if kind.upright else row.column
    rows = []
    for line, cells in table.rows:
        if _name(kind, table, cells) != row.row:
            rows.append((line, cells))
        elif column:
            place = table.heading.index(column)
            rows.append((line, (*cells[:place], _chosen(row), *cells[place + 1 :])))
        elif _chosen(row):
            rows.append((line, cells))
    return replace(table, rows=tuple(rows))


def _logged(to_decide: RawTable, log: RawTable | None) -> RawTable:
    """Return the log with the new decisions at its end."""
    if log is None:
        return to_decide
    return replace(log, rows=(*log.rows, *to_decide.rows))
