"""Three rungs with gaps by maximum likelihood, against sums written out and a search of its own."""

from itertools import product

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import gammaln

from toolkit.numerics.ladder.links import lay_out_links
from toolkit.numerics.ladder.maximum import ladder_maximum

# A pair is a range, None is not reported.
SETS = {
    "outer and middle gaps": (
        [25, 18, 22, 14, 20, 16],
        [17, None, 12, 11, None, 4],
        [10, 12, None, (2, 5), 12, 3],
        [None, 3, 9, 2, 6, 1],
    ),
    "two gaps in a series": (
        [12, 20, 24, 9, 16, 21],
        [9, None, 20, None, 5, 8],
        [None, 13, None, 2, 4, 7],
        [6, 4, 11, None, 1, 2],
    ),
}
Z = np.linspace(-7.5, 7.5, 101)
WEIGHT = np.exp(-0.5 * Z**2) / np.exp(-0.5 * Z**2).sum()
LARGEST = 25
COUNT = np.arange(LARGEST + 1)
BELOW = COUNT[:, None] - COUNT
CHOOSE = np.where(
    BELOW >= 0,
    gammaln(COUNT + 1)[:, None] - gammaln(COUNT + 1) - gammaln(np.maximum(BELOW, 0) + 1),
    -np.inf,
)


def ends(cell, n):
    if cell is None:
        return 0, n
    return cell if isinstance(cell, tuple) else (cell, cell)


def chains(total, *rungs):
    """Return for each series all counts (n, y, x, z) that it admits, (rows, 4)."""
    out = []
    for n, *cells in zip(total, *rungs, strict=True):
        ranges = [range(low, high + 1) for low, high in (ends(cell, n) for cell in cells)]
        rows = [(n, *counts) for counts in product(*ranges)]
        out.append(np.array([row for row in rows if list(row) == sorted(row, reverse=True)]))
    return out


def step_table(mu, tau):
    """Return the probability of every count x among every n <= 25, averaged, [n, x]."""
    theta = mu + tau * Z
    taken, left = -np.logaddexp(0, -theta), -np.logaddexp(0, theta)
    terms = (
        CHOOSE[..., None] + COUNT[None, :, None] * taken + np.maximum(BELOW, 0)[..., None] * left
    )
    return np.exp(terms) @ WEIGHT


def minus_log_likelihood(at, rows):
    tables = [step_table(at[2 * j], at[2 * j + 1]) for j in range(3)]
    each = [
        sum(np.prod([tables[j][row[:, j], row[:, j + 1]] for j in range(3)], axis=0))
        for row in rows
    ]
    return -float(np.sum(np.log(each)))


@pytest.mark.parametrize("name", SETS)
def test_three_steps_with_gaps(name):
    total, *rungs = SETS[name]
    low, high = (
        [[ends(rung[i], n)[side] for rung in rungs] for i, n in enumerate(total)] for side in (0, 1)
    )
    found = ladder_maximum(lay_out_links(low, high, total))
    rows = chains(total, *rungs)
    runs = [
        minimize(
            minus_log_likelihood,
            [0.5, tau, 0.5, tau, 0.0, tau],
            args=(rows,),
            method="BFGS",
            jac="3-point",
            options={"gtol": 1e-7, "finite_diff_rel_step": 1e-5},
        )
        for tau in (0.4, 1.1)
    ]
    best = min(runs, key=lambda run: run.fun)
    # The likelihood is even in every tau.
    expected = best.x.reshape(3, 2)
    expected[:, 1] = np.abs(expected[:, 1])
    np.testing.assert_allclose(found.points, expected, atol=1e-4)
    assert found.log_likelihood == pytest.approx(-best.fun, abs=1e-8)
