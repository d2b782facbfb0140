"""One line of a forest plot: its words, its numbers and its mark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from toolkit.results.row import Row

Shape = Literal[
    "square",
    "open-bar",
    "known-bar",
    "diamond",
    "open-diamond",
    "bar",
    "band",
    "circle",
    "point",
]
LineKind = Literal["series", "heading", "total", "pool", "comparator", "words", "rule"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A shape on the axis: from `low` to `high`, with a body from `start` to `end`.

    All in [0, 1]. `total` is the number of patients a square's area stands for.
    """

    shape: Shape
    low: float
    high: float
    start: float
    end: float
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestLine:
    """One line of a forest plot.

    Attributes
    ----------
    kind : str
        What the line is; a ``words`` line has a label alone, a ``rule`` is a line across, a
        ``total`` adds up the events and patients above it.
    label : str
        Name of the line.
    detail : tuple of str
        What is said below it in small type (after it, in a heading), each on lines of its own.
    events, total : str
        Both sides of x/n; empty where there are no counts.
    centre, low, high : str
        Printed percents; the centre is empty for a prediction.
    leads : bool
        Whether the line is the estimand that the protocol leads with.
    mark : Mark or None
        What is drawn on the axis.
    title : str
        The line in one sentence, shown when a pointer rests on it.
    row : Row or None
        The row of the answer that a ``series`` line draws.
    extra : tuple of (heading, text)
        Cells of further columns.
    """

    kind: LineKind
    label: str
    detail: tuple[str, ...] = ()
    events: str = ""
    total: str = ""
    centre: str = ""
    low: str = ""
    high: str = ""
    weight: str = ""
    flags: tuple[str, ...] = ()
    leads: bool = False
    mark: Mark | None = None
    title: str = ""
    row: Row | None = None
    extra: tuple[tuple[str, str], ...] = ()


RULE = ForestLine(kind="rule", label="")
"""A line across the page."""
