"""What is no mistake in a sheet and is worth a look before a book of the review is printed."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.review.review import Review

_OF_THE_EXAMPLE = "invented example"


def remarks(review: Review) -> Iterator[str]:
    """Yield what to look at in a checked review: reports, authors, status.

    Nothing of it changes a number; each stands in the book as the sheets have it.
    """
    recorded = {each.series for each in review.reports} | {each.key for each in review.reports}
    for series in review.series:
        if series.key not in recorded:
            yield (
                f"reports.csv has no line for series {series.key}: the flow of reports leaves it "
                f"out. Write: {series.key},CITATION,{series.key},included,,"
            )
    if review.series and not review.authors:
        yield (
            "review.toml names no authors, so that the review is cited without any. Write: "
            'authors = ["A. Smith", "B. Jones"]'
        )
    invented = any(_OF_THE_EXAMPLE in series.extracted_by for series in review.series)
    if _OF_THE_EXAMPLE in review.status and not invented:
        yield "status in review.toml speaks of an invented example, and there is none any more."
