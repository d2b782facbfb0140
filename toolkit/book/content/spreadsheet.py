"""A table as a file, CSV or Excel: the same bytes from the same cells."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from toolkit.results.tables import harmless

_WIDEST = 60
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def csv_text(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a CSV with LF line ends; text that would run as a formula gets an apostrophe."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return target.getvalue()


def xlsx(name: str, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return an Excel file of one sheet: the heading stays in view, columns fit what they hold.

    Text that would run as a formula is preceded by an apostrophe.
    """
    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise AssertionError("a new workbook has a sheet")
    sheet.title = name[:31]
    sheet.append(list(heading))
    for row in rows:
        sheet.append([harmless(cell) for cell in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "B2"
    for place, column in enumerate(sheet.columns, start=1):
        widest = max(len(str(cell.value or "")) for cell in column)
        sheet.column_dimensions[get_column_letter(place)].width = min(widest, _WIDEST) + 2
    written = io.BytesIO()
    book.save(written)
    return _without_clock(written.getvalue())


def _without_clock(content: bytes) -> bytes:
    """Return an Excel file that does not say when it was written."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in sorted(old.namelist()):
            part = old.read(name)
            if name == "docProps/core.xml":
                part = _MOMENT.sub(b"1980-01-01T00:00:00Z", part)
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, part)
    return target.getvalue()
