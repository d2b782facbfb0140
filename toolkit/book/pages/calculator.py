"""The page of the calculator: what a reader without JavaScript sees of it, and where it loads."""

from __future__ import annotations

from toolkit.book.content.answers import Answers
from toolkit.book.content.calculator import anchor, calculable
from toolkit.book.content.prose import name, size
from toolkit.book.pages.outcome import page_of
from toolkit.html import ABSENT, link, literal, table

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
    anchors = "".join(f'<span id="{literal(anchor(each))}"></span>' for each in calculable(answers))
    scripts = "\n".join(
        f'<script defer src="{source}"></script>'
        for source in ("calculator-data.js", *(f"../calculator/{each}.js" for each in SCRIPTS))
    )
    return "\n".join(
        (
            "# Try it\n",
            "What if your centre's patients were counted too? What if a series were left out? "
            "The pool is computed here, in your browser. Nothing you type leaves it.\n",
            '<noscript><p class="st-small">The calculator needs JavaScript, which is off here. '
            "The review&#8217;s own answers are below, and "
            "<code>toolkit pool --table</code> computes the rest.</p></noscript>\n",
            f"{anchors}\n"
            '<link rel="stylesheet" href="../calculator/calculator.css">\n'
            '<div id="calculator" hidden></div>\n'
            f"{scripts}\n",
            _reading(answers),
            "## The review's own answers\n",
            _own_answers(answers),
        )
    )


def _reading(answers: Answers) -> str:
    """Return how the panel is to be read, and how it computes."""
    return (
        "## What it does\n\n"
        "- The **pool** follows the same model, priors and rules as everywhere in this book, and "
        "agrees with `toolkit pool` to a thousandth. With one series nothing is pooled; with two "
        "only the Bayesian fit is given.\n"
        "- **What one would expect** of your centre comes from the other series alone: it says "
        "how your count sits in the spread of centres, not whether your treatment is better.\n"
        "- **Your centre's own share, drawn towards the others** weighs your count against "
        "theirs: the fewer patients you have, the more it leans on them. It is the ring in the "
        "drawing.\n"
        "- A choice made after seeing the numbers is an exploration. The protocol's own choice is "
        "the answer of this review.\n"
    )


def _own_answers(answers: Answers) -> str:
    """Return the protocol's answer to every outcome that the primary set pools."""
    rows = []
    for outcome in answers.outcomes:
        answer = answers.headline(outcome.key)
        if answer is None or not answer.leading.defined:
            continue
        path = answers.path(outcome.key)
        predicted = ABSENT
        if answer.prediction.defined:
            predicted = f"{answers.results.limits(f'{path}.prediction')} %"
        rows.append(
            (
                link(f"{page_of(outcome.kind)}.html", name(outcome)),
                size(answers, path),
                answers.results.estimate(f"{path}.{answer.lead}"),
                "Typical centre" if answer.lead == "typical" else "Average over centres",
                predicted,
            )
        )
    heading = ("Outcome", "Series", "Answer", "Of what", "A new centre")
    return table(heading, rows) if rows else "The primary set pools nothing yet.\n"
