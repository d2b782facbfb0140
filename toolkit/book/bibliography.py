"""The series and reports of a review as a list of references and as BibTeX."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from toolkit.book.text import link, literal
from toolkit.review import Review

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "%": r"\%",
    "&": r"\&",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_DOI = re.compile(r"10\.\d{4,9}/\S+")


def references(review: Review) -> str:
    """Return the series and the other reports as a list in MyST."""
    lines = []
    for _, citation, _, doi in _entries(review):
        address = f" {link(f'https://doi.org/{literal(doi)}', literal(doi))}" if doi else ""
        lines.append(f"<li>{literal(citation)}{address}</li>")
    if not lines:
        return ""
    title = literal(review.field("title") or review.key)
    return f"## {title}\n\n<ul>\n" + "\n".join(lines) + "\n</ul>\n"


def bibtex(review: Review) -> str:
    """Return one BibTeX entry for each series and each other report.

    The citation stands as a whole in ``note``: what was read is kept, nothing is guessed of its
    parts. Characters that mean something to LaTeX are escaped.
    """
    return "\n".join(
        _entry(f"{review.key}-{key}", citation, year, doi)
        for key, citation, year, doi in _entries(review)
    )


def _entries(review: Review) -> Iterator[tuple[str, str, str, str]]:
    """Yield key, citation, year and DOI of each series, then of reports that are no series' own."""
    told = set()
    for series in review.series:
        told.add(series.field("citation"))
        yield series.key, series.field("citation"), series.field("year"), series.field("doi")
    known = {series.key for series in review.series}
    for report in review.reports:
        if report.key not in known and report.citation not in told:
            yield report.key, report.citation, "", ""


def _entry(key: str, citation: str, year: str, doi: str) -> str:
    fields = [("note", escaped(citation))]
    if year.isdecimal():
        fields.append(("year", year))
    if _DOI.fullmatch(doi) and not set(doi) & set("{}\\"):
        fields.append(("doi", doi))
    told = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields)
    return f"@misc{{{key},\n{told}\n}}\n"


def escaped(text: str) -> str:
    """Return text on one line with nothing in it that LaTeX would act on."""
    visible = "".join(
        " " if unicodedata.category(character).startswith("C") else character for character in text
    )
    return "".join(_SPECIAL.get(character, character) for character in " ".join(visible.split()))
