import numpy as np
import pytest
from scipy.stats import binom

from toolkit.numerics.proportions import clopper_pearson


@pytest.mark.parametrize(("x", "n"), [(1, 7), (6, 8), (38, 40), (500, 100_000)])
def test_each_end_leaves_half_the_rest(x, n):
    low, high = clopper_pearson(x, n, level=0.9)
    assert binom.sf(x - 1, n, low) == pytest.approx(0.05, rel=1e-9)
    assert binom.cdf(x, n, high) == pytest.approx(0.05, rel=1e-9)


def test_zero_and_full_cells_reach_the_end():
    low, high = clopper_pearson([0, 12], [10, 12])
    assert (low[0], high[1]) == (0, 1)
    # The exact ends: 1 - 0.025^(1/n).
    assert high[0] == pytest.approx(1 - 0.025**0.1, rel=1e-12)
    assert low[1] == pytest.approx(0.025 ** (1 / 12), rel=1e-12)


def test_mirror():
    x, n = np.arange(21), np.full(21, 20)
    low, high = clopper_pearson(x, n)
    other_low, other_high = clopper_pearson(n - x, n)
    np.testing.assert_allclose(low, 1 - other_high, atol=1e-14)
    np.testing.assert_allclose(high, 1 - other_low, atol=1e-14)


@pytest.mark.parametrize(("x", "n"), [(3, 2), (-1, 4), (0, 0)])
def test_impossible_counts_are_refused(x, n):
    with pytest.raises(ValueError, match="counts must satisfy"):
        clopper_pearson(x, n)
