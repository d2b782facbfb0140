"""What must pass before a change is taken: tests, doctests, style, types."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from toolkit.errors import ToolkitError

CHECKOUT = Path(__file__).resolve().parents[1]


def run_tests(arguments: Sequence[str] = ()) -> int:
    """Return 0 when tests, style and types all pass, else 1; says how each of them went.

    Parameters
    ----------
    arguments : sequence of str
        Handed to pytest as they are (``-k name``, ``tests/book``, ``-x``).

    Raises
    ------
    ToolkitError
        When this is not a checkout: an installed package comes without its tests.
    """
    if not (CHECKOUT / "tests").is_dir():
        raise ToolkitError(
            f"There are no tests beside {CHECKOUT / 'toolkit'}: run this from a checkout."
        )
    steps = {
        "tests": ["pytest", *arguments],
        "style": ["ruff", "check"],
        "format": ["ruff", "format", "--check"],
        "types": ["mypy"],
    }
    passed: dict[str, bool] = {}
    for name, command in steps.items():
        print(f"\n== {name}: {' '.join(command)}", flush=True)
        ran = subprocess.run([sys.executable, "-m", *command], cwd=CHECKOUT, check=False)
        passed[name] = ran.returncode == 0
    print("\n" + "\n".join(f"{name:8}{'ok' if ok else 'FAILED'}" for name, ok in passed.items()))
    return 0 if all(passed.values()) else 1
