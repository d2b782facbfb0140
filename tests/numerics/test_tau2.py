import numpy as np
import pytest
from golden import rows, table

from toolkit.numerics.normal.effects import effects
from toolkit.numerics.normal.likelihood import Model, score
from toolkit.numerics.normal.tau2 import METHODS, estimate_tau2
from toolkit.numerics.tables import as_tables


def test_trap_fisher_scoring_fails_on_sorafenib_toxicity_at_400_mg():
    failed = [
        row
        for row in rows("rma")
        if row["table_id"] == "ursino2021_400" and "did not converge" in row["error"]
    ]
    assert failed
    ours = effects(*table("ursino2021_400"))
    found = estimate_tau2(ours.y, ours.v, method="reml")
    model = Model(tables=as_tables(ours.y, ours.v), design=None)
    assert found.tau2 > 0
    assert abs(score(model, found.tau2[None], kind="reml")[0]) < 1e-10
    assert np.isfinite(found.se)


def test_paule_mandel_and_empirical_bayes_make_q_equal_to_its_freedom():
    ours = effects([6, 3, 18, 14, 10], [8, 19, 27, 37, 38])
    for method in ("pm", "eb"):
        tau2 = float(estimate_tau2(ours.y, ours.v, method=method).tau2)
        w = 1 / (ours.v + tau2)
        mu = (w * ours.y).sum() / w.sum()
        assert (w * (ours.y - mu) ** 2).sum() == pytest.approx(4, rel=1e-12)


def test_equal_variances_have_closed_forms():
    y, v = np.array([0.0, 1.0, 3.0, 4.0]), np.full(4, 0.5)
    variance = y.var(ddof=1)
    for method in ("dl", "he", "reml", "pm", "eb"):
        found = estimate_tau2(y, v, method=method).tau2
        assert found == pytest.approx(variance - 0.5, rel=1e-13)
    for method in ("ml", "hs"):
        assert estimate_tau2(y, v, method=method).tau2 == pytest.approx(y.var() - 0.5, rel=1e-13)


@pytest.mark.parametrize("method", METHODS)
def test_equal_effects_have_no_variance_between_them(method):
    found = estimate_tau2([0.3, 0.3, 0.3], [0.1, 0.02, 3.0], method=method)
    assert found.tau2 == 0


@pytest.mark.parametrize("method", [word for word in METHODS if word != "none"])
def test_the_scale_of_the_effects_only_scales_the_answer(method):
    ours = effects([6, 3, 18, 14, 10], [8, 19, 27, 37, 38])
    plain = estimate_tau2(ours.y, ours.v, method=method)
    tiny = estimate_tau2(1e-6 * ours.y, 1e-12 * ours.v, method=method)
    huge = estimate_tau2(1e6 * ours.y, 1e12 * ours.v, method=method)
    assert tiny.tau2 == pytest.approx(1e-12 * plain.tau2, rel=1e-9)
    assert huge.tau2 == pytest.approx(1e12 * plain.tau2, rel=1e-9)
    assert huge.se == pytest.approx(1e12 * plain.se, rel=1e-9)


def test_variances_ten_thousand_million_fold_apart_do_not_fail():
    random = np.random.default_rng(5)
    y = random.normal(size=(200, 8))
    v = 10.0 ** random.uniform(-10, 0, size=(200, 8))
    for method in METHODS:
        with np.errstate(all="raise", under="ignore"):
            found = estimate_tau2(y, v, method=method)
        assert np.isfinite(found.tau2).all()
        assert (found.tau2 >= 0).all()


def test_an_unknown_method_names_the_choices():
    with pytest.raises(ValueError, match="unknown tau2 method 'reml2'; one of dl, he"):
        estimate_tau2([0.0, 1.0], [1.0, 1.0], method="reml2")
