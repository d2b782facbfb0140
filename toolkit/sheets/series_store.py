"""Writing the sheets of one series so that an interruption loses nothing.

The new folder is built beside the old one and takes its place by renaming. At every moment the
series is whole: either as it was or as it will be. The reader knows the one moment in which the
old folder has stepped aside and the new one has not arrived (`set_aside`).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from toolkit.errors import ToolkitError
from toolkit.sheets.reader import set_aside


def write_series(review: Path, series: str, files: Mapping[str, str], known: Iterable[str]) -> None:
    """Put the sheets of a series in place, all or nothing.

    Parameters
    ----------
    review : Path
        Folder of the review.
    series : str
        Plain key of the series.
    files : mapping of file name to text
        Its sheets.
    known : iterable of str
        Names of all files that sheets may have: those not in `files` are removed, every other
        file of the folder is kept as it is.

    Raises
    ------
    ToolkitError
        If the folder cannot be written; nothing has changed then.
    """
    place = review / "series" / series
    new, old = place.with_name(f".new-{series}"), set_aside(place)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        _finish_what_was_interrupted(place, new, old)
        if place.exists():
            shutil.copytree(place, new)
        else:
            new.mkdir()
        for name in known:
            (new / name).unlink(missing_ok=True)
        for name, text in files.items():
            _write_through(new / name, text)
        if place.exists():
            place.rename(old)
        new.rename(place)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        if old.exists() and not place.exists():
            old.rename(place)
        shutil.rmtree(new, ignore_errors=True)
        raise ToolkitError(
            f"{place} cannot be written: {error.strerror or error}. Nothing was recorded."
        ) from error


def _finish_what_was_interrupted(place: Path, new: Path, old: Path) -> None:
    """Clear away what an interrupted writing left behind."""
    if old.exists() and not place.exists():
        old.rename(place)
    for left in (new, old):
        if left.exists():
            shutil.rmtree(left)


def _write_through(path: Path, text: str) -> None:
    """Write a file and wait until the disk has it."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
