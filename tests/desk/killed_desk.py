"""A desk that records one state after another until it is killed; started by a test."""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from toolkit.desk.open_sheet import open_sheet
from toolkit.desk.sheet_draft import scope_of
from toolkit.load import check_tables
from toolkit.sheets.folder import read_tables


def record_for_ever(folder: Path) -> None:
    """Record a series again and again; each state says its number in three sheets."""
    opened = open_sheet(folder, scope_of(read_tables(folder), "smith-2020"))
    number = int(opened.draft.sheet("series")[0]["note"] or 0)
    while True:
        number += 1

        def numbered(draft, number=number):  # type: ignore[no-untyped-def]
            for sheet in ("series", "groups", "counts"):
                rows = [{**row, "note": str(number)} for row in draft.sheet(sheet)]
                draft = draft.with_sheet(sheet, rows)
            return draft

        opened.change(opened.version, numbered)
        opened.save(opened.version)


def notes(folder: Path) -> set[str]:
    """Return the numbers that the recorded sheets say; raises where they have a problem."""
    raw = read_tables(folder)
    problems = check_tables(raw)[1].problems
    assert problems == (), problems
    found = set()
    for sheet in ("groups", "counts"):
        table = raw.tables[("smith-2020", sheet)]
        found |= {dict(zip(table.heading, cells, strict=True))["note"] for _, cells in table.rows}
    about = raw.tables[("smith-2020", "series")]
    return found | {cells[1] for _, cells in about.rows if cells[0] == "note"}


def main() -> None:
    """Kill a desk many times and write what was found after each."""
    folder, times = Path(sys.argv[1]), int(sys.argv[2])
    chance = random.Random(19)
    seen, moments = [], {"between": 0}
    for _ in range(times):
        child = os.fork()
        if child == 0:
            try:
                record_for_ever(folder)
            finally:
                os._exit(3)
        time.sleep(chance.uniform(0.0, 0.9))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), "it ended by itself"
        found = notes(folder)
        assert len(found) == 1, f"half of one state and half of another: {found}"
        moments["between"] += any((folder / "series").glob(".*"))
        seen.append(int(found.pop() or 0))
    # Whoever opens it next goes on from there.
    opened = open_sheet(folder, scope_of(read_tables(folder), "smith-2020"))
    drafted = int(opened.draft.sheet("series")[0]["note"])
    sys.stdout.write(json.dumps({"seen": seen, "drafted": drafted, **moments}))


if __name__ == "__main__":
    main()
