"""What drafts were measured to do on published papers, which are not part of this repository.

`python benchmarks/drafts.py FOLDER --record tests/reference/drafts.csv` measures again.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

RECORD = Path(__file__).resolve().parents[1] / "reference" / "drafts.csv"
LINES = list(csv.DictReader(RECORD.read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize(
    "line", LINES, ids=lambda line: " ".join((line["document"], line["what"], line["rule"]))
)
def test_nothing_that_was_drafted_is_wrong(line: dict[str, str]):
    assert int(line["wrong"]) == 0


@pytest.mark.parametrize(
    ("document", "what", "least"),
    [
        ("arcourt-2026", "table", 0.95),
        ("arcourt-2026", "sentence", 0.80),
        ("tauveron-jalenques-2026", "table, read", 0.95),
        ("tomizawa-2024", "table, % at a time", 0.95),
    ],
)
def test_enough_of_what_is_printed_was_found(document: str, what: str, least: float):
    (line,) = [
        each
        for each in LINES
        if (each["document"], each["what"], each["rule"]) == (document, what, "all")
    ]
    assert int(line["found"]) / int(line["gold"]) >= least
