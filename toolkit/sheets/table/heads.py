"""From headings to what columns hold: synonyms in any case, several outcomes side by side."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from toolkit.sheets.table.synonyms import WORDS

SURE = {"label": "series", "events": "events", "total": "total"}
"""The headings of this project's own tables, which go before every synonym."""

_ARMS = {
    "ai": ("events", "arm 1"),
    "n1i": ("total", "arm 1"),
    "ci": ("events", "arm 2"),
    "n2i": ("total", "arm 2"),
    "x1i": ("events", "arm 1"),
    "t1i": ("total", "arm 1"),
    "x2i": ("events", "arm 2"),
    "t2i": ("total", "arm 2"),
}

_ROLE_OF = {word: (role, at) for role, words in WORDS.items() for at, word in enumerate(words)}


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedColumn:
    """What a heading says that its column holds.

    Attributes
    ----------
    at : int
        Its column, counted from 0.
    written : str
        The heading as written.
    role : str
        A key of `WORDS`.
    outcome : str
        What it counts, where the heading says so: ``cr`` of ``cr_events``.
    rank : int
        Smaller is surer.
    """

    at: int
    written: str
    role: str
    outcome: str = ""
    rank: int = 0


def plain(heading: str) -> str:
    """Return a heading in the one spelling that words are looked up in.

    Examples
    --------
    >>> plain("No. of_Patients (N)"), plain(" Events "), plain("n/N (%)"), plain("eventRate")
    ('no of patients n', 'events', 'n/n', 'event rate')
    """
    text = unicodedata.normalize("NFKD", heading)
    text = "".join(each for each in text if not unicodedata.combining(each))
    text = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", text).casefold()
    if "/" in text or " of n" in text:
        text = re.sub(r"[,;]?\s*\(?%\)?\s*$", "", text)
    text = re.sub(r"\s*/\s*", "/", text)
    text = re.sub(r"[\s_.,;:()\[\]#=-]+", " ", text)
    return text.strip()


def heads(headings: Sequence[str]) -> list[NamedColumn]:
    """Return what each heading says, in their order; those that say nothing are left out."""
    found = []
    for at, written in enumerate(headings):
        head = _head(at, written)
        if head is not None:
            found.append(head)
    # One outcome may be written in two ways: cr_events beside CR_total.
    spelling: dict[str, str] = {}
    found = [
        replace(head, outcome=spelling.setdefault(plain(head.outcome), head.outcome))
        for head in found
    ]
    return _letters_apart(found)


def _head(at: int, written: str) -> NamedColumn | None:
    word = plain(written)
    if not word:
        return None
    for role, own in SURE.items():
        if word == own:
            return NamedColumn(at=at, written=written, role=role)
    for tried in (word, re.sub(r"\s*%$", "", word), re.sub(r" (n|no)$", "", word)):
        if tried in _ROLE_OF:
            role, rank = _ROLE_OF[tried]
            return NamedColumn(at=at, written=written, role=role, rank=rank + 1)
    if word in _ARMS:
        role, outcome = _ARMS[word]
        return NamedColumn(at=at, written=written, role=role, outcome=outcome, rank=1)
    return _prefixed(at, written, word)


_SPLIT = (
    "events",
    "event",
    "cases",
    "x",
    "xi",
    "r",
    "total",
    "n",
    "ni",
    "responders",
    "count",
    "n events",
    "no of events",
    "number of events",
    "sample size",
    "x/n",
    "n/n",
    "r/n",
    "events/total",
)


def _prefixed(at: int, written: str, word: str) -> NamedColumn | None:
    """Return ``cr events`` and ``events cr`` as events of cr; likewise totals and fractions."""
    for part in sorted(_SPLIT, key=len, reverse=True):
        role, rank = _ROLE_OF[part]
        for outcome in (
            word.removesuffix(f" {part}") if word.endswith(f" {part}") else "",
            word.removeprefix(f"{part} ") if word.startswith(f"{part} ") else "",
        ):
            if outcome and outcome not in ("no", "number", "%", "date", "type", "id"):
                return NamedColumn(
                    at=at,
                    written=written,
                    role=role,
                    outcome=_as_written(outcome, written),
                    rank=rank + 50,
                )
    return None


def _as_written(words: str, heading: str) -> str:
    """Return words in the spelling that a heading has them in.

    Examples
    --------
    >>> _as_written("cr", "CR, n/N (%)"), _as_written("grade 3", "Grade_3 events")
    ('CR', 'Grade_3')
    """
    pattern = r"[\W_]+".join(map(re.escape, words.split()))
    found = re.search(pattern, heading, re.IGNORECASE)
    return found.group() if found else words


def _letters_apart(found: Sequence[NamedColumn]) -> list[NamedColumn]:
    """Return heads with a small n beside a large N read as events among a total."""
    exact = {head.written.strip(): head for head in found}
    if {"n", "N"} <= set(exact) and not any(head.role == "events" for head in found):
        small = exact["n"]
        return [
            NamedColumn(at=head.at, written=head.written, role="events", rank=1)
            if head is small
            else head
            for head in found
        ]
    return list(found)


def roles(found: Iterable[NamedColumn]) -> set[str]:
    """Return what the headings of a line say, as a set of words."""
    return {head.role for head in found}


def names_a_table(found: Sequence[NamedColumn]) -> bool:
    """Return whether headings are enough to read numbers of studies under them."""
    said = roles(found)
    return bool(
        {"events", "total"} <= said
        or "fraction" in said
        or {"percent", "total"} <= said
        or ("effect" in said and said & {"error", "variance"})
    )
