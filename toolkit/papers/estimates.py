"""Percentages at a time, such as survival, which are estimates and no counts."""

from __future__ import annotations

import re
from dataclasses import replace

from toolkit.papers.characters import plain
from toolkit.papers.found_number import FoundNumber
from toolkit.papers.proposal import Drafted

_TIME = re.compile(
    r"(?<![0-9.])([0-9]{1,3}(?:\.[0-9])?)[ -]?(years?|yrs?|y|months?|mos?)\b|\b(one|two|three|"
    r"four|five|six|seven|eight|nine|ten)[ -](years?|months?)\b",
    re.IGNORECASE,
)
_WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_IN_BRACKETS = re.compile(r"[(\[](years?|months?)[)\]]", re.IGNORECASE)


def time_of(text: str) -> float | None:
    """Return the time that words give, in years; None where they give none or several.

    Examples
    --------
    >>> time_of("5-year overall survival, %"), time_of("at 24 months"), time_of("Overall survival")
    (5.0, 2.0, None)
    """
    times = set()
    for number, unit, word, other in _TIME.findall(plain(text)):
        value = float(number) if number else float(_WORDS.index(word.lower()))
        times.add(value / 12 if (unit or other).lower().startswith("m") else value)
    return times.pop() if len(times) == 1 else None


def says_only_when(text: str) -> bool:
    """Tell whether a label is a time and nothing else: ``At 12 months``."""
    rest = _TIME.sub("", plain(text)).strip(" ,:-").lower()
    return time_of(text) is not None and rest in {"", "at", "after", "estimate at"}


def estimated(found: FoundNumber, drafted: Drafted) -> Drafted:
    """Return a percentage at a time as a proposal, or as a statement where one of the two fails.

    The time stands in the head (``5-year``), beside the label, or behind the percentage where the
    head says so (``% (years)``).
    """
    read, head = found.quantity, found.head.words
    percent = read.value or read.percent or (str(read.events) if read.events is not None else "")
    behind = _IN_BRACKETS.search(head)
    time = None
    if behind and read.rule in {"e (x)", "n (%)"}:
        printed = plain(read.as_printed)
        inside = re.search(r"\(\s*([0-9]+(?:\.[0-9]+)?)\s*\)", printed)
        percent = re.match(r"[0-9.]+", printed)[0] if re.match(r"[0-9.]+", printed) else ""  # type: ignore[index]
        time = (
            float(inside[1]) / (12 if behind[1].lower().startswith("m") else 1) if inside else None
        )
    time = time if time is not None else _nearest_time(found)
    share = "%" in plain(f"{head} {found.label} {read.as_printed}") or "percent" in head.lower()
    whole = re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]+)?", percent or "")
    shown = replace(
        drafted,
        events=None,
        quantity=replace(read, rule="% at a time", percent=percent if whole else "", events=None),
        time_years=time,
    )
    if not whole or float(percent) > 100 or not share:
        return replace(shown, standing="statement", reason="no percentage")
    if re.search(
        r"\b(?:median|mean|hr|hazard|p[- ]?value)\b", f"{head} {found.label}", re.IGNORECASE
    ):
        return replace(shown, standing="statement", reason="no percentage at a time")
    if time is None:
        return replace(shown, standing="statement", reason="a percentage at no time that is given")
    return replace(shown, standing="proposal", grade="", reason="")


def _nearest_time(found: FoundNumber) -> float | None:
    """Return the time given nearest: by label, head, section, caption."""
    for text in (found.label, found.head.words, *reversed(found.sections), found.table.caption):
        if (time := time_of(text)) is not None:
            return time
    return None
