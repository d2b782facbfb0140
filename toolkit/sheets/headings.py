"""What is wrong with the names and the order of columns and fields, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from toolkit.errors import Problem
from toolkit.sheets.csv_files import RawTable
from toolkit.sheets.schema.schema import Kind


def _plainly(name: str) -> str:
    """Return a name as it can be written on one line, invisible characters by their codes."""
    return name if name.isprintable() else ascii(name)[1:-1]


def heading_problems(kind: Kind, table: RawTable) -> Iterator[Problem]:
    """Yield what is wrong with the names and the order of columns."""
    address = table.place(1)
    wanted = [name for name in kind.columns if name in table.heading or name not in kind.optional]
    order = f"The heading must be {','.join(wanted)}"
    for name in wanted:
        if name not in table.heading:
            yield Problem(address=address, what=f"Column {name} is missing.", remedy=f"{order}.")
    for name in dict.fromkeys(table.heading):
        if table.heading.count(name) > 1:
            yield Problem(address=address, what=f"Column {name} stands twice.", remedy=f"{order}.")
        if name not in kind.columns:
            near = get_close_matches(name, kind.columns, n=1, cutoff=0.6)
            yield Problem(
                address=address,
                what=f'There is no column "{_plainly(name)}" in {kind.file}.',
                meaning=f'Did you mean "{near[0]}"?' if near else "",
                remedy=f"{order}.",
            )
    if sorted(table.heading) == sorted(wanted) and list(table.heading) != wanted:
        yield Problem(address=address, what="Columns are out of order.", remedy=f"{order}.")


def field_problems(kind: Kind, table: RawTable, written: list[str]) -> Iterator[Problem]:
    """Yield what is wrong with the names and the order of fields."""
    wanted = list(kind.columns)
    for number, row in table.rows:
        address = table.place(number)
        if row[0] not in wanted:
            near = get_close_matches(row[0], wanted, n=1, cutoff=0.6)
            yield Problem(
                address=address,
                what=f'There is no field "{_plainly(row[0])}" in {kind.file}.',
                meaning=f'Did you mean "{near[0]}"?' if near else "",
                remedy="Rename it, or declare it under [series_fields] in review.toml.",
            )
        elif written.count(row[0]) > 1 and number != table.rows[written.index(row[0])][0]:
            remedy = "Keep one of the lines."
            yield Problem(address=address, what=f"{row[0]} stands twice.", remedy=remedy)
    for name in wanted:
        if name not in written:
            before = wanted[: wanted.index(name)]
            place = f" below {before[-1]}" if before else " below the heading"
            yield Problem(
                address=table.whole,
                what=f"Field {name} is missing.",
                remedy=f'Write a line "{name},"{place}; its value may be empty if it is not known.',
            )
    if sorted(written) == sorted(wanted) and written != wanted:
        yield Problem(
            address=table.place(2),
            what="Fields are out of order.",
            remedy=f"The order is {', '.join(wanted)}.",
        )
