"""The one description of every sheet: which there are, their columns in order, their words.

Reading, checking, workbooks, exports and the guide all follow it. A review declares facets and
further fields of a series for itself; `schema` adds them to the models.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, create_model
from pydantic.fields import FieldInfo

from toolkit.sheets.schema.cells import CellKind, Choice, Text
from toolkit.sheets.schema.median_row import MedianRow
from toolkit.sheets.schema.proposal_row import ProposalRow
from toolkit.sheets.schema.review_rows import (
    ComparatorRow,
    FlowRow,
    GradeRow,
    OverlapRow,
    ReportRow,
)
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

SERIES_SHEETS = (
    "series.csv",
    "groups.csv",
    "counts.csv",
    "estimates.csv",
    "medians.csv",
    "patients.csv",
    "appraisal.csv",
    "statements.csv",
    "decisions.csv",
    "reporting.csv",
    "reconciled.csv",
    "proposals.csv",
)


RECONCILED = "reconciled"
"""The sheet that keeps what two extractors read differently: no reading of the paper itself."""


PROPOSALS = "proposals"
"""The sheet of what a draft proposes; a workbook has it only where it was drafted from a paper."""


PAPER_SHEETS = ("statements.csv",)
"""Sheets of a paper that is no series of the review, such as the source of a comparator."""


REVIEW_SHEETS = ("reports.csv", "flow.csv", "overlap.csv", "comparators.csv", "grade.csv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of sheet.

    Attributes
    ----------
    name : str
        Name of the worksheet and, with ``.csv``, of the file.
    model : type of SheetRow
        What a row holds.
    columns : tuple of str
        Columns in their order; for ``series`` the fields, which stand below each other.
    optional : tuple of str
        Columns that a sheet may leave out altogether.
    unique : tuple of str
        Columns that together name a row.
    required : bool
        Whether the sheet must be there.
    """

    name: str
    model: type[SheetRow]
    columns: tuple[str, ...]
    unique: tuple[str, ...]
    required: bool = False
    optional: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """Name of the sheet's file."""
        return f"{self.name}.csv"

    @property
    def upright(self) -> bool:
        """Whether fields stand below each other as ``field,value``."""
        return self.name == "series"

    def field(self, column: str) -> FieldInfo:
        """Return the description of a column."""
        return self.model.model_fields[column]

    def cell(self, column: str) -> CellKind:
        """Return what a cell of a column may hold."""
        return next(each for each in self.field(column).metadata if isinstance(each, CellKind))


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """Every kind of sheet of one review."""

    series: tuple[Kind, ...]
    review: tuple[Kind, ...]

    def kind(self, name: str) -> Kind:
        """Return the kind of a name."""
        return next(kind for kind in (*self.series, *self.review) if kind.name == name)


def schema(facets: Mapping[str, str], series_fields: Mapping[str, str]) -> Schema:
    """Return the sheets of a review that declares these facets and fields (key to label)."""
    return Schema(
        series=(
            _kind("series", _with_fields(series_fields), (), "toxicity_criteria", series_fields),
            _kind("groups", _with_facets(GroupRow, facets), ("key",), "where", facets),
            _kind(
                "counts",
                CountRow,
                ("group", "outcome", "grade", "window", "denominator", "status"),
            ),
            Kind(
                name="estimates",
                model=EstimateRow,
                columns=_columns(EstimateRow),
                unique=("group", "outcome", "grade", "time_years", "status"),
            ),
            Kind(
                name="medians",
                model=MedianRow,
                columns=_columns(MedianRow),
                unique=("group", "outcome", "status", "where"),
            ),
            Kind(
                name="patients",
                model=_with_facets(PatientRow, facets),
                columns=_columns(PatientRow, "features", facets),
                unique=("patient",),
                optional=tuple(facets),
            ),
            Kind(
                name="appraisal",
                model=AppraisalRow,
                columns=_columns(AppraisalRow),
                unique=("item",),
            ),
            Kind(
                name="statements",
                model=StatementRow,
                columns=_columns(StatementRow),
                unique=("quantity", "of", "study", "grade", "at", "kind", "value", "where"),
            ),
            Kind(
                name="decisions",
                model=DecisionRow,
                columns=_columns(DecisionRow),
                unique=("group", "outcome", "grade", "window", "denominator"),
            ),
            Kind(
                name="reporting",
                model=ReportingRow,
                columns=_columns(ReportingRow),
                unique=("group", "grade"),
            ),
            Kind(
                name=RECONCILED,
                model=ReconciledRow,
                columns=_columns(ReconciledRow),
                unique=("sheet", "row", "column", "first", "second"),
            ),
            Kind(
                name=PROPOSALS,
                model=ProposalRow,
                columns=_columns(ProposalRow),
                unique=("where", "as_printed", "outcome", "grade", "group"),
            ),
        ),
        review=tuple(
            Kind(name=name, model=model, columns=_columns(model), unique=unique)
            for name, model, unique in (
                ("reports", ReportRow, ("key",)),
                ("flow", FlowRow, ("box",)),
                ("overlap", OverlapRow, ("first", "second")),
                ("comparators", ComparatorRow, ("key",)),
                ("grade", GradeRow, ("outcome", "domain")),
            )
        ),
    )


def _kind(
    name: str,
    model: type[SheetRow],
    unique: tuple[str, ...],
    before: str = "",
    declared: Mapping[str, str] | None = None,
) -> Kind:
    """Return a kind of sheet that every series has."""
    return Kind(
        name=name,
        model=model,
        columns=_columns(model, before, declared or {}),
        unique=unique,
        required=True,
    )


def _columns(
    model: type[SheetRow], before: str = "", declared: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """Return the columns of a model with the declared ones put in before one of them."""
    declared = declared or {}
    fixed = [name for name in model.model_fields if name not in declared]
    place = fixed.index(before) if before else len(fixed)
    return (*fixed[:place], *declared, *fixed[place:])


def _with_fields(labels: Mapping[str, str]) -> type[SheetRow]:
    """Return the model of a series with the fields a review declares."""
    declared = {
        key: (
            Annotated[str, Text()],
            Field(default="", title=label, description="Field declared by this review."),
        )
        for key, label in labels.items()
    }
    return create_model("SeriesRow", __base__=SeriesRow, **declared)  # type: ignore[call-overload,no-any-return]


def _with_facets(model: type[SheetRow], labels: Mapping[str, str]) -> type[SheetRow]:
    """Return a model with one column for each facet a review declares."""
    declared = {
        key: (
            Annotated[str, Choice(vocabulary=f"facet {key}")],
            Field(
                default="",
                title=label,
                description="Word of this facet; empty: not stated, or as in the parent group.",
            ),
        )
        for key, label in labels.items()
    }
    return create_model(model.__name__, __base__=model, **declared)  # type: ignore[call-overload,no-any-return]
