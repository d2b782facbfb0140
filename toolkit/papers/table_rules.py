"""From a table to the quantities it prints, each with its row, its column and its total."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from toolkit.papers.characters import fold
from toolkit.papers.columns import Laid, gives_row_totals, laid, narrowed_to, with_total
from toolkit.papers.document import PaperTable
from toolkit.papers.found_number import (
    FoundNumber,
    found_number,
    is_share_of,
    numbers_of_row,
    whole_number,
)
from toolkit.papers.label_sections import (
    LabelSection,
    entered,
    gives_totals,
    heads_rows,
    leaves,
    next_set_in,
    row_label,
    shifted_rows,
)
from toolkit.papers.quantity import is_missing, read_cell

_SERIAL = re.compile(r"^(?:patient|pt|case|no|id|patient (?:no|number|id)|subject|upn)$")


def quantities(table: PaperTable) -> Iterator[FoundNumber]:
    """Yield every number of a table that a rule can read, with what its place says of it."""
    shape = laid(table)
    if is_list_of_patients(shape):
        return
    per_row = next(
        (
            at
            for at, head in enumerate(shape.heads)
            if at >= shape.labels and gives_row_totals(head)
        ),
        None,
    )
    if per_row is not None and not _holds_totals(shape, per_row):
        per_row = None
    heads = list(shape.heads)
    head_rows = len(table.header) + len(table.body) - len(shape.body)
    shifted = shifted_rows(shape)
    sections: list[LabelSection] = []
    for at, row in enumerate(shape.body):
        label = row_label(row, shape.labels)
        numbers = row[shape.labels :]
        if gives_totals(row, label, numbers):
            for column in range(shape.labels, len(heads)):
                read = read_cell(row[column].text)
                if read and read.rule == "n" and read.events is not None:
                    heads[column] = with_total(heads[column], read.events)
            continue
        indent = row[0].indent
        if heads_rows(row, numbers):
            sections = entered(sections, label, indent, numbers)
            continue
        while sections and leaves(sections[-1], label, indent):
            sections.pop()
        row_total = whole_number(row[per_row].text) if per_row is not None else None
        cells = list(numbers_of_row(row, heads, shape.labels, per_row))
        for head, read, column, part in cells:
            found = found_number(table, shape, row, label, sections, head, read, row_total, column)
            found = replace(found, cell=(head_rows + at, column), part=part)
            if alone := narrowed_to(head, shape.heads[shape.labels :]):
                found = replace(found, reason=f"its column counts {alone} alone")
            if at in shifted:
                why = "labels and numbers of this block stand a row apart; the next label is meant"
                below = row_label(shape.body[at + 1], shape.labels)
                found = replace(found, reason=why, label=below, sections=(shifted[at],))
            yield found
        if cells and next_set_in(shape.body, at, indent):
            sections = [
                *(each for each in sections if each.indent < indent),
                LabelSection(label=label, indent=indent),
            ]


def is_list_of_patients(shape: Laid) -> bool:
    """Tell whether a table has one row for each patient, numbered from 1."""
    first = [row[0].text for row in shape.body if row[0].text]
    if len(first) < 4:
        return False
    head = fold(" ".join(shape.heads[0].path))
    numbered = [int(text) for text in first if text.isdigit()]
    in_order = len(numbered) == len(first) and numbered == sorted(set(numbered))
    return bool(
        in_order and numbered[0] <= 1 and (_SERIAL.match(head) or numbered[-1] == len(numbered))
    )


def _holds_totals(shape: Laid, column: int) -> bool:
    """Tell whether a column holds the patients of each row, and not counts with their shares."""
    heads = shape.heads
    if heads[column].grade or (
        column + 1 < len(heads) and is_share_of(heads[column], heads[column + 1])
    ):
        return False
    texts = [row[column].text for row in shape.body if not is_missing(row[column].text)]
    whole = [text for text in texts if whole_number(text) is not None]
    return len(texts) > 1 and len(whole) > 0.7 * len(texts) and column + 1 < len(shape.heads)
