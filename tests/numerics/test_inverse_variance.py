import itertools
import subprocess
import sys

import numpy as np
import pytest
from golden import INTERVALS, SCALES, TAU2, given, grouped, rows, table
from hypothesis import given as each
from hypothesis import settings
from hypothesis import strategies as st

from toolkit.numerics.normal.effects import EffectStatus, back_transform, effects, harmonic_mean
from toolkit.numerics.normal.inverse_variance import PoolStatus, pool
from toolkit.numerics.normal.tau2 import METHODS

RMA = grouped("rma", "table_id", "measure")
ITERATED = {"ML", "REML", "EB", "PM"}
# uniroot, which metafor's default Paule-Mandel rests on, stops within 1.2e-4 of tau2
LOOSE_TAU2 = 1.3e-4
FIGURES = {
    "estimate": "mu",
    "se": "se",
    "ddf": "interval_df",
    "ci_lower": "low",
    "ci_upper": "high",
    "pi_lower": "prediction_low",
    "pi_upper": "prediction_high",
    "tau2": "tau2",
    "se_tau2": "se_tau2",
    "H2": "h2",
    "Q": "q",
    "Q_p": "p",
    "s2w": "scale_factor",
    "logLik_ML": "loglik",
    "logLik_REML": "loglik_restricted",
}
# metafor's Fisher scoring stops short of 0 on these (tau2 of 1e-12 to 1e-7 instead): ours is 0
# exactly because the likelihood is highest there, and what follows differs by as little
NEAR_ZERO = 1e-6


def test_the_carried_grid_covers_every_method_on_every_pattern():
    seen = {(row["table_id"], row["measure"], row["method"], row["test"]) for row in rows("rma")}
    tables = {key[0] for key in seen}
    origins = {row["table_id"]: row["pattern"] for row in rows("tables")}
    patterns = {row["pattern"] for row in rows("tables")}
    assert {origins[table_id] for table_id in tables} == patterns
    for table_id, measure, method in itertools.product(tables, SCALES, TAU2):
        # R was not asked for these two on the raw and log scales
        if method in {"HS", "EB"} and measure in {"PR", "PLN"}:
            continue
        assert (table_id, measure, method, "z") in seen
    for table_id, measure in itertools.product(tables, ("PLO", "PFT", "PAS")):
        for method, test in itertools.product(("DL", "REML"), ("knha", "adhoc", "t")):
            assert (table_id, measure, method, test) in seen
    assert set(TAU2.values()) == set(METHODS)


@pytest.mark.parametrize(("table_id", "measure"), sorted(RMA))
def test_pooling_equals_metafor(table_id, measure):
    events, total = table(table_id)
    ours = effects(events, total, scale=SCALES[measure])
    for row in RMA[table_id, measure]:
        if row["error"] != "NA":
            continue
        exact = row["ctrl"] == "tight" or row["method"] not in ITERATED
        estimated = _pooled(ours, row, TAU2[row["method"]])
        theirs = given(row, FIGURES)
        if not exact:
            assert estimated.tau2 == pytest.approx(theirs["tau2"], rel=1e-4, abs=LOOSE_TAU2)
            estimated = _pooled(ours, row, theirs.pop("tau2"))
            theirs.pop("se_tau2", None)
        iterated = exact and row["method"] in ITERATED
        near_zero = estimated.tau2 == 0 and theirs.get("tau2", 0) != 0
        if near_zero:
            assert theirs["tau2"] < NEAR_ZERO
        relative = 1e-4 if near_zero else 1e-8 if iterated else 1e-10
        for name, value in theirs.items():
            got = float(getattr(estimated, FIGURES[name]))
            least = NEAR_ZERO if near_zero else 1e-13
            assert got == pytest.approx(value, rel=relative, abs=least), (name, row)
        if row["I2"] != "NA":
            least = 0.02 if near_zero else 1e-9
            assert 100 * estimated.i2 == pytest.approx(float(row["I2"]), rel=relative, abs=least)


@pytest.mark.parametrize(("table_id", "measure"), sorted(RMA))
def test_proportions_and_riley_intervals_equal_metafor(table_id, measure):
    events, total = table(table_id)
    scale = SCALES[measure]
    ours = effects(events, total, scale=scale)
    mean = harmonic_mean(total)
    for row in RMA[table_id, measure]:
        if row["error"] != "NA" or row["method"] in ITERATED:
            continue
        pooled = pool(ours.y, ours.v, tau2=TAU2[row["method"]], interval=INTERVALS[row["test"]])
        for name, value in (("", pooled.mu), ("_ci_lower", pooled.low), ("_ci_upper", pooled.high)):
            # metafor leaves limits of the raw and log scales outside [0, 1]; ours are cut
            expected = min(max(float(row[f"prop{name}"]), 0.0), 1.0)
            got = float(back_transform(value, scale=scale, total=mean))
            assert got == pytest.approx(expected, rel=1e-10, abs=1e-14), row
        if row["pi_riley_lower"] != "NA" and len(total) > 2:
            riley = pool(ours.y, ours.v, tau2=TAU2[row["method"]], prediction="t(k-2)")
            expected = pytest.approx(float(row["pi_riley_lower"]), rel=1e-10, abs=1e-13)
            assert riley.prediction_low == expected


def _pooled(ours, row, tau2):
    return pool(
        ours.y,
        ours.v,
        tau2=tau2,
        interval=INTERVALS[row["test"]],
        prediction="none" if row["method"] == "EE" else "as-interval",
    )


def test_the_worked_check_of_five_series():
    # metafor 5.1-12: rma PLO REML .4176, z .2209-.6446, Hartung-Knapp .1546-.7376, tau .9264,
    # I2 80.6; DL z .2320-.6274; double arcsine DL .4155 (.2231-.6210); arcsine REML HK .4212
    events, total = [6, 3, 18, 14, 10], [8, 19, 27, 37, 38]
    logit = effects(events, total)
    reml = pool(logit.y, logit.v, interval="hartung-knapp")
    shown = back_transform([reml.mu, reml.low, reml.high], scale="logit")
    np.testing.assert_allclose(shown, [0.4176, 0.1546, 0.7376], atol=5e-5)
    assert np.sqrt(reml.tau2) == pytest.approx(0.9264, abs=5e-5)
    assert 100 * reml.i2 == pytest.approx(80.6, abs=0.05)
    double = effects(events, total, scale="double-arcsine")
    legacy = pool(double.y, double.v, tau2="dl")
    mean = harmonic_mean(total)
    shown = back_transform([legacy.mu, legacy.low, legacy.high], scale="double-arcsine", total=mean)
    np.testing.assert_allclose(shown, [0.4155, 0.2231, 0.6210], atol=5e-5)


def test_trap_hartung_knapp_gives_zero_width_on_identical_proportions():
    for events, total in (([3, 3, 3], [9, 9, 9]), ([1, 2, 5], [3, 6, 15])):
        ours = effects(events, total, scale="raw")
        pooled = pool(ours.y, ours.v, interval="hartung-knapp")
        assert pooled.status == PoolStatus.ZERO_WIDTH
        assert pooled.se == 0
        careful = pool(ours.y, ours.v, interval="hartung-knapp-adhoc")
        assert careful.status == PoolStatus.OK
        assert careful.low < careful.mu < careful.high


def test_trap_all_zero_tables_keep_a_finite_interval():
    for scale in ("logit", "log", "arcsine", "double-arcsine", "raw"):
        ours = effects([0, 0, 0, 0], [10, 20, 15, 8], scale=scale)
        pooled = pool(ours.y, ours.v, interval="t", prediction="t(k-2)")
        assert np.isfinite([pooled.low, pooled.high, pooled.prediction_low]).all()
        assert pooled.low < pooled.high


def test_trap_equal_arcsines_of_full_series_are_flagged():
    ours = effects([5, 9, 7], [5, 9, 7], scale="arcsine")
    pooled = pool(ours.y, ours.v, interval="hartung-knapp")
    assert pooled.status == PoolStatus.ZERO_WIDTH


def test_trap_zero_and_full_pair_is_near_one_half_not_zero():
    ours = effects([0, 12], [10, 12])
    pooled = pool(ours.y, ours.v)
    assert 0.4 < back_transform(pooled.mu, scale="logit") < 0.6


def test_trap_harmonic_mean_of_unequal_sizes_is_reported_as_metafor_does():
    # 204 events in 100,029 patients, crude 0.2 %: the method itself says 2.66 % (metafor, DL)
    events, total = [0, 0, 200, 4], [8, 9, 100_000, 12]
    ours = effects(events, total, scale="double-arcsine")
    pooled = pool(ours.y, ours.v, tau2="dl")
    shown = back_transform(pooled.mu, scale="double-arcsine", total=harmonic_mean(total))
    assert shown == pytest.approx(0.026604715, abs=5e-10)


def test_trap_prediction_intervals_differ_by_their_degrees_of_freedom():
    # metafor 5.1-12 on the worked check with z, t(k-1) and t(k-2)
    events, total = [6, 3, 18, 14, 10], [8, 19, 27, 37, 38]
    ours = effects(events, total)
    widths = []
    for word in ("as-interval", "t(k-1)", "t(k-2)"):
        pooled = pool(ours.y, ours.v, prediction=word)
        widths.append(float(pooled.prediction_high - pooled.prediction_low))
    assert widths[1] / widths[0] == pytest.approx(2.7764451 / 1.9599640, rel=1e-6)
    assert widths[2] / widths[0] == pytest.approx(3.1824463 / 1.9599640, rel=1e-6)


def test_trap_prediction_without_degrees_of_freedom_is_the_whole_line():
    ours = effects([3, 9], [10, 12])
    pooled = pool(ours.y, ours.v, prediction="t(k-2)")
    assert (pooled.prediction_low, pooled.prediction_high) == (-np.inf, np.inf)


def test_one_series_and_none_say_so():
    ours = effects([3, 9], [10, 12])
    pooled = pool(ours.y, ours.v, interval="hartung-knapp", mask=[[True, False], [False, False]])
    assert pooled.status.tolist() == [PoolStatus.ONE_SERIES, PoolStatus.NO_SERIES]
    assert pooled.mu[0] == ours.y[0]
    assert pooled.se[0] == pytest.approx(np.sqrt(ours.v[0]), rel=1e-15)
    assert (pooled.low[1], pooled.high[1]) == (-np.inf, np.inf)
    assert not np.isnan(pooled.q).any()


def test_tables_without_a_single_column_are_no_series():
    empty = pool(np.zeros((2, 0)), np.zeros((2, 0)))
    assert empty.status.tolist() == [PoolStatus.NO_SERIES] * 2
    assert (empty.tau2 == 0).all()


def test_trap_no_series_is_pooled_by_any_method_without_a_warning():
    for method, interval in itertools.product(METHODS, INTERVALS.values()):
        with np.errstate(all="raise", under="ignore"):
            pooled = pool([0.1], [0.2], tau2=method, interval=interval, mask=[False])
        assert pooled.low == -np.inf


def test_what_cannot_be_pooled_is_refused_in_words():
    with pytest.raises(ValueError, match="variance is not finite and positive"):
        pool([0.1, 0.2], [0.0, 0.1])
    with pytest.raises(ValueError, match="effect is not finite"):
        pool([np.nan, 0.2], [0.1, 0.1])
    with pytest.raises(ValueError, match="common-effect fit says nothing"):
        pool([0.1, 0.2], [0.1, 0.1], tau2="none", prediction="t(k-1)")
    with pytest.raises(ValueError, match="unknown interval 'knha'; one of wald"):
        pool([0.1, 0.2], [0.1, 0.1], interval="knha")
    with pytest.raises(ValueError, match="unknown tau2 'REML'"):
        pool([0.1, 0.2], [0.1, 0.1], tau2="REML")
    with pytest.raises(ValueError, match="level must lie between 0 and 1"):
        pool([0.1, 0.2], [0.1, 0.1], level=95)
    with pytest.raises(ValueError, match="must be finite and not negative"):
        pool([0.1, 0.2], [0.1, 0.1], tau2=-0.1)


@st.composite
def counts(draw, least=1):
    total = draw(st.lists(st.integers(1, 1000), min_size=least, max_size=12))
    events = [draw(st.one_of(st.just(0), st.just(n), st.integers(0, n))) for n in total]
    return np.array(events), np.array(total)


@settings(max_examples=300, deadline=None)
@each(counts(), st.sampled_from(sorted(SCALES.values())), st.sampled_from(METHODS))
def test_no_table_fails(table, scale, method):
    events, total = table
    ours = effects(events, total, scale=scale)
    assert (ours.status == EffectStatus.OK).all()
    with np.errstate(all="raise", under="ignore"):
        pooled = pool(ours.y, ours.v, tau2=method, interval="hartung-knapp-adhoc")
    assert np.isfinite(pooled.tau2)
    assert pooled.tau2 >= 0
    assert pooled.low < pooled.mu < pooled.high
    assert pooled.weights.sum() == pytest.approx(1, rel=1e-12)


@settings(max_examples=100, deadline=None)
@each(counts(least=2), st.sampled_from(METHODS), st.randoms(use_true_random=False))
def test_the_order_of_the_series_does_not_matter(table, method, random):
    events, total = table
    order = list(range(len(total)))
    random.shuffle(order)
    one = pool(*_effects(events, total), tau2=method)
    other = pool(*_effects(events[order], total[order]), tau2=method)
    assert one.tau2 == pytest.approx(other.tau2, rel=1e-7, abs=1e-9)
    assert one.mu == pytest.approx(other.mu, rel=1e-7, abs=1e-7)


@settings(max_examples=100, deadline=None)
@each(counts(least=2), st.sampled_from(METHODS))
def test_counting_the_patients_without_the_event_mirrors_the_answer(table, method):
    events, total = table
    one = pool(*_effects(events, total), tau2=method)
    other = pool(*_effects(total - events, total), tau2=method)
    assert one.tau2 == pytest.approx(other.tau2, rel=1e-7, abs=1e-9)
    assert one.mu == pytest.approx(-other.mu, rel=1e-7, abs=1e-7)


def _effects(events, total):
    ours = effects(events, total)
    return ours.y, ours.v


def test_a_batch_is_its_tables_one_by_one():
    random = np.random.default_rng(11)
    total = random.integers(1, 60, (3, 5, 7))
    ours = effects(random.binomial(total, 0.2), total)
    mask = random.random(total.shape) < 0.8
    batch = pool(ours.y, ours.v, interval="hartung-knapp", mask=mask)
    assert batch.mu.shape == (3, 5)
    assert batch.weights.shape == (3, 5, 7)
    for place in np.ndindex(3, 5):
        kept = mask[place]
        single = pool(ours.y[place][kept], ours.v[place][kept], interval="hartung-knapp")
        assert single.k == kept.sum()
        assert batch.tau2[place] == pytest.approx(single.tau2, rel=1e-9, abs=1e-14)
        assert batch.low[place] == pytest.approx(single.low, rel=1e-9)


def test_importing_the_numerics_needs_numpy_and_scipy_special_alone():
    code = (
        "import sys, toolkit.numerics.normal.inverse_variance, toolkit.numerics.normal.effects;"
        "heavy = {'pandas', 'matplotlib', 'statsmodels', 'pydantic', 'scipy.stats'};"
        "found = heavy & set(sys.modules); assert not found, found"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


METAPROP = grouped("meta_metaprop", "table_id", "sm")
META_SCALES = {"PLOGIT": "logit", "PFT": "double-arcsine", "PAS": "arcsine"}


@pytest.mark.parametrize("key", sorted(METAPROP))
def test_pooling_equals_metaprop(key):
    table_id, measure = key
    ours = effects(*table(table_id), scale=META_SCALES[measure])
    for row in METAPROP[key]:
        if row["error"] != "NA":
            continue
        tau2 = row["method_tau"].lower()
        interval = "wald"
        if row["method_random_ci"] == "HK":
            interval = "hartung-knapp-adhoc" if row["adhoc"] == "se" else "hartung-knapp"
        pooled = pool(ours.y, ours.v, tau2=tau2, interval=interval)
        # meta predicts with the standard error of the model, whatever the interval of the mean
        word = "t(k-2)" if row["method_predict"] == "HTS" else "t(k-1)"
        new = pool(ours.y, ours.v, tau2=tau2, prediction=word)
        common = pool(ours.y, ours.v, tau2="none")
        got = {"te_common": common.mu, "se_common": common.se, "Q": common.q, "Q_p": common.p}
        got |= {"te_random": pooled.mu, "se_random": pooled.se, "tau2": pooled.tau2}
        got |= {"lower_random": pooled.low, "upper_random": pooled.high, "I2": common.i2}
        got |= {"lower_predict": new.prediction_low, "upper_predict": new.prediction_high}
        # meta leaves metafor's default tolerance alone; DL has a closed form
        bound = {"rel": 1e-10, "abs": 1e-12} if tau2 == "dl" else {"rel": 1e-4, "abs": 1e-4}
        for name, value in given(row, got).items():
            assert float(got[name]) == pytest.approx(value, **bound), (name, row)


def test_known_variances_may_differ_by_table():
    y, v = np.array([[0.1, 0.9, 0.4], [0.3, 1.1, 0.2]]), np.full((2, 3), 0.2)
    both = pool(y, v, tau2=np.array([0.0, 0.7]), prediction="t(k-1)")
    single = pool(y[1], v[1], tau2=0.7, prediction="t(k-1)")
    assert both.tau2.tolist() == [0.0, 0.7]
    assert both.prediction_high[1] == single.prediction_high
    assert single.se == pytest.approx(np.sqrt(0.9 / 3), rel=1e-14)


def test_large_batches_are_taken_in_blocks_without_a_seam():
    random = np.random.default_rng(12)
    y, v = random.normal(size=(9_000, 7)), random.uniform(0.1, 1, (9_000, 7))
    whole = pool(y, v, prediction="t(k-2)")
    assert whole.weights.shape == (9_000, 7)
    for i in (0, 4_680, 4_681, 4_682, 8_999):
        alone = pool(y[i], v[i], prediction="t(k-2)")
        assert whole.prediction_low[i] == pytest.approx(alone.prediction_low, rel=1e-9)
    nothing = pool(np.empty((0, 3)), np.empty((0, 3)))
    assert nothing.mu.shape == (0,)
