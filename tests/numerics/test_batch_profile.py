"""Profile-likelihood intervals of many tables against the exact ones, table by table."""

import numpy as np
import pytest
from scipy.special import expit

from tests.numerics.simulated import DESIGNS, EXTREMES, extreme, tables
from toolkit.numerics.batches.cell_table import beta_binomial_cells, binomial_normal_cells
from toolkit.numerics.batches.profile import bartlett_corrections, profile_intervals, profiles
from toolkit.numerics.binomial.beta_binomial import fit_beta_binomial, profile_interval_mean
from toolkit.numerics.binomial.binomial_normal import FitStatus, fit_ml
from toolkit.numerics.binomial.profile_likelihood import profile_interval_mu

CLOSE = 1e-3
# Where a spread without bound is nearly as likely as the best, the correction itself is steep.
CLOSE_CORRECTED = 5e-3


def found_profiles(events, total, cells_of):
    cells = cells_of(
        set(total.ravel().tolist()),
        series=total.shape[1],
        patients=int(total.sum(axis=1).max()),
    )
    return cells, profiles(cells.sums(events, total), cells)


def compare(events, total, *, bartlett):
    fit = fit_ml(events, events, total)
    fitted = fit.status == FitStatus.FITTED
    exact = profile_interval_mu(fit, events, events, total, bartlett=bartlett)
    cells, found = found_profiles(events, total, binomial_normal_cells)
    correction = bartlett_corrections(found, cells, total) if bartlett else None
    close = profile_intervals(found, correction=correction)
    return np.abs(expit(np.array(close)) - expit(np.array(exact)))[:, fitted], fit, found


@pytest.mark.parametrize("design", DESIGNS)
def test_the_interval_of_mu_is_the_exact_one(design):
    apart, fit, found = compare(*tables(design, 60, seed=5), bartlett=False)
    assert apart.size > 60
    assert apart.max() < CLOSE
    fitted = fit.status == FitStatus.FITTED
    np.testing.assert_allclose(found.best[fitted], fit.log_likelihood[fitted], atol=5e-3)


@pytest.mark.parametrize("design", DESIGNS)
def test_so_is_the_corrected_one(design):
    apart, _, _ = compare(*tables(design, 40, seed=6), bartlett=True)
    assert np.median(apart) < 2e-4
    assert apart.max() < CLOSE_CORRECTED


@pytest.mark.parametrize("design", DESIGNS)
def test_the_interval_of_the_beta_binomial_mean_is_the_exact_one(design):
    events, total = tables(design, 60, seed=7)
    fit = fit_beta_binomial(events, events, total)
    fitted = fit.status == FitStatus.FITTED
    exact = np.array(profile_interval_mean(fit, events, events, total))
    _, found = found_profiles(events, total, beta_binomial_cells)
    close = expit(np.array(profile_intervals(found)))
    assert np.abs(close - exact)[:, fitted].max() < CLOSE


def test_one_event_among_many_patients_is_found_as_exactly():
    apart, _, _ = compare(*extreme("one event"), bartlett=False)
    assert apart.max() < CLOSE


@pytest.mark.parametrize("name", EXTREMES)
def test_a_fit_from_the_grids_maximum_is_the_fit(name):
    events, total = extreme(name)
    check_fits(events, total)


@pytest.mark.parametrize("design", DESIGNS)
def test_a_fit_from_the_grids_maximum_is_the_fit_of_simulated_tables(design):
    check_fits(*tables(design, 200, seed=8))


def check_fits(events, total):
    """Hold fits that start at the grid's maximum against fits that search for their hill."""
    searched = fit_ml(events, events, total)
    cells, found = found_profiles(events, total, binomial_normal_cells)
    mu = cells.location.after(found.best_place)
    tau = cells.spread.after(found.best_spread_place)
    started = fit_ml(events, events, total, start=np.stack([mu, tau], axis=1))
    np.testing.assert_array_equal(started.status, searched.status)
    np.testing.assert_allclose(started.log_likelihood, searched.log_likelihood, atol=1e-9)
    # Where the likelihood is flat about tau = 0, both searches stop within this of its top.
    np.testing.assert_allclose(started.mu, searched.mu, atol=1e-6)
    np.testing.assert_allclose(started.se_mu, searched.se_mu, rtol=1e-4)
