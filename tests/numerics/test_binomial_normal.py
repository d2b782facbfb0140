from dataclasses import fields

import dense
import numpy as np
import pytest
from golden import rows, table
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, stdtrit

from benchmarks.random_tables import random_tables
from toolkit.numerics.binomial.binomial_normal import FitStatus, fit_ml

EVENTS, TOTAL = np.array([6, 3, 18, 14, 10]), np.array([8, 19, 27, 37, 38])

# In these tables the reference's 41 nodes, or where its search stopped, are too coarse for 1e-6.
COARSE = {"p_k3_one", "p_k3_hetero", "p_k5_one", "p_k12_one", "p_k5_onenf"}
EXACT = rows("glmm_exact")


def _fit(events, total, mask=None):
    return fit_ml(events, events, total, mask)


def _same(one, two, tolerance=1e-9):
    for field in fields(one):
        np.testing.assert_allclose(
            getattr(one, field.name),
            getattr(two, field.name),
            rtol=tolerance,
            atol=tolerance,
            err_msg=field.name,
        )


def test_the_worked_check_is_that_of_metafor():
    fit = _fit(EVENTS, TOTAL)
    # rma.glmm with its seven nodes: good to 1e-5.
    assert float(fit.mu) == pytest.approx(-0.3462896, abs=1e-5)
    assert float(fit.se_mu) == pytest.approx(0.4329222, abs=1e-5)
    assert float(fit.tau) == pytest.approx(0.8368811, abs=1e-5)
    reach = stdtrit(4, 0.975) * fit.se_mu
    ends = expit([fit.mu, fit.mu - reach, fit.mu + reach])
    np.testing.assert_allclose(ends, [0.4143, 0.1753, 0.7018], atol=5e-5)


def test_three_cohorts_of_the_worked_check():
    mask = [True, True, False, False, True]
    assert expit(_fit(EVENTS, TOTAL, mask).mu) == pytest.approx(0.3364, abs=5e-5)


def test_the_reference_is_whole():
    assert len(EXACT) == 44
    assert sum(row["estimate"] != "NA" for row in EXACT) == 36


@pytest.mark.parametrize("row", EXACT, ids=lambda row: row["table_id"])
def test_exact_optimum(row):
    events, total = table(row["table_id"])
    fit = _fit(events, total)
    if row["estimate"] == "NA" or row["table_id"] == "p_k2_zerofull":
        assert fit.status in (FitStatus.ALL_ZERO, FitStatus.ALL_FULL, FitStatus.NOT_ESTIMABLE)
        assert np.isnan(fit.mu)
        return
    assert fit.status == FitStatus.FITTED
    assert bool(fit.tau == 0) == (row["boundary"] == "TRUE")
    if row["table_id"] not in COARSE:
        found = [fit.mu, fit.se_mu, fit.tau**2, fit.log_likelihood]
        expected = [float(row[name]) for name in ("estimate", "se", "tau2", "logLik")]
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6)
        assert float(fit.lr_statistic) == pytest.approx(float(row["lrt_tau2"]), rel=1e-6, abs=1e-6)
        assert float(fit.lr_p_value) == pytest.approx(
            float(row["lrt_tau2_p_half"]), rel=1e-6, abs=1e-9
        )
    common = float(row["logLik_tau0"])
    assert float(fit.log_likelihood_common) == pytest.approx(common, rel=1e-9)


@pytest.mark.parametrize("table_id", sorted(COARSE))
def test_where_the_reference_is_coarse_a_dense_grid_prefers_ours(table_id):
    events, total = table(table_id)
    fit = _fit(events, total)
    (row,) = (row for row in EXACT if row["table_id"] == table_id)
    mu, tau = float(fit.mu), float(fit.tau)
    ours = dense.log_likelihood(events, total, mu, tau)
    assert float(fit.log_likelihood) == pytest.approx(ours, abs=1e-8)
    theirs = dense.log_likelihood(
        events, total, float(row["estimate"]), np.sqrt(float(row["tau2"]))
    )
    assert ours >= theirs - 1e-9
    for step in ((1e-3, 0), (-1e-3, 0), (0, 1e-3), (0, -1e-3)):
        assert ours > dense.log_likelihood(events, total, mu + step[0], tau + step[1])


def test_all_zero_is_said_not_estimated():
    fit = _fit([0, 0, 0, 0], [10, 20, 15, 8])
    assert fit.status == FitStatus.ALL_ZERO
    assert "No study has an event" in FitStatus(int(fit.status)).sentence
    assert np.isnan([fit.mu, fit.se_mu, fit.tau, fit.log_likelihood, fit.lr_p_value]).all()


def test_all_full_is_said_not_estimated():
    assert _fit([10, 20, 15, 8], [10, 20, 15, 8]).status == FitStatus.ALL_FULL


def test_zero_beside_full_has_no_finite_spread():
    assert _fit([0, 12], [10, 12]).status == FitStatus.NOT_ESTIMABLE
    assert _fit([0, 12, 0, 7], [10, 12, 3, 7]).status == FitStatus.NOT_ESTIMABLE


def test_identical_proportions_are_the_pooled_binomial():
    fit = _fit([3, 6, 9], [10, 20, 30])
    assert fit.tau == 0
    assert float(expit(fit.mu)) == pytest.approx(0.3, rel=1e-12)
    assert float(fit.se_mu) == pytest.approx(1 / np.sqrt(60 * 0.3 * 0.7), rel=1e-10)
    assert fit.lr_p_value == 1


def test_one_series_with_an_event_is_fitted():
    fit = _fit([0, 0, 0, 5], [20, 18, 25, 22])
    assert fit.status == FitStatus.FITTED
    assert np.isfinite([fit.mu, fit.se_mu, fit.tau, fit.se_tau]).all()


def test_one_series_is_its_own_proportion():
    fit = _fit([3], [10])
    assert (int(fit.status), float(fit.tau), int(fit.n_series)) == (FitStatus.FITTED, 0.0, 1)
    assert float(expit(fit.mu)) == pytest.approx(0.3, rel=1e-12)
    assert float(fit.se_mu) == pytest.approx(1 / np.sqrt(2.1), rel=1e-10)


def test_two_series_are_fitted():
    fit = _fit([2, 9], [10, 12])
    assert fit.status == FitStatus.FITTED
    assert fit.tau > 0
    assert np.isfinite([fit.se_mu, fit.se_tau]).all()


@pytest.mark.parametrize(
    ("events", "total"),
    [
        ([7, 8, 4, 7, 25], [12, 16, 9, 31, 74]),
        ([0, 13, 4, 8], [9, 33, 7, 18]),
        ([42, 301, 56, 16, 41, 11], [90, 525, 95, 25, 58, 25]),
        ([1, 7, 3, 19], [1, 8, 8, 40]),
    ],
)
def test_a_hill_beside_no_spread_is_found(events, total):
    # tau = 0 is a summit of its own here, a little below another at tau of 0.16 to 0.41.
    fit = _fit(events, total)
    mu, tau = float(fit.mu_common), 1e-3
    assert dense.log_likelihood(events, total, mu, tau) < float(fit.log_likelihood_common)
    assert 0.1 < fit.tau < 0.5
    found = dense.log_likelihood(events, total, float(fit.mu), float(fit.tau))
    assert found > float(fit.log_likelihood_common) + 5e-4


def test_one_patient_a_series_tells_nothing_on_spread():
    fit = _fit([1, 0, 0, 1, 1], np.ones(5))
    assert fit.tau == 0
    assert float(expit(fit.mu)) == pytest.approx(0.6, rel=1e-12)


def test_no_series_left():
    assert _fit(EVENTS, TOTAL, np.zeros(5, dtype=bool)).status == FitStatus.NO_SERIES


def test_a_batch_is_its_tables_one_by_one():
    events, total, mask = random_tables(40)
    batch = _fit(events, total, mask)
    for i in range(40):
        one = _fit(events[i][mask[i]], total[i][mask[i]])
        for field in fields(one):
            np.testing.assert_allclose(
                getattr(batch, field.name)[i],
                getattr(one, field.name),
                rtol=1e-7,
                atol=1e-9,
                err_msg=f"{field.name} of table {i}",
            )


def test_leaving_one_out_is_a_choice_of_masks():
    left_out = _fit(EVENTS, TOTAL, ~np.eye(5, dtype=bool))
    assert left_out.mu.shape == (5,)
    for i in range(5):
        one = _fit(np.delete(EVENTS, i), np.delete(TOTAL, i))
        assert float(left_out.mu[i]) == pytest.approx(float(one.mu), abs=1e-10)


def test_values_under_the_mask_are_never_read():
    mask = np.array([True, True, True, False])
    whole = fit_ml([1, 4, 2, -9], [1, 4, 2, -9], [10, 12, 9, -1], mask)
    _same(whole, _fit([1, 4, 2], [10, 12, 9]))


@pytest.mark.parametrize(("low", "high"), [(0, 2), (1, 3), (2, 4)])
def test_an_open_cell_sums_over_its_counts(low, high):
    fit = fit_ml([low, 4, 9], [high, 4, 9], [12, 15, 20])
    mu, tau = float(fit.mu), float(fit.tau)

    def value(mu, tau):
        parts = [
            dense.log_likelihood([x, 4, 9], [12, 15, 20], mu, tau) for x in range(low, high + 1)
        ]
        return np.logaddexp.reduce(parts)

    assert float(fit.log_likelihood) == pytest.approx(value(mu, tau), abs=1e-9)
    for step in ((1e-3, 0), (-1e-3, 0), (0, 1e-3)):
        assert value(mu, tau) > value(mu + step[0], tau + step[1])


def test_a_cell_that_admits_everything_says_nothing():
    whole = fit_ml([0, *EVENTS], [9, *EVENTS], [9, *TOTAL])
    assert whole.n_series == 5
    _same(whole, _fit(EVENTS, TOTAL))


def test_open_cells_at_both_ends_have_no_finite_spread():
    fit = fit_ml([0, 9], [1, 10], [10, 10])
    assert fit.status == FitStatus.NOT_ESTIMABLE


def test_impossible_cells_are_refused():
    for low, high, total in (([3], [2], [5]), ([0], [6], [5]), ([-1], [2], [5]), ([0.5], [1], [5])):
        with pytest.raises(ValueError, match="0 <= low <= high <= total"):
            fit_ml(low, high, total)


TABLES = st.lists(
    st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(TABLES, st.randoms(use_true_random=False))
def test_the_order_of_series_changes_nothing(cells, random):
    events, total = np.array(cells).T
    order = list(range(len(cells)))
    random.shuffle(order)
    _same(_fit(events, total), _fit(events[order], total[order]), tolerance=1e-6)


@settings(max_examples=60, deadline=None)
@given(TABLES)
def test_counting_the_others_mirrors_the_answer(cells):
    events, total = np.array(cells).T
    one, other = _fit(events, total), _fit(total - events, total)
    swapped = {FitStatus.ALL_ZERO: FitStatus.ALL_FULL, FitStatus.ALL_FULL: FitStatus.ALL_ZERO}
    status = FitStatus(int(one.status))
    assert other.status == swapped.get(status, status)
    if status == FitStatus.FITTED:
        assert float(one.mu) == pytest.approx(-float(other.mu), abs=1e-6, rel=1e-6)
        assert float(one.tau) == pytest.approx(float(other.tau), abs=1e-6, rel=1e-6)
        assert float(one.log_likelihood) == pytest.approx(float(other.log_likelihood), abs=1e-9)


def test_random_tables_are_fitted_or_say_why():
    events, total, mask = random_tables(1500)
    with np.errstate(all="raise", under="ignore"):
        fit = _fit(events, total, mask)
    ok = fit.status == FitStatus.FITTED
    none, full = (events * mask).sum(1) == 0, ((total - events) * mask).sum(1) == 0
    np.testing.assert_array_equal(fit.status == FitStatus.ALL_ZERO, none)
    np.testing.assert_array_equal(fit.status == FitStatus.ALL_FULL, full)
    edge = (((events == 0) | (events == total)) | ~mask).all(1) & ~none & ~full
    assert not (~ok & ~none & ~full & ~edge).any()
    assert np.isfinite([fit.mu[ok], fit.se_mu[ok], fit.tau[ok], fit.log_likelihood[ok]]).all()
    assert (fit.se_mu[ok] > 0).all()
    assert np.isfinite(fit.se_tau[ok & (fit.tau > 0)]).all()
    assert np.isnan(fit.mu[~ok]).all()
    assert (fit.log_likelihood[ok] >= fit.log_likelihood_common[ok]).all()
