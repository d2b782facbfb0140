"""What is kept between runs: found again for equal records, computed anew for any other."""

from __future__ import annotations

from pathlib import Path

import pytest

from toolkit import pool_counts, pooling
from toolkit.memory import kept_in, remembered
from toolkit.method import Method

EVENTS, TOTAL = [6, 3, 18, 14, 10], [8, 19, 27, 37, 38]


def test_a_pool_is_fitted_once_and_again_for_a_changed_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fitted = []
    fit = pooling.fit_model

    def counting(table: object, method: Method) -> object:
        fitted.append(method)
        return fit(table, method)  # type: ignore[arg-type]

    monkeypatch.setattr(pooling, "fit_model", counting)
    with kept_in(tmp_path):
        first = pool_counts(EVENTS, TOTAL)
        assert pool_counts(EVENTS, TOTAL) == first
        assert len(fitted) == 1
        assert pool_counts([7, *EVENTS[1:]], TOTAL) != first
        assert pool_counts(EVENTS, TOTAL, method=Method(fit="bayes")) != first
        assert len(fitted) == 3
    assert pool_counts(EVENTS, TOTAL) == first
    assert len(fitted) == 4


def test_nothing_is_kept_unless_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    pool_counts(EVENTS, TOTAL)
    assert list(tmp_path.iterdir()) == []


def test_two_functions_of_one_argument_are_kept_apart(tmp_path: Path) -> None:
    @remembered
    def double(number: int) -> int:
        return 2 * number

    @remembered
    def triple(number: int) -> int:
        return 3 * number

    with kept_in(tmp_path):
        assert [double(2), triple(2), double(2), triple(2)] == [4, 6, 4, 6]
    assert len(list(tmp_path.iterdir())) == 2
