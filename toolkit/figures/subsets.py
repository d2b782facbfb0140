"""The pools of all subsets of series as a histogram, split by the series that moves them most."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from toolkit.figures.forest.drawing import draw_title
from toolkit.figures.forest.notes import draw_small_print
from toolkit.figures.page.canvas import Canvas
from toolkit.figures.page.numerals import percent, plural
from toolkit.figures.page.style import (
    FAINT,
    INK,
    MUTED,
    PAGE_WIDTH,
    PAPER,
    PHONE_WIDTH,
    POOL,
    SMALL,
    house_style,
)
from toolkit.results.steps import Subsets

_MARGIN = 3.0
_HEIGHT = 70.0
_BINS = 40
_TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


@house_style()
def subsets_plot(found: Sequence[Subsets], *, title: str = "", narrow: bool = False) -> Figure:
    """Return a histogram of the pools of all subsets, one below another for each method.

    Parameters
    ----------
    found : sequence of Subsets
        What `toolkit.all_subsets` returned, of one answer or of several of the same series.
    title : str
        Heading of the figure.
    narrow : bool
        Whether it is drawn for a phone.
    """
    heading = title or "The pool of every subset of studies"
    canvas = Canvas(PHONE_WIDTH if narrow else PAGE_WIDTH)
    y = draw_title(canvas, heading, f"{len(found[0].estimate)} pools of two studies or more")
    for place, subsets in enumerate(found):
        words = subsets.method.in_words
        y = draw_small_print(canvas, [f"{words[:1].upper()}{words[1:]}"], y - 4)
        y = _draw_bars(canvas, subsets, y + 4, place + 1)
    canvas.text(canvas.width / 2, y + 8, "% of patients", size=SMALL, align="center")
    y = draw_small_print(canvas, [_split(found)], y + 9)
    said = " ".join(_in_words(each) for each in found)
    return canvas.finish(y + _MARGIN, heading, said)


def _draw_bars(canvas: Canvas, subsets: Subsets, top: float, panel: int) -> float:
    """Draw the bars of one method, the subsets with the series below those without it."""
    left, width = _MARGIN + 24, canvas.width - 2 * _MARGIN - 32
    bottom = top + _HEIGHT
    edges = np.linspace(0, 1, _BINS + 1)
    inside, _ = np.histogram(subsets.estimate[subsets.with_it], edges)
    outside, _ = np.histogram(subsets.estimate[~subsets.with_it], edges)
    most = max(int((inside + outside).max()), 1)
    for tick in _TICKS:
        x = left + tick * width
        canvas.line((x, top), (x, bottom), colour=FAINT, width=0.6, behind=True)
        canvas.text(x, bottom + 9, f"{100 * tick:.0f}", size=SMALL, align="center")
    canvas.text(left - 4, top + 5, str(most), size=SMALL, align="right", colour=MUTED)
    canvas.text(left - 4, bottom, "0", size=SMALL, align="right", colour=MUTED)
    for number in range(_BINS):
        x, step = left + edges[number] * width, width / _BINS
        below = inside[number] / most * _HEIGHT
        above = outside[number] / most * _HEIGHT
        told = (
            f"{percent(edges[number])} to {percent(edges[number + 1])}%: "
            f"{plural(int(inside[number]), 'subset', 'subsets')} with {subsets.moves_most}, "
            f"{int(outside[number])} without"
        )
        for part, (start, height, fill) in enumerate(((0.0, below, POOL), (below, above, PAPER))):
            if height:
                canvas.box(
                    x + 0.4,
                    bottom - start - height,
                    step - 0.8,
                    height,
                    fill=fill,
                    edge=POOL,
                    edge_width=0.6,
                    name=f"dot-{panel}-{number + 1}-{part + 1}",
                    title=told,
                )
    canvas.line((left, bottom), (left + width, bottom), colour=INK, width=0.8)
    return bottom + 10


def _split(found: Sequence[Subsets]) -> str:
    """Return what fills a bar."""
    names = list(dict.fromkeys(each.moves_most for each in found))
    if len(names) == 1:
        return (
            f"Filled: subsets with {names[0]}, whose presence moves the median most; open: without."
        )
    return (
        f"Filled: subsets with {' (above) or '.join(names)} (below), whose presence moves the "
        "pool most; open: without."
    )


def _in_words(subsets: Subsets) -> str:
    """Return the range of the pools and what splits them."""
    words = subsets.method.in_words
    estimate, kept = subsets.estimate, subsets.with_it
    told = (
        f"By {words}: {len(estimate)} pools from {percent(float(estimate.min()))} to "
        f"{percent(float(estimate.max()))}%."
    )
    if kept.any() and not kept.all():
        told += (
            f" Their median is {percent(float(np.median(estimate[kept])))}% with "
            f"{subsets.moves_most} and {percent(float(np.median(estimate[~kept])))}% without."
        )
    return told
