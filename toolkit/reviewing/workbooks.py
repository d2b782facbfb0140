"""A workbook out, a workbook in: the one place that joins workbooks, checks and the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from toolkit.errors import Address, Problem, SheetError, ToolkitError
from toolkit.load import find
from toolkit.review.words import people
from toolkit.reviewing.recording import Sent, check_sent, protocol_of, record, tables_of
from toolkit.sheets.comparison import Comparison, compare
from toolkit.sheets.csv_files import RawTable
from toolkit.sheets.folder import RawReview, read_tables
from toolkit.sheets.protocol.protocol import Protocol
from toolkit.sheets.reconcile import merged, questions
from toolkit.sheets.records import review_schema, review_words
from toolkit.sheets.schema.cells import SLUG, not_a_slug
from toolkit.sheets.workbook.read import RawSeries, read_workbook, workbook_keys
from toolkit.sheets.workbook.template import GUIDE, Content, fingerprint, save


def make_workbook(review: Path, series: str, output: Path) -> Path:
    """Write the workbook of a recorded or a new series and return its path.

    Raises
    ------
    SheetError
        If review.toml, or a sheet of this series, cannot be read.
    ToolkitError
        If the key is not plain or the file cannot be written.
    """
    return write_workbook(review, series, output, {})


def write_workbook(
    review: Path, series: str, output: Path, drafted: Mapping[str, RawTable]
) -> Path:
    """Write the workbook of a series with further sheets beside what is recorded.

    Raises
    ------
    SheetError
        If review.toml, or a sheet of this series, cannot be read.
    ToolkitError
        If the key is not plain or the file cannot be written.
    """
    raw = read_tables(review)
    protocol = protocol_of(raw)
    if not SLUG.fullmatch(series):
        raise ToolkitError(" ".join(not_a_slug("series", series)))
    unreadable = [
        problem for problem in raw.problems if problem.address.file.startswith(f"series/{series}/")
    ]
    if unreadable:
        raise SheetError(unreadable)
    tables = tables_of(raw, series)
    content = Content(
        review=raw.key,
        series=series,
        made_from=fingerprint(tables) if tables else "",
        tables={**tables, **drafted},
        start=_known_beforehand(raw, series),
        criteria=_criteria(protocol),
    )
    return _saved(output, raw, content)


def _criteria(protocol: Protocol) -> list[tuple[str, str]]:
    """Return who and what counts, each criterion with its heading."""
    return [
        (f"counts: {name}" if name != "excluded" else "does not count", criterion)
        for name, criteria in protocol.eligibility.model_dump().items()
        for criterion in criteria
    ]


def _saved(output: Path, raw: RawReview, content: Content) -> Path:
    """Write a workbook and return its path; raises ToolkitError where it cannot be written."""
    protocol = protocol_of(raw)
    save(output, review_schema(protocol), review_words(raw, protocol), content)
    return output


def check_workbook(review: Path, workbook: Path) -> Sent:
    """Return what a workbook would record; nothing is written.

    Raises
    ------
    SheetError
        With every problem of the workbook, at its Excel addresses.
    ToolkitError
        If the file is no workbook.
    """
    before = read_tables(review)
    protocol = protocol_of(before)
    schema = review_schema(protocol)
    sent = read_workbook(workbook, schema)
    problems = [*_wrong_review(workbook, sent, before), *sent.problems]
    if not SLUG.fullmatch(sent.series):
        raise SheetError(problems)
    return check_sent(before, sent, problems)


def add_workbook(review: Path, workbook: Path, *, overwrite: bool = False) -> Sent:
    """Record a workbook, all or nothing, and return what changed.

    Parameters
    ----------
    review : Path
        Folder of the review.
    workbook : Path
        The workbook of one series.
    overwrite : bool
        Record it even if the series has changed since the workbook was made.

    Raises
    ------
    SheetError
        With every problem of the workbook; nothing is written.
    ToolkitError
        If the file is no workbook, or the record has changed meanwhile.
    """
    sent = check_workbook(review, workbook)
    if sent.stale and sent.changes and not overwrite:
        listed = "\n".join(f"    {change}" for change in sent.changes)
        raise ToolkitError(
            f"{sent.series} has changed since {workbook.name} was made. Recording it would change:"
            f"\n{listed}\nMake a fresh workbook, or say that these changes are meant (--overwrite)."
        )
    if sent.changes:
        record(review, sent)
    return sent


def compare_workbooks(first: Path, second: Path) -> Comparison:
    """Return where two workbooks of one series differ, cell by cell.

    Raises
    ------
    SheetError
        With what a spreadsheet did to either workbook; what they claim is not checked here.
    ToolkitError
        If one is no workbook, or they are not of the same series of a review that is here.
    """
    raw, one, other = _two_extractions(first, second)
    return compare(one.series, review_schema(protocol_of(raw)), one.tables, other.tables)


def make_reconcile_workbook(first: Path, second: Path, output: Path) -> Path:
    """Write a workbook in which two extractors decide where they differ, and return its path.

    It holds the first extraction, the rows that only the second one has, and a worksheet with
    every difference; recording it needs a decision on each and keeps them all.

    Raises
    ------
    SheetError
        With what a spreadsheet did to either workbook.
    ToolkitError
        As `compare_workbooks`; also where the two do not name two extractors.
    """
    raw, one, other = _two_extractions(first, second)
    cells = tuple(_field(each, "extracted_by") for each in (one, other))
    # Said here, for the workbook made of the two would be refused by the same rule (C23).
    names = [{name.casefold() for name in people(cell)} for cell in cells]
    if not all(names) or names[1] <= names[0]:
        raise ToolkitError(
            f'{first.name} is extracted by "{cells[0]}" and {second.name} by "{cells[1]}". '
            "Two people extract, each on their own: fill in extracted_by on the sheet series."
        )
    schema = review_schema(protocol_of(raw))
    comparison = compare(one.series, schema, one.tables, other.tables)
    tables = merged(schema, one.tables, other.tables)
    tables["series"] = _with_field(tables["series"], "checked_by", cells[1])
    content = Content(
        review=one.review,
        series=one.series,
        made_from=one.made_from,
        tables=tables,
        to_decide=questions(schema, comparison, one.tables, other.tables, "; ".join(cells)),
    )
    return _saved(output, raw, content)


def _two_extractions(first: Path, second: Path) -> tuple[RawReview, RawSeries, RawSeries]:
    """Return two readable workbooks of one series, and the review it belongs to."""
    keys = [workbook_keys(path) for path in (first, second)]
    if keys[0] != keys[1]:
        raise ToolkitError(
            f"{first.name} is about {keys[0][1]} of {keys[0][0]}, "
            f"but {second.name} about {keys[1][1]} of {keys[1][0]}."
        )
    review = keys[0][0]
    if Path(review).name != review:
        raise ToolkitError(f'{first.name} is about the review "{review}", which is no name.')
    raw = read_tables(find(review))
    schema = review_schema(protocol_of(raw))
    one, other = (read_workbook(path, schema) for path in (first, second))
    if problems := [*one.problems, *other.problems]:
        raise SheetError(problems)
    return raw, one, other


def _field(sent: RawSeries, name: str) -> str:
    """Return a field of the series, empty where it is not filled in."""
    return {cells[0]: cells[1] for _, cells in sent.tables["series"].rows}.get(name, "")


def _with_field(table: RawTable, name: str, text: str) -> RawTable:
    """Return the fields of a series with one of them filled in."""
    rows = ((line, (each[0], text) if each[0] == name else each) for line, each in table.rows)
    return replace(table, rows=tuple(rows))


def _known_beforehand(raw: RawReview, series: str) -> Mapping[str, str]:
    """Return what reports.csv already says of a series that is not extracted yet."""
    reports = raw.tables.get(("", "reports"))
    for _, cells in reports.rows if reports else ():
        row = dict(zip(reports.heading if reports else (), cells, strict=True))
        if row.get("key") == series:
            return {"citation": row.get("citation", "")}
    return {}


def _wrong_review(workbook: Path, sent: RawSeries, raw: RawReview) -> list[Problem]:
    """Return what is said of a workbook that was made for another review."""
    if sent.review == raw.key:
        return []
    return [
        Problem(
            address=Address(file=workbook.name, line=1, sheet=GUIDE, cells="B1"),
            what=f'The workbook was made for the review "{sent.review}", not for "{raw.key}".',
            remedy="Choose the other review, or make a workbook for this one.",
        )
    ]
