"""What somebody is writing: the rows of some sheets, and what stood there when they began."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from toolkit.errors import SheetError, ToolkitError
from toolkit.reviewing.recording import protocol_of
from toolkit.sheets.csv_files import RawTable
from toolkit.sheets.folder import RawReview
from toolkit.sheets.headings import field_problems, heading_problems
from toolkit.sheets.records import review_schema
from toolkit.sheets.schema.cells import SLUG, not_a_slug
from toolkit.sheets.schema.schema import PROPOSALS, RECONCILED, REVIEW_SHEETS, Kind
from toolkit.sheets.workbook.template import TO_DECIDE

SheetRows = tuple[Mapping[str, str], ...]
"""Rows of a sheet, each by column; the one row of ``series`` by field. Never changed in place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is open: one series with all its sheets, or one sheet of the review as a whole."""

    review: str
    series: str = ""
    sheet: str = ""

    @property
    def name(self) -> str:
        """A name that no other scope of the review has, fit for a file."""
        return f"series-{self.series}" if self.series else f"sheet-{self.sheet}"

    def file_of(self, kind: Kind) -> str:
        """Return the file of a sheet, from the review's folder."""
        return f"series/{self.series}/{kind.file}" if self.series else kind.file


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetDraft:
    """One state of what is being written.

    Attributes
    ----------
    base : mapping of sheet to rows
        What was recorded when it was begun.
    rows : mapping of sheet to rows
        What stands there now; a sheet without rows may be absent.
    paper, paper_name : str
        Fingerprint of the paper that lies beside it, and what its file was called.
    """

    base: Mapping[str, SheetRows] = field(default_factory=dict)
    rows: Mapping[str, SheetRows] = field(default_factory=dict)
    paper: str = ""
    paper_name: str = ""

    def sheet(self, name: str) -> SheetRows:
        """Return the rows of a sheet."""
        return self.rows.get(name, ())

    def with_sheet(self, name: str, rows: Iterable[Mapping[str, str]]) -> SheetDraft:
        """Return the draft with other rows in one sheet."""
        return replace(self, rows={**self.rows, name: tuple(rows)})

    @property
    def changed(self) -> bool:
        """Whether anything differs from what was recorded; what is only proposed does not count."""
        return written(self.base) != written(self.rows)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain words, for a file."""
        return {
            "base": {name: list(map(dict, rows)) for name, rows in self.base.items()},
            "rows": {name: list(map(dict, rows)) for name, rows in self.rows.items()},
            "paper": self.paper,
            "paper_name": self.paper_name,
        }


def draft_from(held: Mapping[str, Any]) -> SheetDraft:
    """Return a draft from what its file holds; raises KeyError, TypeError or AttributeError."""

    def sheets(name: str) -> dict[str, SheetRows]:
        return {
            str(sheet): tuple({str(key): str(text) for key, text in row.items()} for row in rows)
            for sheet, rows in held[name].items()
        }

    return SheetDraft(
        base=sheets("base"),
        rows=sheets("rows"),
        paper=str(held["paper"]),
        paper_name=str(held["paper_name"]),
    )


def written(rows: Mapping[str, SheetRows]) -> dict[str, list[dict[str, str]]]:
    """Return what of some rows would be recorded: filled cells of rows that somebody wrote."""
    found = {}
    for name, sheet in rows.items():
        kept = [
            {column: text for column, text in row.items() if text}
            for row in sheet
            if name != PROPOSALS or row.get("accepted_by")
        ]
        if any(kept):
            found[name] = kept
    return found


def kinds_of(raw: RawReview, scope: Scope) -> tuple[Kind, ...]:
    """Return the kinds of sheet that a scope holds; raises SheetError without a protocol."""
    schema = review_schema(protocol_of(raw))
    if not scope.series:
        return (schema.kind(scope.sheet),)
    return (*schema.series, replace(schema.kind(RECONCILED), name=TO_DECIDE))


def scope_of(raw: RawReview, series: str = "", sheet: str = "") -> Scope:
    """Return a scope by plain names.

    Raises
    ------
    ToolkitError
        For a key that is not plain, or a sheet that no review has.
    """
    if series:
        if not SLUG.fullmatch(series):
            raise ToolkitError(" ".join(not_a_slug("series", series)))
        return Scope(review=raw.key, series=series)
    if f"{sheet}.csv" not in REVIEW_SHEETS:
        raise ToolkitError(f'A review has no sheet "{sheet}".')
    return Scope(review=raw.key, sheet=sheet)


def recorded(raw: RawReview, scope: Scope) -> dict[str, SheetRows]:
    """Return what is recorded of a scope, as rows by column.

    Raises
    ------
    SheetError
        Where one of its files cannot be read as it stands: it must be mended first, for writing it
        anew would lose what is in it.
    """
    kinds = kinds_of(raw, scope)
    files = {scope.file_of(kind) for kind in kinds}
    prefix = f"series/{scope.series}/" if scope.series else ""
    unreadable = [
        each
        for each in raw.problems
        if each.address.file in files or (prefix and each.address.file.startswith(prefix))
    ]
    found: dict[str, SheetRows] = {}
    for kind in kinds:
        table = raw.tables.get((scope.series, kind.name))
        if table is None:
            continue
        if kind.upright:
            unreadable.extend(field_problems(kind, table, [cells[0] for _, cells in table.rows]))
            found[kind.name] = ({cells[0]: cells[1] for _, cells in table.rows if cells},)
        else:
            unreadable.extend(heading_problems(kind, table))
            found[kind.name] = tuple(
                dict(zip(table.heading, cells, strict=True)) for _, cells in table.rows
            )
    if unreadable:
        raise SheetError(unreadable)
    return found


def tables(raw: RawReview, scope: Scope, rows: Mapping[str, SheetRows]) -> dict[str, RawTable]:
    """Return rows as the tables that would be recorded; a proposal nobody accepted is left out."""
    found = {}
    for kind in kinds_of(raw, scope):
        held = rows.get(kind.name, ())
        if kind.name == TO_DECIDE:
            continue
        if kind.name == PROPOSALS:
            held = tuple(row for row in held if row.get("accepted_by"))
        if not held and not kind.required and scope.series:
            continue
        before = raw.tables.get((scope.series, kind.name))
        found[kind.name] = _table(kind, scope.file_of(kind), held, before)
    return found


def to_decide(raw: RawReview, scope: Scope, rows: Mapping[str, SheetRows]) -> RawTable | None:
    """Return what two extractors still have to decide; None where there is nothing."""
    if not rows.get(TO_DECIDE):
        return None
    kind = next(each for each in kinds_of(raw, scope) if each.name == TO_DECIDE)
    return _table(kind, scope.file_of(kind), rows[TO_DECIDE], None)


def _table(kind: Kind, file: str, rows: SheetRows, before: RawTable | None) -> RawTable:
    """Return rows as a table; a column that a sheet may leave out is left out as it was."""
    if kind.upright:
        one = rows[0] if rows else {}
        cells = tuple(
            (line, (name, one.get(name, ""))) for line, name in enumerate(kind.columns, start=2)
        )
        return RawTable(file=file, heading=("field", "value"), rows=cells)
    there = before.heading if before else ()
    heading = tuple(
        name
        for name in kind.columns
        if name not in kind.optional or name in there or any(row.get(name) for row in rows)
    )
    return RawTable(
        file=file,
        heading=heading,
        rows=tuple(
            (line, tuple(row.get(name, "") for name in heading))
            for line, row in enumerate(rows, start=2)
        ),
    )
