"""``python3 -m benchmarks [MODULE ...]``: every job, by everyone who is installed, in one run."""

from __future__ import annotations

import sys
from importlib import import_module
from itertools import chain
from pathlib import Path

from benchmarks.comparison import environment, report, report_growth

NOT_JOBS = {"__init__", "__main__", "comparison"}


def main(names: list[str]) -> None:
    """Print machine, ratios, growth and memory of the named modules, or of all, as Markdown."""
    known = sorted({path.stem for path in Path(__file__).parent.glob("*.py")} - NOT_JOBS)
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise SystemExit(f"no such benchmarks: {', '.join(unknown)}; there are {', '.join(known)}")
    modules = [import_module(f"benchmarks.{name}") for name in names or known]
    print(environment(), end="\n\n")
    report(chain.from_iterable(module.jobs() for module in modules))
    report_growth(chain.from_iterable(module.growths() for module in modules))
    for module in modules:
        print(f"\n{module.memory()}")


if __name__ == "__main__":
    main(sys.argv[1:])
