"""Words broken into lines: none wider than asked for, nothing lost, names at their hyphens."""

from itertools import pairwise

import pytest

from toolkit.figures.page.canvas import text_width, wrap


def test_a_name_that_is_too_wide_is_broken_after_its_hyphen():
    width = text_width("Cohort-9") + 0.1
    assert wrap("Cohort-99 trial", width) == ["Cohort-", "99 trial"]


@pytest.mark.parametrize("width", [20.0, 47.3, 90.0, 400.0])
def test_no_line_is_wider_and_no_letter_is_lost(width):
    words = "Studies of AVATAR-type cohorts: 12.5% (3–40), Przybyszewski-Kowalczyk et al."
    lines = wrap(words, width)
    assert all(text_width(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")
    # A line is full: the first word of the next would not have fitted.
    for line, following in pairwise(lines):
        joined = f"{line} {following.split()[0]}"
        assert text_width(joined) > width or following.split()[0] not in words.split()
