"""The shapes of a forest plot's axis: each unlike the others, also in grey."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

from toolkit.figures.forest.line import Mark
from toolkit.figures.page.canvas import Canvas
from toolkit.figures.page.style import BESIDE, INK, POOL

LARGEST_SQUARE = 9.0
"""Side in points of the square of the largest series."""
SMALLEST_SQUARE = 2.4
"""Side of the smallest square that is drawn: a series is always seen."""
_WHISKER = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """Where proportions stand on the page.

    Attributes
    ----------
    left, right : float
        Positions of `low` and `high` in points.
    low, high : float
        The proportions at both ends.
    ticks : tuple of float
        Proportions that are marked.
    largest_total : int
        Patients of the series whose square has the side `LARGEST_SQUARE`.
    """

    left: float
    right: float
    largest_total: int
    low: float = 0.0
    high: float = 1.0
    ticks: tuple[float, ...] = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)

    def x(self, proportion: float) -> float:
        """Return the position of a proportion in points; beyond an end, that of the end."""
        share = (proportion - self.low) / (self.high - self.low)
        return self.left + min(max(share, 0.0), 1.0) * (self.right - self.left)

    def holds(self, proportion: float) -> bool:
        """Return whether a proportion lies between both ends, but for rounding."""
        slack = 1e-9 * (self.high - self.low)
        return self.low - slack <= proportion <= self.high + slack

    def side(self, total: int) -> float:
        """Return the side of the square whose area stands for patients, never too small to see."""
        return max(LARGEST_SQUARE * sqrt(total / self.largest_total), SMALLEST_SQUARE)


def draw_mark(canvas: Canvas, axis: Axis, mark: Mark, y: float, name: str, title: str) -> None:
    """Draw a mark centred at height y, under a name that is unique in the figure."""
    if not axis.holds(mark.start) and not axis.holds(mark.end):
        # Its body lies beyond the axis: an empty box at the edge keeps its title.
        edge = axis.x(mark.start)
        canvas.box(edge - 0.5, y - 2, 1, 4, name=name, title=title)
    else:
        _SHAPES[mark.shape](canvas, axis, mark, y, name, title)
    _arrows(canvas, axis, mark, y)


def _arrows(canvas: Canvas, axis: Axis, mark: Mark, y: float) -> None:
    """Draw an arrowhead at each end of the axis that a mark runs beyond."""
    if not axis.holds(mark.high):
        corners = ((axis.right + 5, y), (axis.right, y - 2.6), (axis.right, y + 2.6))
        canvas.polygon(corners, fill=INK)
    if not axis.holds(mark.low):
        corners = ((axis.left - 5, y), (axis.left, y - 2.6), (axis.left, y + 2.6))
        canvas.polygon(corners, fill=INK)


def _square(canvas: Canvas, axis: Axis, mark: Mark, y: float, name: str, title: str) -> None:
    side = axis.side(mark.total)
    canvas.line((axis.x(mark.low), y), (axis.x(mark.high), y), width=_WHISKER)
    canvas.box(
        axis.x(mark.start) - side / 2, y - side / 2, side, side, fill=INK, name=name, title=title
    )


def _open_bar(canvas: Canvas, axis: Axis, mark: Mark, y: float, name: str, title: str) -> None:
    left, right = axis.x(mark.start), axis.x(mark.end)
    canvas.line((axis.x(mark.low), y), (left, y), width=_WHISKER)
    canvas.line((right, y), (axis.x(mark.high), y), width=_WHISKER)
    canvas.box(left, y - 3, right - left, 6, edge=INK, name=name, title=title)


def _known_bar(canvas: Canvas, axis: Axis, mark: Mark, y: float, name: str, title: str) -> None:
    """Draw what is known from 0 on as a filled bar, and what is only bounded as an open one."""
    left, middle, right = axis.x(mark.low), axis.x(mark.start), axis.x(mark.end)
    if right > middle:
        canvas.box(middle, y - 2.6, right - middle, 5.2, edge=INK, edge_width=0.7)
    if middle > left:
        canvas.box(left, y - 3, middle - left, 6, fill=INK, name=name, title=title)
        return
    # A count of 0 is known as well, and is seen at the axis.
    canvas.line((left, y - 4), (left, y + 4), width=1.6)
    canvas.box(left, y - 3, max(right - left, 0.1), 6, name=name, title=title)


def _diamond_of_height(height: float, fill: str, edge: str) -> Callable[..., None]:
    def draw(canvas: Canvas, axis: Axis, mark: Mark, y: float, name: str, title: str) -> None:
        middle = axis.x(mark.start)
        corners = (
            (axis.x(mark.low), y),
            (middle, y - height / 2),
            (axis.x(mark.high), y),
            (middle, y + height / 2),
        )
        canvas.polygon(corners, fill=fill, edge=edge, name=name, title=title)

    return draw


def _bar(canvas: Canvas, axis: Axis, mark: Mark, y: float, name: str, title: str) -> None:
    left, right, middle = axis.x(mark.low), axis.x(mark.high), axis.x(mark.start)
    canvas.box(left, y - 1.5, right - left, 3, fill=POOL, name=name, title=title)
    canvas.line((middle, y - 4.5), (middle, y + 4.5), colour=POOL, width=1.2)


def _band(canvas: Canvas, axis: Axis, mark: Mark, y: float, name: str, title: str) -> None:
    """Draw the prediction: a ladder between two end posts, unlike any interval of an estimate."""
    left, right = axis.x(mark.low), axis.x(mark.high)
    canvas.box(left, y - 2, right - left, 4, edge=POOL, edge_width=0.7, name=name, title=title)
    canvas.line((left, y), (right, y), colour=POOL, width=4, dashes=(0.35, 0.35))
    for end in (left, right):
        canvas.line((end, y - 4), (end, y + 4), colour=POOL, width=1.2)


def _circle(canvas: Canvas, axis: Axis, mark: Mark, y: float, name: str, title: str) -> None:
    middle, radius = axis.x(mark.start), 2.9
    if axis.x(mark.low) < middle - radius:
        canvas.line((axis.x(mark.low), y), (middle - radius, y), colour=BESIDE)
    if axis.x(mark.high) > middle + radius:
        canvas.line((middle + radius, y), (axis.x(mark.high), y), colour=BESIDE)
    canvas.circle(middle, y, radius, edge=BESIDE, name=name, title=title)


def _point(canvas: Canvas, axis: Axis, mark: Mark, y: float, name: str, title: str) -> None:
    middle, half = axis.x(mark.start), 3.2
    canvas.line((axis.x(mark.low), y), (axis.x(mark.high), y), colour=POOL, width=_WHISKER)
    corners = ((middle - half, y), (middle, y - half), (middle + half, y), (middle, y + half))
    canvas.polygon(corners, fill=POOL, name=name, title=title)


_SHAPES: dict[str, Callable[..., None]] = {
    "square": _square,
    "open-bar": _open_bar,
    "known-bar": _known_bar,
    "diamond": _diamond_of_height(9, POOL, "none"),
    "open-diamond": _diamond_of_height(6, "none", POOL),
    "bar": _bar,
    "band": _band,
    "circle": _circle,
    "point": _point,
}
