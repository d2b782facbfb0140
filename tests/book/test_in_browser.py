"""The whole book in a real browser: nothing asked of others, nothing broken, nothing too wide."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from in_browser import NARROW, WIDE, names, opened, weight
from playwright.sync_api import Browser

# Text that only scrolling sideways would show: what is wider than its own box, unless it or what
# it stands in is a table, a drawing, code or a formula, which scroll in their place.
TOO_WIDE = """() => [...document.querySelectorAll("main *")]
    .filter((each) => each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0)
    .filter((each) => getComputedStyle(each).display !== "inline")
    .filter((each) => !each.closest("table, .st-table, .st-figure, .highlight, svg, .formula"))
    .filter((each) => !each.querySelector("table, svg"))
    .filter((each) => getComputedStyle(each).clipPath === "none")
    .filter((each) => ["auto", "scroll", "hidden"].includes(getComputedStyle(each).overflowX))
    .map((each) => each.outerHTML.slice(0, 90))"""


@pytest.mark.parametrize(
    ("served", "width", "scheme"),
    [
        (False, WIDE, "light"),
        (False, NARROW, "dark"),
        (True, WIDE, "dark"),
        (True, NARROW, "light"),
    ],
)
def test_every_page_opens_alone(
    browser: Browser,
    whole_book: Path,
    served_book: str,
    served: bool,
    width: int,
    scheme: str,
    tell: Callable[[str], None],
) -> None:
    home = served_book if served else whole_book.as_uri()
    heaviest = (0, "")
    with opened(browser, home, width=width, scheme=scheme) as (page, heard):
        for name in names(whole_book):
            heard.asked.clear()
            page.goto(f"{home}/{name}", wait_until="load")
            page.wait_for_load_state("networkidle")
            heaviest = max(heaviest, (weight(whole_book, home, heard.asked), name))
            assert page.evaluate("document.documentElement.dataset.theme") == scheme
            over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert over <= 0, f"{name} is {over} px too wide"
            assert page.evaluate(TOO_WIDE) == [], name
        assert heard.outside == []
        assert heard.wrong == []
    tell(f"largest page: {heaviest[1]}, {heaviest[0] / 1e6:.1f} MB with all that it loads")
    assert heaviest[0] < 6e6


def test_formulas_are_set(browser: Browser, whole_book: Path) -> None:
    with opened(browser, whole_book.as_uri()) as (page, _):
        page.goto(f"{whole_book.as_uri()}/methods.html")
        formulas = page.locator("math")
        assert formulas.count() > 10
        # A browser that does not know them would show letters in one line.
        heights = formulas.evaluate_all(
            "all => all.map((each) => each.getBoundingClientRect().height)"
        )
        assert min(heights) > 5
        assert page.locator("div.formula").first.evaluate("each => each.offsetHeight") > 24


def test_search_finds_offline(browser: Browser, whole_book: Path) -> None:
    with opened(browser, whole_book.as_uri()) as (page, heard):
        page.goto(f"{whole_book.as_uri()}/search.html?q=prediction")
        page.wait_for_selector("#search-results li a")
        hits = page.locator("#search-results li a").all_inner_texts()
        assert len(hits) > 1
        # Pages of two reviews share their names: a hit says whose page it is.
        assert len({*hits}) == len(hits)
        page.wait_for_load_state("networkidle")
        assert heard.outside == []
        assert heard.wrong == []


def test_the_whole_site_is_light(whole_book: Path, tell: Callable[[str], None]) -> None:
    sizes = {path: path.stat().st_size for path in whole_book.rglob("*") if path.is_file()}
    whole = sum(sizes.values())
    heaviest = max(sizes, key=lambda path: sizes[path])
    tell(f"site with all reviews: {whole / 1e6:.1f} MB in {len(sizes)} files")
    tell(f"largest file: {heaviest.relative_to(whole_book)}, {sizes[heaviest] / 1e6:.1f} MB")
    assert whole < 15e6
