"""``python3 -m benchmarks``: every job, by everyone who is installed, in one run."""

from __future__ import annotations

from itertools import chain

from benchmarks import inverse_variance, likelihood
from benchmarks.comparison import environment, report, report_growth


def main() -> None:
    """Print machine, ratios, growth and memory as Markdown."""
    print(environment(), end="\n\n")
    report(chain(inverse_variance.jobs(), likelihood.jobs()))
    report_growth(chain(inverse_variance.growths(), likelihood.growths()))
    print(f"\n{inverse_variance.memory()}")


if __name__ == "__main__":
    main()
