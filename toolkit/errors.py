"""The errors the toolkit raises, one ancestor, and what they carry: problems and addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import groupby


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

    def below(self, folder: str) -> Problem:
        """Return the problem with its file named from the folder above, as a reader knows it."""
        return replace(self, address=replace(self.address, file=f"{folder}/{self.address.file}"))

    def __str__(self) -> str:
        """Return the problem as it is printed: address first, then indented sentences."""
        head = f"{self.address}   ({self.context})" if self.context else str(self.address)
        told = [line for line in (self.what, self.meaning, self.remedy) if line]
        return "\n".join([brief(head), *(f"    {brief(line)}" for line in told)])


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


_ALIKE = 3
"""From so many on, problems that read the same are shown as one."""
_MOST_MESSAGES = 200
_LONGEST = 1_500
_MOST_PLACES = 12


def in_words(problems: Sequence[Problem]) -> str:
    """Return problems in words, each message once: at its first place, then where else it holds.

    A file that is wrong throughout would otherwise hide its other problems behind copies of one.
    """
    alike: dict[tuple[str, ...], list[Problem]] = {}
    for each in problems:
        alike.setdefault(_message(each), []).append(each)
    shown: list[tuple[Problem, ...]] = []
    for each in problems:
        group = alike[_message(each)]
        if len(group) < _ALIKE:
            shown.append((each,))
        elif each is group[0]:
            shown.append(tuple(group))
    told = [_once(group) for group in shown[:_MOST_MESSAGES]]
    if rest := sum(map(len, shown[_MOST_MESSAGES:])):
        told.append(f"And {rest:,} more of other kinds: they are shown once these are mended.")
    count = len(problems)
    return "\n\n".join([*told, f"{count:,} problem{'' if count == 1 else 's'}."])


def _message(problem: Problem) -> tuple[str, ...]:
    """Return what problems that read the same have in common."""
    each = problem
    return each.check, each.address.column, each.what, each.meaning, each.remedy


def _once(alike: Sequence[Problem]) -> str:
    """Return the first of some problems that read the same, with the places of the others."""
    first, *others = alike
    if not others:
        return str(first)
    places = []
    for file, sheet in dict.fromkeys((each.address.file, each.address.sheet) for each in others):
        there = [
            each.address
            for each in others
            if (each.address.file, each.address.sheet) == (file, sheet)
        ]
        here = (file, sheet) == (first.address.file, first.address.sheet)
        places.append(("" if here else f"{file} ") + _places(there))
    if len(places) > _MOST_PLACES:
        places = [*places[:_MOST_PLACES], f"{len(others)} places in all"]
    return f"{first}\n    The same: {'; '.join(places)}."


def _places(addresses: Sequence[Address]) -> str:
    """Return where in one sheet some problems stand; neighbours are named by their ends."""
    cells = [each.cells for each in addresses]
    letters = {cell.rstrip("0123456789") for cell in cells}
    if len(letters) > 1 or not all(not cell or cell.isalnum() for cell in cells):
        return f"cells {', '.join(cells[:_MOST_PLACES])}" + (
            f" ({len(cells)} in all)" if len(cells) > _MOST_PLACES else ""
        )
    lines = sorted({each.line for each in addresses})
    if lines == [0]:
        return "the whole file"
    letter = letters.pop()
    # Line minus place is the same along a run of neighbours.
    runs = [
        [line for _, line in run]
        for _, run in groupby(enumerate(lines), lambda pair: pair[1] - pair[0])
    ]
    named = [
        f"{letter}{run[0]}" if len(run) == 1 else f"{letter}{run[0]} to {letter}{run[-1]}"
        for run in runs[:_MOST_PLACES]
    ]
    noun = "cell" if letter else "line"
    more = f" ({len(lines)} in all)" if len(runs) > _MOST_PLACES else ""
    return f"{noun}{'' if len(lines) == 1 else 's'} {', '.join(named)}{more}"


def brief(text: str) -> str:
    """Return a text as it is, or its beginning where it is too long to be read on a screen.

    Examples
    --------
    >>> brief("short"), len(brief("9" * 100_000)) < 2_000
    ('short', True)
    """
    if len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST // 2]} ... ({len(text):,} characters) ... {text[-_LONGEST // 4 :]}"


def failure_in_words(error: OSError) -> str:
    """Return what the machine could not do, in one sentence: a full disk, a file in use.

    Examples
    --------
    >>> failure_in_words(OSError(28, "No space left on device", "book/page.html"))
    'book/page.html: no space left on device. Nothing half-written is kept as if it were whole.'
    """
    # Copying a folder collects what failed as (from, to, why), one for each file.
    first = error.args[0] if error.args else ""
    if isinstance(first, list) and first and isinstance(first[0], tuple):
        *_, place, why = first[0]
    else:
        place, why = error.filename or "", error.strerror or str(error)
    reason = re.sub(r"\[Errno [0-9]+\] ", "", str(why)) or "the file could not be used"
    told = f"{place}: {reason[:1].lower()}{reason[1:]}" if place else reason
    return f"{brief(told.rstrip('.'))}. Nothing half-written is kept as if it were whole."


class ToolkitError(Exception):
    """Anything the toolkit refuses to do, in one plain paragraph."""


class SheetError(ToolkitError):
    """Sheets that cannot be used as they stand; carries every problem found in them.

    Parameters
    ----------
    problems : iterable of Problem
        All problems, in the order in which they are to be read.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(in_words(self.problems))


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
        near = get_close_matches(str(value)[:80], self.choices, n=1, cutoff=0.5)
        hint = f' Did you mean "{near[0]}"?' if near else ""
        listed = ", ".join(self.choices) if self.choices else "none here"
        super().__init__(f'{name}="{brief(str(value))}" is not known.{hint} Choices: {listed}.')
