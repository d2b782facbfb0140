"""Figures and tables get numbers in reading order, and what refers to them is told the number."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolkit.errors import ToolkitError

_PLACE = re.compile(r'<b data-numbered="(?P<kind>figure|table)-(?P<name>[^"]*)"></b>')
_REFERENCE = re.compile(r'<a data-refers="(?P<anchor>[\w-]+)"></a>')


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """What can be referred to.

    Attributes
    ----------
    page : str
        Name of its page without an ending, from the book's folder on.
    words : str
        ``Figure 4``.
    """

    page: str
    words: str


def number(pages: Sequence[tuple[str, str]]) -> tuple[dict[str, str], dict[str, Numbered]]:
    """Return the pages of one review with their captions numbered, and what they caption.

    Parameters
    ----------
    pages : sequence of (name, text)
        The pages in reading order.

    Returns
    -------
    pages : dict of str to str
        Their texts.
    numbered : dict of str to Numbered
        Each named figure and table by its id; where two pages show it, as on the later one.
    """
    counts: Counter[str] = Counter()
    numbered: dict[str, Numbered] = {}
    told: dict[str, str] = {}
    for page, text in pages:

        def filled(found: re.Match[str], page: str = page) -> str:
            kind, name = found["kind"], found["name"]
            counts[kind] += 1
            words = f"{kind.capitalize()} {counts[kind]}"
            if name:
                numbered[f"{kind}-{name}"] = Numbered(page=page, words=words)
            return f'<b data-numbered="{kind}-{name}">{words}.</b>'

        told[page] = _PLACE.sub(filled, text)
    return told, numbered


def refer(page: str, text: str, numbered: Mapping[str, Numbered]) -> str:
    """Return a page with its references filled in; what has no number of its own refers to it.

    Raises
    ------
    ToolkitError
        When the page refers to what is nowhere.
    """

    def linked(anchor: str, *, after: str = "") -> str:
        target = numbered[anchor]
        home = os.path.relpath(target.page, Path(page).parent).replace(os.sep, "/")
        return f'<a data-refers="{anchor}" href="{home}.html#{anchor}">{target.words}{after}</a>'

    def filled(found: re.Match[str]) -> str:
        if found["anchor"] not in numbered:
            raise ToolkitError(f'{page} refers to "{found["anchor"]}", which no page shows.')
        return linked(found["anchor"])

    def elsewhere(found: re.Match[str]) -> str:
        anchor = f"{found['kind']}-{found['name']}"
        return linked(anchor, after=".") if anchor in numbered else ""

    return _PLACE.sub(elsewhere, _REFERENCE.sub(filled, text))
