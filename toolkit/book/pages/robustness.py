"""How far the leading answers move: every defensible choice, one series less, one after another."""

from __future__ import annotations

from toolkit.analysis.small_study import small_study
from toolkit.book.content.answers import Answers
from toolkit.book.content.coverage_tables import coverage_tables
from toolkit.book.content.plots import Plots
from toolkit.book.content.prose import moves_in_words, name
from toolkit.book.content.robustness import LEAST_SERIES, Robustness
from toolkit.book.pages.curve_section import curve_section, spread
from toolkit.book.pages.outcome import page_of
from toolkit.book.pages.robustness_sections import counting_section, leaning_section
from toolkit.errors import ToolkitError
from toolkit.html import link, listed, literal, sentence
from toolkit.numerics.normal.meta_regression import FEWEST_SERIES
from toolkit.results.synthesis import Synthesis
from toolkit.review.protocol import Outcome


def robustness_page(answers: Answers, plots: Plots, *, written: str = "") -> str:
    """Return the page as MyST; `written` are words by hand, put in below the heading."""
    blocks = [
        "# Robustness\n",
        written,
        "The choices below are a fixed set, not picked for their results. Each outcome that the "
        f"main set pools from at least {_number(LEAST_SERIES)} series is answered again under them "
        f"all.{_contexts(answers)}\n",
    ]
    for outcome in answers.outcomes:
        found, answer = answers.robustness.get(outcome.key), answers.headline(outcome.key)
        if found is not None and answer is not None:
            blocks.append(_section(answers, plots, outcome, answer, found))
    if not answers.robustness:
        blocks.append("No outcome is pooled from that many series yet.\n")
    blocks += ["## Small series and missing series\n", _small_series(answers, plots)]
    return "\n".join(block for block in blocks if block)


def _contexts(answers: Answers) -> str:
    """Return which sets stand in no comparison, as a sentence."""
    labels = [each.label for each in answers.review.sets if each.role == "context"]
    if not labels:
        return ""
    named = listed([f"<em>{literal(label)}</em>" for label in labels])
    return f" Not among them, because they ask another question: {named}."


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
        leaning_section(answers, plots, outcome, answer, found),
    ]
    if counted := counting_section(answers, outcome):
        blocks += ["### The same question, counted otherwise\n", counted]
    blocks += [
        "### How often the intervals hold what they should\n",
        f"<p>{sentence(found.no_card)}</p>\n"
        if found.card is None
        else coverage_tables(answers.results, f"robustness.{key}.coverage"),
    ]
    return "\n".join(blocks)


def _small_series(answers: Answers, plots: Plots) -> str:
    """Return size against proportion where enough series report, and elsewhere why it is not."""
    drawn = [
        _trend(answers, plots, outcome, answer)
        for outcome in answers.outcomes
        if (answer := answers.headline(outcome.key)) is not None and answer.k >= FEWEST_SERIES
    ]
    told = "" if drawn else _too_few(answers)
    return (
        "<p>Whether small series report other results than large ones is looked at from "
        f"{FEWEST_SERIES} series on. {told}Below that a funnel plot shows chance, and its tests "
        "have hardly any power; for proportions the usual ones also mislead, because the standard "
        "error of a logit depends on the proportion itself. What speaks for missing series is told "
        "in words: what has not been searched yet, and the reports known but not read "
        f"({link(f'series.html#{answers.review.key}-next', 'what to extract next')}).</p>\n\n"
        + "\n".join(drawn)
    )


def _trend(answers: Answers, plots: Plots, outcome: Outcome, answer: Synthesis) -> str:
    """Return size against proportion of one outcome, or why it is not drawn."""
    heading = f"### {name(outcome)}\n\n"
    try:
        found = small_study(answer)
    except ToolkitError as refusal:
        return f"{heading}<p>{sentence(str(refusal))}</p>\n"
    title = f"{outcome.label}: size against proportion"
    return heading + plots.figure("small-study", found, title=title, name=f"{outcome.key}-sizes")


def _too_few(answers: Answers) -> str:
    """Return how many series the outcome with most of them has, as a sentence; or nothing."""
    known = [
        (answer.k, outcome.key)
        for outcome in answers.outcomes
        if (answer := answers.headline(outcome.key)) is not None
    ]
    if not known:
        return ""
    most = answers.results.span(f"{answers.path(max(known)[1])}.k")
    return f"No outcome of the main set has that many series (the most is {most}). "


def _number(count: int) -> str:
    return {2: "two", 3: "three", 4: "four"}.get(count, str(count))
