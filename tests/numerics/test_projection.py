import numpy as np
import pytest

from toolkit.numerics.normal.projection import (
    leaves_nothing,
    log_determinant,
    project,
    trace,
    trace_of_product,
)


@pytest.mark.parametrize("columns", [None, 1, 3])
def test_projections_are_those_of_full_matrices(columns):
    random = np.random.default_rng(13)
    y, w = random.normal(size=7), random.uniform(0.2, 4, 7)
    one, other = random.uniform(0, 2, 7), random.uniform(0, 2, 7)
    x = np.ones((7, 1)) if columns is None else random.normal(size=(7, columns))
    fit = project(y[None], w[None], None if columns is None else x[None])
    root = np.diag(np.sqrt(w))
    information = x.T @ np.diag(w) @ x
    hat = root @ x @ np.linalg.inv(information) @ x.T @ root
    rest = np.eye(7) - hat
    coefficients = np.linalg.solve(information, x.T @ (w * y))
    np.testing.assert_allclose(fit.coefficients[0], coefficients, rtol=1e-11)
    np.testing.assert_allclose(fit.residual[0], y - x @ coefficients, rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(fit.leverage[0], np.diag(hat), rtol=1e-11)
    assert trace(fit, one[None])[0] == pytest.approx(np.trace(rest @ np.diag(one)), rel=1e-11)
    product = np.trace(rest @ np.diag(one) @ rest @ np.diag(other))
    assert trace_of_product(fit, one[None], other[None])[0] == pytest.approx(product, rel=1e-11)
    determinant = np.linalg.slogdet(information)[1]
    assert log_determinant(fit)[0] == pytest.approx(determinant, rel=1e-11)


def test_rounding_is_nothing_and_a_millionth_is_something():
    thirds = np.array([[1 / 3, 2 / 6, 5 / 15 + 5e-17]])
    assert leaves_nothing(thirds - 1 / 3, np.array([1 / 3])).all()
    assert not leaves_nothing(np.array([[1e-6, -1e-6]]), np.array([1.0])).any()
