"""Text of a sheet on its way into a page: it is shown as it stands and can never act.

A page is MyST, so text passes through two readers: MyST (headings, roles, directives, raw HTML) and
the browser. Character references are plain text to both, in a paragraph, a heading, a table and an
attribute alike; so one way of writing serves every place.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence

LONG = 60
"""Characters from which a cell of a table is given room, so that its row does not grow tall."""

PHRASE = 20
"""Characters from which a cell is not made as narrow as its longest word."""

ABSENT = "–"
"""What stands in a cell of which nothing is known."""

_COUNT = re.compile(r"\d+(?:–\d+)?(?:/\d+)?\*?|–")
_AT_RIGHT = ' class="st-count"'
_TAG = re.compile(r"<[^>]*>")
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def literal(text: str) -> str:
    """Return text of a sheet as character references: literal in MyST, in HTML and in attributes.

    White space is run together and characters that cannot be seen (controls, marks that turn the
    direction of writing) become a space, so that a cell can neither end a line nor hide anything.

    Examples
    --------
    >>> literal("<b> {raw}`x`")
    '&#60;b&#62; &#123;raw&#125;&#96;x&#96;'
    >>> literal("10 of 38 (26 %)")
    '10 of 38 &#40;26 &#37;&#41;'
    """
    visible = "".join(
        " " if unicodedata.category(character) in _INVISIBLE else character for character in text
    )
    return "".join(map(_reference, " ".join(visible.split())))


def _reference(character: str) -> str:
    """Return a character, by its number wherever it could mean anything to MyST or HTML."""
    harmless = character == " " or character.isalnum() or ord(character) > 127
    return character if harmless else f"&#{ord(character)};"


def table(
    heading: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    caption: str = "",
    key: str = "",
    in_order: bool = False,
) -> str:
    """Return an HTML table in a box that scrolls by itself on a narrow screen.

    Parameters
    ----------
    heading : sequence of str
        Column headings, as HTML.
    rows : iterable of sequence of str
        Cells as HTML: whatever comes from a sheet has gone through `literal`. The first cell of
        each row is its heading.
    caption : str, optional
        What the table shows, as HTML; a number is put before it.
    key : str, optional
        With a caption: the table can be referred to as ``table-key``.
    in_order : bool
        Whether the order of the rows says something, so that a reader is not offered another.
    """
    rows = list(rows)
    told = f"<caption>{place('table', key)} {caption}</caption>" if caption else ""
    identity = f' id="table-{key}"' if key else ""
    # A box that scrolls takes the focus: it says whose box it is.
    words = _TAG.sub("", caption or heading[0]).replace('"', "&quot;")
    named = f'tabindex="0" role="group" aria-label="Table: {words}"'
    counts = [_counts([row[column] for row in rows]) for column in range(1, len(heading))]
    head = "".join(
        f'<th scope="col"{_AT_RIGHT if right else ""}>{cell}</th>'
        for cell, right in zip(heading, (False, *counts), strict=True)
    )
    body = "\n".join(
        "<tr>"
        + _cell(row[0], tag='th scope="row"')
        + "".join(map(_cell, row[1:], counts))
        + "</tr>"
        for row in rows
    )
    # No empty line may stand inside: it would end the block of HTML for MyST.
    return (
        f'<div class="st-table{" st-in-order" if in_order else ""}" {named}{identity}><table>'
        f"{told}<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>\n"
    )


def without_silent_columns(
    heading: Sequence[str], rows: Sequence[Sequence[str]], silent: Collection[str] = (ABSENT,)
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return heading and rows without the columns in which every row says one of `silent`.

    The first column, of names, always stays.
    """
    kept = [
        place
        for place in range(len(heading))
        if place == 0 or any(_words(row[place]) not in silent for row in rows)
    ]
    return (
        tuple(heading[place] for place in kept),
        [tuple(row[place] for place in kept) for row in rows],
    )


def _counts(cells: Sequence[str]) -> bool:
    """Return whether a column holds counts alone, so that its digits stand below each other."""
    words = list(map(_words, cells))
    return any(map(str.isdigit, "".join(words))) and all(map(_COUNT.fullmatch, words))


def _words(cell: str) -> str:
    """Return what a cell says, without its markup."""
    return html.unescape(_TAG.sub("", cell))


def _cell(cell: str, right: bool = False, *, tag: str = "td") -> str:
    """Return a cell of a table, marked where its text is long or its digits align."""
    size = max(len(_words(line)) for line in cell.split("<br>"))
    room = "st-long" if size > LONG else "st-phrase" if size > PHRASE else ""
    named = _AT_RIGHT if right else f' class="{room}"' if room else ""
    return f"<{tag}{named}>{cell}</{tag.split()[0]}>"


def listed(words: Sequence[str], *, conjunction: str = "and") -> str:
    """Return words as a list in a sentence: ``a``, ``a and b``, ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"


def place(kind: str, name: str = "") -> str:
    """Return where a caption's number will stand.

    Parameters
    ----------
    kind : {"figure", "table"}
        What is captioned.
    name : str
        With it the caption's element has the id ``kind-name`` and can be referred to.
    """
    return f'<b data-numbered="{kind}-{name}"></b>'


def reference(kind: str, name: str) -> str:
    """Return a link whose text will be the number of a figure or table of any review."""
    return f'<a data-refers="{kind}-{name}"></a>'
