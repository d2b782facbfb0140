"""How a review and its reports are cited: references, BibTeX, metadata for search engines."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence

from toolkit import __version__
from toolkit.book.content.answers import Answers
from toolkit.book.content.templates import page, sentences
from toolkit.book.pages.data import files_of_numbers
from toolkit.review.review import Review

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
    """Return the series and the other reports as a list in MyST; empty without any."""
    return page("references", review=review, entries=list(_entries(review))).lstrip()


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
        told.add(series.citation)
        yield series.key, series.citation, series.field("year"), series.doi
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


KINDS = {"json": "application/json", "csv": "text/csv"}
"""Media types of the files that hold a review's data, by how their names end."""


def citation_bibtex(answers: Answers) -> str:
    """Return the BibTeX entry of the review itself."""
    review = answers.review
    fields = {
        **({"author": f"{{{escaped(answers.people)}}}"} if answers.people else {}),
        "title": escaped(review.title or review.key),
        "version": __version__,
        "note": escaped(f"{searched(review)}; data {review.fingerprint[:12]}"),
    }
    told = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{review.key}-{__version__},\n{told}\n}}\n"


def dataset_metadata(answers: Answers, prefix: str) -> str:
    """Return the review as a Dataset of schema.org: JSON for a script of a page.

    Parameters
    ----------
    answers : Answers
        What the review says.
    prefix : str
        From the page to the folder of the review's files.
    """
    review = answers.review
    told = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": review.title or review.key,
        "description": review.question,
        "version": __version__,
        "identifier": review.fingerprint,
        **(
            {"creator": {"@type": "Organization", "name": answers.people}} if answers.people else {}
        ),
        "isAccessibleForFree": True,
        "variableMeasured": [outcome.label for outcome in answers.outcomes],
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": f"{prefix}{name}",
                "encodingFormat": KINDS[name.partition(".")[2]],
            }
            for name in ("results.json", "estimates.csv", *files_of_numbers(review))
        ],
    }
    # Within a script only "<" could end it; as an escape it is the same text to a reader of JSON.
    return json.dumps(told, sort_keys=True).replace("<", "\\u003c")


def searched(review: Review) -> str:
    """Return when databases were searched last, in words."""
    return str(sentences(plain=True).searched(review))


def footer(answered: Sequence[Answers]) -> str:
    """Return what stands under every page: version, and of each review its search and its data."""
    told = [
        f"{answers.review.key}: {searched(answers.review)}, data {answers.review.fingerprint[:12]}"
        for answers in answered
    ]
    return " · ".join((f"Series Toolkit {__version__}", *told))
