"""How an answer leans on single series, in a page: without each, by subsets, as they came in."""

from __future__ import annotations

from toolkit.book.answers import Answers
from toolkit.book.plots import Plots
from toolkit.book.prose import NOUNS
from toolkit.book.robustness import Robustness
from toolkit.book.text import listed, literal, sentence
from toolkit.review import Outcome
from toolkit.synthesis import Synthesis


def leaning_section(
    answers: Answers, plots: Plots, outcome: Outcome, answer: Synthesis, found: Robustness
) -> str:
    """Return the pool without each series, and folded below it what else single series do."""
    key = outcome.key
    blocks = [
        f"<p>{_without(answers, outcome, answer)}</p>\n",
        plots.figure("leave-one-out", answer, found.without, name=f"{key}-leave-one-out"),
    ]
    if found.influence:
        drawn = plots.figure(
            "influence",
            found.influence,
            title=f"{outcome.label}: what each series does to the pool",
            name=f"{key}-influence",
        )
        told = f"<p>{_influential(answers, outcome, found)}</p>\n"
        blocks.append(
            _folded("Influence: what each series does to the centre and the fit", told + drawn)
        )
    if found.subsets:
        drawn = plots.figure(
            "subsets",
            found.subsets,
            title=f"{outcome.label}: the pool of every subset of series",
            name=f"{key}-subsets",
        )
        told = f"<p>{_subsets(answers, outcome, found)}</p>\n"
        blocks.append(_folded("Every subset of the series, pooled", told + drawn))
    drawn = plots.figure("cumulative", answer, found.since, name=f"{key}-cumulative")
    blocks.append(_folded("As series came in, by year of the report", drawn))
    if found.without_by_effects:
        drawn = plots.figure(
            "leave-one-out",
            found.fits[-1],
            found.without_by_effects,
            name=f"{key}-without-by-effects",
        ) + plots.figure(
            "cumulative", found.fits[-1], found.since_by_effects, name=f"{key}-since-by-effects"
        )
        blocks.append(_folded("The same by inverse variance", drawn))
    refused = "".join(f"<p>{sentence(words)}</p>\n" for words in found.refused)
    return "\n".join(blocks) + refused


def _folded(summary: str, body: str) -> str:
    """Return what is shown when a reader asks for it."""
    return f"<details><summary>{summary}</summary>\n{body}</details>\n"


def _without(answers: Answers, outcome: Outcome, answer: Synthesis) -> str:
    """Return which series the answer leans on most."""
    span, path = answers.results.span, f"robustness.{outcome.key}.without"
    if answers.results.document["robustness"][outcome.key]["without"] is None:
        return "No pool is left without one of them."
    return (
        f"The answer leans most on {span(f'{path}.choice')}: without it, the "
        f"{NOUNS[answer.lead]} is {span(f'{path}.estimate')}."
    )


def _influential(answers: Answers, outcome: Outcome, found: Robustness) -> str:
    """Return which series are called influential under each fit."""
    told = []
    for number, fit in enumerate(found.influence):
        path = f"robustness.{outcome.key}.influence.{number}.rows"
        named = [
            answers.results.span(f"{path}.{place}.label")
            for place, row in enumerate(fit.rows)
            if row.influential
        ]
        told.append(f"By {literal(fit.method.in_words)}: {listed(named) or 'none'}.")
    return (
        "A series is called influential when it moves the centre by more than a standard error, or "
        "when the pool without it lies outside the 50&#160;% confidence region of the whole pool, "
        "by the plain standard error whatever the interval. " + " ".join(told)
    )


def _subsets(answers: Answers, outcome: Outcome, found: Robustness) -> str:
    """Return the range of the pools of all subsets, and which series splits them."""
    span = answers.results.span
    told = []
    for number, each in enumerate(found.subsets):
        path = f"robustness.{outcome.key}.subsets.{number}"
        words = f"By {literal(each.method.in_words)}: {span(f'{path}.pools')} pools of two "
        words += "series or more, "
        words += f"from {span(f'{path}.lowest.estimate')} to {span(f'{path}.highest.estimate')}"
        if not each.with_it.all():
            words += (
                f"; the median is {span(f'{path}.with_it.estimate')} with "
                f"{span(f'{path}.moves_most')}, whose presence moves it most, and "
                f"{span(f'{path}.without_it.estimate')} without"
            )
        if each.left_out:
            words += f" ({span(f'{path}.left_out')} more have no estimate)"
        told.append(f"{words}.")
    return " ".join(told)
