"""A sheet as text: its heading, its rows, and where each cell stands."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.problems import Address


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
