"""Forest plots of data that are not ours: rates, other scripts, few patients, any order."""

from __future__ import annotations

import io
import re
import warnings

import numpy as np
import pytest
from PIL import Image

import toolkit as tk
from toolkit.figures.forest.marks import SMALLEST_SQUARE, Axis
from toolkit.figures.page.fonts import MissingGlyphWarning, families

RARE = tk.pool_counts([3, 1, 2, 12, 0], [14345, 4000, 9000, 60000, 50], labels=list("abcde"))
PLAIN = tk.pool_counts(
    [6, 3, 18, 14, 10], [8, 19, 27, 37, 38], labels=["x 10", "x 2", "x 1", "y", "z"]
)


def words(figure) -> list[str]:
    """Return every text of a figure, from top to bottom."""
    return [text.get_text() for text in figure.texts]


def test_rates_have_their_unit_their_axis_and_a_note_where_it_is_cut():
    figure = tk.forest(RARE)
    said = " ".join(words(figure))
    assert "per 10,000 (95% CI)" in said
    assert "per 10,000 patients" in said
    assert "The axis is cut" in said
    assert "<1" not in said
    assert "per 1,000 patients" in " ".join(words(tk.forest(RARE, per=1000)))


def test_an_axis_that_is_asked_for_is_drawn_and_its_cut_is_said():
    said = words(tk.forest(PLAIN, xlim=(0, 0.5)))
    assert {"0", "10", "50"} <= set(said)
    assert "100" not in said
    assert any("The axis is cut to 0–50" in each for each in said)
    assert not any("The axis is cut" in each for each in words(tk.forest(PLAIN)))
    with pytest.raises(tk.ToolkitError, match="xlim"):
        tk.forest(PLAIN, xlim=(0.5, 0.5))


def test_a_small_study_beside_a_large_one_is_seen():
    axis = Axis(left=0, right=100, largest_total=2_905_000)
    assert axis.side(8) == SMALLEST_SQUARE
    assert axis.side(2_905_000) > axis.side(8)


def test_labels_are_ordered_as_people_count():
    def order(sort):
        said = words(tk.forest(PLAIN, sort=sort))
        return [each for each in said if each in {"x 10", "x 2", "x 1", "y", "z"}]

    assert order(None) == ["x 10", "x 2", "x 1", "y", "z"]
    assert order("label") == ["x 1", "x 2", "x 10", "y", "z"]
    assert order("-estimate")[0] == "x 10"
    assert order("total") == ["x 10", "x 2", "x 1", "y", "z"]
    with pytest.raises(tk.ChoiceError):
        tk.forest(PLAIN, sort="size")


def test_a_column_without_anything_to_show_is_left_out():
    assert "Weight %" not in words(tk.forest(PLAIN, columns=["series", "weight", "plot"]))
    weighted = tk.pool_counts([6, 3, 18], [8, 19, 27], method=tk.Method(model="inverse-variance"))
    assert "Weight %" in words(tk.forest(weighted, columns=["series", "weight", "plot"]))


def test_further_columns_stand_under_their_heading():
    said = words(tk.forest(PLAIN, extra={"Country": ["FR", "DE", "IT", "ES", "PL"]}))
    assert {"Country", "FR", "PL"} <= set(said)
    with pytest.raises(tk.ToolkitError, match="Country"):
        tk.forest(PLAIN, extra={"Country": ["FR"]})


def test_a_series_that_does_not_report_has_a_line(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("study,x,n\na,1,9\nb,2,9\nc,3,9\nlost,NR,12\n", encoding="utf-8")
    (answer,) = tk.pool_table(tk.read_table(path))
    assert any("lost (12 patients): not reported" in each for each in words(tk.forest(answer)))


def test_effects_that_are_no_proportions_have_an_axis_of_their_own():
    method = tk.Method(model="inverse-variance", scale="raw")
    answer = tk.pool_effects([-1.5, 2.5, 0.2], [0.2, 0.3, 0.2], method=method)
    said = words(tk.forest(answer))
    assert "Effect" in said
    assert not any("patients" in each for each in said)
    assert any(re.fullmatch("−[0-9]+", each) for each in said)


def test_letters_of_other_scripts_are_drawn_or_their_lack_is_said():
    missing = "\U0001f9ec"
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        chain = families(f"Study {missing} \u2a9a")
    assert chain[0] == "DejaVu Sans"
    drawn = len(chain) > 1
    said = any(issubclass(each.category, MissingGlyphWarning) for each in caught)
    assert drawn or said


def test_letters_of_the_house_need_no_other_font():
    assert families("Müller, Łoś, Ж") == ["DejaVu Sans"]


@pytest.mark.parametrize("dpi", [72, 90, 110, 200])
def test_small_print_is_whole_at_every_resolution(dpi):
    figure = tk.forest(PLAIN, title="A title that is long enough to be wrapped " * 6)
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=dpi)
    shades = np.asarray(Image.open(drawn).convert("L"))
    # Nothing reaches the last pixels of the right edge: letters that did would be cut there.
    assert (shades[:, -1] > 250).all()
