"""Other processes that compute and draw while this one writes pages."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from toolkit.analysis.cache import keep_in
from toolkit.errors import ToolkitError

MOST = 8
"""Processes beyond which a book of ordinary size gains nothing."""


class _Workers:
    """Processes that keep what they compute where this one does."""

    def __init__(self, kept: Path) -> None:
        # A forked worker has every module at hand; elsewhere each one imports its own.
        way = "fork" if sys.platform == "linux" else "spawn"
        self.pool = ProcessPoolExecutor(
            min(os.cpu_count() or 1, MOST),
            mp_context=multiprocessing.get_context(way),
            initializer=_begin,
            initargs=(kept,),
        )
        self.begun: dict[Hashable, Future[Any]] = {}


_WORKERS: ContextVar[_Workers | None] = ContextVar("workers", default=None)


@contextmanager
def side_by_side(kept: Path) -> Iterator[None]:
    """Let `later` and `ahead` use other processes; all they began is done when the block ends.

    Parameters
    ----------
    kept : Path
        Where those processes keep the results of remembered functions.

    Raises
    ------
    ToolkitError
        When one of the processes ended before its work did.
    Exception
        Whatever the first of the functions that failed raised.
    """
    workers = _Workers(kept)
    outer = _WORKERS.set(workers)
    try:
        yield
        for begun in workers.begun.values():
            begun.result()
    except BrokenProcessPool:
        raise ToolkitError(
            "A process that computes or draws for the book was ended before it was done; most "
            "often the memory was full. Close other programs and build again: what was finished "
            "is kept."
        ) from None
    finally:
        _WORKERS.reset(outer)
        workers.pool.shutdown(cancel_futures=True)


def later(function: Callable[..., None], *given: Any, once: Hashable) -> None:
    """Have a function run before `side_by_side` ends; at once outside such a block.

    Parameters
    ----------
    function : callable
        A function of a module, called for what it writes.
    *given
        What it is given; it is sent to another process.
    once : hashable
        Names the work: what was begun under the same name is not begun again.
    """
    workers = _WORKERS.get()
    if workers is None:
        function(*given)
    elif once not in workers.begun:
        workers.begun[once] = workers.pool.submit(_unhurried, function, *given)


def ahead(calls: Sequence[tuple[Callable[..., object], tuple[Any, ...]]]) -> None:
    """Run functions in other processes for the results that they keep, and wait for all of them.

    Nothing is done outside a block of `side_by_side`. What a function raises is left to whoever
    calls it for its result.
    """
    workers = _WORKERS.get()
    if workers is not None:
        begun = [workers.pool.submit(_kept_only, *call) for call in calls]
        for each in begun:
            each.result()


def _begin(kept: Path) -> None:
    """Make a process a worker: it keeps results, and has no workers of its own."""
    _WORKERS.set(None)
    keep_in(kept)


def _unhurried(function: Callable[..., None], *given: Any) -> None:
    """Run a function behind what the pages wait for: files of figures can be late, pages not."""
    if hasattr(os, "nice"):
        os.nice(max(0, 10 - os.nice(0)))
    function(*given)


def _kept_only(function: Callable[..., object], given: tuple[Any, ...]) -> None:
    """Run a function for what it keeps; its result and its refusal are not sent back."""
    with suppress(ToolkitError):
        function(*given)
