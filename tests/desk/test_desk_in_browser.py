"""A clinician's whole path in a real browser: from nothing to a recorded study and its plot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_browser import answering, shown, started_browser, violations
from playwright.sync_api import Browser, Page
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from toolkit.desk.desk import Desk
from toolkit.load import read

FIELDS = {
    "label": "Smith 2020",
    "citation": "Smith A. A series of patients. Journal 2020;1:1",
    "extracted_by": "A. Smith",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started_browser() as opened:
        yield opened


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """Return a PDF with a table and sentences."""
    path = tmp_path / "smith.pdf"
    style = getSampleStyleSheet()
    rows = [
        ["Outcome, n (%)", "All patients (N = 38)"],
        ["Response", "8 (21)"],
        ["Infusions", "31 (82)"],
    ]
    grid = [("GRID", (0, 0), (-1, -1), 0.5, "black")]
    SimpleDocTemplate(str(path), pagesize=A4).build(
        [
            Paragraph("A series of patients", style["Title"]),
            Paragraph("Results", style["Heading1"]),
            Paragraph(
                "Thirty-eight patients were treated; 17 of 38 patients were girls.",
                style["BodyText"],
            ),
            Paragraph("Table 1. Response to treatment (N = 38)", style["BodyText"]),
            Table(rows, style=grid),
        ]
    )
    return path


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Yield the address of a desk without any review, and where reviews will be."""
    place = tmp_path / "extractions"
    place.mkdir()
    with answering(Desk(reviews={}, place=place)) as home:
        yield home, place


def kept(page: Page) -> None:
    """Wait until what was typed is kept."""
    page.wait_for_function(
        "() => /draft kept|as recorded/i.test(document.querySelector('#state').textContent)"
    )


def test_from_nothing_to_a_forest_plot_by_mouse(
    browser: Browser, empty: tuple[str, Path], paper: Path
) -> None:
    home, place = empty
    with shown(browser, home) as page:
        begin_review(page, home)
        page.fill("#s-key", "smith-2020")
        page.click("text=Open it")
        page.set_input_files("#paperfile", paper)
        page.wait_for_selector(".number.proposal[data-number]")
        page.click(".number.proposal[data-number]")
        page.wait_for_selector("[data-row-form] [data-cell=events]")
        assert page.input_value("[data-cell=events]") == "8"
        page.fill("#person", "A. Smith")
        page.click("text=Accept all")
        page.click("[data-tab=series]")
        for name, text in FIELDS.items():
            page.fill(f"[data-cell={name}]", text)
        page.select_option("[data-cell=report_read]", "full text")
        page.click("[data-tab=groups]")
        page.click("[data-open='0']")
        page.select_option("[data-cell=line]", "first")
        kept(page)
        page.wait_for_selector("#answers figure svg")
        assert "Smith 2020" in page.inner_text("#answers")
        page.click("#save")
        page.wait_for_selector("#said li")
        count = read(place / "small").one_series("smith-2020").counts[0]
        assert (count.events_low, count.total, count.basis) == (8, 38, "drafted")
        assert count.where == "Table 1, row Response"


def test_a_new_outcome_is_shown_as_a_change_before_it_is_written(
    browser: Browser, empty: tuple[str, Path]
) -> None:
    home, place = empty
    with shown(browser, home) as page:
        begin_review(page, home)
        page.click("text=An outcome that the protocol does not have yet")
        page.fill("#o-label", "Rash")
        page.fill("#o-key", "rash")
        page.fill("#o-definition", "Any rash of grade 3 or worse.")
        page.select_option("#o-kind", "toxicity")
        page.select_option("#o-direction", "harm")
        page.select_option("#o-grade", "ge3")
        before = (place / "small/review.toml").read_text(encoding="utf-8")
        page.click("text=Show the change")
        page.wait_for_selector("#said pre.change")
        assert "+[outcomes.rash]" in page.inner_text("#said pre.change")
        assert violations(page) == []
        assert (place / "small/review.toml").read_text(encoding="utf-8") == before
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert read(place / "small").outcome("rash").grade == "ge3"


def test_a_chosen_number_lands_with_its_place_and_a_wrong_one_is_refused_beside_its_field(
    browser: Browser, empty: tuple[str, Path], paper: Path
) -> None:
    home, _ = empty
    with shown(browser, home) as page:
        begin(page, home, paper)
        page.click("[data-tab=counts]")
        page.click("text=Add the first row")
        page.wait_for_selector("[data-cell=events]")
        page.focus("[data-cell=events]")
        page.click(".text .number >> text=31 (82)")
        page.wait_for_function("() => document.querySelector('[data-cell=events]').value === '31'")
        assert page.input_value("[data-cell=total]") == "38"
        assert page.input_value("[data-cell=as_printed]") == "31 (82)"
        assert page.input_value("[data-cell=where]") == "Table 1, row Infusions"
        page.select_option("[data-cell=outcome]", "first")
        page.select_option("[data-cell=denominator]", "all_treated")
        page.select_option("[data-cell=group]", "all")
        page.fill("[data-cell=events]", "48")
        page.wait_for_selector("#p-events:visible")
        assert "events is 48 but total is 38." in page.inner_text("#p-events")
        assert page.get_attribute("[data-cell=events]", "aria-invalid") == "true"
        page.fill("[data-cell=events]", "31")
        page.wait_for_selector("#p-events", state="hidden")


def begin_review(page: Page, home: str) -> None:
    """Begin a review with one outcome."""
    page.goto(home)
    page.fill("#r-key", "small")
    page.fill("#r-outcome", "Response")
    page.click("text=Begin the review")


def begin(page: Page, home: str, paper: Path) -> None:
    """Begin a review and a series with its paper beside it."""
    begin_review(page, home)
    page.fill("#s-key", "smith-2020")
    page.click("text=Open it")
    page.set_input_files("#paperfile", paper)
    page.wait_for_selector(".text .number.proposal")
    page.wait_for_selector("[data-accept-all]")


def press_to(page: Page, selector: str, key: str = "Tab", most: int = 120) -> None:
    """Press a key until something has the focus; nothing else may be needed to get there."""
    for _ in range(most):
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{selector} is not reached by {key}")


def choose(page: Page, selector: str, letters: str) -> None:
    """Choose a word of a drop-down by its first letters."""
    press_to(page, selector)
    page.keyboard.type(letters)


def test_the_same_by_keyboard_alone(browser: Browser, empty: tuple[str, Path], paper: Path) -> None:
    home, place = empty
    with shown(browser, home) as page:
        page.goto(home)
        press_to(page, "#r-key")
        page.keyboard.type("small")
        press_to(page, "#r-outcome")
        page.keyboard.type("Response")
        page.keyboard.press("Enter")
        page.wait_for_selector("#s-key")
        press_to(page, "#s-key")
        page.keyboard.type("smith-2020")
        page.keyboard.press("Enter")
        page.wait_for_selector("#paperfile", state="attached")
        press_to(page, "#paperfile")
        with page.expect_file_chooser() as chooser:
            page.keyboard.press("Enter")
        chooser.value.set_files(paper)
        page.wait_for_selector("[data-accept-all]")
        press_to(page, ".text .number[data-number]", "F6")
        press_to(page, ".number.proposal", "ArrowRight")
        page.keyboard.press("Enter")
        page.wait_for_selector("[data-row-form] [data-cell=events]")
        press_to(page, "[data-accept]")
        press_to(page, "#person", "Shift+Tab")
        page.keyboard.type("A. Smith")
        press_to(page, "[data-accept-all] button")
        page.keyboard.press("Enter")
        page.wait_for_selector("#said >> text=accepted by")
        press_to(page, "[data-tab=series]", "Shift+Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector("[data-cell=label]")
        for name, text in FIELDS.items():
            if name == "extracted_by":
                choose(page, "[data-cell=report_read]", "full")
            press_to(page, f"[data-cell={name}]")
            page.keyboard.type(text)
        press_to(page, "[data-tab=groups]", "Shift+Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector("[data-open='0']")
        press_to(page, "[data-open='0']")
        page.keyboard.press("Enter")
        page.wait_for_selector("[data-cell=line]")
        choose(page, "[data-cell=line]", "first")
        kept(page)
        page.wait_for_selector("#answers figure svg")
        page.keyboard.press("Control+s")
        page.wait_for_selector("#said li")
        count = read(place / "small").one_series("smith-2020").counts[0]
        assert (count.events_low, count.total, count.where) == (8, 38, "Table 1, row Response")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_serious_and_nothing_is_cut_off(
    browser: Browser, empty: tuple[str, Path], paper: Path, width: int, scheme: str
) -> None:
    home, _ = empty
    with shown(browser, home, width=width, scheme=scheme) as page:
        page.goto(home)
        found = {"home": violations(page)}
        begin(page, home, paper)
        found["proposals"] = violations(page)
        page.click("[data-tab=series]")
        page.wait_for_selector("#p-label:visible")
        found["series with problems"] = violations(page)
        page.click("[data-tab=groups]")
        page.click("[data-open='0']")
        page.wait_for_selector("[data-cell=patients]")
        found["a row"] = violations(page)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        page.goto(f"{home}r/small")
        found["review"] = violations(page)
        assert {name: told for name, told in found.items() if told} == {}
        assert wide <= 0


def test_what_a_hostile_paper_carries_neither_runs_nor_loads(
    browser: Browser, empty: tuple[str, Path], tmp_path: Path
) -> None:
    home, _ = empty
    hostile = tmp_path / "hostile.html"
    hostile.write_text(
        "<!doctype html><title>x</title><script>alert(1)</script>"
        "<h1>Paper</h1><p onclick='alert(2)'>Of 38 patients 8 of 38 patients had a response. "
        "<img src='http://evil.example/x.png' onerror='alert(3)'>"
        "<a href='javascript:alert(4)'>here</a> &lt;img src=x onerror=alert(5)&gt;</p>"
        "<svg onload='alert(6)'></svg><table><tr><td>Response</td><td>8 (21)</td></tr>"
        "<tr><td>&lt;script&gt;alert(7)&lt;/script&gt;</td><td>9 (24)</td></tr></table>"
    )
    with shown(browser, home) as page:
        begin(page, home, hostile)
        page.click(".text .sentence")
        assert (
            page.locator(
                "#paper script, #paper img, #paper a[href^=javascript], #paper svg"
            ).count()
            == 0
        )
        assert "<script>alert(7)</script>" in page.inner_text("#text")
