"""Find what a folder of HTML would load from another machine: a book must stand alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

OUTSIDE = re.compile(r"(?:https?:)?//[^\s\"'()<>,;]+", re.IGNORECASE)
# A link is followed by a reader; these relations of <link> are followed by the browser by itself.
LOADED_RELATIONS = {
    "stylesheet",
    "icon",
    "apple-touch-icon",
    "manifest",
    "preload",
    "prefetch",
    "modulepreload",
    "preconnect",
    "dns-prefetch",
}
LOADING_ATTRIBUTES = {"src", "srcset", "poster", "data", "background"}
HREF_LOADED_BY = {"image", "use", "feimage", "script"}
CSS_LOADS = re.compile(r"(?:url\(|@import)\s*[\"']?\s*((?:https?:)?//[^\s\"')]+)", re.IGNORECASE)
# In scripts an address is mostly a namespace, a licence or a link. What loads is a call, an
# assignment to a source, or an address that ends in the name of a file a page is made of.
SCRIPT_LOADS = re.compile(
    r"(?:\b(?:fetch|import|importScripts|Worker|EventSource|WebSocket|sendBeacon|getScript)\s*\(\s*"
    r"|\.(?:src|href)\s*=\s*|\bfrom\s*|\bimport\s*)[\"'`]((?:https?:|wss?:)?//[^\"'`\s]+)"
    r"|[\"'`]((?:https?:)?//[^\"'`\s]+\.(?:m?js|css|woff2?|ttf|json|wasm|png|svg)(?:\?[^\"'`\s]*)?)[\"'`]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideLoad:
    """A request that opening a page would send to another machine.

    Attributes
    ----------
    file : Path
        The file that asks for it, within the HTML folder.
    line : int
        Its line, from 1.
    address : str
        What it asks for.
    """

    file: Path
    line: int
    address: str

    def __str__(self) -> str:
        """Return the load in one line."""
        return f"{self.file.as_posix()}, line {self.line}: {self.address}"


def outside_loads(folder: Path) -> list[OutsideLoad]:
    """Return every load from another machine in the pages, styles and scripts of a folder.

    Parameters
    ----------
    folder : Path
        A folder of HTML as a reader would open it.

    Notes
    -----
    Scripts are read as text, so an address that a script puts together is not seen here: the tests
    that open the pages in a browser see it.
    """
    found: list[OutsideLoad] = []
    for path in sorted(folder.rglob("*")):
        within = path.relative_to(folder)
        if not path.is_file():
            continue
        match path.suffix.lower():
            case ".html" | ".svg":
                pairs = _in_markup(path.read_text(encoding="utf-8"))
            case ".css":
                pairs = _matches(CSS_LOADS, path.read_text(encoding="utf-8"))
            case ".js" | ".mjs":
                pairs = _matches(SCRIPT_LOADS, path.read_text(encoding="utf-8"))
            case _:
                pairs = []
        found += [OutsideLoad(file=within, line=line, address=text) for line, text in pairs]
    return found


def _matches(pattern: re.Pattern[str], text: str) -> list[tuple[int, str]]:
    """Return the line and the address of each match."""
    return [
        (text.count("\n", 0, match.start()) + 1, next(group for group in match.groups() if group))
        for match in pattern.finditer(text)
    ]


def _in_markup(text: str) -> list[tuple[int, str]]:
    reader = _Markup()
    reader.feed(text)
    reader.close()
    return reader.loads


class _Markup(HTMLParser):
    """Collect (line, address) of what a page loads by itself."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.loads: list[tuple[int, str]] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at the attributes that make a browser ask for something."""
        values = {name: value or "" for name, value in attrs}
        self._inside = tag if tag in {"script", "style"} else ""
        relations = set(values.get("rel", "").lower().split())
        for name, value in values.items():
            local = name.removeprefix("xlink:")
            if name == "style":
                self._add(CSS_LOADS, value)
            elif (
                name in LOADING_ATTRIBUTES
                or (local == "href" and tag in HREF_LOADED_BY)
                or (name == "href" and tag == "link" and relations & LOADED_RELATIONS)
                or (name == "content" and values.get("http-equiv", "").lower() == "refresh")
            ):
                self._add(OUTSIDE, value)

    def handle_endtag(self, tag: str) -> None:
        """Leave a script or a style."""
        self._inside = ""

    def handle_data(self, data: str) -> None:
        """Look into scripts and styles that stand in the page."""
        if self._inside == "script":
            self._add(SCRIPT_LOADS, data)
        elif self._inside == "style":
            self._add(CSS_LOADS, data)

    def _add(self, pattern: re.Pattern[str], text: str) -> None:
        if pattern is OUTSIDE and text.lstrip().startswith(("data:", "#")):
            return
        first_line = self.getpos()[0]
        for match in pattern.finditer(text):
            address = next((group for group in match.groups() if group), match.group())
            self.loads.append((first_line + text.count("\n", 0, match.start()), address))
