import pytest

import toolkit as tk

TOTAL = [38, 19, 8]
RUNGS = {"response": [17, 3, None], "remission": [10, None, 6]}


@pytest.fixture(scope="module")
def ladder():
    return tk.pool_ordered(TOTAL, RUNGS, labels=["North", "South", "East"])


def test_the_figure_says_what_each_series_says(ladder):
    words = tk.forest(ladder).get_label()
    assert words.startswith("response, remission: 3 studies, 65 patients")
    assert "response, North: 17 of 38, 45%" in words
    assert "remission, South: 0–3 of 19, 0–16%, from the other outcomes alone" in words
    assert words.index("response, mean across studies") < words.index("remission, North")


@pytest.mark.parametrize("narrow", [False, True])
def test_the_figure_has_a_mark_for_every_line(ladder, narrow):
    figure = tk.forest(ladder, narrow=narrow)
    names = {artist.get_gid() for artist in figure.get_children()} - {None}
    assert {f"dot-{number}" for number in range(1, 11)} <= names


def test_the_frame_has_a_row_for_each_rung_and_series(ladder):
    table = tk.frame(ladder)
    assert list(table["rung"]) == ["response"] * 3 + ["remission"] * 3
    assert list(table["reported"]) == [True, True, False, True, False, True]
    assert list(table["events_low"]) == [17, 3, 6, 10, 0, 6]
    assert list(table["events_high"]) == [17, 3, 8, 10, 3, 6]
