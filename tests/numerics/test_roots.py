import numpy as np
import pytest

from toolkit.numerics.roots import find_roots


def _family(function):
    return lambda rows: lambda points: function(points, rows)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x**3 - 2,
        lambda x: np.exp(10 * x) - 5,
        lambda x: np.tanh(200 * (x - 0.7)),
        lambda x: (x - 1.1) ** 9,
        lambda x: 1 / (x + 1e-9) - 3,
    ],
)
def test_roots_of_awkward_functions_are_found_to_the_last_bits(function):
    low, high = np.zeros(4), np.array([1.5, 2.0, 1.3, 9.0])
    with np.errstate(over="ignore"):
        root = find_roots(_family(lambda points, rows: function(points)), low, high)
        beside = function(root * (1 - 1e-13)) * function(root * (1 + 1e-13))
    assert (beside <= 0).all()


def test_each_row_has_its_own_function_though_some_are_done_before_others():
    target = np.array([0.0, 1e-12, 3.0, 1e12, 0.25])
    root = find_roots(
        _family(lambda points, rows: points**2 - target[rows]), np.zeros(5), np.full(5, 1e7)
    )
    np.testing.assert_allclose(root, np.sqrt(target), rtol=1e-14)


def test_without_a_change_of_sign_the_end_of_smaller_magnitude_comes_back():
    root = find_roots(_family(lambda points, rows: points + 1), np.zeros(1), np.ones(1))
    assert root == 0


def test_no_brackets_have_no_roots():
    assert len(find_roots(_family(lambda points, rows: points), np.zeros(0), np.zeros(0))) == 0
