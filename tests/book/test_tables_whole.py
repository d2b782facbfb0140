"""Every table of every page is whole: at 1280 px without scrolling, on a phone as cards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from in_browser import NARROW, WIDE, names, opened
from playwright.sync_api import Browser

# Tables of which some part lies beyond their box or the window, once all that is folded is open.
CUT = """() => {
    const box = (table) => table.closest(".st-table, .text_html, .cell_output") || table;
    return [...document.querySelectorAll("main table")]
        .filter((table) => table.checkVisibility())
        .filter((table) => {
            const edge = Math.min(box(table).getBoundingClientRect().right, innerWidth);
            const over = (each) => each.getBoundingClientRect().right > edge + 1;
            return box(table).scrollWidth > box(table).clientWidth + 1
                || [...table.querySelectorAll("tbody :is(th, td)")].some(over);
        })
        .map((table) => table.innerText.slice(0, 80));
}"""


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_no_table_is_cut(
    browser: Browser, whole_book: Path, width: int, tell: Callable[[str], None]
) -> None:
    home, seen, cut = whole_book.as_uri(), 0, {}
    with opened(browser, home, width=width) as (page, _):
        for name in names(whole_book):
            page.goto(f"{home}/{name}")
            page.evaluate("document.querySelectorAll('main details').forEach((d) => d.open = true)")
            # Boxes are measured when they get their width, one frame after they are unfolded.
            page.evaluate("() => new Promise((r) => requestAnimationFrame(() => setTimeout(r)))")
            seen += page.locator("main table").count()
            if found := page.evaluate(CUT):
                cut[name] = found
    tell(f"tables at {width} px: {seen} seen, {sum(map(len, cut.values()))} cut")
    assert cut == {}
    assert seen > 50


def test_a_card_says_what_each_of_its_cells_is(browser: Browser, whole_book: Path) -> None:
    with opened(browser, whole_book.as_uri(), width=NARROW) as (page, _):
        for path in sorted(whole_book.glob("*/summary.html")):
            page.goto(path.as_uri())
            box = page.locator(".st-table").first
            headings = box.locator("thead th").all_text_contents()
            if box.locator("xpath=self::*[contains(@class, 'st-cards')]").count():
                for row in box.locator("tbody tr").all():
                    named = row.locator("td").evaluate_all(
                        "all => all.map((each) => each.dataset.heading)"
                    )
                    assert named == headings[1:]
            # A wide window gives the table back.
            page.set_viewport_size({"width": WIDE, "height": 850})
            page.wait_for_function("!document.querySelector('.st-cards')")
            page.set_viewport_size({"width": NARROW, "height": 850})


def test_without_scripts_a_wide_table_scrolls_in_its_box(
    browser: Browser, whole_book: Path
) -> None:
    path = sorted(whole_book.glob("*/series.html"))[0]
    with opened(browser, whole_book.as_uri(), width=NARROW, scripts=False) as (page, _):
        page.goto(path.as_uri())
        boxes = page.locator(".st-table")
        flows = boxes.evaluate_all("all => all.map((each) => getComputedStyle(each).overflowX)")
        assert {*flows} == {"auto"}
