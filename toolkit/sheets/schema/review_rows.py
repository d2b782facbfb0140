"""Rows of the sheets that belong to a review as a whole: reports, flow, overlap, comparators."""

from __future__ import annotations

from typing import Annotated

from toolkit.sheets.schema.cells import Choice, Slug, Text, Where
from toolkit.sheets.schema.numbers import Percent, Whole
from toolkit.sheets.schema.series_rows import NumberColumn, SheetRow, TextColumn


class ReportRow(SheetRow):
    """A report that the search met, and what became of it."""

    key: Annotated[str, Slug(required=True)] = TextColumn(
        title="Key", description="Plain key of the report.", examples=["smith-2020"]
    )
    citation: Annotated[str, Text(required=True)] = TextColumn(
        title="Citation", description="Enough to find it.", examples=["Smith A. Journal 2020;1:1"]
    )
    series: Annotated[str, Choice(vocabulary="series")] = TextColumn(
        title="Series", description="Series folder that holds its numbers.", examples=["smith-2020"]
    )
    status: Annotated[str, Choice(vocabulary="report_status", required=True)] = TextColumn(
        title="Status", description="What became of it.", examples=["included"]
    )
    reason: Annotated[str, Text()] = TextColumn(
        title="Reason", description="Why it is not included.", examples=["adults only"]
    )
    next_step: Annotated[str, Text()] = TextColumn(
        title="Next step", description="What to do about it.", examples=["order the full text"]
    )


class FlowRow(SheetRow):
    """One box of the PRISMA 2020 flow diagram."""

    box: Annotated[str, Slug(required=True)] = TextColumn(
        title="Box", description="Key of the box.", examples=["reports_not_retrieved"]
    )
    label: Annotated[str, Text(required=True)] = TextColumn(
        title="Label", description="Words in the box.", examples=["Reports not retrieved"]
    )
    number: Annotated[int | None, Whole(check="")] = NumberColumn(
        title="Number", description="How many; empty: still to be done.", examples=["4"]
    )
    note: Annotated[str, Text()] = TextColumn(
        title="Note", description="What is still to be done.", examples=["no database search yet"]
    )


class OverlapRow(SheetRow):
    """A judged pair of series that may share patients."""

    first: Annotated[str, Choice(vocabulary="series_or_report", required=True)] = TextColumn(
        title="First", description="Key of a series or a report.", examples=["smith-2020"]
    )
    second: Annotated[str, Choice(vocabulary="series_or_report", required=True)] = TextColumn(
        title="Second", description="Key of another one.", examples=["jones-2021"]
    )
    judgement: Annotated[str, Choice(vocabulary="overlap_judgement", required=True)] = TextColumn(
        title="Judgement", description="Whether patients are shared.", examples=["separate"]
    )
    evidence: Annotated[str, Text(required=True)] = TextColumn(
        title="Evidence", description="What speaks for it.", examples=["different countries"]
    )
    decided_by: Annotated[str, Text(required=True)] = TextColumn(
        title="Decided by", description="Who judged.", examples=["A. Smith"]
    )


class GradeRow(SheetRow):
    """One judgement of how far an answer can be trusted: GRADE for prognosis, Iorio 2015."""

    outcome: Annotated[str, Choice(vocabulary="outcome", required=True)] = TextColumn(
        title="Outcome", description="Key of an outcome of the review.", examples=["cr"]
    )
    domain: Annotated[str, Choice(vocabulary="grade_domain", required=True)] = TextColumn(
        title="Domain", description="What is judged.", examples=["imprecision"]
    )
    judgement: Annotated[str, Choice(vocabulary="grade_judgement", required=True)] = TextColumn(
        title="Judgement",
        description="How serious the limitation is; for certainty, how high it is.",
        examples=["serious"],
    )
    reason: Annotated[str, Text(required=True)] = TextColumn(
        title="Reason", description="Why, in a sentence.", examples=["Few patients."]
    )
    decided_by: Annotated[str, Text(required=True)] = TextColumn(
        title="Decided by",
        description="Who judged; people who judged independently stand between semicolons.",
        examples=["A. Smith; B. Jones"],
    )


class ComparatorRow(SheetRow):
    """A published estimate shown beside a pool and never pooled."""

    key: Annotated[str, Slug(required=True)] = TextColumn(
        title="Key", description="Plain key of the comparator.", examples=["trial-a-cr"]
    )
    label: Annotated[str, Text(required=True)] = TextColumn(
        title="Label", description="Name shown for it.", examples=["Trial A"]
    )
    population: Annotated[str, Text(required=True)] = TextColumn(
        title="Population", description="Who was treated.", examples=["adults, first line"]
    )
    outcome: Annotated[str, Choice(vocabulary="outcome", required=True)] = TextColumn(
        title="Outcome", description="Key of an outcome of the review.", examples=["cr"]
    )
    grade: Annotated[str, Choice(vocabulary="grade")] = TextColumn(
        title="Grade", description="Severity of a toxicity.", examples=["ge3"]
    )
    events: Annotated[int | None, Whole()] = NumberColumn(
        title="Events", description="Patients with the outcome, if printed.", examples=["105"]
    )
    total: Annotated[int | None, Whole(least=1)] = NumberColumn(
        title="Total", description="Patients observed, if printed.", examples=["286"]
    )
    percent: Annotated[float | None, Percent()] = NumberColumn(
        title="Percent", description="Printed estimate.", examples=["36.7"]
    )
    low_percent: Annotated[float | None, Percent()] = NumberColumn(
        title="Lower limit", description="Printed lower limit.", examples=["31.1"]
    )
    high_percent: Annotated[float | None, Percent()] = NumberColumn(
        title="Upper limit", description="Printed upper limit.", examples=["42.6"]
    )
    as_printed: Annotated[str, Text(longest=80)] = TextColumn(
        title="As printed", description="The estimate as printed.", examples=["36.7% (31.1-42.6)"]
    )
    source: Annotated[str, Choice(vocabulary="report", required=True)] = TextColumn(
        title="Source", description="Key of the report it was read in.", examples=["smith-2020"]
    )
    where: Annotated[str, Where(required=True)] = TextColumn(
        title="Where", description="Place in that report.", examples=["Discussion, paragraph 4"]
    )
    why_not_comparable: Annotated[str, Text(required=True)] = TextColumn(
        title="Why not comparable", description="A tag of a few words.", examples=["adults"]
    )
    note: Annotated[str, Text()] = TextColumn(
        title="Note", description="Anything else.", examples=["rounded in the source"]
    )
