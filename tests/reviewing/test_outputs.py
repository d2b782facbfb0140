"""No command writes over what it reads, nor over a file that it did not make."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from toolkit.errors import ToolkitError, failure_in_words
from toolkit.reviewing.outputs import free_target
from toolkit.sheets.whole_file import write_whole


def test_what_is_read_is_never_written_over_whatever_it_is_called(tmp_path: Path) -> None:
    read = tmp_path / "smith.xlsx"
    read.write_bytes(b"filled in")
    link = tmp_path / "other.html"
    link.symlink_to(read)
    for path in (read, tmp_path / "." / "smith.xlsx", link):
        with pytest.raises(ToolkitError, match="is what this command reads"):
            free_target(path, inputs=(read,), mark="filled", overwrite=True)


def test_a_file_of_somebody_else_stays_unless_told_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(ToolkitError, match="is already there"):
        free_target(path, mark="Series Toolkit")
    assert free_target(path, mark="Series Toolkit", overwrite=True) == path
    path.write_text("<!-- Series Toolkit -->", encoding="utf-8")
    assert free_target(path, mark="Series Toolkit") == path


def test_a_file_that_cannot_be_finished_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ToolkitError, match="No space left on device"):
        write_whole(path, b"new")
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("a.xlsx", b"old")]


def test_failures_of_a_copied_folder_are_one_sentence() -> None:
    import shutil

    failure = shutil.Error([("a", "b", "[Errno 28] No space left on device"), ("c", "d", "x")])
    assert failure_in_words(failure) == (
        "b: no space left on device. Nothing half-written is kept as if it were whole."
    )
