from fractions import Fraction

import numpy as np
import pytest
from golden import INTERVALS, SCALES, TAU2, column, given, grouped, table

from toolkit.numerics.normal.effects import effects
from toolkit.numerics.normal.inverse_variance import PoolStatus, pool
from toolkit.numerics.normal.likelihood import Model, log_likelihood
from toolkit.numerics.normal.meta_regression import regress
from toolkit.numerics.tables import with_columns

KEYS = ("table_id", "measure", "moderator", "method", "test")
MODELS = grouped("metareg_models", *KEYS)
TERMS = grouped("metareg_coefs", *KEYS)


def _design(table_id, moderator):
    columns = {"intrcpt": np.ones(len(table(table_id)[0]))}
    if "x" in moderator:
        columns["x"] = np.array([float(value) for value in column(table_id, "x")])
    if "g" in moderator:
        labels = np.array(column(table_id, "g"))
        columns |= {f"g{name}": (labels == name) * 1.0 for name in sorted(set(labels))[1:]}
    return list(columns), np.stack(list(columns.values()), axis=1)


def test_the_carried_grid_is_whole():
    for table_id, measure, moderator, *_ in MODELS:
        for method in ("EE", "DL", "REML"):
            for test in ("z",) if method == "EE" else ("z", "knha"):
                assert (table_id, measure, moderator, method, test) in MODELS
    assert {key[2] for key in MODELS} == {"x", "g", "x+g"}
    assert len({key[0] for key in MODELS}) >= 10


@pytest.mark.parametrize("key", sorted(MODELS))
def test_regression_equals_metafor(key):
    table_id, measure, moderator, method, test = key
    (row,) = MODELS[key]
    names, design = _design(table_id, moderator)
    ours = effects(*table(table_id), scale=SCALES[measure])
    found = regress(ours.y, ours.v, design, tau2=TAU2[method], interval=INTERVALS[test], few=True)
    if row["error"] != "NA":
        assert "did not converge" in row["error"]
        assert np.isfinite(found.coefficients).all()
        return
    got = {
        "tau2": found.tau2,
        "se_tau2": found.se_tau2,
        "I2": 100 * found.i2,
        "H2": found.h2,
        "R2": 100 * found.r2,
        "QE": found.q,
        "QE_p": found.q_p,
        "logLik_ML": found.loglik,
        "logLik_REML": found.loglik_restricted,
        "QM_df1": found.model_df,
    }
    relative = 1e-8 if method == "REML" else 1e-10
    # remainders of Fisher scoring where ours is exactly 0, and Q of 1e-30 where it is rounding
    least = 1e-8 if method == "REML" else 1e-11
    for name, value in given(row, got).items():
        assert float(got[name]) == pytest.approx(value, rel=relative, abs=least), (name, row)
    if found.status == PoolStatus.ZERO_WIDTH:
        # identical proportions: metafor divides rounding by rounding, here nothing is tested
        assert table_id == "p_k5_ident"
        assert (found.p_value == 1).all()
        return
    got = {"QM": found.model_statistic, "QM_p": found.model_p}
    for name, value in given(row, got).items():
        assert float(got[name]) == pytest.approx(value, rel=relative, abs=least), (name, row)
    for term in TERMS[key]:
        i = names.index(term["term"])
        got = {
            "estimate": found.coefficients[i],
            "se": found.se[i],
            "statistic": found.statistic[i],
            "p_value": found.p_value[i],
            "ci_lower": found.low[i],
            "ci_upper": found.high[i],
        }
        for name, value in given(term, got).items():
            assert float(got[name]) == pytest.approx(value, rel=relative, abs=least), (name, term)


def test_a_column_of_ones_is_the_pooled_mean():
    ours = effects([6, 3, 18, 14, 10], [8, 19, 27, 37, 38])
    for interval in INTERVALS.values():
        mean = pool(ours.y, ours.v, interval=interval)
        found = regress(ours.y, ours.v, np.ones((5, 1)), interval=interval, few=True)
        assert found.coefficients[0] == pytest.approx(mean.mu, rel=1e-10)
        assert found.low[0] == pytest.approx(mean.low, rel=1e-10)
        assert found.loglik_restricted == pytest.approx(mean.loglik_restricted, rel=1e-12)


def test_a_design_without_an_intercept_is_not_given_one():
    x = np.array([1.0, 2.0, 3.0, 5.0])
    found = regress(2 * x, np.ones(4), x[:, None], tau2="none", interval="wald", few=True)
    assert found.coefficients[0] == pytest.approx(2, rel=1e-14)


def test_units_of_a_column_only_move_its_coefficient():
    random = np.random.default_rng(2)
    y, v, x = random.normal(size=12), random.uniform(0.1, 1, 12), random.uniform(40, 70, 12)
    one = regress(y, v, np.stack([np.ones(12), x], axis=1))
    other = regress(y, v, np.stack([np.ones(12), 1e6 * (x - 55)], axis=1))
    assert other.coefficients[1] == pytest.approx(1e-6 * one.coefficients[1], rel=1e-8)
    assert other.p_value[1] == pytest.approx(one.p_value[1], rel=1e-8)
    assert other.tau2 == pytest.approx(one.tau2, rel=1e-8)


@pytest.mark.parametrize("method", ["ml", "reml"])
def test_the_estimate_has_the_highest_likelihood(method):
    random = np.random.default_rng(9)
    y, v = random.normal(size=(40, 11)), random.uniform(0.01, 2, (40, 11))
    design = np.stack([np.ones((40, 11)), random.normal(size=(40, 11))], axis=-1)
    found = regress(y, v, design, tau2=method)
    tables, columns = with_columns(y, v, design)
    model = Model(tables=tables, design=columns)
    top = log_likelihood(model, found.tau2, kind=method)
    for other in [np.zeros(40), *(np.full(40, t) for t in np.geomspace(1e-6, 1e3, 120))]:
        assert (log_likelihood(model, other, kind=method) <= top + 1e-9).all()


def test_a_batch_is_its_tables_one_by_one_and_masks_hide_rows():
    random = np.random.default_rng(4)
    y, v = random.normal(size=(5, 14)), random.uniform(0.1, 1, (5, 14))
    x = random.normal(size=(5, 14))
    design = np.stack([np.ones_like(x), x], axis=-1)
    mask = np.ones(y.shape, dtype=bool)
    mask[:, 3] = False
    design[:, 3] = np.nan
    batch = regress(y, v, design, mask=mask)
    single = regress(y[2][mask[2]], v[2][mask[2]], design[2][mask[2]])
    np.testing.assert_allclose(batch.low[2], single.low, rtol=1e-10)
    assert batch.covariance.shape == (5, 2, 2)


def test_what_cannot_be_regressed_is_refused_in_words():
    y, v, x = np.arange(5.0), np.ones(5), np.ones((5, 2))
    with pytest.raises(ValueError, match="fewer than 10 series says more about chance"):
        regress(y, v, x)
    with pytest.raises(ValueError, match="cannot be told apart"):
        regress(y, v, x, few=True)
    with pytest.raises(ValueError, match="as many columns as series"):
        regress(y, v, np.eye(5), few=True)
    with pytest.raises(ValueError, match="one row for each of the 5 series"):
        regress(y, v, np.ones((4, 1)), few=True)
    with pytest.raises(ValueError, match="design is not finite"):
        regress(y, v, np.full((5, 1), np.nan), few=True)
    with pytest.raises(ValueError, match="unknown"):
        regress(y, v, np.ones((5, 1)), tau2="REML", few=True)


def test_trap_calendar_years_cost_r_seven_digits_and_this_none():
    # exact rational arithmetic of the same doubles; metafor is off by 1.3e-7 in tau2 here
    ours = effects(*table("egger2001_trt"))
    x = np.array([float(value) for value in column("egger2001_trt", "x")])
    y, v, t = ([Fraction(float(value)) for value in values] for values in (ours.y, ours.v, x))
    w = [1 / value for value in v]
    s0, s1, s2 = (sum(a * b**power for a, b in zip(w, t, strict=True)) for power in (0, 1, 2))
    r0, r1 = (sum(a * b**power * c for a, b, c in zip(w, t, y, strict=True)) for power in (0, 1))
    determinant = s0 * s2 - s1**2
    slope, start = (s0 * r1 - s1 * r0) / determinant, (s2 * r0 - s1 * r1) / determinant
    q = sum(a * (c - start - slope * b) ** 2 for a, b, c in zip(w, t, y, strict=True))
    b0, b1, b2 = (sum(a**2 * b**power for a, b in zip(w, t, strict=True)) for power in (0, 1, 2))
    information = s0 - (s2 * b0 - 2 * s1 * b1 + s0 * b2) / determinant
    found = regress(ours.y, ours.v, np.stack([np.ones_like(x), x], axis=1), tau2="dl")
    assert found.q == pytest.approx(float(q), rel=1e-12)
    assert found.tau2 == pytest.approx(float((q - len(x) + 2) / information), rel=1e-12)
