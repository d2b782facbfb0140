import numpy as np
import pytest
from golden import SCALES, ZERO_RULES, grouped, rows, table
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.numerics.normal.effects import SCALES as WORDS
from toolkit.numerics.normal.effects import ZERO_RULES as RULES
from toolkit.numerics.normal.effects import EffectStatus, back_transform, effects, harmonic_mean

ESCALC = grouped("escalc", "table_id", "measure", "to")


def test_the_carried_grid_is_whole():
    tables = {key[0] for key in ESCALC}
    zero_free = {"arcsine", "double-arcsine"}
    expected = {
        (table_id, measure, rule)
        for table_id in tables
        for measure in SCALES
        for rule in ZERO_RULES
        if SCALES[measure] not in zero_free or rule == "only0"
    }
    assert set(ESCALC) == expected
    assert set(SCALES.values()) == set(WORDS)
    assert set(ZERO_RULES.values()) == set(RULES)
    assert len(tables) >= 20


@pytest.mark.parametrize(("measure", "rule"), sorted({key[1:] for key in ESCALC}))
def test_effects_equal_escalc(measure, rule):
    for (table_id, *rest), reference in ESCALC.items():
        if tuple(rest) != (measure, rule):
            continue
        events, total = table(table_id)
        ours = effects(events, total, scale=SCALES[measure], zero=ZERO_RULES[rule])
        for i, row in enumerate(reference):
            if row["yi"] == "NA":
                assert ours.status[i] == EffectStatus.INFINITE
                assert np.isinf(ours.v[i])
                continue
            expected = EffectStatus.ZERO_VARIANCE if float(row["vi"]) == 0 else EffectStatus.OK
            assert ours.status[i] == expected
            assert ours.y[i] == pytest.approx(float(row["yi"]), rel=1e-10, abs=1e-14)
            assert ours.v[i] == pytest.approx(float(row["vi"]), rel=1e-10, abs=1e-17)


def test_back_transforms_equal_metafor():
    reference = [row for row in rows("transf") if row["ipft"] != "NA"]
    value = np.array([float(row["pft"]) for row in reference])
    total = np.array([float(row["n"]) for row in reference])
    ours = back_transform(value, scale="double-arcsine", total=total)
    np.testing.assert_allclose(ours, [float(r["ipft"]) for r in reference], rtol=1e-10, atol=1e-15)
    angles = [float(r["pft"] if r["pas"] == "NA" else r["pas"]) for r in rows("transf")]
    ours = back_transform(angles, scale="arcsine")
    expected = [float(r["iarcsin"]) for r in rows("transf")]
    np.testing.assert_allclose(ours, expected, rtol=1e-10, atol=1e-30)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(WORDS),
    st.floats(allow_nan=False),
    st.floats(min_value=1, max_value=1e9),
)
def test_every_value_comes_back_as_a_proportion(scale, value, total):
    assert 0 <= back_transform(value, scale=scale, total=total) <= 1


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(WORDS), st.integers(1, 2000), st.data())
def test_a_proportion_survives_the_round_trip(scale, total, data):
    events = data.draw(st.integers(0, total))
    ours = effects([events], [total], scale=scale, zero="none")
    back = back_transform(ours.y, scale=scale, total=total)
    assert back[0] == pytest.approx(events / total, rel=1e-9, abs=1e-12)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(["logit", "raw", "arcsine", "double-arcsine"]), st.data())
def test_counting_the_patients_without_the_event_mirrors_the_effect(scale, data):
    total = np.array(data.draw(st.lists(st.integers(1, 500), min_size=1, max_size=6)))
    events = np.array([data.draw(st.integers(0, int(n))) for n in total])
    middle = {"logit": 0.0, "raw": 0.5}.get(scale, np.pi / 4)
    one, other = effects(events, total, scale=scale), effects(total - events, total, scale=scale)
    np.testing.assert_allclose(one.y - middle, middle - other.y, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(one.v, other.v, rtol=1e-12)


def test_a_half_is_added_to_a_table_only_for_the_series_it_uses():
    events, total = [0, 3, 4], [10, 12, 9]
    masked = effects(events, total, zero="if-any", mask=[False, True, True])
    assert masked.status.tolist() == [EffectStatus.MASKED, EffectStatus.OK, EffectStatus.OK]
    assert masked.y[1] == pytest.approx(np.log(3 / 9), rel=1e-14)
    assert masked.usable.tolist() == [False, True, True]


def test_harmonic_mean_of_one_two_and_six():
    assert harmonic_mean([1, 2, 6]) == pytest.approx(1.8, rel=1e-15)
    assert harmonic_mean([1, 2, 6], mask=[False, True, True]) == pytest.approx(3.0, rel=1e-15)
    assert harmonic_mean([1.0, 2.0], mask=[False, False]) == 0


def test_impossible_counts_and_unknown_words_are_refused():
    with pytest.raises(ValueError, match="0 <= events <= total"):
        effects([5], [4])
    with pytest.raises(ValueError, match="total > 0"):
        effects([0], [0])
    with pytest.raises(ValueError, match="unknown scale 'logits'; one of logit"):
        effects([1], [4], scale="logits")
    with pytest.raises(ValueError, match="unknown zero rule 'some'"):
        effects([1], [4], zero="some")
    with pytest.raises(ValueError, match="need the total"):
        back_transform(0.3, scale="double-arcsine")
