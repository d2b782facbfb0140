"""Sphinx sets the pages, in a process of its own that is ready before the pages are."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from toolkit.errors import ToolkitError

STRICTLY = ("-W", "-n", "--keep-going")

# To import all this takes as long as to set the pages; Jupyter Book has no python -m.
_WAITING = """
import json, sys
from importlib import import_module
from jupyter_book.cli.main import main
from sphinx.application import builtin_extensions
for name in (
    *builtin_extensions, "jupyter_book.sphinx", "myst_nb.sphinx_ext", "sphinx_book_theme",
    "sphinx_comments", "sphinx_copybutton", "sphinx_design.extension",
    "sphinx_external_toc.collectors", "sphinx_togglebutton", "sphinxcontrib.bibtex.directives",
    "sqlalchemy.dialects.sqlite",
):
    import_module(name)
asked = sys.stdin.readline()
if asked:
    main(json.loads(asked))
"""


class BookError(ToolkitError):
    """A book that was not built; says which page or line is in the way."""


@contextmanager
def page_setter(environment: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Yield a process that waits to be told what to set; it ends with the block."""
    process = subprocess.Popen(
        [sys.executable, "-c", _WAITING],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def set_pages(setter: subprocess.Popen[str], staging: Path, new: Path, *, strict: bool) -> Path:
    """Return the folder of fresh HTML.

    Parameters
    ----------
    setter : Popen
        What `page_setter` yields; it can be told once.
    staging : Path
        The folder of pages.
    new : Path
        Where the HTML goes; emptied first.
    strict : bool
        Fail on any warning.

    Raises
    ------
    BookError
        With the warnings, told by page and line.
    """
    if new.exists():
        shutil.rmtree(new)
    new.mkdir()
    asked = ["build", str(staging), "--path-output", str(new), "-q", *(STRICTLY if strict else ())]
    out, err = setter.communicate(f"{json.dumps(asked)}\n")
    html = new / "_build" / "html"
    if setter.returncode == 0 and (html / "index.html").is_file():
        return html
    said = re.sub(r"\x1b\[[0-9;]*m", "", out + err).replace(f"{staging}{os.sep}", "")
    told = [line for line in said.splitlines() if re.search(r"\b(WARNING|ERROR|CRITICAL):", line)]
    lines = told or said.split("\n\n")[-1].splitlines()[-3:] or ["it ended without a word"]
    complaints = "1 complaint" if len(lines) == 1 else f"{len(lines)} complaints"
    raise BookError(
        f"The book was not built: {complaints} about its pages.\n"
        + "\n".join(f"  {line}" for line in dict.fromkeys(lines))
    )
