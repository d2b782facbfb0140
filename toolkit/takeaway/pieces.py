"""Text in which a number knows where in results.json it stands, and none is written by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from toolkit.book.content.results import Quoted
from toolkit.errors import ToolkitError

_OPEN, _MIDDLE, _SAID, _CLOSE = "\ue000", "\ue001", "\ue002", "\ue003"
_MARKS = re.compile(f"[{_OPEN}-{_CLOSE}]")
_PIECE = re.compile(
    f"{_OPEN}([^{_MIDDLE}]*){_MIDDLE}([^{_CLOSE}]*){_CLOSE}|{_SAID}([^{_CLOSE}]*){_CLOSE}"
)
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a text.

    Attributes
    ----------
    text : str
    path : str
        Where in results.json the number stands; empty for words.
    said : bool
        Whether the words are the review's own rather than the template's.
    """

    text: str
    path: str = ""
    said: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Exact:
    """A quoted number printed as it is, not as a percentage."""

    path: str
    text: str


def plain(quoted: Quoted) -> Exact:
    """Return a quoted number as it is: a scale of a prior, a number of years."""
    return Exact(path=quoted.path, text=f"{quoted.value:g}")


def marked(value: object) -> str:
    """Return a value of a template with marks around it that `pieces` reads.

    Raises
    ------
    ToolkitError
        For a number that is no quote.
    """
    if isinstance(value, Quoted):
        return f"{_OPEN}{value.path}{_MIDDLE}{value}{_CLOSE}"
    if isinstance(value, Exact):
        return f"{_OPEN}{value.path}{_MIDDLE}{value.text}{_CLOSE}"
    if isinstance(value, str):
        return f"{_SAID}{_MARKS.sub('', value)}{_CLOSE}" if value else ""
    raise ToolkitError(
        f"the template of the manuscript prints {value!r}: a number must be quoted from "
        "results.json."
    )


def pieces(text: str) -> tuple[Piece, ...]:
    """Return the pieces of a marked text on one line.

    Raises
    ------
    ToolkitError
        For a digit that stands in the template itself.
    """
    line = _SPACES.sub(" ", text).strip()
    found = tuple(_pieces(line))
    for each in found:
        if not each.path and not each.said and any(letter.isdigit() for letter in each.text):
            raise ToolkitError(
                f'the template of the manuscript says "{each.text.strip()}": a number must be '
                "quoted from results.json, not written by hand."
            )
    return found


def _pieces(line: str) -> Iterator[Piece]:
    last = 0
    for match in _PIECE.finditer(line):
        if match.start() > last:
            yield Piece(text=line[last : match.start()])
        path, number, said = match.groups()
        yield Piece(text=said, said=True) if path is None else Piece(text=number, path=path)
        last = match.end()
    if last < len(line):
        yield Piece(text=line[last:])


def text_of(parts: Sequence[Piece]) -> str:
    """Return pieces as plain text."""
    return "".join(each.text for each in parts)
