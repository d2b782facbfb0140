"""Drafts on disk: beside the record, ignored by git, one process to each file.

A lock that the system lets go of when a process ends, however it ends, says whose a file is. So
two desks on one folder never write one draft, and a draft whose desk was killed is taken up again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from toolkit.desk.sheet_draft import SheetDraft, draft_from
from toolkit.errors import ToolkitError
from toolkit.sheets.whole_file import write_whole

ASIDE = ".desk"
"""The folder within a review; its name begins with a dot, so that it is no sheet's business."""

_MOST = 50
_SECONDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFile:
    """The file of one draft, held by this process until it lets go."""

    path: Path
    lock: FileLock

    def read(self) -> SheetDraft | None:
        """Return the draft in it; None where there is none.

        Raises
        ------
        ToolkitError
            If it holds something else; it is kept as it is.
        """
        if not self.path.exists():
            return None
        try:
            return draft_from(json.loads(self.path.read_text(encoding="utf-8")))
        except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
            raise ToolkitError(
                f"{self.path} is no draft of the desk any more. Move it away to begin anew."
            ) from error

    def write(self, draft: SheetDraft) -> None:
        """Keep a draft; raises ToolkitError where it cannot be written."""
        write_whole(self.path, json.dumps(draft.to_dict(), ensure_ascii=False))

    def remove(self) -> None:
        """Forget the draft."""
        self.path.unlink(missing_ok=True)


def aside(review: Path) -> Path:
    """Return the folder for drafts of a review, made where it is not there yet.

    Raises
    ------
    ToolkitError
        If it cannot be made.
    """
    folder = review / ASIDE
    try:
        (folder / "papers").mkdir(parents=True, exist_ok=True)
        if not (folder / ".gitignore").exists():
            write_whole(folder / ".gitignore", "*\n")
    except OSError as error:
        raise ToolkitError(
            f"{folder} cannot be made: {error.strerror}. The desk keeps drafts there: "
            "check who may write into the review's folder."
        ) from error
    return folder


def claim(review: Path, name: str) -> DraftFile:
    """Return a draft's file that no other process has: one with unfinished work, else a new one."""
    folder = aside(review)
    free = []
    for number in range(1, _MOST):
        file = DraftFile(
            path=folder / f"{name}.{number}.json",
            lock=FileLock(folder / f"{name}.{number}.lock", timeout=0, thread_local=False),
        )
        try:
            file.lock.acquire()
        except Timeout:
            continue
        except OSError as error:
            raise ToolkitError(f"{folder} cannot be written: {error.strerror}.") from error
        free.append(file)
        if not file.path.exists():
            break
    else:
        raise ToolkitError(f"More than {_MOST} desks have {name} open.")
    taken = next((file for file in free if _unfinished(file)), free[0])
    for file in free:
        if file is not taken:
            file.lock.release()
    return taken


def _unfinished(file: DraftFile) -> bool:
    """Return whether a file holds a draft that says something else than the record did."""
    draft = file.read()
    return draft is not None and draft.changed


def one_writer(review: Path) -> FileLock:
    """Return the lock under which one process at a time records into a review."""
    return FileLock(aside(review) / "recording.lock", timeout=_SECONDS, thread_local=False)


def papers(review: Path) -> Path:
    """Return the folder in which papers lie while they are open."""
    return aside(review) / "papers"


def other_drafts(review: Path, name: str, own: Path) -> Iterator[Path]:
    """Yield further drafts of the same sheets: another desk's, or one that was left behind."""
    yield from (path for path in sorted((review / ASIDE).glob(f"{name}.*.json")) if path != own)
