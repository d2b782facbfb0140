"""Sphinx sets the pages, in a process of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from toolkit.errors import ToolkitError

STRICTLY = ("-W", "-n", "--keep-going")

# Jupyter Book has no python -m.
_SETTING = "from jupyter_book.cli.main import main; main()"


class BookError(ToolkitError):
    """A book that was not built; says which page or line is in the way."""


def set_pages(staging: Path, new: Path, environment: Mapping[str, str], *, strict: bool) -> Path:
    """Return the folder of fresh HTML.

    Parameters
    ----------
    staging : Path
        The folder of pages.
    new : Path
        Where the HTML goes; emptied first.
    environment : mapping of str to str
        The environment of the process that sets the pages.
    strict : bool
        Fail on any warning.

    Raises
    ------
    BookError
        With the warnings, by page and line.
    """
    if new.exists():
        shutil.rmtree(new)
    new.mkdir()
    asked = ["build", str(staging), "--path-output", str(new), "-q", *(STRICTLY if strict else ())]
    done = subprocess.run(
        [sys.executable, "-c", _SETTING, *asked],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        encoding="utf-8",
        errors="replace",
    )
    html = new / "_build" / "html"
    if done.returncode == 0 and (html / "index.html").is_file():
        return html
    said = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout).replace(f"{staging}{os.sep}", "")
    wrong = [line for line in said.splitlines() if re.search(r"\b(WARNING|ERROR|CRITICAL):", line)]
    lines = wrong or said.split("\n\n")[-1].splitlines()[-3:] or ["it ended without a word"]
    complaints = "1 complaint" if len(lines) == 1 else f"{len(lines)} complaints"
    raise BookError(
        f"The book was not built: {complaints} about its pages.\n"
        + "\n".join(f"  {line}" for line in dict.fromkeys(lines))
    )
