"""Pages of a PDF as paragraphs and tables; runs in a process of its own (see `portable`)."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

from toolkit.papers.limits import MOST_PAGES, PDF_MEMORY, PDF_SECONDS
from toolkit.papers.quantity import read_cell
from toolkit.papers.readers.page_lines import (
    Line,
    Word,
    chunks_of,
    columns_of_text,
    lines_of,
    paragraphs_of,
)
from toolkit.papers.readers.page_tables import Found, Rule, is_caption, open_table, ruled_table

_NOTE = re.compile(
    r"^(?:[*\u2020\u2021\u00a7\u00b6#]|Abbreviations?\b|Notes?\b|Data are\b|Values are\b|[a-z]\s+[A-Z]|[A-Za-z/+-]{2,12}[:,=] [a-z])"
)


def main() -> None:
    """Read the PDF that the command line names and print what it holds as JSON."""
    _bound()
    logging.disable(logging.CRITICAL)
    try:
        found = read_pages(sys.argv[1])
    except MemoryError:
        found = {"refused": "The PDF needs too much memory to read, which no paper does."}
    except RecursionError:
        found = {"refused": "The PDF nests too deeply to be read, which no paper does."}
    except Exception as error:  # noqa: BLE001 - whatever a broken PDF makes the library raise
        found = {"refused": _reason(error)}
    sys.stdout.write(json.dumps(found))


def _reason(error: Exception) -> str:
    """Return why a PDF cannot be read."""
    names = {type(each).__name__ for each in (error, *error.args, error.__cause__) if each is not None}
    if names & {"PDFPasswordIncorrect", "PDFEncryptionError", "PDFTextExtractionNotAllowed"}:
        return "The PDF is encrypted; save a copy without a password."
    return "The PDF is broken and cannot be read."


def _bound() -> None:
    """Bound the memory and time of this process, where the system can."""
    try:
        import resource
    except ImportError:  # Windows: the time alone is bounded, by the process that waits
        return
    for kind, most in ((resource.RLIMIT_AS, PDF_MEMORY), (resource.RLIMIT_CPU, PDF_SECONDS)):
        try:
            resource.setrlimit(kind, (most, most))
        except (ValueError, OSError):
            continue


def read_pages(path: str) -> dict[str, Any]:
    """Return paragraphs and tables of a PDF as plain lists."""
    import pdfplumber

    paragraphs: list[str] = []
    tables: list[Found] = []
    with pdfplumber.open(path) as pdf:
        if len(pdf.pages) > MOST_PAGES:
            return {"refused": f"The PDF has {len(pdf.pages)} pages; a paper has at most {MOST_PAGES}."}
        kept: list[tuple[list[Word], float, list[Found], float]] = []
        for page in pdf.pages:
            words = _words(page)
            found = _tables_of(page, words)
            taken = [each.box for each in found]
            left = [word for word in words if not any(_inside(word, box) for box in taken)]
            kept.append((left, float(page.width), found, float(page.height)))
            page.close()
        furniture = _repeated([(words, height) for words, _, _, height in kept])
        for words, width, found, height in kept:
            for column in columns_of_text(words, width):
                lines = [line for line in lines_of(column) if not _is_furniture(line, height, furniture)]
                paragraphs.extend(paragraphs_of(lines))
            tables.extend(found)
    return {
        "title": "",
        "paragraphs": paragraphs,
        "tables": [
            {"caption": each.caption, "rows": each.rows, "heads": each.heads, "notes": each.notes}
            for each in tables
        ],
    }


def _words(page: Any) -> list[Word]:
    """Return the words of a page with their boxes."""
    found = page.extract_words(
        x_tolerance_ratio=0.18, keep_blank_chars=False, extra_attrs=["size", "fontname"]
    )
    return [
        Word(
            text=each["text"],
            x0=each["x0"],
            x1=each["x1"],
            top=each["top"],
            bottom=each["bottom"],
            size=each["size"] or each["bottom"] - each["top"],
            bold="bold" in str(each["fontname"]).lower() or "black" in str(each["fontname"]).lower(),
        )
        for each in found
        if each["x1"] > each["x0"]
    ]


def _inside(word: Word, box: tuple[float, float, float, float]) -> bool:
    """Tell whether the middle of a word lies in a box."""
    x0, top, x1, bottom = box
    return x0 <= (word.x0 + word.x1) / 2 <= x1 and top <= (word.top + word.bottom) / 2 <= bottom


def _tables_of(page: Any, words: Sequence[Word]) -> list[Found]:
    """Return the tables of a page: those in boxes, and those below a caption."""
    found = []
    for table in page.find_tables():
        cells = [each for each in table.cells if each]
        rows = ruled_table(cells, words) if len(cells) >= 4 else []
        filled = sum(bool(each["text"]) for row in rows for each in row)
        if len(rows) < 2 or max(map(len, rows)) < 2 or filled < 4:
            continue
        caption, top = _caption_above(words, table.bbox)
        notes, bottom = _notes_below(words, table.bbox)
        x0, _, x1, _ = table.bbox
        box = (min(x0, x0), top, x1, bottom)
        found.append(Found(caption, rows, _heads(rows), notes, box))
    taken = [each.box for each in found]
    rules = _rules(page)
    free = [word for word in words if not any(_inside(word, box) for box in taken)]
    for column in columns_of_text(free, float(page.width)) if free else []:
        found.extend(_open_tables(lines_of(column), rules))
    return found


def _rules(page: Any) -> list[Rule]:
    """Return the lines drawn across a page."""
    drawn = [*page.lines, *page.rects, *page.curves]
    return [
        Rule(each["x0"], each["x1"], each["top"], each["bottom"])
        for each in drawn
        if each["bottom"] - each["top"] < 2.5 and each["x1"] - each["x0"] > 12
    ]


def _heads(rows: Sequence[Sequence[dict[str, Any]]]) -> int:
    """Return how many rows of a table in boxes are its head."""
    for at, row in enumerate(rows):
        values = [each["text"] for each in row[1:] if each["text"]]
        if values and any(read_cell(text) for text in values):
            while at > 1 and sum(bool(each["text"]) for each in rows[at - 1]) == 1:
                at -= 1
            return max(at, 1)
    return 1


def _caption_above(words: Sequence[Word], box: tuple[float, float, float, float]) -> tuple[str, float]:
    """Return the caption above a box, and where it begins."""
    x0, top, x1, _ = box
    above = [word for word in words if word.bottom <= top + 2 and word.x1 > x0 - 40 and word.x0 < x1 + 40]
    lines = lines_of(above)
    gathered: list[Line] = []
    edge = top
    for line in reversed(lines):
        if edge - line.bottom > 2.2 * line.size or len(gathered) >= 6:
            break
        gathered.insert(0, line)
        edge = line.top
        if is_caption(line.text):
            return " ".join(each.text for each in gathered), gathered[0].top - 1
    return "", top


def _notes_below(words: Sequence[Word], box: tuple[float, float, float, float]) -> tuple[list[str], float]:
    """Return the lines below a box that explain it, and where they end."""
    x0, _, x1, bottom = box
    below = [word for word in words if word.top >= bottom - 2 and word.x1 > x0 - 10 and word.x0 < x1 + 10]
    notes: list[str] = []
    edge = bottom
    for line in lines_of(below):
        if line.top - edge > 2 * line.size or is_caption(line.text):
            break
        if not notes and not _NOTE.match(line.text):
            break
        notes.append(line.text)
        edge = line.bottom
    return ([" ".join(notes)] if notes else []), edge


def _open_tables(lines: Sequence[Line], rules: Sequence[Rule]) -> list[Found]:
    """Return the tables without boxes that stand below captions among some lines."""
    found = []
    starts = [at for at, line in enumerate(lines) if is_caption(line.text)]
    for start, following in zip(starts, [*starts[1:], len(lines)], strict=True):
        block = lines[start:following]
        begin = _table_begins(block, rules)
        if begin is None:
            continue
        end = _table_ends(block, begin, rules)
        made = open_table(block[begin:end], rules)
        if made is None or len(made[0]) < 2:
            continue
        rows, heads = made
        notes = []
        last = end
        while last < len(block) and (_NOTE.match(block[last].text) or (notes and block[last].size < 0.95 * block[0].size)):
            notes.append(block[last].text)
            last += 1
        inside = block[:last]
        box = (
            min(line.x0 for line in inside) - 1,
            inside[0].top - 1,
            max(line.x1 for line in inside) + 1,
            inside[-1].bottom + 1,
        )
        caption = " ".join(line.text for line in block[:begin])
        found.append(Found(caption, rows, heads, [" ".join(notes)] if notes else [], box))
    return found


def _table_begins(block: Sequence[Line], rules: Sequence[Rule]) -> int | None:
    """Return the first line of a table below its caption: after a rule, or the first in parts."""
    for at in range(1, min(len(block), 8)):
        ruled = any(
            block[at - 1].bottom - 2 <= rule.top <= block[at].top + 2 and rule.x1 - rule.x0 > 60
            for rule in rules
        )
        if ruled or len(chunks_of(block[at])) > 1:
            return at
    return None


def _table_ends(block: Sequence[Line], begin: int, rules: Sequence[Rule]) -> int:
    """Return the line after the last one of a table.

    Its last long rule ends it where rules are drawn; else a wide gap, or lines of running text.
    """
    x0, x1 = min(line.x0 for line in block[begin:]), max(line.x1 for line in block[begin:])
    top = block[begin - 1].top
    long = sorted(
        rule.top
        for rule in rules
        if rule.top > top and rule.x1 - rule.x0 > 0.6 * (x1 - x0) and rule.x0 < x0 + 60
        and rule.top < block[-1].bottom + 20
    )
    end = len(block)
    if len(long) >= 3 or (len(long) == 2 and long[-1] > block[min(begin + 2, len(block) - 1)].bottom):
        end = next((at for at in range(begin, len(block)) if block[at].top > long[-1] - 1), len(block))
        return max(end, begin + 1)
    step = block[begin + 1].top - block[begin].top if begin + 1 < len(block) else 20
    running = 0
    for at in range(begin + 1, len(block)):
        chunks = chunks_of(block[at])
        gap = block[at].top - block[at - 1].bottom
        words = len(chunks) == 1 and len(block[at].words) > 9
        running = running + 1 if words else 0
        if gap > max(2.2 * step, 3 * block[at].size) or _NOTE.match(block[at].text) and len(chunks) == 1 or running >= 2:
            return at - running + 1 if running >= 2 else at
    return end


def _repeated(pages: Sequence[tuple[Sequence[Word], float]]) -> set[str]:
    """Return the lines at the edges of pages that several pages print."""
    counted: Counter[str] = Counter()
    for words, height in pages:
        edge = [word for word in words if word.top < 0.08 * height or word.bottom > 0.92 * height]
        counted.update({re.sub(r"[0-9]+", "#", line.text) for line in lines_of(edge)})
    return {text for text, times in counted.items() if times > 1 or re.fullmatch(r"#|Page #(?: of #)?", text)}


def _is_furniture(line: Line, height: float, repeated: set[str]) -> bool:
    """Tell whether a line is a running head or foot."""
    at_edge = line.top < 0.08 * height or line.bottom > 0.92 * height
    return at_edge and re.sub(r"[0-9]+", "#", line.text) in repeated


