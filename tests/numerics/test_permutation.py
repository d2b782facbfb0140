import numpy as np
import pytest
from golden import INTERVALS, TAU2, column, rows, table

from toolkit.numerics.normal.effects import effects
from toolkit.numerics.normal.permutation import permute_mean, permute_moderators

MEAN = [row for row in rows("permutest") if row["moderator"] == "1"]
SLOPE = [row for row in rows("permutest") if row["moderator"] == "x"]


def test_the_carried_grid_is_whole():
    assert len(MEAN) + len(SLOPE) == len(rows("permutest")) == 119
    assert {row["exact"] for row in SLOPE} == {"TRUE", "FALSE"}


@pytest.mark.parametrize("number", range(len(MEAN)))
def test_flipped_signs_equal_metafor(number):
    row = MEAN[number]
    ours = effects(*table(row["table_id"]))
    found = permute_mean(ours.y, ours.v, tau2=TAU2[row["method"]])
    assert found.exact
    assert found.p_value[0] == pytest.approx(float(row["p_intercept"]), rel=1e-12)


@pytest.mark.parametrize("number", range(len(SLOPE)))
def test_shuffled_rows_equal_metafor(number):
    row = SLOPE[number]
    ours = effects(*table(row["table_id"]))
    x = np.array([float(value) for value in column(row["table_id"], "x")])
    design = np.stack([np.ones_like(x), x], axis=1)
    found = permute_moderators(
        ours.y, ours.v, design, tau2=TAU2[row["method"]], interval=INTERVALS[row["test"]], few=True
    )
    assert found.exact == (row["exact"] == "TRUE")
    expected = float(row["p_x"])
    if found.exact:
        assert found.arrangements == int(row["n_iter"])
        if row["QM_p_perm"] != "NaN":
            assert found.p_model == pytest.approx(float(row["QM_p_perm"]), rel=1e-12)
            assert found.p_value[1] == pytest.approx(expected, rel=1e-12)
        return
    # R drew 2,000 arrangements of its own: within four Monte Carlo errors of the difference
    error = np.sqrt(expected * (1 - expected) * (1 / 2000 + 1 / found.arrangements))
    assert abs(found.p_value[1] - expected) < 4 * error


def test_the_smallest_p_value_of_four_positive_effects_is_two_of_sixteen():
    found = permute_mean([1.0, 1.1, 0.9, 1.2], [0.1, 0.1, 0.1, 0.1], tau2="none")
    assert found.p_value[0] == 2 / 16
    assert found.arrangements == 16


def test_a_sample_is_the_same_on_every_run_and_counts_the_observed_arrangement():
    random = np.random.default_rng(8)
    y, v = random.normal(3, 0.1, 20), np.full(20, 0.1)
    one, other = (permute_mean(y, v, most=500, seed=3) for _ in range(2))
    assert one.p_value == other.p_value
    assert not one.exact
    assert one.p_value[0] >= 1 / 500


def test_batches_and_short_tables_are_refused():
    with pytest.raises(ValueError, match="takes one table"):
        permute_mean(np.zeros((2, 3)), np.ones((2, 3)))
    with pytest.raises(ValueError, match="fewer than 10 series"):
        permute_moderators([0.1, 0.2, 0.4], [1.0, 1.0, 1.0], [[1.0, 0.0], [1.0, 1.0], [1.0, 3.0]])
