"""From a table to the quantities it prints, each with its row, its column and its total."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from toolkit.papers.characters import fold, plain
from toolkit.papers.columns import (
    ColumnHead,
    Laid,
    gives_row_totals,
    is_row_of_totals,
    is_subgroup,
    laid,
    with_total,
)
from toolkit.papers.document import PaperCell, PaperTable, Row
from toolkit.papers.phrases import (
    Unit,
    grade_of,
    patients_of,
    unit_of,
    without_patients,
    without_unit,
)
from toolkit.papers.quantity import Quantity, is_missing, read_cell

_SERIAL = re.compile(r"^(?:patient|pt|case|no|id|patient (?:no|number|id)|subject|upn)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelSection:
    """A label that heads the rows below it."""

    label: str
    indent: int
    total: int | None = None
    totals: tuple[int | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundNumber:
    """A quantity in a table, before anyone asks what it means.

    Attributes
    ----------
    quantity : Quantity
        What is printed.
    label : str
        Label of its row.
    sections : tuple of str
        Labels the row stands under.
    head : Head
        Its column.
    unit : str
        What the number is, by the nearest of head, label, section and caption that says so.
    total : int or None
        The nearest number of patients, and in `denominator` where that stands.
    grade : str
        The grade that column, label, section or caption name; ``?`` where they differ.
    group : str
        Whom it describes, as printed; empty for everybody.
    marks : tuple of str
        Marks of notes at the number.
    reason : str
        Why it cannot be taken as it stands.
    cell : tuple of int, or None
        Row and column of the table's grid, its head included, counted from 0.
    """

    quantity: Quantity
    table: PaperTable
    label: str
    sections: tuple[str, ...]
    head: ColumnHead
    unit: Unit
    total: int | None
    denominator: str
    grade: str
    group: str
    marks: tuple[str, ...] = ()
    reason: str = ""
    cell: tuple[int, int] | None = None

    @property
    def where(self) -> str:
        """Its place in words, as the sheets write it."""
        parts = [self.table.label, *self.sections, f"row {self.label}"]
        if self.head.words and self.table.width > 2:
            parts.append(f"column {self.head.words}")
        return ", ".join(part for part in parts if part)


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
    shifted = _shifted(shape)
    sections: list[LabelSection] = []
    for at, row in enumerate(shape.body):
        label = _label(row, shape.labels)
        numbers = row[shape.labels :]
        if _is_total_row(row, label, numbers):
            for column in range(shape.labels, len(heads)):
                read = read_cell(row[column].text)
                if read and read.rule == "n" and read.events is not None:
                    heads[column] = with_total(heads[column], read.events)
            continue
        indent = row[0].indent
        if _heads_rows(row, numbers):
            sections = _entered(sections, label, indent, numbers)
            continue
        while sections and _leaves(sections[-1], label, indent):
            sections.pop()
        row_total = _whole(row[per_row].text) if per_row is not None else None
        cells = list(_cells(row, heads, shape.labels, per_row))
        for head, read, column in cells:
            found = _found(table, shape, row, label, sections, head, read, row_total, column)
            found = replace(found, cell=(head_rows + at, column))
            if at in shifted:
                why = "labels and numbers of this block stand a row apart; the next label is meant"
                below = _label(shape.body[at + 1], shape.labels)
                found = replace(found, reason=why, label=below, sections=(shifted[at],))
            yield found
        if cells and _next_set_in(shape.body, at, indent):
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


def _label(row: Row, labels: int) -> str:
    """Return the label of a row: its cells on the left, each once."""
    texts = [each.text for each in row[:labels] if each.text]
    return ", ".join(dict.fromkeys(texts))


def _heads_rows(row: Row, numbers: Sequence[PaperCell]) -> bool:
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


def _is_total_row(row: Row, label: str, numbers: Sequence[PaperCell]) -> bool:
    """Tell whether a row gives the patients of every column."""
    if not is_row_of_totals(label):
        return False
    read = [read_cell(each.text) for each in numbers if not is_missing(each.text)]
    return bool(read) and all(
        each is not None and each.rule == "n" and (each.events or 0) > 0 for each in read
    )


def _entered(
    sections: Sequence[LabelSection], label: str, indent: int, numbers: Sequence[PaperCell]
) -> list[LabelSection]:
    """Return the sections in force after one more label that heads rows."""
    totals = tuple(patients_of(each.text) for each in numbers)
    own = patients_of(label) or (totals[0] if totals and len(set(totals)) == 1 else None)
    section = LabelSection(label=label, indent=indent, total=own, totals=totals)
    above = [each for each in sections if each.indent < indent]
    return [*above, section]


def _leaves(section: LabelSection, label: str, indent: int) -> bool:
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


def _next_set_in(body: Sequence[Row], at: int, indent: int) -> bool:
    """Tell whether the row below is set in further."""
    return at + 1 < len(body) and bool(body[at + 1][0].text) and body[at + 1][0].indent > indent


def _cells(
    row: Row, heads: Sequence[ColumnHead], labels: int, per_row: int | None
) -> Iterator[tuple[ColumnHead, Quantity, int]]:
    """Yield what each cell of a row says; a count and its percentage side by side are one."""
    column = labels
    while column < len(row):
        cell, head = row[column], heads[column]
        column += 1
        if column - 1 == per_row or (cell.repeated and cell.text == row[column - 2].text):
            continue
        read = read_cell(cell.text)
        if read is None:
            continue
        if read.rule == "n" and column < len(row) and _is_share_of(head, heads[column]):
            share = read_cell(row[column].text)
            if share is not None and share.rule in {"n", "number", "%"}:
                percent = share.percent or plain(share.as_printed).strip("%() ")
                if re.fullmatch(r"[<>]?[0-9]{1,3}(?:[.,][0-9]+)?", percent):
                    yield (
                        replace(head, unit="n (%)"),
                        replace(
                            read,
                            rule="n, %",
                            percent=percent.replace(",", "."),
                            as_printed=f"{read.as_printed} {share.as_printed}",
                        ),
                        column - 1,
                    )
                    column += 1
                    continue
        yield head, read, column - 1


def _is_share_of(head: ColumnHead, following: ColumnHead) -> bool:
    """Tell whether a column holds the percentages of the counts to its left."""
    if not following.path or following.unit != "%" or head.unit not in {"n", ""}:
        return False
    return (
        head.path[:-1] == following.path[:-1]
        or len(head.path) != len(following.path)
        or (
            fold(following.path[-1]) in {"", "percent", "percentage"}
            and head.group == following.group
        )
    )


def _found(
    table: PaperTable,
    shape: Laid,
    row: Row,
    label: str,
    sections: Sequence[LabelSection],
    head: ColumnHead,
    read: Quantity,
    row_total: int | None,
    column: int,
) -> FoundNumber:
    """Return one quantity with all that its place says."""
    near = [label, *(each.label for each in reversed(sections))]
    unit = head.unit
    said = [found for text in near if (found := unit_of(text))]
    if said and (
        said[0] == "other" or not unit or unit == "n" or (unit == "%" and said[0] in {"n (%)", "n"})
    ):
        unit = said[0]
    unit = unit or unit_of(table.caption) if not said else unit
    read = _percentage_first(read, unit)
    total, denominator = _total(
        table, label, sections, head, read, row_total, column - shape.labels
    )
    below = [each.label for each in sections if is_subgroup(without_patients(each.label))]
    group = ", ".join(part for part in (head.group, *below) if part)
    return FoundNumber(
        quantity=read,
        table=table,
        label=label,
        sections=tuple(each.label for each in sections),
        head=head,
        unit=unit,
        total=total,
        denominator=denominator,
        grade=_grade(table, near, head),
        group=group,
        marks=row[column].marks,
    )


def _percentage_first(read: Quantity, unit: Unit) -> Quantity:
    """Return ``34 (12)`` under a head that says ``% (n)`` with its two numbers in their places."""
    swapped = unit == "% (n)" and read.rule == "n (%)" and not read.signed
    if swapped and read.percent.isdigit() and read.events is not None:
        return replace(read, rule="% (n)", events=int(read.percent), percent=str(read.events))
    if unit == "% (n)" and read.rule == "e (x)":
        inside = re.search(r"[(\[]\s*([0-9]+)\s*[)\]]", plain(read.as_printed))
        if inside and re.fullmatch(r"[0-9]{1,3}\.[0-9]+", read.value):
            return replace(read, rule="% (n)", events=int(inside[1]), percent=read.value, value="")
    return read


def _total(
    table: PaperTable,
    label: str,
    sections: Sequence[LabelSection],
    head: ColumnHead,
    read: Quantity,
    row_total: int | None,
    number: int,
) -> tuple[int | None, str]:
    """Return the nearest number of patients: of the cell, row, section, head or caption."""
    if read.total is not None:
        return read.total, "cell"
    for given, place in ((row_total, "row"), (patients_of(label), "row")):
        if given is not None:
            return given, place
    for section in reversed(sections):
        own = section.totals[number] if number < len(section.totals) else None
        if own is not None or section.total is not None:
            return own if own is not None else section.total, "section"
    if head.total is not None:
        return head.total, "head"
    given = patients_of(table.caption)
    return given, "caption" if given is not None else ""


def _grade(table: PaperTable, near: Sequence[str], head: ColumnHead) -> str:
    """Return the grade named nearest: by column, label or section, else by the caption."""
    labelled = next((found for text in near if (found := grade_of(text))), "")
    if not labelled and re.fullmatch(
        r"(?:>=|\u2265)? ?[1-5](?: ?[-/] ?[1-5])?", plain(near[0].rpartition(", ")[2])
    ):
        labelled = grade_of(
            near[0].rpartition(", ")[2],
            bare="grade" in fold(table.caption + " ".join(near)) or ", " in near[0],
        )
    if head.grade and labelled and head.grade != labelled:
        return "?"
    found = head.grade or labelled
    if found:
        return found
    said = grade_of(table.caption)
    return "" if said == "?" else said


def _holds_totals(shape: Laid, column: int) -> bool:
    """Tell whether a column holds the patients of each row, and not counts with their shares."""
    heads = shape.heads
    if heads[column].grade or (
        column + 1 < len(heads) and _is_share_of(heads[column], heads[column + 1])
    ):
        return False
    texts = [row[column].text for row in shape.body if not is_missing(row[column].text)]
    whole = [text for text in texts if _whole(text) is not None]
    return len(texts) > 1 and len(whole) > 0.7 * len(texts) and column + 1 < len(shape.heads)


def _whole(text: str) -> int | None:
    """Return the whole number that a cell is, or None."""
    read = read_cell(text)
    return read.events if read is not None and read.rule == "n" else None


def _shifted(shape: Laid) -> dict[int, str]:
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
