"""A new review to start from: protocol, prose and one example series that pass every check.

What it says is about reviews in general; the words of one review are its own.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from toolkit.errors import ChoiceError, SheetError, ToolkitError
from toolkit.load import EXTRACTIONS, problems
from toolkit.reviewing.workbooks import make_workbook
from toolkit.sheets.csv_files import write_table
from toolkit.sheets.folder import PROTOCOL
from toolkit.sheets.schema.cells import SLUG, not_a_slug
from toolkit.sheets.schema.review_rows import FlowRow, OverlapRow, ReportRow
from toolkit.sheets.schema.schema import Kind, schema

Measure = Literal["counts", "survival"]
MEASURES: dict[str, str] = {
    "counts": "patients with an event among those treated (counts.csv)",
    "survival": "percentages alive at a fixed time (estimates.csv)",
}
"""What a review may measure first; the other can be added later."""

EXAMPLE = "example-2020"
"""Key of the example series; it is invented, and to be replaced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a new review is asked for.

    Attributes
    ----------
    key : str
        Name of its folder.
    title, question, outcome : str
        Words of the protocol: title, question in one sentence, name of the first outcome.
    measure : {"counts", "survival"}
        What the first outcome is measured by.
    time_years : float
        Years at which a survival is pooled.
    extracted_by : str
        Who fills in the example.
    """

    key: str
    title: str = ""
    question: str = "How often does it happen?"
    outcome: str = "Response"
    measure: Measure = "counts"
    time_years: float = 5.0
    extracted_by: str = "nobody: an invented example"


def make_review(plan: Plan, place: Path | None = None) -> Path:
    """Write a new review, its example as sheets and as a workbook, and return its folder.

    Parameters
    ----------
    plan : Plan
        What it is about.
    place : Path, optional
        Folder of the reviews; ``extractions`` of the current directory unless given.

    Raises
    ------
    ToolkitError
        If the key is not plain, the folder is there already or cannot be written. Nothing is
        left of a review that could not be finished.
    ChoiceError
        For a measure that is not known.
    SheetError
        If the words given do not make a review.
    """
    if not SLUG.fullmatch(plan.key):
        raise ToolkitError(" ".join(not_a_slug("REVIEW", plan.key)))
    if plan.measure not in get_args(Measure):
        raise ChoiceError("measure", plan.measure, get_args(Measure))
    folder = (Path(EXTRACTIONS) if place is None else place) / plan.key
    if folder.exists():
        raise ToolkitError(f"{folder} is there already: choose another name, or work on that one.")
    try:
        write_files(folder, _files(plan))
        if found := problems(folder):
            raise SheetError(found)
        make_workbook(folder, EXAMPLE, folder / f"{EXAMPLE}.xlsx")
    except OSError as failure:
        shutil.rmtree(folder, ignore_errors=True)
        raise ToolkitError(f"{folder} cannot be written: {failure.strerror}.") from None
    except ToolkitError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


def write_files(folder: Path, files: dict[str, str]) -> None:
    """Write files below a folder, with LF line ends on every system."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def _files(plan: Plan) -> dict[str, str]:
    """Return every file of a new review by its place in the folder."""
    return {
        PROTOCOL: _protocol(plan),
        "README.md": _prose(plan),
        "reports.csv": _table(
            ReportRow,
            {
                "key": EXAMPLE,
                "citation": "An invented report, to be replaced by the first real one",
                "series": EXAMPLE,
                "status": "included",
                "next_step": "Remove the example when the first real series is in.",
            },
        ),
        "flow.csv": _table(
            FlowRow,
            {
                "box": "databases_identified",
                "label": "Records identified from databases",
                "note": "No database search has been made yet.",
            },
        ),
        "overlap.csv": _table(OverlapRow),
        **{f"series/{EXAMPLE}/{name}": text for name, text in _example(plan).items()},
    }


def _table(model: type[ReportRow | FlowRow | OverlapRow], *rows: dict[str, str]) -> str:
    """Return a sheet of the review as a whole; cells that are not given are empty."""
    heading = tuple(model.model_fields)
    return write_table(heading, [[row.get(name, "") for name in heading] for row in rows])


def _sheet(kind: Kind, *rows: dict[str, str]) -> str:
    """Return a sheet of a series; cells that are not given are empty."""
    return write_table(kind.columns, [[row.get(name, "") for name in kind.columns] for row in rows])


def _example(plan: Plan) -> dict[str, str]:
    """Return the sheets of the example series by their names."""
    kinds = schema({"line": "Line of treatment"}, {"treatment": "Treatment"})
    fields = {
        "label": "Example 2020",
        "citation": "Invented, to show where each fact belongs",
        "year": "2020",
        "patients_enrolled": "40",
        "treatment": "As the report calls it",
        "toxicity_criteria": "not stated",
        "report_read": "full text",
        "read_in": "own report",
        "extracted_by": plan.extracted_by,
        "note": "Invented numbers: remove this folder when the first real series is in.",
    }
    place = {"group": "all", "outcome": "first", "basis": "reported", "source": "primary"}
    where = "Table 2, row First outcome, column All patients"
    counts = {"events": "12", "total": "40", "denominator": "all_treated"}
    estimates = {
        "time_years": f"{plan.time_years:g}",
        "percent": "43.2",
        "low_percent": "27.7",
        "high_percent": "57.7",
        "patients": "40",
    }
    counted = {**place, **counts, "as_printed": "12 (30%)", "where": where}
    estimated = {**place, **estimates, "as_printed": "43.2 (27.7-57.7)", "where": where}
    upright = kinds.kind("series")
    sheets = {
        upright.file: write_table(
            ("field", "value"), [(name, fields.get(name, "")) for name in upright.columns]
        ),
        "groups.csv": _sheet(
            kinds.kind("groups"),
            {
                "key": "all",
                "label": "All treated patients",
                "patients": "40",
                "line": "first",
                "where": "Table 1, row Patients",
            },
        ),
        "counts.csv": _sheet(
            kinds.kind("counts"), *((counted,) if plan.measure == "counts" else ())
        ),
    }
    if plan.measure == "survival":
        sheets["estimates.csv"] = _sheet(kinds.kind("estimates"), estimated)
    return sheets


def toml_text(text: str) -> str:
    """Return words as a TOML text."""
    plain = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'


_METHODS = {
    "counts": """\
# Counts: the exact binomial likelihood with a normal spread between centres, by maximum likelihood.
[methods.response]
model = "binomial-normal"
fit = "ml"
interval = "t"
estimand = "typical"          # or "average": the mean over centres
""",
    "survival": """\
# Percentages without counts: inverse variance on the scale of the log hazard.
[methods.survival]
model = "inverse-variance"
scale = "complementary-log-log"
tau2 = "reml"
interval = "hartung-knapp"
prediction = "t(k-1)"
approximation = "between"     # variance of a percentage without interval: optimistic, pessimistic
estimand = "typical"
""",
}


def _protocol(plan: Plan) -> str:
    """Return review.toml with a comment on everything that is to be decided."""
    kind, timed = "response", ""
    if plan.measure == "survival":
        kind = "survival"
        timed = f"time_years = {plan.time_years:g}              # the time that is pooled\n"
    return f"""\
# The protocol of this review: what is asked, of whom, and how it is answered.
# Fix it before the first estimate is computed; a later change belongs in the changelog.
# Every list of words stands in order of preference: the first that a series offers is used.

title = {toml_text(plan.title or plan.key.replace("-", " ").capitalize())}
question = {toml_text(plan.question)}
population = "Who counts, in one sentence."
primary_set = "primary"
status = "A new review with one invented example. No database has been searched yet."

[search]
last_search = ""              # date of the last search, such as "2026-01-31"
sources = []                  # such as ["PubMed", "Embase"]
note = "Still to be done."

# Facts told of every series beside those that all reviews have: key = "Label".
[series_fields]
treatment = "Treatment"

# ---------------------------------------------------------------- groups of patients
# A facet is a property by which groups differ; its words are what groups.csv may say.
[facets.line]
label = "Line of treatment"
[facets.line.words]
first = "First line"
later = "Later lines"
mixed = "Both"

# Times at which an event is looked for, where papers tell them apart: key = "Label".
[windows]

# ---------------------------------------------------------------- headline methods
{_METHODS[plan.measure]}
# ---------------------------------------------------------------- outcomes
[outcomes.first]
label = {toml_text(plan.outcome)}
short = {toml_text(plan.outcome)}
definition = "What counts, in one sentence."
kind = "{kind}"
direction = "benefit"         # or "harm"
{timed}shown = true

# ---------------------------------------------------------------- analysis sets
# Sets are variants of one question and compared with each other. A set that asks another question
# says role = "context": it stands beside the answer and in no comparison.
[sets.primary]
label = "Primary"
description = "Every group that a series reports."
construct = "exact"           # or "nearest": the outcome's stand-ins count where it is not reported
[sets.primary.where]
line = ["mixed", "later", "first"]

[sets.first-line]
extends = "primary"
label = "First line"
description = "As primary, first line of treatment only."
[sets.first-line.where]
line = ["first"]

# Facets by which the book shows pools apart.
[subgroups]
by = ["line"]

[next_patients]
patients = 20
"""


def _prose(plan: Plan) -> str:
    """Return the README of a new review."""
    return f"""\
# {plan.title or plan.key.replace("-", " ").capitalize()}

`review.toml` holds the question, the words and how each outcome is answered; its comments say what
is to be decided. `series/` holds one folder per published series; `{EXAMPLE}` is invented and shows
where each fact belongs; `{EXAMPLE}.xlsx` is the same series as a workbook.

1. Decide what `review.toml` asks, and fix it before the first number is entered.
2. `python3 -m toolkit sheet {plan.key} smith-2020` writes a workbook for the first real series.
3. Fill it in and `python3 -m toolkit add {plan.key} smith-2020.xlsx`.
4. Remove `series/{EXAMPLE}` and its line in `reports.csv`.
5. `python3 -m toolkit check {plan.key}` and `python3 -m toolkit book {plan.key}`.

Judgements taken on the way belong here, each in a line.
"""
