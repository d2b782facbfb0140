"""Events by series as a table of tinted cells, in which not reported is unlike zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from matplotlib.figure import Figure

from toolkit.figures.forest.drawing import draw_title
from toolkit.figures.forest.lines import estimands, event_name, observed, row_in_words
from toolkit.figures.forest.notes import draw_small_print
from toolkit.figures.page.canvas import Canvas, text_width, wrap
from toolkit.figures.page.numerals import counts, estimate_in_words, limits, percent, plural
from toolkit.figures.page.style import (
    HAIR,
    INK,
    MUTED,
    PAGE_WIDTH,
    PHONE_WIDTH,
    POOL,
    SMALL,
    house_style,
)
from toolkit.html import listed
from toolkit.results.row import Row
from toolkit.results.synthesis import Synthesis
from toolkit.review.words import GRADES

_MARGIN = 3.0
_CELL_HEIGHT = 23.0
_GAP = 2.0
_LEADING = 9.5
_DARKEST = 0.55
# Below this width a cell holds its percentage and no counts.
_ROOM_FOR_COUNTS = 29.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Places:
    """Where names, cells and pooled numbers stand, in points."""

    name_width: float
    cells_left: float
    cell_width: float
    pooled_right: float
    stacked: bool


@house_style()
def event_table(
    answers: Sequence[Synthesis],
    *,
    series: Sequence[tuple[str, str]] | None = None,
    title: str | None = None,
    narrow: bool = False,
) -> Figure:
    """Return a table of events by series with the leading pooled estimate of each event.

    A cell is tinted by its percentage, which stands in it over x/n; an empty framed cell with
    ``0`` is no event among those observed, and a dash without a frame is an event that the
    series does not report.

    Parameters
    ----------
    answers : sequence of Synthesis
        One per event, from top to bottom.
    series : sequence of (key, label), optional
        The columns. Not said: every series that reports an event, in order of appearance.
    title : str, optional
        Heading of the figure.
    narrow : bool
        Whether to put the name of an event above its cells, for a phone.
    """
    columns = list(series) if series is not None else _series_of(answers)
    heading = title or f"Events by study: {plural(len(answers), 'event', 'events')}"
    grades = {answer.grade for answer in answers}
    subtitle = answers[0].analysis_set_label if answers else ""
    if len(grades) == 1:
        # Said once above the table rather than in every row.
        grade = GRADES.get(answers[0].grade, answers[0].grade)
        subtitle = "; ".join(words for words in (grade, subtitle) if words)
        answers = [replace(answer, grade="") for answer in answers]
    places = _places(answers, len(columns), narrow=narrow)
    canvas = Canvas(PHONE_WIDTH if narrow else PAGE_WIDTH)
    y = draw_title(canvas, heading, subtitle[:1].upper() + subtitle[1:])
    y = _draw_headings(canvas, places, [label for _, label in columns], y)
    for number, answer in enumerate(answers):
        y = _draw_event(canvas, places, answer, columns, number, y)
    notes = [
        "Cells: percentage over events/patients; the larger the percentage, the stronger the tint. "
        "–: not reported, which is not zero."
    ]
    if any(answer.leading.defined for answer in answers):
        notes += _methods(answers)
    y = draw_small_print(canvas, notes, y)
    return canvas.finish(y + _MARGIN, heading, f"{subtitle}. {_in_words(answers, columns)}")


def _methods(answers: Sequence[Synthesis]) -> list[str]:
    """Return how the events were pooled: from how many studies by which method."""
    by_method: dict[str, set[int]] = {}
    for answer in answers:
        if answer.leading.defined:
            how = f"{estimands(answer)[0][0].lower()}, {answer.method.in_words}"
            by_method.setdefault(how, set()).add(answer.k)
    found = sorted((sorted(sizes), how) for how, sizes in by_method.items())
    return [f"Pooled from {listed([*map(str, sizes)])} studies: {how}." for sizes, how in found]


def _series_of(answers: Sequence[Synthesis]) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for answer in answers:
        for row in answer.rows:
            found.setdefault(row.series or row.label, row.label)
    return list(found.items())


def _places(answers: Sequence[Synthesis], columns: int, *, narrow: bool) -> _Places:
    """Return the widths that leave the cells as much room as there is, up to 54 points each."""
    width = (PHONE_WIDTH if narrow else PAGE_WIDTH) - 2 * _MARGIN
    if narrow:
        cell = min(width / max(columns, 1), 60.0)
        return _Places(
            name_width=width - 75,
            cells_left=_MARGIN,
            cell_width=cell,
            pooled_right=_MARGIN + width,
            stacked=True,
        )
    pooled = max(text_width(_pooled(answer), bold=True) for answer in answers) if answers else 0.0
    longest = max((text_width(event_name(answer)) for answer in answers), default=0.0)
    name = min(longest, 135.0) + 8
    cell = min(54.0, (width - name - max(pooled, 40) - 10) / max(columns, 1))
    return _Places(
        name_width=name,
        cells_left=_MARGIN + name,
        cell_width=cell,
        pooled_right=_MARGIN + name + cell * columns + 10 + max(pooled, 40),
        stacked=False,
    )


def _draw_headings(canvas: Canvas, places: _Places, labels: Sequence[str], y: float) -> float:
    """Write the names of the series over their cells, lines bottom-aligned."""
    wrapped = [wrap(label, places.cell_width - _GAP, SMALL) for label in labels]
    deepest = max((len(lines) for lines in wrapped), default=1)
    bottom = y + deepest * _LEADING
    for number, lines in enumerate(wrapped):
        middle = places.cells_left + (number + 0.5) * places.cell_width
        for up, words in enumerate(reversed(lines)):
            canvas.text(middle, bottom - up * _LEADING, words, size=SMALL, align="center")
    if not places.stacked:
        canvas.text(places.pooled_right, bottom, "Pooled", size=SMALL, align="right")
    canvas.line((_MARGIN, bottom + 4), (places.pooled_right, bottom + 4), width=0.7)
    return bottom + 7


def _draw_event(
    canvas: Canvas,
    places: _Places,
    answer: Synthesis,
    columns: Sequence[tuple[str, str]],
    number: int,
    y: float,
) -> float:
    """Draw an event's name, its cells and its pooled estimate; return the lower edge."""
    names = wrap(event_name(answer), places.name_width - 5)
    top = y + len(names) * 10.5 + 2 if places.stacked else y
    middle = top + _CELL_HEIGHT / 2
    first = y + 9 if places.stacked else middle + 2.8 - (len(names) - 1) * 5.2
    for down, words in enumerate(names):
        canvas.text(_MARGIN, first + down * 10.5, words)
    pooled_at = first if places.stacked else middle + 2.8
    defined = answer.leading.defined
    canvas.text(
        places.pooled_right,
        pooled_at,
        _pooled(answer),
        align="right",
        bold=defined,
        colour=INK if defined else MUTED,
    )
    rows = {row.series or row.label: row for row in answer.rows}
    for place, (key, label) in enumerate(columns):
        left = places.cells_left + place * places.cell_width
        name = f"{number + 1}-{place + 1}"
        title = f"{event_name(answer)}. "
        row = rows.get(key)
        if row is None:
            _draw_missing(canvas, places, left, top, f"dot-{name}", f"{title}{label}: not reported")
        else:
            _draw_cell(canvas, places, row, left, top, name, title + row_in_words(row))
    bottom = top + _CELL_HEIGHT + (3 if places.stacked else 0)
    canvas.line((_MARGIN, bottom), (places.pooled_right, bottom), colour=HAIR, width=0.4)
    return bottom + (2 if places.stacked else 1.5)


def _draw_missing(
    canvas: Canvas, places: _Places, left: float, top: float, name: str, title: str
) -> None:
    width = places.cell_width - _GAP
    canvas.box(left + _GAP / 2, top + 1, width, _CELL_HEIGHT - _GAP, name=name, title=title)
    middle = left + places.cell_width / 2
    canvas.text(middle, top + _CELL_HEIGHT / 2 + 2.6, "–", colour=MUTED, align="center")


def _draw_cell(
    canvas: Canvas, places: _Places, row: Row, left: float, top: float, name: str, title: str
) -> None:
    low, high = row.readings
    canvas.box(
        left + _GAP / 2,
        top + 1,
        places.cell_width - _GAP,
        _CELL_HEIGHT - _GAP,
        fill=POOL,
        opacity=_DARKEST * (low + high) / 2,
        name=f"dot-{name}",
        title=title,
    )
    canvas.box(
        left + _GAP / 2,
        top + 1,
        places.cell_width - _GAP,
        _CELL_HEIGHT - _GAP,
        edge=MUTED,
        edge_width=0.5,
        name=f"lane-{name}",
        title=title,
    )
    middle = left + places.cell_width / 2
    printed = percent(low) if low == high else limits(low, high)
    events = counts(row.events_low, row.events_high)
    of = f"{events}/{row.total}" if row.counted else f"n {row.total}"
    if places.cell_width < max(_ROOM_FOR_COUNTS, text_width(of, SMALL) + 3):
        canvas.text(middle, top + _CELL_HEIGHT / 2 + 2.8, printed, align="center")
        return
    canvas.text(middle, top + 10.2, printed, align="center")
    canvas.text(middle, top + 18.9, of, size=SMALL, align="center")


def _pooled(answer: Synthesis) -> str:
    if answer.leading.defined:
        return estimate_in_words(answer.leading)
    return {0: "no study", 1: "one study"}.get(answer.k, "not pooled")


def _in_words(answers: Sequence[Synthesis], columns: Sequence[tuple[str, str]]) -> str:
    """Return every cell of the table in one paragraph."""
    said = []
    for answer in answers:
        rows = {row.series or row.label: row for row in answer.rows}
        cells = []
        for key, label in columns:
            row = rows.get(key)
            if row is None:
                cells.append(f"{label} not reported")
            else:
                cells.append(f"{label} {observed(row)}")
        said.append(f"{event_name(answer)}: {', '.join(cells)}; pooled {_pooled(answer)}.")
    return " ".join(said)
