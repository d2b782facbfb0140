"""Pages as they are printed: black on white, nothing to press, nothing folded or cut off."""

from __future__ import annotations

from pathlib import Path

import pytest
from in_browser import names, opened
from playwright.sync_api import Browser

# A4 without its margins, in pixels of a printed page: upright, and on its side for wide tables.
PAPER, SIDEWAYS = 673, 1016

SEEN = """() => {
    const seen = (each) => each.checkVisibility({ visibilityProperty: true });
    const told = (each) => each.outerHTML.slice(0, 100);
    const all = (words) => [...document.querySelectorAll(words)];
    const main = document.querySelector("main");
    return {
        pressed: all("button, input, select, nav, .st-files, .st-card").filter(seen)
            .filter((each) => !each.closest("thead")).map(told),
        folded: all("main details").filter(seen).filter((each) => !each.open).map(told),
        cut: all("main figure, main figure svg").filter(seen)
            .filter((each) => each.getBoundingClientRect().right > innerWidth + 1).map(told),
        scrolled: all("main .st-table").filter(seen)
            .filter((each) => getComputedStyle(each).overflowX !== "visible").map(told),
        ink: getComputedStyle(main).color,
        pale: all("main p, main li, main td, main th, main a, main h2, main pre, main pre span")
            .filter(seen).filter((each) => {
                const [r, g, b] = getComputedStyle(each).color.match(/[\\d.]+/g).map(Number);
                return 0.2126 * r + 0.7152 * g + 0.0722 * b > 110;
            }).map(told),
        paper: getComputedStyle(document.body).backgroundColor,
        pool: getComputedStyle(main).getPropertyValue("--st-figure-pool").trim(),
    };
}"""


SHEET = "getComputedStyle(document.documentElement).page"
# Tables wider than the sheet they are printed on.
WIDER = """() => [...document.querySelectorAll("main .st-table > table")]
    .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
    .map((each) => each.innerText.slice(0, 80))"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_on_paper(browser: Browser, whole_book: Path, scheme: str) -> None:
    home = whole_book.as_uri()
    printed = [name for name in names(whole_book) if name != "search.html"]
    assert len(printed) > 5
    with opened(browser, home, width=PAPER, scheme=scheme) as (page, _):
        for name in printed:
            page.goto(f"{home}/{name}")
            page.emulate_media(media="print")
            page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
            seen = page.evaluate(SEEN)
            page.evaluate("window.dispatchEvent(new Event('afterprint'))")
            assert seen.pop("ink") == "rgb(0, 0, 0)", name
            assert seen.pop("paper") in {"rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"}, name
            assert seen.pop("pool") == "#2f6fb0", name
            assert {word: found for word, found in seen.items() if found} == {}, name
            folded = page.locator("main details:not([open])").count()
            assert folded == page.locator("main details").count(), name


def test_no_table_is_wider_than_its_sheet(browser: Browser, whole_book: Path) -> None:
    sheets = set()
    with opened(browser, whole_book.as_uri()) as (page, _):
        for path in whole_book.glob("*/*.html"):
            page.goto(path.as_uri())
            page.emulate_media(media="print")
            page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
            sheet = page.evaluate(SHEET)
            width = {"auto": PAPER, "sideways": SIDEWAYS}[sheet]
            page.set_viewport_size({"width": width, "height": 850})
            assert page.evaluate(WIDER) == [], path.name
            sheets.add(sheet)
    assert sheets == {"auto", "sideways"}
