"""Two extractions of one series: a second workbook beside the draft, and what is to be decided."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from toolkit.desk.open_sheet import OpenSheet
from toolkit.desk.sheet_draft import SheetDraft, SheetRows, tables
from toolkit.errors import SheetError, ToolkitError
from toolkit.review.words import people
from toolkit.reviewing.recording import protocol_of
from toolkit.sheets.comparison import compare
from toolkit.sheets.csv_files import RawTable
from toolkit.sheets.reconcile import merged, questions
from toolkit.sheets.records import review_schema
from toolkit.sheets.workbook.read import read_workbook
from toolkit.sheets.workbook.template import TO_DECIDE


def with_second_reading(opened: OpenSheet, workbook: bytes) -> int:
    """Put a second extractor's workbook beside the draft and return how many cells differ.

    The draft then holds the rows that either of them has, and a sheet on which every difference is
    decided; nothing can be recorded before all are.

    Raises
    ------
    SheetError
        With what a spreadsheet did to the workbook.
    ToolkitError
        If it is no workbook of this series, or the two do not name two extractors.
    """
    schema = review_schema(protocol_of(opened.raw))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "second.xlsx"
        path.write_bytes(workbook)
        second = read_workbook(path, schema)
    here = (opened.raw.key, opened.scope.series)
    if (second.review, second.series) != here:
        raise ToolkitError(
            f"The workbook is about {second.series} of {second.review}, "
            f"and this is {here[1]} of {here[0]}."
        )
    if second.problems:
        raise SheetError(second.problems)
    with opened.lock:
        own = tables(opened.raw, opened.scope, opened.draft.rows)
        names = [_extractor(own), _extractor(second.tables)]
        first, other = ({name.casefold() for name in people(each)} for each in names)
        if not first or not other or other <= first:
            raise ToolkitError(
                f'This sheet is extracted by "{names[0]}" and the workbook by "{names[1]}". '
                "Two people extract, each on their own: fill in extracted_by on the sheet series."
            )
        comparison = compare(opened.scope.series, schema, own, second.tables)
        rows = {name: _rows(table) for name, table in merged(schema, own, second.tables).items()}
        rows["series"] = tuple({**row, "checked_by": names[1]} for row in rows["series"])
        asked = questions(schema, comparison, own, second.tables, "; ".join(names))
        rows[TO_DECIDE] = _rows(asked)

        def together(draft: SheetDraft) -> SheetDraft:
            return replace(draft, rows={**draft.rows, **rows})

        opened.change(opened.version, together)
    return len(asked.rows)


def _extractor(held: dict[str, RawTable] | object) -> str:
    """Return who extracted, as the sheet of the series says it."""
    table = held.get("series") if isinstance(held, dict) else None
    found = {cells[0]: cells[1] for _, cells in table.rows} if table else {}
    return str(found.get("extracted_by", ""))


def _rows(table: RawTable) -> SheetRows:
    """Return a table as rows by column."""
    if table.heading == ("field", "value"):
        return ({cells[0]: cells[1] for _, cells in table.rows},)
    return tuple(dict(zip(table.heading, cells, strict=True)) for _, cells in table.rows)
