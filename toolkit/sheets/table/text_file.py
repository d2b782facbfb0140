"""A text file as grids: its encoding, and one grid for each mark that may stand between cells."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from toolkit.errors import Address, Problem, SheetError
from toolkit.sheets.table.grid import MOST_COLUMNS, MOST_ROWS, TextGrid

MARKS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright strokes"}
"""What may stand between cells, with its name."""

_BYTE_ORDER = (
    (b"\xef\xbb\xbf", "utf-8", "UTF-8"),
    (b"\xff\xfe\x00\x00", "utf-32", "UTF-32"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)
_NOT_TEXT = (
    (b"%PDF", "It is a PDF, not a table.", "Copy its table into a spreadsheet first."),
    (b"\x1f\x8b", "It is a compressed file.", "Unpack it first; from R save with write.csv()."),
    (
        b"RDX",
        "It is a data file of R.",
        "In R: write.csv(your_data, 'file.csv', row.names = FALSE).",
    ),
    (b"<", "It is a page of markup, not a table.", "Open it in a spreadsheet and save it as CSV."),
    (b"{", "It is JSON, not a table.", "Save the table as CSV."),
)
_SEPARATOR_LINE = re.compile(r'\ufeff?"?sep=(?P<mark>.)"?\r?\n?', re.IGNORECASE)
_STROKES = re.compile(r":?-*:?")
_INNER_ROW = re.compile(r"[\r\n].*\d")


def grids(file: str, content: bytes) -> list[TextGrid]:
    """Return a text file as a grid under each mark that its cells may be separated by.

    Raises
    ------
    SheetError
        If it is no text, or its quotation marks do not close under any mark.
    """
    text, encoding, remarks = _text(file, content)
    start, marks = 1, tuple(mark for mark in MARKS if mark in text)
    if said := _SEPARATOR_LINE.match(text):
        start, marks, text = 2, (said["mark"],), text[said.end() :]
    # A column of names alone has no mark: it is a table of one column.
    marks = marks or (",",)
    found, refused = [], []
    for mark in marks:
        name = MARKS.get(mark, f'"{mark}"')
        try:
            rows = tuple(_rows(file, text, mark, start))
        except SheetError as refusal:
            refused.append(refusal)
            continue
        form = f"text, cells between {name}, {encoding}"
        found.append(TextGrid(file=file, form=form, rows=rows, remarks=remarks))
    if not found:
        raise refused[0]
    return found


def _text(file: str, content: bytes) -> tuple[str, str, tuple[str, ...]]:
    """Return the text of a file, its encoding in words, and what must be said of it."""
    for start, what, remedy in _NOT_TEXT:
        if content.lstrip()[: len(start)] == start:
            raise SheetError([Problem(address=Address(file=file), what=what, remedy=remedy)])
    for start, codec, name in _BYTE_ORDER:
        if content.startswith(start):
            return _decoded(file, content, "utf-8-sig" if codec == "utf-8" else codec), name, ()
    if content.count(b"\0") > len(content) // 4:
        codec = (
            "utf-16-le" if content[1::2].count(b"\0") > content[::2].count(b"\0") else "utf-16-be"
        )
        return _decoded(file, content, codec), "UTF-16", ()
    if b"\0" in content:
        line = content[: content.index(b"\0")].count(b"\n") + 1
        raise SheetError(
            [
                Problem(
                    address=Address(file=file, line=line),
                    what="It contains a NUL character, so it is not a text file.",
                    remedy="Save the table again as CSV.",
                )
            ]
        )
    try:
        return content.decode("utf-8"), "UTF-8", ()
    except UnicodeDecodeError:
        text = _decoded(file, content, "cp1252")
        word = next(word for word in re.split(r"[\s,;|]+", text) if not word.isascii())
        return (
            text,
            "Windows-1252",
            (
                "The file is not in UTF-8 and was read in the Windows encoding of western Europe: "
                f'see that names such as "{word}" are right, or save the file as UTF-8.',
            ),
        )


def _decoded(file: str, content: bytes, codec: str) -> str:
    try:
        text = content.decode(codec)
    except UnicodeDecodeError as failure:
        line = content[: failure.start].count(b"\n") + 1
        raise SheetError(
            [
                Problem(
                    address=Address(file=file, line=line),
                    what="Its letters are in no encoding that is known here.",
                    meaning=f"Tried last: {failure.encoding}.",
                    remedy="Save the table as CSV in UTF-8.",
                )
            ]
        ) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise SheetError(
            [
                Problem(
                    address=Address(file=file, line=line),
                    what="It contains a NUL character, so it is not a text file.",
                    remedy="Save the table again as CSV.",
                )
            ]
        )
    return text


def _rows(file: str, text: str, mark: str, start: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield each record with its line; a quotation mark that swallows a row is refused."""
    if mark in '\r\n"':
        raise SheetError([_no_mark(file, mark)])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    line = start
    try:
        for number, row in enumerate(reader):
            if number >= MOST_ROWS or len(row) > MOST_COLUMNS:
                raise SheetError([_too_large(file)])
            for cell in row:
                if mark in cell and _INNER_ROW.search(cell):
                    raise SheetError([_swallowed(file, line)])
            cells = tuple(" ".join(cell.split()) for cell in row)
            # The line of strokes under the heading of a table in Markdown.
            if mark != "|" or not all(_STROKES.fullmatch(cell) for cell in cells):
                yield line, cells
            line = start + reader.line_num
    except csv.Error as failure:
        raise SheetError([_swallowed(file, line, str(failure))]) from None


def _swallowed(file: str, line: int, reason: str = "a cell holds whole lines") -> Problem:
    return Problem(
        address=Address(file=file, line=line),
        what=f"The quotation marks of this row do not close ({reason}).",
        meaning="The rows below it would be read as one cell.",
        remedy='Inside a quoted cell write each quotation mark twice: "said ""no"" twice".',
    )


def _too_large(file: str) -> Problem:
    return Problem(
        address=Address(file=file),
        what=f"It has more than {MOST_ROWS:,} rows or {MOST_COLUMNS:,} columns.",
        meaning="A table of studies is never that large.",
        remedy="Keep one row per study, and only the columns that are needed.",
    )


def _no_mark(file: str, mark: str) -> Problem:
    return Problem(
        address=Address(file=file, line=1),
        what=f"The first line names {mark!r} as what stands between cells.",
        remedy="Name a comma, a semicolon or a tab, or remove the line.",
    )
