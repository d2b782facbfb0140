import numpy as np
import pytest
from golden import SCALES, rows, table

from toolkit.numerics.normal.effects import effects
from toolkit.numerics.normal.likelihood import Model, log_likelihood, score
from toolkit.numerics.normal.tau2 import estimate_tau2
from toolkit.numerics.tables import as_tables


def _likelihood(y, v, tau2, kind):
    """Write the likelihood out with matrices, as a second implementation."""
    k = len(y)
    x = np.ones((k, 1))
    covariance = np.diag(v + tau2)
    inverse = np.linalg.inv(covariance)
    information = x.T @ inverse @ x
    mu = np.linalg.solve(information, x.T @ inverse @ y)
    r = y - x @ mu
    value = -0.5 * (k * np.log(2 * np.pi) + np.linalg.slogdet(covariance)[1] + r @ inverse @ r)
    if kind == "reml":
        value += 0.5 * (np.log(2 * np.pi) + np.linalg.slogdet(x.T @ x)[1])
        value -= 0.5 * np.linalg.slogdet(information)[1]
    return value


@pytest.mark.parametrize("kind", ["ml", "reml"])
def test_the_likelihood_and_its_slope_are_those_of_the_matrices(kind):
    random = np.random.default_rng(3)
    y, v = random.normal(size=6), random.uniform(0.05, 2, 6)
    model = Model(tables=as_tables(y, v), design=None)
    for tau2 in (0.0, 0.3, 5.0):
        at = np.array([tau2])
        expected = _likelihood(y, v, tau2, kind)
        assert log_likelihood(model, at, kind=kind)[0] == pytest.approx(expected, rel=1e-12)
        step = 1e-5
        slope = (_likelihood(y, v, tau2 + step, kind) - _likelihood(y, v, tau2 - step, kind)) / step
        assert score(model, at, kind=kind)[0] == pytest.approx(slope, rel=1e-6)


@pytest.mark.parametrize("kind", ["ml", "reml"])
@pytest.mark.parametrize("measure", sorted(SCALES))
def test_no_value_of_tau2_is_more_likely_than_the_estimate(kind, measure):
    for table_id in sorted({row["table_id"] for row in rows("rma")}):
        ours = effects(*table(table_id), scale=SCALES[measure])
        if len(ours.y) < 2:
            continue
        best = float(estimate_tau2(ours.y, ours.v, method=kind).tau2)
        model = Model(tables=as_tables(ours.y, ours.v), design=None)
        top = log_likelihood(model, np.array([best]), kind=kind)[0]
        others = np.concatenate(
            [[0.0], np.geomspace(1e-9, 1e4, 400), best * np.array([0.99, 1.01])]
        )
        many = model.rows(np.zeros(len(others), dtype=int))
        heights = log_likelihood(many, others, kind=kind)
        assert heights.max() <= top + 1e-9 * max(1.0, abs(top)), table_id


def test_trap_two_local_maxima_are_told_apart_by_the_likelihood():
    # two precise series agree, two vague ones lie far off: the restricted score falls twice
    y, v = np.array([4.91, 5.45, -0.03, 14.18]), np.array([1e-4, 1e-3, 4.0, 25.0])
    model = Model(tables=as_tables(y, v), design=None)
    found = float(estimate_tau2(y, v, method="reml").tau2)
    others = np.concatenate([[0.0], np.geomspace(1e-8, 1e3, 4000)])
    heights = log_likelihood(model.rows(np.zeros(len(others), dtype=int)), others, kind="reml")
    falling = np.diff(np.sign(np.diff(heights))) < 0
    assert falling.sum() >= 2
    assert found == pytest.approx(others[heights.argmax()], rel=0.01)
