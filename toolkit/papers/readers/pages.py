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
    PageLine,
    PageWord,
    columns_of_text,
    lines_of,
    paragraphs_of,
)
from toolkit.papers.readers.page_regions import (
    around,
    caption_above,
    goes_on,
    joined,
    notes_below,
    notes_of,
    open_tables,
    rules_of,
)
from toolkit.papers.readers.page_tables import PageTable, is_caption, ruled_table


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
    names = {
        type(each).__name__ for each in (error, *error.args, error.__cause__) if each is not None
    }
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
    tables: list[PageTable] = []
    with pdfplumber.open(path) as pdf:
        if len(pdf.pages) > MOST_PAGES:
            return {
                "refused": f"The PDF has {len(pdf.pages)} pages; a paper has at most {MOST_PAGES}."
            }
        kept: list[tuple[list[PageWord], float, list[PageTable], float]] = []
        for page in pdf.pages:
            words = _words(page)
            found = _tables_of(page, words)
            taken = [each.box for each in found]
            left = [word for word in words if not any(_inside(word, box) for box in taken)]
            kept.append((left, float(page.width), found, float(page.height)))
            page.close()
        furniture = _repeated([(words, height) for words, _, _, height in kept])
        waiting = ""
        for words, width, found, height in kept:
            if found and not found[0].caption and waiting:
                found[0].caption = waiting
            lines = []
            for column in columns_of_text(words, width):
                lines = [
                    line for line in lines_of(column) if not _is_furniture(line, height, furniture)
                ]
                paragraphs.extend(paragraphs_of(lines))
            waiting = next(
                (
                    joined(lines[at:])
                    for at in range(-3, 0)
                    if lines[at:] and is_caption(lines[at:][0].text)
                ),
                "",
            )
            for each in found:
                if not each.caption and tables and goes_on(tables[-1], each):
                    tables[-1].rows.extend(each.rows)
                    tables[-1].notes.extend(each.notes)
                else:
                    tables.append(each)
    return {
        "title": "",
        "paragraphs": paragraphs,
        "tables": [
            {"caption": each.caption, "rows": each.rows, "heads": each.heads, "notes": each.notes}
            for each in tables
        ],
    }


def _words(page: Any) -> list[PageWord]:
    """Return the words of a page with their boxes."""
    found = page.extract_words(
        x_tolerance_ratio=0.18, keep_blank_chars=False, extra_attrs=["size", "fontname"]
    )
    return [
        PageWord(
            text=each["text"],
            x0=each["x0"],
            x1=each["x1"],
            top=each["top"],
            bottom=each["bottom"],
            size=each["size"] or each["bottom"] - each["top"],
            bold="bold" in str(each["fontname"]).lower()
            or "black" in str(each["fontname"]).lower(),
        )
        for each in found
        if each["x1"] > each["x0"]
    ]


def _inside(word: PageWord, box: tuple[float, float, float, float]) -> bool:
    """Tell whether the middle of a word lies in a box."""
    x0, top, x1, bottom = box
    return x0 <= (word.x0 + word.x1) / 2 <= x1 and top <= (word.top + word.bottom) / 2 <= bottom


def _tables_of(page: Any, words: Sequence[PageWord]) -> list[PageTable]:
    """Return the tables of a page: those in boxes, and those below a caption."""
    found = []
    for table in page.find_tables():
        cells = [each for each in table.cells if each]
        rows = ruled_table(cells, words) if len(cells) >= 4 else []
        filled = sum(bool(each["text"]) for row in rows for each in row)
        if len(rows) < 2 or max(map(len, rows)) < 2 or filled < 4:
            continue
        caption = caption_above(words, table.bbox)
        notes = notes_below(words, table.bbox)
        box = around([table.bbox, *caption, *notes])
        found.append(PageTable(joined(caption), rows, _heads(rows), notes_of(notes), box))
    taken = [each.box for each in found]
    free = [word for word in words if not any(_inside(word, box) for box in taken)]
    return [*found, *open_tables(free, rules_of(page), float(page.width))] if free else found


def _heads(rows: Sequence[Sequence[dict[str, Any]]]) -> int:
    """Return how many rows of a table in boxes are its head."""
    for at, row in enumerate(rows):
        values = [each["text"] for each in row[1:] if each["text"]]
        if values and any(read_cell(text) for text in values):
            while at > 1 and sum(bool(each["text"]) for each in rows[at - 1]) == 1:
                at -= 1
            return max(at, 1)
    return 1


def _repeated(pages: Sequence[tuple[Sequence[PageWord], float]]) -> set[str]:
    """Return the lines at the edges of pages that several pages print."""
    counted: Counter[str] = Counter()
    for words, height in pages:
        edge = [word for word in words if word.top < 0.08 * height or word.bottom > 0.92 * height]
        counted.update({re.sub(r"[0-9]+", "#", line.text) for line in lines_of(edge)})
    return {
        text
        for text, times in counted.items()
        if times > 1 or re.fullmatch(r"#|Page #(?: of #)?", text)
    }


def _is_furniture(line: PageLine, height: float, repeated: set[str]) -> bool:
    """Tell whether a line is a running head or foot."""
    at_edge = line.top < 0.08 * height or line.bottom > 0.92 * height
    return at_edge and re.sub(r"[0-9]+", "#", line.text) in repeated
