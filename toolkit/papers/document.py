"""A paper as numbered paragraphs and tables whose every cell has a place a person can find."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from toolkit.papers.characters import NOTE_MARK, tidy, without_marks

_ABBREVIATED = re.compile(
    r"(?:\b(?:e\.g|i\.e|vs|et al|Fig|Figs|No|Nos|Dr|Prof|St|ca|cf|resp|approx|incl|Suppl|Ref|Refs)"
    r"|\b[A-Z])\.$"
)
_SENTENCE_END = re.compile(
    r"[.!?](?:[\u00b9\u00b2\u00b3\u2070-\u207e,]|\^\{[^}]*\}|\[[0-9,\u2013 -]+\]|"
    r"[0-9,\u2013-]+(?=\s[A-Z]))*[)\"\u201d\]]?\s+(?=[A-Z0-9(\"\u201c\u2265\u003c\u003e])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperCell:
    """One place of a table's grid.

    Attributes
    ----------
    text : str
        What is printed, marks of notes left out.
    marks : tuple of str
        Marks that lead to notes, as printed.
    indent : int
        Steps by which a label is set in.
    repeated : bool
        Whether the cell is here only because one above or to the left of it spans this place.
    """

    text: str = ""
    marks: tuple[str, ...] = ()
    indent: int = 0
    repeated: bool = False


EMPTY = PaperCell()
Row = tuple[PaperCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperTable:
    """A table with its spans expanded: every row of the grid has a cell for every column.

    Attributes
    ----------
    label : str
        What readers call it: ``Table 4``.
    caption : str
        Its title.
    header, body : tuple of rows
        Rows that head the columns, and all others.
    notes : tuple of str
        What stands below it.
    section : tuple of str
        Headings under which it stands.
    remark : str
        What a person should know before a number is taken from it.
    """

    label: str
    caption: str = ""
    header: tuple[Row, ...] = ()
    body: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    remark: str = ""

    @property
    def width(self) -> int:
        """Number of columns."""
        return len((self.header or self.body)[0]) if self.header or self.body else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence, counted within its section."""

    section: tuple[str, ...]
    number: int
    text: str

    @property
    def where(self) -> str:
        """Where it stands, in words."""
        return f"{', '.join(self.section) or 'Text'}, sentence {self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph with the headings it stands under, counted through the paper from 1."""

    number: int
    section: tuple[str, ...]
    text: str


@dataclass(frozen=True, kw_only=True)
class Document:
    """A paper as it was read.

    Attributes
    ----------
    form : str
        ``JATS``, ``registry``, ``HTML``, ``PDF``, ``text`` or ``TSV``.
    title : str
        Its title, where one could be found.
    paragraphs, tables : tuple
        What it says, in order.
    sha256 : str
        Fingerprint of the file.
    remarks : tuple of str
        What a reader should know of how it was read.
    """

    form: str
    title: str = ""
    paragraphs: tuple[Paragraph, ...] = ()
    tables: tuple[PaperTable, ...] = ()
    sha256: str = ""
    remarks: tuple[str, ...] = ()

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Every sentence, counted within its section."""
        counted: dict[tuple[str, ...], int] = {}
        found = []
        for paragraph in self.paragraphs:
            for text in split_sentences(paragraph.text):
                counted[paragraph.section] = counted.get(paragraph.section, 0) + 1
                found.append(
                    Sentence(
                        section=paragraph.section, number=counted[paragraph.section], text=text
                    )
                )
        return tuple(found)


def split_sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a paragraph.

    Examples
    --------
    >>> list(split_sentences("Smith et al. saw 3.5 of it (see Fig. 2). Six of eight responded."))
    ['Smith et al. saw 3.5 of it (see Fig. 2).', 'Six of eight responded.']
    """
    start = 0
    for end in _SENTENCE_END.finditer(text):
        before = text[start : end.start() + 1]
        if _ABBREVIATED.search(before):
            continue
        if before.count("(") > before.count(")"):
            continue
        yield text[start : end.end()].strip()
        start = end.end()
    if text[start:].strip():
        yield text[start:].strip()


def cell(text: str, *, marks: Sequence[str] = (), indent: int = 0) -> PaperCell:
    """Return a cell from its text as printed; marks set at its end are taken off."""
    tidied = tidy(text)
    bare = without_marks(tidied)
    own = re.findall(NOTE_MARK, tidied) if bare != tidied else []
    return PaperCell(text=bare, marks=tuple(dict.fromkeys((*marks, *own))), indent=indent)


def rectangle(rows: Sequence[Sequence[PaperCell]]) -> tuple[Row, ...]:
    """Return rows made equally long with empty cells."""
    width = max(map(len, rows), default=0)
    return tuple((*row, *(EMPTY,) * (width - len(row))) for row in rows)
