"""Rows of what a paper states, of decisions on it, and of two extractors reconciled."""

from __future__ import annotations

from typing import Annotated

from toolkit.sheets.schema.cells import Choice, Slug, Span, Text, Where
from toolkit.sheets.schema.numbers import Events, Percent, Whole
from toolkit.sheets.schema.series_rows import NumberColumn, SheetRow, TextColumn


class StatementRow(SheetRow):
    """One value at one place of a paper; rows of the same quantity and patients are compared."""

    quantity: Annotated[str, Slug(required=True)] = TextColumn(
        title="Quantity",
        description="What is stated: one key for the same thing wherever it stands, the key of "
        "the outcome where it is one.",
        examples=["age-at-diagnosis"],
    )
    of: Annotated[str, Slug()] = TextColumn(
        title="Of",
        description="Whom it describes: a group of groups.csv or another key; empty: all patients.",
        examples=["responders"],
    )
    study: Annotated[str, Slug()] = TextColumn(
        title="Study",
        description="Key of the study quoted, the same in every paper; empty: the paper's own.",
        examples=["smith-2020"],
    )
    grade: Annotated[str, Choice(vocabulary="grade")] = TextColumn(
        title="Grade", description="Severity of a toxicity; empty otherwise.", examples=["ge3"]
    )
    at: Annotated[str, Text(longest=40)] = TextColumn(
        title="At",
        description="Time or window of the value, where it has one.",
        examples=["2 years"],
    )
    part_of: Annotated[str, Slug()] = TextColumn(
        title="Part of",
        description="Key shared by categories that exclude each other and, in this one place, "
        "are all listed: they must sum to their total.",
        examples=["response"],
    )
    kind: Annotated[str, Choice(vocabulary="statement_kind", required=True)] = TextColumn(
        title="Kind", description="What kind of value it is.", examples=["median"]
    )
    value: Annotated[str, Text(longest=80)] = TextColumn(
        title="Value",
        description="The number with the decimals printed, low..high, or a word.",
        examples=["0.2..45.6"],
    )
    unit: Annotated[str, Text(longest=20)] = TextColumn(
        title="Unit", description="Unit of the value, where it has one.", examples=["months"]
    )
    total: Annotated[int | None, Whole(least=1)] = NumberColumn(
        title="Total",
        description="Patients a count or percentage is a share of, where the paper says them.",
        examples=["38"],
    )
    rows: Annotated[str, Text(longest=200)] = TextColumn(
        title="Rows",
        description="Rows of patients.csv that it counts: column=word|word; column=word. "
        "Begin with among where it counts some of them only.",
        examples=["features=FLT3 ITD"],
    )
    as_printed: Annotated[str, Text(longest=80)] = TextColumn(
        title="As printed",
        description="The value as the paper prints it, a few characters.",
        examples=["6.6 months (range, 0.2-45.6)"],
    )
    where: Annotated[str, Where(required=True)] = TextColumn(
        title="Where",
        description="Place in the paper; up to the first comma the table or section.",
        examples=["Table 3, row Duration of follow up"],
    )
    note: Annotated[str, Text()] = TextColumn(
        title="Note", description="Anything unusual about the statement.", examples=["31 + 7"]
    )


class ReportingRow(SheetRow):
    """Which adverse events a report lists: one that it does not list lies below the rule."""

    group: Annotated[str, Choice(vocabulary="group", required=True)] = TextColumn(
        title="Group", description="Group of groups.csv that the list is about.", examples=["all"]
    )
    grade: Annotated[str, Choice(vocabulary="grade", required=True)] = TextColumn(
        title="Grade", description="Grade to which the rule applies.", examples=["any"]
    )
    rule: Annotated[str, Choice(vocabulary="reporting_rule", required=True)] = TextColumn(
        title="Rule", description="Which events are listed.", examples=["at-least"]
    )
    value: Annotated[float | None, Percent(required=True)] = NumberColumn(
        title="Value",
        description="The limit: a percentage of the patients, or a number of them.",
        examples=["10"],
    )
    unit: Annotated[str, Choice(vocabulary="reporting_unit", required=True)] = TextColumn(
        title="Unit", description="What the limit counts.", examples=["percent"]
    )
    where: Annotated[str, Where(required=True)] = TextColumn(
        title="Where",
        description="Place in the paper where it says so.",
        examples=["Table 4, heading"],
    )


class DecisionRow(SheetRow):
    """Why a cell that a paper leaves undecided is kept as a range, and who decided so."""

    group: Annotated[str, Choice(vocabulary="group", required=True)] = TextColumn(
        title="Group", description="Group of the cell in counts.csv.", examples=["all"]
    )
    outcome: Annotated[str, Choice(vocabulary="outcome", required=True)] = TextColumn(
        title="Outcome", description="Outcome of the cell.", examples=["bacteremia"]
    )
    grade: Annotated[str, Choice(vocabulary="grade")] = TextColumn(
        title="Grade", description="Grade of the cell.", examples=["ge3"]
    )
    window: Annotated[str, Choice(vocabulary="window")] = TextColumn(
        title="Window", description="Window of the cell.", examples=["cycle-1"]
    )
    denominator: Annotated[str, Choice(vocabulary="denominator", required=True)] = TextColumn(
        title="Denominator", description="Denominator of the cell.", examples=["all_treated"]
    )
    kept: Annotated[Span | None, Events()] = NumberColumn(
        title="Kept",
        description="Events kept in counts.csv: low..high.",
        examples=["1..11"],
    )
    decided_by: Annotated[str, Text(required=True)] = TextColumn(
        title="Decided by", description="Who decided.", examples=["A. Smith"]
    )
    reason: Annotated[str, Text(required=True)] = TextColumn(
        title="Reason",
        description="Which readings there are, and why neither can be ruled out.",
        examples=["1/38 by the count, 11/38 by the percentage."],
    )


class ReconciledRow(SheetRow):
    """A cell, or a whole row, that two extractors read differently, and what they agreed on.

    Comparing two workbooks fills this in; leave it as it is.
    """

    sheet: Annotated[str, Text(required=True, longest=40)] = TextColumn(
        title="Sheet", description="Sheet in which they differ.", examples=["counts"]
    )
    row: Annotated[str, Text(required=True)] = TextColumn(
        title="Row",
        description="The row, by the cells that name it.",
        examples=["group all, outcome anemia, grade any, denominator all_treated"],
    )
    column: Annotated[str, Text(longest=60)] = TextColumn(
        title="Column",
        description="Column in which they differ; empty: one of them has no such row at all.",
        examples=["events"],
    )
    first: Annotated[str, Text()] = TextColumn(
        title="First reading", description="What the first extractor wrote.", examples=["12"]
    )
    second: Annotated[str, Text()] = TextColumn(
        title="Second reading", description="What the second extractor wrote.", examples=["21"]
    )
    decision: Annotated[str, Choice(vocabulary="reconciling", required=True)] = TextColumn(
        title="Decision", description="Whose reading is recorded.", examples=["first"]
    )
    agreed: Annotated[str, Text()] = TextColumn(
        title="Agreed", description="What is recorded if neither reading is.", examples=["13"]
    )
    decided_by: Annotated[str, Text(required=True)] = TextColumn(
        title="Decided by", description="Who decided.", examples=["A. Smith; B. Jones"]
    )
    reason: Annotated[str, Text()] = TextColumn(
        title="Reason", description="Why.", examples=["Table 4 says 12 (29%), and 12/42 is 29%."]
    )
