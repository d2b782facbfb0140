"""A series drafted from its paper, ticked and added to an empty copy of its review.

    python benchmarks/draft_trial.py PAPER [--record tests/reference/draft_trial.csv]

PAPER is the report of arcourt-2026, which is not part of this repository. The sheet that was filled
in by hand stands in for the person who ticks: a proposal is accepted where the hand sheet holds the
same outcome, events and total; grade, group and denominator are then set as the sheet has them, and
each cell that has to be set differently from what was proposed counts as a change. Rows of the hand
sheet that nothing brought are left to type. Seconds are those of the two commands, not of a person.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl

from toolkit.papers.arithmetic import fits
from toolkit.papers.drafts import draft
from toolkit.reviewing.drafts import make_drafted_workbook
from toolkit.reviewing.workbooks import add_workbook

CHECKOUT = Path(__file__).resolve().parents[1]
REVIEW = CHECKOUT / "extractions" / "ped-venaza"
SERIES = "arcourt-2026"
NAMED = ("outcome", "events", "total")
SET = ("group", "grade", "denominator")
"""Cells of a proposal that a person may have to set."""

Row = dict[str, str]


@dataclass
class Trial:
    """What came of one trial: hand rows by how they came, and cells that were set."""

    hand: list[Row]
    came: dict[int, int] = field(default_factory=dict)
    """Hand row to the number of cells that had to be set for it."""

    cells: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    def rows(self) -> list[tuple[str, str]]:
        """Return the figures, one a line."""
        plain = sum(not cells for cells in self.came.values())
        left = [row for at, row in enumerate(self.hand) if at not in self.came]
        kinds = Counter(row["basis"] for row in left)
        return [
            ("rows in the sheet filled in by hand", str(len(self.hand))),
            ("of them printed in the paper", str(_basis(self.hand, "reported"))),
            ("came by a tick alone", str(plain)),
            ("came by a tick and a change", str(len(self.came) - plain)),
            *((f"cells changed, {name}", str(self.cells[name])) for name in SET),
            ("left to type, printed", str(kinds["reported"])),
            ("left, counted from the rows of patients", str(kinds["counted"])),
            ("left, worked out by a person", str(kinds["derived"])),
            ("proposals that the sheet does not hold", str(self.refused)),
            *((f"seconds, {name}", f"{took:.1f}") for name, took in self.seconds.items()),
        ]


def _basis(rows: list[Row], basis: str) -> int:
    """Return how many rows rest on one basis."""
    return sum(row["basis"] == basis for row in rows)


def main() -> None:
    """Run the trial and print, or record, what came of it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("paper", type=Path)
    asked.add_argument("--record", type=Path)
    said = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        trial = run(said.paper, Path(folder))
    target = said.record.open("w", encoding="utf-8", newline="") if said.record else sys.stdout
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(("what", "figure"))
    writer.writerows(trial.rows())


def run(paper: Path, folder: Path) -> Trial:
    """Return what comes of drafting, ticking and adding the series in an empty copy."""
    review = folder / REVIEW.name
    review.mkdir()
    shutil.copy(REVIEW / "review.toml", review)
    trial = Trial(hand=_table(REVIEW / "series" / SERIES / "counts.csv"))
    start = time.monotonic()
    drafted = draft(review, paper)
    file = make_drafted_workbook(review, SERIES, drafted, folder / f"{SERIES}.xlsx")
    trial.seconds["draft"] = time.monotonic() - start
    _fill(file, trial)
    start = time.monotonic()
    add_workbook(review, file)
    trial.seconds["add"] = time.monotonic() - start
    _keep_what_was_recorded(trial, _table(review / "series" / SERIES / "counts.csv"))
    return trial


def _table(path: Path) -> list[Row]:
    """Return a sheet as rows."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _fill(file: Path, trial: Trial) -> None:
    """Fill in what no paper is read for, who the groups are, and tick what the hand sheet holds."""
    book = openpyxl.load_workbook(file)
    known = {
        row["field"]: row["value"] for row in _table(REVIEW / "series" / SERIES / "series.csv")
    }
    for cells in book["series"].iter_rows(min_row=2):
        if cells[0].value in known:
            cells[1].value = known[cells[0].value] or None
    _replace(book["groups"], _table(REVIEW / "series" / SERIES / "groups.csv"))
    if "statements" in book.sheetnames:
        _replace(book["statements"], [])
    _tick(book["proposals"], trial)
    book.save(file)


def _replace(sheet: Any, rows: list[Row]) -> None:
    """Write rows into a worksheet in place of its own."""
    heads = [cell.value for cell in sheet[1]]
    for at in range(2, max(sheet.max_row, len(rows) + 1) + 1):
        row = rows[at - 2] if at - 2 < len(rows) else {}
        for column, head in enumerate(heads, start=1):
            sheet.cell(at, column).value = row.get(str(head)) or None


def _tick(sheet: Any, trial: Trial) -> None:
    """Accept every proposal that the hand sheet holds, its cells set where they differ."""
    heads = [cell.value for cell in sheet[1]]
    place = {name: heads.index(name) for name in (*NAMED, *SET, "percent", "accepted_by")}
    for cells in sheet.iter_rows(min_row=2):
        row = {name: _text(cells[at].value) for name, at in place.items()}
        if not all(row[name] for name in NAMED):
            continue
        if row["percent"] and not fits(int(row["events"]), int(row["total"]), row["percent"]):
            # A cell that differs from itself needs a note of its own: it is typed.
            continue
        meant = _meant(row, trial)
        if meant is None:
            trial.refused += not any(_same(row, hand) for hand in trial.hand)
            continue
        hand = trial.hand[meant]
        changed = [name for name in SET if row[name] != hand[name]]
        for name in changed:
            cells[place[name]].value = hand[name] or None
        cells[place["accepted_by"]].value = "A. Reader"
        trial.came[meant] = len(changed)
        trial.cells.update(changed)


def _text(value: object) -> str:
    """Return what a cell holds as text."""
    return "" if value is None else str(value)


def _same(row: Row, hand: Row) -> bool:
    """Tell whether a proposal is a row of the hand sheet, but for what a person may set."""
    named = all(row[name] == hand[name] for name in NAMED)
    return named and row["grade"] in {"", hand["grade"]} and hand["status"] in {"", "alternative"}


def _meant(row: Row, trial: Trial) -> int | None:
    """Return the hand row that a proposal is: the one with the fewest cells to set."""
    fitting = [
        (sum(row[name] != hand[name] for name in SET), hand["basis"] != "reported", at)
        for at, hand in enumerate(trial.hand)
        if at not in trial.came and hand["status"] == "" and _same(row, hand)
    ]
    return min(fitting)[2] if fitting else None


def _keep_what_was_recorded(trial: Trial, recorded: list[Row]) -> None:
    """Leave among what came only the rows that the series now holds."""
    names = (*NAMED, *SET)
    there = {tuple(row[name] for name in names) for row in recorded}
    trial.came = {
        at: cells
        for at, cells in trial.came.items()
        if tuple(trial.hand[at][name] for name in names) in there
    }


if __name__ == "__main__":
    main()
