"""What differs between two states of the sheets of a series, cell by cell, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from toolkit.sheets.csv_files import RawTable
from toolkit.sheets.schema.schema import Kind, Schema

Rows = dict[tuple[str, ...], dict[str, str]]


def changes(
    schema: Schema, old: Mapping[str, RawTable], new: Mapping[str, RawTable]
) -> tuple[str, ...]:
    """Return every difference from the old sheets to the new ones, sheet by sheet."""
    return tuple(
        told
        for kind in schema.series
        for told in _sheet_changes(kind, old.get(kind.name), new.get(kind.name))
    )


def _sheet_changes(kind: Kind, old: RawTable | None, new: RawTable | None) -> Iterator[str]:
    """Yield the differences of one sheet."""
    before, after = _rows(kind, old), _rows(kind, new)
    for key, cells in after.items():
        if key not in before:
            yield from _new_row(kind, key, cells)
            continue
        for column in dict.fromkeys((*before[key], *cells)):
            was, now = before[key].get(column, ""), cells.get(column, "")
            if was != now:
                yield f"{_named(kind, key)}: {column} was {_quoted(was)}, is {_quoted(now)}"
    for key in before:
        if key not in after:
            yield f"{_named(kind, key)}: row removed"
    kept = [key for key in before if key in after]
    if kept != [key for key in after if key in before]:
        yield f"{kind.name}: rows in another order"


def _new_row(kind: Kind, key: tuple[str, ...], cells: Mapping[str, str]) -> Iterator[str]:
    """Yield a row that was not there, with what is filled in; an empty field is no news."""
    if kind.upright:
        if cells["value"]:
            yield f"{_named(kind, key)}: is {_quoted(cells['value'])}"
        return
    told = (f"{name} {text}" for name, text in cells.items() if text and name not in kind.unique)
    yield f"{_named(kind, key)}: new row: {'; '.join(told) or 'nothing else filled in'}"


def _rows(kind: Kind, table: RawTable | None) -> Rows:
    """Return the rows of a sheet by the cells that name them."""
    if table is None:
        return {}
    unique = ("field",) if kind.upright else kind.unique
    found: Rows = {}
    for _, cells in table.rows:
        row = dict(zip(table.heading, cells, strict=True))
        found[tuple(row.get(column, "") for column in unique)] = row
    return found


def _named(kind: Kind, key: tuple[str, ...]) -> str:
    """Return a row in words."""
    return f"{kind.name}, {', '.join(part for part in key if part)}"


def _quoted(text: str) -> str:
    """Return a cell in words."""
    return f'"{text}"' if text else "empty"
