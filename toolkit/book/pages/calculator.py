"""The page of the calculator: what a reader without JavaScript sees of it, and where it loads."""

from __future__ import annotations

from toolkit.book.content.answers import Answers
from toolkit.book.content.calculator import anchor, calculable
from toolkit.book.content.templates import page
from toolkit.book.pages.outcome import page_of

SCRIPTS = (
    "likelihood",
    "maximum",
    "marginal",
    "posterior",
    "what-if",
    "drawing",
    "words",
    "panel",
)
"""The scripts of the calculator, in the order in which they build on each other."""


def calculator_page(answers: Answers) -> str:
    """Return the page as MyST.

    Without JavaScript it says what is pooled and where the calculator's numbers come from; with
    it, the panel appears above.
    """
    known = (answers.answer(each.key) for each in answers.outcomes)
    return page(
        "try-it",
        calculable=calculable(answers),
        anchor=anchor,
        page_of=page_of,
        SCRIPTS=SCRIPTS,
        pooled=[answer for answer in known if answer is not None and answer.pooled],
    )
