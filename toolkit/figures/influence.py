"""What each series does to the pool: its influence on estimate, spread and whole fit."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from toolkit.figures.forest.drawing import draw_title
from toolkit.figures.forest.notes import draw_small_print
from toolkit.figures.page.canvas import Canvas, text_width, wrap
from toolkit.figures.page.numerals import decimal, percent
from toolkit.figures.page.style import (
    FAINT,
    HAIR,
    INK,
    MUTED,
    PAGE_WIDTH,
    PAPER,
    PHONE_WIDTH,
    POOL,
    SMALL,
    house_style,
)
from toolkit.results.influence import (
    INFLUENTIAL_CONFIDENCE,
    INFLUENTIAL_SHIFT,
    Influence,
    SeriesInfluence,
)
from toolkit.results.names import studies

_MARGIN = 3.0
_GAP = 16.0
_ROW = 15.0
_NAMES = 130.0
_RADIUS = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Panel:
    """One diagnostic: its axis and where it stands."""

    heading: str
    value: Callable[[SeriesInfluence], float | None]
    low: float
    high: float
    lines: tuple[float, ...]
    ticks: tuple[tuple[float, str], ...]
    left: float
    width: float

    def x(self, value: float) -> float:
        """Return where a value stands in points."""
        return self.left + (value - self.low) / (self.high - self.low) * self.width


@house_style()
def influence_plot(fits: Sequence[Influence], *, title: str = "", narrow: bool = False) -> Figure:
    """Return what each series does to one pool or to two, side by side.

    Parameters
    ----------
    fits : sequence of Influence
        What `toolkit.influence` returned of one answer, or of two of the same series: the first is
        drawn filled, the second open.
    title : str
        Heading of the figure.
    narrow : bool
        Whether to put the name of a series above its marks, for a phone.
    """
    heading = title or "What each study does to the pool"
    canvas = Canvas(PHONE_WIDTH if narrow else PAGE_WIDTH)
    y = draw_title(canvas, heading, studies(len(fits[0].rows)))
    widest = max(text_width(row.label) for row in fits[0].rows)
    panels = _panels(fits, canvas.width, 0.0 if narrow else min(widest, _NAMES) + 12)
    y = _draw_headings(canvas, panels, y)
    top = y
    for place, row in enumerate(fits[0].rows):
        if narrow:
            canvas.text(_MARGIN, y + 9, row.label)
            y += 11
        else:
            for line in wrap(row.label, _NAMES)[:1]:
                canvas.text(_MARGIN, y + _ROW / 2 + 2.8, line)
        _draw_marks(canvas, panels, fits, place, y + _ROW / 2)
        y += _ROW
    _draw_axes(canvas, panels, top, y)
    y = draw_small_print(canvas, _notes(fits), y + 13)
    return canvas.finish(y + _MARGIN, heading, _in_words(fits))


def _panels(fits: Sequence[Influence], page: float, names: float) -> tuple[_Panel, ...]:
    """Return the three diagnostics beside each other, each on an axis that holds all fits."""
    left = _MARGIN + max(names, 8.0)
    width = (page - left - _MARGIN - 2 * _GAP - 8) / 3
    rows = [row for fit in fits for row in fit.rows]
    pull = _round_up(max([INFLUENTIAL_SHIFT, *(abs(row.shift or 0.0) for row in rows)]))
    spreads = [row.spread_without or 0.0 for row in rows] + [fit.spread or 0.0 for fit in fits]
    spread = _round_up(max([0.1, *spreads]))
    lefts = [left + place * (width + _GAP) for place in range(3)]
    return (
        _Panel(
            heading="Influence on the estimate",
            value=lambda row: row.shift,
            low=-pull,
            high=pull,
            lines=(-INFLUENTIAL_SHIFT, INFLUENTIAL_SHIFT),
            ticks=tuple((tick, _signed(tick)) for tick in (-pull, 0.0, pull)),
            left=lefts[0],
            width=width,
        ),
        _Panel(
            heading="Spread without it",
            value=lambda row: row.spread_without,
            low=0.0,
            high=spread,
            lines=tuple(fit.spread for fit in fits[:1] if fit.spread is not None),
            ticks=((0.0, "0"), (spread, decimal(spread))),
            left=lefts[1],
            width=width,
        ),
        _Panel(
            heading="Region left, %",
            value=lambda row: row.confidence,
            low=0.0,
            high=1.0,
            lines=(INFLUENTIAL_CONFIDENCE,),
            ticks=((0.0, "0"), (0.5, "50"), (1.0, "100")),
            left=lefts[2],
            width=width,
        ),
    )


def _round_up(value: float) -> float:
    """Return the next half above a value, so that the axis ends on a short number."""
    return math.ceil(value * 2 + 1e-9) / 2


def _signed(value: float) -> str:
    """Return a tick with its sign."""
    return f"{value:+g}".replace("-", "−") if value else "0"


def _draw_headings(canvas: Canvas, panels: Sequence[_Panel], y: float) -> float:
    """Write what the panels show; return where the rows may start."""
    wrapped = [wrap(panel.heading, panel.width + _GAP - 4, SMALL, bold=True) for panel in panels]
    deepest = max(len(lines) for lines in wrapped)
    for panel, lines in zip(panels, wrapped, strict=True):
        for number, words in enumerate(lines):
            below = (deepest - len(lines) + number + 1) * 8.8
            canvas.text(panel.left, y + below, words, size=SMALL, bold=True)
    return y + deepest * 8.8 + 5


def _draw_marks(
    canvas: Canvas, panels: Sequence[_Panel], fits: Sequence[Influence], place: int, middle: float
) -> None:
    """Draw the marks of one series on the three axes, those of the second fit open and below."""
    for number, fit in enumerate(fits):
        row = fit.rows[place]
        lift = 0.0 if len(fits) == 1 else (-2.2, 2.2)[number]
        for part, panel in enumerate(panels):
            value = panel.value(row)
            if value is None:
                if number == 0:
                    canvas.text(panel.left, middle + 2.5, "–", size=SMALL, colour=MUTED)
                continue
            canvas.circle(
                panel.x(value),
                middle + lift,
                _RADIUS,
                fill=PAPER if number else POOL,
                edge=POOL,
                name=f"dot-{place + 1}-{number + 1}-{part + 1}",
                title=f"{row.label}, {fit.method.in_words}: {_row_in_words(row)}",
            )


def _draw_axes(canvas: Canvas, panels: Sequence[_Panel], top: float, bottom: float) -> None:
    """Draw the frame of every panel, its bounds dashed, and its ticks."""
    for panel in panels:
        canvas.line((panel.left, bottom), (panel.left + panel.width, bottom), width=0.7)
        for value, words in panel.ticks:
            x = panel.x(value)
            canvas.line((x, top), (x, bottom), colour=FAINT, width=0.6, behind=True)
            canvas.text(x, bottom + 9, words, size=SMALL, align="center", colour=INK)
        for value in panel.lines:
            x = panel.x(value)
            canvas.line((x, top), (x, bottom), colour=HAIR, width=0.9, dashes=(3, 2), behind=True)


def _row_in_words(row: SeriesInfluence) -> str:
    """Return the diagnostics of one series in words."""
    if row.shift is None or row.confidence is None or row.spread_without is None:
        return row.note.removesuffix(".")
    return (
        f"moves the estimate by {_decimal(row.shift)} standard errors; τ without it "
        f"{decimal(row.spread_without)}; the pool without it lies on the edge of the "
        f"{percent(row.confidence)}% region"
    )


def _decimal(value: float) -> str:
    """Return a number of two decimals with its sign."""
    return ("+" if value >= 0 else "−") + decimal(abs(value))


def _notes(fits: Sequence[Influence]) -> list[str]:
    """Return what must be known to read the figure."""
    kinds = ("Filled", "Open")
    notes = [f"{kind}: {fit.method.in_words}." for kind, fit in zip(kinds, fits, strict=False)]
    return [
        *notes,
        "Influence on the estimate: by how many standard errors the study moves it. Spread without "
        "it: τ between the others; dashed: between all. Region left: level of the confidence "
        "region of the pool whose edge passes through the pool without the study; beyond 50% "
        "(dashed) it is called influential.",
    ]


def _in_words(fits: Sequence[Influence]) -> str:
    """Return every diagnostic in one paragraph."""
    return " ".join(
        f"By {fit.method.in_words}: "
        + "; ".join(f"{row.label}: {_row_in_words(row)}" for row in fit.rows)
        + "."
        for fit in fits
    )
