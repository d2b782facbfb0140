"""Tables are sorted and searched by the keyboard, offline, and say so to a screen reader."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from in_browser import names, opened
from playwright.sync_api import Browser, Locator, Page

from toolkit.book.build.stage import SITE


@pytest.fixture
def series_page(browser: Browser, whole_book: Path) -> Iterator[Page]:
    """Yield the page of the series of the review with the calculator."""
    folder = next(name for name in names(whole_book) if name.endswith("/try-it.html"))
    with opened(browser, whole_book.as_uri()) as (page, heard):
        page.goto(f"{whole_book.as_uri()}/{folder.replace('try-it', 'series')}")
        yield page
        assert heard.wrong == []


def column(table: Locator, heading: str) -> list[str]:
    """Return what stands in a column, from top to bottom."""
    titles = [each.strip() for each in table.locator("thead th").all_inner_texts()]
    place = next(i for i, title in enumerate(titles) if title.startswith(heading)) + 1
    return table.locator(f"tbody tr > :nth-child({place})").all_inner_texts()


def test_the_keyboard_sorts_a_table_both_ways_and_back(series_page: Page) -> None:
    table = series_page.locator(".st-table table").first
    before = column(table, "Study")
    sizes = [int(each) for each in column(table, "Patients") if each.isdigit()]
    unknown = len(before) - len(sizes)
    heading = table.get_by_role("button", name="Patients")
    heading.focus()
    series_page.keyboard.press("Enter")
    assert table.locator("th[aria-sort]").get_attribute("aria-sort") == "ascending"
    told = series_page.locator(".st-told").first
    assert told.inner_text() == "Sorted by Patients, ascending"
    sorted_sizes = column(table, "Patients")
    assert [int(each) for each in sorted_sizes[: len(sizes)]] == sorted(sizes)
    assert sorted_sizes[len(sizes) :] == ["–"] * unknown
    series_page.keyboard.press("Space")
    assert table.locator("th[aria-sort]").get_attribute("aria-sort") == "descending"
    assert [int(each) for each in column(table, "Patients")[: len(sizes)]] == sorted(sizes)[::-1]
    series_page.keyboard.press("Enter")
    assert table.locator("th[aria-sort]").count() == 0
    assert column(table, "Study") == before


SHARES = """<!doctype html><title>t</title><script src="{}"></script><div class="st-table"><table>
<thead><tr><th>Name</th><th>Count</th><th>Note</th></tr></thead><tbody>{}</tbody></table></div>"""


def test_counts_are_sorted_by_their_share_and_silence_stays_last(
    browser: Browser, tmp_path: Path
) -> None:
    counts = ["2/8", "–", "10/38*", "1–3/40", "not reported", "0/9", "30/31"]
    rows = "".join(f"<tr><th>a</th><td>{told}</td><td>b</td></tr>" for told in counts)
    written = tmp_path / "page.html"
    script = (SITE / "_static" / "tables.js").as_uri()
    written.write_text(SHARES.format(script, rows), encoding="utf-8")
    with opened(browser, "file:///") as (page, _):
        page.goto(written.as_uri())
        table = page.locator("table")
        for expected in (
            ["0/9", "1–3/40", "2/8", "10/38*", "30/31", "–", "not reported"],
            ["30/31", "10/38*", "2/8", "1–3/40", "0/9", "–", "not reported"],
            counts,
        ):
            page.get_by_role("button", name="Count").click()
            assert column(table, "Count") == expected


def test_less_than_one_comes_before_one(browser: Browser, tmp_path: Path) -> None:
    told = ["3–75", "1–91", "<1–83", ">99", "99"]
    rows = "".join(f"<tr><th>a</th><td>{each}</td><td>b</td></tr>" for each in told)
    written = tmp_path / "page.html"
    script = (SITE / "_static" / "tables.js").as_uri()
    written.write_text(SHARES.format(script, rows.replace("<td><", "<td>&lt;")), encoding="utf-8")
    with opened(browser, "file:///") as (page, _):
        page.goto(written.as_uri())
        page.get_by_role("button", name="Count").click()
        found = column(page.locator("table"), "Count")
    assert found == ["<1–83", "1–91", "3–75", "99", ">99"]


def test_months_and_days_are_sorted_in_time(browser: Browser, tmp_path: Path) -> None:
    times = ["2017-07-01 to 2019-07-02", "2016 to 2022", "2017-01 to 2023-12", "–", "2017-07-11"]
    rows = "".join(f"<tr><th>a</th><td>{told}</td><td>b</td></tr>" for told in times)
    written = tmp_path / "page.html"
    script = (SITE / "_static" / "tables.js").as_uri()
    written.write_text(SHARES.format(script, rows), encoding="utf-8")
    with opened(browser, "file:///") as (page, _):
        page.goto(written.as_uri())
        page.get_by_role("button", name="Count").click()
        found = column(page.locator("table"), "Count")
    assert found == [times[1], times[2], times[0], times[4], times[3]]


def test_a_search_leaves_the_rows_that_hold_every_word(series_page: Page) -> None:
    box = series_page.locator(".st-search").first
    table = series_page.locator(".st-search + .st-table table").first
    whole = table.locator("tbody tr").count()
    first = table.locator("tbody th").first.inner_text()
    box.get_by_label("Search this table").fill(first.upper())
    shown = table.locator("tbody tr:visible")
    assert 0 < shown.count() < whole
    assert all(first in each for each in shown.locator("th").all_inner_texts())
    assert box.get_by_role("status").inner_text() == f"{shown.count()} of {whole} rows"
    box.get_by_label("Search this table").fill("")
    assert table.locator("tbody tr:visible").count() == whole


def test_without_scripts_a_table_reads_as_it_is(browser: Browser, series_page: Page) -> None:
    written = series_page.locator(".st-table tbody tr").count()
    with opened(browser, series_page.url.rsplit("/", 2)[0], scripts=False) as (page, _):
        page.goto(series_page.url)
        assert page.locator(".st-table tbody tr").count() == written
        assert page.locator(".st-sort").count() == 0
