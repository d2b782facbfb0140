"""Work in other processes: done once, done before the block ends, and failing where it began."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from toolkit.book.build.workers import ahead, later, side_by_side
from toolkit.errors import ToolkitError


def sign(path: Path) -> None:
    """Add this process to a file."""
    with path.open("a", encoding="utf-8") as target:
        target.write(f"{os.getpid()}\n")


def fail() -> None:
    raise ToolkitError("no figure")


def end_at_once() -> None:
    """End the process as a system does that runs out of memory."""
    os._exit(9)


def note_niceness(path: Path) -> None:
    path.write_text(str(os.nice(0)), encoding="utf-8")


def sign_below(path: Path) -> None:
    """Ask a worker for workers of its own."""
    later(sign, path, once=path)


def test_outside_a_block_work_is_done_at_once_and_here(tmp_path: Path) -> None:
    later(sign, tmp_path / "a", once="a")
    assert (tmp_path / "a").read_text("utf-8") == f"{os.getpid()}\n"
    ahead([(sign, (tmp_path / "b",))])
    assert not (tmp_path / "b").exists()


def test_within_a_block_it_is_done_elsewhere_and_once(tmp_path: Path) -> None:
    path, below = tmp_path / "a", tmp_path / "below"
    with side_by_side(tmp_path / "kept"):
        later(sign, path, once="a")
        later(sign, path, once="a")
        later(sign_below, below, once="below")
    assert len(path.read_text("utf-8").split()) == 1
    assert str(os.getpid()) not in path.read_text("utf-8") + below.read_text("utf-8")


@pytest.mark.skipif(not hasattr(os, "nice"), reason="this system has no niceness")
def test_files_that_can_wait_let_the_pages_go_first(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in "abc"]
    with side_by_side(tmp_path / "kept"):
        for path in paths:
            later(note_niceness, path, once=path)
    assert {int(path.read_text("utf-8")) for path in paths} == {max(10, os.nice(0))}


def test_what_fails_is_raised_by_the_block(tmp_path: Path) -> None:
    with (
        pytest.raises(ToolkitError, match="no figure"),
        side_by_side(tmp_path / "kept"),
    ):
        later(fail, once="a")


def test_a_refusal_ahead_is_left_to_whoever_asks_for_the_result(tmp_path: Path) -> None:
    with side_by_side(tmp_path / "kept"):
        ahead([(fail, ()), (sign, (tmp_path / "a",))])
        assert (tmp_path / "a").is_file()


def test_a_process_that_is_ended_from_outside_is_told_in_words(tmp_path: Path) -> None:
    with (
        pytest.raises(ToolkitError, match="the memory was full"),
        side_by_side(tmp_path / "kept"),
    ):
        later(end_at_once, once="a")
    with (
        pytest.raises(ToolkitError, match="build again"),
        side_by_side(tmp_path / "kept"),
    ):
        ahead([(end_at_once, ())])
