"""Papers as text or Markdown, and tables pasted from a page or a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from toolkit.papers.characters import tidy
from toolkit.papers.document import Document, PaperCell, PaperTable, Paragraph, Row, cell, rectangle
from toolkit.papers.limits import MOST_CELLS, PaperError
from toolkit.papers.phrases import are_grades
from toolkit.papers.quantity import read_cell
from toolkit.papers.readers.sections import Outline, is_heading, is_main
from toolkit.papers.readers.web_page import LABEL

_TAGS = re.compile(r"</?(?:i|b|em|strong|sup|sub|u|span|font)(?: [^<>]*)?>", re.IGNORECASE)
_EMPHASIS = re.compile(r"(?<![\w*])\*{1,2}(?=\S)([^*\n]{1,80}?)(?<=\S)\*{1,2}(?![\w*])")
_RAISED = re.compile(r"\^\{([^{}]{1,40})\}|\$\^\{?([^$]{1,12}?)\}?\$")
_MATH = re.compile(r"\$([^$\n]{1,40})\$")
_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_LONGEST_LABEL = 80
_FIGURE = re.compile(r"^(?:!\[|<img|(?:Figure|Fig\.?)\s+[0-9])", re.IGNORECASE)


def read_text(text: str) -> Document:
    """Return a paper from its text; rows of a table are lines with tabs or upright strokes."""
    blocks = _blocks(text)
    outline = Outline()
    paragraphs: list[tuple[tuple[str, ...], str]] = []
    tables: list[PaperTable] = []
    caption = ""
    after_table = False
    title = ""
    for position, block in enumerate(blocks):
        rows = _rows(block)
        if rows is not None:
            tables.append(_table(rows, caption, len(tables) + 1, outline.section))
            caption, after_table = "", True
            continue
        words = _words(" ".join(block))
        if not words:
            continue
        if LABEL.match(words) and _table_follows(blocks, position):
            caption = f"{caption} {words}".strip() if caption else words
            continue
        if caption and _table_follows(blocks, position):
            caption = f"{caption} {words}"
            continue
        marked = re.match(r"^(#{1,6})\s+(.*)", words)
        if marked or (is_heading(words) and not _goes_on(blocks, position)):
            heading = marked[2] if marked else words
            if not title and not outline.begun and not is_main(heading):
                title = heading
            outline.enter(heading, len(marked[1]) if marked else None)
            after_table = False
        elif _FIGURE.match(words):
            continue
        elif after_table and _is_note(words):
            tables[-1] = _with_note(tables[-1], words)
        else:
            after_table = False
            _add(paragraphs, outline.section_of(words), words)
    return Document(
        form="text",
        title=title,
        paragraphs=tuple(
            Paragraph(number=number, section=section, text=words)
            for number, (section, words) in enumerate(paragraphs, start=1)
        ),
        tables=tuple(tables),
    )


def read_pasted_table(text: str) -> Document:
    """Return a table pasted as lines with tabs; lines without tabs are its caption and notes."""
    lines = [line for line in _with_rows_of_labels(text) if line.strip()]
    tabbed = [position for position, line in enumerate(lines) if "\t" in line]
    start, end = tabbed[0], tabbed[-1] + 1
    if sum(line.count("\t") + 1 for line in lines) > MOST_CELLS:
        raise PaperError(f"The table has more than {MOST_CELLS} cells, which no paper prints.")
    rows = [line.split("\t") for line in lines[start:end]]
    caption = " ".join(_words(line) for line in lines[:start])
    table = _table(rows, caption, 1, ())
    for line in lines[end:]:
        table = _with_note(table, _words(line))
    return Document(form="TSV", title="", tables=(table,))


def is_pasted_table(text: str) -> bool:
    """Tell whether text is one table with tabs and little else."""
    lines = [line for line in _with_rows_of_labels(text) if line.strip()]
    tabbed = [at for at, line in enumerate(lines) if "\t" in line]
    if len(tabbed) < 2 or tabbed[-1] - tabbed[0] + 1 != len(tabbed):
        return False
    apart = [line for line in lines if "\t" not in line]
    return sum(map(len, apart)) < 1500 and not any(is_main(line.strip("# ")) for line in apart)


def _with_rows_of_labels(text: str) -> list[str]:
    """Return lines, a short one right between two rows of a table with a tab of its own.

    A row that is only a label loses its empty cells when a table is copied.
    """
    lines = text.splitlines()
    return [
        f"{line}\t"
        if 0 < at < len(lines) - 1
        and line.strip()
        and len(line) < _LONGEST_LABEL
        and "\t" not in line
        and "\t" in lines[at - 1]
        and "\t" in lines[at + 1]
        and not LABEL.match(line)
        else line
        for at, line in enumerate(lines)
    ]


def _blocks(text: str) -> list[list[str]]:
    """Return runs of lines that stand together; rows of a table apart from words."""
    blocks: list[list[str]] = []
    kind = ""
    for line in _with_rows_of_labels(text):
        if not line.strip():
            kind = ""
            continue
        now = "row" if "\t" in line.strip("\n ") or line.lstrip().startswith("|") else "words"
        if re.match(r"^#{1,6}\s", line) or (now == "words" and LABEL.match(line)):
            now = "apart"
        if now != kind or now == "apart":
            blocks.append([])
        blocks[-1].append(line)
        kind = now
    return blocks


def _rows(block: Sequence[str]) -> list[list[str]] | None:
    """Return the cells of a block that is a table, or None."""
    if all("\t" in line for line in block):
        return [line.split("\t") for line in block]
    if all(line.lstrip().startswith("|") for line in block) and len(block) > 1:
        split = [
            re.split(r"(?<!\\)\|", line.strip().strip("|"))
            for line in block
            if not _RULE.match(line)
        ]
        return [[each.replace("\\|", "|") for each in row] for row in split]
    return None


def _words(line: str) -> str:
    """Return words without the marks of a markup language."""
    line = _TAGS.sub("", line)
    line = _RAISED.sub("", line)
    line = _MATH.sub(lambda found: found[1], line)
    line = _EMPHASIS.sub(lambda found: found[1], line)
    return tidy(line)


def _cell_words(text: str) -> str:
    """Return the words of a cell; hard spaces before a label say how far it is set in."""
    return _EMPHASIS.sub(
        lambda found: found[1],
        _MATH.sub(lambda found: found[1], _RAISED.sub("", _TAGS.sub("", text))),
    )


def _table(
    rows: Sequence[Sequence[str]], caption: str, number: int, section: tuple[str, ...]
) -> PaperTable:
    """Return a table from the text of its cells."""
    grid: tuple[Row, ...] = rectangle(
        [[_cell(text, at) for at, text in enumerate(row)] for row in rows]
    )
    grid = with_heads_spread(grid)
    found = LABEL.match(caption)
    label = re.sub(r"(?i)\btable\b", "Table", found[1]) if found else f"Table {number}"
    return PaperTable(
        label=re.sub(r"\s+", " ", label),
        caption=caption[found.end() :].strip() if found else caption,
        body=grid,
        section=section,
    )


def with_heads_spread(grid: tuple[Row, ...]) -> tuple[Row, ...]:
    """Return a grid without spans whose upper heads stand over every column they are meant for.

    A head above several others is written once, and the places to its right are left empty.
    """
    depth = next(
        (
            at
            for at, row in enumerate(grid)
            if at and (row[0].text or _holds_numbers(row, grid[at - 1]))
        ),
        0,
    )
    if depth < 2:
        return grid
    spread = []
    for row in grid[: depth - 1]:
        last = row[0]
        filled = [row[0]]
        for each in row[1:]:
            last = each if each.text else last
            filled.append(each if each.text or last is row[0] else last)
        spread.append(tuple(filled))
    return (*spread, *grid[depth - 1 :])


def _holds_numbers(row: Row, above: Row) -> bool:
    """Tell whether a row without a label holds numbers, and no grades in figures."""
    texts = [each.text for each in row[1:] if each.text]
    if are_grades(texts, " ".join(each.text for each in above)):
        return False
    return any(read_cell(text) for text in texts)


def _cell(text: str, column: int) -> PaperCell:
    """Return a cell of a pasted table."""
    words = _cell_words(text)
    leading = re.match(r"[ \u00a0\u2000-\u200a\u202f\u3000]*", words)
    indent = len(leading[0]) if column == 0 and leading else 0
    bullet = re.match(r"\s*[\u2022\u25cf\u25aa\u25e6]\s*", words)
    if column == 0 and bullet:
        indent, words = indent + 1, words[bullet.end() :]
    return cell(words, indent=indent)


def _with_note(table: PaperTable, words: str) -> PaperTable:
    """Return a table with a line that stands below it."""
    return replace(table, notes=(*table.notes, words))


def _table_follows(blocks: Sequence[Sequence[str]], position: int) -> bool:
    """Tell whether a table begins within the next two blocks."""
    return any(_rows(block) is not None for block in blocks[position + 1 : position + 3])


def _goes_on(blocks: Sequence[Sequence[str]], position: int) -> bool:
    """Tell whether the next words begin in the middle of a sentence."""
    after = next((block for block in blocks[position + 1 :] if _rows(block) is None), None)
    return after is not None and _words(after[0])[:1].islower()


def _is_note(words: str) -> bool:
    """Tell whether a line after a table explains it."""
    if re.match(r"[a-z]{2}", words):
        return False
    return bool(
        re.match(
            r"^[*\u2020\u2021\u00a7\u00b6#]|^[a-z]\s|^(?:Abbreviations|Notes?|Data are)\b", words
        )
        or re.match(r"^[\w/+-]{2,20}(?: \w+)?:\s", words)
        or len(re.findall(r"[A-Z][A-Za-z/-]+[:,=] [a-z]", words)) >= 3
    )


def _add(
    paragraphs: list[tuple[tuple[str, ...], str]], section: tuple[str, ...], words: str
) -> None:
    """Add a paragraph, or what a page or a table had cut off from the one before."""
    if paragraphs:
        before_section, before = paragraphs[-1]
        cut = before.endswith("-") and words[:1].islower()
        open_end = not re.search(r"[.!?:)\]\"\u201d\u00b9\u00b2\u00b3\u2070-\u2079}]$", before)
        if before_section == section and (cut or (open_end and words[:1].islower())):
            joined = before[:-1] + words if cut else f"{before} {words}"
            paragraphs[-1] = (section, joined)
            return
    paragraphs.append((section, words))
