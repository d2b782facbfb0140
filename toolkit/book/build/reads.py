"""Which reviews the code of a page reads: noted inside the process that runs it.

The standard library alone is imported here, since the page's own process begins with this.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

LOG, REVIEWS = "TOOLKIT_READS", "TOOLKIT_REVIEWS"
"""Names in the environment: the file of notes, and the folders of reviews that count."""
BEGIN = "from toolkit.book.build.reads import note_reads; note_reads()"
"""Code that a page's process runs first."""

_OPENING = {"open", "os.listdir", "os.scandir", "sqlite3.connect"}
_ELSEWHERE = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork"}
# A process of multiprocessing or of joblib may begin without any of these; it is preceded by the
# import of one of their modules popen_fork, popen_spawn_posix, popen_loky_posix and so on.
_BEGINS_ONE = ".popen_"


def note_reads() -> None:
    """Note from now on every review of which this process opens a file, or lists the folder.

    To list the folder in which reviews stand counts as reading each of them, and so does another
    process, since what it reads cannot be seen from here.
    """
    reviews = [path for path in os.environ[REVIEWS].split(os.pathsep) if path]
    noted: set[str] = set()

    def note(read: list[str]) -> None:
        new = [path for path in read if path not in noted]
        if new:
            noted.update(new)
            with Path(os.environ[LOG]).open("a", encoding="utf-8") as log:
                log.writelines(f"{path}\n" for path in new)

    def heard(event: str, given: tuple[Any, ...]) -> None:
        if len(noted) == len(reviews):
            return
        if event in _ELSEWHERE or (event == "import" and _BEGINS_ONE in given[0]):
            note(reviews)
        elif event in _OPENING:
            asked = given[0] if given and given[0] is not None else "."
            if not isinstance(asked, int):  # what opened it was heard before it had a number
                opened = os.path.realpath(os.fsdecode(asked))
                note([path for path in reviews if _is_read(path, opened)])

    sys.addaudithook(heard)


def _is_read(review: str, opened: str) -> bool:
    """Tell whether what was opened is a review's folder, the one around it or a file inside."""
    inside = opened == review or opened.startswith(review + os.sep)
    return inside or opened == os.path.dirname(review)  # noqa: PTH120
