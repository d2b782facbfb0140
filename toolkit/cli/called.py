"""How the command was called, so that the next step can be typed as it is printed."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def called() -> str:
    """Return the beginning of every command, as this one was called.

    From a checkout that is ``python3 -m toolkit``, which finds the environment by itself; where
    the package is installed and on the path, ``toolkit``.
    """
    if Path(sys.argv[0]).stem in {"toolkit", "series-toolkit"}:
        return Path(sys.argv[0]).stem
    return "py -m toolkit" if os.name == "nt" else "python3 -m toolkit"


def next_step(*words: str) -> str:
    """Return a command that can be typed as it stands; words with spaces are quoted."""
    quoted = (f'"{word}"' if " " in word else word for word in words)
    return " ".join((called(), *quoted))
