"""Rows of estimates: percentages that are no counts, such as a survival at a fixed time."""

from __future__ import annotations

from typing import Annotated

from toolkit.sheets.cells import Percent, Text, Where, Whole, Word, Years
from toolkit.sheets.row import Column, Number, Row


class EstimateRow(Row):
    """A printed percentage of patients: one row per group, outcome, grade and time."""

    group: Annotated[str, Word(vocabulary="group", required=True)] = Column(
        title="Group", description="Key of a group in groups.", examples=["all"]
    )
    outcome: Annotated[str, Word(vocabulary="outcome", required=True)] = Column(
        title="Outcome", description="Key of an outcome of the review.", examples=["survival"]
    )
    grade: Annotated[str, Word(vocabulary="grade")] = Column(
        title="Grade", description="Severity of a toxicity; empty otherwise.", examples=["ge3"]
    )
    time_years: Annotated[float | None, Years()] = Number(
        title="Time in years",
        description="Years from the start to which the percentage belongs, footnotes included; "
        "empty for a percentage without a time.",
        examples=["5"],
    )
    status: Annotated[str, Word(vocabulary="estimate_status")] = Column(
        title="Status",
        description="Empty for a number the paper reports; else why the row is not plain.",
        examples=["not_reported"],
    )
    percent: Annotated[float | None, Percent()] = Number(
        title="Percent",
        description="The percentage with the decimals printed.",
        examples=["43.2"],
    )
    low_percent: Annotated[float | None, Percent()] = Number(
        title="Lower limit", description="Lower limit of its interval.", examples=["30.7"]
    )
    high_percent: Annotated[float | None, Percent()] = Number(
        title="Upper limit", description="Upper limit of its interval.", examples=["55.1"]
    )
    level_percent: Annotated[float | None, Percent()] = Number(
        title="Level",
        description="Coverage of the interval; empty: 95.",
        examples=["95"],
    )
    interval_scale: Annotated[str, Word(vocabulary="interval_scale")] = Column(
        title="Scale of the interval",
        description="Scale on which the paper says the interval was computed; empty: not said, "
        "and then read off the printed digits.",
        examples=["log-log"],
    )
    standard_error_percent: Annotated[float | None, Percent()] = Number(
        title="Standard error",
        description="Printed standard error, in percentage points.",
        examples=["5.6"],
    )
    patients: Annotated[int | None, Whole(least=1)] = Number(
        title="Patients", description="Patients at the start.", examples=["62"]
    )
    at_risk: Annotated[int | None, Whole()] = Number(
        title="At risk",
        description="Patients still observed and free of the event at that time, if printed.",
        examples=["20"],
    )
    as_printed: Annotated[str, Text(longest=80)] = Column(
        title="As printed",
        description="The cell as the paper prints it, a few characters.",
        examples=["43.2 (30.7-55.1)"],
    )
    basis: Annotated[str, Word(vocabulary="basis", required=True)] = Column(
        title="Basis", description="How the percentage is known.", examples=["reported"]
    )
    source: Annotated[str, Word(vocabulary="source", required=True)] = Column(
        title="Source",
        description="primary (the series' own report) or the key of the report that quotes it.",
        examples=["primary"],
    )
    where: Annotated[str, Where(required=True)] = Column(
        title="Where",
        description="Place in the paper: table, row and column, or section and paragraph.",
        examples=["Table 1, row Trial A, column 5-year survival"],
    )
    note: Annotated[str, Text()] = Column(
        title="Note",
        description="Footnotes, arithmetic of a derived number, both readings of a contradicted "
        "one.",
        examples=["Footnote: four years."],
    )
