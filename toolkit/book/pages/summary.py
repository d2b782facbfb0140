"""The first page of a review: the answer, what moves it most, and what is still missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

from markupsafe import Markup

from toolkit.book.content.answers import Answer, Answers, page_of
from toolkit.book.content.calculator import calculator_address
from toolkit.book.content.citations import cited_people, dataset_metadata
from toolkit.book.content.medians import PrintedMedian
from toolkit.book.content.plots import Drawing, Plots, beside
from toolkit.book.content.results import Quoted
from toolkit.book.content.templates import page
from toolkit.book.pages.data import files_of_numbers
from toolkit.review.protocol import Outcome
from toolkit.review.review import Judgement
from toolkit.review.words import people
from toolkit.sheets.schema.vocabularies import VOCABULARIES

LEAFLET = "summary.pdf"
"""Name of the review on two printed pages, in the folder of its files."""

SIGNS = {"high": "⊕⊕⊕⊕", "moderate": "⊕⊕⊕◯", "low": "⊕⊕◯◯", "very_low": "⊕◯◯◯"}
"""The certainty as GRADE draws it."""

CERTAINTY = "certainty"

SEVERE = ("ge3", "4", "5")
"""Grades of harm that the first screen names."""

MOST_HARMS = 3
"""Harms on the first screen; the table below has them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """The answer that is shown first.

    Attributes
    ----------
    outcome, answer
        What was asked and what came out.
    certainty : str
        How certain it was judged, in words; empty where nobody has judged.
    lowest, highest : Quoted or None
        The studies' own smallest and largest numbers; None with fewer than two of them.
    harms, course
        What the main set says of severe harm, and of survival and what followed.
    medians : tuple of PrintedMedian
        Medians of times in all patients of the studies that answer the question.
    drawing : Drawing or None
        Its forest plot.
    page, calculator : str
        Addresses of every analysis of it, and of the calculator opened on it (empty without).
    figure : str
        Id of the figure on that page; empty where there is none.
    beside : bool
        Whether other treatments are shown beside it there.
    """

    outcome: Outcome
    answer: Answer | None
    certainty: str
    lowest: Quoted | None
    highest: Quoted | None
    harms: tuple[Answer, ...]
    course: tuple[Answer, ...]
    medians: tuple[PrintedMedian, ...]
    drawing: Drawing | None
    page: str
    calculator: str
    figure: str
    beside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An answer with the judgements of how far it can be trusted, in the order of the domains."""

    outcome: Outcome
    answer: Answer
    certainty: str
    judgements: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judges:
    """Who judged, and whether every judgement is that of two people or more."""

    people: tuple[str, ...]
    by_two: bool


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
    known = [(each, answers.answer(each.key), answers.wider(each.key)) for each in answers.outcomes]
    others = [
        *(beside for each in answers.outcomes for beside in answers.besides(each.key)),
        *(wider for _, _, wider in known if wider is not None),
    ]
    files = ("results.json", "estimates.csv", LEAFLET, "citation.bib", "series.bib")
    return page(
        "summary",
        answers=answers,
        first=lead(answers, plots, prefix),
        written=Markup(written),
        main=[answer for _, answer, _ in known if answer is not None],
        reported=[
            *((each, answer) for each, answer, _ in known),
            *((each.outcome, each) for each in others),
        ],
        wider=others,
        certainties={each.key: _certainty(answers, each.key) for each in answers.outcomes},
        findings=judged(answers),
        judges=judges(review.judgements),
        SIGNS=SIGNS,
        people=cited_people(answers.review),
        moved=[
            (each, moves)
            for each, _, _ in known
            if (moves := answers.moves(each.key)) is not None and moves.factors
        ],
        files=[(f"{prefix}{name}", name) for name in (*files, *files_of_numbers(review))],
        metadata=Markup(dataset_metadata(answers, prefix)),
    )


def lead(answers: Answers, plots: Plots | None, prefix: str) -> Lead | None:
    """Return the answer that is shown first; None where nothing is reported.

    Parameters
    ----------
    answers, prefix
        As for `summary_page`.
    plots : Plots or None
        Where its picture goes; None for an answer without one.
    """
    first = leading_outcome(answers)
    if first is None:
        return None
    answer, others = answers.answer(first.key), beside(answers.review, first)
    # Without comparators it is the drawing of the outcome's own page.
    own = f"{first.key}-alone" if others else first.key
    return Lead(
        outcome=first,
        answer=answer,
        certainty=_certainty(answers, first.key),
        lowest=None if answer is None else _end(answer, min),
        highest=None if answer is None else _end(answer, max),
        harms=harms(answers),
        course=reported(answers, "course"),
        medians=tuple(
            each
            for each in answers.medians()
            if each.answers and each.median.group == each.series.groups[0].key
        ),
        drawing=None if answer is None or plots is None else plots.forest(answer.pool, (), own),
        page=f"{prefix}{page_of(first.kind)}.html",
        calculator=calculator_address(answers, first, prefix),
        figure=answers.figure_of(first),
        beside=bool(others),
    )


def _certainty(answers: Answers, outcome: str) -> str:
    """Return how certain an answer was judged, in words."""
    return next(
        (
            each.judgement.replace("_", " ")
            for each in answers.review.judgements
            if each.domain == CERTAINTY and each.outcome == outcome
        ),
        "",
    )


def _end(answer: Answer, which: Callable[..., int]) -> Quoted | None:
    """Return the smallest or the largest number that the studies of a pool report themselves."""
    known = {
        place: row.estimate
        for place, row in enumerate(answer.pool.rows)
        if row.estimate is not None and row.counted
    }
    if len(known) < 2:
        return None
    return answer.at["rows"][which(known, key=known.__getitem__)]


def reported(answers: Answers, kind: str) -> tuple[Answer, ...]:
    """Return what the main set says of the outcomes of one kind, in the protocol's order."""
    found = (answers.answer(each.key) for each in answers.outcomes if each.kind == kind)
    return tuple(each for each in found if each is not None)


def harms(answers: Answers) -> tuple[Answer, ...]:
    """Return the harms that the protocol names first, as far as the main set has a number for them.

    Where it names none: severe ones, those judged by GRADE, then the most frequent. Answers that
    stand open between two counts are left to the table below.
    """
    if answers.review.leading_harms:
        named = [answers.answer(key) for key in answers.review.leading_harms]
        return tuple(
            each for each in named if each is not None and shown_estimate(each) is not None
        )
    judged_here = {each.outcome for each in answers.review.judgements}
    known = [
        (each, estimate)
        for each in reported(answers, "toxicity")
        if each.outcome.direction == "harm"
        and each.outcome.grade in SEVERE
        and (estimate := shown_estimate(each)) is not None
    ]
    known.sort(key=lambda found: (found[0].outcome.key not in judged_here, -found[1]))
    return tuple(each for each, _ in known[:MOST_HARMS])


def shown_estimate(answer: Answer) -> float | None:
    """Return the number that stands for an answer: its pool's, or its only study's own."""
    if answer.pooled:
        return answer.pool.leading.estimate
    return answer.pool.rows[0].estimate if answer.pool.k == 1 else None


def leading_outcome(answers: Answers) -> Outcome | None:
    """Return the first outcome that is pooled, else the first that is reported, if there is one."""
    for outcome in answers.outcomes:
        answer = answers.answer(outcome.key)
        if answer is not None and answer.pooled:
            return outcome
    return answers.outcomes[0] if answers.outcomes else None


def certainties(answers: Answers) -> dict[str, str]:
    """Return the certainty of each judged outcome as its signs and its word."""
    return {
        each.outcome: f"{SIGNS.get(each.judgement, '')} {each.judgement.replace('_', ' ')}"
        for each in answers.review.judgements
        if each.domain == CERTAINTY
    }


def judges(judgements: Sequence[Judgement]) -> Judges:
    """Return who judged."""
    judging = [people(each.decided_by) for each in judgements]
    return Judges(
        people=people(";".join(chain.from_iterable(judging))),
        by_two=all(len(each) > 1 for each in judging),
    )


def judged(answers: Answers) -> list[Judged]:
    """Return the answers whose certainty was judged."""
    by_outcome: dict[str, dict[str, Judgement]] = {}
    for each in answers.review.judgements:
        by_outcome.setdefault(each.outcome, {})[each.domain] = each
    found = []
    for outcome in answers.outcomes:
        known, answer = by_outcome.get(outcome.key, {}), answers.answer(outcome.key)
        if CERTAINTY in known and answer is not None:
            found.append(
                Judged(
                    outcome=outcome,
                    answer=answer,
                    certainty=known[CERTAINTY].judgement,
                    judgements=tuple(
                        known[domain] for domain in VOCABULARIES["grade_domain"] if domain in known
                    ),
                )
            )
    return found
