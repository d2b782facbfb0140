"""What a page did while it was open: what it asked for, and what went wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request

WIDE, NARROW = 1280, 390


@dataclass
class Heard:
    """What was heard of a page.

    Attributes
    ----------
    home : str
        How the addresses of the book itself begin.
    asked : list of str
        Addresses of the book that were asked for since the page was opened.
    outside : list of str
        Addresses of anybody else.
    wrong : list of str
        Errors and warnings of the console, uncaught errors, files that are not there.
    """

    home: str
    asked: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        """Hear all that the page does from now on."""
        page.on("request", self._request)
        page.on("requestfailed", self._failed)
        page.on("pageerror", lambda error: self.wrong.append(f"{page.url}: {error}"))
        page.on("console", self._console)

    def _failed(self, asked: Request) -> None:
        # What was still on its way when the next page was opened is no missing file.
        if asked.failure != "net::ERR_ABORTED":
            self.wrong.append(f"not there: {asked.url}")

    def _request(self, request: Request) -> None:
        whose = self.asked if request.url.startswith((self.home, "data:")) else self.outside
        whose.append(request.url)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.wrong.append(f"{message.location['url']}: {message.text}")


@contextmanager
def opened(
    browser: Browser, home: str, *, width: int = WIDE, scheme: str = "light", scripts: bool = True
) -> Iterator[tuple[Page, Heard]]:
    """Yield a fresh page of a browser window, and what is heard of it."""
    context = browser.new_context(
        viewport={"width": width, "height": 850},
        color_scheme="dark" if scheme == "dark" else "light",
        java_script_enabled=scripts,
        reduced_motion="reduce",
    )
    page, heard = context.new_page(), Heard(home=home)
    heard.listen(page)
    yield page, heard
    context.close()


def names(html: Path) -> list[str]:
    """Return every page of a book, as the place it has in the folder."""
    every = (path.relative_to(html) for path in html.rglob("*.html"))
    # The theme leaves templates of its own behind, which are no pages.
    return sorted(path.as_posix() for path in every if path.parts[0] != "_static")


def weight(html: Path, home: str, asked: list[str]) -> int:
    """Return how many bytes of a book some addresses stand for, each counted once."""
    files = {
        html / unquote(urlsplit(url.removeprefix(home)).path).lstrip("/")
        for url in asked
        if url.startswith(home)
    }
    return sum(path.stat().st_size for path in files if path.is_file())
