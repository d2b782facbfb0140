"""Files and inline SVG: the same bytes every time, safe to put into a page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from figure_records import COMPARATORS, FIVE, ROWS, SUBGROUPS, a_row

from toolkit.errors import ChoiceError
from toolkit.figures.forest.plot import alt_text, forest, row_marks
from toolkit.figures.page.files import save
from toolkit.figures.page.svg import inline_svg, linked_svg

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("word", ["svg", "pdf", "png"])
def test_a_figure_drawn_twice_is_the_same_file(tmp_path: Path, word: str) -> None:
    (first,) = save(forest(FIVE), tmp_path / f"first.{word}")
    (second,) = save(forest(FIVE), tmp_path / f"second.{word}")
    assert first.read_bytes() == second.read_bytes()


def test_a_stem_with_a_dot_keeps_it(tmp_path: Path) -> None:
    written = save(forest(FIVE), tmp_path / "crc.primary", ("svg",))
    assert [path.name for path in written] == ["crc.primary.svg"]


def test_png_has_600_dots_per_inch_over_180_mm(tmp_path: Path) -> None:
    (path,) = save(forest(FIVE), tmp_path / "crc", ("png",))
    width = int.from_bytes(path.read_bytes()[16:20])
    assert width == pytest.approx(180 / 25.4 * 600, abs=1)


def test_text_stays_text_in_svg(tmp_path: Path) -> None:
    (path,) = save(forest(FIVE), tmp_path / "crc.svg")
    assert ">Niswander 2022<" in path.read_text(encoding="utf-8")


def test_an_unknown_format_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ChoiceError, match="jpg"):
        save(forest(FIVE), tmp_path / "crc", ("svg", "jpg"))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
def test_inline_ids_are_unique_and_prefixed(narrow: bool) -> None:
    root = ElementTree.fromstring(inline_svg(forest(SUBGROUPS, narrow=narrow), "crc"))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert all(each.startswith("crc-") for each in ids if each)


def test_inline_figure_is_an_image_with_its_numbers_as_text() -> None:
    root = ElementTree.fromstring(inline_svg(forest(FIVE, comparators=COMPARATORS), "crc"))
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "crc-title crc-desc"
    assert root.get("width") is None
    assert root.get("height") is None
    assert root.get("viewBox") is not None
    title, description = root[0], root[1]
    assert title.text == "Composite complete remission (CRc): 41% (18–70), median study"
    assert description.text == alt_text(FIVE, COMPARATORS)


@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
def test_lanes_of_rows_become_links_named_by_their_title(narrow: bool) -> None:
    drawn = inline_svg(forest(SUBGROUPS, narrow=narrow), "crc")
    marks = row_marks(SUBGROUPS)
    rows = [row for part in SUBGROUPS.subgroups for row in part.answer.rows]
    assert len(marks) == len(rows)
    root = ElementTree.fromstring(linked_svg(drawn, {mark: f"#{mark}" for mark in marks}))
    assert root.get("role") == "group"
    links = list(root.findall(f"{SVG}a"))
    assert [link.get("href") for link in links] == [f"#{mark}" for mark in marks]
    for link, row in zip(links, rows, strict=True):
        assert (link.findtext(f"{SVG}title") or "").startswith(f"{row.label}: {row.events} of")
    # What is drawn after a link would lie over it and take the pointer away.
    assert not list(root)[-1].findall(f".//{SVG}text")


def test_a_link_to_a_lane_that_is_not_there_is_refused() -> None:
    drawn = inline_svg(forest(FIVE), "crc")
    assert linked_svg(drawn, {}) == drawn
    with pytest.raises(KeyError, match="no lane 99"):
        linked_svg(drawn, {"1": "#a", "99": "#b"})


def test_inline_figure_needs_nothing_from_outside() -> None:
    drawn = inline_svg(forest(FIVE, comparators=COMPARATORS), "crc")
    without_namespace = drawn.replace("http://www.w3.org/2000/svg", "")
    assert "http" not in without_namespace
    assert "href" not in drawn
    assert "url(" not in drawn
    assert "<style" not in drawn


def test_inline_text_follows_the_page() -> None:
    root = ElementTree.fromstring(inline_svg(forest(FIVE), "crc"))
    written = list(root.iter(f"{SVG}text"))
    assert "Niswander 2022" in [text.text for text in written]
    for text in written:
        assert "fill: currentColor" in text.get("style", "")
        assert "font-family" not in text.get("style", "")


def test_every_dot_says_its_numbers_and_place() -> None:
    root = ElementTree.fromstring(inline_svg(forest(FIVE), "crc"))
    dots = {
        group.get("id"): group.findtext(f"{SVG}title")
        for group in root.iter(f"{SVG}g")
        if group.get("class") == "dot"
    }
    assert len(dots) == 8
    assert dots["crc-dot-5"] == (
        "Arcourt 2026: 10 of 38, 26% (13–43); Table 3, row CRc; printed “10 (26)”; "
        "the paper gives this number differently elsewhere"
    )
    assert "quoted by arcourt-2026" in str(dots["crc-dot-1"])


def test_text_from_sheets_is_escaped() -> None:
    hostile = '<script>alert(1)</script> & "co"'
    answer = replace(FIVE, outcome_label=hostile, rows=(a_row(hostile, 1, 4), *ROWS))
    drawn = inline_svg(forest(answer), "crc")
    assert "<script" not in drawn
    titles = [each.text or "" for each in ElementTree.fromstring(drawn).iter(f"{SVG}title")]
    assert sum(each.startswith(hostile) for each in titles) >= 2


def test_two_inline_figures_are_the_same_text() -> None:
    assert inline_svg(forest(FIVE), "crc") == inline_svg(forest(FIVE), "crc")


@pytest.mark.parametrize("prefix", ["", "1crc", 'crc" onload="', "c rc"])
def test_a_prefix_that_cannot_begin_an_id_is_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match="cannot begin an id"):
        inline_svg(forest(FIVE), prefix)


def test_alt_text_says_every_number() -> None:
    said = alt_text(FIVE, COMPARATORS)
    assert "\n" not in said
    for words in (
        "5 studies, 129 patients",
        "Winters 2020 6 of 8, 75% (35–97)",
        "Arcourt 2026 10 of 38, 26% (13–43)",
        "Median study 41% (18–70)",
        "Mean across studies 43% (27–63)",
        "95% prediction interval (new study) 6–90%",
        "VENAURA, 61%",
        "not comparable: untreated adults of median age 76",
        FIVE.method.in_words,
    ):
        assert words in said
