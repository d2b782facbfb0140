"""What was computed once is not computed again: results kept in a folder, or while a block runs.

Nothing is kept unless a caller asks for it with `kept_in`. A result is found by the function, by
the words of everything it was given and by the code that computed it, so that a changed count, a
changed method or a changed line of code is computed anew.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar, Token
from functools import cache, wraps
from importlib import metadata
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

Given = ParamSpec("Given")
Found = TypeVar("Found")

UNUSED_DAYS = 30
"""Days after which a result that nobody asked for is forgotten."""

_PACKAGE = Path(__file__).resolve().parents[1]
_ELSEWHERE = {"audit", "book", "checks", "sheets"}
_LIBRARIES = ("numpy", "scipy", "statsmodels", "matplotlib", "pillow")
# A folder, or the results themselves by what was asked, where a block keeps them in memory.
_KEPT: ContextVar[Path | dict[str, Any] | None] = ContextVar("kept", default=None)


@contextmanager
def kept_in(folder: Path | None) -> Iterator[None]:
    """Keep the results of remembered functions in a folder while the block runs.

    When it ends, results that nobody asked for in `UNUSED_DAYS` are forgotten. Without a folder
    they are kept in memory, and all are forgotten when the block ends; where a block around it
    keeps results already, they stay where they are.
    """
    if folder is None:
        inner = _KEPT.set({} if _KEPT.get() is None else _KEPT.get())
        try:
            yield
        finally:
            _KEPT.reset(inner)
        return
    outer = keep_in(folder)
    try:
        yield
    finally:
        _KEPT.reset(outer)
    oldest = time.time() - UNUSED_DAYS * 86_400
    for path in folder.iterdir():
        # Other processes may still write here: what was listed a moment ago may have its name now.
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < oldest:
                path.unlink()


def keep_in(folder: Path) -> Token[Path | dict[str, Any] | None]:
    """Keep results in a folder from now on; return the token by which `kept_in` ends it."""
    folder.mkdir(parents=True, exist_ok=True)
    return _KEPT.set(folder)


def remembered(function: Callable[Given, Found]) -> Callable[Given, Found]:
    """Return a function that looks for an earlier result where `kept_in` says.

    Its arguments and its result are records of plain values: the words of a record hold all that
    is in it, but for the line of a sheet, so that what is kept names no line.
    """
    # Its own file counts wherever it stands.
    own = hashlib.sha256(Path(function.__code__.co_filename).read_bytes()).hexdigest()

    @wraps(function)
    def looked_up(*args: Given.args, **kwargs: Given.kwargs) -> Found:
        kept = _KEPT.get()
        if kept is None:
            return function(*args, **kwargs)
        name = f"{function.__module__}.{function.__qualname__}"
        if isinstance(kept, dict):
            here = f"{name} {args!r} {kwargs!r}"
            if here not in kept:
                kept[here] = function(*args, **kwargs)
            held: Found = kept[here]
            return held
        asked = f"{_code()} {own} {name} {args!r} {kwargs!r}"
        path = kept / hashlib.sha256(asked.encode()).hexdigest()[:32]
        if path.is_file():
            os.utime(path)
            found: Found = pickle.loads(path.read_bytes())
            return found
        found = function(*args, **kwargs)
        # Written under another name first: a run that is stopped leaves no half a file.
        part = path.with_name(f"{path.name}-{os.getpid()}")
        part.write_bytes(pickle.dumps(found))
        part.replace(path)
        return found

    return looked_up


@cache
def _code() -> str:
    """Return a hash of the code that computes and draws, and of the libraries it stands on."""
    versions = [f"{name} {metadata.version(name)}" for name in _LIBRARIES]
    digest = hashlib.sha256(f"{sys.version} {versions}".encode())
    for path in sorted(_PACKAGE.rglob("*.py")):
        name = path.relative_to(_PACKAGE)
        if name.parts[0] not in _ELSEWHERE:
            digest.update(f"{name.as_posix()}\0".encode() + path.read_bytes())
    return digest.hexdigest()
