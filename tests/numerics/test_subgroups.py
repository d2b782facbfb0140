import numpy as np
import pytest
from golden import SCALES, TAU2, column, given, grouped, table

from toolkit.numerics.normal.effects import effects
from toolkit.numerics.normal.inverse_variance import PoolStatus, pool
from toolkit.numerics.normal.subgroups import subgroups

COMMON = grouped("subgroup", "table_id", "measure", "method")
SEPARATE = grouped("meta_subgroup", "table_id", "sm", "method_tau")
META_SCALES = {"PLOGIT": "logit", "PFT": "double-arcsine"}


def _codes(table_id):
    labels = column(table_id, "g")
    names = sorted(set(labels))
    return names, np.array([names.index(label) for label in labels])


def test_the_carried_grid_is_whole():
    tables = {key[0] for key in COMMON}
    assert set(COMMON) == {
        (t, m, f) for t in tables for m in ("PLO", "PFT") for f in ("DL", "REML")
    }
    assert {key[0] for key in SEPARATE} == tables
    assert any(len(set(column(table_id, "g"))) == 3 for table_id in tables)


@pytest.mark.parametrize("key", sorted(COMMON))
def test_a_common_variance_equals_metafor(key):
    table_id, measure, method = key
    names, codes = _codes(table_id)
    ours = effects(*table(table_id), scale=SCALES[measure])
    found = subgroups(ours.y, ours.v, codes, tau2=TAU2[method], common_tau2=True)
    for row in COMMON[key]:
        if row["error"] != "NA":
            continue
        if row["subgroup"] == "BETWEEN":
            got = {"Q": found.q_between, "Q_df": found.df, "Q_p": found.p}
            got["tau2"] = found.tau2_common
        else:
            i = names.index(row["subgroup"])
            pooled = found.pooled
            got = {"k": pooled.k[i], "estimate": pooled.mu[i], "se": pooled.se[i]}
            got |= {"ci_lower": pooled.low[i], "ci_upper": pooled.high[i]}
        for name, value in given(row, got).items():
            assert float(got[name]) == pytest.approx(value, rel=1e-8, abs=1e-12), row


@pytest.mark.parametrize("key", sorted(SEPARATE))
def test_separate_variances_equal_meta(key):
    table_id, measure, method = key
    names, codes = _codes(table_id)
    ours = effects(*table(table_id), scale=META_SCALES[measure])
    found = subgroups(ours.y, ours.v, codes, tau2=method.lower())
    common = subgroups(ours.y, ours.v, codes, tau2="none")
    # meta leaves metafor's default tolerance alone; DL has a closed form
    relative, least = (1e-10, 1e-12) if method == "DL" else (1e-4, 1e-4)
    for row in SEPARATE[key]:
        if row["error"] != "NA":
            continue
        if row["subgroup"] == "BETWEEN":
            got = {"Q_between_random": found.q_between, "df_between": found.df}
            got |= {"p_between_random": found.p, "Q_between_common": common.q_between}
            got["p_between_common"] = common.p
        else:
            i = names.index(row["subgroup"])
            pooled, fixed = found.pooled, common.pooled
            got = {"k": pooled.k[i], "te_random": pooled.mu[i], "se_random": pooled.se[i]}
            got |= {"lower_random": pooled.low[i], "upper_random": pooled.high[i]}
            got |= {"tau2": pooled.tau2[i], "te_common": fixed.mu[i]}
            got |= {"Q": fixed.q[i], "I2": fixed.i2[i]}
        for name, value in given(row, got).items():
            assert float(got[name]) == pytest.approx(value, rel=relative, abs=least), row


def test_subgroups_are_pools_of_their_series():
    ours = effects([6, 3, 18, 14, 10, 2], [8, 19, 27, 37, 38, 11])
    codes = np.array([1, 0, 1, 0, 1, 2])
    found = subgroups(ours.y, ours.v, codes, interval="hartung-knapp")
    for code in (0, 1):
        alone = pool(ours.y[codes == code], ours.v[codes == code], interval="hartung-knapp")
        assert found.pooled.low[code] == pytest.approx(alone.low, rel=1e-10)
    assert found.pooled.status[2] == PoolStatus.ONE_SERIES
    assert found.df == 2


def test_equal_subgroups_do_not_differ_and_one_subgroup_has_nothing_to_differ_from():
    twice = subgroups([0.1, 0.9, 0.1, 0.9], [0.2, 0.3, 0.2, 0.3], [0, 0, 1, 1])
    assert twice.q_between == pytest.approx(0, abs=1e-15)
    assert twice.p == pytest.approx(1, abs=1e-7)
    single = subgroups([0.1, 0.9], [0.2, 0.3], [0, 0])
    assert (single.df, single.p) == (0, 1)


def test_masked_batches_skip_empty_subgroups():
    mask = np.array([[True, True, True, True], [True, True, False, False]])
    found = subgroups([0.1, 0.9, 0.4, 1.9], [0.2, 0.3, 0.2, 0.3], [0, 0, 1, 1], mask=mask)
    assert found.pooled.status[1, 1] == PoolStatus.NO_SERIES
    assert found.df.tolist() == [1, 0]
    with pytest.raises(ValueError, match="at least one series in every subgroup"):
        subgroups([0.1, 0.9, 1.0], [0.2, 0.3, 0.2], [0, 0, 1], common_tau2=True, mask=[1, 1, 0])


def test_wrong_codes_are_refused():
    with pytest.raises(ValueError, match="one whole number for each of the 3 series"):
        subgroups([0.1, 0.2, 0.3], [1, 1, 1], [0, 1])
    with pytest.raises(ValueError, match="start at 0"):
        subgroups([0.1, 0.2], [1, 1], [-1, 0])
