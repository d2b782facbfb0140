"""Excel files of a figure: opened by another library, they hold the numbers of the CSV."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from toolkit.book.content.spreadsheet import xlsx

HEADING = ("series", "events", "share", "note")
ROWS = [("Ash", 6, 0.75, "printed “6 (75)”"), ("Fir", 0, 0.0, "=SUM(A1:A9)"), ("Oak", 3, 1 / 3, "")]


def cells(content: bytes) -> list[tuple[object, ...]]:
    (sheet,) = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    return list(sheet.iter_rows(values_only=True))


def test_numbers_come_back_as_numbers_and_no_text_runs() -> None:
    heading, *rows = cells(xlsx("shares", HEADING, ROWS))
    assert heading == HEADING
    assert [row[:3] for row in rows] == [row[:3] for row in ROWS]
    assert rows[1][3] == "'=SUM(A1:A9)"
    assert rows[2][3] in (None, "")


def test_the_heading_stays_in_view_and_a_long_name_fits() -> None:
    (sheet,) = openpyxl.load_workbook(io.BytesIO(xlsx("n" * 40, HEADING, ROWS))).worksheets
    assert sheet.freeze_panes == "B2"
    assert all(cell.font.bold for cell in sheet[1])
    assert sheet.title == "n" * 31


def test_a_file_does_not_say_when_it_was_written() -> None:
    first = xlsx("shares", HEADING, ROWS)
    assert xlsx("shares", HEADING, ROWS) == first
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        assert {entry.date_time for entry in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        said = b"".join(parts.read(name) for name in parts.namelist())
    assert set(re.findall(rb"\d{4}-\d\d-\d\dT[\d:]+Z", said)) == {b"1980-01-01T00:00:00Z"}


def test_every_workbook_of_the_book_holds_what_its_csv_holds(whole_book: Path) -> None:
    workbooks = sorted(whole_book.rglob("*.xlsx"))
    assert workbooks
    for path in workbooks:
        lines = list(csv.reader(io.StringIO(path.with_suffix(".csv").read_text("utf-8"))))
        found = cells(path.read_bytes())
        assert len(found) == len(lines), path.name
        for row, line in zip(found, lines, strict=True):
            for cell, text in zip(row, line, strict=True):
                if isinstance(cell, int | float):
                    # An Excel file keeps 16 digits.
                    assert cell == pytest.approx(float(text), rel=1e-15), path.name
                else:
                    assert (cell or "") == text, path.name
