"""Where a command may write: never over what it reads, nor over a file that is not its own."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from toolkit.errors import ToolkitError

_HEAD = 4_096


def free_target(
    path: Path, *, inputs: Iterable[Path] = (), mark: str = "", overwrite: bool = False
) -> Path:
    """Return a path at which a command may write.

    Parameters
    ----------
    path : Path
        Where somebody wants it.
    inputs : iterable of Path
        What the command reads: these are never written over, whatever is asked.
    mark : str, optional
        Words that stand near the beginning of every file that this command makes. A file with
        them is its own earlier work and may be replaced.
    overwrite : bool
        Whether somebody said that another file may be replaced.

    Raises
    ------
    ToolkitError
        Where something stands that must stay, or there is no folder to write into.
    """
    for each in inputs:
        if _same(path, each):
            raise ToolkitError(
                f"{path} is what this command reads, and it would be replaced. Name another file."
            )
    if path.is_dir():
        raise ToolkitError(f"{path} is a folder: say the name of a file in it.")
    if not path.parent.is_dir():
        raise ToolkitError(f"{path} cannot be written: there is no folder {path.parent}.")
    if path.exists() and not overwrite and not (mark and _has_mark(path, mark)):
        raise ToolkitError(
            f"{path} is already there, and this command did not make it. Move it, name another "
            "file, or say that it may be replaced (--overwrite)."
        )
    return path


def _same(path: Path, other: Path) -> bool:
    """Return whether two paths are one file, whatever they are called."""
    if path.exists() and other.exists():
        return path.samefile(other)
    return path.resolve() == other.resolve()


def _has_mark(path: Path, mark: str) -> bool:
    """Return whether a file begins as those of one command do."""
    try:
        with path.open("rb") as file:
            return mark.encode() in file.read(_HEAD)
    except OSError:
        return False
