"""From a workbook to the sheets of one series as text, each cell with its Excel address.

What a spreadsheet program did to a cell (a date, a formula, a merged or hidden range) is reported,
never undone: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from toolkit.errors import Address, Problem, ToolkitError
from toolkit.sheets.csv_files import RawTable
from toolkit.sheets.schema.cells import SLUG, not_a_slug
from toolkit.sheets.schema.schema import PROPOSALS, RECONCILED, Kind, Schema
from toolkit.sheets.schema.vocabularies import VOCABULARIES, offered
from toolkit.sheets.workbook.file import open_workbook
from toolkit.sheets.workbook.numbers import shown_number, stored_number
from toolkit.sheets.workbook.template import GUIDE, MARKS, TO_DECIDE, WORDS

_MOST_ROWS = 5_000
_MOST_COLUMNS = 100
_LARGEST_NUMBER = 1e15
"""Up to here a spreadsheet keeps every digit of a whole number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawSeries:
    """The sheets of one series as text, as a workbook holds them.

    Attributes
    ----------
    review, series : str
        Keys on the first sheet.
    made_from : str
        Fingerprint of the sheets the workbook was made from; empty for a new series.
    tables : mapping of sheet name to RawTable
        Worksheets with at least one row, and those that every series has.
    to_decide : RawTable or None
        What two extractors read differently, where the workbook came from comparing two.
    problems : tuple of Problem
        What is wrong with the workbook itself.
    readings : tuple of str
        Cells that show something else than what is stored in them, and which of the two was read.
    """

    review: str
    series: str
    made_from: str
    tables: Mapping[str, RawTable]
    to_decide: RawTable | None
    problems: tuple[Problem, ...]
    readings: tuple[str, ...] = ()


def read_workbook(path: Path, schema: Schema) -> RawSeries:
    """Return the sheets of a series as text; raises ToolkitError for a file that is no workbook."""
    written, results = open_workbook(path)
    problems: list[Problem] = []
    marks = _marks(path.name, written, problems)
    problems.extend(_sheet_problems(path.name, written, schema))
    tables = {}
    readings: list[str] = []
    places = {kind.name: kind for kind in schema.series}
    for name, kind in {**places, TO_DECIDE: schema.kind(RECONCILED)}.items():
        if name in _worksheets(written):
            sheet = _Sheet(path.name, written[name], results[name])
            table = sheet.table(kind)
            problems.extend(sheet.problems)
            readings.extend(sheet.readings)
            # What was typed over a heading is said, even where nothing stands below it.
            if table.rows or kind.required or set(table.heading) - set(kind.columns):
                tables[name] = table
    return RawSeries(
        review=marks["review"],
        series=marks["series"],
        made_from=marks["made from"],
        to_decide=tables.pop(TO_DECIDE, None),
        tables=tables,
        problems=tuple(problems),
        readings=tuple(readings),
    )


def workbook_keys(path: Path) -> tuple[str, str]:
    """Return the keys of the review and the series that a workbook is about."""
    marks = _marks(path.name, open_workbook(path)[0], [])
    return marks["review"], marks["series"]


def _marks(file: str, book: Workbook, problems: list[Problem]) -> dict[str, str]:
    """Return what the first sheet says of the workbook."""
    if GUIDE not in _worksheets(book):
        raise ToolkitError(
            f'{file} has no worksheet "{GUIDE}", so it is not one of our workbooks. '
            "Make one with `toolkit sheet REVIEW SERIES` and copy the rows into it."
        )
    sheet = book[GUIDE]
    found = dict.fromkeys(MARKS, "")
    for row in range(1, len(MARKS) + 1):
        name = str(sheet.cell(row, 1).value or "").strip()
        if name in found:
            found[name] = str(sheet.cell(row, 2).value or "").strip()
    if not SLUG.fullmatch(found["series"]):
        what, meaning, remedy = not_a_slug("series", found["series"])
        address = Address(file=file, line=2, sheet=GUIDE, cells="B2")
        problems.append(Problem(address=address, what=what, meaning=meaning, remedy=remedy))
    return found


def _sheet_problems(file: str, book: Workbook, schema: Schema) -> Iterator[Problem]:
    """Yield worksheets that are missing, unknown or hidden."""
    known = [kind.name for kind in schema.series]
    present = _worksheets(book)
    extra = [name for name in book.sheetnames if name not in {*known, GUIDE, WORDS, TO_DECIDE}]
    for kind in schema.series:
        if kind.name not in present and kind.name != PROPOSALS:
            near = get_close_matches(kind.name, extra, n=1, cutoff=0.5)
            yield Problem(
                address=Address(file=file),
                what=f'There is no worksheet "{kind.name}".',
                meaning=f'Was "{near[0]}" renamed from it?' if near else "",
                remedy="Name it so again, or make a fresh workbook and copy the rows into it.",
            )
    for name in extra:
        yield Problem(
            address=Address(file=file, sheet=name),
            what="This worksheet is not one of ours, so nothing would be read from it.",
            remedy=f"Remove it, or rename it to one of {', '.join(known)}.",
        )
    for name in (*known, TO_DECIDE):
        if name in present and book[name].sheet_state != "visible":
            yield Problem(
                address=Address(file=file, sheet=name),
                what="The worksheet is hidden.",
                meaning="What nobody sees may be recorded by mistake.",
                remedy="Show it, or empty it.",
            )


def _worksheets(book: Workbook) -> list[str]:
    """Return the names of all worksheets; a sheet that is a chart has no cells."""
    return [sheet.title for sheet in book.worksheets]


class _Sheet:
    """One worksheet on its way to text, with the problems met in it."""

    def __init__(self, file: str, written: Worksheet, results: Worksheet) -> None:
        self.file = file
        self.sheet = written
        self.results = results
        self.problems: list[Problem] = []
        self.readings: list[str] = []
        # Asking the worksheet for a cell makes it: a stray one at the end would make millions.
        self.cells: dict[tuple[int, int], Cell] = {
            place: cell
            for place, cell in written._cells.items()
            if cell.value is not None and str(cell.value).strip()
        }

    def table(self, kind: Kind) -> RawTable:
        """Return the worksheet as text."""
        last_row, width = self._extent()
        self._hidden_and_merged(last_row, width)
        heading = tuple(self._text(1, column) for column in range(1, width + 1))
        columns = [place for place, name in enumerate(heading, start=1) if name]
        filled = sorted({row for row, column in self.cells if column <= width})
        rows = []
        before = 1
        for line in filled:
            if not 1 < line <= last_row:
                continue
            cells = [
                _as_recorded(kind, name, self._text(line, column))
                for column, name in enumerate(heading, start=1)
            ]
            self._beside(heading, cells, line)
            if not any(cells):
                continue
            self._gap(before + 1, line - 1)
            before = line
            rows.append((line, tuple(cells[column - 1] for column in columns)))
        return RawTable(
            file=self.file,
            sheet=self.sheet.title,
            heading=tuple(heading[column - 1] for column in columns),
            letters=tuple(get_column_letter(column) for column in columns) or ("A",),
            rows=tuple(rows),
        )

    def _gap(self, first: int, last: int) -> None:
        """Note empty rows between filled ones."""
        if first == last:
            remedy = "Delete the row, or fill it in."
            self._tell(f"A{first}", "The row is empty, but there are rows below it.", "", remedy)
        elif first < last:
            what = f"Rows {first} to {last} are empty, but there are rows below them."
            meaning = f"What stands in row {last + 1} may have been typed there by mistake."
            self._tell(f"A{first}:A{last}", what, meaning, "Delete these rows, or fill them in.")

    def _extent(self) -> tuple[int, int]:
        """Return the last row and column that hold anything, within reason."""
        last_row = max((row for row, _ in self.cells), default=1)
        width = max((column for _, column in self.cells), default=1)
        if last_row > _MOST_ROWS or width > _MOST_COLUMNS:
            self._tell(
                "",
                f"The worksheet reaches to row {last_row:,} and column {get_column_letter(width)}.",
                "No series needs so many; what lies beyond would not be read.",
                "Delete what stands there by mistake, or copy the rows that are filled in to a "
                "fresh workbook.",
            )
            near = [at for at in self.cells if at[0] <= _MOST_ROWS and at[1] <= _MOST_COLUMNS]
            last_row = max((row for row, _ in near), default=1)
            width = max((column for _, column in near), default=1)
        return last_row, width

    def _beside(self, heading: tuple[str, ...], cells: list[str], line: int) -> None:
        """Note a cell that stands under no heading."""
        for place, (name, text) in enumerate(zip(heading, cells, strict=True), start=1):
            if text and not name:
                self._tell(
                    f"{get_column_letter(place)}{line}",
                    f'"{text}" stands under no heading.',
                    "Nothing would be read from it.",
                    "Move it to note, or remove it.",
                )

    def _hidden_and_merged(self, last_row: int, width: int) -> None:
        """Note merged ranges and of hidden rows and columns."""
        for merged in self.sheet.merged_cells.ranges:
            self._tell(
                str(merged),
                "These cells are merged.",
                "Only one of them holds the text; the others would be read as empty.",
                "Separate them and fill in each one.",
            )
        for line, row in self.sheet.row_dimensions.items():
            if row.hidden and line <= last_row:
                self._hidden(f"{line}:{line}", f"Row {line} is hidden.")
        for letter, column in self.sheet.column_dimensions.items():
            if column.hidden and (column.min or 1) <= width:
                self._hidden(f"{letter}:{letter}", f"Column {letter} is hidden.")

    def _hidden(self, cells: str, what: str) -> None:
        """Note a hidden row or column."""
        meaning = "What nobody sees may be recorded by mistake."
        self._tell(cells, what, meaning, "Show it, or delete it.")

    def _text(self, row: int, column: int) -> str:
        """Return the text of a cell, and note everything that is not text or a number."""
        cell = self.cells.get((row, column))
        if cell is None:
            return ""
        value, place = cell.value, cell.coordinate
        if cell.data_type == "f":
            result = self.results[place].value
            last = f"Its last result was {result}." if result is not None else "It has no result."
            # A formula over several cells is a record that holds its text.
            formula = getattr(value, "text", value)
            self._tell(place, f"The cell is a formula, {formula}.", last, "Type the text itself.")
            return ""
        if cell.data_type == "e":
            self._tell(place, f"The cell shows the error {value}.", "", "Type the text itself.")
            return ""
        if isinstance(value, datetime | date | time | timedelta):
            self._tell(
                place,
                f"The cell is a date, {_as_date(value)}.",
                "Spreadsheets turn entries such as 3-2 into dates.",
                "Set the cell to text and type the entry again.",
            )
            return ""
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, int | float):
            return self._number(place, value, str(cell.number_format))
        return str(value)

    def _number(self, place: str, value: int | float, number_format: str) -> str:
        """Return the text of a number, and note where the cell shows another one."""
        if not -_LARGEST_NUMBER < value < _LARGEST_NUMBER:
            self._tell(
                place,
                f"The cell holds a number of {len(str(value))} characters, {str(value)[:20]} ...",
                "No paper prints it so.",
                "Type the number of the paper.",
            )
            return ""
        read = stored_number(float(value), number_format)
        shown = shown_number(float(value), number_format)
        if shown is None:
            self.readings.append(
                f'{self.sheet.title}, cell {place}: read as {read}; its format "{number_format}" '
                "may show it otherwise."
            )
        elif shown != read:
            self.readings.append(
                f"{self.sheet.title}, cell {place}: shows {shown}, read as {read}."
            )
        return read

    def _tell(self, cells: str, what: str, meaning: str, remedy: str) -> None:
        """Note a problem of this worksheet."""
        digits = re.sub("[^0-9]", "", cells.split(":")[0])
        self.problems.append(
            Problem(
                address=Address(
                    file=self.file, line=int(digits or 0), sheet=self.sheet.title, cells=cells
                ),
                what=what,
                meaning=meaning,
                remedy=remedy,
            )
        )


def _as_recorded(kind: Kind, name: str, text: str) -> str:
    """Return a word as it is recorded where the workbook offers it with its meaning."""
    if ":" not in text or name not in kind.columns:
        return text
    vocabulary = getattr(kind.cell(name), "vocabulary", "")
    word = text.partition(":")[0]
    return word if vocabulary in VOCABULARIES and text == offered(vocabulary, word) else text


def _as_date(value: datetime | date | time | timedelta) -> str:
    """Return a date in words."""
    if isinstance(value, datetime | date):
        return f"{value.day} {value:%B %Y}"
    return str(value)
