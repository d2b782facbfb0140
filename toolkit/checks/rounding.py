"""Printed numbers and the true numbers that may stand behind them, in exact arithmetic.

Papers round half up, round half to even, or cut digits off; which of the three is seldom said. A
printed number is therefore a box of true numbers, and a printed percentage of n patients a range of
whole numbers of them. The rules of the sheets and those of the audit both stand on this module.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Literal

Family = Literal["half-up", "half-even", "truncation"]
FAMILIES: tuple[Family, ...] = ("half-up", "half-even", "truncation")
"""The ways in which papers shorten a number."""

_NUMBER = re.compile(r"([<>]?)=? ?(-?)([0-9]+)(?:\.([0-9]+))?")


@dataclass(frozen=True, slots=True)
class Printed:
    """A number as printed.

    Attributes
    ----------
    digits : int
        Its digits without the point: 26.3 has 263.
    decimals : int
        How many of them stand behind the point.
    bound : str
        ``<`` or ``>`` where the paper prints a limit rather than the number; else empty.
    """

    digits: int
    decimals: int = 0
    bound: str = ""

    def __str__(self) -> str:
        """Return the number as it is printed, with a decimal point."""
        text = str(abs(self.digits)).rjust(self.decimals + 1, "0")
        if self.decimals:
            text = f"{text[: -self.decimals]}.{text[-self.decimals :]}"
        return f"{self.bound}{'-' if self.digits < 0 else ''}{text}"

    @property
    def unit(self) -> Fraction:
        """Worth of one step of the last printed digit."""
        return Fraction(1, 10**self.decimals)

    @property
    def value(self) -> Fraction:
        """The number itself, taken literally."""
        return self.digits * self.unit

    @property
    def box(self) -> tuple[Fraction, Fraction]:
        """Least and greatest true number that any way of rounding prints so."""
        low, high = self.value - self.unit / 2, self.value + self.unit
        if self.bound == "<":
            return Fraction(0), self.value
        if self.bound == ">":
            return self.value, Fraction(10**9)
        return low, high

    def agrees(self, other: Printed) -> bool:
        """Return whether two printed numbers can be the same number.

        With equally many decimals they must be equal; with fewer, one may be the other rounded.

        Examples
        --------
        >>> parse("94").agrees(parse("94.7")), parse("20").agrees(parse("22"))
        (True, False)
        """
        if self.decimals == other.decimals and not self.bound and not other.bound:
            return self.digits == other.digits
        (low, high), (other_low, other_high) = self.box, other.box
        return low <= other_high and other_low <= high


def parse(text: str) -> Printed:
    """Return a number from its printed text; raises ValueError for text that is none.

    Examples
    --------
    >>> parse("<0.001")
    Printed(digits=1, decimals=3, bound='<')
    """
    found = _NUMBER.fullmatch(text.replace("\u00b7", ".").replace("\u2212", "-").strip())
    if found is None:
        raise ValueError(f"{text!r} is not a number")
    bound, sign, whole, decimals = found.groups(default="")
    digits = int(whole + decimals)
    return Printed(-digits if sign else digits, len(decimals), bound)


def shorten(value: Fraction, decimals: int, family: Family) -> int:
    """Return the digits that a non-negative number is printed with.

    Examples
    --------
    >>> [shorten(Fraction(25, 2), 0, family) for family in FAMILIES]
    [13, 12, 12]
    """
    return _digits(value.numerator * 10**decimals, value.denominator, family)


def _digits(numerator: int, denominator: int, family: Family) -> int:
    """Return a non-negative quotient as a whole number."""
    whole, rest = divmod(numerator, denominator)
    if family == "truncation" or 2 * rest < denominator:
        return whole
    even = family == "half-even" and 2 * rest == denominator and whole % 2 == 0
    return whole if even else whole + 1


def counts_for(printed: Printed, total: int, family: Family) -> range:
    """Return every number of patients whose share of `total` is printed as a percentage.

    The share grows with the number, so the numbers follow each other: a range, maybe empty.

    Examples
    --------
    >>> list(counts_for(parse("16"), 38, "half-up")), list(counts_for(parse("8"), 38, "truncation"))
    ([6], [])
    """
    scale = 100 * 10**printed.decimals
    least = max(0, (printed.digits - 1) * total // scale)
    most = min(total, -(-(printed.digits + 1) * total // scale))
    fitting = [
        count
        for count in range(least, most + 1)
        if _digits(scale * count, total, family) == printed.digits
    ]
    return range(fitting[0], fitting[-1] + 1) if fitting else range(0)


@lru_cache(maxsize=8_192)  # a sheet is checked again at every keystroke
def counts_for_any(printed: Printed, total: int) -> range:
    """Return every number of patients that some way of rounding prints as a percentage.

    A printed limit (``<5``, ``>90``) stands for all numbers beyond it.

    Examples
    --------
    >>> list(counts_for_any(parse("29"), 38)), list(counts_for_any(parse("61.4"), 240))
    ([11], [])
    """
    if printed.bound:
        edge = printed.value * total / 100
        if printed.bound == "<":
            return range(0, -(-edge.numerator // edge.denominator))
        return range(edge.numerator // edge.denominator + 1, total + 1)
    ranges = [found for family in FAMILIES if (found := counts_for(printed, total, family))]
    if not ranges:
        return range(0)
    return range(min(found[0] for found in ranges), max(found[-1] for found in ranges) + 1)


def fits(events: int, total: int, printed: Printed) -> bool:
    """Return whether some way of rounding prints events/total as a percentage.

    Examples
    --------
    >>> fits(36, 38, parse("94")), fits(2, 38, parse("8"))
    (True, False)
    """
    return events in counts_for_any(printed, total)


def fits_some(events: range, total: int, printed: Printed) -> bool:
    """Return whether a percentage is that of one of several admissible counts (rule C02)."""
    fitting = counts_for_any(printed, total)
    return any(number in fitting for number in events)


def rounding_to(printed: Printed, total: int) -> tuple[int, ...]:
    """Return every number of patients whose share rounds to a percentage, or is cut to it.

    Cut numbers are offered only where nothing rounds to it.

    Examples
    --------
    >>> rounding_to(parse("12"), 90)
    (11,)
    >>> rounding_to(parse("8"), 38)
    (3,)
    """
    rounded = {
        *counts_for(printed, total, "half-up"),
        *counts_for(printed, total, "half-even"),
    }
    return tuple(sorted(rounded)) or tuple(counts_for(printed, total, "truncation"))


def share(events: int, total: int) -> str:
    """Return events/total as a percentage with one decimal, in words."""
    return f"{Printed(shorten(Fraction(100 * events, total), 1, 'half-up'), 1)} %"
