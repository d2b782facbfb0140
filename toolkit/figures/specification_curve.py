"""The answer under every defensible choice: estimates in order above, their choices below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from matplotlib.figure import Figure

from toolkit.figures.forest.drawing import draw_title
from toolkit.figures.forest.notes import draw_small_print
from toolkit.figures.page.canvas import Canvas, text_width, wrap
from toolkit.figures.page.numerals import estimate_in_words, percent
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
from toolkit.results.curve import Specification, SpecificationCurve
from toolkit.results.names import ESTIMANDS

_MARGIN = 3.0
_HEIGHT = 130.0
_ROW = 11.0
# What a row that stands below its name needs more than one beside it.
_STACKED = 10.0
_TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_WIDEST_LABEL = 165.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Curve:
    """The page that the curve is drawn on: estimates in order, and where the first stands."""

    canvas: Canvas
    drawn: tuple[Specification, ...]
    curve: SpecificationCurve
    left: float
    step: float
    stacked: bool
    lanes: dict[str, float] = field(default_factory=dict)

    def x(self, place: int) -> float:
        """Return the middle of a specification's column in points."""
        return self.left + (place + 0.5) * self.step

    @property
    def right(self) -> float:
        """Return the right edge of the last column in points."""
        return self.left + len(self.drawn) * self.step


def in_order(curve: SpecificationCurve) -> tuple[Specification, ...]:
    """Return the combinations that are drawn, in the order of their columns."""
    return tuple(sorted((s for s in curve.specifications if s.estimate.defined), key=_order))


@house_style()
def specification_plot(
    curve: SpecificationCurve, *, title: str = "", narrow: bool = False
) -> Figure:
    """Return the estimates of all combinations in ascending order, over their choices.

    Parameters
    ----------
    curve : SpecificationCurve
        What `toolkit.specification_curve` returned; combinations without an estimate are counted
        under the title. The one that the protocol leads with is drawn darkest, with a wider
        mark; those of the other estimand have open marks.
    title : str
        Heading of the figure; the outcome unless given.
    narrow : bool
        Whether to put the name of a choice above its row, for a phone.
    """
    drawn = in_order(curve)
    heading = title or f"{curve.outcome_label}: every combination of data and method"
    choices = [
        ("Data", [each.label for each in curve.variants if each.counted]),
        ("Method", [each.label for each in curve.methods]),
    ]
    width = PHONE_WIDTH if narrow else PAGE_WIDTH
    widest = max(text_width(word, SMALL, bold=True) for _, words in choices for word in words)
    left = _MARGIN + (18.0 if narrow else min(widest, _WIDEST_LABEL) + 10)
    page = _Curve(
        canvas=Canvas(width),
        drawn=drawn,
        curve=curve,
        left=left,
        step=(width - _MARGIN - left) / max(len(drawn), 1),
        stacked=narrow,
    )
    given = f"{len(drawn)} of {len(curve.specifications)} combinations give an estimate"
    y = draw_title(page.canvas, heading, given)
    y = _draw_estimates(page, y + 4)
    for name, words in choices:
        y = _draw_choices(page, name, words, y)
    _draw_columns(page)
    y = draw_small_print(page.canvas, _notes(curve, drawn), y)
    return page.canvas.finish(y + _MARGIN, heading, _in_words(curve, drawn))


def _order(specification: Specification) -> tuple[float, str, str]:
    estimate = specification.estimate.estimate
    return (0.0 if estimate is None else estimate, specification.data, specification.method)


def _draw_estimates(page: _Curve, top: float) -> float:
    """Draw every estimate with its interval; return the lower edge."""
    canvas, right = page.canvas, page.right

    def y(proportion: float) -> float:
        return top + (1 - proportion) * _HEIGHT

    for tick in _TICKS:
        canvas.line((page.left, y(tick)), (right, y(tick)), colour=FAINT, width=0.6, behind=True)
        canvas.text(page.left - 4, y(tick) + 2.5, f"{100 * tick:.0f}", size=SMALL, align="right")
    if not page.stacked:
        canvas.text(_MARGIN, y(1.0) + 2.5, "% of patients", size=SMALL)
    for place, each in enumerate(page.drawn):
        found = each.estimate
        if found.estimate is None:
            continue
        leads = page.curve.leads(each)
        x, half = page.x(place), max(0.8, min(2.2, page.step * 0.4))
        colour = INK if leads else POOL
        if found.low is not None and found.high is not None:
            canvas.strokes(
                [((x, y(found.low)), (x, y(found.high)))],
                colour=INK if leads else HAIR,
                width=1.0,
                name=f"bar-{place + 1}",
            )
        if leads:
            half = max(half, 2.2)
        other = each.estimand != page.curve.lead
        canvas.box(
            x - half,
            y(found.estimate) - half,
            2 * half,
            2 * half,
            fill=PAPER if other else colour,
            edge=colour if other else "none",
            edge_width=0.7,
            name=f"dot-{place + 1}",
            title=f"{each.data}; {each.method}: {estimate_in_words(found)}, "
            f"{ESTIMANDS[each.estimand]}, k = {each.k}, n = {each.total}",
        )
    return top + _HEIGHT + 8


def _draw_choices(page: _Curve, heading: str, words: Sequence[str], y: float) -> float:
    """Draw a row per choice, on which columns put their ticks; return the lower edge."""
    canvas = page.canvas
    drawn = {word for each in page.drawn for word in (each.data, each.method)}
    y += 10
    canvas.text(_MARGIN, y, heading, size=SMALL, bold=True)
    y += 3
    room = canvas.width - 2 * _MARGIN if page.stacked else page.left - _MARGIN - 8
    for word in words:
        label = wrap(word, room, SMALL, bold=True)
        leads = word in page.curve.headline
        for number, line in enumerate(label):
            canvas.text(_MARGIN, y + 8 + number * 8.6, line, size=SMALL, bold=leads)
        height = _ROW + (len(label) - 1) * 8.6
        lane = y + (height + 3.5 if page.stacked else height / 2 - 0.5)
        canvas.line((page.left, lane), (page.right, lane), colour=FAINT, width=0.6, behind=True)
        page.lanes[word] = lane
        if word not in drawn:
            canvas.text(page.left, lane + 2.5, "no estimate", size=SMALL, colour=MUTED)
        y += height + (_STACKED if page.stacked else 0)
    return y


def _draw_columns(page: _Curve) -> None:
    """Draw the two ticks of every column, on the rows of its data and of its method."""
    for place, each in enumerate(page.drawn):
        x, lanes = page.x(place), (page.lanes[each.data], page.lanes[each.method])
        page.canvas.strokes(
            [((x, lane - 3), (x, lane + 3)) for lane in lanes],
            colour=INK if page.curve.leads(each) else MUTED,
            width=max(1.0, min(3.0, page.step * 0.6)),
            name=f"tick-{place + 1}",
        )


def _notes(curve: SpecificationCurve, drawn: Sequence[Specification]) -> list[str]:
    """Return what must be known to read the figure."""
    notes = [
        "Each column is one combination of data and method, in order of its estimate.",
        f"In the strongest tone: the main analysis ({'; '.join(curve.headline)}).",
    ]
    if any(each.estimand != curve.lead for each in drawn):
        other = next(word for word in ESTIMANDS if word != curve.lead)
        notes.append(
            f"Filled squares: the {ESTIMANDS[curve.lead]}. Open squares: the {ESTIMANDS[other]}, "
            "which is all that those methods give."
        )
    same = [f"{each.label} = {each.same_as}" for each in curve.variants if each.same_as]
    if same:
        notes.append(f"The same data, drawn once: {'; '.join(same)}.")
    return notes


def _in_words(curve: SpecificationCurve, drawn: Sequence[Specification]) -> str:
    """Return the range of the estimates and what gives its ends."""
    known = [(each, each.estimate.estimate) for each in drawn if each.estimate.estimate is not None]
    every = len(curve.specifications)
    if not known:
        return f"None of {every} combinations gives an estimate."
    (first, low), (last, high) = known[0], known[-1]
    led = curve.at(*curve.headline)
    leading = "" if led is None else f" The protocol leads with {estimate_in_words(led.estimate)}."
    return (
        f"{len(known)} of {every} combinations give an estimate, from {percent(low)}% "
        f"({first.data}; {first.method}) to {percent(high)}% ({last.data}; {last.method})."
        f"{leading}"
    )
