"""The folder that a book is built from, and what tells whether it must be filled again."""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from toolkit import __version__

PACKAGE = Path(__file__).resolve().parents[2]
CHECKOUT = PACKAGE.parent
PAGE_ENDINGS = {".md", ".css", ".js", ".yml", ".bib", ".html"}
NOT_STAGED = ("_build", "answers")


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What the output of pages depends on, apart from their own code.

    Attributes
    ----------
    toolkit : str
        A hash of toolkit and libraries, and of the files beside the hand-written pages.
    reviews : mapping of str to str
        A hash of every file in each review's folder, by the whole path of that folder.
    whole : str
        A hash of these, of the hand-written files and of the papers that pages quote.
    """

    toolkit: str
    reviews: Mapping[str, str]
    whole: str


def state_of(reviews: Sequence[Path], source: Path, writer: str) -> State:
    """Return the state of all that the output of a page depends on.

    Parameters
    ----------
    reviews : sequence of Path
        Review folders: every file in them counts.
    source : Path
        The hand-written pages; files beside them that are no pages count.
    writer : str
        Who writes the generated pages; empty when nobody does.
    """
    digest = hashlib.sha256(f"{sys.version} {metadata.version('myst-nb')} {writer}".encode())
    beside = [path for path in _files(source) if path.suffix not in PAGE_ENDINGS]
    _add(digest, PACKAGE, (path for end in ("py", "jinja") for path in PACKAGE.rglob(f"*.{end}")))
    _add(digest, source, beside)
    _add(digest, CHECKOUT, [CHECKOUT / "requirements.lock"])
    found = {}
    for review in reviews:
        content = hashlib.sha256()
        _add(content, review.parent, review.rglob("*"))
        found[str(review.resolve())] = content.hexdigest()
    whole = hashlib.sha256(f"{digest.hexdigest()} {sorted(found.items())}".encode())
    _add(whole, source, _files(source))
    _add(whole, CHECKOUT, [*CHECKOUT.glob("*.md"), *CHECKOUT.glob("*.cff")])
    return State(toolkit=digest.hexdigest(), reviews=found, whole=whole.hexdigest())


def stage(source: Path, staging: Path, cache: Path) -> None:
    """Copy the hand-written files to a clean staging folder and fill its configuration in.

    Parameters
    ----------
    source, staging : Path
        From where, to where.
    cache : Path
        The folder of executed pages that the configuration is to name.
    """
    _stamp(staging).unlink(missing_ok=True)
    if staging.exists():
        shutil.rmtree(staging)
    shutil.copytree(source, staging, ignore=shutil.ignore_patterns(*NOT_STAGED))
    config = staging / "_config.yml"
    text = config.read_text(encoding="utf-8").replace("{version}", __version__)
    config.write_text(text.replace("{cache}", cache.as_posix()), encoding="utf-8")


def mark_staged(staging: Path, state: State) -> None:
    """Note that the staging folder is complete: the last thing to do when it has been filled.

    The state is that from before: a file that was changed meanwhile may not be in the folder.
    """
    _stamp(staging).write_text(state.whole, encoding="utf-8")


def is_staged(staging: Path, state: State) -> bool:
    """Tell whether all that went into the staging folder is as it was when it was filled."""
    stamp = _stamp(staging)
    return staging.is_dir() and stamp.is_file() and stamp.read_text(encoding="utf-8") == state.whole


def _stamp(staging: Path) -> Path:
    return staging.with_name(f"{staging.name}.stamp")


def _files(source: Path) -> list[Path]:
    paths = source.rglob("*")
    return [path for path in paths if path.relative_to(source).parts[0] not in NOT_STAGED]


def _add(digest: hashlib._Hash, root: Path, paths: Iterable[Path]) -> None:
    """Add the place and the content of files to a hash, whatever the order they come in."""
    for path in sorted(paths):
        if path.is_file():
            name = path.relative_to(root).as_posix().encode()
            digest.update(name + b"\0" + hashlib.sha256(path.read_bytes()).digest())
