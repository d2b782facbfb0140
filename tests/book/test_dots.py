"""A dot of a figure leads to the number it shows, and tells of it by mouse, keyboard and finger."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from in_browser import NARROW, WIDE, names, opened
from playwright.sync_api import Browser, Locator, Page

# Each link of a figure that leads to a number, and what else its figure has under that name.
DOTS = """() => [
    ...document.querySelectorAll("figure .st-leads[href*='data.html']")
].map((link) => {
    const lane = link.querySelector(".lane");
    return {
        address: new URL(link.getAttribute("href"), location.href).href,
        words: link.getAttribute("aria-label"),
        mark: !!document.getElementById(lane.id.replace("-lane-", "-dot-")),
        card: !!link.closest("figure").querySelector(
            `template[data-of="${CSS.escape(link.getAttribute("href"))}"]`
        ),
    };
})"""
# The row of a place, by the headings of its columns.
ROW = """(place) => {
    const series = document.getElementById(place);
    const row = series?.closest("tr");
    const headings = [...(row?.closest("table").tHead.rows[0].cells ?? [])];
    const cells = headings.map((each, i) => [each.textContent.trim(), row.cells[i].textContent]);
    return row && { ...Object.fromEntries(cells), Series: series.textContent };
}"""
COUNTED = re.compile(r": (?P<events>[\d–]+) of (?P<total>\d+), ")
PERCENT = re.compile(r": (?P<total>\d+) patients?, at (?P<years>[^,]+), ")


def count_of(words: str) -> str:
    """Return the count that a mark tells, as the column of counts prints it."""
    if counted := COUNTED.search(words):
        return f"{counted['events']}/{counted['total']}"
    percentage = PERCENT.search(words)
    assert percentage, words
    return f"n {percentage['total']}, {percentage['years']}"


def test_every_dot_leads_to_a_row_with_its_counts(
    browser: Browser, whole_book: Path, tell: Callable[[str], None]
) -> None:
    home = whole_book.as_uri()
    dots: list[dict[str, Any]] = []
    pages = set()
    with opened(browser, home) as (page, _):
        for name in names(whole_book):
            page.goto(f"{home}/{name}")
            found = page.evaluate(DOTS)
            dots += found
            pages |= {name} if found else set()
        by_page: dict[str, list[dict[str, Any]]] = {}
        for dot in dots:
            assert dot["mark"], dot
            assert dot["card"], dot
            by_page.setdefault(dot["address"].split("#")[0], []).append(dot)
        for address, leading in by_page.items():
            page.goto(address)
            for dot in leading:
                row = page.evaluate(ROW, dot["address"].split("#")[1])
                assert row, f"no row for {dot['address']}"
                assert row["Count"] == count_of(dot["words"]), dot
                assert row["Series"] in dot["words"], dot
    tell(f"{len(dots)} dots on {len(pages)} pages lead to the number they show")
    assert len(by_page) == len(list(whole_book.glob("*/data.html")))
    assert len(dots) > 100


@pytest.fixture(params=[(WIDE, "light"), (NARROW, "dark")], ids=["wide", "phone"])
def responses(browser: Browser, whole_book: Path, request: Any) -> Iterator[Page]:
    """Yield a page with forest plots whose numbers were counted from a paper's tables."""
    width, scheme = request.param
    name = next(name for name in names(whole_book) if name.endswith("/responses.html"))
    with opened(browser, whole_book.as_uri(), width=width, scheme=scheme) as (page, heard):
        page.goto(f"{whole_book.as_uri()}/{name}")
        yield page
        assert heard.wrong == []


def first_dot(page: Page) -> Locator:
    return page.locator("figure .st-leads:visible").first


def holds_the_row(card: Locator, dot: Locator) -> None:
    """Assert that a card is in the window and tells the count and the place in the paper."""
    words = card.inner_text()
    assert count_of(dot.get_attribute("aria-label") or "") in words
    for heading in ("As printed", "Place in the paper", "Extracted by", "Badge"):
        assert heading in words
    box = card.bounding_box()
    seen = card.page.viewport_size
    assert box is not None
    assert seen is not None
    lane = dot.bounding_box()
    assert lane is not None
    assert box["y"] >= lane["y"] + lane["height"] or box["y"] + box["height"] <= lane["y"]
    assert box["x"] >= 0
    assert box["y"] >= 0
    assert box["x"] + box["width"] <= seen["width"]
    assert box["y"] + box["height"] <= seen["height"]


def test_the_keyboard_shows_a_card_and_closes_it(responses: Page) -> None:
    card, dots = responses.locator("#st-card"), responses.locator("figure .st-leads:visible")
    first, second = dots.nth(0), dots.nth(1)
    responses.locator("figure:has(.st-leads)").first.evaluate(
        "(figure) => { const a = document.createElement('a'); a.href = '#'; figure.before(a);"
        " a.focus(); }"
    )
    responses.keyboard.press("Tab")
    assert first.evaluate("(dot) => dot === document.activeElement")
    holds_the_row(card, first)
    assert first.get_attribute("aria-describedby") == "st-card"
    responses.keyboard.press("Escape")
    assert card.is_hidden()
    assert first.evaluate("(dot) => dot === document.activeElement")
    # One stop for each dot.
    responses.keyboard.press("Tab")
    assert second.evaluate("(dot) => dot === document.activeElement")
    holds_the_row(card, second)
    responses.keyboard.press("Enter")
    responses.wait_for_url("**/data.html#*")
    row = responses.locator("tr:has(:target)")
    assert row.is_visible()


def test_the_mouse_shows_a_card_that_it_may_enter(responses: Page) -> None:
    card, dot = responses.locator("#st-card"), first_dot(responses)
    dot.scroll_into_view_if_needed()
    dot.hover()
    holds_the_row(card, dot)
    card.hover()
    responses.wait_for_timeout(400)
    assert card.is_visible()
    responses.mouse.move(1, 1)
    card.wait_for(state="hidden")


def test_a_card_stays_in_the_window_wherever_its_dot_is(responses: Page) -> None:
    card = responses.locator("#st-card")
    for dot in responses.locator("figure .st-leads:visible").all():
        dot.evaluate("(dot) => dot.scrollIntoView({ block: 'end' })")
        responses.keyboard.press("Shift")
        dot.focus()
        holds_the_row(card, dot)


def test_a_finger_sees_the_card_first_and_follows_second(
    browser: Browser, whole_book: Path
) -> None:
    name = next(name for name in names(whole_book) if name.endswith("/responses.html"))
    context = browser.new_context(viewport={"width": NARROW, "height": 800}, has_touch=True)
    page = context.new_page()
    page.goto(f"{whole_book.as_uri()}/{name}")
    card, dot = page.locator("#st-card"), first_dot(page)
    dot.tap()
    holds_the_row(card, dot)
    page.touchscreen.tap(NARROW / 2, 8)
    assert card.is_hidden()
    dot.tap()
    dot.tap()
    page.wait_for_url("**/data.html#*")
    context.close()


def test_without_scripts_a_dot_is_a_link_with_a_title(browser: Browser, whole_book: Path) -> None:
    name = next(name for name in names(whole_book) if name.endswith("/responses.html"))
    with opened(browser, whole_book.as_uri(), scripts=False) as (page, _):
        page.goto(f"{whole_book.as_uri()}/{name}")
        dot = first_dot(page)
        words = dot.locator("title").text_content() or ""
        assert COUNTED.search(words)
        assert page.get_by_role("link", name=words, exact=True).count() > 0
        dot.click()
        page.wait_for_url("**/data.html#*")


def test_files_of_a_figure_hold_no_link(whole_book: Path) -> None:
    drawings = [*whole_book.glob("*/figures/*.svg")]
    assert drawings
    assert [path.name for path in drawings if "href=" in path.read_text("utf-8")] == []
