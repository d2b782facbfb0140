import numpy as np
import pytest

from toolkit.numerics.quantiles import chi_square_p, f_p, two_sided_p, two_sided_quantile


def test_quantiles_are_those_of_printed_tables():
    # Fisher & Yates: normal 1.959964, t of 1, 4 and 30 degrees of freedom
    expected = [1.959964, 12.706205, 2.776445, 2.042272]
    found = two_sided_quantile(0.95, [np.inf, 1, 4, 30])
    np.testing.assert_allclose(found, expected, atol=5e-7)
    assert two_sided_quantile(0.9, 0) == np.inf


def test_tails_are_those_of_printed_tables_and_undo_the_quantiles():
    np.testing.assert_allclose(chi_square_p([3.841459, 5.991465], [1, 2]), 0.05, rtol=1e-6)
    np.testing.assert_allclose(f_p(4.964603, 1, 10), 0.05, rtol=1e-6)
    np.testing.assert_allclose(f_p(4.102821, 2, 10), 0.05, rtol=1e-6)
    df = np.array([1.0, 2.0, 7.0, np.inf])
    np.testing.assert_allclose(two_sided_p(two_sided_quantile(0.8, df), df), 0.2, rtol=1e-12)


def test_far_tails_keep_their_digits():
    assert two_sided_p(-30.0, np.inf) == pytest.approx(9.813428e-198, rel=1e-6)


def test_without_degrees_of_freedom_nothing_is_unusual():
    assert chi_square_p(9.0, 0) == two_sided_p(9.0, 0) == f_p(9.0, 0, 5) == f_p(9.0, 2, 0) == 1


@pytest.mark.parametrize("level", [0, 1, 95, -0.5])
def test_impossible_levels_are_refused(level):
    with pytest.raises(ValueError, match="level must lie between 0 and 1"):
        two_sided_quantile(level, 3)
