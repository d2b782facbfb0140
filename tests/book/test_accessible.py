"""The whole book by axe-core, in light and dark, and by the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from in_browser import NARROW, WIDE, names, opened
from playwright.sync_api import Browser, Page

AXE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"

RUN_AXE = """async () => {
    const found = await axe.run(document, { resultTypes: ["violations"] });
    return found.violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id, nodes }) => `${id}: ${nodes.length} x ${nodes[0].html.slice(0, 160)}`);
}"""

# What the keyboard must reach: of radio buttons of one name the arrows reach the rest.
MARK_CONTROLS = """() => {
    const seen = new Set();
    const wanted = [...document.querySelectorAll(
        "a[href], button, input, select, textarea, summary, [tabindex]"
    )].filter((each) => {
        if (each.disabled || each.tabIndex < 0 || !each.checkVisibility({
            visibilityProperty: true, contentVisibilityAuto: true
        })) {
            return false;
        }
        if (each.type === "radio") {
            const known = seen.has(each.name);
            seen.add(each.name);
            return !known;
        }
        return each.getClientRects().length > 0;
    });
    window.reached = new Set();
    window.wanted = new Set(wanted.map((each) => each.type === "radio" ? each.name : each));
    document.addEventListener("focusin", ({ target }) => {
        window.reached.add(target.type === "radio" ? target.name : target);
        const { outlineStyle, boxShadow } = getComputedStyle(target);
        if (outlineStyle === "none" && boxShadow === "none" && target.matches(":focus-visible")) {
            window.unseen = target.outerHTML.slice(0, 120);
        }
    });
    return window.wanted.size;
}"""
NOT_REACHED = """() => [...window.wanted]
    .filter((each) => !window.reached.has(each))
    .map((each) => each.outerHTML ? each.outerHTML.slice(0, 120) : each)"""


def violations(page: Page) -> list[str]:
    """Return the serious and critical violations of a page."""
    page.add_script_tag(path=str(AXE))
    found: list[str] = page.evaluate(RUN_AXE)
    return found


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (NARROW, "dark")])
def test_axe_finds_nothing_serious(
    browser: Browser, whole_book: Path, width: int, scheme: str, tell: Callable[[str], None]
) -> None:
    home = whole_book.as_uri()
    found = {}
    with opened(browser, home, width=width, scheme=scheme) as (page, _):
        for name in names(whole_book):
            page.goto(f"{home}/{name}", wait_until="load")
            page.wait_for_load_state("networkidle")
            page.evaluate("document.querySelectorAll('main details').forEach((d) => d.open = true)")
            found[name] = violations(page)
    tell(f"axe-core: {len(found)} pages, {scheme}, {width} px")
    assert {name: told for name, told in found.items() if told} == {}
    assert len(found) > 5


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_keyboard_reaches_every_control(browser: Browser, whole_book: Path, width: int) -> None:
    home = whole_book.as_uri()
    with opened(browser, home, width=width) as (page, _):
        for name in names(whole_book):
            page.goto(f"{home}/{name}", wait_until="load")
            count = page.evaluate(MARK_CONTROLS)
            assert count > 1, name
            for _ in range(count + 3):
                page.keyboard.press("Tab")
            assert page.evaluate(NOT_REACHED) == [], name
            assert page.evaluate("window.unseen || ''") == "", name
