"""Ladders by the thousand: order, ranks and coverage.

python -m benchmarks.ladders random 10000     every ladder finite and ordered, or why not
python -m benchmarks.ladders ranks 500        ranks of the truth under its own prior
python -m benchmarks.ladders coverage 1000    coverage and bias of mean and prediction, 6 cells

A third argument is a limit in seconds (of each cell, for coverage): what was reached counts.
"""

from __future__ import annotations

import sys
import time
from itertools import pairwise

import numpy as np

import toolkit as tk
from toolkit.analysis import ordered
from toolkit.analysis.ladder_table import Cell, ladder_table
from toolkit.analysis.ordered import rung_shapes
from toolkit.numerics.binomial.average import average_over_centres
from toolkit.numerics.ladder.posterior import ladder_posterior
from toolkit.numerics.ladder.prior import LadderPrior
from toolkit.numerics.ladder.shares import LadderShares

SIZES = (8, 19, 27, 37, 38, 10, 14, 25)
POINTS = 1 << 12
"""Of a posterior among thousands: what so few add to an end is small against the simulation."""
CELLS = [(k, steps) for k in (3, 5, 8) for steps in (2, 3)]


def random_ladder(random: np.random.Generator) -> tuple[list[int], dict[str, list[Cell]]]:
    """Return a ladder without pattern: gaps, ranges, zeros and fulls."""
    k, steps = int(random.integers(1, 11)), int(random.integers(2, 4))
    total = random.integers(1, 61, k).tolist()
    chances = random.choice([0.0, 0.1, 0.5, 0.9, 1.0], steps)
    above, rungs = list(total), {}
    for j in range(steps):
        above = [int(random.binomial(n, chances[j])) for n in above]
        cells: list[Cell] = []
        for n, x in zip(total, above, strict=True):
            kind = random.random()
            wide = (int(random.integers(0, x + 1)), int(random.integers(x, n + 1)))
            cells.append(None if kind < 0.35 else wide if kind < 0.45 else x)
        rungs[f"rung {j + 1}"] = cells
    return total, rungs


def check_order(count: int, seconds: float) -> None:
    """Raise AssertionError at the first ladder whose rungs cross or are not finite."""
    # Whether numbers are finite and in order does not hang on how many points they come from.
    ordered.MOST_POINTS = POINTS
    pooled = refused = 0
    end = time.monotonic() + seconds
    for seed in range(count):
        if time.monotonic() > end:
            break
        if seed % 500 == 499:
            print(f"{seed + 1} so far, {refused} not pooled", flush=True)
        total, rungs = random_ladder(np.random.default_rng(seed))
        answer = tk.pool_ordered(total, rungs)
        numbers = [
            [
                *(rung.average.low, rung.average.estimate, rung.average.high),
                *(rung.typical.low, rung.typical.estimate, rung.typical.high),
                *(rung.prediction.low, rung.prediction.high),
            ]
            for rung in answer.rungs.values()
        ]
        if answer.k < 2:
            assert answer.notes, seed
            refused += 1
            continue
        assert np.isfinite(np.array(numbers, dtype=float)).all(), seed
        for outer, inner in pairwise(numbers):
            assert all(a >= b for a, b in zip(outer, inner, strict=True)), seed
        for low, middle, high in [row[i : i + 3] for row in numbers for i in (0, 3)]:
            assert low <= middle <= high, seed
        pooled += 1
    print(
        f"{pooled + refused} ladders: {pooled} finite and ordered, {refused} not pooled and said so"
    )


def simulated(
    random: np.random.Generator, k: int, mu: np.ndarray, tau: np.ndarray, missing: float
) -> tuple[list[int], dict[str, list[Cell]]]:
    """Return a review of k studies under a truth, a share of its numbers missing."""
    total = list(SIZES[:k])
    theta = mu + tau * random.standard_normal((k, len(mu)))
    above, rungs = np.array(total), {}
    for j in range(len(mu)):
        above = random.binomial(above, 1 / (1 + np.exp(-theta[:, j])))
        gone = random.random(k) < missing
        rungs[str(j)] = [None if lost else int(x) for x, lost in zip(above, gone, strict=True)]
    return total, rungs


def _shares(total: list[int], rungs: dict[str, list[Cell]]) -> LadderShares | None:
    table = ladder_table(total, rungs, None)
    if len(table.names) < len(rungs) or table.k < 2:
        return None
    prior = LadderPrior(shapes=rung_shapes("dirichlet", len(rungs)), tau_scale=1.0)
    return LadderShares(ladder_posterior(table.links, prior, most_points=POINTS))


def check_ranks(count: int, seconds: float) -> None:
    """Print how the truth's rank falls into tenths, for each rung's mean: each holds a tenth."""
    random = np.random.default_rng(2)
    shapes = np.array(rung_shapes("dirichlet", 2))
    ranks: list[list[float]] = []
    end = time.monotonic() + seconds
    while len(ranks) < count and time.monotonic() < end:
        share = np.clip(random.beta(shapes[:, 0], shapes[:, 1]), 1e-12, 1 - 1e-12)
        mu, tau = np.log(share) - np.log1p(-share), np.abs(random.standard_normal(2))
        found = _shares(*simulated(random, 5, mu, tau, 0.3))
        if found is None:
            continue
        truth = np.cumprod(average_over_centres(mu, tau))
        pairs = zip(found.averages, truth, strict=True)
        ranks.append([float(law.cdf(value)) for law, value in pairs])
    count = len(ranks)
    for rung, column in enumerate(np.array(ranks, dtype=float).T, start=1):
        tenths = np.histogram(column, np.linspace(0, 1, 11))[0]
        chi = float(np.sum((tenths - count / 10) ** 2 / (count / 10)))
        print(
            f"{count} draws, rung {rung}: {tenths.tolist()}, "
            f"chi-square {chi:.1f} on 9 degrees of freedom"
        )


def check_coverage(count: int, seconds: float) -> None:
    """Print coverage and bias of the mean of each rung, and coverage of a new study's share."""
    for missing in (0.33, 0.0):
        for k, steps in CELLS:
            random = np.random.default_rng(100 * k + steps)
            held, new, bias, done = np.zeros(steps), np.zeros(steps), np.zeros(steps), 0
            mu, tau = np.array([0.5, 0.8, 0.2])[:steps], np.array([1.0, 0.6, 0.6])[:steps]
            truth = np.cumprod(average_over_centres(mu, tau))
            end = time.monotonic() + seconds
            while done < count and time.monotonic() < end:
                found = _shares(*simulated(random, k, mu, tau, missing))
                if found is None:
                    continue
                theta = mu + tau * random.standard_normal(steps)
                study = np.cumprod(1 / (1 + np.exp(-theta)))
                for j in range(steps):
                    low, high = found.averages[j].interval()
                    held[j] += low <= truth[j] <= high
                    bias[j] += found.averages[j].median - truth[j]
                    low, high = found.new_study[j].interval()
                    new[j] += low <= study[j] <= high
                done += 1
            numbers = [[f"{x:.3f}" for x in part / done] for part in (held, new, bias)]
            print(
                f"k {k}, {steps} rungs, missing {missing}, {done} replicates: mean {numbers[0]}, "
                f"new {numbers[1]}, bias {numbers[2]}",
                flush=True,
            )


if __name__ == "__main__":
    {"random": check_order, "ranks": check_ranks, "coverage": check_coverage}[sys.argv[1]](
        int(sys.argv[2]), float(sys.argv[3]) if len(sys.argv) > 3 else np.inf
    )
