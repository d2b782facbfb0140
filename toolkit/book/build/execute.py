"""Execute the pages of a book, side by side, and keep what they printed until something changes."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from myst_nb.core.read import is_myst_markdown_notebook, read_myst_markdown_notebook
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from toolkit.book.build import reads
from toolkit.errors import ToolkitError

PAGE_SECONDS = 600
PAGES_AT_ONCE = 4


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
    kept: Path,
    cache: Path,
    folder: Path,
    environment: Mapping[str, str],
    state: str,
    states: Mapping[str, str],
    say: Callable[[str], None],
) -> Executed:
    """Return the count of pages executed and re-used, after filling the cache for all of them.

    Parameters
    ----------
    pages : mapping of str to Path
        MyST pages by the name a reader knows them by; those without code are left out of the count.
    kept : Path
        Folder in which what pages printed is kept from build to build.
    cache : Path
        Folder of the cache that Sphinx reads; filled anew.
    folder : Path
        Where the code runs: its relative paths start there.
    environment : mapping of str to str
        The environment of the code.
    state : str
        Stands for all but the reviews that the code may read: when it changes, every page runs.
    states : mapping of str to str
        What stands for the content of each review's folder: when it changes, the pages run that
        read that folder.
    say : callable
        Told each page as it ends.

    Raises
    ------
    PageError
        When a page stops or warns; tells of every such page at once.
    """
    notebooks = {name: _read(path) for name, path in pages.items()}
    places = {
        name: kept / f"{_key(name, notebook, state)}.json"
        for name, notebook in notebooks.items()
        if notebook is not None
    }
    found = {name: _kept(place, states) for name, place in places.items()}
    stale = [name for name, notebook in found.items() if notebook is None]
    troubles: list[str] = []

    async def run_one(gate: asyncio.Semaphore, name: str) -> None:
        async with gate:
            started = time.monotonic()
            trouble, read = await _run(notebooks[name], folder, environment)
            seconds = time.monotonic() - started
        if trouble:
            troubles.append(f"{name}{trouble}")
            return
        found[name] = notebooks[name]
        _keep(places[name], notebooks[name], {path: states[path] for path in read})
        done.append(name)
        say(f"  {name} executed in {seconds:.0f} s ({len(done)} of {len(stale)})")

    async def run_all() -> None:
        gate = asyncio.Semaphore(min(PAGES_AT_ONCE, os.cpu_count() or 1))
        await asyncio.gather(*(run_one(gate, name) for name in stale))

    done: list[str] = []
    kept.mkdir(parents=True, exist_ok=True)
    if stale:
        # Jupyter's sockets need a selector loop; it is not the default on Windows.
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(run_all())
    if troubles:
        raise PageError("\n\n".join(sorted(troubles)))
    for path in set(kept.iterdir()) - {*places.values()}:
        path.unlink()
    _fill(cache, found)
    return Executed(executed=len(stale), reused=len(places) - len(stale))


def _key(name: str, notebook: Any, state: str) -> str:
    """Return what a page's output is found by: its name, its code and the state of the toolkit."""
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    return hashlib.sha256(repr((name, cells, state)).encode()).hexdigest()[:32]


def _kept(place: Path, states: Mapping[str, str]) -> Any:
    """Return a page as it was executed, None where what it read has changed since."""
    if not place.is_file():
        return None
    told = json.loads(place.read_text(encoding="utf-8"))
    if any(states.get(path) != state for path, state in told["read"].items()):
        return None
    return nbformat.from_dict(told["notebook"])  # type: ignore[no-untyped-call]


def _keep(place: Path, notebook: Any, read: Mapping[str, str]) -> None:
    """Keep an executed page with the state of the reviews that it read."""
    part = place.with_suffix(".part")
    told = json.dumps({"read": read, "notebook": notebook})
    part.write_text(told, encoding="utf-8")
    part.replace(place)


def _fill(cache: Path, executed: Mapping[str, Any]) -> None:
    """Fill the cache that Sphinx reads with executed pages."""
    if cache.exists():
        shutil.rmtree(cache)
    store = get_cache(str(cache))
    for name, notebook in executed.items():
        bundle = CacheBundleIn(notebook, name, data={"execution_seconds": 0})
        store.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def _read(page: Path) -> Any:
    """Return the page as a notebook, None when it has no code to run."""
    text = page.read_text(encoding="utf-8")
    if not is_myst_markdown_notebook(text):
        return None
    notebook = read_myst_markdown_notebook(text, add_source_map=True, path=str(page))
    return notebook if any(cell.cell_type == "code" for cell in notebook.cells) else None


async def _run(
    notebook: Any, folder: Path, environment: Mapping[str, str]
) -> tuple[str, tuple[str, ...]]:
    """Execute a notebook in place; return how it went wrong, and the reviews that it read.

    The first is empty when nothing went wrong.
    """
    with tempfile.TemporaryDirectory() as noted:
        log = Path(noted) / "reads"
        log.touch()
        client = NotebookClient(
            notebook,
            timeout=PAGE_SECONDS,
            kernel_name="python3",
            record_timing=False,
            extra_arguments=["--log-level=ERROR", f"--IPKernelApp.exec_lines={[reads.BEGIN]!r}"],
            resources={"metadata": {"path": str(folder)}},
        )
        try:
            await client.async_execute(env={**environment, reads.LOG: str(log)})
        except CellExecutionError as error:
            last = f"{error.ename}: {error.evalue}".strip()
            return f", {_place(notebook)}: the code stopped with {last}", ()
        except CellTimeoutError:
            return f": the code ran for more than {PAGE_SECONDS} s and was stopped.", ()
        except DeadKernelError:
            return ": Python ended while it ran the code (out of memory?).", ()
        return _warned(notebook), tuple(log.read_text(encoding="utf-8").splitlines())


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
