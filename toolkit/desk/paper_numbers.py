"""A paper as the desk shows it: text and tables in which every number knows its place.

What is shown is made of the words that the readers found, never of a paper's own markup: so there
is nothing in it that could run, load or lead anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from toolkit.papers.characters import fold, plain
from toolkit.papers.document import Document, PaperTable, Sentence
from toolkit.papers.drafting import draft_document
from toolkit.papers.proposal import Draft, Drafted, Standing
from toolkit.papers.quantity import Quantity, read_cell
from toolkit.papers.readers.recognize import read_paper
from toolkit.papers.table_rules import quantities
from toolkit.papers.vocabulary import Vocabulary

_WHOLE = r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+"
_SHARE = r"[0-9]{1,3}(?:[.,\u00b7][0-9]+)?\s?%"
_NUMBER = re.compile(
    rf"(?:{_WHOLE})\s?(?:/|\s(?:out )?of\s)\s?(?:{_WHOLE})(?:\s?[(\[]\s?{_SHARE}\s?[)\]])?"
    rf"|(?:{_WHOLE})\s?[(\[]\s?{_SHARE}\s?[)\]]"
    r"|[0-9]+(?:[.\u00b7][0-9]+)?\s?%?\s?[(\[](?:[0-9]{2}\s?%\s?CI[:,]?\s?)?"
    r"[0-9.\u00b7]+\s?%?\s?(?:[-\u2013\u2014]|to|,)\s?[0-9.\u00b7]+\s?%?[)\]]"
    rf"|{_SHARE}"
    rf"|(?:{_WHOLE})(?:[.\u00b7][0-9]+)?"
)
_LISTS = {"reference", "bibliography", "literature cited"}
"""Sections in which numbers are years and pages."""
_ENDS = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperNumber:
    """One number of a paper that a row can take.

    Attributes
    ----------
    key : str
        Its name on the page.
    where, printed : str
        Its place in words, and its characters.
    events, total : int or None
        A count and what it is out of, as far as the place says them.
    percent, value, low, high : str
        A percentage, any other number, and the two ends printed with it.
    standing : str
        What the rules make of it: proposal, statement or unmatched; empty where they say nothing.
    """

    key: str
    where: str
    printed: str
    events: int | None = None
    total: int | None = None
    percent: str = ""
    value: str = ""
    low: str = ""
    high: str = ""
    standing: Standing | str = ""


Piece = tuple[str, PaperNumber | None]
"""Some text, and the number that it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCell:
    """A cell of a table on the page."""

    pieces: tuple[Piece, ...]
    columns: int = 1
    indent: int = 0
    head: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTable:
    """A table on the page."""

    label: str
    caption: str
    head: tuple[tuple[ShownCell, ...], ...]
    body: tuple[tuple[ShownCell, ...], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSection:
    """The sentences below one heading."""

    heading: str
    level: int
    sentences: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, kw_only=True)
class OpenPaper:
    """A paper that lies on the desk.

    Attributes
    ----------
    name : str
        What its file is called.
    document, draft : Document and Draft
        What was read, and what the rules offer of it.
    sections, tables : tuple
        What the page shows.
    numbers : mapping of key to PaperNumber
        Every number that can be taken.
    """

    name: str
    document: Document
    draft: Draft
    sections: tuple[ShownSection, ...]
    tables: tuple[ShownTable, ...]
    numbers: dict[str, PaperNumber]


def open_paper(path: Path, name: str, words: Vocabulary) -> OpenPaper:
    """Return a paper with its numbers; raises PaperError where it cannot be read."""
    document = read_paper(path)
    draft = draft_document(document, words)
    shown = _Numbering(draft)
    sections = tuple(shown.sections(document.sentences))
    tables = tuple(shown.table(table) for table in document.tables)
    return OpenPaper(
        name=name,
        document=document,
        draft=draft,
        sections=sections,
        tables=tables,
        numbers=shown.numbers,
    )


class _Numbering:
    """One pass over a paper that gives every number a name."""

    def __init__(self, draft: Draft) -> None:
        self.numbers: dict[str, PaperNumber] = {}
        self.in_cells: dict[tuple[str, int, int], Drafted] = {}
        self.in_sentences: dict[str, list[Drafted]] = {}
        for each in (*draft.unmatched, *draft.statements, *draft.proposals):
            if each.cell is not None:
                self.in_cells[(each.table, *each.cell)] = each
            elif each.quantity.as_printed:
                self.in_sentences.setdefault(each.where, []).append(each)

    def sections(self, sentences: tuple[Sentence, ...]) -> Iterator[ShownSection]:
        """Yield the text, heading by heading."""
        for section, found in groupby(sentences, lambda each: each.section):
            yield ShownSection(
                heading=section[-1] if section else "",
                level=max(len(section), 1),
                sentences=tuple(self._sentence(each) for each in found),
            )

    def _sentence(self, sentence: Sentence) -> tuple[Piece, ...]:
        """Return a sentence in pieces: what the rules read first, other numbers in between."""
        text = sentence.text
        spans: list[tuple[int, int, Drafted | None]] = []
        for each in self.in_sentences.get(sentence.where, []):
            start = text.find(each.quantity.as_printed)
            end = start + len(each.quantity.as_printed)
            if start >= 0 and all(end <= one or start >= other for one, other, _ in spans):
                spans.append((start, end, each))
        listed = bool(sentence.section) and fold(sentence.section[-1]) in _LISTS
        for found in () if listed else _NUMBER.finditer(text):
            start, end = found.span()
            if text[max(start - 1, 0) : start].isalpha() or text[end : end + 1].isalpha():
                continue
            if all(end <= one or start >= other for one, other, _ in spans):
                spans.append((start, end, None))
        pieces: list[Piece] = []
        at = 0
        for start, end, drafted in sorted(spans, key=lambda span: span[0]):
            if start > at:
                pieces.append((text[at:start], None))
            printed = text[start:end]
            pieces.append((printed, self._number(sentence.where, printed, drafted)))
            at = end
        return (*pieces, *(((text[at:], None),) if text[at:] else ()))

    def table(self, table: PaperTable) -> ShownTable:
        """Return a table with its numbers."""
        grid = (*table.header, *table.body)
        places = {each.cell: each.where for each in quantities(table) if each.cell is not None}
        heads = len(table.header) or 1
        rows = []
        for at, row in enumerate(grid):
            cells: list[ShownCell] = []
            for column, each in enumerate(row):
                if each.repeated and at < heads and cells and row[column - 1].text == each.text:
                    cells[-1] = ShownCell(
                        pieces=cells[-1].pieces, columns=cells[-1].columns + 1, head=True
                    )
                    continue
                text = "" if each.repeated else each.text
                drafted = self.in_cells.get((table.label, at, column))
                has_number = drafted is not None or (column > 0 and re.search("[0-9]", text))
                where = places.get((at, column)) or _place(table, at, column)
                number = self._number(where, text, drafted) if has_number and text else None
                cells.append(
                    ShownCell(
                        pieces=((text, number),),
                        indent=min(each.indent, 4) if column == 0 else 0,
                        head=at < heads or column == 0,
                    )
                )
            rows.append(tuple(cells))
        return ShownTable(
            label=table.label,
            caption=table.caption,
            head=tuple(rows[:heads]),
            body=tuple(rows[heads:]),
            notes=table.notes,
        )

    def _number(self, where: str, printed: str, drafted: Drafted | None) -> PaperNumber:
        """Return a number under a new name."""
        read: Quantity | None = drafted.quantity if drafted else read_cell(printed)
        ends = _ENDS.findall(plain(read.interval)) if read and read.interval else []
        number = PaperNumber(
            key=f"n{len(self.numbers)}",
            where=drafted.where if drafted else where,
            printed=drafted.quantity.as_printed if drafted else printed,
            events=drafted.events if drafted else read.events if read else None,
            total=drafted.total if drafted else read.total if read else None,
            percent=read.percent if read else "",
            value=(read.value if read else "") or _decimal(printed),
            low=ends[0] if len(ends) == 2 else "",
            high=ends[1].lstrip("-") if len(ends) == 2 else "",
            standing=drafted.standing if drafted else "",
        )
        self.numbers[number.key] = number
        return number


def _decimal(printed: str) -> str:
    """Return a bare number with decimals; empty for anything else."""
    return found[0] if (found := re.fullmatch(r"[0-9]+\.[0-9]+", plain(printed))) else ""


def _place(table: PaperTable, row: int, column: int) -> str:
    """Return where a cell stands, by the label of its row and the last head of its column."""
    grid = (*table.header, *table.body)
    label = next((each.text for each in grid[row][:1] if each.text), f"{row + 1}")
    heads = table.header or grid[:1]
    over = next((line[column].text for line in reversed(heads) if line[column].text), "")
    parts = [table.label, f"row {label}", f"column {over}" if over and column else ""]
    return ", ".join(part for part in parts if part)
