"""What the few characters of a printed cell say: numbers of patients, and percentages.

A printed percentage is kept as text, for its decimals say how it was rounded. All arithmetic is
on whole numbers, so no rounding of ours can hide or invent a difference.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# fmt: off
_UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
    "eighteen", "nineteen",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
# fmt: on
_NUMBER = r"[0-9]+(?:[.,\u00b7][0-9]+)?"
_INTERVAL_LABEL = re.compile(
    r"[0-9]+(?:\.[0-9]+)? ?% ?(?:CI|CrI|confidence|credible)", re.IGNORECASE
)


class Percentage(NamedTuple):
    """A percentage as printed: its digits without the point, and how many are decimals."""

    digits: int
    decimals: int

    def __str__(self) -> str:
        """Return the percentage as it is printed, with a decimal point."""
        text = str(self.digits).rjust(self.decimals + 1, "0")
        return f"{text[: -self.decimals]}.{text[-self.decimals :]}" if self.decimals else text


def percentage(text: str) -> Percentage:
    """Return a percentage from its printed digits.

    Examples
    --------
    >>> percentage("26.3")
    Percentage(digits=263, decimals=1)
    """
    whole, _, decimals = re.sub("[,\u00b7]", ".", text).partition(".")
    return Percentage(int(whole + decimals), len(decimals))


def printed_percentages(text: str, total: int | None = None) -> tuple[Percentage, ...]:
    """Return the percentages of a printed cell, in order.

    A number counts as a percentage with its sign, or alone in parentheses after a number of
    patients, unless it is the total.

    Examples
    --------
    >>> [str(each) for each in printed_percentages("33/37 (89)")]
    ['89']
    >>> [str(each) for each in printed_percentages("26.3% (95% CI 13.4-43.1)")]
    ['26.3']
    """
    plain = _INTERVAL_LABEL.sub("", text)
    signed = re.findall(rf"({_NUMBER}) ?%", plain)
    bracketed = [
        found
        for before, found in re.findall(rf"([0-9A-Za-z-]+) ?[(\[]({_NUMBER})[)\]]", plain)
        if found != str(total) and (before[-1].isdigit() or _in_words(before.lower()) is not None)
    ]
    return tuple(dict.fromkeys(percentage(found) for found in (*signed, *bracketed)))


def printed_numbers(text: str) -> frozenset[int]:
    """Return the whole numbers of a printed cell, in digits or in English words.

    Examples
    --------
    >>> sorted(printed_numbers("Seventy-four of 117 (63.2%)"))
    [74, 117]
    """
    digits = re.findall(r"(?<![0-9.,\u00b7])[0-9]{1,9}(?![0-9]|[.,\u00b7][0-9]| ?%)", text)
    numbers = {int(found) for found in digits}
    words = re.findall(r"[a-z]+(?:-[a-z]+)?", text.lower())
    numbers.update(number for word in words if (number := _in_words(word)) is not None)
    return frozenset(numbers)


def _in_words(word: str) -> int | None:
    """Return the number an English word says, up to ninety-nine."""
    if word in {"no", "none"}:
        return 0
    if word in _UNITS:
        return _UNITS.index(word)
    tens, _, unit = word.partition("-")
    if tens in _TENS and (not unit or unit in _UNITS[1:10]):
        return 10 * (_TENS.index(tens) + 2) + (_UNITS.index(unit) if unit else 0)
    return None


def fits(events: int, total: int, printed: Percentage) -> bool:
    """Tell whether a printed percentage is events/total rounded or cut at its decimals.

    Examples
    --------
    >>> fits(10, 38, percentage("26.3")), fits(2, 38, percentage("8"))
    (True, False)
    """
    return printed.digits == _cut(events, total, printed.decimals) or _rounds(
        events, total, printed
    )


def rounding_to(printed: Percentage, total: int) -> tuple[int, ...]:
    """Return every number of patients whose share rounds to a percentage, or is cut to it.

    Cut numbers are offered only where nothing rounds to it.

    Examples
    --------
    >>> rounding_to(percentage("12"), 90)
    (11,)
    >>> rounding_to(percentage("8"), 38)
    (3,)
    """
    scale = 100 * int(10**printed.decimals)
    least = max(0, (printed.digits - 1) * total // scale)
    most = min(total, -(-(printed.digits + 1) * total // scale))
    near = range(least, most + 1)
    rounded = tuple(events for events in near if _rounds(events, total, printed))
    return rounded or tuple(
        events for events in near if _cut(events, total, printed.decimals) == printed.digits
    )


def _cut(events: int, total: int, decimals: int) -> int:
    """Return the digits of a percentage cut at its decimals."""
    return 100 * int(10**decimals) * events // total


def _rounds(events: int, total: int, printed: Percentage) -> bool:
    """Tell whether a share rounds to a percentage, a tie going up or to the even digit."""
    doubled = 200 * int(10**printed.decimals) * events
    up = (doubled + total) // (2 * total)
    tie = (doubled + total) % (2 * total) == 0
    return printed.digits == up or (tie and up % 2 == 1 and printed.digits == up - 1)


def share(events: int, total: int) -> str:
    """Return events/total as a percentage with one decimal, in words."""
    tenths = (2000 * events + total) // (2 * total)
    return f"{tenths // 10}.{tenths % 10} %"
