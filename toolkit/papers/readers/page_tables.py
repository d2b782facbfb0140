"""Tables of a page from where their words and rules stand."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from toolkit.papers.quantity import is_missing, read_cell
from toolkit.papers.readers.page_lines import PageLine, PageWord, chunks_of, lines_of

_CAPTION = re.compile(
    r"^(?:Supplement(?:ary|al)\s+|Extended\s+Data\s+|Online\s+)?Table\s+[A-Z]?[0-9IVX]+[a-zA-Z]?\s*(?:[.:|\u2014\u2013-]|\(|$|[A-Z])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A line drawn across, or up and down."""

    x0: float
    x1: float
    top: float
    bottom: float


@dataclass(slots=True)
class PageTable:
    """A table found on a page, in plain lists ready to be handed over."""

    caption: str
    rows: list[list[dict[str, Any]]]
    heads: int
    notes: list[str] = field(default_factory=list)
    box: tuple[float, float, float, float] = (0, 0, 0, 0)


def is_caption(text: str) -> bool:
    """Tell whether a line begins the caption of a table."""
    return bool(_CAPTION.match(text)) and not re.match(
        r"^\S+ \S+ (?:shows|lists|summari[sz]es|presents|and)\b", text
    )


def made(
    text: str, *, columns: int = 1, rows: int = 1, indent: int = 0, marks: Sequence[str] = ()
) -> dict[str, Any]:
    """Return one cell as it is handed over."""
    return {"text": text, "columns": columns, "rows": rows, "indent": indent, "marks": list(marks)}


def ruled_table(
    cells: Sequence[tuple[float, float, float, float]], words: Sequence[PageWord]
) -> list[list[dict[str, Any]]]:
    """Return the rows of a table whose cells are boxes drawn on the page."""
    xs = _edges([each[0] for each in cells] + [each[2] for each in cells])
    ys = _edges([each[1] for each in cells] + [each[3] for each in cells])
    left = min(each[0] for each in cells)
    starts = [word.x0 for each in cells if each[0] == left for word in _within(words, each)]
    margin = min(starts, default=left)
    rows: list[list[tuple[int, dict[str, Any]]]] = [[] for _ in range(len(ys) - 1)]
    for x0, top, x1, bottom in cells:
        column, last = _nearest(xs, x0), _nearest(xs, x1)
        row, below = _nearest(ys, top), _nearest(ys, bottom)
        inside = lines_of(_within(words, (x0, top, x1, bottom)))
        text = " ".join(line.text for line in inside)
        marks = [word.text for line in inside for word in line.words if word.raised]
        set_in = inside[0].x0 - margin if inside and column == 0 else 0
        indent = round(set_in / max(3.0, 0.5 * inside[0].size)) if inside else 0
        rows[row].append(
            (
                column,
                made(
                    text,
                    columns=max(1, last - column),
                    rows=max(1, below - row),
                    indent=indent,
                    marks=marks,
                ),
            )
        )
    return [[each for _, each in sorted(row, key=lambda pair: pair[0])] for row in rows]


def _within(words: Sequence[PageWord], box: tuple[float, float, float, float]) -> list[PageWord]:
    """Return the words whose middle lies in a box."""
    x0, top, x1, bottom = box
    return [
        word
        for word in words
        if x0 <= (word.x0 + word.x1) / 2 <= x1 and top <= (word.top + word.bottom) / 2 <= bottom
    ]


def _edges(values: Sequence[float]) -> list[float]:
    """Return edges, those that nearly coincide as one."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > 2:
            found.append(value)
    return found


def _nearest(edges: Sequence[float], value: float) -> int:
    """Return the number of the edge next to a value."""
    return min(range(len(edges)), key=lambda at: abs(edges[at] - value))


def open_table(
    lines: Sequence[PageLine], rules: Sequence[Rule]
) -> tuple[list[list[dict[str, Any]]], int] | None:
    """Return the rows of a table without boxes and how many are its head; None if it is none.

    Columns are stretches of the page that words of the body stand in and that gaps part. A head
    that spans columns is known by the rule below it, or by standing nearest to them.
    """
    parts = [chunks_of(line) for line in lines]
    body_from = _first_data(parts)
    if body_from is None:
        return None
    columns = _columns([chunks for chunks in parts[body_from:] if len(chunks) > 1])
    if len(columns) < 2:
        return None
    head = _head_rows(parts[:body_from], columns, rules)
    body = _body_rows(lines[body_from:], parts[body_from:], columns)
    return [*head, *body], len(head)


def _first_data(parts: Sequence[Sequence[PageLine]]) -> int | None:
    """Return the first line that holds numbers; a label alone above it goes with it."""
    for at, chunks in enumerate(parts):
        values = [each.text for each in chunks[1:]]
        numbers = [read_cell(text) is not None or is_missing(text) for text in values]
        if values and sum(numbers) >= 0.6 * len(values) and any(read_cell(text) for text in values):
            while (
                at > 1
                and len(parts[at - 1]) == 1
                and parts[at - 1][0].x0 - chunks[0].x0 < 8
                and len(parts[at - 2]) > 1
            ):
                at -= 1
            return at
    return None


def _columns(rows: Sequence[Sequence[PageLine]]) -> list[tuple[float, float]]:
    """Return the stretches that parts of rows stand in, from left to right."""
    found: list[list[float]] = []
    for x0, x1 in sorted((chunk.x0, chunk.x1) for chunks in rows for chunk in chunks):
        if found and x0 < found[-1][1] + 1:
            found[-1][1] = max(found[-1][1], x1)
        else:
            found.append([x0, x1])
    return [(x0, x1) for x0, x1 in found]


def _column_of(chunk: PageLine, columns: Sequence[tuple[float, float]]) -> int:
    """Return the column that a part of a line stands in, or stands nearest to."""

    def away(column: tuple[float, float]) -> float:
        shared = min(chunk.x1, column[1]) - max(chunk.x0, column[0])
        return (
            -shared if shared > 0 else abs((chunk.x0 + chunk.x1) / 2 - (column[0] + column[1]) / 2)
        )

    overlapping = [
        at
        for at, column in enumerate(columns)
        if min(chunk.x1, column[1]) > max(chunk.x0, column[0])
    ]
    return min(overlapping or range(len(columns)), key=lambda at: away(columns[at]))


def _head_rows(
    parts: Sequence[Sequence[PageLine]],
    columns: Sequence[tuple[float, float]],
    rules: Sequence[Rule],
) -> list[list[dict[str, Any]]]:
    """Return the lines of a head, each over the columns it spans."""
    rows = []
    for chunks in parts:
        texts = [""] * len(columns)
        data = [
            chunk for chunk in chunks if chunk.x1 > columns[1][0] - 4 or chunk.x0 > columns[0][1]
        ]
        for chunk in (each for each in chunks if each not in data):
            texts[0] = f"{texts[0]} {chunk.text}".strip()
        spanned = {id(chunk): _under(chunk, columns, rules) for chunk in data}
        for chunk in data:
            if sum(spanned[id(chunk)] == spanned[id(other)] for other in data) > 1:
                spanned = {id(each): set() for each in data}
                break
        fewer = len(data) < len(columns) - 1
        for at in range(1, len(columns)):
            middle = (columns[at][0] + columns[at][1]) / 2
            below = [chunk for chunk in data if at in spanned[id(chunk)]]
            if not below and fewer and data and not any(spanned.values()):
                nearest = min(data, key=lambda chunk: abs((chunk.x0 + chunk.x1) / 2 - middle))
                below = [nearest]
            elif not below:
                below = [
                    chunk
                    for chunk in data
                    if not spanned[id(chunk)] and _column_of(chunk, columns[1:]) + 1 == at
                ]
            texts[at] = " ".join(chunk.text for chunk in below)
        rows.append([made(text) for text in texts])
    return _merged_heads(rows, parts)


def _merged_heads(
    rows: list[list[dict[str, Any]]], parts: Sequence[Sequence[PageLine]]
) -> list[list[dict[str, Any]]]:
    """Return heads with lines put together that are one head broken across lines."""
    merged: list[list[dict[str, Any]]] = []
    for at, row in enumerate(rows):
        close = (
            at > 0
            and bool(parts[at])
            and bool(parts[at - 1])
            and (parts[at][0].top - parts[at - 1][0].bottom < 0.35 * parts[at][0].size)
        )
        same = merged and sum(bool(each["text"]) for each in row[1:]) <= len(parts[at])
        opened = merged and any(
            re.search(r"[(,-]$|^[a-z(%]", f"{above['text']}\n{each['text']}".rsplit("\n", 1)[-1])
            and above["text"]
            for above, each in zip(merged[-1][1:], row[1:], strict=True)
            if each["text"]
        )
        if close and same and opened:
            for above, each in zip(merged[-1], row, strict=True):
                above["text"] = f"{above['text']} {each['text']}".strip()
        else:
            merged.append(row)
    return merged


def _under(
    chunk: PageLine, columns: Sequence[tuple[float, float]], rules: Sequence[Rule]
) -> set[int]:
    """Return the columns over which a short rule below a head says that it spans."""
    for rule in rules:
        near = -1 <= rule.top - chunk.bottom <= 1.2 * chunk.size
        covers = rule.x0 - 6 <= (chunk.x0 + chunk.x1) / 2 <= rule.x1 + 6
        short = rule.x0 > columns[0][1] - 10
        if near and covers and short:
            return {
                at
                for at, (x0, x1) in enumerate(columns)
                if at and min(x1, rule.x1) - max(x0, rule.x0) > 0.5 * (x1 - x0)
            }
    return set()


def _body_rows(
    lines: Sequence[PageLine],
    parts: Sequence[Sequence[PageLine]],
    columns: Sequence[tuple[float, float]],
) -> list[list[dict[str, Any]]]:
    """Return the rows of a body; a label or a cell broken across lines is put together."""
    steps = [after.top - before.top for before, after in itertools.pairwise(lines)]
    step = median(steps) if steps else 0
    margin = min(
        (chunks[0].x0 for chunks in parts if chunks[0].x0 < columns[0][1]), default=columns[0][0]
    )
    rows: list[list[dict[str, Any]]] = []
    pending = ""
    for at, (line, chunks) in enumerate(zip(lines, parts, strict=True)):
        texts, marks = [""] * len(columns), [[] for _ in columns]  # type: ignore[var-annotated]
        for chunk in chunks:
            column = _column_of(chunk, columns)
            texts[column] = f"{texts[column]} {chunk.text}".strip()
            marks[column] += [word.text for word in chunk.words if word.raised]
        indent = round((chunks[0].x0 - margin) / max(3.0, 0.5 * line.size)) if texts[0] else 0
        alone = not any(texts[1:])
        following = parts[at + 1] if at + 1 < len(parts) else None
        if (
            alone
            and following
            and following[0].x0 < columns[0][1]
            and len(following) > 1
            and (following[0].text[:1].islower() or (steps[at] < 0.8 * step))
        ):
            pending = f"{pending} {texts[0]}".strip()
            continue
        goes_on = texts[0][:1].islower() or (at > 0 and steps[at - 1] < 0.8 * step)
        if alone and rows and goes_on and any(each["text"] for each in rows[-1][1:]):
            rows[-1][0]["text"] += f" {texts[0]}"
            continue
        texts[0] = f"{pending} {texts[0]}".strip()
        pending = ""
        rows.append(
            [
                made(text, indent=max(0, indent) if column == 0 else 0, marks=marks[column])
                for column, text in enumerate(texts)
            ]
        )
    return rows
