"""The errors the toolkit raises, one ancestor, and what they carry: problems and addresses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


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


class ToolkitError(Exception):
    """Anything the toolkit refuses to do, told in one plain paragraph."""


class SheetError(ToolkitError):
    """Sheets that cannot be used as they stand; carries every problem found in them.

    Parameters
    ----------
    problems : iterable of Problem
        All problems, in the order in which they are to be told.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        told = "\n\n".join(str(problem) for problem in self.problems)
        super().__init__(f"{told}\n\n{count} problem{'' if count == 1 else 's'}.")


class ChoiceError(ToolkitError):
    """A word that is not among the choices; names the nearest one and all of them.

    Parameters
    ----------
    name : str
        What was being chosen, as the caller wrote it (``tau2``, ``outcome``).
    value : object
        What was given.
    choices : sequence of str
        The words that would have been understood.
    """

    def __init__(self, name: str, value: object, choices: Sequence[str]) -> None:
        self.name = name
        self.value = value
        self.choices = tuple(choices)
        near = get_close_matches(str(value), self.choices, n=1, cutoff=0.5)
        hint = f' Did you mean "{near[0]}"?' if near else ""
        listed = ", ".join(self.choices) if self.choices else "none here"
        super().__init__(f'{name}="{value}" is not known.{hint} Choices: {listed}.')
