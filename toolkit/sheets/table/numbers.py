"""From the text of a cell to a number of patients, or to the reason why it is none."""

from __future__ import annotations

import re
from dataclasses import dataclass

from toolkit.sheets.table.spreadsheet import DATE_MARK

MISSING = frozenset(
    {
        "",
        "na",
        "n/a",
        "#n/a",
        "nan",
        "nr",
        "n.r.",
        "n. r.",
        "n.a.",
        "nd",
        "n.d.",
        "not reported",
        "not available",
        "not applicable",
        "not stated",
        "unknown",
        "missing",
        "null",
        "none",
        "-",
        "--",
        "\u2013",
        "\u2014",
        "\u2212",
        ".",
        "..",
        "...",
        "?",
        "*",
        "unclear",
        "not given",
        "ns",
    }
)
"""What a cell says when it says nothing, in small letters."""

LARGEST = 10_000_000
"""Patients that no study of single proportions exceeds."""

_WHOLE = re.compile(r"[0-9]+")
_TRAILING_ZERO = re.compile(r"([0-9]+)[.,]0{1,2}")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:[.,'\u2019\u00a0\u202f ][0-9]{3})+")
_DECIMAL = re.compile(r"[0-9]*[.,][0-9]+|[0-9]+[.,]")
_RANGE = re.compile(r"([0-9]+)\s*\.\.\s*([0-9]+)")
_PERCENT = re.compile(r"([0-9]+(?:[.,\u00b7][0-9]+)?)\s*%")
_BOUND = re.compile(r"[<>\u2264\u2265]\s*=?\s*[0-9.,]+%?")
_DATE = re.compile(
    r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}|[0-9]{1,2}[-. ]?[A-Za-z]{3,9}\.?(?:[- ][0-9]{2,4})?"
    r"|[A-Za-z]{3,9}[- ][0-9]{2,4}"
)
_FRACTION = re.compile(
    r"(?P<events>[0-9]+)\s*(?:/|of|out of|von|sur|de)\s*(?P<total>[0-9]+)"
    r"(?:\s*[\[(,;]?\s*(?P<percent>[<>]?\s*[0-9]+(?:[.,\u00b7][0-9]+)?)\s*%?\s*[\])]?)?",
    re.IGNORECASE,
)
_PERCENT_FIRST = re.compile(
    r"(?P<percent>[<>]?\s*[0-9]+(?:[.,\u00b7][0-9]+)?)\s*%\s*[\[(,;]?\s*"
    r"(?P<events>[0-9]+)\s*(?:/|of)\s*(?P<total>[0-9]+)\s*[\])]?",
    re.IGNORECASE,
)
_COUNT_AND_PERCENT = re.compile(
    r"(?P<events>[0-9]+)\s*[\[(]\s*(?P<percent>[<>]?\s*[0-9]+(?:[.,\u00b7][0-9]+)?)\s*%?\s*[\])]"
)


class NotANumber(ValueError):
    """A cell that holds no number of patients; says what it means and what to do."""

    def __init__(self, meaning: str, remedy: str) -> None:
        self.meaning, self.remedy = meaning, remedy
        super().__init__(f"{meaning} {remedy}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CellNumber:
    """A number read from a cell.

    Attributes
    ----------
    low, high : int
        The number, or both ends of ``1..11``.
    total : int or None
        What stands after the stroke of ``12/90``.
    percent : str
        The percentage that is printed beside it, as written; empty where there is none.
    """

    low: int
    high: int
    total: int | None = None
    percent: str = ""


def is_missing(text: str) -> bool:
    """Return whether a cell says that there is no number."""
    return text.strip().casefold() in MISSING


def count(text: str) -> CellNumber:
    """Return the whole number in a cell, or the range ``1..11``, or the count of ``12 (13%)``.

    Raises
    ------
    NotANumber
        For anything that would have to be guessed at.
    """
    text = text.strip()
    if found := _RANGE.fullmatch(text):
        low, high = _whole(found[1]), _whole(found[2])
        if low > high:
            raise NotANumber(
                "The range ends before it begins.",
                f"Write the smaller number first: {high}..{low}.",
            )
        return CellNumber(low=low, high=high)
    if found := _COUNT_AND_PERCENT.fullmatch(text):
        number = _whole(found["events"])
        return CellNumber(low=number, high=number, percent=found["percent"])
    number = whole(text)
    return CellNumber(low=number, high=number)


def whole(text: str) -> int:
    """Return a whole number of patients.

    Raises
    ------
    NotANumber
        Saying what the text may mean.

    Examples
    --------
    >>> whole("12"), whole("12.0"), whole(" 7 ")
    (12, 12, 7)
    """
    text = text.strip()
    if _WHOLE.fullmatch(text):
        return _whole(text)
    if found := _TRAILING_ZERO.fullmatch(text):
        return _whole(found[1])
    raise _reason(text)


def _whole(digits: str) -> int:
    if len(digits.lstrip("0")) > len(str(LARGEST)) or int(digits) > LARGEST:
        raise NotANumber(
            f"No study counts more than {LARGEST:,} patients.", "Look at the source again."
        )
    return int(digits)


def _reason(text: str) -> NotANumber:
    """Return why a text is no whole number."""
    if text.startswith(DATE_MARK) or _DATE.fullmatch(text):
        return NotANumber(
            "A spreadsheet program turns 3/12 into the twelfth of March.",
            "Write events and total in two columns, or the cell as text: 3 of 12.",
        )
    if _THOUSANDS.fullmatch(text):
        return NotANumber(
            "It may be a thousand or a decimal: 1.234 and 1,234 are read differently in "
            "different countries.",
            f"Write thousands without a mark: {re.sub('[^0-9]', '', text)}.",
        )
    if "%" in text:
        return NotANumber(
            "It is a percentage, and patients are counted here.",
            'Write the number of patients, or call the column "percent".',
        )
    if _DECIMAL.fullmatch(text):
        value = float(text.replace(",", ".").rstrip("."))
        if 0 < value < 1:
            return NotANumber(
                "It is a proportion, and patients are counted here.",
                'Write the number of patients, or call the column "proportion".',
            )
        return NotANumber(
            "Patients are counted in whole numbers.",
            "Look at the source again; a percentage belongs in a column of its own.",
        )
    if _BOUND.fullmatch(text):
        return NotANumber(
            "It bounds the number without saying it.",
            "Write the range of numbers that it admits: 0..4 for <5.",
        )
    if text.startswith("-") and text[1:].isdigit():
        return NotANumber("No number of patients is below 0.", "Look at the source again.")
    if "_" in text or any(each.isdigit() and not each.isascii() for each in text):
        return NotANumber(
            "Its digits are not plain 0 to 9 alone: a footnote mark or another script.",
            "Write the number with the digits 0 to 9 and nothing else.",
        )
    if text.startswith("#") or text.startswith("="):
        return NotANumber("It is a formula, or the error of one.", "Write the number itself.")
    if _FRACTION.fullmatch(text):
        return NotANumber(
            "It holds events and total together.", 'Call the column "x/n", or use two columns.'
        )
    return NotANumber(
        "It is no number of patients.",
        "Write whole numbers; NA where nothing is reported; low..high for an undecided number.",
    )


def fraction(text: str) -> CellNumber:
    """Return events and total of ``12/90``, ``12 of 90``, ``12/90 (13%)`` or ``13% (12/90)``.

    Raises
    ------
    NotANumber
        For anything else, and for a percentage that is not that of the count.
    """
    text = text.strip()
    found = _FRACTION.fullmatch(text) or _PERCENT_FIRST.fullmatch(text)
    if found is None:
        reason = _reason(text)
        if _WHOLE.fullmatch(text) or reason.meaning.startswith("It is no number"):
            raise NotANumber("It is not of the form 12/90.", "Write events, a stroke, patients.")
        raise reason
    events, total = _whole(found["events"]), _whole(found["total"])
    percent = found["percent"] or ""
    refuse_other_percent(events, total, percent)
    return CellNumber(low=events, high=events, total=total, percent=percent)


def is_fraction(text: str) -> bool:
    """Return whether a cell looks like events and total in one."""
    return bool(_FRACTION.fullmatch(text.strip()) or _PERCENT_FIRST.fullmatch(text.strip()))


def refuse_other_percent(events: int, total: int, percent: str) -> None:
    """Raise NotANumber where a printed percentage is not that of a count."""
    if percent and total and not agrees(events, total, percent):
        raise NotANumber(
            f"{events} of {total} is {100 * events / total:.1f}%, and {percent.strip()}% stands "
            "beside it.",
            "Look at the source again: one of the three numbers is wrong.",
        )


def agrees(events: int, total: int, percent: str) -> bool:
    """Return whether a printed percentage is that of a count, rounded or cut at its last digit.

    Examples
    --------
    >>> agrees(12, 90, "13"), agrees(12, 90, "13.4"), agrees(1, 400, "<1")
    (True, False, True)
    """
    text = percent.replace(" ", "").replace(",", ".").replace("\u00b7", ".")
    true = 100 * events / total
    if text[0] in "<>":
        bound = float(text[1:])
        return true < bound if text[0] == "<" else true > bound
    step = 10.0 ** -len(text.partition(".")[2])
    return float(text) - step / 2 - 1e-9 <= true < float(text) + step + 1e-9


def decimal(text: str) -> tuple[float, bool]:
    """Return a number with or without decimals, and whether a percent sign stands behind it.

    Raises
    ------
    NotANumber
        For anything else.

    Examples
    --------
    >>> decimal("34,5"), decimal("-0.21"), decimal("13 %")
    ((34.5, False), (-0.21, False), (13.0, True))
    """
    text = text.strip().replace("\u2212", "-").replace("\u00b7", ".")
    percent = text.endswith("%")
    bare = text.rstrip("% ").replace(",", ".")
    if not re.fullmatch(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?", bare):
        reason = _reason(text)
        if text.startswith(DATE_MARK):
            raise reason
        raise NotANumber("It is no number.", "Write a number; NA where nothing is reported.")
    return float(bare), percent
