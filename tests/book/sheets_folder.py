"""A review on disk for the pages: the five counts of the worked check, and any words one likes."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

COUNTS = {
    "ash": (6, 8, "plain"),
    "birch": (3, 19, "plain"),
    "cedar": (18, 27, "mixed"),
    "elm": (14, 37, "mixed"),
    "fir": (10, 38, "plain"),
}
"""Events, total and regimen of each series."""

PROTOCOL = """\
title = "{title}"
question = "How many {words}?"
population = "Patients who do not exist."
primary_set = "main"
status = "{words}"

[series_fields]
response_definition = "Definition"

[facets.regimen]
label = "Regimen"
[facets.regimen.words]
plain = "Plain"
mixed = "Mixed"

[methods.response]
model = "binomial-normal"
interval = "t"

[methods.toxicity]
model = "binomial-normal"
fit = "bayes"
estimand = "average"

[outcomes.crc]
label = "Response {words}"
short = "CRc"
definition = "All signs gone."
kind = "response"
direction = "benefit"
thresholds = [0.3]

[outcomes.rash]
label = "Rash"
short = "Rash"
definition = "Red skin."
kind = "toxicity"
direction = "harm"
grade = "ge3"

[sets.main]
label = "Main"
description = "Everybody. {words}"
where = {{ regimen = ["plain", "mixed"] }}

[sets.plain-only]
label = "Plain only"
description = "Nothing added."
where = {{ regimen = ["plain"] }}

[subgroups]
by = ["regimen"]

[next_patients]
patients = 20
"""

SERIES_FIELDS = (
    "label",
    "citation",
    "year",
    "doi",
    "other_ids",
    "countries",
    "design",
    "accrual",
    "patients_enrolled",
    "response_definition",
    "toxicity_criteria",
    "followup",
    "report_read",
    "read_in",
    "extracted_by",
    "checked_by",
    "note",
)
COUNT_COLUMNS = (
    "group,outcome,grade,window,status,events,total,denominator,as_printed,basis,source,where,note"
)
COMPARATOR_COLUMNS = (
    "key,label,population,outcome,grade,events,total,percent,low_percent,high_percent,"
    "as_printed,source,where,why_not_comparable,note"
)


def make_review(root: Path, key: str = "trees", *, title: str = "Trees", words: str = "") -> Path:
    """Return the folder of a review whose sheets say ``words`` wherever it may say anything."""
    folder = root / key
    for name in COUNTS:
        _series(folder / "series" / name, name, words)
    told = words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    (folder / "review.toml").write_text(
        PROTOCOL.format(title=f"{title} {told}", words=told or "respond"), encoding="utf-8"
    )
    reports = [[name, f"{name} {words}", name, "included", words, words] for name in COUNTS]
    reports.append(["gorse", f"gorse {words}", "", "not_retrieved", words, words])
    _sheet(folder / "reports.csv", "key,citation,series,status,reason,next_step", reports)
    flow = [["records_screened", f"Screened {words}", "", words], ["included", "In", "5", words]]
    _sheet(folder / "flow.csv", "box,label,number,note", flow)
    pair = ["ash", "birch", "possible", f"same wood {words}", f"nobody {words}"]
    _sheet(folder / "overlap.csv", "first,second,judgement,evidence,decided_by", [pair])
    beside = ["oak", f"Oak {words}", f"grown {words}", "crc", "", "20", "40", "", "", ""]
    beside += ["20/40", "gorse", "Table 1, row Oak", f"too old {words}", words]
    _sheet(folder / "comparators.csv", COMPARATOR_COLUMNS, [beside])
    return folder


def _series(folder: Path, name: str, words: str) -> None:
    """Write the sheets of one series."""
    events, total, regimen = COUNTS[name]
    known = {
        "label": name.title(),
        "citation": f"{name} {words}",
        "year": "2020",
        "patients_enrolled": str(total),
        "report_read": "full text",
        "read_in": "own report",
        "extracted_by": f"A. Smith {words}",
        "response_definition": words,
        "toxicity_criteria": "CTCAE 5.0",
        "note": words,
    }
    fields = [[field, known.get(field, "")] for field in SERIES_FIELDS]
    _sheet(folder / "series.csv", "field,value", fields)
    where = "Table 2, row CR"
    group = ["all", f"Everybody {words}", str(total), "", regimen, where, words]
    _sheet(folder / "groups.csv", "key,label,patients,parent,regimen,where,note", [group])
    plain = ["all_treated", f"{events}/{total}", "reported", "primary", f"{where} {words}", words]
    counts = [["all", "crc", "", "", "", str(events), str(total), *plain]]
    if name == "fir":
        printed = ["all_treated", "4/38", "reported", "primary", f"{where} {words}", words]
        counts.append(["all", "rash", "ge3", "", "", "4", "38", *printed])
    _sheet(folder / "counts.csv", COUNT_COLUMNS, counts)
    item = ["1", "yes", f"It is {words}", f"Methods {words}"]
    _sheet(folder / "appraisal.csv", "item,judgement,ground,where", [item])


def _sheet(path: Path, heading: str, rows: Sequence[Sequence[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(heading.split(","))
        writer.writerows([cell.strip() for cell in row] for row in rows)
