"""Every link of the whole book leads somewhere: to a file that is there, to a place in it."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from in_browser import names


class Page(HTMLParser):
    """The places a page has, and the addresses it names."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.places: set[str] = set()
        self.addresses: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.places |= {given[name] for name in ("id", "name") if name in given}
        self.addresses |= {given[name] for name in ("href", "src") if name in given}


def test_no_link_is_broken(whole_book: Path, tell: Callable[[str], None]) -> None:
    paths = [whole_book / name for name in names(whole_book)]
    pages = {path: Page(path.read_text("utf-8")) for path in paths}
    broken, followed = [], 0
    for path, page in pages.items():
        for address in page.addresses:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            place = unquote(parts.fragment)
            known = pages[target].places if target in pages else set()
            followed += 1
            if not target.is_file() or (target in pages and place and place not in known):
                broken.append(f"{path.relative_to(whole_book)}: {address}")
    tell(f"{followed} links within the book, {len(broken)} broken")
    assert broken == []
    assert followed > len(pages)
