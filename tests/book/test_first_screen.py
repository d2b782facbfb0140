"""What a reader sees before scrolling: the answer, its range, harm, what followed, the search."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from in_browser import NARROW, WIDE, opened
from playwright.sync_api import Browser, Page

# How far down a page its first screen reaches, in pixels, by the width of the window.
SCREENS = [(WIDE, 900), (NARROW, 1600)]

PLACES = """names => Object.fromEntries(names.map((name) => {
    const found = document.querySelector(name);
    const shown = found && found.checkVisibility();
    return [name, shown ? found.getBoundingClientRect().bottom + window.scrollY : null];
}))"""


def reviews(html: Path) -> list[Path]:
    """Return the folder of each review of a book."""
    return sorted(path.parent for path in html.glob("*/summary.html"))


def reported(folder: Path, page: str) -> bool:
    """Return whether the main set of a review reports anything of the kind a page shows."""
    if not (folder / page).is_file():
        return False
    results = json.loads((folder / "results.json").read_text("utf-8"))
    return bool(results["answers"])


def places(page: Page, names: list[str]) -> dict[str, float | None]:
    """Return where elements end, in pixels from the top of the page; None where one is not seen."""
    found: dict[str, float | None] = page.evaluate(PLACES, names)
    return found


@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_a_summary_answers_before_it_is_scrolled(
    browser: Browser, whole_book: Path, width: int, height: int, tell: Callable[[str], None]
) -> None:
    home = whole_book.as_uri()
    assert len(reviews(whole_book)) > 1
    with opened(browser, home, width=width) as (page, _):
        for folder in reviews(whole_book):
            page.goto(f"{home}/{folder.name}/summary.html")
            # Answer with interval and certainty; prediction; how far the search has come.
            wanted = [".st-lead > .st-answer", ".st-lead > .st-spread", ".st-lead > .st-progress"]
            if reported(folder, "toxicity.html"):
                wanted.append(".st-lead > .st-harms")
            if reported(folder, "course.html"):
                wanted.append(".st-lead > .st-course")
            found = places(page, wanted)
            assert None not in found.values(), (folder.name, found)
            lowest = max(each for each in found.values() if each is not None)
            tell(f"first screen of {folder.name} at {width} px: {lowest:.0f} of {height} px")
            assert lowest <= height, (folder.name, found)
            answer = page.locator(".st-lead > .st-answer").inner_text()
            assert "interval" in answer
            assert ("Certainty" in answer) == (
                page.get_by_role("heading", name="How far the answers can be trusted").count() == 1
            )
            assert "prediction interval" in page.locator(".st-lead > .st-spread").inner_text()
            assert "search" in page.locator(".st-lead > .st-progress").inner_text().lower()


@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_the_index_has_a_card_for_each_review(
    browser: Browser, whole_book: Path, width: int, height: int
) -> None:
    home = whole_book.as_uri()
    with opened(browser, home, width=width) as (page, _):
        page.goto(f"{home}/index.html")
        cards = page.locator(".st-review")
        assert cards.count() == len(reviews(whole_book))
        ends = cards.evaluate_all(
            "all => all.map((each) => each.getBoundingClientRect().bottom + window.scrollY)"
        )
        assert max(ends) <= height
        for card in cards.all():
            address = card.locator("h2 a").get_attribute("href")
            assert address is not None
            assert (whole_book / address).is_file()
            # The number of the card is that of the review's own page.
            number = card.locator(".st-figure-of-review [data-result]").first.inner_text()
            page_of = (whole_book / address).read_text("utf-8")
            assert f">{number}<" in page_of
