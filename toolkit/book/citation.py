"""How a review is cited and found: BibTeX, metadata for search engines, the line of the footer."""

from __future__ import annotations

import json
from collections.abc import Sequence

from toolkit import __version__
from toolkit.book.answers import Answers
from toolkit.book.bibliography import escaped
from toolkit.book.data_page import files_of_numbers
from toolkit.review import Review

PEOPLE = "Series Toolkit maintainers"
KINDS = {"json": "application/json", "csv": "text/csv"}
"""Media types of the files that hold a review's data, by how their names end."""


def citation_bibtex(answers: Answers) -> str:
    """Return the BibTeX entry of the review itself."""
    review = answers.review
    fields = {
        "author": f"{{{PEOPLE}}}",
        "title": escaped(review.field("title") or review.key),
        "version": __version__,
        "note": escaped(f"{searched(review)}; data {review.fingerprint[:12]}"),
    }
    told = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{review.key}-{__version__},\n{told}\n}}\n"


def dataset_metadata(answers: Answers, prefix: str) -> str:
    """Return the review as a Dataset of schema.org, in a block of HTML that no reader sees.

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
        "name": review.field("title") or review.key,
        "description": review.field("question"),
        "version": __version__,
        "identifier": review.fingerprint,
        "creator": {"@type": "Organization", "name": PEOPLE},
        "isAccessibleForFree": True,
        "variableMeasured": [outcome.label for outcome in answers.outcomes],
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": f"{prefix}{name}",
                "encodingFormat": KINDS[name.partition(".")[2]],
            }
            for name in ("results.json", "estimates.csv", *dict(files_of_numbers(review)))
        ],
    }
    # Within a script only "<" could end it; as an escape it is the same text to a reader of JSON.
    text = json.dumps(told, sort_keys=True).replace("<", "\\u003c")
    return f'<script type="application/ld+json">{text}</script>\n'


def searched(review: Review) -> str:
    """Return when databases were searched last, in words."""
    when = review.field("last_search")
    return f"last search {when}" if when else "no database search yet"


def footer(answered: Sequence[Answers]) -> str:
    """Return what stands under every page: version, and of each review its search and its data."""
    told = [
        f"{answers.review.key}: {searched(answers.review)}, data {answers.review.fingerprint[:12]}"
        for answers in answered
    ]
    return " · ".join((f"Series Toolkit {__version__}", *told))
