"""What a cell with a number stores and what it shows: 7.6 in a cell without decimals shows 8."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

_DECORATION = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]')
_PLAIN = re.compile(r"([^#0?,.%]*)([#0?,]*[#0?])?(?:\.([#0?]*))?(%?)([^#0?,.%]*)")
_GENERAL = {"general", "@", ""}
_DIGITS_OF_GENERAL = 11
"""Significant digits that a cell without a format shows."""


def stored_number(value: float, number_format: str) -> str:
    """Return the number that a cell stores, as it would be typed; a percentage keeps its sign.

    Examples
    --------
    >>> stored_number(26.0, "0.0"), stored_number(0.263, "0%"), stored_number(7.6, "0")
    ('26', '26.3%', '7.6')
    """
    if "%" in _DECORATION.sub("", number_format):
        return f"{value * 100:.10g}%"
    return str(int(value)) if value.is_integer() else f"{value:.15g}"


def shown_number(value: float, number_format: str) -> str | None:
    """Return the number that a cell shows, or None for a format that is not a plain one.

    Examples
    --------
    >>> shown_number(26.0, "0.0"), shown_number(1.0, "000"), shown_number(1234.0, "#,##0")
    ('26.0', '001', '1,234')
    >>> shown_number(7.6, "0"), shown_number(0.263, "0%"), shown_number(7.6, "General")
    ('8', '26%', '7.6')
    """
    sections = number_format.split(";")
    of_negative = value < 0 and len(sections) > 1
    section = sections[1] if of_negative else sections[0]
    if value == 0 and len(sections) > 2:
        section = sections[2]
    if section.strip().lower() in _GENERAL:
        return stored_number(float(f"{value:.{_DIGITS_OF_GENERAL}g}"), "General")
    bare = _DECORATION.sub(lambda found: found[1] or found[2] or "", section)
    form = _PLAIN.fullmatch(bare)
    if form is None or re.search("[a-zA-Z/]", bare.replace(form[1], "").replace(form[5], "")):
        return None
    before, whole, decimals, percent, after = form.groups(default="")
    if whole.endswith(",") or not (whole or decimals):
        return None
    return before + _digits(value, whole, decimals, percent, signed=not of_negative) + after


def _digits(value: float, whole: str, decimals: str, percent: str, *, signed: bool) -> str:
    """Return the digits of a number in a plain format."""
    exact = Decimal(repr(value)) * (100 if percent else 1)
    rounded = exact.quantize(Decimal(1).scaleb(-len(decimals)), rounding=ROUND_HALF_UP)
    before, _, after = f"{abs(rounded):f}".partition(".")
    kept = len(decimals.rstrip("#?"))
    after = after[:kept] + after[kept:].rstrip("0")
    before = before.lstrip("0").rjust(whole.count("0"), "0")
    if "," in whole:
        before = re.sub(r"(?<=[0-9])(?=(?:[0-9]{3})+$)", ",", before)
    sign = "-" if signed and rounded < 0 else ""
    return f"{sign}{before}{'.' if decimals else ''}{after}{percent}"
