"""Tables that a paper prints in two pieces, put together again."""

from __future__ import annotations

import re
from dataclasses import replace

from toolkit.papers.characters import fold
from toolkit.papers.document import Document, PaperTable, Row

_CONTINUED = re.compile(
    r"\(?\s*\b(?:cont(?:inued|inuation|\.|d\.?|'d)?)(?=\W|$)\)?\.?", re.IGNORECASE
)


def joined(document: Document) -> Document:
    """Return a document in which a table and its continuation are one table.

    A piece continues the last table of the same label where its caption says so, or caption and
    heads are the same, and it has as many columns.
    """
    tables: list[PaperTable] = []
    for table in document.tables:
        last = next((at for at, each in enumerate(tables) if each.label == table.label), None)
        if last is not None and _continues(tables[last], table):
            tables[last] = _together(tables[last], table)
        else:
            tables.append(table)
    return replace(document, tables=tuple(tables))


def _continues(first: PaperTable, second: PaperTable) -> bool:
    """Tell whether a table goes on in another."""
    if first.width != second.width:
        return False
    said = _CONTINUED.search(second.caption)
    rest = fold(_CONTINUED.sub("", second.caption))
    same = rest == fold(_CONTINUED.sub("", first.caption))
    heads_alike = [_words(row) for row in first.header] == [_words(row) for row in second.header]
    return bool(said) or (same and bool(rest) and heads_alike)


def _together(first: PaperTable, second: PaperTable) -> PaperTable:
    """Return both pieces as one table; a head that is printed again is left out."""
    again = [_words(row) for row in first.header] or [_words(first.body[0])]
    header = second.header if [_words(row) for row in second.header] != again else ()
    body = list(second.body)
    known = {_words(row) for row in (*first.header, *first.body[:3])}
    while body and _words(body[0]) in known and any(_words(body[0])):
        body.pop(0)
    return replace(
        first,
        body=(*first.body, *header, *body),
        notes=tuple(dict.fromkeys((*first.notes, *second.notes))),
    )


def _words(row: Row) -> tuple[str, ...]:
    """Return the words of a row."""
    return tuple(each.text for each in row)
