"""The figures of R, as carried in tests/reference: rows as text, and the tables they rest on."""

import csv
from functools import cache
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent.parent / "reference"
SCALES = {
    "PLO": "logit",
    "PLN": "log",
    "PR": "raw",
    "PAS": "arcsine",
    "PFT": "double-arcsine",
}
ZERO_RULES = {"only0": "only-zero", "if0all": "if-any", "all": "all", "none": "none"}
TAU2 = {
    "EE": "none",
    "DL": "dl",
    "HE": "he",
    "HS": "hs",
    "SJ": "sj",
    "ML": "ml",
    "REML": "reml",
    "EB": "eb",
    "PM": "pm",
}
INTERVALS = {"z": "wald", "t": "t", "knha": "hartung-knapp", "adhoc": "hartung-knapp-adhoc"}


@cache
def rows(name):
    """Return the rows of tests/reference/NAME.csv as dictionaries of text."""
    with (FOLDER / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return tuple(csv.DictReader(file))


@cache
def table(table_id):
    """Return events and total of one table."""
    chosen = [row for row in rows("tables") if row["table_id"] == table_id]
    events = np.array([float(row["events"]) for row in chosen])
    return events, np.array([float(row["total"]) for row in chosen])


def column(table_id, name):
    """Return one more column of a table as text."""
    return [row[name] for row in rows("tables") if row["table_id"] == table_id]


def grouped(name, *keys):
    """Return the rows of a file by the values of some columns."""
    groups = {}
    for row in rows(name):
        groups.setdefault(tuple(row[key] for key in keys), []).append(row)
    return groups


def given(row, names):
    """Return the named figures of a row that R gave, leaving out its NA."""
    return {name: float(row[name]) for name in names if row[name] not in ("NA", "", "NaN")}
