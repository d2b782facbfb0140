"""Harms that a protocol names first: words of its outcomes, of which more is worse."""

from __future__ import annotations

from pathlib import Path

import pytest

from toolkit.errors import SheetError
from toolkit.load import read
from toolkit.reviewing.new_review import make_review
from toolkit.reviewing.plan import Plan


def named(folder: Path, words: str) -> Path:
    """Return a new review whose protocol names some harms first."""
    review = make_review(Plan(key="small"), folder)
    path = review / "review.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("leading_harms = []", f"leading_harms = {words}"), encoding="utf-8"
    )
    return review


def test_they_are_read_in_their_order(tmp_path: Path) -> None:
    assert read(named(tmp_path, '["harm"]')).leading_harms == ("harm",)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [('["rash"]', '"rash"'), ('["first"]', "whose direction is benefit")],
)
def test_what_is_no_harm_of_the_review_is_refused(
    tmp_path: Path, words: str, sentence: str
) -> None:
    with pytest.raises(SheetError, match=sentence):
        read(named(tmp_path, words))
