"""One page per kind of outcome: a forest plot and its reading for each, honest single rows."""

from __future__ import annotations

import json
from collections.abc import Sequence

from toolkit.book.content.answers import Answers
from toolkit.book.content.calculator import PAGE, anchor, calculable
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
from toolkit.book.pages.outcome_sections import analyses_section, events_section
from toolkit.html import link, literal, reference, stacked, table
from toolkit.review.protocol import Outcome

HEADINGS = {"response": "Responses"}
"""Headings of kinds of outcome that are not simply the kind's own word."""

FRONT_MATTER = """\
---
file_format: mystnb
kernelspec:
  name: python3
---
"""


def heading_of(kind: str) -> str:
    """Return the heading of a kind of outcome."""
    return HEADINGS.get(kind, kind.replace("_", " ").replace("-", " ").capitalize())


def page_of(kind: str) -> str:
    """Return the name of the page of a kind of outcome."""
    return heading_of(kind).lower().replace(" ", "-")


def outcome_page(
    answers: Answers, plots: Plots, kind: str, *, folder: str, written: str = ""
) -> str:
    """Return the page of a kind of outcome as MyST.

    Parameters
    ----------
    answers : Answers
        What the review says.
    plots : Plots
        Where its figures go.
    kind : str
        A kind of which the review has outcomes.
    folder : str
        The review's folder as Python code of the page reads it.
    written : str
        Words written by hand, put in below the heading.
    """
    outcomes = [each for each in answers.outcomes if each.kind == kind]
    blocks = [FRONT_MATTER, f"# {heading_of(kind)}\n", written]
    graded = [each for each in outcomes if each.grade]
    if graded:
        blocks += ["## What each series reports\n", events_section(answers, plots, graded)]
    single = []
    for outcome in outcomes:
        answer = answers.headline(outcome.key)
        if (answer is not None and answer.k > 1) or answers.broader(outcome.key):
            blocks.append(_section(answers, plots, outcome))
        else:
            single.append(outcome)
    if single:
        blocks += ["## One series: not pooled\n", _single(answers, single)]
    blocks.append(_python(answers, outcomes, folder))
    return "\n".join(block for block in blocks if block)


def _section(answers: Answers, plots: Plots, outcome: Outcome) -> str:
    """Return what is known of one outcome that is pooled in some set."""
    answer = answers.headline(outcome.key)
    blocks = [
        f"({_anchor(answers, outcome)})=\n## {name(outcome)}\n",
        f"<p>{literal(outcome.definition)}</p>\n",
    ]
    if answer is not None:
        blocks.append(f'<p class="st-answer">{answer_in_words(answers, outcome)}</p>\n')
        if answer.k > 1:
            blocks.append(plots.forest(answer, beside(answers.review, outcome), outcome.key))
            told = (cautions(answers, outcome), _moved(answers, outcome))
            blocks += [f"<p>{sentence}</p>\n" for sentence in told if sentence]
            blocks.append(_try_it(answers, outcome))
            blocks.append(_thresholds(answers, outcome))
    else:
        primary = answers.review.analysis_set(answers.review.primary_set)
        blocks.append(f"<p>No series of the set {literal(primary.label)} reports it.</p>\n")
    broader = answers.broader(outcome.key)
    if broader is not None:
        blocks.append(_broader(answers, plots, outcome, broader))
    if answer is not None and answer.k > 1:
        blocks.append(analyses_section(answers, outcome))
        blocks += [
            _split(answers, plots, outcome, facet.key)
            for facet in answers.review.facets
            if (outcome.key, facet.key) in answers.by
        ]
    return "\n".join(block for block in blocks if block)


def figure_of(answers: Answers, outcome: Outcome) -> str:
    """Return a link to the forest plot on an outcome's own page; empty where there is none."""
    answer, broader = answers.headline(outcome.key), answers.broader(outcome.key)
    own = _anchor(answers, outcome)
    if answer is not None and answer.k > 1:
        return reference("figure", own)
    return "" if broader is None else reference("figure", f"{own}-{broader}")


def _moved(answers: Answers, outcome: Outcome) -> str:
    """Return what moves an answer most, and where every choice is drawn and every set told."""
    told = moves_in_words(answers, outcome)
    own = _anchor(answers, outcome)
    places = f"Every set and model: {reference('table', f'{own}-sets')}."
    if outcome.key in answers.robustness:
        drawn = reference("figure", f"{own}-specifications")
        places = f"Every choice is drawn in {drawn}. {places}"
    return f"{told} {places}".strip()


def _try_it(answers: Answers, outcome: Outcome) -> str:
    """Return the way to the calculator, opened on an outcome."""
    if outcome not in calculable(answers):
        return ""
    place = literal(f"{PAGE}.html#{anchor(outcome)}")
    return f"<p>{link(place, 'Try it: leave series out, or count your own centre in')}.</p>\n"


def _anchor(answers: Answers, outcome: Outcome) -> str:
    """Return how every id of an outcome begins."""
    return f"{answers.review.key}-{outcome.key}"


def _broader(answers: Answers, plots: Plots, outcome: Outcome, broader: str) -> str:
    """Return the pool of a wider set, labelled as another question than the protocol's."""
    answer = answers.headline(outcome.key, broader)
    if answer is None:
        return ""
    wider = answers.review.analysis_set(broader)
    return (
        f"### {name(outcome)} in a wider set: {literal(wider.label)}\n\n"
        f"<p>{literal(wider.description)} This is not the main question.</p>\n\n"
        f"<p>{answer_in_words(answers, outcome, broader)} "
        f"{cautions(answers, outcome, broader)}</p>\n\n"
        + plots.forest(answer, beside(answers.review, outcome), f"{outcome.key}-{broader}")
    )


def _thresholds(answers: Answers, outcome: Outcome) -> str:
    """Return the probabilities of lying above the protocol's decision thresholds."""
    path = answers.path(outcome.key)
    answer = answers.headline(outcome.key)
    if answer is None or not answer.thresholds:
        return ""
    span = answers.results.span
    told = [
        f"Probability of lying above {span(f'{path}.thresholds.{place}.threshold')}: "
        f"{span(f'{path}.thresholds.{place}.typical')} for a typical centre, "
        f"{span(f'{path}.thresholds.{place}.new_centre')} for a new one."
        for place, _ in enumerate(answer.thresholds)
    ]
    return "".join(f"<p>{sentence}</p>\n" for sentence in told)


def _split(answers: Answers, plots: Plots, outcome: Outcome, facet: str) -> str:
    """Return the main pool split by a facet, folded: drawn where two levels can be pooled."""
    label = answers.review.facet(facet).label
    split = answers.by[outcome.key, facet]
    if sum(part.answer.k > 1 for part in split.subgroups) > 1:
        shown = plots.forest(split, (), f"{outcome.key}-by-{facet}")
    else:
        rows = []
        for place, part in enumerate(split.subgroups):
            path = f"subgroups.{outcome.key}.{facet}.subgroups.{place}.answer"
            told = (
                one_series(answers, path, part.answer)
                if part.answer.k == 1
                else answers.results.estimate(f"{path}.{part.answer.lead}")
            )
            rows.append((literal(part.label), size(answers, path), told))
        shown = table((literal(label), "Series, patients", "What they report"), rows)
    return (
        f"<details><summary>{name(outcome)}, by {literal(_within_a_sentence(label))}: description, "
        f"not a test</summary>\n{shown}</details>\n"
    )


def _within_a_sentence(label: str) -> str:
    """Return a label with a small first letter, unless it is an abbreviation."""
    return label[0].lower() + label[1:] if label[1:2].islower() else label


def _single(answers: Answers, outcomes: Sequence[Outcome]) -> str:
    """Return the outcomes that no set can pool: each with its only number."""
    review = answers.review
    keys = list(dict.fromkeys((review.primary_set, *(each.key for each in review.sets))))
    rows = []
    for outcome in outcomes:
        found = ((key, answers.headline(outcome.key, key)) for key in keys)
        for key, answer in found:
            if answer is not None:
                told = one_series(answers, answers.path(outcome.key, key), answer)
                label = stacked(name(outcome), wider_set(answers, key))
                rows.append((label, told, literal(answer.rows[0].where)))
                break
    return (
        "One series reports each of these: not pooled. The interval is that series&#8217; own.\n\n"
        + table(("Outcome", "The only number", "Place in the paper"), rows)
    )


def _python(answers: Answers, outcomes: list[Outcome], folder: str) -> str:
    """Return a cell that gives an analyst the first pooled outcome of the page."""
    pooled = next(
        (
            answer
            for each in outcomes
            if (answer := answers.headline(each.key)) is not None and answer.k > 1
        ),
        None,
    )
    if pooled is None:
        return ""
    columns = ["label", "events", "total", "estimate", "source"]
    if not any(row.counted for row in pooled.rows):
        columns.remove("events")
    return (
        "## The same in Python\n\n"
        "The series behind the first plot of this page. `answer` holds the estimates and "
        "everything else that is shown there.\n\n"
        "```{code-cell} ipython3\n"
        "import toolkit as tk\n"
        f"answer = tk.pool(tk.read({json.dumps(folder)}), {json.dumps(pooled.outcome)})\n"
        f"tk.frame(answer)[{json.dumps(columns)}]\n"
        "```\n"
    )
