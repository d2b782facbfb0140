"""Where the columns of a forest plot stand on the page, side by side or stacked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from math import ceil, floor, log10
from types import MappingProxyType

from toolkit.errors import ChoiceError
from toolkit.figures.forest.columns import TEXT_COLUMNS, Column, extra_column, is_bold
from toolkit.figures.forest.line import ForestLine, Mark
from toolkit.figures.forest.marks import Axis
from toolkit.figures.page.badges import STEP
from toolkit.figures.page.canvas import text_width
from toolkit.figures.page.numerals import PERCENT
from toolkit.figures.page.style import PAGE_WIDTH, PHONE_WIDTH
from toolkit.results.shares import Shares

COLUMNS = (*TEXT_COLUMNS, "plot")
"""The words that a forest plot's columns may be."""

MARGIN = 3.0
_GAP = 11.0
# Badges belong to the name before them.
_GAP_BEFORE_BADGES = 5.0
# Columns without a cell in lines of a kind, over which their names may run.
_EMPTY: dict[str, tuple[str, ...]] = {"pool": ("flags", "counts"), "comparator": ("flags",)}
_SMALLEST_PLOT = 175.0
_WIDEST_SERIES = 150.0
# Half a square stands left of 0, and half of the last tick's "100" right of 1.
_PLOT_LEFT, _PLOT_RIGHT = 6.0, 11.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A column, its word, and the left edge and the width it was given in points."""

    word: str
    column: Column
    left: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestLayout:
    """Columns in their places.

    Attributes
    ----------
    page : float
        Width of the page in points.
    texts : tuple of Placed
        The columns of text.
    axis : Axis or None
        Where the plot stands; None where it was not asked for.
    span : tuple of float
        Left edge and width of the run of text columns that small print may fill.
    series_width : float
        Width that the name of a series may take before it is wrapped.
    name_widths : mapping of str to float
        The same for lines of other kinds, whose names may run over columns they do not fill.
    stacked : bool
        Whether the plot stands below the text of its line rather than beside it.
    shares : Shares
        The unit of the axis.
    """

    page: float
    texts: tuple[Placed, ...]
    axis: Axis | None
    span: tuple[float, float]
    series_width: float
    name_widths: Mapping[str, float]
    stacked: bool
    shares: Shares = PERCENT

    def name_width(self, line: ForestLine) -> float:
        """Return the width that the name of a line may take."""
        if line.kind in self.name_widths:
            return self.name_widths[line.kind]
        taken = len(line.flags) * STEP + 4 if self.stacked and line.flags else 0
        return self.series_width - taken


def chosen_columns(lines: Sequence[ForestLine], columns: Sequence[str] | None) -> tuple[str, ...]:
    """Return the columns asked for, or those that have something to show.

    Raises
    ------
    ChoiceError
        For a word that names no column.
    """
    has = {
        "flags": any(line.flags for line in lines),
        "weight": any(line.weight for line in lines),
        "counts": any(line.total for line in lines),
    }
    extra = tuple(dict.fromkeys(name for line in lines for name, _ in line.extra))
    if columns is None:
        words = [word for word in COLUMNS if has.get(word, True)]
        at = words.index("plot")
        return (*words[: at - 1], *extra, *words[at - 1 :]) if extra else tuple(words)
    for word in columns:
        if word not in COLUMNS and word not in extra:
            raise ChoiceError("columns", word, (*COLUMNS, *extra))
    # A column in which no line has anything to show is left out, even if it was asked for.
    return tuple(word for word in columns if has.get(word, True))


def place_columns(
    lines: Sequence[ForestLine],
    words: Sequence[str],
    level: float,
    *,
    narrow: bool,
    headings: Mapping[str, str] = MappingProxyType({}),
    shares: Shares = PERCENT,
    xlim: tuple[float, float] | None = None,
) -> ForestLayout:
    """Return the columns in their places, from left to right in the order of their words.

    `headings` says what stands over a column in place of its usual heading.
    """
    page = PHONE_WIDTH if narrow else PAGE_WIDTH
    stacked = narrow and "plot" in words
    made = {
        word: TEXT_COLUMNS[word](lines, level)
        if word in TEXT_COLUMNS
        else extra_column(word, lines)
        for word in dict.fromkeys(words)
        if word != "plot"
    }
    if stacked and "counts" in made and made["counts"].after_stroke:
        # A phone has no room for the whole heading beside the names.
        made["counts"] = replace(made["counts"], heading="Events/n")
    for word, heading in headings.items():
        made[word] = replace(made[word], heading=heading)
    widths = {
        word: max(column.width, text_width(column.heading, bold=True))
        for word, column in made.items()
    }
    apart = ("plot", "flags") if stacked else ()
    beside = [word for word in words if word not in apart]
    gaps = [_GAP_BEFORE_BADGES if after == "flags" else _GAP for after in beside[1:]]
    if "series" in widths:
        rooms = [_room_for_names(lines, kind, beside, widths) for kind in _EMPTY]
        widths["series"] = max(widths["series"], *rooms)
    free = page - 2 * MARGIN - sum(gaps) - sum(widths.get(word, 0) for word in beside)
    if "series" in widths:
        widths["series"], free = _share(widths["series"], free, stacked, "plot" in beside)
    widths["plot"] = free

    texts: list[Placed] = []
    plot = (MARGIN, page - 2 * MARGIN) if stacked else None
    left = MARGIN
    for word, gap in zip(beside, [*gaps, 0.0], strict=True):
        if word == "plot":
            plot = (left, widths[word])
        else:
            texts.append(Placed(word=word, column=made[word], left=left, width=widths[word]))
            if word == "series" and stacked and "flags" in words:
                texts.append(
                    Placed(word="flags", column=made["flags"], left=left, width=widths[word])
                )
        left += widths[word] + gap
    return ForestLayout(
        page=page,
        texts=tuple(texts),
        axis=None if plot is None else _axis(lines, *plot, shares, xlim),
        span=_span(texts, plot, page, stacked),
        series_width=widths.get("series", 0.0),
        name_widths={kind: _name_width(texts, empty) for kind, empty in _EMPTY.items()},
        stacked=stacked,
        shares=shares,
    )


def _room_for_names(
    lines: Sequence[ForestLine], kind: str, beside: Sequence[str], widths: Mapping[str, float]
) -> float:
    """Return the width of the names' column at which no name of a kind of line is wrapped."""
    names = [text_width(line.label, bold=is_bold(line)) for line in lines if line.kind == kind]
    after = beside[beside.index("series") + 1 :]
    lent = sum(
        widths[word] + _GAP_BEFORE_BADGES
        for word in takewhile(lambda each: each in _EMPTY[kind], after)
    )
    return max(names, default=0.0) - lent


def _share(series: float, free: float, stacked: bool, plot_beside: bool) -> tuple[float, float]:
    """Return the widths of the names and of the plot: names give way before the plot does."""
    if stacked:
        return series + free, 0.0
    smallest = _SMALLEST_PLOT if plot_beside else 0.0
    kept = min(series, _WIDEST_SERIES) if plot_beside else series
    kept = max(40.0, min(kept, series + free - smallest))
    return kept, free + series - kept


def _name_width(texts: Sequence[Placed], empty: Sequence[str]) -> float:
    """Return the width from the names to the next column that is not empty."""
    words = [each.word for each in texts]
    if "series" not in words:
        return 0.0
    first = last = words.index("series")
    while last + 1 < len(texts) and words[last + 1] in empty:
        last += 1
    return texts[last].left + texts[last].width - texts[first].left


def _axis(
    lines: Sequence[ForestLine],
    left: float,
    width: float,
    shares: Shares,
    xlim: tuple[float, float] | None,
) -> Axis:
    totals = [line.mark.total for line in lines if line.mark is not None]
    low, high = xlim or found_limits([line.mark for line in lines if line.mark], shares)
    return Axis(
        left=left + _PLOT_LEFT,
        right=left + width - _PLOT_RIGHT,
        largest_total=max([1, *totals]),
        low=low,
        high=high,
        ticks=nice_ticks(low, high),
    )


def found_limits(marks: Sequence[Mark], shares: Shares) -> tuple[float, float]:
    """Return the ends of the axis: 0 and 1 for percentages, else what holds all but wide whiskers.

    Effects that are no proportions have an axis that holds them all.
    """
    lows, highs = [mark.low for mark in marks], [mark.high for mark in marks]
    if min(lows, default=0.0) < 0 or max(highs, default=1.0) > 1 + 1e-9:
        room = 0.03 * (max(highs) - min(lows))
        return min(lows) - room, max(highs) + room
    if shares.per == 100:
        return 0.0, 1.0
    bodies = [mark.end for mark in marks]
    pooled = [mark.high for mark in marks if mark.shape not in ("square", "open-bar")]
    wanted = max([*pooled, *bodies, 2 * max(bodies, default=0.0)], default=0.0)
    return 0.0, min(1.0, 1.1 * min(wanted, max(highs)) if wanted else 1 / shares.per)


def nice_ticks(low: float, high: float) -> tuple[float, ...]:
    """Return about six round numbers between both ends.

    Examples
    --------
    >>> nice_ticks(0.0, 1.0)
    (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    >>> nice_ticks(0.0, 0.00047)
    (0.0, 0.0001, 0.0002, 0.0003, 0.0004)
    """
    rough = (high - low) / 5
    power = 10.0 ** floor(log10(rough))
    step = next(each * power for each in (1, 2, 5, 10) if each * power >= rough * 0.999)
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return tuple(float(f"{at * step:.12g}") for at in range(first, last + 1))


def _span(
    texts: Sequence[Placed], plot: tuple[float, float] | None, page: float, stacked: bool
) -> tuple[float, float]:
    """Return the widest run of text columns on one side of the plot."""
    if stacked or plot is None:
        return MARGIN, page - 2 * MARGIN
    runs = [
        [each for each in texts if each.left < plot[0]],
        [each for each in texts if each.left > plot[0]],
    ]
    edges = [(run[0].left, run[-1].left + run[-1].width) for run in runs if run]
    left, right = max(edges, key=lambda edge: edge[1] - edge[0], default=(MARGIN, MARGIN))
    return left, max(right - left, 40.0)
