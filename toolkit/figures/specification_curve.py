"""The answer under every defensible choice: estimates in order above, their choices below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from matplotlib.figure import Figure

from toolkit.figures.canvas import Canvas, text_width, wrap
from toolkit.figures.forest_drawing import draw_title
from toolkit.figures.forest_notes import draw_small_print
from toolkit.figures.numerals import estimate_in_words, percent
from toolkit.figures.style import (
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
from toolkit.synthesis import Estimate

_MARGIN = 3.0
_HEIGHT = 130.0
_ROW = 11.0
# What a row that stands below its name needs more than one beside it.
_STACKED = 10.0
_TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_WIDEST_LABEL = 165.0


class Specification(Protocol):
    """What a combination of choices must tell."""

    @property
    def data(self) -> str:
        """Label of the choice of data."""

    @property
    def method(self) -> str:
        """Label of the choice of method."""

    @property
    def k(self) -> int:
        """Series in the pool."""

    @property
    def total(self) -> int:
        """Patients in the pool."""

    @property
    def estimate(self) -> Estimate:
        """Undefined where the combination gives none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Curve:
    """The page that the curve is drawn on: estimates in order, and where the first stands."""

    canvas: Canvas
    drawn: tuple[Specification, ...]
    headline: tuple[str, str] | None
    left: float
    step: float
    stacked: bool

    def x(self, place: int) -> float:
        """Return the middle of a specification's column in points."""
        return self.left + (place + 0.5) * self.step

    def leads(self, specification: Specification) -> bool:
        """Whether a specification is the one that the protocol leads with."""
        return self.headline == (specification.data, specification.method)


@house_style()
def specification_plot(
    specifications: Sequence[Specification],
    *,
    title: str,
    headline: tuple[str, str] | None = None,
    narrow: bool = False,
) -> Figure:
    """Return the estimates of all specifications in ascending order, over their choices.

    Parameters
    ----------
    specifications : sequence of Specification
        What `toolkit.sensitivity.specification_curve` returned; those without an estimate are
        counted in the small print.
    title : str
        Heading of the figure.
    headline : (data, method), optional
        Labels of the choices that the protocol leads with, drawn in ink with a wider mark.
    narrow : bool
        Whether to put the name of a choice above its row, for a phone.
    """
    drawn = tuple(sorted((each for each in specifications if each.estimate.defined), key=_order))
    choices = [
        ("Data", list(dict.fromkeys(each.data for each in specifications))),
        ("Method", list(dict.fromkeys(each.method for each in specifications))),
    ]
    width = PHONE_WIDTH if narrow else PAGE_WIDTH
    widest = max(
        (text_width(word, SMALL, bold=True) for _, words in choices for word in words), default=0.0
    )
    left = _MARGIN + (18.0 if narrow else min(widest, _WIDEST_LABEL) + 10)
    curve = _Curve(
        canvas=Canvas(width),
        drawn=drawn,
        headline=headline,
        left=left,
        step=(width - _MARGIN - left) / max(len(drawn), 1),
        stacked=narrow,
    )
    given = f"{len(drawn)} of {len(specifications)} combinations give an estimate"
    y = draw_title(curve.canvas, title, given)
    y = _draw_estimates(curve, y + 4)
    for heading, words in choices:
        y = _draw_choices(curve, heading, words, y)
    y = draw_small_print(curve.canvas, _notes(headline), y)
    return curve.canvas.finish(y + _MARGIN, title, _in_words(specifications, drawn))


def _order(specification: Specification) -> tuple[float, str, str]:
    estimate = specification.estimate.estimate
    return (0.0 if estimate is None else estimate, specification.data, specification.method)


def _draw_estimates(curve: _Curve, top: float) -> float:
    """Draw every estimate with its interval; return the lower edge."""
    canvas = curve.canvas
    right = curve.x(len(curve.drawn) - 1) + curve.step / 2

    def y(proportion: float) -> float:
        return top + (1 - proportion) * _HEIGHT

    for tick in _TICKS:
        canvas.line((curve.left, y(tick)), (right, y(tick)), colour=FAINT, width=0.6, behind=True)
        canvas.text(curve.left - 4, y(tick) + 2.5, f"{100 * tick:.0f}", size=SMALL, align="right")
    if not curve.stacked:
        canvas.text(_MARGIN, y(1.0) + 2.5, "% of patients", size=SMALL)
    for place, each in enumerate(curve.drawn):
        found = each.estimate
        if found.estimate is None or found.low is None or found.high is None:
            continue
        leads = curve.leads(each)
        x, half = curve.x(place), max(0.8, min(2.2, curve.step * 0.4))
        canvas.line((x, y(found.low)), (x, y(found.high)), colour=INK if leads else HAIR, width=1.0)
        if leads:
            half = max(half, 2.2)
        canvas.box(
            x - half,
            y(found.estimate) - half,
            2 * half,
            2 * half,
            fill=INK if leads else POOL,
            name=f"dot-{place + 1}",
            title=f"{each.data}; {each.method}: {estimate_in_words(found)}, k = {each.k}, "
            f"n = {each.total}",
        )
    return top + _HEIGHT + 8


def _draw_choices(curve: _Curve, heading: str, words: Sequence[str], y: float) -> float:
    """Draw a row per choice with a tick under every estimate that makes it."""
    canvas = curve.canvas
    y += 10
    canvas.text(_MARGIN, y, heading, size=SMALL, bold=True)
    y += 3
    room = canvas.width - 2 * _MARGIN if curve.stacked else curve.left - _MARGIN - 8
    for word in words:
        label = wrap(word, room, SMALL, bold=True)
        leads = curve.headline is not None and word in curve.headline
        for number, line in enumerate(label):
            canvas.text(_MARGIN, y + 8 + number * 8.6, line, size=SMALL, bold=leads)
        height = _ROW + (len(label) - 1) * 8.6
        lane = y + (height + 3.5 if curve.stacked else height / 2 - 0.5)
        right = curve.x(len(curve.drawn) - 1) + curve.step / 2
        canvas.line((curve.left, lane), (right, lane), colour=FAINT, width=0.6, behind=True)
        for place, each in enumerate(curve.drawn):
            if word in (each.data, each.method):
                x = curve.x(place)
                colour = INK if curve.leads(each) else MUTED
                width = max(1.0, min(3.0, curve.step * 0.6))
                canvas.line((x, lane - 3), (x, lane + 3), colour=colour, width=width)
        y += height + (_STACKED if curve.stacked else 0)
    return y


def _notes(headline: tuple[str, str] | None) -> list[str]:
    notes = ["Each column is one combination of data and method, in order of its estimate."]
    if headline is not None:
        notes.append(f"In ink: the combination the protocol leads with ({'; '.join(headline)}).")
    return notes


def _in_words(specifications: Sequence[Specification], drawn: Sequence[Specification]) -> str:
    """Return the range of the estimates and what gives its ends."""
    known = [(each, each.estimate.estimate) for each in drawn if each.estimate.estimate is not None]
    if not known:
        return f"None of {len(specifications)} specifications gives an estimate."
    (first, low), (last, high) = known[0], known[-1]
    return (
        f"{len(known)} of {len(specifications)} specifications give an estimate, from "
        f"{percent(low)} % ({first.data}; {first.method}) to "
        f"{percent(high)} % ({last.data}; {last.method})."
    )
