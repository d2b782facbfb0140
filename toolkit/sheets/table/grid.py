"""A file as a grid of cells in text, whatever it was written with."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.errors import Address

MOST_ROWS = 20_000
MOST_COLUMNS = 400
MOST_BYTES = 20_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TextGrid:
    """Cells as text, row by row.

    Attributes
    ----------
    file, sheet : str
        Name of the file and of the worksheet, if it has any.
    form : str
        How the file is written, in words.
    rows : tuple of (line, cells)
        Rows with the line on which each begins; rows may differ in length.
    remarks : tuple of str
        What has to be known of the reading: an encoding that was guessed, hidden rows.
    ragged : bool
        Whether a row of another length than its heading is a fault: true of text files, in which
        a mark between cells may be missing.
    """

    file: str
    sheet: str = ""
    form: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    remarks: tuple[str, ...] = ()
    ragged: bool = True

    def place(self, line: int, column: int | None = None, name: str = "") -> Address:
        """Return the address of a line, or of one of its cells counted from 0."""
        if not self.sheet:
            return Address(file=self.file, line=line, column=name)
        letters = "A" if column is None else letter(column)
        return Address(
            file=self.file, line=line, sheet=self.sheet, column=name, cells=f"{letters}{line}"
        )


def letter(column: int) -> str:
    """Return the letters of a column counted from 0.

    Examples
    --------
    >>> letter(0), letter(25), letter(26)
    ('A', 'Z', 'AA')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
