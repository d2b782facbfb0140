"""The columns of a forest plot: each knows how wide it is and draws its own cell of a line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from toolkit.figures.forest.line import ForestLine
from toolkit.figures.page.badges import STEP, badge
from toolkit.figures.page.canvas import Canvas, text_width, wrap
from toolkit.figures.page.style import BODY, MUTED
from toolkit.results.names import EVENTS, STUDY, capital

LEADING = 10.5
"""Distance from one line of body text to the next, in points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of text.

    Attributes
    ----------
    heading : str
        Words above it; right-aligned where `numbers` is true.
    width : float
        Its natural width in points.
    after_stroke : float
        Width right of the stroke on which cells of the form x/n and their heading are aligned.
    draw : function of (canvas, line, left, width, baseline)
        Draws the cell of a line in the width that it was given.
    """

    heading: str
    numbers: bool
    width: float
    draw: Callable[[Canvas, ForestLine, float, float, float], None]
    after_stroke: float = 0.0


def series_column(lines: Sequence[ForestLine], level: float) -> Column:
    """Return the column of names; a name wider than its column takes more than one line."""
    del level

    def draw(canvas: Canvas, line: ForestLine, left: float, width: float, baseline: float) -> None:
        bold = is_bold(line)
        for number, words in enumerate(wrap(line.label, width, bold=bold)):
            canvas.text(left, baseline + number * LEADING, words, bold=bold)

    # Other lines have no badges: their names may run on to the right.
    named = [line for line in lines if line.kind == "series"]
    width = max((text_width(line.label, bold=is_bold(line)) for line in named), default=0.0)
    return Column(heading=capital(STUDY), numbers=False, width=width + 0.5, draw=draw)


def flags_column(lines: Sequence[ForestLine], level: float) -> Column:
    """Return the column of badges."""
    del level

    def draw(canvas: Canvas, line: ForestLine, left: float, width: float, baseline: float) -> None:
        # Badges that share the room of the names stand at its right end.
        start = left if width <= natural else left + width - len(line.flags) * STEP
        for number, flag in enumerate(line.flags):
            badge(canvas, flag, start + number * STEP, baseline)

    natural = max((len(line.flags) for line in lines), default=0) * STEP
    return Column(heading="", numbers=False, width=natural, draw=draw)


def counts_column(lines: Sequence[ForestLine], level: float) -> Column:
    """Return the column of x/n, aligned on the stroke, or of n where no line has events."""
    del level
    counted = any(line.events for line in lines)
    before = _widest(line.events for line in lines)
    after = _widest(f"/{line.total}" for line in lines if line.total)

    def draw(canvas: Canvas, line: ForestLine, left: float, width: float, baseline: float) -> None:
        if not line.total:
            return
        if not line.events:
            canvas.text(left + width, baseline, line.total, align="right")
            return
        stroke = left + width - after
        canvas.text(stroke, baseline, line.events, align="right")
        canvas.text(stroke, baseline, f"/{line.total}")

    return Column(
        heading=capital(EVENTS) if counted else "Patients",
        numbers=True,
        width=before + after,
        draw=draw,
        after_stroke=after if counted else 0.0,
    )


def interval_column(lines: Sequence[ForestLine], level: float) -> Column:
    """Return the column of percents, aligned on their last digit, and intervals, on their dash."""
    centre = _widest(line.centre for line in lines)
    low = _widest(f"({line.low}" for line in lines if line.low)
    high = _widest(f"–{line.high})" for line in lines if line.high)
    gap = text_width("n")

    def draw(canvas: Canvas, line: ForestLine, left: float, width: float, baseline: float) -> None:
        dash = left + width - high
        if line.centre:
            bold = is_bold(line)
            canvas.text(dash - low - gap, baseline, line.centre, align="right", bold=bold)
        if not line.low:
            return
        # A prediction has no centre, and so no brackets around its limits.
        opening, closing = ("(", ")") if line.centre else ("", "")
        canvas.text(dash, baseline, f"{opening}{line.low}", align="right")
        canvas.text(dash, baseline, f"–{line.high}{closing}")

    return Column(
        heading=f"% ({100 * level:g}% CI)",
        numbers=True,
        width=centre + gap + low + high,
        draw=draw,
    )


def weight_column(lines: Sequence[ForestLine], level: float) -> Column:
    """Return the column of weights in percent, aligned on their decimal."""
    del level

    def draw(canvas: Canvas, line: ForestLine, left: float, width: float, baseline: float) -> None:
        if line.weight:
            canvas.text(left + width, baseline, line.weight, align="right", colour=MUTED)

    width = _widest(line.weight for line in lines)
    return Column(heading="Weight %", numbers=True, width=width, draw=draw)


def extra_column(heading: str, lines: Sequence[ForestLine]) -> Column:
    """Return a further column of text under its heading."""
    cells = [dict(line.extra).get(heading, "") for line in lines]

    def draw(canvas: Canvas, line: ForestLine, left: float, width: float, baseline: float) -> None:
        canvas.text(left, baseline, dict(line.extra).get(heading, ""))

    return Column(heading=heading, numbers=False, width=_widest(cells), draw=draw)


TEXT_COLUMNS: dict[str, Callable[[Sequence[ForestLine], float], Column]] = {
    "series": series_column,
    "flags": flags_column,
    "counts": counts_column,
    "interval": interval_column,
    "weight": weight_column,
}
"""The columns of text, by the word that asks for them."""


def is_bold(line: ForestLine) -> bool:
    """Whether a line is set in bold: headings, and what the protocol leads with."""
    return line.kind == "heading" or line.leads


def draw_heading(
    canvas: Canvas, column: Column, left: float, width: float, baseline: float
) -> None:
    """Write a column's heading over it."""
    before, _, after = column.heading.partition("/")
    # A heading that is wider than its cells ends where they end.
    if column.after_stroke and text_width(f"/{after}", bold=True) <= column.after_stroke + 1:
        stroke = left + width - column.after_stroke
        canvas.text(stroke, baseline, before, align="right", bold=True)
        canvas.text(stroke, baseline, f"/{after}", bold=True)
    elif column.numbers:
        canvas.text(left + width, baseline, column.heading, align="right", bold=True)
    else:
        canvas.text(left, baseline, column.heading, bold=True)


def _widest(words: Iterable[str]) -> float:
    """Return the width of the widest words as if bold, so that a bold cell fits too."""
    return max((text_width(each, BODY, bold=True) for each in words), default=0.0)
