"""The numbers of a row of a table, each with its unit, its total, its grade and its group."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from toolkit.papers.arithmetic import fits
from toolkit.papers.characters import fold, plain
from toolkit.papers.columns import ColumnHead, Laid, is_subgroup
from toolkit.papers.document import PaperTable, Row
from toolkit.papers.label_sections import LabelSection
from toolkit.papers.phrases import Unit, grade_of, patients_of, unit_of, without_patients
from toolkit.papers.quantity import Quantity, is_missing, read_cell

_DATA_ARE = re.compile(
    r"\b(?:data|values|results|numbers|figures)(?: shown| given)? (?:are|were|is) "
    r"(?:presented |shown |given |expressed |reported )?(?:as )?([^.;]{1,40})",
    re.IGNORECASE,
)
_STATISTIC = re.compile(
    r"\b(?:median|mean|average|range|iqr|interquartile|sd|deviation|ci|hazard|odds|ratio|rr|hr|"
    r"survival|incidence|probability|episodes|events|score|difference|p)\b",
    re.IGNORECASE,
)
_BARE_GRADE = re.compile(
    r"(?i:any|all)|(?:>=|\u2265|<=|\u2264)? ?(?:[1-5]|I{1,3}|IV|V)"
    r"(?: ?[-/] ?(?:[1-5]|I{1,3}|IV|V))?"
)


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
    part : str
        Which of the two that share the row it belongs to, where a cell prints one for each.
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
    part: str = ""
    reason: str = ""
    cell: tuple[int, int] | None = None

    @property
    def where(self) -> str:
        """Its place in words, as the sheets write it."""
        parts = [self.table.label, *self.sections, f"row {self.label}"]
        if self.head.words and self.table.width > 2:
            parts.append(f"column {self.head.words}")
        return ", ".join(part for part in parts if part)


def numbers_of_row(
    row: Row, heads: Sequence[ColumnHead], labels: int, per_row: int | None
) -> Iterator[tuple[ColumnHead, Quantity, int, str]]:
    """Yield what each cell of a row says; a count and its percentage side by side are one.

    Beside head, quantity and column stands which of the label's names a quantity belongs to, where
    label and cell print several with strokes between: ``A/B`` and ``33.6 (5)/NA``.
    """
    column = labels
    while column < len(row):
        cell, head = row[column], heads[column]
        column += 1
        if column - 1 == per_row or (cell.repeated and cell.text == row[column - 2].text):
            continue
        read = read_cell(cell.text)
        if read is None:
            for name, part in _shared(row[0].text, cell.text):
                yield head, part, column - 1, name
            continue
        if read.rule == "n" and column < len(row) and is_share_of(head, heads[column]):
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
                        "",
                    )
                    column += 1
                    continue
        yield head, read, column - 1, ""


def _shared(label: str, text: str) -> Iterator[tuple[str, Quantity]]:
    """Yield the quantities of a cell that prints one for each name of its row's label."""
    names, parts = label.split("/"), text.split("/")
    if len(names) < 2 or len(names) != len(parts):
        return
    read = [read_cell(part) for part in parts]
    told = all(each is not None or is_missing(part) for each, part in zip(read, parts, strict=True))
    if not told or any(each is not None and each.rule == "n" for each in read):
        return
    yield from ((name.strip(), each) for name, each in zip(names, read, strict=True) if each)


def is_share_of(head: ColumnHead, following: ColumnHead) -> bool:
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


def found_number(
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
    if not said:
        unit = unit or _unit_of_table(table, shape)
    read = _percentage_first(read, unit)
    total, denominator = _total(
        table, label, sections, head, read, row_total, column - shape.labels
    )
    if unit == "other" and _is_counted_all_the_same(read, total, [*near, head.words]):
        unit = head.unit if head.unit not in {"", "other"} else _unit_of_table(table, shape)
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
        grade=_grade(table, near, head, shape),
        group=group,
        marks=row[column].marks,
    )


def _is_counted_all_the_same(read: Quantity, total: int | None, around: Sequence[str]) -> bool:
    """Tell whether ``4 (33)`` of 12 is a count where "years" or "dose" only name a group."""
    if read.rule != "n (%)" or total is None or read.events is None:
        return False
    words = " ".join(around)
    return fits(read.events, total, read.percent) and not _STATISTIC.search(words)


def _unit_of_table(table: PaperTable, shape: Laid) -> Unit:
    """Return the unit that the head of the labels, the caption or a note gives all numbers."""
    for head in shape.heads[: shape.labels]:
        statistic = head.unit == "other" and _STATISTIC.search(head.words)
        if head.unit not in {"", "other"} or statistic:
            return head.unit
    if unit := unit_of(table.caption):
        return unit
    said = (_DATA_ARE.search(plain(note)) for note in table.notes)
    return next((unit for found in said if found and (unit := unit_of(found[1]))), "")


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


def _grade(table: PaperTable, near: Sequence[str], head: ColumnHead, shape: Laid) -> str:
    """Return the grade named nearest: by column, label or section, else for the whole table."""
    labelled = next((found for text in near if (found := grade_of(text))), "")
    tail = near[0].rpartition(", ")[2]
    if not labelled and _BARE_GRADE.fullmatch(plain(tail)):
        graded = "grade" in fold(table.caption + " ".join(near)) or ", " in near[0]
        labelled = grade_of(tail, bare=graded)
    if head.grade and labelled and head.grade != labelled:
        return "?"
    found = head.grade or labelled
    if found:
        return found
    stub = grade_of(" ".join(text for each in shape.heads[: shape.labels] for text in each.path))
    said = stub or grade_of(table.caption)
    return "" if said == "?" else said


def whole_number(text: str) -> int | None:
    """Return the whole number that a cell is, or None."""
    read = read_cell(text)
    return read.events if read is not None and read.rule == "n" else None


def without_bare_grade(label: str) -> str:
    """Return a label without the grade that its last column of labels gives in figures.

    Examples
    --------
    >>> without_bare_grade("Nausea, >=3"), without_bare_grade("Nausea, n")
    ('Nausea', 'Nausea, n')
    """
    name, comma, tail = label.rpartition(", ")
    return name if comma and _BARE_GRADE.fullmatch(plain(tail)) else label
