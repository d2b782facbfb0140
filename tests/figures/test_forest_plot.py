"""What a forest plot shows, and where."""

from __future__ import annotations

from dataclasses import replace

import matplotlib as mpl
import pytest
from figure_records import (
    COMPARATORS,
    FIVE,
    ONE,
    ROWS,
    SUBGROUPS,
    TWO,
    WEIGHTED,
    a_row,
    assert_readable,
    drawn,
    marks,
    texts,
)
from matplotlib.patches import Polygon

from toolkit.errors import ChoiceError
from toolkit.figures.forest.plot import COLUMNS, forest
from toolkit.figures.page.badges import SIGNS
from toolkit.figures.page.style import POINTS_PER_MM
from toolkit.results.row import FLAGS
from toolkit.results.synthesis import Estimate, Prediction, Synthesis
from toolkit.review.review import Comparator

CASES = {
    "five": (FIVE, COMPARATORS),
    "one": (ONE, ()),
    "two": (TWO, COMPARATORS[:1]),
    "weighted": (WEIGHTED, ()),
    "subgroups": (SUBGROUPS, COMPARATORS),
}


@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
@pytest.mark.parametrize(("answer", "comparators"), CASES.values(), ids=CASES)
def test_no_text_leaves_the_page_or_lies_on_another(
    answer: Synthesis, comparators: tuple[Comparator, ...], narrow: bool
) -> None:
    assert_readable(forest(answer, comparators=comparators, narrow=narrow))


def test_the_page_is_180_mm_wide() -> None:
    assert forest(FIVE).get_figwidth() * 72 == pytest.approx(180 * POINTS_PER_MM)


def test_it_says_the_numbers_of_the_worked_check() -> None:
    said = texts(forest(FIVE))
    assert said[0] == "Composite complete remission (CRc): 41% (18–70), median study"
    assert said[1].startswith("5 studies, 129 patients")
    # Counts stand in two texts so that they align on the stroke, intervals on their dash.
    for events, total in (("6", "/8"), ("3", "/19"), ("18", "/27"), ("14", "/37"), ("10", "/38")):
        place = said.index(total)
        assert said[place - 1] == events
    for centre, low, high in (("41", "(18", "–70)"), ("43", "(27", "–63)")):
        place = said.index(centre)
        assert said[place : place + 3] == [centre, low, high]
    place = said.index("95% prediction interval (new study)")
    assert said[place + 1 : place + 3] == ["6", "–90"]
    small_print = " ".join(said)
    assert "k = 5 studies, n = 129 patients; between studies τ = 0.84 (95% CI 0.36–1.97)" in (
        small_print
    )
    assert FIVE.method.in_words in small_print


def test_the_title_says_the_grade() -> None:
    assert texts(forest(ONE))[0] == "Febrile neutropenia, grade ≥ 3: 1 study, 36 patients"


def test_area_of_a_square_is_proportional_to_its_patients() -> None:
    boxes = marks(forest(FIVE))
    areas = [boxes[f"dot-{number}"].width ** 2 for number in range(1, 6)]
    per_patient = [area / row.total for area, row in zip(areas, ROWS, strict=True)]
    assert per_patient == pytest.approx([per_patient[0]] * 5)


def test_marks_stand_at_their_proportions_and_in_the_order_of_their_rows() -> None:
    boxes = marks(forest(FIVE, comparators=COMPARATORS))
    assert len(boxes) == len(ROWS) + 3 + len(COMPARATORS)
    heights = [(box.y0 + box.y1) / 2 for box in boxes.values()]
    assert heights == sorted(heights, reverse=True)

    def middle(number: int) -> float:
        return (boxes[f"dot-{number}"].x0 + boxes[f"dot-{number}"].x1) / 2

    # Two squares fix the axis; every other mark must then stand where its numbers say.
    per_unit = (middle(1) - middle(2)) / (6 / 8 - 3 / 19)
    zero = middle(1) - per_unit * 6 / 8
    assert middle(5) == pytest.approx(zero + per_unit * 10 / 38)
    diamond, prediction = boxes["dot-6"], boxes["dot-8"]
    assert diamond.x0 == pytest.approx(zero + per_unit * 0.1753)
    assert diamond.x1 == pytest.approx(zero + per_unit * 0.7018)
    assert prediction.x0 == pytest.approx(zero + per_unit * 0.0618)
    assert prediction.x1 == pytest.approx(zero + per_unit * 0.8986)
    assert middle(9) == pytest.approx(zero + per_unit * 0.664)


def test_an_undecided_cell_is_an_open_bar_over_its_proportions() -> None:
    figure = forest(TWO)
    said = texts(figure)
    place = said.index("/38")
    assert said[place - 1] == "1–11"
    assert said[place + 1 : place + 4] == ["3–29", "(<1", "–46)"]
    bar = drawn(figure, "dot-1")
    assert bar.get_facecolor()[3] == 0
    left, right = bar.get_x(), bar.get_x() + bar.get_width()
    other = drawn(figure, "dot-2")
    zero = other.get_x() + other.get_width() / 2
    assert (left - zero) / (right - zero) == pytest.approx((1 / 38) / (11 / 38))


def test_one_series_has_no_pool_and_says_so() -> None:
    figure = forest(ONE)
    assert list(marks(figure)) == ["dot-1"]
    said = texts(figure)
    assert "one series: not pooled" in said
    assert not any("Typical" in words or "Method" in words for words in said)


def test_two_series_have_a_bar_and_no_diamond() -> None:
    shapes = {type(artist) for artist in forest(TWO).get_children()}
    assert Polygon not in shapes
    assert Polygon in {type(artist) for artist in forest(FIVE).get_children()}


def test_a_refused_pool_shows_its_series_and_the_reason() -> None:
    refused = replace(
        FIVE,
        typical=Estimate(),
        average=Estimate(),
        prediction=Prediction(),
        notes=("not estimable: zero and full series alternate",),
    )
    figure = forest(refused)
    assert len(marks(figure)) == 5
    assert "not estimable: zero and full series alternate" in texts(figure)


def test_a_weight_column_only_where_there_are_weights() -> None:
    assert "Weight %" not in texts(forest(FIVE))
    said = texts(forest(WEIGHTED))
    assert "Weight %" in said
    assert "15.0" in said


def test_subgroups_have_headings_and_their_own_pool() -> None:
    said = texts(forest(SUBGROUPS))
    places = [said.index(words) for words in ("De novo", "Secondary", "All studies")]
    assert places == sorted(places)
    assert said.count("Median study") == 3
    assert "one series: not pooled" in said
    assert any("+12 points (−30 to +50)" in words for words in said)


def test_comparators_stand_below_the_pool_with_the_reason() -> None:
    said = texts(forest(FIVE, comparators=COMPARATORS))
    assert said.index("VIALE-A") > said.index("95% prediction interval (new study)")
    assert said.count("Not comparable: untreated adults of median age 76") == 3
    # A published estimate without an interval gets none: 61% is followed by no bracket.
    place = said.index("61")
    assert not said[place + 1].startswith("(")


def test_a_comparator_is_hollow() -> None:
    circle = drawn(forest(FIVE, comparators=COMPARATORS), "dot-9")
    assert circle.get_facecolor()[3] == 0


def test_every_flag_has_a_sign_of_its_own() -> None:
    assert set(SIGNS) == set(FLAGS)
    assert len(set(SIGNS.values())) == len(SIGNS)


def test_the_legend_names_only_flags_that_are_drawn() -> None:
    said = " ".join(texts(forest(FIVE)))
    assert FLAGS["differs"] in said
    assert FLAGS["undecided"] not in said


def test_columns_come_in_the_order_asked_for() -> None:
    figure = forest(FIVE, ("interval", "series"))
    at = {text.get_text(): text.get_position()[0] for text in figure.texts}
    assert at["% (95% CI)"] < at["Study"]
    assert not marks(figure)
    assert "x/n" not in at


@pytest.mark.parametrize("word", COLUMNS)
def test_every_column_can_stand_alone(word: str) -> None:
    assert_readable(forest(WEIGHTED, (word,)))


def test_an_unknown_column_names_the_nearest() -> None:
    with pytest.raises(ChoiceError, match='Did you mean "counts"'):
        forest(FIVE, ("series", "count"))


def test_labels_are_drawn_as_they_stand() -> None:
    answer = replace(FIVE, rows=(a_row("Cost $5 and $6 <b>", 1, 4), *ROWS))
    assert "Cost $5 and $6 <b>" in texts(forest(answer))


def test_drawing_leaves_the_callers_settings_alone() -> None:
    with mpl.rc_context({"font.size": 31.0, "lines.linewidth": 9.0}):
        before = dict(mpl.rcParams)
        figure = forest(FIVE)
        assert dict(mpl.rcParams) == before
    assert {text.get_fontsize() for text in figure.texts} == {10.0, 8.0, 7.0}


@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
def test_many_series_with_long_names_and_every_badge_stay_readable(narrow: bool) -> None:
    rows = tuple(
        a_row(f"Series number {number} of a longer list {2000 + number}", 1, 9, flags=tuple(FLAGS))
        for number in range(24)
    )
    assert_readable(forest(replace(FIVE, rows=rows, k=24), narrow=narrow))


@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
def test_zero_and_full_cells_of_very_different_size_stay_on_the_page(narrow: bool) -> None:
    rows = (a_row("None", 0, 10), a_row("Large", 3, 1200), a_row("All", 15, 15))
    figure = forest(replace(FIVE, rows=rows, k=3), narrow=narrow)
    assert_readable(figure)
    for box in marks(figure).values():
        assert figure.bbox.x0 <= box.x0 <= box.x1 <= figure.bbox.x1
