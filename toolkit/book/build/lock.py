"""One book at a time: two that build in one folder would take each other's pages away."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from toolkit.errors import ToolkitError


@contextmanager
def only_one(work: Path) -> Iterator[None]:
    """Hold the folder that a book is built in; the system lets go of it even after a crash.

    Raises
    ------
    ToolkitError
        Where another process is building there.
    """
    work.mkdir(parents=True, exist_ok=True)
    with (work / "building.lock").open("a+", encoding="utf-8") as held:
        if not _taken(held):
            held.seek(0)
            whose = held.read().strip()
            raise ToolkitError(
                f"another book is being built in {work}{f' by process {whose}' if whose else ''}. "
                "Wait until it is done, then run the same command again."
            )
        held.truncate(0)
        held.write(str(os.getpid()))
        held.flush()
        yield


def _taken(held: IO[str]) -> bool:
    """Tell whether the file is ours now; nobody waits."""
    try:
        if sys.platform == "win32":
            import msvcrt

            held.seek(1_000_000)  # beyond what is read, for Windows locks reading too
            msvcrt.locking(held.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
