"""Books that are built once for all tests that look at them, and the browser that does."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from book_folder import CHECKOUT, make_book
from playwright.sync_api import Browser, sync_playwright

from toolkit.book.build.build import build, from_sheets
from toolkit.load import find_all

FACTS: list[str] = []
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def tell() -> Callable[[str], None]:
    """Return what prints a measured fact when all tests have run."""
    return FACTS.append


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the facts that were told."""
    if FACTS:
        terminalreporter.section("measured of the book")
        for fact in FACTS:
            terminalreporter.write_line(fact)


@pytest.fixture(scope="session")
def built_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the HTML folder of a small book."""
    root = tmp_path_factory.mktemp("built")
    index = build([root / "data"], source=make_book(root), say=lambda line: None)
    return index.parent


@pytest.fixture(scope="session")
def whole_book() -> Path:
    """Return the HTML folder of the checkout's own book, built unless it is up to date."""
    index = CHECKOUT / "book" / "_build" / "html" / "index.html"
    written = [
        path
        for place in ("toolkit", "book", "extractions")
        for path in (CHECKOUT / place).rglob("*")
        if path.is_file() and not {"_build", "answers", "__pycache__"} & {*path.parts}
    ]
    written += [path for path in CHECKOUT.iterdir() if path.is_file()]
    newest = max(path.stat().st_mtime for path in written)
    if index.is_file() and index.stat().st_mtime > newest:
        return index.parent
    return build(find_all(), write_pages=from_sheets).parent


# One for each file of tests: while it is open, no book can be built in the same process.
@pytest.fixture(scope="module")
def browser(whole_book: Path) -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None and not os.environ.get("CI"):
        pytest.skip(f"no browser here (looked for {', '.join(BROWSERS)})")
    assert found, f"these tests must not be left out in CI: install one of {', '.join(BROWSERS)}"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        opened.close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *told: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def served_book(whole_book: Path) -> Iterator[str]:
    """Return the address of the book on a server of this machine."""
    handler = partial(_Quiet, directory=str(whole_book))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
