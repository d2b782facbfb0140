"""How far the leading answers move: every defensible choice, one series less, one after another."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.book.answers import Answers
from toolkit.book.coverage_table import coverage_table
from toolkit.book.curve_section import curve_section, spread
from toolkit.book.outcome_page import page_of
from toolkit.book.plots import Plots
from toolkit.book.prose import NOUNS, moves_in_words, name
from toolkit.book.robustness import LEAST_SERIES, Robustness
from toolkit.book.text import link
from toolkit.review import Outcome
from toolkit.synthesis import Synthesis

LEAST_FOR_SMALL_STUDIES = 10
"""Series from which a relation between size and result can be told from chance at all."""


def robustness_page(answers: Answers, plots: Plots, *, written: str = "") -> str:
    """Return the page as MyST; `written` are words by hand, put in below the heading."""
    blocks = [
        "# Robustness\n",
        written,
        "The choices below are a fixed set, not picked for their results. Each outcome that the "
        f"main set pools from at least {_number(LEAST_SERIES)} series is answered again under them "
        "all.\n",
    ]
    for outcome in answers.outcomes:
        found, answer = answers.robustness.get(outcome.key), answers.headline(outcome.key)
        if found is not None and answer is not None:
            blocks.append(_section(answers, plots, outcome, answer, found))
    if not answers.robustness:
        blocks.append("No outcome is pooled from that many series yet.\n")
    blocks += ["## Small series and missing series\n", _small_series(answers)]
    return "\n".join(block for block in blocks if block)


def _section(
    answers: Answers, plots: Plots, outcome: Outcome, answer: Synthesis, found: Robustness
) -> str:
    """Return what moves one outcome, each way told in a sentence and drawn."""
    key = outcome.key
    whole = link(f"{page_of(outcome.kind)}.html", "Every analysis of it")
    blocks = [
        f"({answers.review.key}-robustness-{key})=\n## {name(outcome)}\n",
        f'<p class="st-answer">{spread(answers, outcome)}</p>\n',
        f"<p>{moves_in_words(answers, outcome)} {whole}.</p>\n",
        "### Under every choice\n",
        curve_section(answers, plots, outcome),
        "### Without each series\n",
        f"<p>{_without(answers, outcome, answer)}</p>\n",
        plots.figure("leave-one-out", answer, found.without, name=f"{key}-leave-one-out"),
    ]
    if found.card is not None:
        blocks += [
            "### How often the intervals hold what they should\n",
            coverage_table(answers.results, f"robustness.{key}.coverage"),
        ]
    return "\n".join(blocks)


def _without(answers: Answers, outcome: Outcome, answer: Synthesis) -> str:
    """Return which series the answer leans on most."""
    span, path = answers.results.span, f"robustness.{outcome.key}.without"
    if answers.results.document["robustness"][outcome.key]["without"] is None:
        return "No pool is left without one of them."
    return (
        f"The answer leans most on {span(f'{path}.choice')}: without it, the "
        f"{NOUNS[answer.lead]} is {span(f'{path}.estimate')}."
    )


def _small_series(answers: Answers) -> str:
    """Return why there is no funnel plot, or where its reading begins."""
    most = max((answer.k for answer in _pooled(answers)), default=0)
    least = LEAST_FOR_SMALL_STUDIES
    told = (
        "Whether small series report other results than large ones is not tested here: no outcome "
        f"of the main set has {least} series (the most is {most}). "
        if most < least
        else ""
    )
    return (
        f"<p>{told}Below {least} series a funnel plot shows chance, and its tests have hardly any "
        "power; for proportions the usual ones also mislead, because the standard error of a logit "
        "depends on the proportion itself. What speaks for missing series is told in words: what "
        "has not been searched yet, and the reports known but not read "
        f"({link(f'series.html#{answers.review.key}-next', 'what to extract next')}).</p>\n"
    )


def _pooled(answers: Answers) -> Sequence[Synthesis]:
    """Return the protocol's pools of the main set."""
    found = (answers.headline(outcome.key) for outcome in answers.outcomes)
    return [answer for answer in found if answer is not None]


def _number(count: int) -> str:
    return {2: "two", 3: "three", 4: "four"}.get(count, str(count))
