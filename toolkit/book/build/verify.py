"""Hold the finished pages against results.json: a page may not say a number that is not there."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

from toolkit.book.content.results import Results
from toolkit.errors import ToolkitError


class PageDiffersError(ToolkitError):
    """Pages and results.json that do not say the same."""


def verify_pages(html: Path) -> int:
    """Return how many numbers of the pages were found in results.json as they are printed.

    Parameters
    ----------
    html : Path
        The folder of the built book; every ``<review>/results.json`` in it is held against the
        numbers that name that review.

    Raises
    ------
    PageDiffersError
        Telling every number that differs, with page and line.
    """
    reviews = {
        path.parent.name: Results(path.parent.name, json.loads(path.read_text(encoding="utf-8")))
        for path in sorted(html.glob("*/results.json"))
    }
    checked, told = 0, []
    for page in sorted(html.rglob("*.html")):
        reader = _Quotes()
        reader.feed(page.read_text(encoding="utf-8"))
        reader.close()
        for line, name, text in reader.quotes:
            checked += 1
            trouble = _trouble(reviews, name, text)
            if trouble:
                told.append(f"  {page.relative_to(html).as_posix()}, line {line}: {trouble}")
    if told:
        raise PageDiffersError(
            "The book was not built: its pages and results.json do not say the same.\n"
            + "\n".join(told)
        )
    return checked


def _trouble(reviews: dict[str, Results], name: str, text: str) -> str:
    """Return what is wrong with one quoted number in words, empty when it is right."""
    key, _, path = name.partition(":")
    if key not in reviews:
        return f'the page quotes "{name}", and there is no results.json of {key}.'
    try:
        wanted = str(reviews[key].at(path))
    except ToolkitError as refusal:
        return str(refusal)
    if " ".join(text.split()) == " ".join(wanted.split()):
        return ""
    return f'the page says "{text}", results.json says "{wanted}" ({name}).'


class _Quotes(HTMLParser):
    """Collect (line, name, text) of every element that quotes from results.json."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.quotes: list[tuple[int, str, str]] = []
        self._open: tuple[int, str, str] | None = None
        self._text: list[str] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Start to listen at an element that quotes."""
        name = dict(attrs).get("data-result")
        if self._open is not None:
            self._depth += tag == self._open[2]
        elif name is not None:
            self._open, self._text, self._depth = (self.getpos()[0], name, tag), [], 0

    def handle_endtag(self, tag: str) -> None:
        """Stop at the end of that element."""
        if self._open is None or tag != self._open[2]:
            return
        if self._depth:
            self._depth -= 1
            return
        line, name, _ = self._open
        self.quotes.append((line, name, "".join(self._text)))
        self._open = None

    def handle_data(self, data: str) -> None:
        """Keep the text of a quote."""
        if self._open is not None:
            self._text.append(data)
