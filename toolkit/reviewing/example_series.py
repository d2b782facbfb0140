"""The invented series of a new review: a response, a harm by grade, a subgroup, a survival."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.reviewing.plan import Plan
from toolkit.sheets.csv_files import write_table
from toolkit.sheets.schema.schema import Kind, schema


def _sheet(kind: Kind, *rows: dict[str, str]) -> str:
    """Return a sheet of a series; cells that are not given are empty."""
    return write_table(kind.columns, [[row.get(name, "") for name in kind.columns] for row in rows])


def example_series(plan: Plan) -> dict[str, str]:
    """Return the sheets of the example series by their names."""
    kinds = schema({"line": "Line of treatment"}, {"treatment": "Treatment"})
    fields = {
        "label": "Example 2020",
        "citation": "Invented, to show where each fact belongs",
        "year": "2020",
        "patients_enrolled": "40",
        "treatment": "As the report calls it",
        "toxicity_criteria": "CTCAE 5.0",
        "report_read": "full text",
        "read_in": "own report",
        "extracted_by": plan.extracted_by,
        "note": "Invented numbers: remove this folder when the first real series is in.",
    }
    upright = kinds.kind("series")
    return {
        upright.file: write_table(
            ("field", "value"), [(name, fields.get(name, "")) for name in upright.columns]
        ),
        "groups.csv": _sheet(kinds.kind("groups"), *_GROUPS),
        "counts.csv": _sheet(kinds.kind("counts"), *_counts(plan)),
        "estimates.csv": _sheet(kinds.kind("estimates"), _percentage(plan)),
    }


_GROUPS = (
    {"key": "all", "label": "All treated patients", "patients": "40", "line": "mixed"}
    | {"where": "Table 1, row Patients"},
    {"key": "first-line", "label": "First line", "patients": "25", "parent": "all"}
    | {"line": "first", "where": "Table 1, row First line"},
)
"""The whole, and a subgroup: patients of the first line."""

_PLACE = {"basis": "reported", "source": "primary"}


def _counts(plan: Plan) -> Iterator[dict[str, str]]:
    """Yield the counts of the example: a response and a harm of all, a response of a subgroup."""
    response = "first" if plan.measure == "counts" else "response"
    everybody = {**_PLACE, "group": "all", "total": "40", "denominator": "all_treated"}
    some = {**_PLACE, "group": "first-line", "total": "25", "denominator": "subgroup"}
    row = "Table 2, row Response, column"
    yield {**everybody, "outcome": response, "events": "12", "as_printed": "12 (30%)"} | {
        "where": f"{row} All patients"
    }
    yield {**everybody, "outcome": "harm", "grade": "ge3", "events": "7"} | {
        "as_printed": "7 (18)",
        "where": "Table 3, row Any event, column Grade 3 or worse",
    }
    yield {**some, "outcome": response, "events": "9", "as_printed": "9 (36%)"} | {
        "where": f"{row} First line"
    }


def _percentage(plan: Plan) -> dict[str, str]:
    """Return a percentage at a time, as survival is printed."""
    return {
        **_PLACE,
        "group": "all",
        "outcome": "first" if plan.measure == "survival" else "alive",
        "time_years": f"{plan.time_years:g}",
        "percent": "43.2",
        "low_percent": "27.7",
        "high_percent": "57.7",
        "patients": "40",
        "as_printed": "43.2 (27.7-57.7)",
        "where": "Table 2, row Survival, column All patients",
    }
