"""From the bytes of one file to its lines of cells, or to sentences about why not; and back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from toolkit.errors import Address, Problem


def write_table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    r"""Return the text of a sheet.

    Examples
    --------
    >>> write_table(["key", "note"], [["a", "one, two"], ["b", ""]])
    'key,note\na,"one, two"\nb,\n'
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow(heading)
    writer.writerows(rows)
    return text.getvalue()


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTable:
    """A sheet as text, read from a CSV file or from a worksheet.

    Attributes
    ----------
    file : str
        Path relative to the review, or the name of the workbook.
    heading : tuple of str
        Names of the columns as written.
    rows : tuple of (line, cells)
        Every row below the heading with the line it stands on.
    sheet : str
        Name of the worksheet; empty for a file.
    letters : tuple of str
        Letters of the worksheet's columns, in the order of the heading.
    """

    file: str
    heading: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    sheet: str = ""
    letters: tuple[str, ...] = ()

    def place(self, line: int, column: str = "", name: str = "") -> Address:
        """Return the address of a cell, or of a line; `name` is what the cell is called."""
        if not self.sheet:
            return Address(file=self.file, line=line, column=name or column)
        letter = self.letters[self.heading.index(column) if column else 0]
        return Address(
            file=self.file,
            line=line,
            sheet=self.sheet,
            column=name or column,
            cells=f"{letter}{line}",
        )

    @property
    def whole(self) -> Address:
        """The address of the sheet as a whole."""
        return Address(file=self.file, sheet=self.sheet)


LARGEST = 20_000_000
MOST_ROWS = 5_000
_MOST_COLUMNS = 200


_RESAVE = "Save it as plain CSV in UTF-8 with commas, or send the workbook to `toolkit add`."


_RESAVE_TEXT = "Save it as plain text in UTF-8."


def decode(file: str, content: bytes) -> str | Problem:
    """Return the text of a file, or the one sentence that says why it cannot be read."""
    address = Address(file=file)
    resave = _RESAVE if file.endswith(".csv") else _RESAVE_TEXT
    if len(content) > LARGEST:
        return Problem(
            address=address,
            what=f"The file has more than {LARGEST:,} bytes; no sheet is that large.",
            remedy="Put the right file in its place.",
        )
    for start, what in (
        (b"PK\x03\x04", "It is a workbook or another zip archive, not a text file."),
        (b"\xd0\xcf\x11\xe0", "It is an old Excel workbook or Word document, not a text file."),
        (b"\xff\xfe", 'It is written in UTF-16, as Excel\'s "Unicode text" is.'),
        (b"\xfe\xff", 'It is written in UTF-16, as Excel\'s "Unicode text" is.'),
        (b"\xef\xbb\xbf", "It begins with an invisible mark (a byte order mark)."),
    ):
        if content.startswith(start):
            return Problem(address=address, what=what, remedy=resave)
    if b"\0" in content:
        line = content[: content.index(b"\0")].count(b"\n") + 1
        return Problem(
            address=Address(file=file, line=line),
            what="It contains a NUL character, so it is not a text file.",
            remedy=resave,
        )
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        letter = content[error.start : error.start + 1].decode("cp1252", errors="replace")
        return Problem(
            address=Address(file=file, line=line),
            what="It is not written in UTF-8.",
            meaning=f'In the Windows encoding the letter there would be "{letter}".',
            remedy=resave,
        )


def read_csv(file: str, content: bytes) -> tuple[RawTable | None, list[Problem]]:
    """Return a sheet as text, or None, and every problem of its form."""
    text = decode(file, content)
    if isinstance(text, Problem):
        return None, [text]
    if not text.strip():
        return None, [
            Problem(
                address=Address(file=file),
                what="The file is empty.",
                remedy="Write its heading and rows, or remove the file if it is optional.",
            )
        ]
    if "\r" in text:
        line = text[: text.index("\r")].count("\n") + 1
        return None, [
            Problem(
                address=Address(file=file, line=line),
                what="Lines end as on Windows or old Macs (CR), not with LF alone.",
                remedy="Save the file with LF line ends.",
            )
        ]
    if problem := _separated_otherwise(file, text.split("\n", 1)[0]):
        return None, [problem]
    try:
        lines = list(_lines(text))
    except csv.Error as error:
        return None, [_unreadable_quotes(file, text, str(error))]
    if not lines[0][1]:
        what = "The first line is empty."
        return None, [Problem(address=Address(file=file, line=1), what=what, remedy="Remove it.")]
    if len(lines) > MOST_ROWS:
        return None, [
            Problem(
                address=Address(file=file, line=lines[MOST_ROWS][0]),
                what=f"The file has {len(lines):,} rows.",
                meaning=f"No series or review needs more than {MOST_ROWS:,}.",
                remedy="Remove the rows that hold nothing, or put the right file in its place.",
            )
        ]
    if len(lines[0][1]) > _MOST_COLUMNS:
        what = f"The heading has {len(lines[0][1]):,} columns; no sheet has that many."
        remedy = "Put the right file in its place."
        return None, [Problem(address=Address(file=file, line=1), what=what, remedy=remedy)]
    heading = tuple(lines[0][1])
    width = len(heading)
    problems = list(_row_problems(file, width, lines[1:]))
    told = {problem.address.line for problem in problems}
    rows = tuple(
        (line, tuple(row)) for line, row in lines[1:] if line not in told and len(row) == width
    )
    if not problems and (problem := _not_canonical(file, text, lines)):
        problems.append(problem)
    return RawTable(file=file, heading=heading, rows=rows), problems


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    for row in reader:
        yield start, row
        start = reader.line_num + 1


def _separated_otherwise(file: str, heading: str) -> Problem | None:
    """Return what is said of a sheet separated by semicolons or tabs."""
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        if mark in heading and "," not in heading:
            return Problem(
                address=Address(file=file, line=1),
                what=f"Cells are separated by {name}, not by commas.",
                meaning="A spreadsheet set to a country with decimal commas saves so.",
                remedy=_RESAVE,
            )
    return None


def _unreadable_quotes(file: str, text: str, reason: str) -> Problem:
    """Return what is said when quotation marks do not close."""
    line = 1
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for _ in reader:
            line = reader.line_num + 1
    except csv.Error:
        pass
    if "field larger" in reason:
        return Problem(
            address=Address(file=file, line=line),
            what="A cell of this row holds more than 100,000 characters.",
            meaning="A quotation mark may be missing, so that the rest of the file is one cell.",
            remedy="Mend the quotation marks of this row, or shorten the cell.",
        )
    return Problem(
        address=Address(file=file, line=line),
        what=f"The quotation marks of this row do not close ({reason}).",
        remedy='Inside a quoted cell write each quotation mark twice: "said ""no"" twice".',
    )


def _row_problems(file: str, width: int, lines: list[tuple[int, list[str]]]) -> Iterator[Problem]:
    """Yield what is wrong with the form of rows."""
    widths = {len(row) for _, row in lines}
    if len(lines) > 1 and len(widths) == 1 and widths != {width}:
        yield Problem(
            address=Address(file=file, line=1),
            what=f"The heading has {width} columns, but every row has {widths.pop()} cells.",
            remedy="Make them agree: a column was added or removed in one of them alone.",
        )
        return
    for line, row in lines:
        address = Address(file=file, line=line)
        if not any(cell.strip() for cell in row):
            yield Problem(address=address, what="The row is empty.", remedy="Remove it.")
        elif len(row) != width:
            hint = "A text that contains a comma must stand in quotation marks."
            yield Problem(
                address=address,
                what=f"The row has {len(row)} cells, but the heading has {width}.",
                meaning=hint if len(row) > width else "A comma is missing.",
                remedy="Mend the row; an empty cell still needs its comma.",
            )
        elif any("\n" in cell for cell in row):
            yield Problem(
                address=address,
                what="A cell of this row contains a line break.",
                remedy="Write the cell on one line.",
            )


def _not_canonical(file: str, text: str, lines: list[tuple[int, list[str]]]) -> Problem | None:
    """Return the first place where the text is not written the one way."""
    canonical = write_table(lines[0][1], [row for _, row in lines[1:]])
    if text == canonical:
        return None
    if text + "\n" == canonical:
        return Problem(
            address=Address(file=file, line=len(lines)),
            what="The last line has no line end.",
            remedy="Add a line end after the last row.",
        )
    written, wanted = text.split("\n"), canonical.split("\n")
    line = next(
        (at for at, pair in enumerate(zip(written, wanted, strict=False)) if pair[0] != pair[1]),
        min(len(written), len(wanted)),
    )
    proposal = wanted[line] if line < len(wanted) else ""
    return Problem(
        address=Address(file=file, line=line + 1),
        what="The row is not written the one way sheets are written.",
        meaning="Cells are quoted only where they contain a comma or a quotation mark.",
        remedy=f"Write: {proposal}",
    )
