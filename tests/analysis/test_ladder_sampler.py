"""The posterior of ladders with gaps against draws of a sampler that shares no code with it."""

import csv
from functools import cache
from pathlib import Path

import pytest

import toolkit as tk

# As in reference/ladder_sampler.py: total, then rungs from the outermost.
SETS = {
    "zeros": ([15, 8, 25], [[7, 4, None], [0, None, 3]]),
    "four-gaps": ([12, 20, 31, 9], [[9, None, 20, None], [None, 11, 12, 2]]),
    "five-two": ([38, 19, 8, 27, 37], [[17, 3, None, None, None], [10, None, 6, 18, (14, 37)]]),
    "five-three": (
        [38, 19, 8, 27, 37],
        [[17, 3, None, None, None], [10, None, 6, 18, None], [(4, 7), 0, (4, 6), None, 14]],
    ),
    "six-sparse": (
        [10, 14, 6, 22, 30, 18],
        [[6, 10, None, 15, 22, None], [2, None, 1, 8, None, 5], [0, 3, None, None, 6, 1]],
    ),
    "eight-rare": (
        [40, 25, 33, 18, 50, 22, 12, 29],
        [
            [20, None, (0, 3), 9, 31, None, 8, 14],
            [4, 2, None, 1, None, (0, 2), 3, None],
        ],
    ),
}
REFERENCE = Path(__file__).parent.parent / "reference" / "ladder_sampler.csv"
ROWS = list(csv.DictReader(REFERENCE.read_text().splitlines()))
SMALLEST = {"median": 0.006, "low": 0.015, "high": 0.015}
# Of logits, and read off one chain that mixes slowly in tau: reference/README.md.
OF_TAU = 0.05


@cache
def pooled(name, prior):
    total, rungs = SETS[name]
    return tk.pool_ordered(
        total, {str(i): cells for i, cells in enumerate(rungs, start=1)}, rung_prior=prior
    )


def ours(row):
    answer = pooled(row["set"], row["prior"])
    rung = answer.rungs[row["rung"]]
    if row["quantity"] == "new":
        return {"low": rung.prediction.low, "high": rung.prediction.high}
    if row["quantity"] == "tau":
        spread = answer.steps[row["rung"]].heterogeneity
        low, high = spread.tau2_low**0.5, spread.tau2_high**0.5
        return {"median": spread.tau, "low": low, "high": high}
    part = getattr(rung, row["quantity"])
    return {"median": part.estimate, "low": part.low, "high": part.high}


@pytest.mark.parametrize(
    "row", ROWS, ids=lambda row: " ".join(row[key] for key in ("set", "prior", "rung", "quantity"))
)
def test_each_law_agrees_with_the_draws(row):
    for end, value in ours(row).items():
        # Three Monte Carlo errors of the draws, where those are wider.
        least = OF_TAU if row["quantity"] == "tau" else SMALLEST[end]
        allowed = max(least, 3 * float(row[f"{end}_error"]))
        assert value == pytest.approx(float(row[end]), abs=allowed), end


def test_the_draws_are_those_of_shares_near_enough_to_judge_by():
    for row in ROWS:
        if row["quantity"] in ("average", "typical"):
            assert float(row["median_error"]) < 0.006, row
            assert max(float(row["low_error"]), float(row["high_error"])) < 0.015, row
