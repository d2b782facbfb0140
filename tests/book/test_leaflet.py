"""The two printed pages say what results.json says, fit their paper, and are equal bytes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from sheets_folder import make_review

from toolkit.book.content.answers import compute
from toolkit.book.pages.leaflet import leaflet_of, write_leaflet
from toolkit.figures.leaflet import HEIGHT, WIDTH, Leaflet, leaflet_pages
from toolkit.load import read
from toolkit.results.row import Row


@pytest.fixture(scope="module")
def leaflet(tmp_path_factory: pytest.TempPathFactory) -> Leaflet:
    """Return both pages of the five series of the worked check."""
    return leaflet_of(compute(read(make_review(tmp_path_factory.mktemp("sheets"), words="now"))))


def words(page: Figure) -> list[str]:
    return [text.get_text() for text in page.texts]


def overlapping(page: Figure) -> list[tuple[str, str]]:
    """Return texts of which one covers the other."""
    page.set_dpi(72)
    renderer = FigureCanvasAgg(page).get_renderer()
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in page.texts]
    # Lines stand closer than the box of their tallest letters, whether these occur or not.
    slim = [
        (told, box.shrunk_to_aspect(box.height / box.width).padded(-1.2)) for told, box in boxes
    ]
    return [
        (told, other)
        for number, (told, box) in enumerate(slim)
        for other, there in slim[number + 1 :]
        if box.overlaps(there)
    ]


def outside(page: Figure) -> list[str]:
    page.set_dpi(72)
    renderer = FigureCanvasAgg(page).get_renderer()
    return [
        text.get_text()
        for text in page.texts
        if (box := text.get_window_extent(renderer)).x0 < 30
        or box.x1 > WIDTH - 30
        or box.y0 < 15
        or box.y1 > HEIGHT - 15
    ]


def test_the_first_page_says_the_answer_that_r_prints(leaflet: Leaflet) -> None:
    # metafor's rma.glmm on these counts: 0.4143 (0.1753 to 0.7018); by quadrature, 0.4255.
    shown = [(each.label, each.value) for each in leaflet.estimates[:2]]
    assert shown == [("Median study", "41%"), ("Mean across studies", "43%")]
    assert leaflet.estimates[0].detail == "95% confidence interval 18–70%"
    assert leaflet.size == "5 studies, 129 patients"
    first, second = map(words, leaflet_pages(leaflet))
    assert {"41%", "43%", "Ash", "Elm", "page 1 of 2"} <= {*first}
    assert {"Every outcome", "41% (18–70)", "How to cite", "License", "page 2 of 2"} <= {*second}
    assert "Single study, not pooled. Fir: 4 of 38, 11% (3–25)" in second


@pytest.mark.parametrize("lines", [1, 4, 200])
def test_nothing_is_cut_and_nothing_covers_anything(leaflet: Leaflet, lines: int) -> None:
    rows = (leaflet.rows[0],) + leaflet.rows[1:] * lines
    for page in leaflet_pages(replace(leaflet, rows=rows)):
        assert tuple(page.get_size_inches() * 72) == pytest.approx((595.276, 841.89), abs=1e-2)
        assert overlapping(page) == []
        assert outside(page) == []


def test_outcomes_without_room_are_counted(leaflet: Leaflet) -> None:
    _, page = leaflet_pages(replace(leaflet, rows=leaflet.rows[:1] * 200))
    shown = words(page)
    drawn = sum(told == leaflet.rows[0][0] for told in shown)
    assert f"and {200 - drawn} more outcomes: see the book" in shown


def test_a_plot_higher_than_the_page_is_left_out_in_words(leaflet: Leaflet) -> None:
    assert leaflet.answer is not None
    rows: tuple[Row, ...] = leaflet.answer.rows * 20
    page, _ = leaflet_pages(replace(leaflet, answer=replace(leaflet.answer, rows=rows)))
    assert "The forest plot is higher than this page: it stands in the book." in words(page)
    assert outside(page) == []


def test_a_section_longer_than_the_page_is_left_out_in_words(leaflet: Leaflet) -> None:
    (first, second, *others) = leaflet.sections
    long = (second[0], ("Nobody has read this report yet. " * 200,))
    _, page = leaflet_pages(replace(leaflet, sections=(first, long, *others)))
    shown = words(page)
    assert "Too long for this page: it stands in the book." in shown
    assert {heading for heading, _ in leaflet.sections} | {leaflet.rows[0][0]} <= {*shown}
    assert overlapping(page) == []
    assert outside(page) == []


def test_a_review_without_a_number_has_its_pages_too(leaflet: Leaflet) -> None:
    bare = replace(leaflet, answer=None, estimates=(), reading=(), rows=())
    for page in leaflet_pages(bare):
        assert outside(page) == []


def test_equal_pages_are_equal_bytes_with_their_fonts_inside(
    leaflet: Leaflet, tmp_path: Path
) -> None:
    paths = [tmp_path / "one.pdf", tmp_path / "two.pdf"]
    for path in paths:
        write_leaflet(path, leaflet)
    first, second = (path.read_bytes() for path in paths)
    assert first == second
    assert first.count(b"/FontFile2") >= 2
    assert b"/Count 2" in first
    assert b"CreationDate" not in first
