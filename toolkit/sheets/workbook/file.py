"""Open what somebody sent as a workbook, if it is one and safe to read.

Looks at the file alone. A file that is no workbook, is locked, is far too large once unpacked or
carries programs is refused in one sentence.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from pathlib import Path

import defusedxml
import openpyxl
from openpyxl import Workbook

from toolkit.errors import ToolkitError
from toolkit.sheets.workbook.budget import Damaged, check_budget

_LARGEST = 20_000_000
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVE_AS = 'Open it and save it again as "Excel workbook (.xlsx)".'

# openpyxl reads XML through defusedxml when it is installed, and plainly when it is not.
if not openpyxl.DEFUSEDXML:
    raise ImportError(f"openpyxl must find defusedxml {defusedxml.__version__}")


def open_workbook(path: Path) -> tuple[Workbook, Workbook]:
    """Return a workbook twice: as written, and with the last results of its formulas.

    Where it has no formula the two are one and the same. This is the one place where whatever a
    file may do to its reader becomes a sentence.

    Raises
    ------
    ToolkitError
        If the file cannot be opened, is no workbook, is not safe to read or asks too much.
    """
    content = _content(path)
    _inspect(path.name, content)
    try:
        with warnings.catch_warnings():
            # openpyxl warns of looks it does not keep; a worksheet it drops is missed by name.
            warnings.simplefilter("ignore", UserWarning)
            written = openpyxl.load_workbook(io.BytesIO(content), keep_links=False)
            if not _has_formulas(written):
                return written, written
            results = openpyxl.load_workbook(io.BytesIO(content), keep_links=False, data_only=True)
            return written, results
    # A file may break a reader in any way: openpyxl lets every kind of error through.
    except Exception as error:
        raise _damaged(path.name, "its parts do not fit together") from error


def _has_formulas(book: Workbook) -> bool:
    """Return whether any cell is a formula."""
    cells = (cell for sheet in book.worksheets for cell in sheet._cells.values())
    return any(cell.data_type == "f" for cell in cells)


def _damaged(name: str, what: str) -> ToolkitError:
    """Return the refusal of a workbook that is broken."""
    return ToolkitError(
        f"{name} is damaged ({what}): a spreadsheet program may repair it. {_SAVE_AS}"
    )


def _content(path: Path) -> bytes:
    """Return the bytes of a file of reasonable size."""
    if not path.is_file():
        raise ToolkitError(f"There is no file {path}.")
    try:
        size = path.stat().st_size
        if size > _LARGEST:
            raise ToolkitError(
                f"{path.name} has {size:,} bytes; the workbook of one series is never that large."
            )
        return path.read_bytes()
    except OSError as error:
        raise ToolkitError(f"{path.name} cannot be opened: {error.strerror}.") from error


def _inspect(name: str, content: bytes) -> None:
    """Refuse what is not a plain workbook, before anything is unpacked."""
    if not content:
        raise ToolkitError(f"{name} is empty.")
    if content.startswith(_OLD_OFFICE):
        if _ENCRYPTED in content:
            raise ToolkitError(
                f"{name} is locked with a password. Remove the password and save it again."
            )
        raise ToolkitError(f"{name} is an old Office file (.xls, .doc). {_SAVE_AS}")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    # zipfile raises whatever the bytes of a broken directory make it stumble over.
    except Exception as error:
        raise ToolkitError(f"{name} is not a workbook. {_SAVE_AS}") from error
    with archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" not in names:
            kind = "a Word document" if "word/document.xml" in names else "another kind of archive"
            raise ToolkitError(f"{name} is {kind}, not a workbook. {_SAVE_AS}")
        if any(part.endswith("vbaProject.bin") for part in names):
            raise ToolkitError(f"{name} carries programs (macros). {_SAVE_AS}")
        try:
            check_budget(name, archive)
        except Damaged as error:
            raise _damaged(name, str(error)) from error
