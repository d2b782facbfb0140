"""What the review asks and how it answers, and what it reports of what PRISMA wants."""

from __future__ import annotations

from markupsafe import Markup

from toolkit.analysis.study_differences import study_differences
from toolkit.book.content.answers import Answers, heading_of, page_of
from toolkit.book.content.contents import kinds
from toolkit.book.content.templates import page
from toolkit.book.pages.summary import leading_outcome

PROTOCOL_FILE = "review.toml"
"""Name of the protocol among the files that can be downloaded."""


def protocol_page(answers: Answers, *, written: str = "") -> str:
    """Return the page as MyST; `written` are words by hand, put in below the heading."""
    review = answers.review
    return page(
        "protocol",
        review=review,
        written=Markup(written),
        outcomes=[each for each in review.outcomes if each.shown] or review.outcomes,
        rungs={rung for chain in review.order.chains for rung in chain.rungs},
    )


def checklists_page(answers: Answers, *, alone: bool) -> str:
    """Return the page as MyST.

    Parameters
    ----------
    answers : Answers
        What the review says.
    alone : bool
        Whether the review is the whole book, so that its summary is the book's first page.
    """
    review = answers.review
    harms = {each.kind for each in answers.outcomes if each.grade and each.direction == "harm"}
    first = leading_outcome(answers)
    answer = None if first is None else answers.headline(first.key)
    pages = [(page_of(kind), heading_of(kind)) for kind in kinds(answers)]
    return page(
        "checklists",
        review=review,
        alone=alone,
        leading=page_of(first.kind)
        if first is not None and answer is not None and study_differences(review, answer)
        else "",
        pages=pages,
        harms=[(page_of(kind), heading_of(kind)) for kind in kinds(answers) if kind in harms],
        has_appraisal=any(series.appraisal for series in review.series),
    )
