"""Rows of a table that head others: their labels, what stands under each, and their totals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from toolkit.papers.characters import plain
from toolkit.papers.columns import Laid, is_row_of_totals
from toolkit.papers.document import PaperCell, Row
from toolkit.papers.phrases import patients_of, unit_of, without_unit
from toolkit.papers.quantity import is_missing, read_cell


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelSection:
    """A label that heads the rows below it."""

    label: str
    indent: int
    total: int | None = None
    totals: tuple[int | None, ...] = ()


def row_label(row: Row, labels: int) -> str:
    """Return the label of a row: its cells on the left, each once."""
    texts = [each.text for each in row[:labels] if each.text]
    return ", ".join(dict.fromkeys(texts))


def heads_rows(row: Row, numbers: Sequence[PaperCell]) -> bool:
    """Tell whether a row only heads those below it; it may give their number of patients."""
    if not row[0].text or (
        row[0].repeated and len(row) > 1 and not any(each.text for each in numbers)
    ):
        return False
    own = [
        each.text
        for each in numbers
        if each.text and not each.repeated and each.text != row[0].text
    ]
    return all(patients_of(text) is not None and read_cell(text) is None for text in own)


def gives_totals(row: Row, label: str, numbers: Sequence[PaperCell]) -> bool:
    """Tell whether a row gives the patients of every column."""
    if not is_row_of_totals(label):
        return False
    read = [read_cell(each.text) for each in numbers if not is_missing(each.text)]
    return bool(read) and all(
        each is not None and each.rule == "n" and (each.events or 0) > 0 for each in read
    )


def entered(
    sections: Sequence[LabelSection], label: str, indent: int, numbers: Sequence[PaperCell]
) -> list[LabelSection]:
    """Return the sections in force after one more label that heads rows."""
    totals = tuple(patients_of(each.text) for each in numbers)
    own = patients_of(label) or (totals[0] if totals and len(set(totals)) == 1 else None)
    section = LabelSection(label=label, indent=indent, total=own, totals=totals)
    above = [each for each in sections if each.indent < indent]
    return [*above, section]


def leaves(section: LabelSection, label: str, indent: int) -> bool:
    """Tell whether a row no longer stands under a section.

    Where nothing is set in, only a label that brings its own unit begins anew.
    """
    if indent > section.indent:
        return False
    if section.indent > 0:
        return True
    brings = unit_of(label) in {"n (%)", "other", "n"} and re.search(
        r"%|median|mean|\bn\b|no\.", plain(label), re.IGNORECASE
    )
    return (bool(brings) and without_unit(label) not in {"", label.strip()}) or bool(
        re.search(r"\b(?:median|mean)\b", label, re.IGNORECASE)
    )


def next_set_in(body: Sequence[Row], at: int, indent: int) -> bool:
    """Tell whether the row below is set in further."""
    return at + 1 < len(body) and bool(body[at + 1][0].text) and body[at + 1][0].indent > indent


def shifted_rows(shape: Laid) -> dict[int, str]:
    """Return the rows whose numbers stand one row above their labels, each with its block.

    Text taken from a page may lose a line that way: the label that heads a block then has a number
    of a category, and the last category has none.
    """
    rows = shape.body
    apart: dict[int, str] = {}
    at = 0
    while at < len(rows):
        end = at + 1
        while end < len(rows) and rows[end][0].indent > rows[at][0].indent:
            end += 1
        if end - at >= 2:
            filled = [any(each.text for each in row[shape.labels :]) for row in rows[at:end]]
            heading = unit_of(rows[at][0].text) in {"n (%)", "n"}
            if heading and all(filled[:-1]) and not filled[-1]:
                apart |= dict.fromkeys(range(at, end - 1), rows[at][0].text)
        at = max(end, at + 1)
    return apart
