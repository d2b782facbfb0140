"""What is kept between runs: found again for equal records, computed anew for any other."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.made_review import analysis_set, count, group, outcome, review, series
from toolkit import pool_counts
from toolkit.analysis import synthesize as pooling
from toolkit.analysis.cache import UNUSED_DAYS, kept_in, remembered
from toolkit.analysis.pool import pool
from toolkit.errors import Address
from toolkit.review.method import Method
from toolkit.review.review import Review

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


def test_equal_numbers_are_fitted_once_wherever_they_stand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fitted = []
    fit = pooling.fit_model

    def counting(table: object, method: Method) -> object:
        fitted.append(method)
        return fit(table, method)  # type: ignore[arg-type]

    monkeypatch.setattr(pooling, "fit_model", counting)
    groups = [group("all", 20)]
    numbers = {"one": 3, "two": 5, "three": 9}

    def with_lines(first: int) -> Review:
        several = [
            series(
                key,
                groups,
                [count(key, "all", "crc", events, 20, address=Address(file=key, line=first))],
            )
            for key, events in numbers.items()
        ]
        return review(several, [analysis_set("a"), analysis_set("b")], [outcome("crc")])

    with kept_in(None):
        before, other = (pool(with_lines(2), "crc", analysis_set=key) for key in "ab")
        after = pool(with_lines(7), "crc")
    assert len(fitted) == 1
    assert (before.analysis_set, other.analysis_set) == ("a", "b")
    assert before.typical == other.typical == after.typical
    # What is kept names no line: an answer found again stands where its sheets stand now.
    assert {row.address.line for row in before.rows if row.address} == {2}
    assert {row.address.line for row in after.rows if row.address} == {7}
    pool(with_lines(2), "crc")
    assert len(fitted) == 2


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


def test_what_nobody_asked_for_is_forgotten_and_what_is_used_stays(tmp_path: Path) -> None:
    computed = []

    @remembered
    def double(number: int) -> int:
        computed.append(number)
        return 2 * number

    with kept_in(tmp_path):
        assert (double(2), double(3)) == (4, 6)
    long_ago = time.time() - (UNUSED_DAYS + 1) * 86_400
    for path in tmp_path.iterdir():
        os.utime(path, (long_ago, long_ago))
    with kept_in(tmp_path):
        double(2)
    with kept_in(tmp_path):
        assert (double(2), double(3)) == (4, 6)
    assert computed == [2, 3, 3]


def test_a_file_that_another_process_renames_meanwhile_is_none_of_its_business(
    tmp_path: Path,
) -> None:
    # Listed, and not there when it is looked at: as a result is that gets its name just then.
    with kept_in(tmp_path):
        (tmp_path / "part").symlink_to(tmp_path / "renamed")
    assert [path.name for path in tmp_path.iterdir()] == ["part"]
