"""One page per kind of outcome: a forest plot and its reading for each, honest single rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from toolkit.analysis.study_differences import StudyDifference, study_differences
from toolkit.book.content.answers import Answer, Answers, Moves, heading_of, ladder_of
from toolkit.book.content.calculator import calculator_address
from toolkit.book.content.plots import REPRINTED, Drawing, Plots, beside
from toolkit.book.content.pools import READINGS_BESIDE, methods_beside
from toolkit.book.content.results import Quoted
from toolkit.book.content.templates import page
from toolkit.book.pages.graded_events import graded_events, reported_count
from toolkit.book.pages.summary import leading_outcome
from toolkit.results.synthesis import Synthesis
from toolkit.review.method import Method
from toolkit.review.protocol import AnalysisSet, Outcome

EXPOSURE = "exposure"
"""Declared fields of a series whose key ends so say how long its patients were treated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """The main pool split by a facet.

    Attributes
    ----------
    label : str
        What it is split by.
    drawing : Drawing or None
        Its forest plot, where two levels can be pooled.
    parts : tuple of (level, Answer)
        What each level reports.
    """

    label: str
    drawing: Drawing | None
    parts: tuple[tuple[str, Answer], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What is known of one outcome that is pooled in some set.

    Attributes
    ----------
    outcome, anchor, answer, moves
        The outcome, how its ids begin, the pool of the primary set and what moves it.
    drawing : Drawing or None
        The forest plot of the primary set; None where it cannot be pooled.
    robust : bool
        Whether the page of robustness draws every choice.
    calculator : str
        Address of the calculator opened on it; empty where it cannot pool it.
    wider, wider_drawing
        The pool of a wider set, where the primary one has none.
    averaged : bool
        Whether some pool of it has an mean across studies.
    by_set : tuple of (AnalysisSet, Answer or None)
        Every set by the protocol's method.
    by_model : tuple of (Method, Answer or None, Quoted or None)
        Every model in the primary set, the protocol's first, with why it refuses where it does.
    splits : tuple of Split
        The main pool split by facets.
    besides : tuple of (Answer, Drawing or None)
        What is asked beside the question of other patients, with its forest plot.
    differences : tuple of StudyDifference
        In what the studies differ; empty but for the answer that leads the review.
    readings : tuple of (reading, Answer)
        The same outcome under every reading, the ladder first; empty where no ladder leads.
    """

    outcome: Outcome
    anchor: str
    answer: Answer | None
    moves: Moves | None
    drawing: Drawing | None
    robust: bool
    calculator: str
    wider: Answer | None
    wider_drawing: Drawing | None
    averaged: bool
    by_set: tuple[tuple[AnalysisSet, Answer | None], ...]
    by_model: tuple[tuple[Method, Answer | None, Quoted | None], ...]
    splits: tuple[Split, ...]
    besides: tuple[tuple[Answer, Drawing | None], ...]
    differences: tuple[StudyDifference, ...]
    readings: tuple[tuple[str, Answer], ...]


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
    graded = [each for each in outcomes if each.grade]
    pooled = [
        each
        for each in outcomes
        if answers.wider(each.key) is not None or _main(answers, each) is not None
    ]
    code = next((one for each in pooled if (one := _main(answers, each)) is not None), None)
    columns = ["label", "events", "total", "estimate", "source"]
    if code is not None and not any(row.counted for row in code.rows):
        columns.remove("events")
    return page(
        "outcome",
        answers=answers,
        heading=heading_of(kind),
        written=Markup(written),
        events=graded_events(answers, plots, graded) if graded else None,
        sections=[_section(answers, plots, each) for each in pooled],
        single=[
            answer
            for each in outcomes
            if each not in pooled and (answer := _only(answers, each)) is not None
        ],
        ladders=_ladders(answers, plots, kind),
        medians=answers.medians(kind),
        observed=_observed(answers, graded),
        code=code,
        folder=folder,
        columns=columns,
    )


def _observed(answers: Answers, outcomes: Sequence[Outcome]) -> list[tuple[str, str, str]]:
    """Return follow-up and exposure of the series that report graded events; empty: not stated."""
    review = answers.review
    exposure = [each.key for each in review.series_fields if each.key.endswith(EXPOSURE)]
    found = []
    for series in review.series:
        if any(reported_count(series, outcome, outcome.grade) for outcome in outcomes):
            told = "; ".join(filter(None, map(series.field, exposure)))
            found.append((series.label, series.followup, told))
    return found


def _ladders(answers: Answers, plots: Plots, kind: str) -> list[Drawing]:
    """Return the ladders of a kind of outcome, drawn."""
    review = answers.review
    return [
        plots.figure("ladder", ladder, name=f"{chain.key}-ladder", formats=REPRINTED)
        for chain in review.order.chains
        if review.outcome(chain.rungs[0]).kind == kind
        and (ladder := ladder_of(review, answers.pools, chain)) is not None
    ]


def _readings(answers: Answers, outcome: Outcome) -> tuple[tuple[str, Answer], ...]:
    """Return an outcome under every reading, where its ladder leads."""
    main = answers.answer(outcome.key)
    if main is None or main.pool.reading != "ladder":
        return ()
    others = ((reading, answers.answer(outcome.key, method=reading)) for reading in READINGS_BESIDE)
    return (
        ("ladder", main),
        *((reading, answer) for reading, answer in others if answer is not None),
    )


def _main(answers: Answers, outcome: Outcome) -> Synthesis | None:
    """Return the pool of the primary set, where it has two series or more."""
    answer = answers.headline(outcome.key)
    return answer if answer is not None and answer.k > 1 else None


def _only(answers: Answers, outcome: Outcome) -> Answer | None:
    """Return the first set's answer to an outcome that no set can pool, the primary set's first."""
    review = answers.review
    keys = (review.primary_set, *(each.key for each in review.sets))
    found = (answers.answer(outcome.key, key) for key in keys)
    return next((answer for answer in found if answer is not None), None)


def _section(answers: Answers, plots: Plots, outcome: Outcome) -> Section:
    """Return what is known of one outcome that is pooled in some set."""
    main, wider = _main(answers, outcome), answers.wider(outcome.key)
    others = beside(answers.review, outcome)
    return Section(
        outcome=outcome,
        anchor=answers.anchor(outcome),
        answer=answers.answer(outcome.key),
        moves=answers.moves(outcome.key),
        drawing=None if main is None else plots.forest(main, others, outcome.key),
        robust=outcome.key in answers.robustness,
        calculator=calculator_address(answers, outcome),
        wider=wider,
        wider_drawing=None
        if wider is None
        else plots.forest(wider.pool, others, f"{outcome.key}-{wider.analysis_set.key}"),
        averaged=any(
            pool.average.defined for (key, *_), pool in answers.pools.items() if key == outcome.key
        ),
        by_set=tuple((each, answers.answer(outcome.key, each.key)) for each in answers.review.sets),
        by_model=() if main is None else _models(answers, outcome, main),
        splits=()
        if main is None
        else tuple(
            _split(answers, plots, outcome, facet.key)
            for facet in answers.review.facets
            if (outcome.key, facet.key) in answers.by
        ),
        besides=tuple(
            (
                each,
                plots.forest(each.pool, (), f"{outcome.key}-{each.analysis_set.key}")
                if each.pool.k > 1
                else None,
            )
            for each in answers.besides(outcome.key)
        ),
        differences=study_differences(answers.review, main)
        if main is not None and outcome == leading_outcome(answers)
        else (),
        readings=_readings(answers, outcome),
    )


def _models(
    answers: Answers, outcome: Outcome, main: Synthesis
) -> tuple[tuple[Method, Answer | None, Quoted | None], ...]:
    """Return every model in the primary set, the protocol's first."""
    refused, primary = answers.results.top["refused"], answers.review.primary_set
    rows: list[tuple[Method, Answer | None, Quoted | None]] = [
        (main.method, answers.answer(outcome.key), None)
    ]
    for name, method in methods_beside(main).items():
        if method != main.method:
            answer = answers.answer(outcome.key, method=name)
            reason = None if answer is not None else refused[outcome.key][primary][name]
            rows.append((method, answer, reason))
    return tuple(rows)


def _split(answers: Answers, plots: Plots, outcome: Outcome, facet: str) -> Split:
    """Return the main pool split by a facet."""
    split = answers.by[outcome.key, facet]
    at = answers.results.top["subgroups"][outcome.key][facet]["subgroups"]
    drawn = sum(part.answer.k > 1 for part in split.subgroups) > 1
    primary = answers.review.analysis_set(answers.review.primary_set)
    return Split(
        label=answers.review.facet(facet).label,
        drawing=plots.forest(split, (), f"{outcome.key}-by-{facet}") if drawn else None,
        parts=tuple(
            (
                part.label,
                Answer(
                    outcome=outcome,
                    analysis_set=primary,
                    pool=part.answer,
                    at=there["answer"],
                ),
            )
            for part, there in zip(split.subgroups, at, strict=True)
        ),
    )
