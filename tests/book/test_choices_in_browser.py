"""Choosing combinations of a specification curve in the page, by mouse and by keyboard."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from in_browser import NARROW, WIDE, opened
from playwright.sync_api import Browser, Page

import toolkit as tk
from toolkit.figures.page.numerals import percent
from toolkit.figures.specification_curve import in_order

REVIEW = "ped-venaza"
FIGURE = f"plot-{REVIEW}-crc-specifications"


def unchosen(page: Page, width: str = "") -> set[int]:
    """Return the columns that are dimmed, with every mark of theirs."""
    marks: list[str] = page.evaluate(
        "() => [...document.querySelectorAll('.st-unchosen')].map((each) => each.id)"
    )
    found = [re.fullmatch(rf"{FIGURE}{width}-(bar|dot|tick)-(\d+)", mark) for mark in marks]
    return {int(each[2]) for each in found if each}


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_range_is_that_of_what_is_chosen(
    browser: Browser, whole_book: Path, width: int
) -> None:
    drawn = in_order(tk.specification_curve(tk.read(f"extractions/{REVIEW}"), "crc"))
    kept = [s for s in drawn if s.method != "Pooled counts" and s.data != "AML only"]
    with opened(browser, whole_book.as_uri(), width=width) as (page, heard):
        page.goto(f"{whole_book.as_uri()}/{REVIEW}/robustness.html")
        panel = page.locator("details.st-choices").first
        panel.locator("summary").press("Enter")
        told = panel.get_by_role("status")
        spread = page.locator("p.st-answer").first.inner_text()
        for number in re.findall(r"\d+%", spread.replace("\u00a0", " "))[:4]:
            assert number in told.inner_text().replace("\u00a0", " ")
        panel.get_by_label("Pooled counts").press("Space")
        panel.get_by_label("AML only").click()
        ends = [percent(each.estimate.estimate or 0.0) for each in (kept[0], kept[-1])]
        words = told.inner_text().replace("\u00a0", " ")
        assert words.startswith(f"{len(kept)} of {len(drawn)} combinations chosen: ")
        assert f"from {ends[0]}% to {ends[1]}%" in words
        away = {place for place, each in enumerate(drawn, start=1) if each not in kept}
        assert unchosen(page) == unchosen(page, "-narrow") == away
        panel.get_by_role("button", name="Choose none").click()
        assert told.inner_text() == f"None of {len(drawn)} combinations chosen."
        panel.get_by_role("button", name="Choose all").click()
        assert unchosen(page) == set()
        assert heard.wrong == []


def test_without_scripts_the_whole_curve_is_there(browser: Browser, whole_book: Path) -> None:
    with opened(browser, whole_book.as_uri(), scripts=False) as (page, _):
        page.goto(f"{whole_book.as_uri()}/{REVIEW}/robustness.html")
        assert page.locator("details.st-choices").count() == 0
        assert page.locator(f"#{FIGURE}-dot-1").is_visible()
        assert unchosen(page) == set()
