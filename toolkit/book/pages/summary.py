"""The first page of a review: the answer, what moves it most, and what is still missing."""

from __future__ import annotations

from toolkit import __version__
from toolkit.book.content.answers import Answers
from toolkit.book.content.calculator import PAGE, anchor, calculable
from toolkit.book.content.citations import dataset_metadata, searched
from toolkit.book.content.plots import Plots, beside
from toolkit.book.content.prose import (
    answer_in_words,
    cautions,
    moves_in_words,
    name,
    one_series,
    size,
    wider_set,
)
from toolkit.book.pages.data import files_of_numbers
from toolkit.book.pages.findings_table import findings_table
from toolkit.book.pages.outcome import figure_of, page_of
from toolkit.html import ABSENT, link, literal, stacked, table, without_silent_columns
from toolkit.results.synthesis import Synthesis
from toolkit.review.protocol import Outcome

LEAFLET = "summary.pdf"
"""Name of the review on two printed pages, in the folder of its files."""


def summary_page(answers: Answers, plots: Plots, *, prefix: str, written: str = "") -> str:
    """Return the page as MyST.

    Parameters
    ----------
    answers : Answers
        What the review says.
    plots : Plots
        Where its figures go.
    prefix : str
        From this page to the folder of the review's other pages (``smith-review/``).
    written : str
        Words written by hand for this review, put in below the answer.
    """
    review = answers.review
    blocks = [f"# {literal(review.title or review.key)}\n"]
    if review.question:
        blocks.append(f'<p class="st-question">{literal(review.question)}</p>\n')
    blocks += lead(answers, plots, prefix)
    blocks += [written, _status(answers)]
    blocks += ["## Every outcome\n", _pooled_table(answers), _single_table(answers)]
    blocks.append(findings_table(answers))
    blocks += ["## What moves each answer most\n", _moves(answers)]
    blocks += ["## Cite and download\n", citation(answers), _downloads(answers, prefix)]
    blocks.append(dataset_metadata(answers, prefix))
    return "\n".join(block for block in blocks if block)


def lead(answers: Answers, plots: Plots, prefix: str) -> list[str]:
    """Return the answer to the first outcome that is pooled, with its picture, as blocks of MyST.

    Parameters
    ----------
    answers, plots, prefix
        As for `summary_page`.
    """
    first = leading_outcome(answers)
    if first is None:
        return ["No series reports any of the outcomes yet.\n"]
    answer = answers.headline(first.key)
    beneath = (
        moves_in_words(answers, first),
        cautions(answers, first),
        _further(answers, first, prefix),
    )
    blocks = [
        '<div class="st-lead">\n'
        f'<p class="st-answer">{name(first)}: {answer_in_words(answers, first)}</p>\n'
        + "".join(f"<p>{told}</p>\n" for told in beneath if told)
        + "</div>\n"
    ]
    if answer is not None:
        # Without comparators it is the drawing of the outcome's own page.
        own = f"{first.key}-alone" if beside(answers.review, first) else first.key
        blocks.append(plots.forest(answer, (), own))
    return blocks


def leading_outcome(answers: Answers) -> Outcome | None:
    """Return the first outcome that is pooled, else the first that is reported, if there is one."""
    for outcome in answers.outcomes:
        answer = answers.headline(outcome.key)
        if answer is not None and answer.leading.defined:
            return outcome
    return answers.outcomes[0] if answers.outcomes else None


def _further(answers: Answers, outcome: Outcome, prefix: str) -> str:
    """Return where every analysis of an outcome stands, and where a reader can vary it."""
    others = ", with other treatments beside it" if beside(answers.review, outcome) else ""
    drawn = figure_of(answers, outcome)
    shown = f" ({drawn})" if drawn else ""
    whole = link(f"{prefix}{page_of(outcome.kind)}.html", "Every analysis of it")
    told = f"{whole}{others}{shown}."
    if outcome in calculable(answers):
        address = literal(f"{prefix}{PAGE}.html#{anchor(outcome)}")
        told += f" {link(address, 'Try it: leave series out, or count your own centre in')}."
    return told


def _status(answers: Answers) -> str:
    """Return how far the search and the extraction have come, as a box."""
    review = answers.review
    last = review.last_search
    told = literal(review.status)
    if not told:
        told = "" if last else "A database search is still to be done."
    lines = [
        ":::{admonition} How far this review has come",
        ":class: important",
        f"Last database search: **{literal(last) or 'none yet'}**. {told}",
        "",
        f"{recorded(answers)} They are listed under "
        "{ref}`what to extract next <" + f"{review.key}-next>`.",
        ":::\n",
    ]
    return "\n".join(lines)


def recorded(answers: Answers) -> str:
    """Return how many series there are, and how many reports nobody has read, as HTML."""
    span = answers.results.span
    return (
        f"Series recorded: {span('series.recorded')}, of which extracted by one person and not yet "
        f"checked: {span('series.unchecked')}. Reports not read yet: {span('series.quoted')} whose "
        f"numbers other papers quote, {span('series.not_retrieved')} without any number."
    )


def _pooled_table(answers: Answers) -> str:
    """Return a line for each outcome that is pooled, in a wider set where the primary cannot."""
    rows = []
    for outcome in answers.outcomes:
        answer = answers.headline(outcome.key)
        broader = answers.broader(outcome.key)
        if answer is not None and answer.k > 1:
            rows.append(_pooled_row(answers, outcome, answer, None))
        elif broader is not None:
            wider = answers.headline(outcome.key, broader)
            if wider is not None:
                rows.append(_pooled_row(answers, outcome, wider, broader))
    heading = (
        "Outcome",
        "Typical centre",
        "Average over centres",
        "A new centre",
        "Of its next patients",
    )
    return table(*without_silent_columns(heading, rows)) if rows else "Nothing is pooled yet.\n"


def _pooled_row(
    answers: Answers, outcome: Outcome, answer: Synthesis, analysis_set: str | None
) -> tuple[str, ...]:
    results, path = answers.results, answers.path(outcome.key, analysis_set)
    label = stacked(
        name(outcome),
        size(answers, path),
        wider_set(answers, analysis_set or answers.review.primary_set),
        figure_of(answers, outcome),
    )
    predicted = (
        f"{results.limits(f'{path}.prediction')}&#160;%" if answer.prediction.defined else ABSENT
    )
    coming = ABSENT
    if answer.next_patients is not None:
        here = f"{path}.next_patients"
        coming = (
            f"{results.span(f'{here}.low')} to {results.span(f'{here}.high')} "
            f"of {results.span(f'{here}.patients')}"
        )
    return (
        label,
        results.estimate(f"{path}.typical"),
        results.estimate(f"{path}.average"),
        predicted,
        coming,
    )


def _single_table(answers: Answers) -> str:
    """Return the outcomes of which only one series of the primary set tells."""
    rows = []
    for outcome in answers.outcomes:
        answer = answers.headline(outcome.key)
        if answer is not None and answer.k == 1:
            rows.append((name(outcome), one_series(answers, answers.path(outcome.key), answer)))
    if not rows:
        return ""
    return "### One series: not pooled\n\n" + table(("Outcome", "The only number"), rows)


def _moves(answers: Answers) -> str:
    """Return for each pooled outcome which choice moves it furthest."""
    told = [
        f"- **{name(outcome)}.** {sentence}"
        for outcome in answers.outcomes
        if (sentence := moves_in_words(answers, outcome))
    ]
    return "\n".join(told) + "\n" if told else "No pooled outcome has another analysis.\n"


def citation(answers: Answers) -> str:
    """Return how the page is cited."""
    title = literal(answers.review.title or answers.review.key)
    people = f"{literal(answers.people)}. " if answers.people else ""
    return (
        f"{people}*{title}*. Version {literal(__version__)}; "
        f"{literal(searched(answers.review))}; data `{answers.review.fingerprint[:12]}`. "
        "Please cite the original series too: the numbers are theirs.\n"
    )


def _downloads(answers: Answers, prefix: str) -> str:
    """Return the files of the review, as links."""
    files = (
        ("results.json", "every pooled answer with its method and its rows"),
        ("estimates.csv", "the same as one tidy table"),
        (LEAFLET, "this review on two printed pages"),
        ("citation.bib", "this review, for a reference manager"),
        ("series.bib", "the series and reports, for a reference manager"),
        *(
            (file, f"{what[:1].lower()}{what[1:-1]}")
            for file, what in files_of_numbers(answers.review)
        ),
    )
    return "\n".join(f"- {link(prefix + file, file)}: {what}" for file, what in files) + "\n"
