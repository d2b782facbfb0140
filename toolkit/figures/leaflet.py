"""A review on two printed pages: the answer with its forest plot, then everything beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from toolkit.figures.forest.layout import MARGIN
from toolkit.figures.forest.plot import draw_forest_plot
from toolkit.figures.page.canvas import Canvas, wrap
from toolkit.figures.page.style import (
    BODY,
    HAIR,
    INK,
    MUTED,
    PAGE_WIDTH,
    POINTS_PER_MM,
    POOL,
    SMALL,
    TITLE,
    house_style,
)
from toolkit.results.synthesis import Synthesis

WIDTH, HEIGHT = 210 * POINTS_PER_MM, 297 * POINTS_PER_MM
"""A4, in points."""

_LEFT = (WIDTH - PAGE_WIDTH) / 2
_TOP, _BOTTOM = 40.0, HEIGHT - 40.0
_LARGE, _HUGE = 15.0, 21.0
_LEADING = 1.38
"""From line to line, as a multiple of the size of the type."""
_MOST_BELOW = 0.75 * (_BOTTOM - _TOP)
"""What sections may take of the second page: the table needs the rest."""
_ELSEWHERE = "Too long for this page: it stands in the book."


_Section = tuple[str, tuple[str, ...]]
"""A heading and the paragraphs below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafletNumber:
    """One number of the answer: what it is, its value, and its limits in words."""

    label: str
    value: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaflet:
    """The words and numbers of both pages, ready to be printed.

    Attributes
    ----------
    title, question, edition : str
        Head of the first page; the edition says search, version and data.
    outcome, size : str
        What the first page answers, and from how many series and patients.
    estimates : tuple of LeafletNumber
        The numbers of that answer.
    answer : Synthesis or None
        What the forest plot shows; None where no series reports any outcome.
    reading : tuple of (heading, paragraphs)
        What stands below the plot, as far as there is room.
    columns : tuple of str
        Headings of the table of outcomes.
    rows : tuple of tuple of str
        Its lines, as long as the headings, or of two cells.
    sections : tuple of (heading, paragraphs)
        What follows the table.
    """

    title: str
    question: str
    edition: str
    outcome: str
    size: str
    estimates: tuple[LeafletNumber, ...]
    answer: Synthesis | None
    reading: tuple[_Section, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sections: tuple[_Section, ...]


@house_style()
def leaflet_pages(leaflet: Leaflet) -> tuple[Figure, Figure]:
    """Return both pages, A4.

    Where a page would overflow, what stands below the plot, the table and the longest sections give
    way; a table or a section that does says so.
    """
    return _first(leaflet), _second(leaflet)


class _Page:
    """A page that is written from top to bottom."""

    def __init__(self, edition: str, number: int) -> None:
        self.canvas = Canvas(WIDTH)
        self.y = _TOP
        self._foot(edition, number)

    def _foot(self, edition: str, number: int) -> None:
        y = _BOTTOM + 14
        self.canvas.line((_LEFT, y - 10), (_LEFT + PAGE_WIDTH, y - 10), colour=HAIR, width=0.6)
        self.canvas.text(_LEFT, y, edition, size=SMALL, colour=MUTED)
        self.canvas.text(
            _LEFT + PAGE_WIDTH, y, f"page {number} of 2", size=SMALL, colour=MUTED, align="right"
        )

    def words(
        self, words: str, *, size: float = BODY, bold: bool = False, colour: str = INK
    ) -> None:
        """Write a paragraph over the whole width."""
        for line in wrap(words, PAGE_WIDTH, size, bold=bold):
            self.y += size * _LEADING
            self.canvas.text(_LEFT, self.y, line, size=size, bold=bold, colour=colour)

    def heading(self, words: str) -> None:
        """Write a heading with room above it."""
        self.y += 9
        self.words(words, size=TITLE, bold=True)
        self.y += 2

    def finish(self, title: str, description: str) -> Figure:
        """Return the page as a figure."""
        return self.canvas.finish(HEIGHT, title, description)


def _first(leaflet: Leaflet) -> Figure:
    """Return the page of the answer."""
    page = _Page(leaflet.edition, 1)
    page.words(leaflet.title, size=_LARGE, bold=True)
    page.y += 3
    page.words(leaflet.question, colour=MUTED, size=9)
    page.y += 8
    page.heading(leaflet.outcome)
    page.words(leaflet.size, colour=MUTED)
    page.y += 6
    _draw_estimates(page, leaflet.estimates)
    if leaflet.answer is not None:
        page.y += 12
        _draw_plot(page, leaflet.answer)
    for heading, paragraphs in leaflet.reading:
        # The plot and the numbers above it are what this page is for.
        if page.y + _height([(heading, paragraphs)]) < _BOTTOM:
            _draw_section(page, heading, paragraphs)
    return page.finish(leaflet.title, leaflet.outcome)


def _draw_plot(page: _Page, answer: Synthesis) -> None:
    """Draw the forest plot, or say where it is when it is higher than what is left of the page."""
    if page.y + draw_forest_plot(Canvas(PAGE_WIDTH), answer) > _BOTTOM:
        page.words("The forest plot is higher than this page: it stands in the book.", colour=MUTED)
        return
    # Its own margin would set it off from the left edge of the page.
    plot = page.canvas.inset(_LEFT - MARGIN, page.y, PAGE_WIDTH)
    page.y += draw_forest_plot(plot, answer) + 4


def _draw_section(page: _Page, heading: str, paragraphs: Sequence[str]) -> None:
    page.heading(heading)
    for paragraph in paragraphs:
        page.words(paragraph)
        page.y += 2


def _draw_estimates(page: _Page, estimates: Sequence[LeafletNumber]) -> None:
    """Draw the numbers side by side, each below its name."""
    if not estimates:
        return
    width = PAGE_WIDTH / len(estimates)
    bottom = page.y
    for number, each in enumerate(estimates):
        left = _LEFT + number * width
        page.canvas.line(
            (left, page.y + 3), (left + width - 10, page.y + 3), colour=POOL, width=1.4
        )
        y = page.y + 15
        page.canvas.text(left, y, each.label, colour=MUTED)
        y += _HUGE + 3
        page.canvas.text(left, y, each.value, size=_HUGE, bold=True)
        for line in wrap(each.detail, width - 12, BODY):
            y += BODY * _LEADING + 1
            page.canvas.text(left, y, line)
        bottom = max(bottom, y)
    page.y = bottom + 4


def _second(leaflet: Leaflet) -> Figure:
    """Return the page of everything beside the answer."""
    page = _Page(leaflet.edition, 2)
    page.heading("Every outcome")
    sections = _fitting(leaflet.sections)
    _draw_table(page, leaflet, _BOTTOM - _height(sections))
    for heading, paragraphs in sections:
        _draw_section(page, heading, paragraphs)
    return page.finish(f"{leaflet.title}: every outcome", leaflet.edition)


def _fitting(sections: Sequence[_Section]) -> list[_Section]:
    """Return sections with the longest cut to a line, as many as it takes to fit."""
    kept = list(sections)
    for place in sorted(range(len(kept)), key=lambda place: -_height([kept[place]])):
        if _height(kept) > _MOST_BELOW:
            kept[place] = (kept[place][0], (_ELSEWHERE,))
    return kept


def _height(sections: Sequence[_Section]) -> float:
    """Return the height that sections take, in points."""
    taken = 0.0
    for _, paragraphs in sections:
        taken += 11 + TITLE * _LEADING
        for paragraph in paragraphs:
            taken += len(wrap(paragraph, PAGE_WIDTH, BODY)) * BODY * _LEADING + 2
    return taken


def _draw_table(page: _Page, leaflet: Leaflet, bottom: float) -> None:
    """Draw the table of outcomes down to `bottom`; a last line counts the rows that had no room."""
    widths = _widths(len(leaflet.columns))
    lefts = [_LEFT + sum(widths[:place]) for place in range(len(widths))]
    heads = [wrap(c, w - 6, SMALL, bold=True) for c, w in zip(leaflet.columns, widths, strict=True)]
    _draw_row(page, lefts, heads, bold=True)
    page.canvas.line((_LEFT, page.y), (_LEFT + PAGE_WIDTH, page.y), width=0.7)
    step = SMALL * 1.3
    for number, row in enumerate(leaflet.rows):
        # A line of two cells has one thing to say, over all columns but the first.
        room = widths if len(row) == len(widths) else [widths[0], sum(widths[1:])]
        cells = [wrap(c, w - 6, SMALL) for c, w in zip(row, room, strict=True)]
        left_over = len(leaflet.rows) - number
        # A line of its own must stay free to say what is left out.
        spare = 0.0 if left_over == 1 else step + 5
        if page.y + max(map(len, cells)) * step + 5 + spare > bottom:
            noun = "outcome" if left_over == 1 else "outcomes"
            page.words(f"and {left_over} more {noun}: see the book", size=SMALL, colour=MUTED)
            return
        _draw_row(page, lefts[: len(cells)], cells)
        page.canvas.line((_LEFT, page.y), (_LEFT + PAGE_WIDTH, page.y), colour=HAIR, width=0.5)


def _widths(columns: int) -> list[float]:
    """Return the widths of columns: a quarter for the first, of names, the rest shared evenly."""
    first = PAGE_WIDTH / 4
    return [first, *((PAGE_WIDTH - first) / (columns - 1) for _ in range(columns - 1))]


def _draw_row(
    page: _Page, lefts: Sequence[float], cells: Sequence[Sequence[str]], *, bold: bool = False
) -> None:
    """Draw one line of a table."""
    step = SMALL * 1.3
    for left, lines in zip(lefts, cells, strict=True):
        for place, words in enumerate(lines):
            y = page.y + (place + 1) * step
            page.canvas.text(left, y, words, size=SMALL, bold=bold)
    page.y += max(map(len, cells)) * step + 3.5
