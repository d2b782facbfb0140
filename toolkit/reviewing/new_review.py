"""A new review to start from: protocol, prose and one example series that pass every check.

What it says is about reviews in general; the words of one review are its own.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import get_args

from toolkit.errors import ChoiceError, SheetError, ToolkitError
from toolkit.load import EXTRACTIONS, problems
from toolkit.reviewing.example_series import example_series
from toolkit.reviewing.plan import EXAMPLE, Measure, Plan
from toolkit.reviewing.workbooks import make_workbook
from toolkit.sheets.csv_files import write_table
from toolkit.sheets.folder import PROTOCOL
from toolkit.sheets.schema.cells import SLUG, not_a_slug
from toolkit.sheets.schema.review_rows import FlowRow, OverlapRow, ReportRow


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
        if not plan.empty:
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
        "reports.csv": _table(ReportRow, *(() if plan.empty else (_REPORT,))),
        "flow.csv": _table(
            FlowRow,
            {
                "box": "databases_identified",
                "label": "Records identified from databases",
                "note": "No database search has been made yet.",
            },
            # Without a number these two are counted from what the sets select.
            {"box": "series_included", "label": "Studies that answer the question"},
            {"box": "reports_included", "label": "Reports of these studies that were read"},
        ),
        "overlap.csv": _table(OverlapRow),
        **(
            {}
            if plan.empty
            else {f"series/{EXAMPLE}/{name}": text for name, text in example_series(plan).items()}
        ),
    }


_REPORT = {
    "key": EXAMPLE,
    "citation": "An invented report, to be replaced by the first real one",
    "series": EXAMPLE,
    "status": "included",
    "next_step": "Remove the example when the first real series is in.",
}
"""The line of the example in reports.csv."""


def _table(model: type[ReportRow | FlowRow | OverlapRow], *rows: dict[str, str]) -> str:
    """Return a sheet of the review as a whole; cells that are not given are empty."""
    heading = tuple(model.model_fields)
    return write_table(heading, [[row.get(name, "") for name in heading] for row in rows])


def toml_text(text: str) -> str:
    """Return words as a TOML text."""
    plain = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'


_METHODS = """\
# Each kind of outcome has its method. Counts: the exact binomial likelihood with a normal spread
# between studies, by maximum likelihood.
[methods.response]
model = "binomial-normal"
fit = "ml"
estimand = "average"          # the mean across studies; or "typical": the median study

[methods.toxicity]
model = "binomial-normal"
fit = "ml"
estimand = "average"

# Percentages without counts: inverse variance on the scale of the log hazard.
[methods.survival]
model = "inverse-variance"
scale = "complementary-log-log"
tau2 = "reml"
interval = "hartung-knapp"
prediction = "t(k-1)"
approximation = "between"     # variance of a percentage without interval: optimistic, pessimistic
estimand = "typical"
"""


def _outcomes(plan: Plan) -> str:
    """Return the outcomes: the one asked for, a harm by grade, and one of the other measure."""
    response = """definition = "What counts, in one sentence."
kind = "response"
direction = "benefit"         # or "harm"
shown = true                  # has a forest plot of its own
"""
    survival = f"""definition = "Alive, or without the event, at this time."
kind = "survival"
direction = "benefit"
time_years = {plan.time_years:g}              # the time that is pooled, in years
shown = true
"""
    counted = plan.measure == "counts"
    other, label = ("alive", "Survival") if counted else ("response", "Response")
    return f"""\
[outcomes.first]
label = {toml_text(plan.outcome)}
short = {toml_text(plan.outcome)}
{response if counted else survival}
# A harm is counted by grade: "any", "ge3" (grade 3 or worse), "4" or "5". Answers take this one.
[outcomes.harm]
label = "Serious side effects"
short = "Side effects"
definition = "Any side effect of grade 3 or worse."
kind = "toxicity"
direction = "harm"
grade = "ge3"
shown = true

[outcomes.{other}]
label = "{label}"
short = "{label}"
{survival if counted else response}"""


def _protocol(plan: Plan) -> str:
    """Return review.toml with a comment on everything that is to be decided."""
    return f"""\
# The protocol of this review: what is asked, of whom, and how it is answered.
# Fix it before the first estimate is computed; a later change belongs in the changelog.
# Every list of words stands in order of preference: the first that a series offers is used.

title = {toml_text(plan.title or plan.key.replace("-", " ").capitalize())}
question = {toml_text(plan.question)}
population = "Who counts, in one sentence."
primary_set = "primary"
status = ""                   # how far it has come, in your words; shown on the first page
# Whom the review is cited by, such as ["A. Smith", "B. Jones"].
authors = [{", ".join(map(toml_text, plan.authors))}]
# Harms that the first screen names, such as ["harm"]; if left out, the most frequent severe ones.
leading_harms = []

# What a referee asks first; what stays empty is said so in the book ("not registered").
[declarations]
fixed = ""                    # when this protocol was fixed, and which numbers were known by then
registration = ""             # register and number, such as "PROSPERO CRD42000000000"
funding = ""                  # who paid for it; "none" if nobody did
conflicts = ""                # what the authors have at stake; "none" if nothing
amendments = []               # what was changed afterwards, each with its date

# Who and what counts: a sentence for each criterion.
[eligibility]
population = ["Who counts, in one sentence."]
intervention = []             # treatment or exposure
comparison = []               # case series mostly have none
outcomes = []                 # what a study must report
designs = []                  # designs, least size, languages, kinds of report
excluded = []                 # what leaves a study out

[search]
last_search = ""              # date of the last search, such as "2026-01-31"
sources = []                  # such as ["PubMed", "Embase"]
note = "Still to be done."

# Facts told of every series beside those that all reviews have: key = "Label".
[series_fields]
treatment = "Treatment"

# ---------------------------------------------------------------- groups of patients
# A facet is a property of patients by which groups differ (line of treatment, age, mutation); its
# words are what groups.csv may say of a group.
[facets.line]
label = "Line of treatment"
[facets.line.words]
first = "First line"
later = "Later lines"
mixed = "Both"

# When an event was looked for (after cycle 1, at any time), where papers tell that apart:
# key = "Label".
[windows]

# ---------------------------------------------------------------- headline methods
{_METHODS}
# ---------------------------------------------------------------- outcomes
{_outcomes(plan)}
# Papers often report different outcomes, one of which is a part of another. Declared here, a number
# of one limits the others of the same patients, and the rungs of a ladder are pooled together where
# [methods.response] says reading = "ladder". Take away the # and put your own words in:
# [contains]
# response = ["remission"]             # whoever is in remission has responded
# remission = ["deep_remission"]
# [same_as]
# clearance = "remission"              # by judgment the same: say why in README.md
# [ladders.depth]
# rungs = ["response", "remission", "deep_remission"]      # outermost first, two to four

# ---------------------------------------------------------------- analysis sets
# Sets are variants of one question and compared with each other. A set that asks another question
# says role = "context": it stands beside the answer and in no comparison.
[sets.primary]
label = "Primary"
description = "Every group that a series reports."
# "exact": the outcome itself alone. "nearest": where a series does not report it, the outcomes
# named under its nearest = [...] stand in. "wider": those under its wider = [...] come first.
construct = "exact"
[sets.primary.where]
line = ["mixed", "later", "first"]

[sets.first-line]
extends = "primary"
label = "First line"
description = "As primary, first line of treatment only."
[sets.first-line.where]
line = ["first"]

# Properties of patients by which the book shows pools apart.
[subgroups]
by = ["line"]

[next_patients]
patients = 20
"""


def _prose(plan: Plan) -> str:
    """Return the README of a new review."""
    example = (
        ""
        if plan.empty
        else (
            f"; `{EXAMPLE}` is invented and shows where each fact belongs; `{EXAMPLE}.xlsx` is the "
            "same series as a workbook"
        )
    )
    remove = (
        ""
        if plan.empty
        else (f"Remove `series/{EXAMPLE}`, `{EXAMPLE}.xlsx` and its line in `reports.csv`. ")
    )
    return f"""\
# {plan.title or plan.key.replace("-", " ").capitalize()}

`review.toml` holds the question, the words and how each outcome is answered; its comments say what
is to be decided. `series/` holds one folder per published series{example}.

1. Decide what `review.toml` asks, and fix it before the first number is entered.
2. `python3 -m toolkit sheet {plan.key} smith-2020` writes a workbook for the first real series.
3. Fill it in and `python3 -m toolkit add {plan.key} smith-2020.xlsx`.
4. {remove}Give each series a line in `reports.csv`.
5. `python3 -m toolkit check {plan.key}` and `python3 -m toolkit book {plan.key}`.

Judgements taken on the way belong here, each in a line.
"""
