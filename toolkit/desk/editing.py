"""One change of a draft: a cell, a row, a number taken from the paper, a proposal accepted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from toolkit.desk.paper_numbers import PaperNumber
from toolkit.desk.sheet_draft import SheetDraft
from toolkit.errors import ToolkitError
from toolkit.sheets.accepted import NEEDED, count_of
from toolkit.sheets.schema.numbers import Events, Percent, Whole
from toolkit.sheets.schema.schema import PROPOSALS, Kind

_SPACES = re.compile(r"\s+")
_LONGEST = 80
_REPEATED = ("group", "denominator", "basis", "source", "decided_by")
"""Columns that a new row takes over from the row above, for they seldom change between rows."""


def with_cells(draft: SheetDraft, kind: Kind, row: int, cells: Mapping[str, str]) -> SheetDraft:
    """Return the draft with some cells of a row filled in.

    Raises
    ------
    ToolkitError
        For a row or a column that is not there.
    """
    rows = [*draft.sheet(kind.name)]
    if kind.upright and not rows:
        rows = [{}]
    if not 0 <= row < len(rows):
        raise ToolkitError(f"There is no row {row + 1} in {kind.name} any more.")
    if unknown := [column for column in cells if column not in kind.columns]:
        raise ToolkitError(f"There is no column {unknown[0]} in {kind.name}.")
    # A cell is one line of text; what surrounds it is of no account on a page.
    tidy = {column: _SPACES.sub(" ", text).strip() for column, text in cells.items()}
    rows[row] = {**rows[row], **tidy}
    return draft.with_sheet(kind.name, rows)


def with_row(draft: SheetDraft, kind: Kind, cells: Mapping[str, str] | None = None) -> SheetDraft:
    """Return the draft with one row more at the end of a sheet.

    A row without given cells begins with what the row above says of group, denominator, basis,
    source and who decided; the first row of all with the only words that are likely.
    """
    rows = draft.sheet(kind.name)
    if cells is None:
        above = rows[-1] if rows else _first(draft)
        cells = {name: above[name] for name in _REPEATED if above.get(name)}
    known = {name: text for name, text in cells.items() if name in kind.columns}
    return draft.with_sheet(kind.name, (*rows, known))


def with_rows(draft: SheetDraft, kind: Kind, new: Iterable[Mapping[str, str] | None]) -> SheetDraft:
    """Return the draft with some rows more at the end of a sheet, each as `with_row` adds it."""
    for cells in new:
        draft = with_row(draft, kind, cells)
    return draft


def _first(draft: SheetDraft) -> dict[str, str]:
    """Return what a first row begins with: numbers printed in the series' own report."""
    groups = draft.sheet("groups")
    only = {"group": groups[0].get("key", "")} if len(groups) == 1 else {}
    return {**only, "basis": "reported", "source": "primary"}


def without_row(draft: SheetDraft, kind: Kind, row: int) -> SheetDraft:
    """Return the draft without one row; raises ToolkitError where there is no such row."""
    rows = draft.sheet(kind.name)
    if kind.upright or not 0 <= row < len(rows):
        raise ToolkitError(f"There is no row {row + 1} in {kind.name} any more.")
    return draft.with_sheet(kind.name, (*rows[:row], *rows[row + 1 :]))


def is_complete(row: Mapping[str, str]) -> bool:
    """Return whether a proposal holds all that a count must have."""
    return all(row.get(name) for name in NEEDED)


def with_accepted_rows(
    draft: SheetDraft, counts: Kind, chosen: Iterable[int], name: str
) -> tuple[SheetDraft, int]:
    """Return the draft with some proposals as counts under a person's name, and how many.

    A count that is there already under the same names stays as it is.

    Raises
    ------
    ToolkitError
        Without a name.
    """
    name = _SPACES.sub(" ", name).strip()
    if not name:
        raise ToolkitError("Who compared it with the paper? Write your name first.")
    proposals = [*draft.sheet(PROPOSALS)]
    rows = [*draft.sheet("counts")]
    known = {tuple(row.get(column, "") for column in counts.unique) for row in rows}
    taken = 0
    for at in chosen:
        if not 0 <= at < len(proposals) or proposals[at].get("accepted_by"):
            continue
        if not is_complete(proposals[at]):
            continue
        proposals[at] = {**proposals[at], "accepted_by": name}
        count = count_of(proposals[at])
        key = tuple(count.get(column, "") for column in counts.unique)
        taken += 1
        if key not in known:
            known.add(key)
            rows.append(count)
    return draft.with_sheet(PROPOSALS, proposals).with_sheet("counts", rows), taken


def taken(kind: Kind, row: Mapping[str, str], column: str, number: PaperNumber) -> dict[str, str]:
    """Return what a row takes from one number of the paper: its cells, its print, its place.

    Parameters
    ----------
    kind : Kind
        The sheet of the row.
    row : mapping of column to text
        What stands there.
    column : str
        The cell in hand; empty where none is.
    number : PaperNumber
        What was chosen in the paper.
    """
    into = _cell_in_hand(kind, row, column, number)
    found = {name: text for name, text in into.items() if text and name in kind.columns}
    # A total that is added to a count leaves the place of the count alone.
    if [*found] == ["total"] and row.get("events") and row.get("where"):
        return found
    if "as_printed" in kind.columns and column != "where":
        found["as_printed"] = number.printed[:_LONGEST]
    if "where" in kind.columns:
        found["where"] = number.where
    return found


def _cell_in_hand(
    kind: Kind, row: Mapping[str, str], column: str, number: PaperNumber
) -> dict[str, str]:
    """Return which cells a number goes into."""
    if column and not isinstance(kind.cell(column), Whole | Events | Percent):
        if column in {"where", "as_printed"}:
            return {}
        choices = number.printed if column in {"value", "note", "followup", "features"} else ""
        return {column: _value(number) if column == "value" else choices}
    if kind.name in {"counts", "proposals"}:
        if number.events is None:
            return {}
        if number.total is not None and column != "total":
            return {"events": str(number.events), "total": str(number.total)}
        if column == "total" and number.total is not None and row.get("events"):
            return {"total": str(number.total)}
        into = column or ("total" if row.get("events") and not row.get("total") else "events")
        return {into: str(number.events)}
    if kind.name == "estimates" and column in {"", "percent"}:
        return {
            "percent": number.percent or number.value,
            "low_percent": number.low,
            "high_percent": number.high,
        }
    if kind.name == "medians" and column in {"", "median"}:
        return {"median": number.value, "low": number.low, "high": number.high}
    if kind.name == "statements":
        return {"value": _value(number), "total": "" if number.total is None else str(number.total)}
    whole = "" if number.events is None else str(number.events)
    first = next(
        (name for name in kind.columns if isinstance(kind.cell(name), Whole | Events | Percent)), ""
    )
    return {column or first: whole or number.percent or number.value}


def _value(number: PaperNumber) -> str:
    """Return a number as the sheet of statements writes it."""
    if number.events is not None:
        return str(number.events)
    return number.percent or number.value or number.printed[:_LONGEST]
