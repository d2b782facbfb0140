"""The built book in a real browser: nothing asked of others, nothing broken, nothing too wide."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None and not os.environ.get("CI"):
        pytest.skip(f"no browser here (looked for {', '.join(NAMES)})")
    assert found, f"these tests must not be left out in CI: install one of {', '.join(NAMES)}"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        opened.close()


def look(page: Page, html: Path) -> tuple[list[str], list[str]]:
    """Open every page; return what was asked of other machines and what went wrong."""
    outside: list[str] = []
    wrong: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            wrong.append(message.text)

    page.on("request", lambda asked: asked.url.startswith("http") and outside.append(asked.url))
    page.on("requestfailed", lambda asked: wrong.append(f"not there: {asked.url}"))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", hear)
    for path in sorted(html.glob("*.html")):
        page.goto(path.as_uri(), wait_until="networkidle")
        width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if width > 0:
            wrong.append(f"{path.name} is {width} px too wide")
    return outside, wrong


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_pages_open_alone(browser: Browser, built_book: Path, width: int, scheme: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 850}, color_scheme=scheme)
    page = context.new_page()
    outside, wrong = look(page, built_book)
    assert outside == []
    assert wrong == []
    assert page.evaluate("document.documentElement.dataset.theme") == scheme
    page.goto((built_book / "methods.html").as_uri())
    page.wait_for_selector("mjx-container svg", state="attached")
    context.close()
