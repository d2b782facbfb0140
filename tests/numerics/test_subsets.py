import numpy as np
import pytest
from golden import TAU2, grouped, table

from toolkit.numerics.normal.effects import effects
from toolkit.numerics.normal.inverse_variance import pool
from toolkit.numerics.normal.subsets import all_subsets, masks_of

GOSH = grouped("gosh_subsets", "table_id", "method")


@pytest.mark.parametrize("key", sorted(GOSH))
def test_every_subset_equals_metafor(key):
    table_id, method = key
    ours = effects(*table(table_id))
    found = all_subsets(ours.y, ours.v, tau2=TAU2[method])
    assert len(GOSH[key]) == len(found.mu) == 2**10 - 1
    place = {
        "".join("1" if inside else "0" for inside in row): i
        for i, row in enumerate(masks_of(found.members, 10))
    }
    # gosh fits by REML at its default tolerance, 1e-5 of tau2
    bound = {"rel": 1e-10, "abs": 1e-12} if method == "DL" else {"rel": 1e-4, "abs": 5e-5}
    for row in GOSH[key]:
        i = place[row["subset"]]
        assert found.mu[i] == pytest.approx(float(row["estimate"]), **bound)
        assert found.tau2[i] == pytest.approx(float(row["tau2"]), **bound)
        assert found.q[i] == pytest.approx(float(row["Q"]), rel=1e-10, abs=1e-12)


def test_subsets_across_blocks_are_pools_of_their_members():
    random = np.random.default_rng(6)
    total = random.integers(5, 40, 14)
    ours = effects(random.binomial(total, 0.3), total)
    found = all_subsets(ours.y, ours.v, smallest=2)
    assert len(found.mu) == 2**14 - 1 - 14
    for i in random.choice(len(found.mu), 25, replace=False):
        inside = masks_of(found.members[i : i + 1], 14)[0]
        alone = pool(ours.y[inside], ours.v[inside])
        assert found.k[i] == inside.sum() >= 2
        assert found.tau2[i] == pytest.approx(alone.tau2, rel=1e-9, abs=1e-13)
        assert found.se[i] == pytest.approx(alone.se, rel=1e-10)


def test_too_many_series_are_refused():
    with pytest.raises(ValueError, match="30 series have 2\\^30 subsets"):
        all_subsets(np.zeros(30), np.ones(30))
    with pytest.raises(ValueError, match="one table"):
        all_subsets(np.zeros((2, 3)), np.ones((2, 3)))
