"""Everything the book says in numbers: computed once, written to results.json, read from there.

A page never prints a number of its own: it asks for a path of this document and gets a span that
carries the path, so that `toolkit.book.build.verify` can hold the finished page against the file.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.errors import ToolkitError
from toolkit.figures.page.numerals import decimal, percent
from toolkit.html import literal

LIMITS = {"low", "high"}
"""Leaves that are limits of a proportion: the sign of percent stands once, after the pair."""
SIMULATED = {"covered": "{:.1f} %", "error": "{:.2f}", "width": "{:.0f} points"}
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

    def value(self, path: str) -> Any:
        """Return what stands at a path such as ``answers.cr.all.headline.typical.estimate``.

        Raises
        ------
        ToolkitError
            When nothing stands there.
        """
        found: Any = self.document
        for step in path.split("."):
            if isinstance(found, Mapping) and step in found:
                found = found[step]
            elif isinstance(found, list | tuple) and step.isdecimal() and int(step) < len(found):
                found = found[int(step)]
            else:
                raise ToolkitError(f'results.json of {self.key} has nothing at "{path}".')
        return found

    def span(self, path: str) -> str:
        """Return a number as HTML that says where in results.json it comes from."""
        shown = literal(self.shown(path))
        # A number stays on one line; words break where they must.
        words = ' class="st-words"' if isinstance(self.value(path), str) else ""
        return f'<span{words} data-result="{self.key}:{path}">{shown}</span>'

    def shown(self, path: str) -> str:
        """Return what stands at a path as it is printed.

        Proportions are whole percents, with their sign unless they are limits; simulated
        shares have one decimal, their errors and measures of spread two; counts and words stand
        as they are.

        Raises
        ------
        ToolkitError
            When what stands there cannot be printed in a sentence, or would be printed as a
            percentage and is none.
        """
        found = self.value(path)
        leaf = path.rsplit(".", maxsplit=1)[-1]
        if isinstance(found, str):
            return found
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise ToolkitError(f'"{path}" of results.json of {self.key} is no number and no word.')
        if isinstance(found, int):
            return str(found)
        if leaf in SPREADS:
            return decimal(found)
        if leaf in SIMULATED:
            return SIMULATED[leaf].format(100 * found)
        if abs(found) > 1:
            raise ToolkitError(
                f'"{path}" of results.json of {self.key} is {found:g}, which is no proportion.'
            )
        return percent(found) if leaf in LIMITS else f"{percent(found)} %"

    def estimate(self, path: str) -> str:
        """Return an estimate with its interval as HTML, ``41 % (18–70)``, or ``not estimated``."""
        if self.value(f"{path}.estimate") is None:
            return "not estimated"
        if self.value(f"{path}.low") is None:
            return self.span(f"{path}.estimate")
        told = f"{self.span(f'{path}.estimate')} ({self.limits(path)})"
        return f'<span class="st-number">{told}</span>'

    def limits(self, path: str) -> str:
        """Return the limits at a path as HTML, ``18–70``."""
        told = f"{self.span(f'{path}.low')}–{self.span(f'{path}.high')}"
        return f'<span class="st-number">{told}</span>'

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
