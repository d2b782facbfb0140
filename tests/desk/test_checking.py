"""Checks while typing: the same problems as ``toolkit check``, and no row is read twice."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from toolkit.desk import checking
from toolkit.desk.checking import DraftCheck, with_draft
from toolkit.desk.sheet_draft import SheetRows, recorded, scope_of, tables
from toolkit.load import check_tables
from toolkit.sheets.csv_files import write_table
from toolkit.sheets.folder import read_tables

EXTRACTIONS = Path(__file__).resolve().parents[2] / "extractions"
SERIES = sorted(
    (path.parent.parent.name, path.name) for path in EXTRACTIONS.glob("*/series/*") if path.is_dir()
)
WRONG = ["", "0", "7", "99", "12 (34)", "=1+1", "any", "ge3", "nobody knows", "3..1", "2..4"]


def spoiled(rows: Mapping[str, SheetRows], seed: int) -> dict[str, SheetRows]:
    """Return rows with some cells changed by chance."""
    chance = random.Random(seed)
    found = {name: [dict(row) for row in sheet] for name, sheet in rows.items()}
    for _ in range(6):
        sheet = chance.choice([name for name in found if found[name]])
        row = chance.choice(found[sheet])
        row[chance.choice([*row])] = chance.choice(WRONG)
    return {name: tuple(sheet) for name, sheet in found.items()}


@pytest.mark.parametrize(("review", "series"), SERIES)
def test_what_is_recorded_is_written_back_byte_by_byte(review: str, series: str) -> None:
    raw = read_tables(EXTRACTIONS / review)
    scope = scope_of(raw, series)
    for table in tables(raw, scope, recorded(raw, scope)).values():
        text = write_table(table.heading, [cells for _, cells in table.rows])
        assert text.encode() == raw.contents[table.file]


@pytest.mark.parametrize(("review", "series"), SERIES)
@pytest.mark.parametrize("seed", [1, 2])
def test_the_problems_are_those_of_the_whole_check(review: str, series: str, seed: int) -> None:
    raw = read_tables(EXTRACTIONS / review)
    scope = scope_of(raw, series)
    rows = spoiled(recorded(raw, scope), seed)
    check = DraftCheck(raw=raw)
    check.problems(scope, recorded(raw, scope))
    found = [each.problem for each in check.problems(scope, rows)]
    whole = check_tables(with_draft(raw, scope, rows))[1].problems
    own = [each for each in whole if each.address.file.startswith(f"series/{series}/")]
    # Between series two rules alone look; they speak before anything is recorded.
    own = [
        each
        for each in own
        if not (each.check == "C13" and each.address.file.endswith("/series.csv"))
    ]
    assert found == own


def test_a_keystroke_reads_one_row_again(monkeypatch: pytest.MonkeyPatch) -> None:
    places = {each: EXTRACTIONS.joinpath(each[0], "series", each[1]) for each in SERIES}
    review, series = max(SERIES, key=lambda each: (places[each] / "counts.csv").stat().st_size)
    raw = read_tables(EXTRACTIONS / review)
    scope = scope_of(raw, series)
    rows = recorded(raw, scope)
    check = DraftCheck(raw=raw)
    assert check.problems(scope, rows) == ()
    read: list[Any] = []

    def counted(*given: Any) -> Any:
        read.append(given)
        return original(*given)

    original = checking.read_row
    monkeypatch.setattr(checking, "read_row", counted)
    first = {**rows["counts"][0], "events": "1000000"}
    assert len(rows["counts"]) > 100
    found = check.problems(scope, {**rows, "counts": (first, *rows["counts"][1:])})
    assert [(each.sheet, each.row, each.columns[0]) for each in found][:1] == [
        ("counts", 0, "events")
    ]
    assert len(read) == 1
