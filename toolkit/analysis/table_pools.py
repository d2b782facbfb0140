"""A spreadsheet that was read, pooled: whole, by a column, in an order, or on a covariate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from toolkit.analysis.bare_rows import bare_rows
from toolkit.analysis.clusters import Groups
from toolkit.analysis.pool_counts import pool_grouped
from toolkit.analysis.pooled_effects import GENERIC, effect_row, pool_effect_rows
from toolkit.analysis.regression import regress_rows
from toolkit.analysis.rows import percentage_row
from toolkit.errors import SheetError, ToolkitError
from toolkit.results.regression import MetaRegression
from toolkit.results.row import Row
from toolkit.results.synthesis import NotReported, Synthesis
from toolkit.review.counts import Percentage
from toolkit.review.method import Method
from toolkit.sheets.table.numbers import NotANumber, decimal, is_missing
from toolkit.sheets.table.table import Table, TableRow


def pool_table(
    table: Table,
    method: Method | None = None,
    *,
    outcome: str | None = None,
    by: str | None = None,
    sort: str | None = None,
    groups: Groups | None = None,
) -> tuple[Synthesis, ...]:
    """Return a pool for every outcome of a table, or for the one that is named.

    Parameters
    ----------
    table : Table
        From `toolkit.read_table`.
    method : Method, optional
        ``Method()`` unless given.
    outcome : str, optional
        One of the table's outcomes.
    by : str, optional
        A column whose words make subgroups; ``group`` is the column of groups.
    sort : str, optional
        A column in whose order the rows are drawn, numbers before words; ``-year`` turns it round;
        ``estimate``, ``total`` and ``label`` are understood too.
    groups : {"sum", "three-level", "separate"}
        What becomes of several groups of one study; their sum unless given. A study whose rows
        nothing tells apart is refused unless this is said.

    Raises
    ------
    ChoiceError
        For an outcome or a column that the table does not have.
    ToolkitError
        For rows that the method cannot pool.
    """
    used = method or Method()
    if table.repeated and groups is None:
        raise SheetError(table.repeated)
    chosen = [table.of(outcome)] if outcome else [table.of(each) for each in table.outcomes]
    return tuple(_pool_one(each, used, by, sort, groups or "sum") for each in chosen)


def _pool_one(
    table: Table, method: Method, by: str | None, sort: str | None, groups: Groups
) -> Synthesis:
    """Return the pool of one outcome."""
    reported = [row for row in table.rows if row.reported]
    if sort:
        reported = sorted_rows(table, reported, sort)
    missing = tuple(
        NotReported(label=_label(row), total=row.total) for row in table.rows if not row.reported
    )
    title = table.rows[0].outcome if table.rows else ""
    if any(row.effect is not None for row in reported):
        method = GENERIC if method == Method(level=method.level) else method
        answer = pool_effect_rows(
            [
                effect_row(_label(row), row.effect or 0.0, row.standard_error or 1.0, method)
                for row in reported
            ],
            method,
        )
        return replace(answer, outcome_label=title, not_reported=missing)
    rows = [_row(row, method) for row in reported]
    words = None if by is None else [_word(table, row, by) for row in reported]
    first: dict[str, str] = {}
    names = [
        first.setdefault(" ".join(row.label.casefold().split()), row.label) for row in reported
    ]
    several = len(set(names)) < len(names)
    answer = pool_grouped(
        rows,
        method,
        by=words,
        studies=names if several else None,
        groups=groups,
        outcome_label=title,
    )
    heading = "" if by is None else _column(table, by)
    return replace(answer, by=heading, not_reported=missing)


def _label(row: TableRow) -> str:
    return f"{row.label}, {row.group}" if row.group else row.label


def _row(row: TableRow, method: Method) -> Row:
    """Return a row of a table as a row of a pool."""
    if row.events_low is not None and row.events_high is not None and row.total is not None:
        (made,) = bare_rows(
            [(row.events_low, row.events_high)], [row.total], [_label(row)], level=method.level
        )
    else:
        made = replace(percentage_row(_percentage(row), method), label=_label(row))
        if made.precision == "approximate":
            made = replace(made, flags=("approximate",))
    return replace(
        made,
        series=row.label,
        group=row.group,
        year=row.year,
        where=str(row.address).replace(",", " ").partition(" ")[2].strip(),
    )


def _percentage(row: TableRow) -> Percentage:
    """Return a percentage of a table as a review would hold it."""
    value = row.proportion or 0.0
    shown = f"{100 * value:.10f}".rstrip("0")
    return Percentage(
        series=row.label,
        group=row.group,
        outcome=row.outcome,
        grade="",
        time_years=None,
        status="",
        proportion=value,
        low=row.low,
        high=row.high,
        level=0.95,
        interval_scale="",
        standard_error=None,
        decimals=len(shown.partition(".")[2]),
        patients=row.total or 1,
        at_risk=None,
        as_printed="",
        basis="reported",
        source="primary",
        where="",
        note="",
        address=row.address,
    )


def _column(table: Table, word: str) -> str:
    """Return the heading that a word names; a role names the column taken for it."""
    taken = {column.role: column.heading for column in table.columns}
    return taken[word] if word in taken else table.heading(word)


def _word(table: Table, row: TableRow, column: str) -> str:
    return dict(row.cells).get(_column(table, column), "") or "not said"


def sorted_rows(table: Table, rows: Sequence[TableRow], word: str) -> list[TableRow]:
    """Return rows in the order of a column, numbers before words and blanks last."""
    back, name = word.startswith("-"), word.removeprefix("-")

    def key(row: TableRow) -> tuple[int, float, str]:
        if name == "estimate" and row.total:
            share = row.proportion
            return 0, row.events_low / row.total if row.events_low is not None else share or 0, ""
        if name == "total":
            return 0, float(row.total or 0), ""
        text = row.label if name == "label" else dict(row.cells).get(_column(table, name), "")
        if is_missing(text):
            return 2, 0.0, ""
        try:
            return 0, decimal(text)[0], ""
        except NotANumber:
            return 1, 0.0, text.casefold()

    ordered = sorted(rows, key=key, reverse=back)
    blank = [row for row in ordered if key(row)[0] == 2]
    return [row for row in ordered if key(row)[0] != 2] + blank


def covariates(table: Table, words: Sequence[str]) -> dict[str, list[float | str]]:
    """Return columns of a table as covariates: numbers where all cells are numbers, else words.

    Raises
    ------
    ChoiceError
        For a column that the table does not have.
    ToolkitError
        For a blank cell in a row that is to be pooled.
    """
    found: dict[str, list[float | str]] = {}
    for word in words:
        heading = _column(table, word)
        rows = [row for row in table.rows if row.reported]
        texts = [dict(row.cells).get(heading, "") for row in rows]
        blank = [row.label for row, text in zip(rows, texts, strict=True) if is_missing(text)]
        if blank:
            raise ToolkitError(
                f'the column "{heading}" says nothing of {", ".join(blank)}: fill it in, or leave '
                "those studies out."
            )
        try:
            found[heading] = [decimal(text)[0] for text in texts]
        except NotANumber:
            found[heading] = list(texts)
    return found


def regress_table(
    table: Table,
    columns: Sequence[str],
    method: Method | None = None,
    *,
    insist: bool = False,
    permutations: int = 0,
) -> MetaRegression:
    """Return the meta-regression of one outcome of a table on some of its columns.

    Parameters
    ----------
    table : Table
        With rows of one outcome; those that do not report are left out.
    columns : sequence of str
        Headings, in any case.
    method, insist, permutations
        As in `toolkit.analysis.regression.meta_regression`.
    """
    used = method or Method()
    rows = [_row(row, used) for row in table.rows if row.reported]
    return regress_rows(
        rows, covariates(table, columns), used, insist=insist, permutations=permutations
    )
