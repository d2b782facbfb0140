"""How often intervals hold what they should: a row for each interval, a stroke for each cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from toolkit.figures.forest.drawing import draw_title
from toolkit.figures.forest.notes import draw_small_print
from toolkit.figures.page.canvas import Canvas, wrap
from toolkit.figures.page.style import (
    BESIDE,
    FAINT,
    HAIR,
    INK,
    MUTED,
    PAGE_WIDTH,
    PHONE_WIDTH,
    POOL,
    SMALL,
    house_style,
)

_MARGIN = 3.0
_LABEL = 150.0
_LANE = 8.0
_GAP = 7.0
_LINE = 8.6
_LEAST, _MOST = 0.5, 1.0
_TICKS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
_STROKE = 3.4


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageCell:
    """One cell of a simulation.

    Attributes
    ----------
    lane : int
        Number of series: each has a lane of its own.
    covered : float
        Share of intervals that held what they should, in [0, 1].
    beside : bool
        Whether the law is another than the one the interval assumes.
    """

    lane: int
    covered: float
    beside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageRow:
    """One interval with its cells."""

    label: str
    aim: str
    cells: tuple[CoverageCell, ...]


@house_style()
def coverage_plot(
    rows: Sequence[CoverageRow], *, title: str, level: float, narrow: bool = False
) -> Figure:
    """Return the coverage of intervals by cell, a lane for each number of series.

    Parameters
    ----------
    rows : sequence of CoverageRow
        From top to bottom.
    title : str
        Heading of the figure.
    level : float
        What the intervals aim at, in (0, 1).
    narrow : bool
        Whether to put the name of an interval above its lanes, for a phone.
    """
    canvas = Canvas(PHONE_WIDTH if narrow else PAGE_WIDTH)
    left = _MARGIN + (18.0 if narrow else _LABEL + 18)
    right = canvas.width - _MARGIN - 6
    lanes = sorted({cell.lane for row in rows for cell in row.cells})

    def x(covered: float) -> float:
        return left + (max(covered, _LEAST) - _LEAST) / (_MOST - _LEAST) * (right - left)

    y = draw_title(canvas, title, "% of simulated intervals that cover what they should") + 12
    for tick in _TICKS:
        canvas.text(x(tick), y, f"{100 * tick:.0f}", size=SMALL, align="center")
    top = y + 4
    y = top
    for row in rows:
        y = _draw_label(canvas, row, y, narrow)
        for lane in lanes:
            middle = y + _LANE / 2
            canvas.line((left, middle), (right, middle), colour=FAINT, width=0.5, behind=True)
            canvas.text(left - 7, middle + 2.3, str(lane), size=5.5, colour=MUTED, align="right")
            _draw_lane(canvas, [cell for cell in row.cells if cell.lane == lane], x, middle)
            y += _LANE
        y += _GAP
    for tick in _TICKS:
        canvas.line((x(tick), top), (x(tick), y - _GAP), colour=FAINT, width=0.5, behind=True)
    canvas.line((x(level), top), (x(level), y - _GAP), colour=INK, width=0.8, behind=True)
    canvas.line((_MARGIN, y - 3), (right, y - 3), colour=HAIR, width=0.6)
    y = draw_small_print(canvas, _notes(rows, level), y)
    return canvas.finish(y + _MARGIN, title, _in_words(rows))


def _draw_label(canvas: Canvas, row: CoverageRow, y: float, narrow: bool) -> float:
    """Write what a row is; return where its lanes begin."""
    room = canvas.width - 2 * _MARGIN if narrow else _LABEL
    lines = wrap(row.label, room, SMALL, bold=True)
    for number, line in enumerate(lines):
        canvas.text(_MARGIN, y + 7 + number * _LINE, line, size=SMALL, bold=True)
    canvas.text(_MARGIN, y + 7 + len(lines) * _LINE, row.aim, size=SMALL, colour=MUTED)
    return y + (len(lines) + 1) * _LINE + 3 if narrow else y


def _draw_lane(
    canvas: Canvas, cells: Sequence[CoverageCell], x: Callable[[float], float], y: float
) -> None:
    """Draw the cells of a lane: strokes above its line, those of another law below it."""
    for beside, colour, top in ((False, POOL, y - _STROKE), (True, BESIDE, y)):
        law = [cell.covered for cell in cells if cell.beside == beside]
        shown = [x(covered) for covered in law if covered >= _LEAST]
        if shown:
            canvas.ticks(shown, top, top + _STROKE, colour=colour, width=0.9)
        if len(shown) < len(law):
            left, middle = x(_LEAST), top + _STROKE / 2
            canvas.polygon(
                [(left - 5, middle), (left - 1, middle - 1.6), (left - 1, middle + 1.6)],
                fill=colour,
            )


def _notes(rows: Sequence[CoverageRow], level: float) -> list[str]:
    notes = [
        f"The line stands at {100 * level:g}%. Each row has a lane for reviews of so many studies. "
        "Strokes above a lane: normal logits of the studies, with spread. "
        "Below it: beta distributions."
    ]
    below = sum(cell.covered < _LEAST for row in rows for cell in row.cells)
    if below:
        cells = "1 cell" if below == 1 else f"{below} cells"
        notes.append(f"Arrowheads at the left edge: {cells} below {100 * _LEAST:.0f}%.")
    return notes


def _in_words(rows: Sequence[CoverageRow]) -> str:
    """Return least and largest share of each row."""
    told = []
    for row in rows:
        shares = [cell.covered for cell in row.cells]
        told.append(f"{row.label} ({row.aim}): {100 * min(shares):.0f} to {100 * max(shares):.0f}%")
    return "Coverage by cell. " + "; ".join(told) + "."
