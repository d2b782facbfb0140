"""Where on a page a table lies: its caption, its body, the notes below it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from toolkit.papers.quantity import read_cell
from toolkit.papers.readers.page_lines import (
    PageLine,
    PageWord,
    chunks_of,
    columns_of_text,
    lines_of,
)
from toolkit.papers.readers.page_tables import PageTable, Rule, is_caption, open_table

Box = tuple[float, float, float, float]

_NOTE = re.compile(
    r"^(?:[*\u2020\u2021\u00a7\u00b6#]|Abbreviations?\b|Notes?\b|Data are\b|Values are\b|"
    r"[a-z]\s+[A-Z]|[A-Za-z/+-]{2,12}[:,=] [a-z])"
)
_CAPTION_LINES = 6


def rules_of(page: Any) -> list[Rule]:
    """Return the lines drawn across a page, pieces that touch as one."""
    drawn = sorted(
        (round(each["top"], 1), each["x0"], each["x1"])
        for each in [*page.lines, *page.rects, *page.curves]
        if each["bottom"] - each["top"] < 2.5 and each["x1"] - each["x0"] > 4
    )
    found: list[Rule] = []
    for top, x0, x1 in drawn:
        last = found[-1] if found else None
        if last is not None and abs(last.top - top) < 1 and x0 <= last.x1 + 1.5:
            found[-1] = Rule(last.x0, max(last.x1, x1), last.top, last.top)
        else:
            found.append(Rule(x0, x1, top, top))
    return [rule for rule in found if rule.x1 - rule.x0 > 12]


def around(parts: Sequence[Box | PageLine]) -> Box:
    """Return the box around boxes and lines."""
    boxes = [
        (each.x0, each.top, each.x1, each.bottom) if isinstance(each, PageLine) else each
        for each in parts
    ]
    return (
        min(each[0] for each in boxes) - 1,
        min(each[1] for each in boxes) - 1,
        max(each[2] for each in boxes) + 1,
        max(each[3] for each in boxes) + 1,
    )


def joined(lines: Sequence[PageLine]) -> str:
    """Return the words of lines."""
    return " ".join(line.text for line in lines)


def notes_of(lines: Sequence[PageLine]) -> list[str]:
    """Return the notes below a table."""
    return [" ".join(_with_marks(line) for line in lines)] if lines else []


def _with_marks(line: PageLine) -> str:
    """Return the words of a note, the raised mark it begins with included."""
    return " ".join(word.text for word in line.words)


def caption_above(words: Sequence[PageWord], box: Box) -> list[PageLine]:
    """Return the lines above a box that are its caption; none where there is none."""
    x0, top, x1, _ = box
    chunks = [
        chunk
        for line in lines_of([word for word in words if word.bottom <= top + 2])
        for chunk in chunks_of(line, 2.5)
    ]
    over = [chunk for chunk in chunks if chunk.x1 > x0 - 20 and chunk.x0 < x1 + 20]
    # A narrow table may stand in the middle of the page, and its caption at the margin.
    return _caption_among(over, top) or _caption_among(chunks, top)


def _caption_among(above: Sequence[PageLine], top: float) -> list[PageLine]:
    """Return the last lines above a place, from the one that begins a caption."""
    gathered: list[PageLine] = []
    edge = top
    for line in reversed(above):
        if edge - line.bottom > 2.2 * line.size or len(gathered) >= _CAPTION_LINES:
            break
        gathered.insert(0, line)
        edge = line.top
        if is_caption(line.text):
            return gathered
    return []


def notes_below(words: Sequence[PageWord], box: Box) -> list[PageLine]:
    """Return the lines below a box that explain it."""
    x0, _, x1, bottom = box
    below = [
        chunk
        for line in lines_of([word for word in words if word.top >= bottom - 2])
        for chunk in chunks_of(line, 2.5)
        if chunk.x1 > x0 - 20 and chunk.x0 < x1 + 20
    ]
    notes: list[PageLine] = []
    edge = bottom
    for line in below:
        far = line.top - edge > (2 if not notes else 0.9) * line.size
        if far or is_caption(line.text) or (not notes and not _NOTE.match(_with_marks(line))):
            break
        notes.append(line)
        edge = line.bottom
    return notes


def goes_on(before: PageTable, after: PageTable) -> bool:
    """Tell whether a table without caption, on a new page, continues the one before.

    It has as many columns, and begins with numbers or with the same head again.
    """
    widths = [
        max(sum(each["columns"] for each in row) for row in rows)
        for rows in (before.rows, after.rows)
    ]
    first = [each["text"] for each in after.rows[0]]
    known = [[each["text"] for each in row] for row in before.rows[: before.heads]]
    again = first in known or not any(first[1:]) or any(read_cell(text) for text in first[1:])
    return widths[0] == widths[1] and again


def open_tables(words: Sequence[PageWord], rules: Sequence[Rule], width: float) -> list[PageTable]:
    """Return the tables without boxes that stand below captions."""
    found: list[PageTable] = []
    for column in columns_of_text(words, width):
        lines = lines_of(column)
        captions = [at for at, line in enumerate(lines) if is_caption(line.text)]
        for number, at in enumerate(captions):
            following = captions[number + 1] if number + 1 < len(captions) else len(lines)
            block = lines[at:following]
            made = _between_rules(words, block, rules) or _without_rules(block, rules)
            if made is not None:
                found.append(made)
    return found


def _between_rules(
    words: Sequence[PageWord], block: Sequence[PageLine], rules: Sequence[Rule]
) -> PageTable | None:
    """Return the table between the first and last of the long rules below a caption."""
    caption = block[0]
    below = sorted(
        (rule for rule in rules if rule.top > caption.bottom - 2 and rule.x1 - rule.x0 > 60),
        key=lambda rule: rule.top,
    )
    first = next(
        (rule for rule in below if rule.x0 < caption.x1 and rule.x1 > caption.x0 - 20), None
    )
    if first is None or first.top - caption.bottom > _CAPTION_LINES * 1.6 * caption.size:
        return None
    others = [
        line for line in lines_of(words) if line.top > caption.bottom and is_caption(line.text)
    ]
    ceiling = min((line.top for line in others), default=float("inf"))
    ceiling = min(ceiling, block[-1].bottom + 30)
    same = [rule for rule in below if abs(rule.x0 - first.x0) < 8 and abs(rule.x1 - first.x1) < 8]
    same = [rule for rule in same if rule.top <= max(ceiling, first.top)]
    if len(same) < 2:
        return None
    last = same[-1]
    inside = [
        word
        for word in words
        if first.x0 - 6 <= (word.x0 + word.x1) / 2 <= first.x1 + 6
        and first.top - 1 <= (word.top + word.bottom) / 2 <= last.top + 1
    ]
    lines = lines_of(inside)
    made = open_table(lines, rules) if len(lines) > 1 else None
    if made is None or len(made[0]) < 2:
        return None
    above = [
        line
        for line in lines_of(words)
        if caption.top - 1 <= line.top < first.top
        and line.x0 < first.x1
        and line.x1 > first.x0 - 20
    ]
    titles = [
        chunk
        for line in above
        for chunk in chunks_of(line, 2.5)
        if chunk.x0 < first.x1 and chunk.x1 > first.x0 - 20
    ]
    box = (first.x0, first.top, first.x1, last.top)
    notes = notes_below(words, box)
    return PageTable(
        joined(titles), made[0], made[1], notes_of(notes), around([box, *titles, *notes])
    )


def _without_rules(block: Sequence[PageLine], rules: Sequence[Rule]) -> PageTable | None:
    """Return the table below a caption where no rules bound it."""
    begin = next((at for at in range(1, min(len(block), 8)) if len(chunks_of(block[at])) > 1), None)
    if begin is None:
        return None
    end = _end(block, begin)
    made = open_table(block[begin:end], rules)
    if made is None or len(made[0]) < 2:
        return None
    last = end
    while last < len(block) and _NOTE.match(_with_marks(block[last])):
        last += 1
    notes = block[end:last]
    box = around([*block[:last]])
    return PageTable(joined(block[:begin]), made[0], made[1], notes_of(notes), box)


def _end(block: Sequence[PageLine], begin: int) -> int:
    """Return the line after the last one of a table: before a wide gap, a note, or running text."""
    step = block[begin + 1].top - block[begin].top if begin + 1 < len(block) else 20
    running = 0
    for at in range(begin + 1, len(block)):
        chunks = chunks_of(block[at])
        gap = block[at].top - block[at - 1].bottom
        running = running + 1 if len(chunks) == 1 and len(block[at].words) > 9 else 0
        if gap > max(2.2 * step, 3 * block[at].size):
            return at
        if len(chunks) == 1 and _NOTE.match(_with_marks(block[at])):
            return at
        if running >= 2:
            return at - 1
    return len(block)
