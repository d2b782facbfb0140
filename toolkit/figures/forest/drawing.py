"""How lines and columns become a page: title, headings, lines, grid and axis, top to bottom."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from toolkit.figures.forest.columns import LEADING, draw_heading, is_bold
from toolkit.figures.forest.layout import MARGIN, ForestLayout
from toolkit.figures.forest.line import ForestLine
from toolkit.figures.forest.marks import Axis, draw_mark
from toolkit.figures.page.canvas import Canvas, text_width, wrap
from toolkit.figures.page.style import BODY, FAINT, HAIR, INK, MUTED, SMALL, TITLE

_SMALL_LEADING = 9.0
_LANE = 11.0
_SPACE_ABOVE_HEADING = 3.0


def draw_forest(
    canvas: Canvas,
    layout: ForestLayout,
    lines: Sequence[ForestLine],
    title: str,
    subtitle: str,
    centre: float | None,
) -> float:
    """Draw the lines on a page; return where the small print may start.

    Parameters
    ----------
    canvas : Canvas
        A page of the layout's width.
    layout : ForestLayout
        The columns in their places.
    lines : sequence of ForestLine
        What is drawn, from top to bottom.
    title, subtitle : str
        Words at the head of the page.
    centre : float or None
        Proportion at which a dashed line stands, in [0, 1].
    """
    y = draw_title(canvas, title, subtitle)
    y = _draw_headings(canvas, layout, y)
    y = _draw_lines(canvas, layout, lines, y, centre)
    return _draw_axis(canvas, layout, y)


def draw_title(canvas: Canvas, title: str, subtitle: str) -> float:
    """Write the heading and the analysis set; return where the next thing may start."""
    y = MARGIN
    width = canvas.width - 2 * MARGIN
    for line in wrap(title, width, TITLE, bold=True):
        y += 12.5
        canvas.text(MARGIN, y, line, size=TITLE, bold=True)
    for line in wrap(subtitle, width, BODY):
        y += 11.5
        canvas.text(MARGIN, y, line, colour=MUTED)
    return y + 9


def _draw_headings(canvas: Canvas, layout: ForestLayout, y: float) -> float:
    baseline = y + 8
    for placed in layout.texts:
        draw_heading(canvas, placed.column, placed.left, placed.width, baseline)
    _rule(canvas, layout, baseline + 4, INK)
    return baseline + 6.5


def _rule(canvas: Canvas, layout: ForestLayout, y: float, colour: str = HAIR) -> None:
    canvas.line((MARGIN, y), (layout.page - MARGIN, y), colour=colour, width=0.7)


def _draw_lines(
    canvas: Canvas,
    layout: ForestLayout,
    lines: Sequence[ForestLine],
    y: float,
    centre: float | None,
) -> float:
    """Draw all lines; return where the axis may start."""
    numbers = count(1)
    lanes: list[tuple[float, float]] = []
    top = y - 2.5
    last_pooled = 0.0
    for line in lines:
        if line.kind == "rule":
            _rule(canvas, layout, y + 2)
            y += 4.5
            continue
        y += _SPACE_ABOVE_HEADING if line.kind == "heading" else 0
        baseline = y + 10
        bottom = _draw_text(canvas, layout, line, baseline)
        # Below badges, whose frames reach lower than text.
        plot = (bottom + 2, bottom + 1 + _LANE) if layout.stacked else (y, bottom + 2.5)
        middle = bottom + _LANE / 2 + 1 if layout.stacked else baseline - 2.8
        above, drawn = y, line.mark is not None and layout.axis is not None
        y = (plot[1] if layout.stacked and drawn else bottom) + (4 if layout.stacked else 3)
        if line.mark is not None and layout.axis is not None:
            number = next(numbers)
            draw_mark(canvas, layout.axis, line.mark, middle, f"dot-{number}", line.title)
            _draw_lane(canvas, layout, layout.axis, (above, y), f"lane-{number}", line.title)
            lanes.append(plot)
            if line.kind in ("series", "pool"):
                last_pooled = middle
    if layout.axis is not None:
        _draw_grid(canvas, layout, lanes if layout.stacked else [(top, y)], centre, last_pooled)
    return y


def _draw_lane(
    canvas: Canvas,
    layout: ForestLayout,
    axis: Axis,
    heights: tuple[float, float],
    name: str,
    title: str,
) -> None:
    """Draw nothing to see: the place where a pointer or a finger calls up a line's title."""
    top, bottom = heights
    left, right = (MARGIN, layout.page - MARGIN) if layout.stacked else (axis.left, axis.right)
    canvas.box(left, top, right - left, bottom - top, name=name, title=title)


def _draw_text(canvas: Canvas, layout: ForestLayout, line: ForestLine, baseline: float) -> float:
    """Draw the text columns of a line and its small print; return the lower edge of both."""
    left, width = layout.span
    if line.kind == "words":
        wrapped = wrap(line.label, width)
        for number, words in enumerate(wrapped):
            canvas.text(left, baseline + number * LEADING, words, colour=MUTED)
        return baseline + (len(wrapped) - 1) * LEADING + 2
    if line.kind == "heading":
        return _draw_heading(canvas, line, left, width, baseline)
    for placed in layout.texts:
        given = layout.name_width(line) if placed.word == "series" else placed.width
        placed.column.draw(canvas, line, placed.left, given, baseline)
    taken = len(wrap(line.label, layout.name_width(line), bold=is_bold(line)))
    y = baseline + (max(taken, 1) - 1) * LEADING
    for paragraph in line.detail:
        for words in wrap(paragraph, width, SMALL):
            y += _SMALL_LEADING
            canvas.text(left, y, words, size=SMALL, colour=MUTED)
    return y + 2


def _draw_heading(
    canvas: Canvas, line: ForestLine, left: float, width: float, baseline: float
) -> float:
    """Draw a heading, with its detail after it or, where there is no room, below it."""
    wrapped = wrap(line.label, width, bold=True)
    for number, words in enumerate(wrapped):
        canvas.text(left, baseline + number * LEADING, words, bold=True)
    y = baseline + (len(wrapped) - 1) * LEADING
    detail = ", ".join(line.detail)
    start = left + text_width(wrapped[-1], bold=True) + 5
    if start + text_width(detail) > left + width:
        y += LEADING
        start = left
    canvas.text(start, y, detail, colour=MUTED)
    return y + 2


def _draw_grid(
    canvas: Canvas,
    layout: ForestLayout,
    lanes: Sequence[tuple[float, float]],
    centre: float | None,
    last_pooled: float,
) -> None:
    """Draw faint lines at the ticks, and a dashed one at the centre down to the last pool."""
    if layout.axis is None:
        return
    for top, bottom in lanes:
        for tick in layout.axis.ticks:
            x = layout.axis.x(tick)
            canvas.line((x, top), (x, bottom), colour=FAINT, width=0.6, behind=True)
        if centre is not None and layout.axis.holds(centre) and top < last_pooled:
            x = layout.axis.x(centre)
            end = min(bottom, last_pooled)
            canvas.line((x, top), (x, end), colour=MUTED, width=0.6, dashes=(3, 2.5), behind=True)


def _draw_axis(canvas: Canvas, layout: ForestLayout, y: float) -> float:
    """Draw the axis with its ticks and its unit; return its lower edge."""
    axis = layout.axis
    if axis is None:
        return y
    canvas.line((axis.left, y), (axis.right, y), width=0.8)
    for tick in axis.ticks:
        canvas.line((axis.x(tick), y), (axis.x(tick), y + 3), width=0.8)
        label = f"{layout.shares.per * tick:.6g}".replace("-", "−")
        canvas.text(axis.x(tick), y + 11, label, size=SMALL, align="center")
    units = {1: "Effect", 100: "% of patients"}
    unit = units.get(layout.shares.per, f"{layout.shares.unit} patients")
    canvas.text((axis.left + axis.right) / 2, y + 20, unit, size=SMALL, align="center")
    return y + 22
