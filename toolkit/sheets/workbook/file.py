"""Open what somebody sent as a workbook, if it is one and safe to read.

Looks at the file alone. A file that is no workbook, is locked, is far too large once unpacked or
carries programs is refused in one sentence.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from pathlib import Path
from xml.etree.ElementTree import ParseError

import defusedxml
import openpyxl
from defusedxml.common import DefusedXmlException
from openpyxl import Workbook
from openpyxl.utils.exceptions import InvalidFileException

from toolkit.errors import ToolkitError

_LARGEST = 20_000_000
_LARGEST_UNPACKED = 200_000_000
_MOST_PARTS = 2_000
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVE_AS = 'Open it and save it again as "Excel workbook (.xlsx)".'

# openpyxl reads XML through defusedxml when it is installed, and plainly when it is not.
if not openpyxl.DEFUSEDXML:
    raise ImportError(f"openpyxl must find defusedxml {defusedxml.__version__}")


def open_workbook(path: Path) -> tuple[Workbook, Workbook]:
    """Return a workbook twice: as written, and with the last results of its formulas.

    Raises
    ------
    ToolkitError
        If the file cannot be opened, is no workbook, or is not safe to read.
    """
    content = _content(path)
    _inspect(path.name, content)
    try:
        with warnings.catch_warnings():
            # openpyxl warns of looks it does not keep; a worksheet it drops is missed by name.
            warnings.simplefilter("ignore", UserWarning)
            return (
                openpyxl.load_workbook(io.BytesIO(content)),
                openpyxl.load_workbook(io.BytesIO(content), data_only=True),
            )
    except (
        InvalidFileException,
        KeyError,
        ValueError,
        TypeError,
        IndexError,
        AttributeError,
        ParseError,
        OSError,
        EOFError,
        zipfile.BadZipFile,
    ) as error:
        if isinstance(error, DefusedXmlException) or isinstance(
            error.__cause__, DefusedXmlException
        ):
            raise ToolkitError(
                f"{path.name} contains instructions to unfold other text (XML entities). "
                "No spreadsheet writes those, so it is not read."
            ) from error
        raise ToolkitError(
            f"{path.name} is damaged: a spreadsheet program may repair it. {_SAVE_AS}"
        ) from error


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
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise ToolkitError(f"{name} is not a workbook. {_SAVE_AS}") from error
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        kind = "a Word document" if "word/document.xml" in names else "another kind of archive"
        raise ToolkitError(f"{name} is {kind}, not a workbook. {_SAVE_AS}")
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > _MOST_PARTS or unpacked > _LARGEST_UNPACKED:
        raise ToolkitError(
            f"{name} would unfold to {unpacked:,} bytes in {len(parts):,} parts; the workbook of "
            "one series is never that large, so it is not read."
        )
    if any(part.endswith("vbaProject.bin") for part in names):
        raise ToolkitError(f"{name} carries programs (macros). {_SAVE_AS}")
