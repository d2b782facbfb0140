import numpy as np
import pytest
from golden import column, rows, table

from toolkit.numerics.binomial.binomial_normal import fit_ml
from toolkit.numerics.binomial.regression import RegressionStatus, fit_regression


def _on_x(table_id):
    events, total = table(table_id)
    x = np.array([float(value) for value in column(table_id, "x")])
    return events, total, np.column_stack([np.ones_like(x), x])


@pytest.mark.parametrize("row", rows("glmm_regression"), ids=lambda row: row["table_id"])
def test_coefficients_are_those_of_lme4(row):
    events, total, design = _on_x(row["table_id"])
    fit = fit_regression(events, events, total, design)
    errors = np.sqrt(np.diag(fit.covariance))
    # lme4 stops at a relative change of 1e-10 in the deviance, five digits of an estimate, and
    # takes its standard errors from differences of the deviance.
    for found, name, bound in (
        (fit.coefficients[0], "intercept", 3e-5),
        (fit.coefficients[1], "slope", 3e-5),
        (fit.tau**2, "tau2", 3e-5),
        (errors[0], "se_intercept", 1e-4),
        (errors[1], "se_slope", 1e-4),
    ):
        assert float(found) == pytest.approx(float(row[name]), rel=bound), name


def test_the_reference_is_whole():
    assert len(rows("glmm_regression")) == 7


@pytest.mark.parametrize("table_id", ["p_k12_mid", "p_k3_mid", "p_k8_somezero", "hine1989_trt"])
def test_an_intercept_alone_is_the_plain_model(table_id):
    events, total = table(table_id)
    fit = fit_regression(events, events, total, np.ones((len(events), 1)))
    plain = fit_ml(events, events, total)
    found = [fit.coefficients[0], fit.covariance[0, 0] ** 0.5, fit.tau, fit.log_likelihood]
    expected = [plain.mu, plain.se_mu, plain.tau, plain.log_likelihood]
    np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-9)


def test_units_of_a_covariate_scale_its_coefficient():
    events, total, design = _on_x("p_k12_mid")
    one = fit_regression(events, events, total, design)
    two = fit_regression(events, events, total, design * [1, 1e4])
    assert float(one.coefficients[1]) == pytest.approx(1e4 * float(two.coefficients[1]), rel=1e-8)
    assert float(one.tau) == pytest.approx(float(two.tau), rel=1e-8)


def test_two_groups_alone_are_their_own_tables_where_nothing_differs_within():
    events, total = np.array([3, 6, 10, 20]), np.array([10, 20, 20, 40])
    design = np.column_stack([np.ones(4), [0, 0, 1, 1]])
    fit = fit_regression(events, events, total, design)
    assert fit.tau == 0
    np.testing.assert_allclose(fit.coefficients, [np.log(3 / 7), np.log(7 / 3)], rtol=1e-9)


def test_a_batch_is_its_tables_one_by_one():
    events, total, design = _on_x("p_k10_gosh")
    mask = ~np.eye(10, dtype=bool)
    batch = fit_regression(events, events, total, design, mask)
    assert batch.coefficients.shape == (10, 2)
    for i in range(10):
        kept = mask[i]
        one = fit_regression(events[kept], events[kept], total[kept], design[kept])
        np.testing.assert_allclose(batch.coefficients[i], one.coefficients, rtol=1e-7)
        np.testing.assert_allclose(batch.covariance[i], one.covariance, rtol=1e-6)


def test_a_group_without_events_has_no_finite_coefficient():
    events = [0, 0, 5, 6]
    fit = fit_regression(
        events, events, [10, 12, 10, 12], np.column_stack([np.ones(4), [0, 0, 1, 1]])
    )
    assert fit.status == RegressionStatus.NOT_ESTIMABLE
    assert np.isnan(fit.coefficients).all()
    assert "no finite estimate" in RegressionStatus(int(fit.status)).sentence


def test_a_constant_covariate_is_told_apart_from_nothing():
    events = [1, 0, 5, 6]
    fit = fit_regression(events, events, [10, 12, 10, 12], np.ones((4, 2)))
    assert fit.status == RegressionStatus.DEPENDENT
    assert np.isnan(fit.covariance).all()


def test_a_missing_covariate_is_refused():
    with pytest.raises(ValueError, match="not finite"):
        fit_regression([1, 2], [1, 2], [5, 5], [[1.0, np.nan], [1.0, 2.0]])
