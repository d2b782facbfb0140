"""Papers as PDF with text: read in a process of its own, whose time and memory are bounded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from toolkit.papers.document import Document, PaperCell, PaperTable, Row, cell, rectangle
from toolkit.papers.grid import Spanning, laid_out
from toolkit.papers.limits import PDF_SECONDS, PaperError
from toolkit.papers.readers.running_text import read_text
from toolkit.papers.readers.web_page import LABEL

_START = "from toolkit.papers.readers.pages import main; main()"


def read_pdf(path: Path) -> Document:
    """Return a paper from a PDF whose letters are text; nothing is guessed from pictures.

    Raises
    ------
    PaperError
        If the PDF is broken, encrypted or too large, holds no text, or takes too long.
    """
    found = _pages(path)
    text = "\n\n".join(str(each) for each in found["paragraphs"])
    words = read_text(text) if text.strip() else Document(form="PDF")
    tables = tuple(_table(each, number) for number, each in enumerate(found["tables"], start=1))
    if not words.paragraphs and not tables:
        raise PaperError("The PDF holds no text; a scanned one must be typed in by hand.")
    return Document(
        form="PDF",
        title=str(found.get("title") or words.title),
        paragraphs=words.paragraphs,
        tables=(*words.tables, *tables),
    )


def _pages(path: Path) -> Mapping[str, Any]:
    """Return words and tables of the pages, read in another process."""
    try:
        import pdfplumber  # noqa: F401
    except ImportError as error:
        raise PaperError(
            'Reading a PDF needs pdfplumber: pip install "series-toolkit[papers]".'
        ) from error
    known = os.pathsep.join(part for part in sys.path if part)
    try:
        done = subprocess.run(
            [sys.executable, "-c", _START, str(path.resolve())],
            capture_output=True,
            timeout=3 * PDF_SECONDS,
            env={**os.environ, "PYTHONPATH": known, "PYTHONUTF8": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PaperError(
            f"The PDF takes more than {3 * PDF_SECONDS} seconds to read, which no paper does."
        ) from error
    try:
        found = json.loads(done.stdout)
    except ValueError as error:
        raise PaperError(
            "The PDF cannot be read: it is broken, or needs too much memory."
        ) from error
    if "refused" in found:
        raise PaperError(str(found["refused"]))
    return dict(found)


def _table(found: Mapping[str, Any], number: int) -> PaperTable:
    """Return a table from what was found on a page."""
    caption = str(found["caption"])
    said = LABEL.match(caption)
    rows = [[_spanning(each) for each in row] for row in found["rows"]]
    grid = laid_out(rows)
    heads = int(found["heads"])
    label = " ".join(said[1].split()).replace("TABLE", "Table") if said else f"Table {number}"
    return PaperTable(
        label=label[:1].upper() + label[1:],
        caption=caption[said.end() :].strip() if said else caption,
        header=_rows(grid[:heads]),
        body=_rows(grid[heads:]),
        notes=tuple(str(each) for each in found["notes"]),
    )


def _rows(grid: Sequence[Row]) -> tuple[Row, ...]:
    """Return rows as they are kept."""
    return rectangle(grid) if grid else ()


def _spanning(found: Mapping[str, Any]) -> Spanning:
    """Return a cell found on a page."""
    made: PaperCell = cell(
        str(found["text"]),
        marks=[str(each) for each in found["marks"]],
        indent=int(found["indent"]),
    )
    return Spanning(cell=made, columns=int(found["columns"]), rows=int(found["rows"]))
