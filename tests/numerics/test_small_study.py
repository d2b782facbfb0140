import numpy as np
import pytest
from golden import SCALES, TAU2, given, grouped, table

from toolkit.numerics.normal.effects import effects
from toolkit.numerics.normal.meta_regression import regress
from toolkit.numerics.normal.small_study import DISPERSIONS, PREDICTORS, small_study_test

BIAS = grouped("bias_tests", "table_id", "measure", "predictor")
SIZES = {
    "ni": "total",
    "ninv": "inverse-total",
    "sqrtni": "sqrt-total",
    "sqrtninv": "inverse-sqrt-total",
}
DISPERSION = {"rma": "additive", "lm": "multiplicative"}


def test_the_carried_grid_is_whole():
    assert set(SIZES.values()) == set(PREDICTORS)
    assert set(DISPERSION.values()) == set(DISPERSIONS)
    tables = {key[0] for key in BIAS}
    predictors = {*SIZES, "sei", "vi"}
    assert {key[::2] for key in BIAS} == {(t, p) for t in tables for p in predictors}


@pytest.mark.parametrize("key", sorted(key for key in BIAS if key[2] in SIZES))
def test_tests_by_size_equal_metafor(key):
    table_id, measure, predictor = key
    events, total = table(table_id)
    ours = effects(events, total, scale=SCALES[measure])
    for row in BIAS[key]:
        choice = {"predictor": SIZES[predictor], "dispersion": DISPERSION[row["model"]]}
        choice["tau2"] = TAU2[row["method"]]
        if row["error"] != "NA":
            with pytest.raises(ValueError, match="cannot be told apart"):
                small_study_test(ours.y, ours.v, total, few=True, **choice)
            continue
        found = small_study_test(ours.y, ours.v, total, few=True, **choice)
        got = {"statistic": found.statistic, "p_value": found.p_value, "slope": found.slope}
        if found.limit is not None:
            got |= {"limit_estimate": found.limit, "limit_ci_lower": found.limit_low}
            got["limit_ci_upper"] = found.limit_high
        relative = 1e-8 if row["method"] == "REML" else 1e-10
        for name, value in given(row, got).items():
            assert float(got[name]) == pytest.approx(value, rel=relative, abs=1e-12), (name, row)
        assert (found.limit is None) == (row["limit_estimate"] == "NA")


@pytest.mark.parametrize("key", sorted(key for key in BIAS if key[2] not in SIZES))
def test_egger_by_hand_equals_metafor_though_no_function_offers_it(key):
    table_id, measure, predictor = key
    ours = effects(*table(table_id), scale=SCALES[measure])
    column = np.sqrt(ours.v) if predictor == "sei" else ours.v
    for row in BIAS[key]:
        if row["error"] != "NA":
            continue
        found = regress(
            ours.y,
            ours.v,
            np.stack([np.ones_like(column), column], axis=1),
            tau2="none" if row["model"] == "lm" else TAU2[row["method"]],
            interval="hartung-knapp" if row["model"] == "lm" else "wald",
            few=True,
        )
        relative = 1e-8 if row["method"] == "REML" else 1e-10
        statistic = pytest.approx(float(row["statistic"]), rel=relative, abs=1e-12)
        assert found.statistic[1] == statistic


def test_few_series_are_refused_with_the_reason():
    ours = effects([6, 3, 18, 14, 10], [8, 19, 27, 37, 38])
    with pytest.raises(ValueError, match="in 5 series cannot tell them from chance: 10 are"):
        small_study_test(ours.y, ours.v, [8, 19, 27, 37, 38])


def test_equal_sizes_and_unknown_words_are_refused():
    y, v, total = np.arange(12) / 10, np.ones(12), np.full(12, 20)
    with pytest.raises(ValueError, match="cannot be told apart"):
        small_study_test(y, v, total)
    with pytest.raises(ValueError, match="unknown predictor 'se'; one of total"):
        small_study_test(y, v, total, predictor="se")
    with pytest.raises(ValueError, match="unknown dispersion"):
        small_study_test(y, v, total, dispersion="egger")
    with pytest.raises(ValueError, match="positive number of patients"):
        small_study_test(y, v, total * 0)
