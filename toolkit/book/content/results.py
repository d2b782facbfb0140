"""Everything the book says in numbers: computed once, written to results.json, read from there.

A page never prints a number of its own: it walks down this document and prints what it finds,
which carries its address, so that `toolkit.book.build.verify` can hold the finished page against
the file.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.errors import ToolkitError
from toolkit.figures.page.numerals import decimal, percent
from toolkit.html import literal

LIMITS = {"low", "high"}
"""Leaves that are limits of a proportion: the sign of percent stands once, after the pair."""
SIMULATED = {"covered": "{:.1f}%", "error": "{:.2f}", "width": "{:.0f} points"}
"""Leaves of simulated intervals, in percent: shares, their errors in points, and widths."""
SPREADS = {
    "tau",
    "tau2",
    "tau2_low",
    "tau2_high",
    "rho",
    "rho_low",
    "rho_high",
    "q",
    "h2",
    "scale_estimate",
    "scale_se",
}
"""Leaves that are no proportions and are printed with two decimals."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A part of results.json with its address: a page that prints it says where it stands.

    Parameters
    ----------
    key : str
        Key of the review.
    path : str
        Where it stands, such as ``answers.cr.all.headline.typical.estimate``.
    value : object
        What stands there: plain mappings, lists, numbers and words.

    Examples
    --------
    >>> pool = Results("trees", {"pool": {"k": 5, "typical": {"low": 0.175}}}).top["pool"]
    >>> print(pool["typical"]["low"], pool["k"].path)
    18 pool.k
    """

    key: str
    path: str
    value: Any

    def __getitem__(self, step: str | int) -> Quoted:
        """Return what stands under a name of a mapping, or at a place of a list.

        Raises
        ------
        ToolkitError
            When nothing stands there.
        """
        path = f"{self.path}.{step}" if self.path else f"{step}"
        if isinstance(self.value, Mapping) and step in self.value:
            return Quoted(self.key, path, self.value[step])
        if isinstance(self.value, list | tuple):
            place = int(step) if isinstance(step, int) or step.isdecimal() else len(self)
            if 0 <= place < len(self):
                return Quoted(self.key, path, self.value[place])
        raise ToolkitError(f'results.json of {self.key} has nothing at "{path}".')

    @property
    def place(self) -> int:
        """Its place in the list in which it stands."""
        return int(self.path.rpartition(".")[2])

    def __iter__(self) -> Iterator[Quoted]:
        """Return the parts of a list in their order."""
        return (self[place] for place in range(len(self)))

    def __len__(self) -> int:
        """Return how many parts a list or a mapping has."""
        return len(self.value)

    def __bool__(self) -> bool:
        """Return whether what stands there is neither null nor zero nor empty."""
        return bool(self.value)

    def __str__(self) -> str:
        """Return it as it is printed.

        Proportions are whole percents, with their sign unless they are limits; simulated
        shares have one decimal, their errors and measures of spread two; counts and words stand
        as they are.

        Raises
        ------
        ToolkitError
            When what stands there cannot be printed in a sentence, or would be printed as a
            percentage and is none.
        """
        found, leaf = self.value, self.path.rpartition(".")[2]
        if isinstance(found, str):
            return found
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise ToolkitError(
                f'"{self.path}" of results.json of {self.key} is no number and no word.'
            )
        if isinstance(found, int):
            return str(found)
        if leaf in SPREADS:
            return decimal(found)
        if leaf in SIMULATED:
            return SIMULATED[leaf].format(100 * found)
        if abs(found) > 1:
            raise ToolkitError(
                f'"{self.path}" of results.json of {self.key} is {found:g}, which is no proportion.'
            )
        return percent(found) if leaf in LIMITS else f"{percent(found)}%"

    def __html__(self) -> str:
        """Return it as HTML that says where in results.json it comes from."""
        # A number stays on one line; words break where they must.
        words = ' class="st-words"' if isinstance(self.value, str) else ""
        return f'<span{words} data-result="{self.key}:{self.path}">{literal(str(self))}</span>'


@dataclass(frozen=True, slots=True)
class Results:
    """The document of one review: what results.json holds, with the way to quote from it.

    Parameters
    ----------
    key : str
        Key of the review.
    document : mapping
        Plain mappings, lists, numbers and words.
    """

    key: str
    document: Mapping[str, Any]

    @property
    def top(self) -> Quoted:
        """The whole document: every number that a page prints is reached from here."""
        return Quoted(self.key, "", self.document)

    def at(self, path: str) -> Quoted:
        """Return what stands at a path that was written by hand, or that a page holds.

        Raises
        ------
        ToolkitError
            When nothing stands there.
        """
        found = self.top
        for step in path.split("."):
            found = found[step]
        return found

    def to_json(self) -> str:
        """Return the document as JSON: sorted, no clock, equal data in equal bytes."""
        return json.dumps(self.document, sort_keys=True, ensure_ascii=False) + "\n"


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it: tuples as lists, an unbounded limit as null."""
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
