"""What the theme writes that a screen reader stumbles over, put right in the finished pages."""

from __future__ import annotations

import re
from pathlib import Path

_MENDS = (
    # A list whose entries call themselves what no list may hold.
    (re.compile(r'role="doc-biblioentry"'), 'role="listitem"'),
    # Titles of icons would be read as the name of a button that has another one.
    (re.compile(r'(class="theme-switch [^"]*"\s+data-mode="\w+")\s+title="[^"]*"'), r"\1"),
)


def mend(html: Path) -> None:
    """Put the pages of a finished book right, in place."""
    for page in sorted(html.rglob("*.html")):
        text = mended = page.read_text(encoding="utf-8")
        for wrong, right in _MENDS:
            mended = wrong.sub(right, mended)
        if mended != text:
            with page.open("w", encoding="utf-8", newline="\n") as target:
                target.write(mended)
