"""Ends of all intervals of one table at once, against the searches for each on its own."""

import numpy as np
import pytest
from scipy.special import chdtri

from benchmarks.random_tables import random_tables
from toolkit.numerics.binomial.average_profile import profile_interval_average
from toolkit.numerics.binomial.beta_binomial import (
    fit_beta_binomial,
    profile_interval_mean,
    profile_interval_rho,
)
from toolkit.numerics.binomial.beta_binomial_ends import beta_binomial_intervals
from toolkit.numerics.binomial.binomial_normal import BinomialNormalSurface, FitStatus, fit_ml
from toolkit.numerics.binomial.cells import lay_out
from toolkit.numerics.binomial.lattice_surface import RuleSurface, table_surface
from toolkit.numerics.binomial.profile_likelihood import profile_interval_mu, profile_interval_tau
from toolkit.numerics.binomial.region_ends import AVERAGE, MU, TAU, Surveyed, region_ends
from toolkit.numerics.binomial.series_likelihood import FINE_NODES
from toolkit.numerics.posterior.likelihood_table import likeliest, survey

FOUND = chdtri(1, 0.05)


def _tables(count):
    events, total, mask = random_tables(count)
    for x, n, used in zip(events, total, mask, strict=True):
        if used.sum() > 2 and fit_ml(x[used], x[used], n[used]).status == FitStatus.FITTED:
            yield x[used], n[used]


def _ends(low, high, total, bartlett):
    seen = survey(low, high, total)
    surface = table_surface(seen.cells)
    fit = fit_ml(low, high, total, start=likeliest(seen), surface=surface)
    surveyed = Surveyed(
        cells=seen.cells,
        surface=surface,
        mu=float(fit.mu),
        tau=float(fit.tau),
        best=float(fit.log_likelihood),
        grid_mu=seen.grid.mu,
        grid_tau=seen.grid.tau,
        log_likelihood=seen.rows.sum(axis=0),
    )
    return fit, region_ends(surveyed, (MU, AVERAGE, TAU), float(FOUND), bartlett=bartlett)


def _one_by_one(fit, *data, bartlett):
    return np.array(
        [
            profile_interval_mu(fit, *data, bartlett=bartlett),
            profile_interval_average(fit, *data, bartlett=bartlett),
            profile_interval_tau(fit, *data),
        ]
    )


@pytest.mark.parametrize("bartlett", [False, True])
def test_what_is_found_is_what_each_search_finds(bartlett):
    """Of random tables, many of them sparse, nineteen ends in twenty are found at once."""
    found, missing = 0, 0
    for x, n in _tables(24):
        fit, ends = _ends(x, x, n, bartlett)
        alone = fit_ml(x, x, n)
        assert float(fit.mu) == pytest.approx(float(alone.mu), abs=1e-8)
        assert float(fit.tau) == pytest.approx(float(alone.tau), abs=1e-7)
        assert float(fit.se_mu) == pytest.approx(float(alone.se_mu), rel=1e-7)
        wanted = _one_by_one(alone, x, x, n, bartlett=bartlett)
        known = ~np.isnan(ends)
        assert ends[known] == pytest.approx(wanted[known], rel=1e-7, abs=1e-7)
        found, missing = found + int(known.sum()), missing + int((~known).sum())
    assert missing < 0.07 * found


def test_open_cells_are_summed_over():
    low, high, total = np.array([0, 3, 9, 14]), np.array([2, 3, 12, 14]), np.array([8, 19, 27, 37])
    _, ends = _ends(low, high, total, True)
    wanted = _one_by_one(fit_ml(low, high, total), low, high, total, bartlett=True)
    assert ends == pytest.approx(wanted, abs=1e-7)


def test_series_of_thousands_of_patients_have_the_rule_in_place_of_the_lattice():
    x, n = np.array([40, 410, 93, 2100]), np.array([200, 1500, 700, 9000])
    assert isinstance(table_surface(lay_out(x, x, n)), RuleSurface)
    fit, ends = _ends(x, x, n, False)
    assert ends == pytest.approx(_one_by_one(fit, x, x, n, bartlett=False), abs=1e-7)


@pytest.mark.parametrize("tau", [0.0, 0.02, 0.2, 0.9, 4.0, 30.0])
@pytest.mark.parametrize(
    ("x", "n"), [([6, 3, 18, 14], [8, 19, 27, 37]), ([0, 5, 900], [9, 5, 1000])]
)
def test_the_lattice_gives_value_and_derivatives_of_the_rule(tau, x, n):
    cells = lay_out(x, x, n)
    points = np.array([[mu, np.arcsinh(tau)] for mu in (-4.0, -0.5, 1.0, 7.0)])
    rule = BinomialNormalSurface(cells=cells.repeated(len(points)), nodes=FINE_NODES)
    for found, wanted in zip(table_surface(cells)(points), rule(points), strict=True):
        assert found == pytest.approx(wanted, rel=1e-7, abs=1e-7)


def test_beta_binomial_ends_are_those_of_each_search():
    for x, n in _tables(30):
        fit = fit_beta_binomial(x, x, n)
        if fit.status == FitStatus.FITTED:
            wanted = (profile_interval_mean(fit, x, x, n), profile_interval_rho(fit, x, x, n))
            found = beta_binomial_intervals(fit, x, x, n, level=0.95)
            np.testing.assert_allclose(found, wanted, atol=1e-7)
