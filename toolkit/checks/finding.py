"""How a rule says what it found: a problem to mend, or a difference the paper holds itself.

One pattern serves every rule about numbers that contradict each other. A contradiction may be a
slip of the extraction or may stand in the paper. The sheet decides: where the note of a row
concerned names one of the contradicting numbers, the reviewer has seen it and the finding is a
`Difference`, which is shown and blocks nothing; otherwise it is a `Problem` that asks to look
again. A note about something else does not count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from toolkit.errors import Difference, Problem
from toolkit.review.words import GRADES
from toolkit.sheets.records import Line, SeriesSheets, Sheets
from toolkit.sheets.schema.series_rows import CountRow

Mistake = tuple[tuple[str, ...], str, str, str]
"""Columns concerned, what is there, what it means, what to do."""

CheckResult = Problem | Difference
Rule = Callable[[Sheets], Iterator[CheckResult]]

ACKNOWLEDGE = "If the paper really prints it so, say so in note and name the number there."


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Numbers that cannot all hold, in both wordings.

    Attributes
    ----------
    what, meaning, look : str
        The problem: what is there, what it means, where to look again.
    neutral : str
        The difference in neutral words.
    numbers : tuple of str
        The contradicting numbers, one of which an acknowledging note names.
    columns : tuple of str
        Cells of the first row that the problem points at.
    """

    what: str
    meaning: str
    look: str
    neutral: str
    numbers: tuple[str, ...]
    columns: tuple[str, ...] = ("events",)


def contradiction(
    check: str,
    sheets: Sheets,
    series: SeriesSheets,
    lines: Iterable[Line[CountRow]],
    found: Contradiction,
) -> CheckResult:
    """Return a contradiction between rows as a difference if a note names it, else a problem."""
    rows = list(lines)
    first = rows[0]
    if any(names(line.row.note, found.numbers) for line in rows):
        return Difference(
            address=first.at(),
            check=check,
            series=series.key,
            outcome=first.row.outcome,
            what=found.neutral,
            places=tuple(dict.fromkeys(line.row.where for line in rows)),
        )
    return Problem(
        address=first.at(*found.columns),
        check=check,
        context=about(sheets, first.row),
        what=found.what,
        meaning=found.meaning,
        remedy=f"{found.look} {ACKNOWLEDGE}",
    )


def names(note: str, numbers: Iterable[str]) -> bool:
    """Return whether a note names one of some numbers, as a number of its own.

    Examples
    --------
    >>> names("the paper prints 8 %, which is 3/38", ["8"]), names("28 patients", ["8"])
    (True, False)
    """
    return any(
        re.search(rf"(?<![0-9.]){re.escape(number)}(?![0-9]|\.[0-9])", note) for number in numbers
    )


def about(sheets: Sheets, row: CountRow) -> str:
    """Return what a row of counts is about, in the reader's words."""
    outcome = sheets.protocol.outcomes.get(row.outcome)
    label = outcome.label if outcome else row.outcome
    window = sheets.protocol.windows.get(row.window, row.window)
    parts = (
        f"group {row.group}" if row.group else "",
        label,
        GRADES.get(row.grade, ""),
        window,
    )
    return ", ".join(part for part in parts if part)


def possible(row: CountRow) -> bool:
    """Return whether a row gives events and a total that can be: all further rules need that."""
    return row.events is not None and row.total is not None and row.events.high <= row.total


def listed(numbers: tuple[int, ...]) -> str:
    """Return whole numbers in words; a long row of neighbours is named by its ends.

    Examples
    --------
    >>> listed((10, 11)), listed((104, 105, 106, 107))
    ('10 and 11', '104 to 107')
    """
    if len(numbers) > 3:
        return f"{numbers[0]} to {numbers[-1]}"
    *most, last = map(str, numbers)
    return f"{', '.join(most)} and {last}" if most else last
