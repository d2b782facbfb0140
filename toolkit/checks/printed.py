"""What the few characters of a printed cell say: numbers of patients, and percentages.

A printed percentage keeps its decimals, for they say how it was rounded: `toolkit.checks.rounding`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from toolkit.checks.rounding import Printed, parse

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


@lru_cache(maxsize=8_192)  # a sheet is checked again at every keystroke
def printed_percentages(text: str, total: int | None = None) -> tuple[Printed, ...]:
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
    return tuple(dict.fromkeys(parse(found.replace(",", ".")) for found in (*signed, *bracketed)))


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
