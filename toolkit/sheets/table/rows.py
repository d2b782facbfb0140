"""From the lines of a grid to rows of studies, with every line that is none by name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from toolkit.errors import Address, Problem
from toolkit.sheets.table.grid import TextGrid
from toolkit.sheets.table.layout import OutcomeColumns, TableLayout
from toolkit.sheets.table.numbers import (
    NotANumber,
    decimal,
    whole,
)
from toolkit.sheets.table.row_numbers import (
    cell_text,
    counted_row,
    effect_row_of,
    percentage_row_of,
)
from toolkit.sheets.table.table import PassedOver, TableRow

_TOTALS = re.compile(
    r"(?:the )?(?:grand |sub-?|overall |all )?(?:totals?|sums?|overall|subtotals?|pooled|combined|"
    r"all (?:studies|series|patients|trials)|all|gesamt|summe|insgesamt|somme|totale|totaal|suma|"
    r"razem|итого|всего|合计|總計|总计|合計|합계|σ|∑|summary(?: estimate)?|pooled estimate|"
    r"(?:random|fixed|common)[- ]effects?(?: model)?)"
    r"(?: \(.*\)| (?:95 ?% ?ci|events?|n|patients|studies|series))?[.: ]*",
    re.IGNORECASE,
)
_NOTE = re.compile(r"(?:[*†‡§#¹²³]|note|source|abbreviation|legend|data|see |\^)", re.IGNORECASE)
_LONGEST_LABEL = 160


@dataclass(slots=True)
class ReadRows:
    """What the lines under a heading hold."""

    rows: list[TableRow] = field(default_factory=list)
    passed_over: list[PassedOver] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def read_rows(grid: TextGrid, layout: TableLayout) -> ReadRows:
    """Return the rows under a heading, the lines that were passed over, and every problem."""
    found = ReadRows()
    _above(grid, layout, found)
    blank: list[int] = []
    study = ""
    units = {block: _unit(grid, layout, block, found) for block in layout.blocks}
    for line, cells in grid.rows[layout.at + 1 :]:
        if not any(cell.strip() for cell in cells):
            blank.append(line)
            continue
        if passed := _no_row(grid, layout, line, cells, found):
            found.passed_over.append(passed)
            continue
        if problem := _wrong_width(grid, layout, line, cells):
            found.problems.append(problem)
            continue
        label = cell_text(cells, layout.label)
        if not label:
            label = _unnamed(grid, layout, line, cells, study, found)
            if not label:
                continue
        study = label
        for block in layout.blocks:
            _read(grid, layout, line, cells, label, block, units[block], found)
    if blank:
        listed = ", ".join(map(str, blank[:8])) + (" and more" if len(blank) > 8 else "")
        place = Address(file=grid.file, sheet=grid.sheet)
        found.passed_over.append(PassedOver(address=place, what=f"blank lines: {listed}."))
    return found


def _above(grid: TextGrid, layout: TableLayout, found: ReadRows) -> None:
    """Pass over what stands above the heading, by name."""
    for line, cells in grid.rows[: layout.at]:
        if any(_holds_numbers(cells, block) for block in layout.blocks):
            found.problems.append(
                Problem(
                    address=grid.place(line),
                    context=cell_text(cells, layout.label),
                    what="A row with numbers of a study stands above the heading.",
                    meaning="What stands above the heading is not read.",
                    remedy="Move the heading above all rows.",
                )
            )
            continue
        words = " ".join(cell for cell in cells if cell.strip())
        if words:
            what = f"above the heading: {_short(words)}"
            found.passed_over.append(PassedOver(address=grid.place(line), what=what))


def _holds_numbers(cells: Sequence[str], block: OutcomeColumns) -> bool:
    """Whether a line has numbers where a block has its events and its total."""
    columns = [at for at in (block.events, block.fraction, block.percent, block.effect) if at]
    columns += [at for at in (block.total, block.error, block.variance) if at]
    texts = [cell_text(cells, at) for at in columns]
    return bool(texts) and all(re.match(r"[-+]?[0-9]", text) for text in texts)


def _short(words: str) -> str:
    return f'"{words if len(words) <= 60 else words[:57] + "..."}"'


def _no_row(
    grid: TextGrid, layout: TableLayout, line: int, cells: Sequence[str], found: ReadRows
) -> PassedOver | None:
    """Return what a line is that holds no study: the heading again, a total, words alone."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    heading = [cell.strip() for cell in grid.rows[layout.at][1] if cell.strip()]
    if filled == heading:
        return PassedOver(address=grid.place(line), what="the heading again.")
    first = cell_text(cells, layout.label) or filled[0]
    if _TOTALS.fullmatch(first):
        rest = ", ".join(filled[1:])
        what = f'a line of totals: "{first}" {rest}{_beside_the_sum(layout, cells, found)}.'
        return PassedOver(address=grid.place(line), what=what)
    if len(filled) == 1 and filled[0] == first and not first.isdigit():
        kind = "a note" if _NOTE.match(first) or len(first) > 60 else "words alone, no number"
        return PassedOver(address=grid.place(line), what=f"{kind}: {_short(first)}.")
    return None


def _beside_the_sum(layout: TableLayout, cells: Sequence[str], found: ReadRows) -> str:
    """Return how a line of totals stands to the rows above it, where it has whole numbers."""
    block = layout.blocks[0]
    if block.events is None:
        return ""
    try:
        said = whole(cell_text(cells, block.events)), whole(cell_text(cells, block.total))
    except NotANumber:
        return ""
    rows = [row for row in found.rows if row.counted and block.outcome in ("", row.outcome)]
    sums = {
        (
            sum(row.events_low or 0 for row in rows[start:]),
            sum(row.total or 0 for row in rows[start:]),
        )
        for start in range(len(rows))
    }
    if said in sums or not rows:
        return ""
    events, total = (
        sum(getattr(row, name) or 0 for row in rows) for name in ("events_low", "total")
    )
    return f"; the rows above add up to {events} of {total}, so look for a row that is missing"


def _wrong_width(
    grid: TextGrid, layout: TableLayout, line: int, cells: Sequence[str]
) -> Problem | None:
    """Return the problem of a line of a text file that has other cells than its heading."""
    width = len(layout.headings)
    filled = len(cells)
    while filled > width and not cells[filled - 1].strip():
        filled -= 1
    if not grid.ragged or filled == width:
        return None
    more = filled > width
    return Problem(
        address=grid.place(line),
        context=cell_text(cells, layout.label),
        what=f"The row has {filled} cells, but the heading has {width}.",
        meaning="A cell that contains the mark between cells, a decimal comma for one, must stand "
        "in quotation marks."
        if more
        else "A mark between cells is missing.",
        remedy="Mend the row; an empty cell still needs its mark.",
    )


def _unnamed(
    grid: TextGrid,
    layout: TableLayout,
    line: int,
    cells: Sequence[str],
    study: str,
    found: ReadRows,
) -> str:
    """Return the name of a row that has none in its cell, or say why it cannot have one."""
    if layout.label is None:
        return f"series {len({row.address.line for row in found.rows}) + 1}"
    if study and cell_text(cells, layout.group):
        found.remarks.append(f"Line {line} names no study and was read as one more of {study}.")
        return study
    found.problems.append(
        Problem(
            address=grid.place(line, layout.label),
            what=f"The row has numbers and no name: {', '.join(c for c in cells if c.strip())}.",
            meaning="It may be a total, or its name stands in a merged cell above.",
            remedy="Name the study in every row; remove a row of totals.",
        )
    )
    return ""


def _unit(grid: TextGrid, layout: TableLayout, block: OutcomeColumns, found: ReadRows) -> float:
    """Return what percentages of a block are divided by: 100, or 1 where they are proportions."""
    if block.percent is None or block.events is not None:
        return 100.0
    heading = layout.headings[block.percent]
    values, signs = [], 0
    for _, cells in grid.rows[layout.at + 1 :]:
        try:
            value, sign = decimal(cell_text(cells, block.percent))
        except NotANumber:
            continue
        values.append(value)
        signs += sign
    said = (
        signs > 0 or "%" in heading or "perc" in heading.casefold() or "pct" in heading.casefold()
    )
    small = bool(values) and max(values) <= 1 and any(value % 1 for value in values)
    if said and small and not signs:
        found.problems.append(
            Problem(
                address=grid.place(grid.rows[layout.at][0], block.percent),
                what=f'No number in the column "{heading}" is above 1.',
                meaning="They look like proportions in a column of percentages.",
                remedy='Call the column "proportion", or write percentages.',
            )
        )
    if said or not small:
        return 100.0
    found.remarks.append(f'The numbers of "{heading}" were read as proportions: none is above 1.')
    return 1.0


def _read(
    grid: TextGrid,
    layout: TableLayout,
    line: int,
    cells: Sequence[str],
    label: str,
    block: OutcomeColumns,
    unit: float,
    found: ReadRows,
) -> None:
    """Add what a line says of one outcome, or its problem."""
    year = cell_text(cells, layout.year)
    said = cell_text(cells, layout.outcome)
    row = TableRow(
        label=label[:_LONGEST_LABEL],
        outcome=", ".join(word for word in (said, block.outcome) if word),
        group=cell_text(cells, layout.group),
        year=int(year[:4]) if re.match(r"(?:1[89]|20|21)[0-9]{2}(?![0-9])", year) else None,
        cells=tuple(
            (name, cell_text(cells, at)) for at, name in enumerate(layout.headings) if name
        ),
        address=grid.place(line),
    )
    column = block.events if block.events is not None else block.fraction
    try:
        if column is not None:
            found.rows.append(counted_row(cells, block, row))
        elif block.effect is not None:
            found.rows.append(effect_row_of(cells, block, row))
        else:
            found.rows.append(percentage_row_of(cells, block, unit, row))
    except NotANumber as reason:
        shown = [
            f'{layout.headings[at]} is "{cell_text(cells, at)}"'
            for at in (
                block.events,
                block.fraction,
                block.total,
                block.percent,
                block.low,
                block.high,
                block.effect,
                block.error,
                block.variance,
            )
            if at is not None and at < len(layout.headings)
        ]
        found.problems.append(
            Problem(
                address=grid.place(line, column, layout.headings[column] if column else ""),
                context=label,
                what=f"{' and '.join(shown)}.",
                meaning=reason.meaning,
                remedy=reason.remedy,
            )
        )
