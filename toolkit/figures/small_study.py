"""The size of each series against its proportion, on the logit scale, with the trend."""

from __future__ import annotations

import math
from itertools import pairwise

from matplotlib.figure import Figure

from toolkit.figures.forest.drawing import draw_title
from toolkit.figures.forest.notes import draw_small_print
from toolkit.figures.page.canvas import Canvas
from toolkit.figures.page.numerals import decimal, percent
from toolkit.figures.page.style import (
    FAINT,
    INK,
    MUTED,
    PAGE_WIDTH,
    PHONE_WIDTH,
    POOL,
    SMALL,
    house_style,
)
from toolkit.results.influence import SmallStudy
from toolkit.results.names import studies

_MARGIN = 3.0
_HEIGHT = 190.0
_SHARES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)
_SIZES = (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000)
_STEPS = 40


def _logit(proportion: float) -> float:
    return math.log(proportion / (1 - proportion))


@house_style()
def small_study_plot(found: SmallStudy, *, title: str = "", narrow: bool = False) -> Figure:
    """Return the series by proportion and size, the larger ones higher, with the fitted trend.

    Parameters
    ----------
    found : SmallStudy
        What `toolkit.small_study` returned.
    title : str
        Heading of the figure.
    narrow : bool
        Whether it is drawn for a phone.
    """
    heading = title or "Size against proportion"
    canvas = Canvas(PHONE_WIDTH if narrow else PAGE_WIDTH)
    y = draw_title(canvas, heading, studies(len(found.rows))) + 8
    left, right, bottom = _MARGIN + 30, canvas.width - _MARGIN - 8, y + _HEIGHT
    sizes = [math.log(row.total) for row in found.rows]
    logits = [_logit(row.estimate) for row in found.rows]
    across = (min(logits) - 0.3, max(logits) + 0.3)
    upwards = (min(sizes) - 0.15, max(sizes) + 0.15)

    def place(logit: float, size: float) -> tuple[float, float]:
        return (
            left + (logit - across[0]) / (across[1] - across[0]) * (right - left),
            bottom - (size - upwards[0]) / (upwards[1] - upwards[0]) * _HEIGHT,
        )

    _draw_grid(canvas, place(across[0], upwards[1]), place(across[1], upwards[0]), across, upwards)
    steps = [upwards[0] + (upwards[1] - upwards[0]) * i / _STEPS for i in range(_STEPS + 1)]
    trend = [place(found.intercept + found.slope / math.exp(size), size) for size in steps]
    seen = [point for point in trend if left <= point[0] <= right]
    canvas.strokes(list(pairwise(seen)), colour=INK, width=0.9, name="trend")
    for number, row in enumerate(found.rows):
        x, height = place(logits[number], sizes[number])
        words = f"{row.label}: {percent(row.estimate)}%, {row.total} patients"
        canvas.circle(x, height, 2.6, fill=POOL, name=f"dot-{number + 1}", title=words)
    y = draw_small_print(canvas, _notes(found), bottom + 22)
    said = ". ".join(f"{row.label}: {percent(row.estimate)}% of {row.total}" for row in found.rows)
    return canvas.finish(y + _MARGIN, heading, f"{_notes(found)[-1]} {said}.")


def _draw_grid(
    canvas: Canvas,
    first: tuple[float, float],
    last: tuple[float, float],
    across: tuple[float, float],
    upwards: tuple[float, float],
) -> None:
    """Draw the axes: proportions on the logit scale below, patients on the log scale beside."""
    (left, top), (right, bottom) = first, last
    free = 0.0
    for share in _SHARES:
        if across[0] <= _logit(share) <= across[1]:
            x = left + (_logit(share) - across[0]) / (across[1] - across[0]) * (right - left)
            canvas.line((x, top), (x, bottom), colour=FAINT, width=0.6, behind=True)
            if x > free:
                canvas.text(x, bottom + 9, percent(share), size=SMALL, align="center")
                free = x + 16
    for size in _SIZES:
        if upwards[0] <= math.log(size) <= upwards[1]:
            y = bottom - (math.log(size) - upwards[0]) / (upwards[1] - upwards[0]) * (bottom - top)
            canvas.line((left, y), (right, y), colour=FAINT, width=0.6, behind=True)
            canvas.text(left - 4, y + 2.5, str(size), size=SMALL, align="right")
    canvas.text(left - 27, top - 2, "Patients", size=SMALL, colour=MUTED)
    canvas.line((left, bottom), (right, bottom), width=0.8)
    middle = (left + right) / 2
    canvas.text(middle, bottom + 19, "% of patients, logit scale", size=SMALL, align="center")


def _notes(found: SmallStudy) -> list[str]:
    """Return the trend and its test, and how they are to be read."""
    p = "< 0.001" if found.p < 0.001 else f"= {found.p:.3f}"
    slope, statistic = _signed(found.slope), _signed(found.statistic)
    return [
        "Line: the trend of the logit with 1/n. A trend may come from missing studies, and as well "
        "from patients or treatment that differ with the size of a study.",
        f"Slope {slope} per 1/n, t({found.df:g}) = {statistic}, p {p} (two-sided).",
    ]


def _signed(value: float) -> str:
    """Return a number of two decimals with a minus sign where it has one."""
    return decimal(value) if value >= 0 else f"−{decimal(-value)}"
