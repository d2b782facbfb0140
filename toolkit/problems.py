"""What is said when a sheet or a paper does not hold together: addresses, problems, differences.

Knows nothing of files or rules; `toolkit.checks` makes these records and `toolkit.cli` prints them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Address:
    """Where a cell stands: a file and line, or a workbook sheet and cells.

    Attributes
    ----------
    file : str
        Path as the reader knows it, relative to the review (``series/smith-2020/counts.csv``),
        or the name of a workbook.
    line : int
        Line of the file, counted from 1 with the heading as line 1; 0 means the whole file.
    sheet : str
        Worksheet of a workbook; empty for a CSV or TOML file.
    column : str
        Name of the column or field; empty for a whole line.
    cells : str
        Spreadsheet cells (``E7``); empty for a CSV or TOML file.
    """

    file: str
    line: int = 0
    sheet: str = ""
    column: str = ""
    cells: str = ""

    def __str__(self) -> str:
        """Return the address in words, ready to stand at the head of a message."""
        if self.sheet:
            place = f"{self.file}, sheet {self.sheet}"
            if self.cells:
                noun = "cells" if any(mark in self.cells for mark in " ,:") else "cell"
                place += f", {noun} {self.cells}"
            return place
        place = self.file
        if self.line:
            place += f", line {self.line}"
        if self.column:
            place += f", {self.column}"
        return place


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """Something in a sheet that must be mended before anything is pooled from it.

    Attributes
    ----------
    address : Address
        Where it stands.
    check : str
        Identifier of the rule (``C01``), or empty for a problem of the file itself.
    context : str
        What the row is about, in the reader's words (``group all, anemia, grade >= 3``).
    what, meaning, remedy : str
        What is there, what it means, what to do: one sentence or two each.
    """

    address: Address
    check: str = ""
    context: str = ""
    what: str
    meaning: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        """Return the problem as it is told: address first, then indented sentences."""
        head = f"{self.address}   ({self.context})" if self.context else str(self.address)
        told = [line for line in (self.what, self.meaning, self.remedy) if line]
        return "\n".join([head, *(f"    {line}" for line in told)])


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Difference:
    """A place where a paper differs from itself; it is shown, and never blocks.

    Attributes
    ----------
    address : Address
        The row of the sheet that shows the difference.
    check : str
        Identifier of the rule that found it.
    series, outcome : str
        Keys of the series and, where there is one, of the outcome concerned.
    what : str
        Both readings in neutral words ("differs", never "error by").
    places : tuple of str
        The places in the paper, each as its sheet's ``where`` says it.
    """

    address: Address
    check: str
    series: str
    outcome: str = ""
    what: str
    places: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the difference as one paragraph: address, both readings, both places."""
        places = f" ({'; '.join(self.places)})" if self.places else ""
        return f"{self.address}\n    {self.what}{places}"
