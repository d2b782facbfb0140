"""What the theme writes that a reader stumbles over, put right in the finished pages."""

from __future__ import annotations

import html as markup
import json
import re
from collections import Counter
from pathlib import Path

from toolkit.errors import ToolkitError

_MENDS = (
    # A list whose entries call themselves what no list may hold.
    (re.compile(r'role="doc-biblioentry"'), 'role="listitem"'),
    # A script would choose between light and dark: without one the page is light, not neither.
    (re.compile(r'(<html [^>]*)data-theme="auto"'), r'\1data-theme="light"'),
    # Titles of icons would be read as the name of a button that has another one.
    (re.compile(r'(class="theme-switch [^"]*"\s+data-mode="\w+")\s+title="[^"]*"'), r"\1"),
)


_HITS = (
    ("linkEl.innerHTML = title;", "linkEl.textContent = title;"),
    (
        'listItem.appendChild(document.createElement("span")).innerHTML =',
        'listItem.appendChild(document.createElement("span")).textContent =',
    ),
)
"""Where Sphinx's search takes a title for HTML: a title comes from a sheet and stays text."""


_INDEX = re.compile(r"(Search\.setIndex\()(.*)(\))", re.DOTALL)


def mend(html: Path) -> None:
    """Put the pages of a finished book right, in place.

    Raises
    ------
    ToolkitError
        When the list of pages for the search, or the search itself, is not as it is known.
    """
    _hits_as_text(html / "_static" / "searchtools.js")
    shared = _shared_titles(html / "searchindex.js")
    for page in sorted(html.rglob("*.html")):
        text = mended = page.read_text(encoding="utf-8")
        for wrong, right in _MENDS:
            mended = wrong.sub(right, mended)
        titles = shared.get(page.relative_to(html).with_suffix("").as_posix())
        if titles is not None:
            old, new = (f"<title>{markup.escape(title)} " for title in titles)
            mended = mended.replace(old, new, 1)
        if mended != text:
            _write(page, mended)


def _hits_as_text(search: Path) -> None:
    """Let the list of hits show titles as text; otherwise a title could run as a program."""
    if not search.is_file():
        return
    text = search.read_text(encoding="utf-8")
    for wrong, right in _HITS:
        if wrong not in text and right not in text:
            raise ToolkitError(
                f"{search.name} of the book is not as this Sphinx is known to write it, so a title "
                "might act in the list of hits: install the Sphinx of requirements.lock."
            )
        text = text.replace(wrong, right)
    _write(search, text)


def _shared_titles(index: Path) -> dict[str, tuple[str, str]]:
    """Return the old and the new title of pages that share one, after changing them in the index.

    Two reviews have pages of the same names: a list of hits and the tabs of a browser say whose.
    """
    if not index.is_file():
        return {}
    text = index.read_text(encoding="utf-8")
    found = _INDEX.fullmatch(text.strip())
    if found is None:
        raise ToolkitError(
            f"{index.name} of the book is not as this Sphinx is known to write it, so pages of one "
            "title cannot be told apart: install the Sphinx of requirements.lock."
        )
    held = json.loads(found[2])
    times = Counter(held["titles"])
    changed = {}
    for place, (page, title) in enumerate(zip(held["docnames"], held["titles"], strict=True)):
        folder = page.rpartition("/")[0]
        if folder and times[title] > 1:
            changed[page] = title, f"{title} ({folder})"
            held["titles"][place] = changed[page][1]
    if changed:
        _write(index, f"{found[1]}{json.dumps(held)}{found[3]}")
    return changed


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as target:
        target.write(text)
