"""Any spreadsheet in, its studies out: what was taken, why, and what was passed over."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from toolkit.errors import Address, Problem, SheetError, ToolkitError
from toolkit.sheets.table.apart import sums_of_all, told_apart
from toolkit.sheets.table.grid import MOST_BYTES, TextGrid
from toolkit.sheets.table.heading import find_heading
from toolkit.sheets.table.heads import NamedColumn, heads, roles
from toolkit.sheets.table.layout import columns_passed_over, lay_out
from toolkit.sheets.table.readers import one_reading
from toolkit.sheets.table.revman import is_revman, revman_table
from toolkit.sheets.table.rows import read_rows
from toolkit.sheets.table.spreadsheet import ods_grids, xlsx_grids
from toolkit.sheets.table.table import Table
from toolkit.sheets.table.text_file import grids as text_grids

_MOST_PROBLEMS = 12


def read_table(path: str | Path, *, sheet: str | None = None) -> Table:
    """Return the studies of a spreadsheet: rows, the columns taken and why, what was passed over.

    Parameters
    ----------
    path : str or Path
        A CSV or TSV (commas, semicolons, tabs, a line ``sep=``; UTF-8, UTF-16 or Windows-1252), an
        XLSX or an ODS, whatever its name. Its heading may stand below a title. Columns are known by
        synonyms in any case: study, author; events, cases, xi, r; total, n, ni, sample size;
        ``x/n`` in one cell; percent with low and high; yi with sei or vi; group, outcome, year.
    sheet : str, optional
        The worksheet, where a workbook has several that hold a table.

    Returns
    -------
    Table
        ``NA``, ``-`` and ``NR`` are rows that are not reported; blank lines, titles, notes and
        totals are passed over by name; other columns are kept as text.

    Raises
    ------
    ToolkitError
        When the file cannot be read as a table at all.
    SheetError
        With every row that does not hold what its columns say.
    """
    path = Path(path)
    if path.is_file() and path.stat().st_size <= MOST_BYTES:
        content = path.read_bytes()
        if is_revman(content):
            return revman_table(path.name, content)
    candidates = _grids(path, sheet)
    named = [(grid, found) for grid in candidates if (found := find_heading(grid)) is not None]
    if not named:
        raise SheetError([_no_heading(candidates)])
    grid, (at, heading) = _one(path, named)
    layout = lay_out(grid, at, heading)
    if not layout.blocks:
        raise SheetError([_no_heading([grid])])
    read = read_rows(grid, layout)
    one, differing = one_reading(
        Table(
            file=grid.file,
            headings=layout.headings,
            rows=tuple(read.rows),
            passed_over=tuple(read.passed_over),
            remarks=tuple(read.remarks),
        )
    )
    rows, repeated, remarks = told_apart(one.rows)
    problems = [*read.problems, *differing]
    if not problems:
        problems = sums_of_all(rows)
    if problems:
        raise SheetError(_few(problems))
    if not any(row.reported for row in rows):
        raise SheetError(
            [
                Problem(
                    address=grid.place(grid.rows[at][0]),
                    what="No row below the heading holds a number of a study.",
                    remedy="Write one study per row.",
                )
            ]
        )
    return Table(
        file=grid.file,
        sheet=grid.sheet,
        form=grid.form,
        headings=layout.headings,
        columns=layout.columns,
        rows=tuple(rows),
        passed_over=(*one.passed_over, *columns_passed_over(grid, layout)),
        remarks=(*grid.remarks, *one.remarks, *remarks),
        repeated=tuple(repeated),
    )


def _grids(path: Path, sheet: str | None) -> list[TextGrid]:
    """Return the file as the grids that it may be read as."""
    if path.is_dir():
        raise ToolkitError(f"{path} is a folder: name a file in it.")
    if not path.is_file():
        raise ToolkitError(f"There is no file {path}.")
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MOST_BYTES else b""
    except OSError as failure:
        raise ToolkitError(f"{path} cannot be opened: {failure.strerror}.") from None
    if size > MOST_BYTES:
        raise ToolkitError(f"{path} has {size:,} bytes; no table of studies is that large.")
    if not content.strip():
        raise ToolkitError(f"{path} is empty.")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return ods_grids(path, content, sheet) if _is_ods(content) else xlsx_grids(path, sheet)
    if sheet is not None:
        raise ToolkitError(f"{path} is a text file and has no worksheets.")
    return text_grids(path.name, content)


def _is_ods(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return "content.xml" in archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        # Not swallowed: the reader of workbooks opens it next and says what is damaged.
        return False


def _one(
    path: Path, named: Sequence[tuple[TextGrid, tuple[int, list[NamedColumn]]]]
) -> tuple[TextGrid, tuple[int, list[NamedColumn]]]:
    """Return the grid that is meant: of text the one with most columns, of worksheets the only."""
    if len({grid.sheet for grid, _ in named}) > 1:
        listed = ", ".join(f'"{grid.sheet}"' for grid, _ in named)
        raise ToolkitError(
            f"{path.name} holds a table on several worksheets: say which of {listed}."
        )
    return max(named, key=lambda pair: (len(roles(pair[1][1])), len(pair[0].rows[pair[1][0]][1])))


def _no_heading(candidates: Sequence[TextGrid]) -> Problem:
    """Return what is said when no line names columns of numbers."""
    best: tuple[int, TextGrid, int, tuple[str, ...]] | None = None
    for grid in candidates:
        for line, cells in grid.rows[:10]:
            if any(cell.strip() for cell in cells):
                score = 10 * len(roles(heads(cells))) + len(cells)
                if best is None or score > best[0]:
                    best = (score, grid, line, cells)
    if best is None:
        return Problem(
            address=Address(file=candidates[0].file) if candidates else Address(file="the file"),
            what="It has no cell that is filled.",
            remedy="Write one study per row under the headings series, events, total.",
        )
    _, grid, line, cells = best
    said = roles(heads(cells))
    missing = [word for word in ("label", "events", "total") if word not in said]
    listed = ", ".join(f'"{cell}"' for cell in cells[:8] if cell.strip())
    named = {head.at for head in heads(cells)}
    others = [cell for at, cell in enumerate(cells) if cell.strip() and at not in named]
    hint = ""
    if missing == ["events"] and others:
        listed_others = ", ".join(f'"{cell}"' for cell in others[:4])
        hint = f' If one of {listed_others} counts events, call it "{others[0]} events".'
    names = {"label": "series", "events": "events", "total": "total"}
    return Problem(
        address=grid.place(line),
        what=f"No line names the columns of a table. Read here: {listed}.",
        meaning=f"Missing: {', '.join(names[word] for word in missing)}."
        if missing
        else "Events and total must stand in one line.",
        remedy="The first line must name the columns series, events, total; or one column x/n; "
        f"or percent and total.{hint}",
    )


def _few(problems: Sequence[Problem]) -> list[Problem]:
    """Return the first problems, and how many more there are."""
    if len(problems) <= _MOST_PROBLEMS:
        return list(problems)
    rest = len(problems) - _MOST_PROBLEMS
    last = problems[_MOST_PROBLEMS]
    return [
        *problems[:_MOST_PROBLEMS],
        Problem(
            address=last.address,
            what=f"{rest} more rows from here on hold no numbers that can be read.",
            remedy="Mend the first ones and try again.",
        ),
    ]
