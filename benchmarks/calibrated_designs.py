"""Coverage of the calibrated interval in seven designs, recorded in tests/reference.

``python3 -m benchmarks.calibrated_designs [FILE]`` draws 20,000 tables in each of 28 cells of a
design (normal logits of spread 0 to 1.5, beta laws) and writes what the intervals hold and how wide
they are: the calibrated ones of both estimands, and for scale those of t(k-1) on the first 4,000.
"""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np
from scipy.special import logit

from toolkit.analysis.critical_files import find_critical_values
from toolkit.calibration.grid import DESIGN_TAUS, DESIGNS, GATED_TAU, LEVEL, PROPORTIONS, RHOS
from toolkit.calibration.intervals import (
    TAU_SCALES,
    Intervals,
    calibrated_of_both,
    kernels,
    student_of,
)
from toolkit.calibration.simulation import (
    CHUNK,
    Design,
    Truth,
    beta_binomial,
    draw_tables,
    logit_normal,
)

REPLICATES = 20_000
FOR_SCALE = 4_000
SEED = 20_260_101
FILE = Path(__file__).parents[1] / "tests" / "reference" / "calibrated_designs.csv"
COLUMNS = (
    "sizes",
    "law",
    "proportion",
    "spread",
    "method",
    "target",
    "tables",
    "covered",
    "error",
    "width",
)


def cells() -> Iterator[tuple[tuple[int, ...], str, float, float, Truth]]:
    """Yield sizes, law, proportion, spread (tau or rho) and truth of every cell."""
    for sizes in DESIGNS:
        if len(sizes) > 2:
            for tau, p in product([tau for tau in DESIGN_TAUS if tau <= GATED_TAU], PROPORTIONS):
                yield sizes, "logit-normal", p, tau, logit_normal(float(logit(p)), tau)
            for rho, p in product(RHOS, PROPORTIONS):
                yield sizes, "beta-binomial", p, rho, beta_binomial(p, rho)


def rows_of(
    sizes: tuple[int, ...], law: str, proportion: float, spread: float, truth: Truth, number: int
) -> list[dict[str, object]]:
    """Return the rows of one cell; the same cell has the same tables on every run."""
    stored = find_critical_values(sizes, LEVEL)
    assert stored is not None
    prepared = kernels(tuple(sorted(set(sizes))), len(sizes), sum(sizes), TAU_SCALES)
    design = Design(series=len(sizes), sizes=sizes)
    streams = np.random.SeedSequence(SEED, spawn_key=(number,)).spawn(REPLICATES // CHUNK)
    sums: dict[tuple[str, str], np.ndarray] = {}
    for chunk, stream in enumerate(streams):
        events, total = draw_tables(design, truth, stream, CHUNK)
        found = list(calibrated_of_both(events, total, prepared, stored.values))
        if chunk * CHUNK < FOR_SCALE:
            found += list(student_of(events, total, LEVEL, prepared))
        for each in found:
            if each.target != "prediction":
                own = sums.setdefault((each.method, each.target), np.zeros(3))
                own += _sums(each, truth)
    told = (" ".join(map(str, sizes)), law, f"{proportion:g}", f"{spread:g}")
    rows = []
    for (method, target), (given, held, width) in sums.items():
        covered = held / given
        error = math.sqrt(covered * (1 - covered) / given)
        numbers = (int(given), f"{covered:.5f}", f"{error:.5f}", f"{width / given:.5f}")
        rows.append(dict(zip(COLUMNS, (*told, method, target, *numbers), strict=True)))
    return rows


def _sums(found: Intervals, truth: Truth) -> np.ndarray:
    """Return how many intervals there are, how many hold the truth, and their summed width."""
    given = ~np.isnan(found.low)
    low, high = found.low[given], found.high[given]
    wanted = truth.typical if found.target == "typical" else truth.average
    return np.array([given.sum(), ((low <= wanted) & (wanted <= high)).sum(), (high - low).sum()])


def main(target: Path) -> None:
    """Write every cell, telling the worst ones of a design as they are known."""
    rows: list[dict[str, object]] = []
    for number, cell in enumerate(cells()):
        rows += rows_of(*cell, number)
        with target.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        print(number, *rows[-1].values(), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FILE)
