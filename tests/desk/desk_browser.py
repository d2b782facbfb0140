"""A desk that answers a real browser, and the browser."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from toolkit.desk.app import desk_app
from toolkit.desk.desk import Desk

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
AXE = Path(__file__).resolve().parents[1] / "book" / "vendor" / "axe-core" / "axe.min.js"
RUN_AXE = """async () => {
    const found = await axe.run(document, { resultTypes: ["violations"] });
    return found.violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id, nodes }) => `${id}: ${nodes.length} x ${nodes[0].html.slice(0, 160)}`);
}"""


@contextmanager
def answering(desk: Desk) -> Iterator[str]:
    """Yield the address of a desk on this computer that stops when the block ends."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{listening.getsockname()[1]}"
        app = desk_app(desk, "word", (host,))
        settings = uvicorn.Config(app, log_level="error", lifespan="off", access_log=False)
        server = uvicorn.Server(settings)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://{host}/word/"
        server.should_exit = True
        thread.join(timeout=10)


@contextmanager
def started_browser() -> Iterator[Browser]:
    """Yield a browser; a test is passed over where there is none, and not in CI."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None and not os.environ.get("CI"):
        pytest.skip(f"no browser here (looked for {', '.join(BROWSERS)})")
    assert found, f"these tests must not be left out in CI: install one of {', '.join(BROWSERS)}"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        opened.close()


@contextmanager
def shown(
    browser: Browser, home: str, *, width: int = 1280, scheme: str = "light"
) -> Iterator[Page]:
    """Yield a page; whatever it logs, fails at or asks of another place ends the test."""
    context = browser.new_context(
        viewport={"width": width, "height": 850},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.set_default_timeout(180_000)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda told: wrong.append(told.text) if told.type == "error" else None)
    page.on("dialog", lambda dialog: wrong.append(f"dialog: {dialog.message}"))
    page.on(
        "request",
        lambda asked: None if asked.url.startswith((home, "data:")) else wrong.append(asked.url),
    )
    yield page
    context.close()
    assert wrong == [], wrong


def violations(page: Page) -> list[str]:
    """Return what axe finds serious or critical in a page."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(RUN_AXE)
    return found
