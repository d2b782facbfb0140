"""Writing a series is all or nothing, wherever it is cut short."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from pathlib import Path

import pytest

from toolkit.errors import ToolkitError
from toolkit.load import problems
from toolkit.sheets import folder as series_store
from toolkit.sheets.folder import read_tables, write_series
from toolkit.sheets.schema.schema import SERIES_SHEETS

BASE = Path(__file__).parent / "_base"
SERIES = "smith-2020"


class Cut(BaseException):
    """Stands for a machine that stops."""


@pytest.fixture
def review(tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(BASE, tmp_path / "review"))
    (folder / "series" / SERIES / "README.md").write_text("kept", encoding="utf-8")
    return folder


def recorded(review: Path, series: str = SERIES) -> dict[str, str]:
    start = f"series/{series}/"
    return {
        name.removeprefix(start): content.decode("utf-8")
        for name, content in read_tables(review).contents.items()
        if name.startswith(start)
    }


def next_state(state: dict[str, str], number: int) -> dict[str, str]:
    """Change every sheet, so that a mixture of two states would be noticed."""
    changed = {name: text.split("!")[0] + f"!{number}\n" for name, text in state.items()}
    if number % 4 < 2:
        changed.pop("patients.csv", None)
    else:
        changed["patients.csv"] = f"patient\n!{number}\n"
    return changed


def test_a_cut_at_any_step_leaves_the_old_or_the_new(review: Path, monkeypatch: pytest.MonkeyPatch):
    steps = 0

    def counted(real, cut_at):
        def step(*arguments, **named):
            nonlocal steps
            steps += 1
            if steps == cut_at:
                raise Cut
            return real(*arguments, **named)

        return step

    outcomes = set()
    for cut_at in range(1, 40):
        before = recorded(review)
        after = next_state(before, cut_at)
        steps = 0
        with monkeypatch.context() as patch:
            for name in ("rename", "unlink", "open", "mkdir"):
                patch.setattr(Path, name, counted(getattr(Path, name), cut_at))
            for name in ("copytree", "rmtree"):
                patch.setattr(series_store.shutil, name, counted(getattr(shutil, name), cut_at))
            try:
                write_series(review, SERIES, after, SERIES_SHEETS)
                finished = True
            except Cut:
                finished = False
        left = recorded(review)
        assert left in (before, after)
        assert not finished or left == after
        outcomes.add((finished, left == after))
    assert outcomes == {(True, True), (False, False), (False, True)}
    assert (review / "series" / SERIES / "README.md").read_text(encoding="utf-8") == "kept"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_killing_200_times_at_random_moments_loses_nothing(review: Path):
    chance = random.Random(20260)
    seen = set()
    for number in range(200):
        before = recorded(review)
        after = next_state(before, number)
        child = os.fork()
        if child == 0:
            try:
                write_series(review, SERIES, after, SERIES_SHEETS)
            finally:
                os._exit(0)
        time.sleep(chance.uniform(0, 0.012))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        left = recorded(review)
        assert left in (before, after)
        seen.add(left == after)
    assert False in seen  # some were ended before they were done
    write_series(review, SERIES, {"series.csv": "field,value\n"}, SERIES_SHEETS)
    assert recorded(review) == {"series.csv": "field,value\n"}
    assert sorted(path.name for path in (review / "series").iterdir()) == ["jones-2021", SERIES]


def test_a_folder_that_stepped_aside_is_still_read(review: Path):
    before = recorded(review)
    place = review / "series" / SERIES
    place.rename(place.with_name(f".old-{SERIES}"))
    assert recorded(review) == before
    assert problems(review) == []


def test_a_new_series_needs_no_folder_beforehand(tmp_path: Path):
    review = Path(shutil.copytree(BASE, tmp_path / "review"))
    shutil.rmtree(review / "series")
    write_series(review, "first-2020", {"series.csv": "field,value\n"}, SERIES_SHEETS)
    assert recorded(review, "first-2020") == {"series.csv": "field,value\n"}


def test_a_place_that_cannot_be_written_is_told_in_words(review: Path):
    shutil.rmtree(review / "series" / "jones-2021")
    (review / "series" / "jones-2021").write_text("in the way", encoding="utf-8")
    with pytest.raises(ToolkitError, match="Nothing was recorded"):
        write_series(review, "jones-2021", {"series.csv": "x"}, SERIES_SHEETS)
    assert (review / "series" / "jones-2021").read_text(encoding="utf-8") == "in the way"
