"""The one command for all tests: what runs beside the book is told, and counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from toolkit.cli import testing
from toolkit.errors import ToolkitError


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a test of the book that passes and another one that fails."""
    book = tmp_path / testing.BOOK_TESTS
    book.mkdir(parents=True)
    (book / "test_page.py").write_text("def test_page():\n    pass\n", encoding="utf-8")
    (book.parent / "test_sum.py").write_text("def test_sum():\n    assert 0\n", encoding="utf-8")
    monkeypatch.setattr(testing, "CHECKOUT", tmp_path)
    return tmp_path


def test_every_step_is_told_one_after_the_other_and_a_failure_beside_counts(
    checkout: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert testing.run_tests() == 1
    told = capfd.readouterr().out
    steps = ["== book", "1 passed", "== tests", "1 failed", "== style", "== format", "== types"]
    places = [told.index(step) for step in steps]
    assert places == sorted(places)
    assert "book    ok\n" in told
    assert "tests   FAILED\n" in told


def test_words_go_to_one_run_of_pytest(checkout: Path, capfd: pytest.CaptureFixture[str]) -> None:
    testing.run_tests(["-k", "page"])
    told = capfd.readouterr().out
    assert "== tests: pytest -k page" in told
    assert "1 passed, 1 deselected" in told
    assert "== book" not in told


def test_without_a_checkout_it_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(testing, "CHECKOUT", tmp_path)
    with pytest.raises(ToolkitError, match="run this from a checkout"):
        testing.run_tests()
