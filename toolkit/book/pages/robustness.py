"""How far the leading answers move: every defensible choice, one series less, one after another."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from toolkit.analysis.small_study import small_study
from toolkit.book.content.answers import Answer, Answers, Moves, page_of
from toolkit.book.content.plots import Drawing, Plots
from toolkit.book.content.results import Quoted
from toolkit.book.content.robustness import LEAST_SERIES, Robustness
from toolkit.book.content.templates import page
from toolkit.calibration.card import AIMS, WORST_TAU
from toolkit.errors import ToolkitError
from toolkit.figures.specification_curve import in_order
from toolkit.numerics.normal.meta_regression import FEWEST_SERIES
from toolkit.results.curve import DataVariant, SpecificationCurve
from toolkit.results.tables import specification_csv
from toolkit.review.protocol import AnalysisSet, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class SameCounting:
    """The pool of a set that counts the same patients in its own way.

    Attributes
    ----------
    analysis_set, answer
        The set, and its pool if a series reports.
    same_as : str
        The set with the same numbers, empty where there is none.
    open_cells : tuple of Quoted
        Rows whose paper leaves the count open.
    """

    analysis_set: AnalysisSet
    answer: Answer | None
    same_as: str
    open_cells: tuple[Quoted, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What moves one outcome, each way drawn.

    Attributes
    ----------
    answer, moves, found, at
        The answer, its curve, and what else moves it, as records and as the page quotes them.
    anchor, page : str
        Target of this section, and address of every analysis of the outcome.
    curve, without, since : Drawing
        The specification curve, the pool without each series, and as they came in.
    influence, subsets : Drawing or None
        What each series does to the pool, and the pool of every subset.
    by_effects : tuple of Drawing
        `without` and `since` by inverse variance, where that is another model.
    choices : Markup
        What the script that filters the curve is given, as JSON.
    no_estimate : tuple of DataVariant
        Choices of data that the headline's method cannot pool.
    counted : tuple of SameCounting
        The sets that count the same patients; empty where there is nothing to compare.
    """

    answer: Answer
    moves: Moves
    found: Robustness
    at: Quoted
    anchor: str
    page: str
    curve: Drawing
    choices: Markup
    no_estimate: tuple[DataVariant, ...]
    without: Drawing
    influence: Drawing | None
    subsets: Drawing | None
    since: Drawing
    by_effects: tuple[Drawing, ...]
    counted: tuple[SameCounting, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """Size against proportion of one outcome, or why it is not drawn."""

    outcome: Outcome
    drawing: Drawing | None
    refused: str


def robustness_page(answers: Answers, plots: Plots, *, written: str = "") -> str:
    """Return the page as MyST; `written` are words by hand, put in below the heading."""
    known = [
        answer for each in answers.outcomes if (answer := answers.answer(each.key)) is not None
    ]
    most = max(known, key=lambda each: (each.pool.k, each.outcome.key), default=None)
    return page(
        "robustness",
        review=answers.review,
        written=Markup(written),
        contexts=[each.label for each in answers.review.sets if each.role != "variant"],
        sections=[
            _moved(answers, plots, answer, moves, found)
            for answer in known
            if (found := answers.robustness.get(answer.outcome.key)) is not None
            and (moves := answers.moves(answer.outcome.key)) is not None
        ],
        trends=[_trend(plots, answer) for answer in known if answer.pool.k >= FEWEST_SERIES],
        most=most,
        AIMS=AIMS,
        FEWEST_SERIES=FEWEST_SERIES,
        LEAST_SERIES=LEAST_SERIES,
        WORST_TAU=WORST_TAU,
    )


def _moved(
    answers: Answers, plots: Plots, answer: Answer, moves: Moves, found: Robustness
) -> Moved:
    """Return what moves one outcome, each way drawn."""
    outcome, pool, curve = answer.outcome, answer.pool, moves.curve
    key = outcome.key

    def steps(word: str, *given: object, name: str) -> Drawing:
        return plots.figure(word, *given, name=f"{key}-{name}")

    return Moved(
        answer=answer,
        moves=moves,
        found=found,
        at=answers.results.top["robustness"][key],
        anchor=f"{answers.review.key}-robustness-{key}",
        page=f"{page_of(outcome.kind)}.html",
        curve=plots.figure(
            "specification",
            curve,
            name=f"{key}-specifications",
            files={"csv": specification_csv(curve).encode()},
        ),
        choices=Markup(_choices(curve)),
        no_estimate=tuple(_without_estimate(curve)),
        without=steps("leave-one-out", pool, found.without, name="leave-one-out"),
        influence=plots.figure(
            "influence",
            found.influence,
            title=f"{outcome.label}: what each study does to the pool",
            name=f"{key}-influence",
        )
        if found.influence
        else None,
        subsets=plots.figure(
            "subsets",
            found.subsets,
            title=f"{outcome.label}: the pool of every subset of studies",
            name=f"{key}-subsets",
        )
        if found.subsets
        else None,
        since=steps("cumulative", pool, found.since, name="cumulative"),
        by_effects=(
            steps(
                "leave-one-out",
                found.fits[-1],
                found.without_by_effects,
                name="without-by-effects",
            ),
            steps("cumulative", found.fits[-1], found.since_by_effects, name="since-by-effects"),
        )
        if found.without_by_effects
        else (),
        counted=_counted(answers, outcome, curve),
    )


def _choices(curve: SpecificationCurve) -> str:
    """Return what `choices.js` makes a choice of combinations from, as JSON for a script.

    A column of the figure is given by the places of its data and its method in two lists and by
    its estimate.
    """
    drawn = in_order(curve)
    data = [v.label for v in curve.variants if any(each.data == v.label for each in drawn)]
    methods = [m.label for m in curve.methods if any(each.method == m.label for each in drawn)]
    columns = [
        [data.index(each.data), methods.index(each.method), each.estimate.estimate]
        for each in drawn
    ]
    held = {"data": data, "methods": methods, "columns": columns}
    return json.dumps(held, ensure_ascii=True).replace("<", "\\u003c")


def _without_estimate(curve: SpecificationCurve) -> Iterator[DataVariant]:
    """Yield the choices of data that the headline's method cannot pool."""
    for each in curve.variants:
        found = curve.at(each.label, curve.headline[1])
        if not each.same_as and found is not None and not found.estimate.defined:
            yield each


def _counted(
    answers: Answers, outcome: Outcome, curve: SpecificationCurve
) -> tuple[SameCounting, ...]:
    """Return the sets that count the same patients otherwise, the primary one first.

    Nothing where that is the only one and no paper leaves a cell of it open.
    """
    primary = answers.review.analysis_set(answers.review.primary_set)
    sets = [primary, *(each for each in answers.review.sets if _counts_otherwise(each, primary))]
    found = tuple(_counting(answers, outcome, curve, each) for each in sets)
    main = found[0].answer
    if len(found) < 2 and (main is None or not main.pool.readings):
        return ()
    return found


def _counts_otherwise(each: AnalysisSet, primary: AnalysisSet) -> bool:
    """Whether a set asks of the same patients what the primary one does, counted otherwise."""
    if each == primary or each.role != "variant" or each.judged_yes != primary.judged_yes:
        return False
    kept, main = dict(each.where), dict(primary.where)
    kept.pop("denominator", None)
    main.pop("denominator", None)
    return kept == main


def _counting(
    answers: Answers, outcome: Outcome, curve: SpecificationCurve, chosen: AnalysisSet
) -> SameCounting:
    """Return the pool of a set, with the cells that their paper leaves open."""
    answer = answers.answer(outcome.key, chosen.key)
    rows = () if answer is None else zip(answer.pool.rows, answer.at["rows"], strict=True)
    return SameCounting(
        analysis_set=chosen,
        answer=answer,
        same_as=next((v.same_as for v in curve.variants if v.key == chosen.key), ""),
        open_cells=tuple(at for row, at in rows if row.events_low != row.events_high),
    )


def _trend(plots: Plots, answer: Answer) -> Trend:
    """Return size against proportion of one outcome, or why it is not drawn."""
    outcome = answer.outcome
    try:
        found = small_study(answer.pool)
    except ToolkitError as refusal:
        return Trend(outcome=outcome, drawing=None, refused=str(refusal))
    title = f"{outcome.label}: size against proportion"
    drawing = plots.figure("small-study", found, title=title, name=f"{outcome.key}-sizes")
    return Trend(outcome=outcome, drawing=drawing, refused="")
