"""Figures and tables are numbered in reading order, and what refers to them says the same."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urldefrag

import pytest

from toolkit.book.content.contents import number, refer
from toolkit.errors import ToolkitError
from toolkit.html import place, reference, table

CAPTION = re.compile(r'<b data-numbered="(figure|table)-[^"]*">(?:Figure|Table) (\d+)\.</b>')
REFERENCE = re.compile(r'<a data-refers="([\w-]+)" href="([^"]+)">([^<]+)</a>')


def test_numbers_count_on_from_page_to_page_and_kinds_count_apart() -> None:
    pages = [
        ("trees/first", f"{place('figure', 'a')} {place('table')} {place('figure', 'b')}"),
        ("trees/second", f"{place('table', 'c')} {place('figure', 'd')}"),
    ]
    told, found = number(pages)
    assert [words for page in told.values() for words in re.findall(r">(\w+ \d+)\.<", page)] == [
        "Figure 1",
        "Table 1",
        "Figure 2",
        "Table 2",
        "Figure 3",
    ]
    assert {name: each.words for name, each in found.items()} == {
        "figure-a": "Figure 1",
        "figure-b": "Figure 2",
        "table-c": "Table 2",
        "figure-d": "Figure 3",
    }


def test_a_reference_leads_from_any_folder_to_the_page_that_shows_it() -> None:
    _, found = number([("trees/first", place("figure", "a"))])
    there = {
        page: re.findall(r'href="([^"]*)">([^<]*)<', refer(page, reference("figure", "a"), found))
        for page in ("index", "trees/second", "weeds/first")
    }
    assert there == {
        "index": [("trees/first.html#figure-a", "Figure 1")],
        "trees/second": [("first.html#figure-a", "Figure 1")],
        "weeds/first": [("../trees/first.html#figure-a", "Figure 1")],
    }


def test_what_is_shown_again_outside_the_order_tells_the_number_it_has_there() -> None:
    _, found = number([("trees/first", place("figure", "a"))])
    shown = refer("index", place("figure", "a") + place("figure", "z"), found)
    assert re.sub(r"<[^>]*>", "", shown) == "Figure 1."


def test_a_reference_to_nothing_is_refused_with_its_page() -> None:
    with pytest.raises(ToolkitError, match='methods refers to "figure-b", which no page shows'):
        refer("methods", reference("figure", "b"), {})


def test_a_captioned_table_has_its_number_and_its_place() -> None:
    shown = table(("A",), [("1",)], caption="What it shows.", key="trees-sets")
    assert 'id="table-trees-sets"' in shown
    assert f"<caption>{place('table', 'trees-sets')} What it shows.</caption>" in shown
    assert "data-numbered" not in table(("A",), [("1",)])


def test_numbers_of_each_review_ascend_without_a_gap_through_its_pages(whole_book: Path) -> None:
    order = re.findall(
        r'class="reference internal" href="([\w-]+/[\w-]+\.html)"',
        (whole_book / "index.html").read_text("utf-8"),
    )
    met: dict[tuple[str, str], list[int]] = {}
    for page in dict.fromkeys(order):
        for kind, found in CAPTION.findall((whole_book / page).read_text("utf-8")):
            met.setdefault((page.partition("/")[0], kind), []).append(int(found))
    assert {review for review, _ in met} == {"infant-all", "ped-venaza"}
    for numbers in met.values():
        assert numbers == list(range(1, len(numbers) + 1))


def test_every_reference_says_the_number_of_what_it_leads_to(whole_book: Path) -> None:
    followed = 0
    for page in whole_book.rglob("*.html"):
        for anchor, address, words in REFERENCE.findall(page.read_text("utf-8")):
            file, place_on_page = urldefrag(address)
            text = (page.parent / file).read_text("utf-8")
            assert place_on_page == anchor
            assert text.count(f'id="{anchor}"') == 1, f"{page.name}: {anchor}"
            assert f'<b data-numbered="{anchor}">{words.rstrip(".")}.</b>' in text
            followed += 1
    assert followed > 20
