"""Rules about statements and decisions: values readable, printed digits, rows, ranges decided."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from toolkit.checks.finding import CheckResult, about
from toolkit.checks.printed import printed_numbers
from toolkit.errors import Problem
from toolkit.review.words import whole_number
from toolkit.sheets.records import Line, Sheets
from toolkit.sheets.schema.cells import unknown_word
from toolkit.sheets.schema.series_rows import CountRow
from toolkit.sheets.schema.statement_rows import DecisionRow, StatementRow

CellKey = tuple[str, ...]

SPANS = {"range", "iqr", "interval"}
"""Kinds of statement whose value is low..high."""

_NUMBER = r"[<>]?-?[0-9]{1,15}(?:\.[0-9]{1,15})?"
_VAGUE = re.compile(r"(?:the )?(?:text|paper|article|report|table ?[sS]?[0-9]*)", re.IGNORECASE)


def every_statement(sheets: Sheets) -> Iterator[Line[StatementRow]]:
    """Yield every row of every statements.csv."""
    for series in sheets.series:
        yield from series.statements
    for paper in sheets.papers:
        yield from paper.statements


def statement_values(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that the value of a statement is what its kind says.

    Counts are whole numbers, ranges and intervals low..high, words stay words; a value that the
    paper says is not available is left empty.
    """
    for line in every_statement(sheets):
        row = line.row
        if line.unread:
            continue
        wanted = _wanted(row.kind)
        if not re.fullmatch(wanted[0], row.value):
            yield Problem(
                address=line.at("value"),
                check="C01",
                context=row.quantity,
                what=f'value is "{row.value}", but kind is {row.kind}.',
                meaning=f"A value of this kind is {wanted[1]}.",
                remedy="Mend value or kind.",
            )


def _wanted(kind: str) -> tuple[str, str]:
    """Return the form of a value of a kind, and the words for it."""
    if kind == "count":
        return r"[0-9]{1,9}", 'a whole number, such as "12"'
    if kind in SPANS:
        return rf"{_NUMBER}\.\.{_NUMBER}", 'two numbers, such as "0.2..45.6"'
    if kind == "word":
        return r"[a-z0-9]+(?:[-_][a-z0-9]+)*", "a plain key in lower-case letters"
    if kind == "not_available":
        return "", "empty"
    return _NUMBER, 'a number with the decimals printed, such as "26.3" or "<0.001"'


def statement_digits(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that the digits of a statement's value stand in its as_printed.

    Counts may be printed in English words. Values that several printed numbers add up to say so
    in note.
    """
    for line in every_statement(sheets):
        row = line.row
        if line.unread or row.kind in {"word", "not_available"}:
            continue
        if row.kind == "count":
            value = whole_number(row.value)
            there = value in printed_numbers(row.as_printed) or row.value in row.as_printed
        else:
            there = all(
                number.strip("<>-") in row.as_printed.replace("\u00b7", ".")
                for number in row.value.split("..")
            )
        if not there and not row.note:
            yield Problem(
                address=line.at("value", "as_printed"),
                check="C15",
                context=row.quantity,
                what=f'value is {row.value}, but as_printed is "{row.as_printed}".',
                meaning="The digits of the value do not stand in the printed cell.",
                remedy=f"Look at {row.where} again, or say in note how the value is worked out.",
            )


def statement_rows(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that the rows a statement counts are named by columns and words of patients.csv."""
    for series in sheets.series:
        for line in series.statements:
            for column, words in conditions(line.row.rows):
                known = series.patient_columns
                if column not in known:
                    yield _unknown(line, "column in rows", column, known)
                elif column not in {"features", "note", "where"}:
                    present = {patient.cells[column] for patient in series.patients}
                    for word in words:
                        if word not in present:
                            yield _unknown(line, f"{column} in rows", word, tuple(sorted(present)))
    for paper in sheets.papers:
        for line in paper.statements:
            if line.row.rows:
                yield _unknown(line, "rows", line.row.rows, ())


def conditions(rows: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the column and the words of each condition on patient rows.

    Examples
    --------
    >>> list(conditions("among line=refractory; response=cr|cri"))
    [('line', ('refractory',)), ('response', ('cr', 'cri'))]
    """
    for part in rows.removeprefix("among ").split(";"):
        column, _, words = part.partition("=")
        if column.strip():
            yield column.strip(), tuple(word.strip() for word in words.split("|"))


def _unknown(line: Line[StatementRow], noun: str, word: str, choices: tuple[str, ...]) -> Problem:
    """Return what is said of a condition that no patient row could meet."""
    what, meaning, remedy = unknown_word(noun, word, choices)
    return Problem(
        address=line.at("rows"),
        check="C09",
        context=line.row.quantity,
        what=what,
        meaning=meaning,
        remedy=remedy,
    )


def statement_places(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that every statement names a place where somebody else can find it."""
    for line in every_statement(sheets):
        if _VAGUE.fullmatch(line.row.where):
            yield Problem(
                address=line.at("where"),
                check="C16",
                context=line.row.quantity,
                what=f'where is "{line.row.where}".',
                meaning="That is too wide a place to find one number again.",
                remedy='Add the row or the paragraph ("Table 3, row PR"; "Results, Response").',
            )


def ranges_decided(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that a range in counts.csv was decided by somebody, for a reason in decisions.csv.

    Nothing turns a contradicted cell into a range by itself: who kept it open, and why, is
    recorded. A decision without its cell, or about another range, is out of date; where the cell
    cannot be read, that is a problem and nothing follows from it.
    """
    troubled = {problem.address.file for problem in sheets.problems}
    for series in sheets.series:
        open_cells = {
            _cell(line): line
            for line in series.counts
            if not line.unread
            and line.row.status == ""
            and line.row.events is not None
            and line.row.events.low != line.row.events.high
        }
        decided = {_cell(line): line for line in series.decisions if not line.unread}
        yield from _undecided(sheets, open_cells, decided)
        if f"series/{series.key}/counts.csv" in troubled:
            continue
        unread = {_cell(line) for line in series.counts if line.unread}
        for cell, decision in decided.items():
            if cell in unread:
                continue
            count = open_cells.get(cell)
            if count is None or count.row.events != decision.row.kept:
                kept = "no such range" if count is None else count.cells["events"]
                yield Problem(
                    address=decision.at("kept"),
                    check="C21",
                    context=", ".join(part for part in cell if part),
                    what=f"kept is {decision.cells['kept']}, but counts.csv holds {kept}.",
                    meaning="The decision and the cell it is about have come apart.",
                    remedy="Mend the one that is out of date, or remove the decision.",
                )


def _undecided(
    sheets: Sheets,
    open_cells: Mapping[CellKey, Line[CountRow]],
    decided: Mapping[CellKey, Line[DecisionRow]],
) -> Iterator[Problem]:
    """Yield ranges of counts.csv that nobody has decided to keep."""
    for cell, line in open_cells.items():
        if cell not in decided:
            yield Problem(
                address=line.at("events"),
                check="C21",
                context=about(sheets, line.row),
                what=f"events is {line.row.events}, but decisions.csv has no row for it.",
                meaning="A cell is kept open only by somebody's decision, for a reason.",
                remedy=f"Write in decisions.csv: {','.join(cell)},{line.row.events},WHO,WHY.",
            )


def _cell(line: Line[CountRow] | Line[DecisionRow]) -> CellKey:
    """Return what names a cell in counts.csv and in decisions.csv."""
    columns = ("group", "outcome", "grade", "window", "denominator")
    return tuple(line.cells[column] for column in columns)
