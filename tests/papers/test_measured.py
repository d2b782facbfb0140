"""What drafts were measured to do on published papers, which are not part of this repository.

Measured again by `python benchmarks/drafts.py FOLDER --record tests/reference/drafts.csv`,
`python benchmarks/draft_trial.py PAPER --record tests/reference/draft_trial.csv` and
`python benchmarks/paper_audit.py PAPER --record tests/reference/paper_audit.csv`.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

REFERENCE = Path(__file__).resolve().parents[1] / "reference"


def recorded(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((REFERENCE / name).read_text(encoding="utf-8").splitlines()))


LINES = recorded("drafts.csv")


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


def test_a_series_that_is_ticked_saves_most_of_the_typing():
    trial = {line["what"]: line["figure"] for line in recorded("draft_trial.csv")}
    printed = int(trial["of them printed in the paper"])
    came = int(trial["came by a tick alone"]) + int(trial["came by a tick and a change"])
    assert came >= 0.8 * printed
    assert int(trial["came by a tick alone"]) >= 0.6 * printed
    assert int(trial["proposals that the sheet does not hold"]) == 0
    left = [int(figure) for what, figure in trial.items() if what.startswith("left")]
    assert came + sum(left) == int(trial["rows in the sheet filled in by hand"])


def test_the_audit_of_the_text_alone_finds_what_a_reader_listed():
    lines = recorded("paper_audit.csv")
    listed = {line["number"] for line in lines if line["number"]}
    missed = {line["number"] for line in lines if line["number"] and line["found"] != "yes"}
    assert len(listed) == 17
    assert len(listed - missed) >= 14
    others = {line["what"]: line["found"] for line in lines if not line["number"]}
    assert others == {
        "findings that are not on the list": "0",
        "findings on quantities that agree": "0",
    }
