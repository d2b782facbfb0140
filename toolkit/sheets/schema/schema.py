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

from toolkit.review.words import DENOMINATORS, GRADES, INTERVAL_SCALES, STATUSES
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

VOCABULARIES: dict[str, dict[str, str]] = {
    "grade": {key: label or "no grade (a response)" for key, label in GRADES.items()},
    "status": STATUSES,
    "estimate_status": {key: STATUSES[key] for key in ("", "not_reported", "alternative")},
    "interval_scale": INTERVAL_SCALES,
    "spread": {
        "interval": "a confidence interval",
        "range": "least and greatest value observed",
        "iqr": "lower and upper quartile",
        "not_said": "two limits of which the paper does not say what they are",
        "": "nothing stands beside it",
    },
    "time_unit": {"days": "days", "weeks": "weeks", "months": "months", "years": "years"},
    "denominator": DENOMINATORS,
    "basis": {
        "reported": "the paper prints the number",
        "derived": "worked out from printed numbers; the arithmetic stands in note",
        "counted": "counted from the patient rows in patients.csv",
        "author": "told by the authors",
        "drafted": "read by a rule, and compared with the paper by the person named in proposals",
    },
    "report_read": {
        "full text": "the series' own report was read in full",
        "abstract": "only the abstract of the series' own report was read",
        "not read": "the series' own report was not read; its numbers are quoted elsewhere",
    },
    "mrd": {
        "negative": "measured and negative",
        "positive": "measured and positive",
        "not_available": "not measured or not given",
        "": "not stated",
    },
    "judgement": {
        "yes": "the item is met",
        "no": "the item is not met",
        "unclear": "the report does not say",
        "not_applicable": "the item does not apply",
    },
    "statement_kind": {
        "count": "a number of patients; total says of how many",
        "percentage": "a share in per cent, printed without its number of patients",
        "number": "any other number",
        "mean": "a mean",
        "median": "a median",
        "range": "least and greatest value observed, low..high",
        "iqr": "lower and upper quartile, low..high",
        "interval": "a confidence interval, low..high; 95% unless as_printed says otherwise",
        "estimate": "an estimate in per cent that is no plain share, such as survival at a time",
        "ratio": "a hazard, odds or risk ratio",
        "p": "a p-value; < stands before a limit",
        "word": "a word rather than a number, such as the response of one patient",
        "not_available": "said not to be available or not reported; value is empty",
    },
    "reporting_rule": {
        "at-least": "events in at least this share or number of patients are listed",
        "more-than": "events in more than this share or number of patients are listed",
    },
    "reporting_unit": {
        "percent": "a percentage of the patients of the group",
        "count": "a number of patients",
    },
    "reconciling": {
        "first": "the first extractor's reading is recorded",
        "second": "the second extractor's reading is recorded",
        "other": "neither is right; agreed holds what is recorded",
    },
    "item": {
        "1": "who was included is said clearly",
        "2": "the condition was measured the same reliable way in all",
        "3": "the condition was identified by valid methods in all",
        "4": "patients were included consecutively, none passed over",
        "5": "all eligible patients were included",
        "6": "age, sex and the like are reported clearly",
        "7": "disease and treatment of the patients are reported clearly",
        "8": "outcomes or results of follow-up are reported clearly",
        "9": "the centers and their patients are described",
        "10": "the statistics suit the data",
    },
    "report_status": {
        "included": "read, and its numbers answer the question",
        "quoted": "known only through another paper",
        "not_retrieved": "sought and not read yet",
        "context": "read, and its numbers answer another question; reason says which",
        "excluded": "read and not eligible; reason says why",
        "background": "read for comparison or context",
    },
    "grade_domain": {
        "risk_of_bias": "how the series were gathered and measured",
        "inconsistency": "how far the series differ",
        "indirectness": "how far patients, treatment or outcome are those asked about",
        "imprecision": "how wide the interval is",
        "publication_bias": "whether series or results may be missing",
        "certainty": "what the five leave: how far the answer can be trusted",
    },
    "grade_judgement": {
        "not_serious": "of a domain: the certainty stays",
        "serious": "of a domain: one level lower",
        "very_serious": "of a domain: two levels lower",
        "high": "of the certainty: the truth is close to the estimate",
        "moderate": "of the certainty: the truth is probably close to it",
        "low": "of the certainty: the truth may be far from it",
        "very_low": "of the certainty: the truth is probably far from it, or hardly known",
    },
    "overlap_judgement": {
        "separate": "no patient belongs to both",
        "possible": "patients may belong to both",
        "shared": "patients belong to both",
    },
}
"""Every word that the schema itself fixes, with its meaning."""

OFFERED_WITH_MEANING = ("item",)
"""Vocabularies whose words are numbers: a workbook offers them with their meaning behind."""


def offered(vocabulary: str, word: str) -> str:
    """Return a word as a workbook offers it: ``1: who was included is said clearly``."""
    meaning = VOCABULARIES[vocabulary].get(word) if vocabulary in OFFERED_WITH_MEANING else None
    return word if meaning is None else f"{word}: {meaning}"


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
