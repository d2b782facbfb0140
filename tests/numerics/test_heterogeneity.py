import numpy as np
import pytest
from golden import SCALES, given, rows, table
from scipy.special import chdtri

from toolkit.numerics.normal.effects import effects
from toolkit.numerics.normal.heterogeneity import IntervalStatus, profile_likelihood, q_profile
from toolkit.numerics.normal.likelihood import Model, log_likelihood
from toolkit.numerics.normal.tau2 import estimate_tau2
from toolkit.numerics.tables import as_tables

CONFINT = rows("tau2_confint")
FIGURES = ("tau2_lower", "tau2_upper", "I2_lower", "I2_upper", "H2_lower", "H2_upper")


def test_the_carried_grid_has_both_intervals_on_three_scales():
    seen = {(row["table_id"], row["measure"], row["method"], row["ci_type"]) for row in CONFINT}
    tables = {key[0] for key in seen}
    assert len(tables) >= 20
    for table_id in tables:
        for measure in ("PLO", "PFT", "PAS"):
            for kind in (("REML", "QP"), ("REML", "PL"), ("ML", "PL")):
                assert (table_id, measure, *kind) in seen


@pytest.mark.parametrize("number", range(len(CONFINT)))
def test_intervals_of_tau2_equal_metafor(number):
    row = CONFINT[number]
    ours = effects(*table(row["table_id"]), scale=SCALES[row["measure"]])
    if row["ci_type"] == "QP":
        limits = q_profile(ours.y, ours.v)
    else:
        limits = profile_likelihood(ours.y, ours.v, method=row["method"].lower())
    if row["error"] != "NA":
        # metafor has no fit, hence no interval, where its Fisher scoring does not converge
        assert 0 <= limits.tau2_low < limits.tau2_high < np.inf
        return
    got = {
        "tau2_lower": limits.tau2_low,
        "tau2_upper": limits.tau2_high,
        "I2_lower": 100 * limits.i2_low,
        "I2_upper": 100 * limits.i2_high,
        "H2_lower": limits.h2_low,
        "H2_upper": limits.h2_high,
    }
    cut_off = row["lb_sign"] == ">"
    assert (limits.status == IntervalStatus.EMPTY) == (row["lb_sign"] == "<<")
    for name, value in given(row, FIGURES).items():
        if cut_off and name.endswith("upper"):
            # metafor stops looking at max(100, 10 tau2) and says so; ours is the limit itself
            assert got[name] > value
            continue
        assert float(got[name]) == pytest.approx(value, rel=1e-8, abs=1e-11), row


def test_the_q_profile_of_equal_variances_is_the_interval_of_a_variance():
    y = np.array([0.3, 1.9, -0.4, 2.2, 0.8])
    squares = ((y - y.mean()) ** 2).sum()
    limits = q_profile(y, np.full(5, 0.1), level=0.9)
    assert limits.tau2_low == pytest.approx(squares / chdtri(4, 0.05) - 0.1, rel=1e-12)
    assert limits.tau2_high == pytest.approx(squares / chdtri(4, 0.95) - 0.1, rel=1e-12)


@pytest.mark.parametrize("kind", ["ml", "reml"])
def test_the_likelihood_at_both_ends_of_its_interval_is_down_by_the_same(kind):
    ours = effects([6, 3, 18, 14, 10], [8, 19, 27, 37, 38])
    model = Model(tables=as_tables(ours.y, ours.v), design=None)
    best = estimate_tau2(ours.y, ours.v, method=kind).tau2[None]
    limits = profile_likelihood(ours.y, ours.v, method=kind)
    top = log_likelihood(model, best, kind=kind)[0]
    for end in (limits.tau2_low, limits.tau2_high):
        drop = top - log_likelihood(model, end[None], kind=kind)[0]
        assert drop == pytest.approx(3.841458820694124 / 2, rel=1e-10)


def test_trap_two_series_leave_the_variance_almost_unknown_but_bounded():
    ours = effects([0, 12], [10, 12])
    limits = q_profile(ours.y, ours.v)
    assert limits.status == IntervalStatus.OK
    assert 1e4 < limits.tau2_high < np.inf


def test_one_series_says_nothing():
    for limits in (q_profile([0.2], [0.1]), profile_likelihood([0.2], [0.1])):
        assert limits.status == IntervalStatus.NO_FREEDOM
        assert (limits.tau2_low, limits.tau2_high) == (0, np.inf)
        assert (limits.i2_low, limits.i2_high) == (0, 1)


def test_batches_are_their_tables_and_no_table_fails():
    random = np.random.default_rng(7)
    total = random.integers(1, 300, (150, 9))
    ours = effects(random.binomial(total, random.choice([0, 0.02, 0.5, 1], (150, 1))), total)
    mask = random.random(total.shape) < 0.7
    with np.errstate(all="raise", under="ignore"):
        for function in (q_profile, profile_likelihood):
            batch = function(ours.y, ours.v, mask=mask)
            assert (batch.tau2_low <= batch.tau2_high).all()
            assert ((batch.i2_low >= 0) & (batch.i2_high <= 1)).all()
            some = function(ours.y[4][mask[4]], ours.v[4][mask[4]])
            assert batch.tau2_high[4] == pytest.approx(some.tau2_high, rel=1e-9)


def test_unknown_words_and_levels_are_refused():
    with pytest.raises(ValueError, match="unknown likelihood 'dl'; one of ml, reml"):
        profile_likelihood([0.0, 1.0], [1.0, 1.0], method="dl")
    for function in (q_profile, profile_likelihood):
        with pytest.raises(ValueError, match="level must lie between 0 and 1"):
            function([0.0, 1.0], [1.0, 1.0], level=1.0)
