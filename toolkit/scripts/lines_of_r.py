"""Data as lines of R: vectors, tables and comments in ASCII."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

Cell = str | float | None

_WIDTH = 98


@lru_cache
def block(name: str) -> str:
    """Return one of the files of R beside this module, without its last line end."""
    found = files("toolkit.scripts").joinpath("r", f"{name}.R")
    return found.read_text(encoding="utf-8").rstrip("\n")


def ascii_only(text: str) -> str:
    """Return text in ASCII, other letters as R and Stata comments can hold them."""
    spelled = text.replace("–", "-").replace("−", "-").replace("²", "2").replace("≥", ">=")
    return " ".join(spelled.encode("ascii", "backslashreplace").decode().split())


def comment(text: str, mark: str = "# ") -> str:
    """Return text as lines of comment."""
    return textwrap.fill(
        ascii_only(text),
        _WIDTH,
        initial_indent=mark,
        subsequent_indent=mark,
        break_long_words=False,
    )


def number(value: float | None) -> str:
    """Return a number so that it is read back as it was; NA where there is none."""
    if value is None or math.isnan(value):
        return "NA"
    if math.isinf(value):
        return "Inf" if value > 0 else "-Inf"
    return str(value) if isinstance(value, int) else repr(float(value))


def quoted(text: str) -> str:
    r"""Return a string of R.

    Examples
    --------
    >>> print(quoted('a "b" \\ é'))
    "a \"b\" \\ \u00e9"
    """
    out = []
    for letter in text:
        if letter in '"\\':
            out.append(f"\\{letter}")
        elif " " <= letter <= "~":
            out.append(letter)
        else:
            out.append(f"\\u{ord(letter):04x}" if ord(letter) < 65536 else f"\\U{ord(letter):08x}")
    return f'"{"".join(out)}"'


def vector(cells: Sequence[Cell]) -> str:
    """Return cells as ``c(...)``."""
    words = [quoted(cell) if isinstance(cell, str) else number(cell) for cell in cells]
    return f"c({', '.join(words)})"


def assigned(name: str, value: str) -> str:
    """Return an assignment, folded between the members of a vector where it is long."""
    return folded(f"{name} <- {value}")


def folded(line: str, indent: str = "  ") -> str:
    """Return a line of R folded behind commas; strings of a vector stay whole."""
    parts, current = [], ""
    pieces = line.split(", ")
    for at, piece in enumerate(pieces):
        text = piece if at == len(pieces) - 1 else f"{piece}, "
        # A comma within a string is no place to fold at.
        if current and len(current) + len(text) > _WIDTH and current.count('"') % 2 == 0:
            parts.append(current.rstrip())
            current = indent
        current += text
    return "\n".join([*parts, current])


def table(name: str, columns: Mapping[str, Sequence[Cell]]) -> str:
    """Return a data frame."""
    body = ",\n".join(
        folded(f"  {key} = {vector(cells)}", "    ") for key, cells in columns.items()
    )
    return f"{name} <- data.frame(\n{body}\n)"
