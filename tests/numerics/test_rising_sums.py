"""Sums over the factors of a rising product, against every factor in turn and against R."""

import csv
import math
import time
from pathlib import Path

import numpy as np
import pytest

from toolkit.numerics.binomial.beta_binomial import (
    fit_beta_binomial,
    profile_interval_mean,
    profile_interval_rho,
)
from toolkit.numerics.binomial.rising_sums import ONE_BY_ONE, rising_sums

REFERENCE = Path(__file__).parents[1] / "reference"


def _in_turn(count, base, theta):
    j = np.arange(count, dtype=float)
    y = base + j * theta
    return [
        count * math.log(base) + math.fsum(np.log1p(j * theta / base)),
        math.fsum(1 / y),
        math.fsum(j / y),
        -math.fsum(1 / y**2),
        -math.fsum(j / y**2),
        -math.fsum(j**2 / y**2),
    ]


@pytest.mark.parametrize("count", [0, 1, ONE_BY_ONE, ONE_BY_ONE + 1, 70, 1_000, 100_000])
@pytest.mark.parametrize("base", [1e-6, 0.02, 0.7, 1.0])
@pytest.mark.parametrize("theta", [0.0, 1e-12, 1e-7, 1e-4, 0.03, 1.0, 400.0])
def test_every_sum_is_that_of_its_factors_in_turn(count, base, theta):
    found = rising_sums(np.array([float(count)]), np.array([base]), np.array([theta]))[:, 0]
    exact = _in_turn(count, base, theta)
    # A factor near 1 has no more digits of its logarithm than of itself, and logarithms cancel.
    size = math.fsum(np.abs(np.log(base + np.arange(count) * theta)))
    assert found[0] == pytest.approx(exact[0], rel=1e-13, abs=1e-13 * size + 2e-16 * count)
    assert found[1:] == pytest.approx(exact[1:], rel=1e-12)


def test_rows_of_every_length_are_summed_at_once():
    count = np.array([0.0, 7.0, 500.0, 48.0, 0.0, 3e6])
    base, theta = np.linspace(0.1, 0.9, 6), np.array([0.1, 0.0, 2.0, 1e-3, 1.0, 1e-9])
    together = rising_sums(count, base, theta)
    for i in range(6):
        alone = rising_sums(count[i : i + 1], base[i : i + 1], theta[i : i + 1])
        np.testing.assert_allclose(together[:, i], alone[:, 0], rtol=1e-14)
    assert (rising_sums(np.zeros(2), np.ones(2), np.ones(2)) == 0).all()


def _tables():
    with (REFERENCE / "beta_binomial_large_tables.csv").open() as file:
        rows = list(csv.DictReader(file))
    for name in dict.fromkeys(row["table"] for row in rows):
        own = [row for row in rows if row["table"] == name]
        yield name, [np.array([int(row[column]) for row in own]) for column in ("events", "total")]


def test_fits_of_very_large_series_are_those_of_r():
    with (REFERENCE / "beta_binomial_large.csv").open() as file:
        wanted = {row.pop("table"): row for row in csv.DictReader(file)}
    tables = dict(_tables())
    assert set(wanted) == set(tables)
    for name, (events, total) in tables.items():
        fit = fit_beta_binomial(events, events, total)
        told = {key: float(value) for key, value in wanted[name].items()}
        # optim compares values of a difference of lbeta that has lost digits at these sizes: its
        # place is as uncertain as the root of that loss, its height is not.
        assert float(fit.log_likelihood) == pytest.approx(told["log_likelihood"], abs=1e-5)
        assert float(fit.mean) == pytest.approx(told["mean"], rel=1e-4)
        assert float(fit.rho) == pytest.approx(told["rho"], rel=2e-3)


def test_its_cost_does_not_grow_with_the_patients():
    """The same pattern of percentages, in thousands and in millions of patients."""
    events, total = np.array([30, 42, 19, 25, 60]), np.array([1000, 900, 800, 1200, 1500])

    def work(times):
        x, n = times * events, times * total
        start = time.process_time()
        fit = fit_beta_binomial(x, x, n)
        profile_interval_mean(fit, x, x, n)
        profile_interval_rho(fit, x, x, n)
        return time.process_time() - start

    work(1)
    assert work(7_000) < 8 * min(work(1), work(1))


def test_the_search_does_not_go_back_and_forth_across_an_even_trough():
    """Six series of up to half a million patients: the ends of the mean take a few steps each."""
    events, total = dict(_tables())["six"]
    fit = fit_beta_binomial(events, events, total)
    start = time.process_time()
    low, high = profile_interval_mean(fit, events, events, total)
    few = time.process_time() - start
    assert 1e-4 < low < float(fit.mean) < high < 1e-3
    start = time.process_time()
    profile_interval_rho(fit, events, events, total)
    assert few < 10 * (time.process_time() - start) + 0.2
