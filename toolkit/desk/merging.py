"""Two people wrote on the same sheets: what each of them did, put together without a loss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from toolkit.desk.sheet_draft import SheetDraft, SheetRows
from toolkit.sheets.schema.schema import PROPOSALS, Kind

_Name = tuple[str, ...]
_Named = dict[_Name, Mapping[str, str]]


def merged_draft(
    draft: SheetDraft, kinds: tuple[Kind, ...], now: Mapping[str, SheetRows]
) -> tuple[SheetDraft, tuple[str, ...]]:
    """Return a draft on top of what somebody else has recorded meanwhile.

    A cell that one of the two has changed is taken from whoever changed it. Where both changed the
    same cell the draft's own text stays, and the other is named in a sentence; no row is dropped
    that either of them wrote.

    Parameters
    ----------
    draft : SheetDraft
        What is being written.
    kinds : tuple of Kind
        The sheets.
    now : mapping of sheet to rows
        What is recorded by now.

    Returns
    -------
    tuple of SheetDraft and str
        The draft, and a sentence for everything that needs a look.
    """
    rows: dict[str, SheetRows] = {}
    told: list[str] = []
    for kind in kinds:
        own, theirs = draft.rows.get(kind.name, ()), now.get(kind.name, ())
        before = draft.base.get(kind.name, ())
        if own or theirs:
            rows[kind.name] = _sheet(kind, before, own, theirs, told)
    return replace(draft, base=now, rows=rows), tuple(told)


def _sheet(
    kind: Kind, before: SheetRows, own: SheetRows, theirs: SheetRows, told: list[str]
) -> SheetRows:
    """Return one sheet put together; what needs a look is added to `told`."""
    base, mine, other = (_named(kind, rows) for rows in (before, own, theirs))
    found: list[Mapping[str, str]] = []
    for name, row in mine.items():
        if name in other:
            found.append(_row(kind, name, base.get(name, {}), row, other[name], told))
        elif name not in base or _filled(row) != _filled(base[name]) or kind.name == PROPOSALS:
            found.append(row)
            if name in base and kind.name != PROPOSALS:
                told.append(f"{_words(kind, name)}: the other removed the row; it stays here.")
    for name, row in other.items():
        if name in mine:
            continue
        if name not in base:
            found.append(row)
        elif _filled(row) != _filled(base[name]):
            found.append(row)
            told.append(
                f"{_words(kind, name)}: you removed the row, the other changed it; it is back."
            )
    return tuple(found)


def _row(
    kind: Kind,
    name: _Name,
    base: Mapping[str, str],
    mine: Mapping[str, str],
    theirs: Mapping[str, str],
    told: list[str],
) -> Mapping[str, str]:
    """Return one row put together, cell by cell."""
    found = dict(mine)
    for column in kind.columns:
        before, own, other = (row.get(column, "") for row in (base, mine, theirs))
        if own == before:
            found[column] = other
        elif other not in (before, own):
            told.append(
                f'{_words(kind, name)}: {column} is "{own}" here and "{other}" in the record; '
                "yours stays."
            )
    return found


def _named(kind: Kind, rows: SheetRows) -> _Named:
    """Return rows by what names them; one that stands twice by its turn as well."""
    found: _Named = {}
    for row in rows:
        name = () if kind.upright else tuple(row.get(column, "") for column in kind.unique)
        turn = 0
        while (*name, str(turn)) in found:
            turn += 1
        found[(*name, str(turn))] = row
    return found


def _words(kind: Kind, name: _Name) -> str:
    """Return a row in words."""
    return ", ".join([kind.name, *(part for part in name[:-1] if part)])


def _filled(row: Mapping[str, str]) -> dict[str, str]:
    return {column: text for column, text in row.items() if text}
