"""The PRISMA 2020 flow: how reports were found and what became of them, box by box."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from toolkit.errors import ChoiceError
from toolkit.figures.forest.drawing import draw_title
from toolkit.figures.page.canvas import Canvas, wrap
from toolkit.figures.page.style import INK, MUTED, PAGE_WIDTH, PHONE_WIDTH, SMALL, house_style
from toolkit.review.review import FlowBox

_Cell = tuple[str, ...]
# A row of a block: the boxes of its main column, and those of what was taken out beside it.
_Row = tuple[_Cell, _Cell]

DATABASES: tuple[_Row, ...] = (
    (
        ("databases_identified", "registers_identified"),
        ("duplicates_removed", "automation_removed", "other_removed"),
    ),
    (("records_screened",), ("records_excluded",)),
    (("databases_sought",), ("databases_not_retrieved",)),
    (("databases_assessed",), ("databases_reports_excluded",)),
)
OTHER: tuple[_Row, ...] = (
    (("other_identified",), ()),
    ((), ()),
    (("other_sought",), ("other_not_retrieved",)),
    (("other_assessed",), ("other_reports_excluded",)),
)
INCLUDED: _Cell = ("series_included", "reports_included")
BOXES = (
    tuple(word for block in (DATABASES, OTHER) for row in block for cell in row for word in cell)
    + INCLUDED
)
"""The words that a box may be."""

_MARGIN = 3.0
_BETWEEN = 16.0
_DOWN = 14.0
_PAD = 5.0
_LEADING = 8.8
_BETWEEN_LABELS = 2.4
_TO_DO = "still to be done"


@house_style()
def flow(
    boxes: Sequence[FlowBox], *, title: str = "Flow of reports", narrow: bool = False
) -> Figure:
    """Return the flow diagram; a box without a number is dashed and says it is still to be done.

    Parameters
    ----------
    boxes : sequence of FlowBox
        Their words are those of `BOXES`; one that is absent is not drawn.
    title : str
        Heading of the figure.
    narrow : bool
        Whether other methods stand below databases rather than beside them, for a phone.

    Raises
    ------
    ChoiceError
        For a box that PRISMA 2020 does not have.
    """
    known = {box.box: box for box in boxes}
    for word in known:
        if word not in BOXES:
            raise ChoiceError("box", word, BOXES)
    page = PHONE_WIDTH if narrow else PAGE_WIDTH
    canvas = Canvas(page)
    columns = 2 if narrow else 4
    width = (page - 2 * _MARGIN - (columns - 1) * _BETWEEN) / columns
    y = draw_title(canvas, title, "")
    second = _MARGIN if narrow else _MARGIN + 2 * (width + _BETWEEN)
    heads = (("Databases and registers", _MARGIN), ("Other methods", second))
    if narrow:
        for (words, left), block in zip(heads, (DATABASES, OTHER), strict=True):
            y = _draw_heading(canvas, words, left, y)
            rows = [row for row in block if _present(row, known)]
            y = _draw_block(canvas, rows, known, left, width, _tops(rows, known, width, y)) + _DOWN
        last = _MARGIN + width / 2
        _arrow(canvas, (last, y - _DOWN), (last, y))
    else:
        for words, left in heads:
            bottom = _draw_heading(canvas, words, left, y)
        tops = _tops([*zip(DATABASES, OTHER, strict=True)], known, width, bottom)
        for (_, left), block in zip(heads, (DATABASES, OTHER), strict=True):
            y = _draw_block(canvas, block, known, left, width, tops)
        y += _DOWN
        _arrow(canvas, (_MARGIN + width / 2, tops[-1] - _DOWN), (_MARGIN + width / 2, y))
        height = _height(INCLUDED, known, width)
        turn = (second + width / 2, y + height / 2)
        canvas.line((turn[0], tops[-1] - _DOWN), turn)
        _arrow(canvas, turn, (_MARGIN + width, turn[1]))
    y = _draw_cell(canvas, INCLUDED, known, _MARGIN, y, width, bold=True)
    return canvas.finish(y + _MARGIN + 3, title, _in_words(boxes))


def _present(row: _Row, known: Mapping[str, FlowBox]) -> bool:
    return any(word in known for cell in row for word in cell)


def _draw_heading(canvas: Canvas, words: str, left: float, y: float) -> float:
    canvas.text(left, y + 8, words, bold=True)
    return y + 15


def _lines(box: FlowBox, width: float) -> list[str]:
    """Return the words of a box with its number, wrapped."""
    words = box.label if box.number is None else f"{box.label}: n\u00a0=\u00a0{box.number}"
    return wrap(words, width - 2 * _PAD, SMALL)


def _pending(cell: _Cell, known: Mapping[str, FlowBox]) -> bool:
    """Whether no box of a frame has a number yet."""
    return all(known[word].number is None for word in cell if word in known)


def _height(cell: _Cell, known: Mapping[str, FlowBox], width: float) -> float:
    boxes = [known[word] for word in cell if word in known]
    if not boxes:
        return 0.0
    lines = sum(len(_lines(box, width)) for box in boxes) + _pending(cell, known)
    return 2 * _PAD + lines * _LEADING + (len(boxes) - 1) * _BETWEEN_LABELS


def _tops(
    rows: Sequence[object], known: Mapping[str, FlowBox], width: float, y: float
) -> list[float]:
    """Return the upper edge of every row, and of what follows the last one."""
    tops = [y]
    for row in rows:
        tallest = max(_height(cell, known, width) for cell in _cells(row))
        y += tallest + _DOWN if tallest else 0
        tops.append(y)
    return tops


def _cells(row: object) -> list[_Cell]:
    """Return the cells of a row, or of rows that stand side by side."""
    if isinstance(row, tuple) and all(isinstance(each, str) for each in row):
        return [row]
    return [cell for part in row for cell in _cells(part)] if isinstance(row, tuple) else []


def _draw_block(
    canvas: Canvas,
    rows: Sequence[_Row],
    known: Mapping[str, FlowBox],
    left: float,
    width: float,
    tops: Sequence[float],
) -> float:
    """Draw the boxes of a block and the arrows between them; return its lower edge."""
    above: float | None = None
    beside = left + width + _BETWEEN
    for (main, removed), top in zip(rows, tops, strict=False):
        if not any(word in known for word in main):
            continue
        bottom = _draw_cell(canvas, main, known, left, top, width)
        if above is not None:
            _arrow(canvas, (left + width / 2, above), (left + width / 2, top))
        above = bottom
        if any(word in known for word in removed):
            _draw_cell(canvas, removed, known, beside, top, width)
            middle = top + min(bottom - top, _height(removed, known, width)) / 2
            _arrow(canvas, (left + width, middle), (beside, middle))
    end = tops[-1] - _DOWN
    if above is not None and above < end:
        canvas.line((left + width / 2, above), (left + width / 2, end))
    return end


def _draw_cell(
    canvas: Canvas,
    cell: _Cell,
    known: Mapping[str, FlowBox],
    left: float,
    top: float,
    width: float,
    *,
    bold: bool = False,
) -> float:
    """Draw one frame with the words of its boxes; return its lower edge."""
    boxes = [known[word] for word in cell if word in known]
    height = _height(cell, known, width)
    pending = _pending(cell, known)
    canvas.box(
        left,
        top,
        width,
        height,
        edge=MUTED if pending else INK,
        edge_width=1.4 if bold else 0.8,
        dashes=(3, 2.2) if pending else (),
    )
    y = top + _PAD - 1.8
    for box in boxes:
        lines = _lines(box, width)
        title = f"{box.label}: {_number(box)}. {box.note}".strip()
        size = len(lines) * _LEADING
        canvas.box(left, y + 1.8, width, size, name=f"lane-{box.box}", title=title)
        for line in lines:
            y += _LEADING
            colour = MUTED if box.number is None else INK
            canvas.text(left + _PAD, y, line, size=SMALL, colour=colour)
        y += _BETWEEN_LABELS
    if pending:
        y += _LEADING - _BETWEEN_LABELS
        canvas.text(left + _PAD, y, _TO_DO.capitalize(), size=SMALL, bold=True, colour=MUTED)
    return top + height


def _number(box: FlowBox) -> str:
    return _TO_DO if box.number is None else str(box.number)


def _arrow(canvas: Canvas, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Draw a straight arrow that points down, right or left."""
    canvas.line(start, end)
    x, y = end
    if start[0] == end[0]:
        head = ((x, y), (x - 2.2, y - 4.5), (x + 2.2, y - 4.5))
    else:
        back = -4.5 if end[0] > start[0] else 4.5
        head = ((x, y), (x + back, y - 2.2), (x + back, y + 2.2))
    canvas.polygon(head, fill=INK)


def _in_words(boxes: Sequence[FlowBox]) -> str:
    return " ".join(f"{box.label}: {_number(box)}." for box in boxes)
