"""What must pass before a change is taken: tests, doctests, style, types."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from toolkit.errors import ToolkitError

CHECKOUT = Path(__file__).resolve().parents[2]
BOOK_TESTS = "tests/book"

_BESIDE = {
    "style": ["ruff", "check"],
    "format": ["ruff", "format", "--check"],
    "types": ["mypy"],
}


def run_tests(arguments: Sequence[str] = ()) -> int:
    """Return 0 when tests, style and types all pass, else 1; says how each of them went.

    Parameters
    ----------
    arguments : sequence of str
        Handed to pytest as they are (``-k name``, ``tests/book``, ``-x``). Without them the tests
        of the book, which last as long as all the rest, run beside the rest.

    Raises
    ------
    ToolkitError
        When this is not a checkout: an installed package comes without its tests.
    """
    if not (CHECKOUT / BOOK_TESTS).is_dir():
        raise ToolkitError(
            f"There are no tests beside {CHECKOUT / 'toolkit'}: run this from a checkout."
        )
    if arguments:
        first = {"tests": ["pytest", *arguments]}
        beside = _BESIDE
    else:
        first = {"book": ["pytest", BOOK_TESTS]}
        beside = {"tests": ["pytest", f"--ignore={BOOK_TESTS}"], **_BESIDE}
    passed: dict[str, bool] = {}
    with ThreadPoolExecutor(max_workers=1) as second:
        ending = {name: second.submit(_run, command, kept=True) for name, command in beside.items()}
        for name, command in first.items():
            print(f"\n== {name}: {' '.join(command)}", flush=True)
            passed[name] = _run(command).returncode == 0
        # What ran beside tells nothing before: two tales at once cannot be read.
        for name, command in beside.items():
            print(f"\n== {name}: {' '.join(command)}", flush=True)
            ran = ending[name].result()
            print(ran.stdout, end="", flush=True)
            passed[name] = ran.returncode == 0
    print("\n" + "\n".join(f"{name:8}{'ok' if ok else 'FAILED'}" for name, ok in passed.items()))
    return 0 if all(passed.values()) else 1


def _run(command: Sequence[str], *, kept: bool = False) -> subprocess.CompletedProcess[str]:
    """Run a module of Python in the checkout; what it says is shown at once, or kept."""
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=CHECKOUT,
        check=False,
        encoding="utf-8",
        errors="replace",
        stdout=subprocess.PIPE if kept else None,
        stderr=subprocess.STDOUT if kept else None,
    )
