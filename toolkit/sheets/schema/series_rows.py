"""Rows of the sheets of one series: groups, counts, percentages, patients, appraisal."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from toolkit.sheets.schema.cells import Choice, Doi, Slug, Span, Text, Where
from toolkit.sheets.schema.numbers import Events, Percent, Whole, Years

TextColumn = partial(Field, default="")


NumberColumn = partial(Field, default=None)


class SheetRow(BaseModel):
    """One row of a sheet; a cell that could not be read stands at its empty value."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SeriesRow(SheetRow):
    """The series as a whole: what was published, where, how, and who extracted it."""

    label: Annotated[str, Text(required=True, longest=60)] = TextColumn(
        title="Label",
        description="Short name shown in figures: first author or center, and year.",
        examples=["Smith 2020"],
    )
    citation: Annotated[str, Text(required=True)] = TextColumn(
        title="Citation",
        description="Authors, title, journal, volume and pages of the series' own report.",
        examples=["Smith A, Jones B. A series of patients. Journal 2020;1(1):1-9"],
    )
    year: Annotated[int | None, Whole(least=1900, most=2100, check="")] = NumberColumn(
        title="Year", description="Year of publication; empty if not known.", examples=["2020"]
    )
    doi: Annotated[str, Doi()] = TextColumn(
        title="DOI",
        description="Digital object identifier, from 10. on.",
        examples=["10.1000/example.2020.1"],
    )
    other_ids: Annotated[str, Text()] = TextColumn(
        title="Other identifiers",
        description="PMID, PMCID, trial registration.",
        examples=["PMID 1234567; NCT00000000"],
    )
    countries: Annotated[str, Text()] = TextColumn(
        title="Countries",
        description="Countries that treated the patients, between semicolons; centers in brackets.",
        examples=["France (Lyon; Paris); Spain"],
    )
    design: Annotated[str, Text()] = TextColumn(
        title="Design",
        description="How patients were gathered.",
        examples=["retrospective, 4 centers, consecutive patients"],
    )
    accrual: Annotated[str, Text()] = TextColumn(
        title="Accrual",
        description="First and last month, or year, in which patients were treated.",
        examples=["2017-01 to 2023-12"],
    )
    patients_enrolled: Annotated[int | None, Whole(least=1)] = NumberColumn(
        title="Patients enrolled",
        description="All patients of the report, eligible for this review or not.",
        examples=["38"],
    )
    toxicity_criteria: Annotated[str, Text()] = TextColumn(
        title="Toxicity criteria",
        description='Criteria by which grades were given, with version; "not stated" if so.',
        examples=["CTCAE 5.0"],
    )
    followup: Annotated[str, Text()] = TextColumn(
        title="Follow-up",
        description="How long patients were followed, as the paper says it.",
        examples=["median 6.6 months (range 0.2-45.6)"],
    )
    report_read: Annotated[str, Choice(vocabulary="report_read", required=True)] = TextColumn(
        title="Own report read",
        description="How much of the series' own report was read.",
        examples=["full text"],
    )
    read_in: Annotated[str, Choice(vocabulary="read_in")] = TextColumn(
        title="Read in",
        description='"own report", or the key of the report that quotes the series.',
        examples=["own report"],
    )
    extracted_by: Annotated[str, Text(required=True)] = TextColumn(
        title="Extracted by", description="Who filled in these sheets.", examples=["A. Smith"]
    )
    checked_by: Annotated[str, Text()] = TextColumn(
        title="Checked by",
        description="Who checked them against the paper; empty: nobody yet.",
        examples=["B. Jones"],
    )
    note: Annotated[str, Text()] = TextColumn(
        title="Note",
        description="Anything a reader of the series must know.",
        examples=["Two patients were treated before registration."],
    )


class GroupRow(SheetRow):
    """A group of patients; the first holds all treated patients, the others are parts of it."""

    key: Annotated[str, Slug(required=True)] = TextColumn(
        title="Key", description="Plain key of the group, used in counts.", examples=["all"]
    )
    label: Annotated[str, Text(required=True)] = TextColumn(
        title="Label", description="Name shown for the group.", examples=["All treated patients"]
    )
    patients: Annotated[int | None, Whole(least=1)] = NumberColumn(
        title="Patients", description="Patients in the group; empty: not stated.", examples=["38"]
    )
    parent: Annotated[str, Choice(vocabulary="group")] = TextColumn(
        title="Parent",
        description="Key of the group this one is part of; empty for the first group alone.",
        examples=["all"],
    )
    where: Annotated[str, Where(required=True)] = TextColumn(
        title="Where", description="Place in the paper.", examples=["Table 1, row Total"]
    )
    note: Annotated[str, Text()] = TextColumn(
        title="Note", description="Anything unusual about the group.", examples=["36 + 2"]
    )


class CountRow(SheetRow):
    """Events among a total: one row per group, outcome, grade and window."""

    group: Annotated[str, Choice(vocabulary="group", required=True)] = TextColumn(
        title="Group", description="Key of a group in groups.", examples=["all"]
    )
    outcome: Annotated[str, Choice(vocabulary="outcome", required=True)] = TextColumn(
        title="Outcome", description="Key of an outcome of the review.", examples=["cr"]
    )
    grade: Annotated[str, Choice(vocabulary="grade")] = TextColumn(
        title="Grade", description="Severity of a toxicity; empty for a response.", examples=["ge3"]
    )
    window: Annotated[str, Choice(vocabulary="window")] = TextColumn(
        title="Window",
        description="When the outcome was looked for, where the paper tells windows apart.",
        examples=["cycle-1"],
    )
    status: Annotated[str, Choice(vocabulary="status")] = TextColumn(
        title="Status",
        description="Empty for a number the paper reports; else why the row is not plain.",
        examples=["not_reported"],
    )
    events: Annotated[Span | None, Events()] = NumberColumn(
        title="Events",
        description="Patients with the outcome; low..high where the paper leaves it undecided.",
        examples=["10"],
    )
    total: Annotated[int | None, Whole(least=1)] = NumberColumn(
        title="Total", description="Patients observed for the outcome.", examples=["38"]
    )
    denominator: Annotated[str, Choice(vocabulary="denominator", required=True)] = TextColumn(
        title="Denominator", description="Whom the total counts.", examples=["all_treated"]
    )
    as_printed: Annotated[str, Text(longest=80)] = TextColumn(
        title="As printed",
        description="The cell as the paper prints it, a few characters.",
        examples=["10 (26.3%)"],
    )
    basis: Annotated[str, Choice(vocabulary="basis", required=True)] = TextColumn(
        title="Basis", description="How the number of events is known.", examples=["reported"]
    )
    source: Annotated[str, Choice(vocabulary="source", required=True)] = TextColumn(
        title="Source",
        description="primary (the series' own report) or the key of the report that quotes it.",
        examples=["primary"],
    )
    where: Annotated[str, Where(required=True)] = TextColumn(
        title="Where",
        description="Place in the paper: table, row and column, or section and paragraph.",
        examples=["Table 4, row Neutropenia, column Grade 3 or worse"],
    )
    note: Annotated[str, Text()] = TextColumn(
        title="Note",
        description="Arithmetic of a derived number; both readings of a contradicted one.",
        examples=["67% of 27: only 18 rounds to it"],
    )


class PatientRow(SheetRow):
    """One patient of a patient-level table, as published."""

    patient: Annotated[str, Text(required=True, longest=40)] = TextColumn(
        title="Patient", description="The paper's own number of the patient.", examples=["1"]
    )
    response: Annotated[str, Choice(vocabulary="outcome")] = TextColumn(
        title="Response", description="Key of the outcome the patient had.", examples=["cr"]
    )
    mrd: Annotated[str, Choice(vocabulary="mrd")] = TextColumn(
        title="Residual disease", description="Result in a responder.", examples=["negative"]
    )
    features: Annotated[str, Text()] = TextColumn(
        title="Features",
        description="Further findings as the paper spells them.",
        examples=["complex karyotype"],
    )
    where: Annotated[str, Where(required=True)] = TextColumn(
        title="Where", description="Place in the paper.", examples=["Table 2, patient 1"]
    )
    note: Annotated[str, Text()] = TextColumn(
        title="Note", description="Anything unusual about the patient.", examples=["see text"]
    )


class AppraisalRow(SheetRow):
    """One item of the critical-appraisal checklist for case series."""

    item: Annotated[str, Choice(vocabulary="item", required=True)] = TextColumn(
        title="Item", description="Number of the item.", examples=["1"]
    )
    judgement: Annotated[str, Choice(vocabulary="judgement", required=True)] = TextColumn(
        title="Judgement", description="Whether the item is met.", examples=["yes"]
    )
    ground: Annotated[str, Text(required=True)] = TextColumn(
        title="Ground", description="Why, in one sentence.", examples=["Criteria are listed."]
    )
    where: Annotated[str, Text()] = TextColumn(
        title="Where", description="Place in the paper.", examples=["Methods, Patients"]
    )


class EstimateRow(SheetRow):
    """A printed percentage of patients: one row per group, outcome, grade and time."""

    group: Annotated[str, Choice(vocabulary="group", required=True)] = TextColumn(
        title="Group", description="Key of a group in groups.", examples=["all"]
    )
    outcome: Annotated[str, Choice(vocabulary="outcome", required=True)] = TextColumn(
        title="Outcome", description="Key of an outcome of the review.", examples=["survival"]
    )
    grade: Annotated[str, Choice(vocabulary="grade")] = TextColumn(
        title="Grade", description="Severity of a toxicity; empty otherwise.", examples=["ge3"]
    )
    time_years: Annotated[float | None, Years()] = NumberColumn(
        title="Time in years",
        description="Years from the start to which the percentage belongs, footnotes included; "
        "empty for a percentage without a time.",
        examples=["5"],
    )
    status: Annotated[str, Choice(vocabulary="estimate_status")] = TextColumn(
        title="Status",
        description="Empty for a number the paper reports; else why the row is not plain.",
        examples=["not_reported"],
    )
    percent: Annotated[float | None, Percent()] = NumberColumn(
        title="Percent",
        description="The percentage with the decimals printed.",
        examples=["43.2"],
    )
    low_percent: Annotated[float | None, Percent()] = NumberColumn(
        title="Lower limit", description="Lower limit of its interval.", examples=["30.7"]
    )
    high_percent: Annotated[float | None, Percent()] = NumberColumn(
        title="Upper limit", description="Upper limit of its interval.", examples=["55.1"]
    )
    level_percent: Annotated[float | None, Percent()] = NumberColumn(
        title="Level",
        description="Coverage of the interval; empty: 95.",
        examples=["95"],
    )
    interval_scale: Annotated[str, Choice(vocabulary="interval_scale")] = TextColumn(
        title="Scale of the interval",
        description="Scale on which the paper says the interval was computed; empty: not said, "
        "and then read off the printed digits.",
        examples=["log-log"],
    )
    standard_error_percent: Annotated[float | None, Percent()] = NumberColumn(
        title="Standard error",
        description="Printed standard error, in percentage points.",
        examples=["5.6"],
    )
    patients: Annotated[int | None, Whole(least=1)] = NumberColumn(
        title="Patients", description="Patients at the start.", examples=["62"]
    )
    at_risk: Annotated[int | None, Whole()] = NumberColumn(
        title="At risk",
        description="Patients still observed and free of the event at that time, if printed.",
        examples=["20"],
    )
    as_printed: Annotated[str, Text(longest=80)] = TextColumn(
        title="As printed",
        description="The cell as the paper prints it, a few characters.",
        examples=["43.2 (30.7-55.1)"],
    )
    basis: Annotated[str, Choice(vocabulary="basis", required=True)] = TextColumn(
        title="Basis", description="How the percentage is known.", examples=["reported"]
    )
    source: Annotated[str, Choice(vocabulary="source", required=True)] = TextColumn(
        title="Source",
        description="primary (the series' own report) or the key of the report that quotes it.",
        examples=["primary"],
    )
    where: Annotated[str, Where(required=True)] = TextColumn(
        title="Where",
        description="Place in the paper: table, row and column, or section and paragraph.",
        examples=["Table 1, row Trial A, column 5-year survival"],
    )
    note: Annotated[str, Text()] = TextColumn(
        title="Note",
        description="Footnotes, arithmetic of a derived number, both readings of a contradicted "
        "one.",
        examples=["Footnote: four years."],
    )
