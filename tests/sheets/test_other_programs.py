"""Workbooks that went through another program than Excel say the same, or say what it did."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

from toolkit.errors import SheetError
from toolkit.reviewing.workbooks import check_workbook, make_workbook

BASE = Path(__file__).parent / "_base"
OFFICE = shutil.which("soffice")


@pytest.fixture
def review(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BASE, tmp_path / "_base"))


def as_google_exports(path: Path) -> Path:
    """Write a workbook as Google's spreadsheets export one.

    A thousand rows of 26 styled columns whatever is filled in, no notes, no named styles, no
    lists on another sheet, whole numbers as floats, and an empty text where a cell was emptied.
    """
    made = openpyxl.load_workbook(path)
    book = Workbook()
    book.remove(book.active)
    for sheet in made.worksheets:
        copy = book.create_sheet(sheet.title)
        for row in range(1, 1001):
            for column in range(1, 27):
                cell, value = copy.cell(row, column), sheet.cell(row, column).value
                cell.font = Font(name="Arial", size=10)
                if sheet.title == "counts" and isinstance(value, str) and value.isdigit():
                    cell.value = float(value)
                    cell.number_format = "0"
                elif value is None and row < 5:
                    cell.value = ""
                else:
                    cell.value = value
    exported = path.with_name("exported.xlsx")
    book.save(exported)
    return exported


def test_what_google_exports_is_read_as_it_was(review: Path):
    path = as_google_exports(make_workbook(review, "smith-2020", review.parent / "out.xlsx"))
    assert check_workbook(review, path).changes == ()


def test_a_share_that_google_took_for_a_number_is_told_as_a_percentage(review: Path):
    path = as_google_exports(make_workbook(review, "smith-2020", review.parent / "out.xlsx"))
    book = openpyxl.load_workbook(path)
    book["counts"]["F2"].value = 0.26
    book["counts"]["F2"].number_format = "0%"
    book.save(path)
    with pytest.raises(SheetError, match=r"exported\.xlsx, sheet counts, cell F2") as refused:
        check_workbook(review, path)
    assert "26%" in str(refused.value)


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed here")
@pytest.mark.parametrize("by_way_of", ["xlsx", "ods"])
def test_what_libreoffice_saves_is_read_as_it_was(review: Path, by_way_of: str):
    path = make_workbook(review, "smith-2020", review.parent / "smith.xlsx")
    for number, kind in enumerate(dict.fromkeys((by_way_of, "xlsx"))):
        folder = review.parent / f"saved-{number}"
        subprocess.run(
            [
                str(OFFICE),
                f"-env:UserInstallation={(review.parent / 'profile').as_uri()}",
                "--headless",
                "--convert-to",
                kind,
                "--outdir",
                str(folder),
                str(path),
            ],
            check=True,
            capture_output=True,
            timeout=300,
        )
        path = folder / f"smith.{kind}"
    assert check_workbook(review, path).changes == ()
