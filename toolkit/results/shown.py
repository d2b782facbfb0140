"""Results as a reader meets them: a table in a terminal, the same table in a notebook."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

# Digits of such cells stand below each other.
_NUMBER = re.compile(r"n \d+|[−+-]?[\d.]+(?:–\d+)?(?:/\d+)?|")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A table in words.

    Attributes
    ----------
    title : str
        What it shows.
    under : str
        The line below the title.
    heading : tuple of str
    rows : tuple of tuple of str
        As many cells as the heading has.
    notes : tuple of str
        What must be said beside it, in sentences.
    """

    title: str = ""
    under: str = ""
    heading: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()


class Shown:
    """What prints as a table, and is shown as one in a notebook."""

    __slots__ = ()

    def __str__(self) -> str:
        """Return the table as lines of text."""
        return text_of(self._listings())

    def _repr_html_(self) -> str:
        """Return the table as HTML, for a notebook."""
        return html_of(self._listings())

    def _listings(self) -> Sequence[Listing]:
        # What stands in the tables is written above these records, which it knows all.
        from toolkit.results.listings import listings_of

        return listings_of(self)


def text_of(listings: Sequence[Listing]) -> str:
    """Return tables as lines of text, an empty line between two of them."""
    return "\n\n".join("\n".join(_lines(each)) for each in listings)


def _lines(listing: Listing) -> list[str]:
    """Return one table as lines; all below the title is indented."""
    lines = [listing.under] if listing.under else []
    if listing.rows:
        cells = [listing.heading, *listing.rows]
        widths = [max(len(row[place]) for row in cells) for place in range(len(listing.heading))]
        numbers = _numbers(listing)
        lines += [
            "  ".join(
                cell.rjust(width) if number else cell.ljust(width)
                for cell, width, number in zip(row, widths, numbers, strict=True)
            ).rstrip()
            for row in cells
        ]
    lines += listing.notes
    inside = [f"  {line}" for line in lines]
    return [listing.title, *inside] if listing.title else lines


def html_of(listings: Sequence[Listing]) -> str:
    """Return tables as HTML; their words come from sheets and are text there."""
    return "\n".join(_html(each) for each in listings)


def _html(listing: Listing) -> str:
    """Return one table as HTML."""
    aligned = [
        ' style="text-align: right"' if number else ' style="text-align: left"'
        for number in _numbers(listing)
    ]
    words = ". ".join(part for part in (listing.title, listing.under) if part)
    parts = ["<table>", f"<caption>{html.escape(words)}</caption>" if words else ""]
    for tag, rows in (("th", [listing.heading]), ("td", listing.rows)):
        parts += [
            "<tr>"
            + "".join(
                f"<{tag}{style}>{html.escape(cell)}</{tag}>"
                for cell, style in zip(row, aligned, strict=True)
            )
            + "</tr>"
            for row in rows
        ]
    parts.append("</table>")
    parts += [f"<p>{html.escape(note)}</p>" for note in listing.notes]
    return "\n".join(filter(None, parts))


def _numbers(listing: Listing) -> list[bool]:
    """Return for each column but the first whether it holds numbers alone."""
    return [
        place > 0 and all(_NUMBER.fullmatch(row[place]) for row in listing.rows)
        for place in range(len(listing.heading))
    ]
