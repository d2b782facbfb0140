"""The folder that a book is built from: a fresh copy of what is written by hand."""

from __future__ import annotations

import shutil
from pathlib import Path

from toolkit import __version__

NOT_STAGED = ("_build", "answers")


def stage(source: Path, staging: Path) -> None:
    """Copy the hand-written files to a clean staging folder and fill their configuration in.

    Parameters
    ----------
    source, staging : Path
        From where, to where.
    """
    if staging.exists():
        shutil.rmtree(staging)
    shutil.copytree(source, staging, ignore=shutil.ignore_patterns(*NOT_STAGED))
    config = staging / "_config.yml"
    text = config.read_text(encoding="utf-8").replace("{version}", __version__)
    config.write_text(text, encoding="utf-8")
