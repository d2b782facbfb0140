"""Published meta-analyses of proportions as small reviews: the tables of metadat become sheets.

Nothing here is special to one of them: the same writer makes them all, and what it writes goes the
same road as a review of one's own.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from toolkit.sheets.csv_files import write_table
from toolkit.sheets.schema.schema import schema

REFERENCE = Path(__file__).parent / "reference"


@dataclass(frozen=True, kw_only=True)
class Published:
    """One data set: its key in tests/reference/tables.csv, its help page, what it counts."""

    key: str
    page: str
    outcome: str
    events: str
    direction: str


PUBLISHED = (
    Published(
        key="pritz1997",
        page="dat.pritz1997",
        outcome="Response to hyperdynamic therapy",
        events="Patients with vasospasm who improved.",
        direction="benefit",
    ),
    Published(
        key="debruin2009",
        page="dat.debruin2009",
        outcome="Adherence to treatment under standard care",
        events="Patients with undetectable viral load.",
        direction="benefit",
    ),
    Published(
        key="nielweise2007_ctl",
        page="dat.nielweise2007",
        outcome="Bloodstream infection with a standard catheter",
        events="Catheters with a related bloodstream infection.",
        direction="harm",
    ),
    Published(
        key="hine1989_trt",
        page="dat.hine1989",
        outcome="Death on prophylactic lidocaine",
        events="Patients who died after infarction.",
        direction="harm",
    ),
    Published(
        key="collins1985a_trt",
        page="dat.collins1985a",
        outcome="Event in the treated arm",
        events="Patients with the event that the data set counts.",
        direction="harm",
    ),
    Published(
        key="hannum2020",
        page="dat.hannum2020",
        outcome="Loss of smell",
        events="Patients with loss of smell.",
        direction="harm",
    ),
)
"""The data sets; each stands in tests/reference/tables.csv with its figures of R beside it."""

_PROTOCOL = """\
title = "{outcome}"
question = "How often, in the studies of {page}?"
population = "The patients of {page}."
primary_set = "every"

[facets.part]
label = "Part of the data set"
[facets.part.words]
{parts}

[methods.event]
model = "binomial-normal"

[outcomes.event]
label = "{outcome}"
short = "Event"
definition = "{events}"
kind = "event"
direction = "{direction}"
shown = true

[sets.every]
label = "Every study"
description = "Every study of the data set."

[subgroups]
by = ["part"]
"""


def table(key: str) -> list[dict[str, str]]:
    """Return the rows of a data set."""
    with (REFERENCE / "tables.csv").open(newline="", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["table_id"] == key]


def part(row: dict[str, str]) -> str:
    """Return the group that a data set gives a study, as a key."""
    return row["g"].lower() if row["g"] not in ("", "NA") else "all-of-it"


def write_review(published: Published, place: Path) -> Path:
    """Write a data set as the sheets of a review and return the folder."""
    folder = place / published.key.replace("_", "-")
    kinds = schema({"part": "Part of the data set"}, {})

    def sheet(path: Path, name: str, cells: dict[str, str]) -> None:
        columns = kinds.kind(name).columns
        text = write_table(columns, [[cells.get(column, "") for column in columns]])
        path.write_text(text, encoding="utf-8", newline="\n")

    folder.mkdir(parents=True)
    words = {name: getattr(published, name) for name in ("outcome", "page", "events", "direction")}
    parts = dict.fromkeys(map(part, table(published.key)))
    words["parts"] = "\n".join(f'{each} = "{each.capitalize()}"' for each in parts)
    (folder / "review.toml").write_text(_PROTOCOL.format(**words), encoding="utf-8")
    for row in table(published.key):
        series = folder / "series" / f"study-{int(row['study']):02d}"
        series.mkdir(parents=True)
        label = " ".join(row["label"].split())
        where = f"metadat, help page {published.page}, row {label}"
        fields = {
            "label": label,
            "citation": f"{label}, as given in {published.page}",
            "report_read": "not read",
            "extracted_by": "generated from metadat",
        }
        text = write_table(
            ("field", "value"),
            [(name, fields.get(name, "")) for name in kinds.kind("series").columns],
        )
        (series / "series.csv").write_text(text, encoding="utf-8", newline="\n")
        sheet(
            series / "groups.csv",
            "groups",
            {
                "key": "all",
                "label": "All patients",
                "patients": row["total"],
                "part": part(row),
                "where": where,
            },
        )
        sheet(
            series / "counts.csv",
            "counts",
            {
                "group": "all",
                "outcome": "event",
                "events": row["events"],
                "total": row["total"],
                "denominator": "all_treated",
                "as_printed": f"{row['events']}/{row['total']}",
                "basis": "reported",
                "source": "metadat",
                "where": where,
            },
        )
    report = {
        "key": "metadat",
        "citation": f"Data set {published.page} of the R package metadat",
        "status": "background",
        "reason": "It quotes the studies.",
    }
    columns = kinds.kind("reports").columns
    text = write_table(columns, [[report.get(column, "") for column in columns]])
    (folder / "reports.csv").write_text(text, encoding="utf-8", newline="\n")
    return folder
