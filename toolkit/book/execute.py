"""Execute the pages of a book, side by side, and keep what they printed until something changes."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from myst_nb.core.read import is_myst_markdown_notebook, read_myst_markdown_notebook
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from toolkit.errors import ToolkitError

PAGE_SECONDS = 600
PAGES_AT_ONCE = 4
CACHES_KEPT = 4


class PageError(ToolkitError):
    """Pages that did not run to their end, or that printed a warning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Executed:
    """How many pages had code to run, and for how many that was done now.

    Attributes
    ----------
    executed : int
        Pages that ran now.
    reused : int
        Pages whose code and data are those of an earlier build.
    """

    executed: int
    reused: int


def execute(
    pages: Mapping[str, Path],
    *,
    cache: Path,
    folder: Path,
    environment: Mapping[str, str],
    say: Callable[[str], None],
) -> Executed:
    """Return the count of pages executed and re-used, after filling the cache for all of them.

    Parameters
    ----------
    pages : mapping of str to Path
        MyST pages by the name a reader knows them by; those without code are left out of the count.
    cache : Path
        Folder that holds the executed pages of this state of the data and of the code.
    folder : Path
        Where the code runs: its relative paths start there.
    environment : mapping of str to str
        The environment of the code.
    say : callable
        Told each page as it ends.

    Raises
    ------
    PageError
        When a page stops or warns; tells of every such page at once.
    """
    store = get_cache(str(cache))
    notebooks = {name: _read(path) for name, path in pages.items()}
    with_code = {name: notebook for name, notebook in notebooks.items() if notebook is not None}
    stale = {name: notebook for name, notebook in with_code.items() if not _has(store, notebook)}
    total = len(stale)
    troubles: list[str] = []

    async def run_one(gate: asyncio.Semaphore, name: str, notebook: Any) -> None:
        async with gate:
            started = time.monotonic()
            trouble = await _run(notebook, folder, environment)
            seconds = time.monotonic() - started
        if trouble:
            troubles.append(f"{name}{trouble}")
            return
        bundle = CacheBundleIn(notebook, name, data={"execution_seconds": 0})
        store.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
        done.append(name)
        say(f"  {name} executed in {seconds:.0f} s ({len(done)} of {total})")

    async def run_all() -> None:
        gate = asyncio.Semaphore(min(PAGES_AT_ONCE, os.cpu_count() or 1))
        await asyncio.gather(*(run_one(gate, name, notebook) for name, notebook in stale.items()))

    done: list[str] = []
    if stale:
        # Jupyter's sockets need a selector loop; it is not the default on Windows.
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(run_all())
    if troubles:
        raise PageError("\n\n".join(sorted(troubles)))
    return Executed(executed=total, reused=len(with_code) - total)


def forget_old(caches: Path) -> None:
    """Remove all but the newest few folders of executed pages."""
    folders = sorted(caches.iterdir(), key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in folders[CACHES_KEPT:]:
        shutil.rmtree(folder)


def _read(page: Path) -> Any:
    """Return the page as a notebook, None when it has no code to run."""
    text = page.read_text(encoding="utf-8")
    if not is_myst_markdown_notebook(text):
        return None
    notebook = read_myst_markdown_notebook(text, add_source_map=True, path=str(page))
    return notebook if any(cell.cell_type == "code" for cell in notebook.cells) else None


def _has(store: Any, notebook: Any) -> bool:
    try:
        store.match_cache_notebook(notebook)
    except KeyError:
        return False
    return True


async def _run(notebook: Any, folder: Path, environment: Mapping[str, str]) -> str:
    """Execute a notebook in place; return where and how it went wrong, empty when it did not."""
    client = NotebookClient(
        notebook,
        timeout=PAGE_SECONDS,
        kernel_name="python3",
        record_timing=False,
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(folder)}},
    )
    try:
        await client.async_execute(env=dict(environment))
    except CellExecutionError as error:
        last = f"{error.ename}: {error.evalue}".strip()
        return f", {_place(notebook)}: the code stopped with {last}"
    except CellTimeoutError:
        return f": the code ran for more than {PAGE_SECONDS} s and was stopped."
    except DeadKernelError:
        return ": Python ended while it ran the code (out of memory?)."
    return _warned(notebook)


def _place(notebook: Any) -> str:
    """Return the line of the page at which the code that ran last begins."""
    ran = [
        index
        for index, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and cell.execution_count is not None
    ]
    return f"line {notebook.metadata.source_map[ran[-1] if ran else 0] + 1}"


def _warned(notebook: Any) -> str:
    """Return what a page printed as a warning: a reader would see it in the book."""
    for index, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", ()):
            if output.output_type == "stream" and output.name == "stderr":
                line = notebook.metadata.source_map[index] + 1
                return f", line {line}: the code warned: {output.text.strip()}"
    return ""
