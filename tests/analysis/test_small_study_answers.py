"""Small series: refused below ten, never Egger, and from ten on the weighted fit of statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.special import expit, logit

import toolkit as tk
from tests.published_reviews import table
from toolkit.errors import ToolkitError

ROWS = table("pritz1997")
EVENTS = [int(row["events"]) for row in ROWS]
TOTAL = [int(row["total"]) for row in ROWS]


def test_it_is_the_regression_of_the_logit_on_the_inverse_size() -> None:
    found = tk.small_study(tk.pool_counts(EVENTS, TOTAL))
    x, n = np.array(EVENTS, dtype=float), np.array(TOTAL, dtype=float)
    half = 0.5 * ((x == 0) | (x == n))
    assert half.any()
    y = np.log((x + half) / (n - x + half))
    weights = 1 / (1 / (x + half) + 1 / (n - x + half))
    fit = sm.WLS(y, sm.add_constant(1 / n), weights=weights).fit()
    assert found.slope == pytest.approx(fit.params[1], rel=1e-8)
    assert found.intercept == pytest.approx(fit.params[0], rel=1e-8)
    assert found.statistic == pytest.approx(fit.tvalues[1], rel=1e-8)
    assert found.df == fit.df_resid == len(ROWS) - 2
    assert found.p == pytest.approx(fit.pvalues[1], rel=1e-8)
    assert found.limit.estimate == pytest.approx(expit(fit.params[0]), rel=1e-8)
    ends = logit([found.limit.low, found.limit.high])
    assert ends == pytest.approx(fit.conf_int()[0], rel=1e-8)
    assert [row.total for row in found.rows] == TOTAL
    assert [row.estimate for row in found.rows] == pytest.approx(expit(y))


def test_a_trend_that_leaves_the_numbers_of_a_machine_is_drawn() -> None:
    # Sizes of 20 and 21 take the line to a logit above 40 at 1/n = 0, which rounds to 100 %.
    found = tk.small_study(tk.pool_counts([5, 15] * 5, [20, 21] * 5))
    slope = (np.log(15 / 6) - np.log(5 / 15)) / (1 / 21 - 1 / 20)
    assert found.slope == pytest.approx(slope, rel=1e-8)
    assert found.limit.estimate == 1.0
    marks = tk.small_study_plot(found).get_children()
    corners = next(mark for mark in marks if mark.get_gid() == "trend").get_path().vertices
    # From the smallest size to the largest: to the right.
    assert corners[0][0] < corners[-1][0]


def test_below_ten_series_it_is_refused_with_the_reason() -> None:
    with pytest.raises(ToolkitError, match=r"not tested in 9 series: below 10 a funnel plot"):
        tk.small_study(tk.pool_counts(EVENTS[:9], TOTAL[:9]))
    assert tk.small_study(tk.pool_counts(EVENTS[:10], TOTAL[:10])).df == 8


def test_open_cells_and_one_size_are_refused() -> None:
    cells = [(1, 3), *((x, x) for x in EVENTS[1:])]
    with pytest.raises(ToolkitError, match="leaves open: series 1"):
        tk.small_study(tk.pool_counts(cells, TOTAL))
    with pytest.raises(ToolkitError, match="one size"):
        tk.small_study(tk.pool_counts([3, 4] * 5, [20] * 10))
