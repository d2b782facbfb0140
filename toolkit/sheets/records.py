"""From sheets as text to rows that mean something, each cell keeping its address.

A cell that cannot be read is kept beside its row as a Trouble, so that everything else in the row
is still checked and all problems are shown at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Generic, TypeVar, cast

from pydantic import ValidationError

from toolkit.errors import Address, Problem
from toolkit.sheets.csv_files import RawTable
from toolkit.sheets.folder import RawReview
from toolkit.sheets.headings import field_problems, heading_problems
from toolkit.sheets.protocol.protocol import Protocol
from toolkit.sheets.protocol.read import read_protocol, set_problems
from toolkit.sheets.schema.cells import Trouble, Words
from toolkit.sheets.schema.median_row import MedianRow
from toolkit.sheets.schema.proposal_row import ProposalRow
from toolkit.sheets.schema.review_rows import (
    ComparatorRow,
    FlowRow,
    GradeRow,
    OverlapRow,
    ReportRow,
)
from toolkit.sheets.schema.schema import PROPOSALS, RECONCILED, Kind, Schema, schema
from toolkit.sheets.schema.series_rows import (
    AppraisalRow,
    CountRow,
    EstimateRow,
    GroupRow,
    PatientRow,
    SeriesRow,
    SheetRow,
)
from toolkit.sheets.schema.statement_rows import (
    DecisionRow,
    ReconciledRow,
    ReportingRow,
    StatementRow,
)

MOST_ROWS = {
    "groups": 200,
    "counts": 2_000,
    "estimates": 2_000,
    "medians": 2_000,
    "decisions": 2_000,
}
"""Rows beyond which a sheet is another one; sheets that are not named have the limit of a file."""

RowType = TypeVar("RowType", bound=SheetRow, covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Generic[RowType]):
    """A row with where it stands, the text of its cells and the cells that cannot be read."""

    row: RowType
    places: Mapping[str, Address]
    cells: Mapping[str, str]
    unread: Mapping[str, Trouble]

    def at(self, *columns: str) -> Address:
        """Return the address of cells of this row, or of the row itself."""
        if not columns:
            return replace(next(iter(self.places.values())), column="")
        places = [self.places[column] for column in columns]
        return replace(
            places[0],
            column=" and ".join(place.column for place in places),
            cells=" and ".join(place.cells for place in places if place.cells),
        )


RowReader = Callable[[Kind, Mapping[str, str], Mapping[str, Address], Words], Line[SheetRow]]
"""What reads one row of a sheet from its cells and their places."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesSheets:
    """The sheets of one series as rows."""

    key: str
    about: Line[SeriesRow] | None
    groups: tuple[Line[GroupRow], ...]
    counts: tuple[Line[CountRow], ...]
    estimates: tuple[Line[EstimateRow], ...]
    patients: tuple[Line[PatientRow], ...]
    patient_columns: tuple[str, ...]
    appraisal: tuple[Line[AppraisalRow], ...]
    statements: tuple[Line[StatementRow], ...]
    decisions: tuple[Line[DecisionRow], ...]
    reporting: tuple[Line[ReportingRow], ...]
    reconciled: tuple[Line[ReconciledRow], ...]
    proposals: tuple[Line[ProposalRow], ...] = ()
    medians: tuple[Line[MedianRow], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSheets:
    """What a paper that is no series of the review states; its key is one of reports.csv."""

    key: str
    statements: tuple[Line[StatementRow], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheets:
    """All sheets of a review as rows, with the problems met on the way."""

    key: str
    protocol: Protocol
    schema: Schema
    series: tuple[SeriesSheets, ...]
    papers: tuple[PaperSheets, ...]
    reports: tuple[Line[ReportRow], ...]
    flow: tuple[Line[FlowRow], ...]
    overlap: tuple[Line[OverlapRow], ...]
    comparators: tuple[Line[ComparatorRow], ...]
    grade: tuple[Line[GradeRow], ...]
    fingerprint: str
    problems: tuple[Problem, ...]


def read_sheets(raw: RawReview) -> tuple[Sheets | None, tuple[Problem, ...]]:
    """Return the sheets as rows; None and the problems where review.toml cannot be used."""
    if raw.protocol is None:
        return None, raw.problems
    protocol, problems = read_protocol(raw.protocol)
    if protocol is None:
        return None, (*problems, *raw.problems)
    reading = _Reading(raw, protocol)
    sheets = Sheets(
        key=raw.key,
        protocol=protocol,
        schema=reading.schema,
        reports=cast("tuple[Line[ReportRow], ...]", reading.lines("reports")),
        flow=cast("tuple[Line[FlowRow], ...]", reading.lines("flow")),
        overlap=cast("tuple[Line[OverlapRow], ...]", reading.lines("overlap")),
        comparators=cast("tuple[Line[ComparatorRow], ...]", reading.lines("comparators")),
        grade=cast("tuple[Line[GradeRow], ...]", reading.lines("grade")),
        series=tuple(reading.series(key) for key in raw.series),
        papers=tuple(reading.paper(key) for key in raw.papers),
        fingerprint=raw.fingerprint,
        problems=(),
    )
    found = set_problems(protocol, raw.protocol, reading.words)
    problems = [*found, *raw.problems, *reading.problems]
    return replace(sheets, problems=tuple(problems)), ()


def read_series(
    raw: RawReview, protocol: Protocol, key: str, row_of: RowReader | None = None
) -> tuple[SeriesSheets, tuple[Problem, ...]]:
    """Return the sheets of one series as rows, and what is wrong with their headings.

    Parameters
    ----------
    raw : RawReview
        The review as text, the series in it.
    protocol : Protocol
        Its review.toml.
    key : str
        Key of the series.
    row_of : callable, optional
        What reads one row: `read_row`, or one that remembers rows it has read before.
    """
    reading = _Reading(raw, protocol, row_of or read_row)
    found = reading.series(key)
    return found, tuple(reading.problems)


def review_words(raw: RawReview, protocol: Protocol) -> dict[str, tuple[str, ...]]:
    """Return every vocabulary of a review; one whose sheet cannot be read is left out."""
    words = {**protocol.words(), "series": raw.series}
    reports = _keys(raw, "", "reports")
    if reports is not None:
        words["report"] = reports
        words["source"] = ("primary", *reports)
        words["read_in"] = ("own report", *reports)
        words["series_or_report"] = tuple(dict.fromkeys((*raw.series, *reports)))
    return words


def review_schema(protocol: Protocol) -> Schema:
    """Return the sheets of a review, with the columns its protocol declares."""
    facets = tuple((key, facet.label) for key, facet in protocol.facets.items())
    return _schema(facets, tuple(protocol.series_fields.items()))


@lru_cache(maxsize=64)
def _schema(facets: tuple[tuple[str, str], ...], fields: tuple[tuple[str, str], ...]) -> Schema:
    """Return the sheets of a review; making their models anew for each row would take its time."""
    return schema(dict(facets), dict(fields))


def _keys(raw: RawReview, series: str, name: str) -> tuple[str, ...] | None:
    """Return the keys of a sheet, or None where the sheet is there and cannot be read."""
    table = raw.tables.get((series, name))
    if table is None:
        file = f"series/{series}/{name}.csv" if series else f"{name}.csv"
        return None if file in raw.contents else ()
    if "key" not in table.heading:
        return None
    place = table.heading.index("key")
    return tuple(row[place] for _, row in table.rows)


class _Reading:
    """One pass over the sheets of a review: the vocabularies it knows, the problems it met."""

    def __init__(self, raw: RawReview, protocol: Protocol, row_of: RowReader | None = None) -> None:
        self.raw = raw
        self.row_of = row_of or read_row
        self.problems: list[Problem] = []
        self.schema = review_schema(protocol)
        self.words = review_words(raw, protocol)

    def series(self, key: str) -> SeriesSheets:
        """Return the sheets of one series as rows."""
        groups = _keys(self.raw, key, "groups")
        words = {**self.words, **({} if groups is None else {"group": groups})}
        about = self.lines("series", key, words)
        patients = self.raw.tables.get((key, "patients"))
        return SeriesSheets(
            key=key,
            about=cast("Line[SeriesRow]", about[0]) if about else None,
            groups=cast("tuple[Line[GroupRow], ...]", self.lines("groups", key, words)),
            counts=cast("tuple[Line[CountRow], ...]", self.lines("counts", key, words)),
            estimates=cast("tuple[Line[EstimateRow], ...]", self.lines("estimates", key, words)),
            patients=cast("tuple[Line[PatientRow], ...]", self.lines("patients", key, words)),
            patient_columns=patients.heading if patients else (),
            appraisal=cast("tuple[Line[AppraisalRow], ...]", self.lines("appraisal", key, words)),
            statements=cast("tuple[Line[StatementRow], ...]", self.lines("statements", key, words)),
            decisions=cast("tuple[Line[DecisionRow], ...]", self.lines("decisions", key, words)),
            reporting=cast("tuple[Line[ReportingRow], ...]", self.lines("reporting", key, words)),
            reconciled=cast("tuple[Line[ReconciledRow], ...]", self.lines(RECONCILED, key, words)),
            medians=cast("tuple[Line[MedianRow], ...]", self.lines("medians", key, words)),
            proposals=cast("tuple[Line[ProposalRow], ...]", self.lines(PROPOSALS, key, words)),
        )

    def paper(self, key: str) -> PaperSheets:
        """Return what a paper that is no series states, as rows."""
        lines = self.lines("statements", f"papers/{key}")
        return PaperSheets(key=key, statements=cast("tuple[Line[StatementRow], ...]", lines))

    def lines(
        self, name: str, series: str = "", words: Words | None = None
    ) -> tuple[Line[SheetRow], ...]:
        """Return the rows of one sheet, and note what is wrong with its heading."""
        kind = self.schema.kind(name)
        table = self.raw.tables.get((series, name))
        if table is None:
            file = f"series/{series}/{kind.file}" if series else kind.file
            if kind.required and file not in self.raw.contents:
                what = f"{kind.file} is missing."
                remedy = f"Every series has {kind.file}; write it, if only its heading."
                self.problems.append(Problem(address=Address(file=file), what=what, remedy=remedy))
            return ()
        if kind.name == "groups" and not table.rows:
            self.problems.append(
                Problem(
                    address=table.whole,
                    what="There is no group.",
                    remedy="Describe at least one: the first group holds all treated patients.",
                )
            )
        read = upright_lines if kind.upright else table_lines
        lines, problems = read(kind, table, self.words if words is None else words, self.row_of)
        self.problems.extend(problems)
        return lines


def table_lines(
    kind: Kind, table: RawTable, words: Words, row_of: RowReader | None = None
) -> tuple[tuple[Line[SheetRow], ...], list[Problem]]:
    """Return the rows of a sheet whose columns stand side by side."""
    problems = list(heading_problems(kind, table))
    most = MOST_ROWS.get(kind.name)
    if most is not None and len(table.rows) > most:
        # Every group is held against every other; a sheet of thousands would keep one waiting.
        problems.append(
            Problem(
                address=table.whole,
                what=f"There are {len(table.rows):,} rows in {kind.name}.",
                meaning=f"No series needs more than {most}.",
                remedy="Another sheet may have been copied here: put the right one in its place.",
            )
        )
    if problems:
        return (), problems
    lines = []
    for number, cells in table.rows:
        places = {column: table.place(number, column) for column in table.heading}
        lines.append(
            (row_of or read_row)(kind, dict(zip(table.heading, cells, strict=True)), places, words)
        )
    return tuple(lines), []


def upright_lines(
    kind: Kind, table: RawTable, words: Words, row_of: RowReader | None = None
) -> tuple[tuple[Line[SheetRow], ...], list[Problem]]:
    """Return the one row of a sheet whose fields stand below each other."""
    first = table.place(1)
    if table.heading != ("field", "value"):
        what = f"The heading is {','.join(table.heading)}."
        problem = Problem(address=first, what=what, remedy="The heading must be field,value.")
        return (), [problem]
    written = [row[0] for _, row in table.rows]
    problems = list(field_problems(kind, table, written))
    if problems:
        return (), problems
    cells = {row[0]: row[1] for _, row in table.rows}
    places = {row[0]: table.place(at, "value", row[0]) for at, row in table.rows}
    return ((row_of or read_row)(kind, cells, places, words),), []


def read_row(
    kind: Kind, cells: Mapping[str, str], places: Mapping[str, Address], words: Words
) -> Line[SheetRow]:
    """Return one row; cells that cannot be read are left out of it and kept as troubles."""
    unread: dict[str, Trouble] = {}
    try:
        row = kind.model.model_validate(dict(cells), context=words)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            unread[str(detail["loc"][0])] = detail["ctx"]["error"]
        readable = {column: text for column, text in cells.items() if column not in unread}
        row = kind.model.model_validate(readable, context=words)
    return Line(row=row, places=places, cells=cells, unread=unread)
