"""A worksheet as a grid: XLSX through openpyxl, ODS from its XML."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from toolkit.errors import Address, ChoiceError, Problem, SheetError, ToolkitError
from toolkit.sheets.table.grid import MOST_COLUMNS, MOST_ROWS, TextGrid
from toolkit.sheets.workbook.file import open_workbook

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_LARGEST_XML = 40_000_000
DATE_MARK = "a date, "
"""How the text of a cell begins that a spreadsheet program has turned into a date."""


def xlsx_grids(path: Path, sheet: str | None) -> list[TextGrid]:
    """Return the visible worksheets of a workbook, or the one that is named."""
    written, last = open_workbook(path)
    names = [each.title for each in written.worksheets if each.sheet_state == "visible"]
    found = []
    for name in _asked(names, [each.title for each in written.worksheets], sheet):
        remarks = _hidden(written[name])
        rows = tuple(_xlsx_rows(path.name, written[name], last[name]))
        form = "workbook (XLSX)"
        found.append(
            TextGrid(
                file=path.name, sheet=name, form=form, rows=rows, remarks=remarks, ragged=False
            )
        )
    return found


def _asked(visible: list[str], every: list[str], sheet: str | None) -> list[str]:
    if sheet is None:
        return visible
    if sheet not in every:
        raise ChoiceError("sheet", sheet, every)
    return [sheet]


def _hidden(sheet: Any) -> tuple[str, ...]:
    """Return what must be said of rows and columns that a reader of the file does not see."""
    rows = [n for n, each in sheet.row_dimensions.items() if each.hidden and n <= sheet.max_row]
    columns = [n for n, each in sheet.column_dimensions.items() if each.hidden]
    remarks = []
    if rows:
        listed = ", ".join(map(str, sorted(rows)[:8]))
        remarks.append(f"Hidden rows are read like all others: {listed}.")
    if columns:
        remarks.append(f"Hidden columns are read like all others: {', '.join(sorted(columns))}.")
    return tuple(remarks)


def _xlsx_rows(file: str, written: Any, last: Any) -> Iterator[tuple[int, tuple[str, ...]]]:
    if written.max_row > MOST_ROWS or written.max_column > MOST_COLUMNS:
        raise SheetError([_too_large(file, written.title)])
    pairs = zip(written.iter_rows(), last.iter_rows(), strict=False)
    for line, (cells, results) in enumerate(pairs, written.min_row):
        row = tuple(
            _xlsx_text(file, written.title, cell, result.value)
            for cell, result in zip(cells, results, strict=False)
        )
        yield line, row


def _xlsx_text(file: str, sheet: str, cell: Any, result: Any) -> str:
    """Return a cell as text, with a percent sign where it is shown as a percentage."""
    if result is None and cell.value is not None:
        raise SheetError(
            [
                Problem(
                    address=Address(file=file, sheet=sheet, line=cell.row, cells=cell.coordinate),
                    what="The cell holds a formula whose result was never saved.",
                    remedy="Open the file in a spreadsheet program, save it there and try again.",
                )
            ]
        )
    return as_text(result, percent="%" in str(getattr(cell, "number_format", "")))


def as_text(value: Any, *, percent: bool = False) -> str:
    """Return a value of a spreadsheet as a person would type it.

    Examples
    --------
    >>> as_text(12.0), as_text(0.13, percent=True), as_text(datetime(2024, 3, 12))
    ('12', '13%', 'a date, 2024-03-12')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float | int):
        number = 100 * value if percent else value
        text = f"{number:.15g}"
        if "e" in text:
            text = repr(value)
        return f"{text}%" if percent else text
    if isinstance(value, datetime):
        return f"{DATE_MARK}{value.date().isoformat()}"
    if isinstance(value, date | time):
        return f"{DATE_MARK}{value.isoformat()}"
    return " ".join(str(value).split())


def ods_grids(path: Path, content: bytes, sheet: str | None) -> list[TextGrid]:
    """Return the tables of an OpenDocument spreadsheet, or the one that is named.

    Raises
    ------
    ToolkitError
        If the file is damaged, locked, or would unfold beyond measure.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if archive.getinfo("content.xml").file_size > _LARGEST_XML:
                raise SheetError([_too_large(path.name, "")])
            xml = archive.read("content.xml")
        tree = fromstring(xml, forbid_dtd=True)
    except SheetError:
        raise
    except (
        KeyError,
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        ParseError,
        DefusedXmlException,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
        EOFError,
        LookupError,
        zlib.error,
    ) as failure:
        raise ToolkitError(
            f"{path.name} is damaged or locked: a spreadsheet program may repair it. "
            "Open it there and save it again."
        ) from failure
    tables = {
        each.get(f"{_TABLE}name", f"Sheet{at}"): each
        for at, each in enumerate(tree.iter(f"{_TABLE}table"), 1)
    }
    return [
        TextGrid(
            file=path.name,
            sheet=name,
            form="OpenDocument spreadsheet (ODS)",
            rows=tuple(_ods_rows(path.name, name, tables[name])),
            ragged=False,
        )
        for name in _asked(list(tables), list(tables), sheet)
    ]


def _ods_rows(file: str, name: str, table: Element) -> Iterator[tuple[int, tuple[str, ...]]]:
    line = 1
    for row in table.iter(f"{_TABLE}table-row"):
        cells = _ods_cells(file, name, row)
        times = _times(row, f"{_TABLE}number-rows-repeated")
        if any(cells):
            if line + times > MOST_ROWS:
                raise SheetError([_too_large(file, name)])
            for again in range(times):
                yield line + again, cells
        line += times


def _ods_cells(file: str, name: str, row: Element) -> tuple[str, ...]:
    cells: list[str] = []
    waiting = 0
    for cell in row:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        times = _times(cell, f"{_TABLE}number-columns-repeated")
        text = _ods_text(cell)
        if not text:
            waiting += times
            continue
        if len(cells) + waiting + times > MOST_COLUMNS:
            raise SheetError([_too_large(file, name)])
        cells += [""] * waiting + [text] * times
        waiting = 0
    return tuple(cells)


def _times(element: Element, attribute: str) -> int:
    text = element.get(attribute, "1")
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def _ods_text(cell: Element) -> str:
    """Return a cell as text: its number as stored, its date as one, its words otherwise."""
    kind = cell.get(f"{_OFFICE}value-type", "")
    value = cell.get(f"{_OFFICE}value", "")
    if kind in ("float", "percentage", "currency") and value:
        try:
            return as_text(float(value), percent=kind == "percentage")
        except ValueError:
            return value
    if kind == "date":
        return f"{DATE_MARK}{cell.get(f'{_OFFICE}date-value', '')}"
    if kind == "boolean":
        return cell.get(f"{_OFFICE}boolean-value", "").upper()
    paragraphs = ["".join(each.itertext()) for each in cell.iter(f"{_TEXT}p")]
    return " ".join(" ".join(paragraphs).split())


def _too_large(file: str, sheet: str) -> Problem:
    return Problem(
        address=Address(file=file, sheet=sheet),
        what=f"It has more than {MOST_ROWS:,} rows or {MOST_COLUMNS:,} columns.",
        meaning="No table of studies is that large; it may be a stray cell far below or right.",
        remedy="Copy the table alone into a new file.",
    )
