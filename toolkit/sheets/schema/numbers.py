"""What cells with numbers may hold: counts, ranges of events, percentages, ages in years."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from toolkit.sheets.schema.cells import SPAN, WHOLE, CellKind, Span, Trouble, Words

_DATE = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}.*"
    r"|[0-9]{1,2}[-./ ](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?.*"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-./ ][0-9]{1,4}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole(CellKind):
    """A whole number of patients (or a year) from `least` to `most`."""

    least: int = 0
    most: int = 9_999_999
    check: str = "C01"

    @property
    def empty(self) -> None:
        """An empty cell states no number."""
        return None

    def convert(self, text: str, column: str, words: Words) -> int:
        """Return the number."""
        if not WHOLE.fullmatch(text):
            raise not_whole(text, column, " of patients" if self.check else "")
        number = int(text)
        if not self.least <= number <= self.most:
            limit = f"at least {self.least}" if number < self.least else f"at most {self.most}"
            raise Trouble(
                f"{column} is {number}, but it must be {limit}.",
                remedy="Look at the paper again.",
                check=self.check,
            )
        return number

    def json_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the cell's text."""
        return {"type": "string", "pattern": f"^(?:{WHOLE.pattern})?$"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Events(CellKind):
    """A whole number of patients, or `low..high` where the paper leaves it undecided."""

    @property
    def empty(self) -> None:
        """An empty cell states no number."""
        return None

    def convert(self, text: str, column: str, words: Words) -> Span:
        """Return the admissible numbers."""
        if WHOLE.fullmatch(text):
            return Span(int(text), int(text))
        ends = SPAN.fullmatch(text)
        if ends is None or not all(WHOLE.fullmatch(end) for end in ends.groups()):
            raise not_whole(text, column)
        low, high = int(ends[1]), int(ends[2])
        if low >= high:
            raise Trouble(
                f"{column} is {text}, but the first number of a range must be the smaller one.",
                remedy=f"Write {high}..{low}." if low > high else f"Write {low}.",
                check="C01",
            )
        return Span(low, high)

    def json_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the cell's text."""
        return {"type": "string", "pattern": r"^(?:[0-9]+(?:\.\.[0-9]+)?)?$"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Percent(CellKind):
    """A percentage from 0 to 100 with a decimal point and no sign."""

    @property
    def empty(self) -> None:
        """An empty cell states no number."""
        return None

    def convert(self, text: str, column: str, words: Words) -> float:
        """Return the percentage, in [0, 100]."""
        if not re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{1,9})?", text) or float(text) > 100:
            raise Trouble(
                f'{column} is "{text}", but it must be a percentage from 0 to 100.',
                remedy='Write the number alone with a decimal point, such as "26.3".',
            )
        return float(text)

    def json_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the cell's text."""
        return {"type": "string", "pattern": r"^(?:[0-9]{1,3}(?:\.[0-9]{1,9})?)?$"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Years(CellKind):
    """A time in years with a decimal point, above 0."""

    @property
    def empty(self) -> None:
        """An empty cell states no time."""
        return None

    def convert(self, text: str, column: str, words: Words) -> float:
        """Return the time in years."""
        if not re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{1,9})?", text) or float(text) == 0:
            raise Trouble(
                f'{column} is "{text}", but it must be a time in years.',
                remedy='Write the number alone, such as "5" or "2.5".',
            )
        return float(text)

    def json_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the cell's text."""
        return {"type": "string", "pattern": r"^(?:[0-9]{1,3}(?:\.[0-9]{1,9})?)?$"}


def not_whole(text: str, column: str, unit: str = " of patients") -> Trouble:
    """Return what is said of text that should be a whole number."""
    check = "C01" if unit else ""
    if _DATE.fullmatch(text):
        return Trouble(
            f'{column} is a date, "{text}".',
            "Spreadsheets turn entries such as 3-2 into dates.",
            "Set the column to text and type the number again.",
            check,
        )
    remedy = f"Look at the paper again and enter the number{unit}."
    if fraction := re.fullmatch(r"([0-9]+) ?/ ?([0-9]+)", text):
        remedy = f"Enter {fraction[1]} in events and {fraction[2]} in total."
    elif printed := re.fullmatch(r"([0-9]+) ?\(.*\)", text):
        remedy = f'Enter {printed[1]} here and keep "{text}" in as_printed.'
    elif decimal := re.fullmatch(r"0*([0-9]+)(?:[.,]0+)?", text):
        remedy = f"If {decimal[1]} is meant, write {decimal[1]}."
    elif ends := re.fullmatch(r"([0-9]+) ?(?:-|\u2013|to|\.{3}) ?([0-9]+)", text):
        remedy = f"If the paper leaves it undecided, write {ends[1]}..{ends[2]}."
    return Trouble(
        f"{column} is {text}, but it must be a whole number{unit}.", remedy=remedy, check=check
    )
