"""The workbook of one series: a template that explains itself, filled with what is recorded.

Every cell is text, so that a spreadsheet changes nothing; drop-downs, notes and the first sheet
all follow the schema. Reading it back is the work of `toolkit.sheets.workbook.read`.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from inspect import getdoc
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from toolkit.sheets.csv_files import RawTable, write_table
from toolkit.sheets.schema.cells import Choice, Text, Where, Words
from toolkit.sheets.schema.numbers import Events, Whole
from toolkit.sheets.schema.schema import PROPOSALS, RECONCILED, Kind, Schema
from toolkit.sheets.schema.vocabularies import VOCABULARIES, offered
from toolkit.sheets.whole_file import write_whole

GUIDE = "how to fill this in"
WORDS = "words"
TO_DECIDE = "to decide"
"""The worksheet, with the columns of `RECONCILED`, on which two extractors settle differences."""
MARKS = ("review", "series", "made from")
"""What the first sheet says of the workbook itself, one below the other."""

ROWS = 200
"""Rows for which drop-downs and limits are ready."""

_AS_TEXT = "@"
_VALUE_WIDTH = 90
_BOLD = Font(name="Calibri", size=11, bold=True)
_TOP = Alignment(vertical="top", wrap_text=True)
_HEADING = PatternFill("solid", start_color="FFE6ECF2")
_NEEDED = PatternFill("solid", start_color="FFFCE8C8")

_STEPS = (
    "One worksheet for each kind of fact; one row for each fact. Start with series and groups, "
    "then counts.",
    "Point at a heading to read what belongs below it. Orange headings must be filled in.",
    "Arrows offer the words that are known. A word that is missing is added to review.toml first.",
    "Enter whole patients, never percentages: the checks do the arithmetic and compare it with "
    "what the paper prints.",
    "A cell that the paper leaves undecided is low..high, such as 10..11, and needs a note.",
    "Not mentioned is not zero: leave the row out, or set status to not_reported.",
    "Enter each outcome that the paper gives, also one that contains another: where review.toml "
    "says which contains which, each number limits the others of the same patients.",
    'In where, name table, row and column: "Table 4, row Anemia, column Any grade".',
    "If the paper contradicts itself, enter what you trust most and name the other number in note.",
    "Do not merge, hide, rename or colour anything to carry meaning: only the text of cells is "
    "read.",
    "Then: python3 -m toolkit preview REVIEW FILE.xlsx shows what it does to every answer, and "
    "python3 -m toolkit add REVIEW FILE.xlsx records it (py instead of python3 on Windows). "
    "Nothing is recorded unless everything is in order.",
)


def fingerprint(tables: Mapping[str, RawTable]) -> str:
    """Return the hash of the sheets of one series, by which a later change is noticed."""
    digest = sha256()
    for name in sorted(tables):
        content = write_table(tables[name].heading, [row for _, row in tables[name].rows])
        digest.update(f"{name}\0{len(content)}\0{content}".encode())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What the workbook of one series is to hold.

    Attributes
    ----------
    review, series, made_from : str
        The marks on its first sheet: two keys, and the fingerprint of what is recorded of the
        series, empty for a new one.
    tables : mapping of sheet name to RawTable
        Rows that are there already.
    start : mapping of field to text
        Fields of a new series that are known beforehand.
    criteria : sequence of (heading, criterion)
        Who and what counts in the review, for the first sheet.
    to_decide : RawTable or None
        What two extractors read differently; such a workbook has one worksheet more.
    """

    review: str
    series: str
    made_from: str
    tables: Mapping[str, RawTable]
    start: Mapping[str, str] = field(default_factory=dict)
    criteria: Sequence[tuple[str, str]] = ()
    to_decide: RawTable | None = None


def save(path: Path, schema: Schema, words: Words, content: Content) -> None:
    """Write the workbook of a series, with the sheets and the vocabularies of its review."""
    book = Workbook()
    book.properties.creator = "Series Toolkit"
    guide = book.active
    marks = (content.review, content.series, content.made_from)
    _write_guide(guide, schema, marks, content.criteria)
    vocabularies = {**words, "group": ()}
    ranges = _write_words(book.create_sheet(WORDS), schema, vocabularies)
    for kind in schema.series:
        if kind.name == PROPOSALS and kind.name not in content.tables:
            continue
        sheet = book.create_sheet(kind.name, index=len(book.sheetnames) - 1)
        if kind.upright:
            _write_fields(sheet, kind, content.tables.get(kind.name), content.start, ranges)
        else:
            _write_rows(sheet, kind, content.tables.get(kind.name), ranges)
    if content.to_decide is not None:
        sheet = book.create_sheet(TO_DECIDE, index=1)
        _write_rows(sheet, schema.kind(RECONCILED), content.to_decide, ranges)
    for sheet in book.worksheets:
        sheet.page_setup.orientation = "landscape"
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_setup.fitToHeight = 0
    made = io.BytesIO()
    book.save(made)
    write_whole(path, made.getvalue())


def _put(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """Write one cell as text, whatever it looks like."""
    cell = sheet.cell(row, column)
    cell.number_format = _AS_TEXT
    cell.alignment = _TOP
    if text:
        cell.value = text
        cell.data_type = "s"


def _write_guide(
    sheet: Worksheet, schema: Schema, marks: Sequence[str], criteria: Sequence[tuple[str, str]]
) -> None:
    """Write the first sheet: what this is, who counts, how to fill it in, what each one holds."""
    sheet.title = GUIDE
    sheet.column_dimensions["A"].width = 16
    sheet.column_dimensions["B"].width = 100
    for row, (name, text) in enumerate(zip(MARKS, marks, strict=True), start=1):
        _put(sheet, row, 1, name)
        _put(sheet, row, 2, text)
        sheet.cell(row, 1).font = _BOLD
    row = len(MARKS) + 2
    for number, step in enumerate(_STEPS, start=1):
        _put(sheet, row, 1, str(number))
        _put(sheet, row, 2, step)
        row += 1
    row += 1
    for heading, criterion in criteria:
        _put(sheet, row, 1, heading)
        _put(sheet, row, 2, criterion)
        row += 1
    row += bool(criteria)
    for kind in schema.series:
        _put(sheet, row, 1, kind.name)
        _put(sheet, row, 2, " ".join((getdoc(kind.model) or "").split()))
        sheet.cell(row, 1).font = _BOLD
        row += 1


def _write_words(sheet: Worksheet, schema: Schema, words: Words) -> dict[str, str]:
    """Write every vocabulary on the last sheet and return the range each one fills."""
    sheet.freeze_panes = "A2"
    used = {
        cell.vocabulary
        for kind in schema.series
        for column in kind.columns
        if isinstance(cell := kind.cell(column), Choice)
    }
    ranges = {}
    for column, name in enumerate(sorted(used & set(words)), start=1):
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = 24
        _put(sheet, 1, column, name)
        sheet.cell(1, column).font = _BOLD
        shown = [word for word in words[name] if word]
        for row, word in enumerate(shown, start=2):
            _put(sheet, row, column, offered(name, word))
        if shown:
            ranges[name] = f"{WORDS}!${letter}$2:${letter}${len(shown) + 1}"
    # Groups are named in the workbook itself.
    ranges["group"] = f"groups!$A$2:$A${ROWS + 1}"
    return ranges


def _write_fields(
    sheet: Worksheet,
    kind: Kind,
    table: RawTable | None,
    start: Mapping[str, str],
    ranges: Mapping[str, str],
) -> None:
    """Write a worksheet whose fields stand below each other."""
    values = dict(start) if table is None else {row[0]: row[1] for _, row in table.rows}
    sheet.freeze_panes = "B2"
    for column, (title, width) in enumerate((("field", 24), ("value", _VALUE_WIDTH)), start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
        _head(sheet, 1, column, title)
    for row, name in enumerate(kind.columns, start=2):
        _head(sheet, row, 1, name)
        _explain(sheet, row, 1, kind, name)
        _put(sheet, row, 2, values.get(name, ""))
        sheet.row_dimensions[row].height = 15 * _lines(values.get(name, ""), _VALUE_WIDTH)
        _restrict(sheet, kind, name, f"B{row}", ranges)


def _write_rows(
    sheet: Worksheet, kind: Kind, table: RawTable | None, ranges: Mapping[str, str]
) -> None:
    """Write a worksheet whose columns stand side by side."""
    heading = kind.columns if table is None else table.heading
    sheet.freeze_panes = "A2"
    for column, name in enumerate(heading, start=1):
        letter = get_column_letter(column)
        # Cells that are still empty take the format of their column.
        sheet.column_dimensions[letter].width = _width(kind, name)
        sheet.column_dimensions[letter].number_format = _AS_TEXT
        sheet.column_dimensions[letter].alignment = _TOP
        _head(sheet, 1, column, name)
        _explain(sheet, 1, column, kind, name)
        _restrict(sheet, kind, name, f"{letter}2:{letter}{ROWS + 1}", ranges)
    for row, (_, cells) in enumerate(() if table is None else table.rows, start=2):
        for column, text in enumerate(cells, start=1):
            _put(sheet, row, column, text)
        lines = (
            _lines(text, _width(kind, name)) for name, text in zip(heading, cells, strict=True)
        )
        sheet.row_dimensions[row].height = 15 * max(lines)


def _lines(text: str, width: int) -> int:
    """Return how many lines a text fills in a column; words do not fill a line to its end."""
    return max(1, -(-10 * len(text) // (9 * width)))


def _width(kind: Kind, name: str) -> int:
    """Return how many letters of a column are seen at once."""
    cell = kind.cell(name)
    if isinstance(cell, Where):
        return 44
    if isinstance(cell, Text):
        return 60 if cell.longest > 100 else 24
    return 11 if isinstance(cell, Whole | Events) else 20


def _head(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """Write a heading."""
    _put(sheet, row, column, text)
    cell = sheet.cell(row, column)
    cell.font = _BOLD
    cell.fill = _HEADING


def _explain(sheet: Worksheet, row: int, column: int, kind: Kind, name: str) -> None:
    """Attach to a heading what belongs below it."""
    field, cell = kind.field(name), kind.cell(name)
    said = [field.title or name, "", field.description or ""]
    if isinstance(cell, Choice) and cell.vocabulary in VOCABULARIES:
        meanings = VOCABULARIES[cell.vocabulary]
        said += ["", *(f"{word}: {text}" for word, text in meanings.items() if word)]
    if field.examples:
        said += ["", f"Example: {field.examples[0]}"]
    if cell.required:
        said.append("Must be filled in.")
        sheet.cell(row, column).fill = _NEEDED
    note = Comment("\n".join(said), "Series Toolkit")
    note.width, note.height = 380, 60 + 18 * len(said)
    sheet.cell(row, column).comment = note


def _restrict(
    sheet: Worksheet, kind: Kind, name: str, cells: str, ranges: Mapping[str, str]
) -> None:
    """Offer the words of a cell, or hold it to whole numbers with events within total."""
    cell, first = kind.cell(name), cells.split(":")[0]
    if isinstance(cell, Choice) and cell.vocabulary in ranges:
        rule = DataValidation(type="list", formula1=ranges[cell.vocabulary], allow_blank=True)
        rule.error = "Choose one of the words in the list."
    elif isinstance(cell, Events):
        within = "TRUE"
        if "total" in kind.columns:
            total = f"{get_column_letter(kind.columns.index('total') + 1)}2"
            within = f'OR({total}="",VALUE({first})<=VALUE({total}))'
        rule = DataValidation(
            type="custom",
            allow_blank=True,
            formula1=f'OR(ISNUMBER(SEARCH("..",{first})),AND(ISNUMBER(VALUE({first})),'
            f"VALUE({first})=INT(VALUE({first})),VALUE({first})>=0,{within}))",
        )
        rule.error = "A whole number of patients, not above total; low..high if undecided."
    elif isinstance(cell, Whole):
        rule = DataValidation(
            type="custom",
            allow_blank=True,
            formula1=f"AND(ISNUMBER(VALUE({first})),VALUE({first})=INT(VALUE({first})),"
            f"VALUE({first})>={cell.least},VALUE({first})<={cell.most})",
        )
        rule.error = f"A whole number, at least {cell.least}."
    else:
        return
    rule.errorTitle = name
    rule.showErrorMessage = True
    rule.add(cells)
    sheet.add_data_validation(rule)
