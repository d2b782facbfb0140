"""Meta-regression, bare effects and lists of any kind, by the public names."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import toolkit as tk

EVENTS, TOTAL = [10, 20, 30, 40, 50], [100, 300, 400, 330, 240]
SHARE = [0.2, 0.3, 0.25, 0.24, 0.5]


def test_binomial_normal_regression_has_the_digits_of_rma_glmm():
    found = tk.meta_regression(EVENTS, TOTAL, SHARE, insist=True)
    # rma.glmm(measure="PLO", mods = ~ z, test = "t"), metafor 3.8-1
    wanted = [
        (-3.16656754743, 0.43137218686, -4.53938636969, -1.79374872516),
        (3.41566540239, 1.30186163226, -0.72743933917, 7.55877014395),
    ]
    for each, row in zip(found.coefficients, wanted, strict=True):
        # rma.glmm has seven nodes and stops its search at about 1e-6.
        assert each.estimate == pytest.approx(row[0], abs=1e-4)
        for name, value in zip(("standard_error", "low", "high"), row[1:], strict=True):
            assert getattr(each, name) == pytest.approx(value, abs=2e-3)
    assert found.heterogeneity.tau2 == pytest.approx(0.05728992648, abs=1e-5)


def test_weighted_regression_has_the_digits_of_rma():
    method = tk.Method(model="inverse-variance", interval="hartung-knapp")
    found = tk.meta_regression(EVENTS, TOTAL, SHARE, method=method, insist=True, names=["men"])
    wanted = [
        (-3.11695190017342, 0.54849608783403, -4.86251124836339, -1.37139255198346),
        (3.29806099739486, 1.68404705763411, -2.06132833909671, 8.65745033388644),
    ]
    for each, row in zip(found.coefficients, wanted, strict=True):
        got = (each.estimate, each.standard_error, each.low, each.high)
        assert got == pytest.approx(row, abs=1e-7)
    assert found.heterogeneity.tau2 == pytest.approx(0.12636930797976, abs=1e-7)
    assert found.heterogeneity.q == pytest.approx(11.53073740311855, rel=1e-10)
    assert found.heterogeneity.p == pytest.approx(0.00917636873659, rel=1e-8)
    assert found.r2 == pytest.approx(0.4873934284828756, abs=1e-6)
    assert found.coefficients[1].name == "men"


def test_fewer_than_ten_series_are_refused_unless_insisted_on():
    with pytest.raises(tk.ToolkitError, match="insist"):
        tk.meta_regression(EVENTS, TOTAL, SHARE)
    insisted = tk.meta_regression(EVENTS, TOTAL, SHARE, insist=True)
    assert any("Insisted" in note for note in insisted.notes)


def test_words_are_compared_with_the_first_word():
    found = tk.meta_regression(EVENTS, TOTAL, {"country": ["x", "x", "y", "y", "y"]}, insist=True)
    assert [each.name for each in found.coefficients] == ["intercept", "country: y"]


def test_covariates_may_be_lists_arrays_frames_and_mappings():
    frame = pd.DataFrame({"share": SHARE, "size": [1.0, 2.0, 2.0, 3.0, 5.0]})
    slopes = {
        round(tk.meta_regression(EVENTS, TOTAL, each, insist=True).coefficients[1].estimate, 9)
        for each in (frame, frame.to_numpy(), frame.to_dict("list"), frame.to_numpy().tolist())
    }
    assert len(slopes) == 1


@pytest.mark.parametrize(
    ("covariates", "said"),
    [
        ([1, 2], "has 2 entries"),
        ([1, 1, 1, 1, 1], "the same for every series"),
        ({"a": SHARE, "b": SHARE}, "told apart"),
        ([1, 2, None, 3, 4], "must be a number, or"),
        ({}, "at least one covariate"),
    ],
)
def test_covariates_that_make_no_regression_are_refused(covariates, said):
    with pytest.raises(tk.ToolkitError, match=said):
        tk.meta_regression(EVENTS, TOTAL, covariates, insist=True)


def test_a_permutation_test_counts_every_rearrangement():
    method = tk.Method(model="inverse-variance", interval="hartung-knapp")
    found = tk.meta_regression(EVENTS, TOTAL, SHARE, method=method, insist=True, permutations=200)
    p = found.coefficients[1].permutation_p
    assert p is not None
    # Of the 5! = 120 rearrangements the observed one counts itself.
    assert p * 120 == pytest.approx(round(p * 120))
    assert p >= 1 / 120


def test_bare_effects_need_no_review():
    answer = tk.pool_effects([-1.2, -0.64, -2.0, 0.1], [0.21, 0.30, 0.25, 0.40])
    found = answer.typical
    assert (found.estimate, found.low, found.high) == pytest.approx(
        (0.2746, 0.0858, 0.6042), abs=5e-5
    )
    with pytest.raises(tk.ToolkitError, match="above 0"):
        tk.pool_effects([0.1, 0.2], [0.1, 0.0])
    with pytest.raises(tk.ToolkitError, match="equally long"):
        tk.pool_effects([0.1, 0.2], [0.1])


@pytest.mark.parametrize(
    "kind", [list, tuple, np.array, pd.Series, lambda v: pd.Series(v, index=range(9, 9 + len(v)))]
)
def test_any_array_like_pools_alike(kind):
    names = ["a", "b", "c", "d", "e"]
    answer = tk.pool_counts(kind(EVENTS), kind(TOTAL), labels=kind(names))
    assert answer.typical == tk.pool_counts(EVENTS, TOTAL, labels=names).typical
    assert [row.label for row in answer.rows] == names
    floats = tk.pool_counts(kind([float(x) for x in EVENTS]), kind(TOTAL))
    assert floats.typical == answer.typical


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"events": EVENTS, "total": TOTAL, "labels": []}, "labels has 0"),
        ({"events": 3, "total": 4}, "events must be a list"),
        ({"events": "12345", "total": TOTAL}, "events must be a list"),
        ({"events": {1: 2}, "total": TOTAL}, "events must be a list"),
        ({"events": pd.DataFrame({"a": EVENTS}), "total": TOTAL}, "events must be one column"),
        ({"events": np.array(3), "total": TOTAL}, "events must be one column"),
        ({"events": [1, float("nan")], "total": [3, 4]}, "series 2: .* is missing"),
        ({"events": [1, None], "total": [3, 4]}, "series 2: .* is missing"),
        ({"events": [1, 2.5], "total": [3, 4]}, "series 2: 2.5 of 4"),
        ({"events": [1, True], "total": [3, 4]}, "series 2"),
        ({"events": [1, 2], "total": [3, 4], "by": ["x"]}, "by has 1"),
        ({"events": [1, 2], "total": [3, 4], "studies": ["x"]}, "studies has 1"),
        ({"events": [1, 2], "total": [3, 4], "groups": "both"}, "groups"),
    ],
)
def test_what_is_no_list_of_counts_is_refused_by_its_name(arguments, said):
    events, total = arguments.pop("events"), arguments.pop("total")
    with pytest.raises(tk.ToolkitError, match=said):
        tk.pool_counts(events, total, **arguments)


HARTUNG_KNAPP = tk.Method(model="inverse-variance", interval="hartung-knapp")


def test_series_that_lie_far_apart_are_not_said_to_lie_close():
    answer = tk.pool_counts([34, 14, 6, 51, 11], [46, 36, 30, 73, 67], method=HARTUNG_KNAPP)
    assert answer.heterogeneity.q == pytest.approx(55.6, abs=0.05)
    assert answer.heterogeneity.i2 == pytest.approx(0.927, abs=5e-4)
    assert not any("closer together" in note for note in answer.notes)


def test_no_table_with_a_small_p_is_said_to_lie_close():
    dice = np.random.default_rng(8)
    seen = told = 0
    for _ in range(150):
        total = dice.integers(10, 80, 5)
        answer = tk.pool_counts(
            dice.binomial(total, dice.uniform(0.05, 0.95, 5)), total, method=HARTUNG_KNAPP
        )
        if answer.heterogeneity.p is not None and answer.heterogeneity.p < 0.05:
            seen += 1
            told += any("closer together" in note for note in answer.notes)
    assert seen > 100
    assert told == 0


def test_series_that_agree_narrow_the_interval_and_it_is_said():
    answer = tk.pool_counts([4, 8, 5, 10], [12, 25, 18, 31], method=HARTUNG_KNAPP)
    assert answer.heterogeneity.tau2 == 0
    assert sum("closer together" in note for note in answer.notes) == 1
