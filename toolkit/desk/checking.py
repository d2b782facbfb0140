"""What the checks find in a draft while it is written, beside the cells concerned.

The rules and their sentences are those of ``toolkit check``. Rows that have not changed are not
read again, and of the series of a review only the one that is written: what holds between series
is checked before anything is recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from toolkit.checks.registry import in_reading_order, run
from toolkit.desk.sheet_draft import Scope, SheetRows, tables, to_decide
from toolkit.errors import Address, Problem
from toolkit.load import check_tables
from toolkit.reviewing.recording import protocol_of
from toolkit.sheets.folder import RawReview
from toolkit.sheets.reconcile import settle
from toolkit.sheets.records import (
    Line,
    Sheets,
    read_row,
    read_series,
    read_sheets,
    review_schema,
    review_words,
)
from toolkit.sheets.schema.cells import Words
from toolkit.sheets.schema.schema import Kind
from toolkit.sheets.schema.series_rows import SheetRow

_MOST_ROWS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CellProblem:
    """One problem of a draft: where it stands, and what is said of it.

    Attributes
    ----------
    sheet : str
        The sheet; empty for a problem that lies elsewhere in the review.
    row : int or None
        Its row, counted from 0; None for the sheet as a whole.
    columns : tuple of str
        The cells concerned; none for the row as a whole.
    problem : Problem
        The sentences.
    """

    sheet: str
    row: int | None
    columns: tuple[str, ...]
    problem: Problem


@dataclass(kw_only=True)
class DraftCheck:
    """The checks of one review as it is recorded, which remember the rows that they have read."""

    raw: RawReview
    _sheets: Sheets | None = None
    _lines: dict[object, Line[SheetRow]] = field(default_factory=dict)

    def problems(self, scope: Scope, rows: Mapping[str, SheetRows]) -> tuple[CellProblem, ...]:
        """Return everything that is wrong with a draft, in reading order."""
        raw = with_draft(self.raw, scope, rows)
        undecided = self._undecided(scope, rows)
        found = self._of_series(raw, scope) if scope.series else check_tables(raw)[1].problems
        found = (*undecided, *found)
        return tuple(located(each, scope) for each in found if _is_own(each.address, scope))

    def _undecided(self, scope: Scope, rows: Mapping[str, SheetRows]) -> list[Problem]:
        """Return what two extractors still have to decide, as problems."""
        table = to_decide(self.raw, scope, rows)
        if table is None:
            return []
        protocol = protocol_of(self.raw)
        words = review_words(self.raw, protocol)
        return settle(review_schema(protocol), tables(self.raw, scope, rows), table, words)[1]

    def _of_series(self, raw: RawReview, scope: Scope) -> tuple[Problem, ...]:
        """Return the problems of one series, read in the light of the sheets of its review."""
        if self._sheets is None:
            self._sheets, met = read_sheets(replace(self.raw, series=(), problems=()))
            if self._sheets is None:
                return met
        own, met = read_series(raw, self._sheets.protocol, scope.series, self._read)
        sheets = replace(self._sheets, series=(own,), papers=(), problems=met)
        return in_reading_order(list(run(sheets).problems))

    def _read(
        self, kind: Kind, cells: Mapping[str, str], places: Mapping[str, Address], words: Words
    ) -> Line[SheetRow]:
        """Return a row, read once as long as it, its place and the groups stay the same."""
        first = next(iter(places.values()))
        at = (kind.name, first, tuple(cells.items()), words.get("group"))
        if at not in self._lines:
            if len(self._lines) > _MOST_ROWS:
                self._lines.clear()
            self._lines[at] = read_row(kind, cells, places, words)
        return self._lines[at]


def with_draft(raw: RawReview, scope: Scope, rows: Mapping[str, SheetRows]) -> RawReview:
    """Return a review as it would be with a draft in it."""
    kept = {
        at: table
        for at, table in raw.tables.items()
        if at[0] != scope.series or (not scope.series and at[1] != scope.sheet)
    }
    drafted = tables(raw, scope, rows)
    series = {*raw.series, scope.series} if scope.series else {*raw.series}
    return replace(
        raw,
        tables={**kept, **{(scope.series, name): table for name, table in drafted.items()}},
        series=tuple(sorted(series)),
    )


def located(problem: Problem, scope: Scope) -> CellProblem:
    """Return a problem with the cells of the draft that it is about."""
    address = problem.address
    if not _is_own(address, scope):
        return CellProblem(sheet="", row=None, columns=(), problem=problem)
    sheet = address.file.rpartition("/")[2].removesuffix(".csv")
    columns = tuple(part for part in address.column.split(" and ") if part)
    upright = sheet == "series"
    row = 0 if upright else address.line - 2 if address.line > 1 else None
    return CellProblem(sheet=sheet, row=row, columns=columns, problem=problem)


def _is_own(address: Address, scope: Scope) -> bool:
    """Return whether an address lies in what is open."""
    if scope.series:
        return address.file.startswith(f"series/{scope.series}/")
    return address.file == f"{scope.sheet}.csv"
