import numpy as np
import pytest

from toolkit.numerics.tables import as_tables, blocks, with_columns


def test_unused_series_have_no_weight_and_are_never_read():
    tables = as_tables([np.nan, 2.0, 5.0], [-1.0, 0.5, 0.25], [False, True, True])
    assert tables.y.tolist() == [[0.0, 0.0, 3.0]]
    assert tables.v.tolist() == [[np.inf, 0.5, 0.25]]
    assert (tables.k[0], tables.centre[0]) == (2, 2.0)


def test_leading_axes_broadcast_and_are_remembered():
    tables = as_tables(np.zeros((2, 1, 4)), np.ones(4), np.ones((3, 4), dtype=bool))
    assert tables.shape == (2, 3)
    assert tables.y.shape == (6, 4)


def test_tables_without_series_are_tables():
    tables = as_tables(np.zeros((2, 0)), np.zeros((2, 0)))
    assert tables.k.tolist() == [0, 0]
    assert as_tables([1.0, 2.0], [1.0, 1.0], [False, False]).centre[0] == 0


def test_what_is_not_a_table_is_refused():
    with pytest.raises(ValueError, match="at least one axis"):
        as_tables(1.0, 2.0)
    with pytest.raises(ValueError, match="effect is not finite"):
        as_tables([np.inf], [1.0])
    with pytest.raises(ValueError, match="variance is not finite and positive"):
        as_tables([1.0], [np.inf])
    with pytest.raises(ValueError, match="one row for each of the 2 series"):
        with_columns([1.0, 2.0], [1.0, 1.0], [[1.0]])


def test_blocks_cover_every_table_once():
    for count, cells in ((0, 5), (1, 10**9), (100_000, 7)):
        covered = [i for part in blocks(count, cells) for i in range(part.start, part.stop)]
        assert covered == list(range(count))
