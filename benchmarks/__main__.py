"""``python3 -m benchmarks [MODULE ...]``: every job, by everyone who is installed, in one run."""

from __future__ import annotations

import sys
from importlib import import_module
from itertools import chain
from pathlib import Path

from benchmarks.comparison import environment, report, report_growth


def main(names: list[str]) -> None:
    """Print what the named modules measure, or all of them, as Markdown: machine, ratios, growth.

    A module of benchmarks has `jobs` and `growths`; `memory` where memory is its question, and
    `failures` where it counts what becomes of hard tables.
    """
    stems = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))
    known = {stem: import_module(f"benchmarks.{stem}") for stem in stems}
    known = {stem: module for stem, module in known.items() if hasattr(module, "jobs")}
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise SystemExit(f"no such benchmarks: {', '.join(unknown)}; there are {', '.join(known)}")
    modules = [known[name] for name in names or known]
    print(environment(), end="\n\n")
    report(chain.from_iterable(module.jobs() for module in modules))
    report_growth(chain.from_iterable(module.growths() for module in modules))
    for module in modules:
        for question in ("memory", "failures"):
            if hasattr(module, question):
                print(f"\n{getattr(module, question)()}")


if __name__ == "__main__":
    main(sys.argv[1:])
