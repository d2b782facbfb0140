"""What the public results say when they are printed: one function for each of them."""

from __future__ import annotations

from dataclasses import replace
from functools import singledispatch

import numpy as np

from toolkit.results.curve import FACTORS, Factor, Specification, SpecificationCurve
from toolkit.results.influence import Influence, SmallStudy
from toolkit.results.ladder import Ladder
from toolkit.results.lines import counts_heading, heterogeneity_line, interval_heading
from toolkit.results.names import ESTIMANDS, STUDY, prediction_name, studies
from toolkit.results.row import Row
from toolkit.results.shares import Shares, shares_of
from toolkit.results.shown import Listing
from toolkit.results.steps import Cumulative, LeaveOneOut, Step, Subsets
from toolkit.results.synthesis import Estimate, Prediction, Synthesis
from toolkit.results.tables import counts_text, percent_text
from toolkit.review.words import GRADES


@singledispatch
def listings_of(result: object) -> tuple[Listing, ...]:
    """Return a result of an analysis as tables in words.

    Raises
    ------
    TypeError
        For anything else.
    """
    raise TypeError(f"{type(result).__name__} is no result that is shown as a table.")


@listings_of.register
def _(answer: Synthesis) -> tuple[Listing, ...]:
    """Return the series of an answer and its pooled lines; then its subgroups."""
    shares = shares_of(answer)
    title = answer.outcome_label or "Pooled proportion"
    if answer.grade:
        title += f", {GRADES[answer.grade]}"
    if answer.analysis_set_label:
        title += f": {answer.analysis_set_label}"
    rows = [(row.label, counts_text(row), _percent(row, shares)) for row in answer.rows]
    for each in answer.not_reported:
        size = "" if each.total is None else f"n {each.total}"
        rows.append((each.label, size, "not reported"))
    for word, estimate in (("typical", answer.typical), ("average", answer.average)):
        if estimate.defined:
            rows.append((ESTIMANDS[word], "", _percent(estimate, shares)))
    if ahead := _range(answer.prediction, shares):
        rows.append((prediction_name(answer.method.level), "", ahead))
    whole = Listing(
        title=title,
        under=f"{studies(answer.k)}, {answer.total} patients; {answer.method.in_words}",
        heading=(STUDY, counts_heading(answer), interval_heading(answer, shares)),
        rows=tuple(rows),
        notes=tuple(filter(None, (heterogeneity_line(answer), *answer.notes))),
    )
    parts = [
        replace(one, title=f"{part.label}: {one.title}")
        for part in answer.subgroups
        for one in listings_of(part.answer)
    ]
    return (whole, *parts)


@listings_of.register
def _(steps: LeaveOneOut) -> tuple[Listing, ...]:
    """Return a pool for each series left out."""
    return (_of_steps("Leave-one-out", "left out", steps),)


@listings_of.register
def _(steps: Cumulative) -> tuple[Listing, ...]:
    """Return the pools as series came in."""
    return (_of_steps("As studies were added", "added", steps),)


def _of_steps(title: str, first: str, steps: tuple[Step, ...]) -> Listing:
    """Return one line for each step."""
    return Listing(
        title=title,
        heading=(first, "studies", "patients", *ESTIMANDS.values(), "tau"),
        rows=tuple(
            (
                step.label,
                str(step.k),
                str(step.total),
                _percent(step.typical),
                _percent(step.average),
                "" if step.tau is None else f"{step.tau:.2f}",
            )
            for step in steps
        ),
        notes=tuple(
            dict.fromkeys(f"{step.label}: {note}" for step in steps for note in step.notes)
        ),
    )


@listings_of.register
def _(curve: SpecificationCurve) -> tuple[Listing, ...]:
    """Return what moves an answer, and every combination of data and method."""
    factors = Listing(
        title=f"{curve.outcome_label or 'The answer'}: what moves it",
        heading=("", "lowest", "highest", "share of variance"),
        rows=tuple(
            (
                FACTORS[factor.key],
                _end(factor, factor.lowest),
                _end(factor, factor.highest),
                "" if factor.share is None else f"{100 * factor.share:.0f}%",
            )
            for factor in curve.factors
        ),
    )
    every = Listing(
        title="Every combination of data and method",
        heading=("data", "method", "studies", "patients", "estimate", "", "note"),
        rows=tuple(
            (
                each.data,
                each.method,
                str(each.k),
                str(each.total),
                _percent(each.estimate),
                "the protocol's" if curve.leads(each) else "",
                each.note,
            )
            for each in curve.specifications
        ),
    )
    return factors, every


def _end(factor: Factor, end: Specification | None) -> str:
    """Return one end of a factor's range, with the choice that gives it."""
    if end is None or end.estimate.estimate is None:
        return ""
    choice = end.method if factor.key == "method" else end.data
    return f"{100 * end.estimate.estimate:.0f}% ({choice})"


@listings_of.register
def _(influence: Influence) -> tuple[Listing, ...]:
    """Return what each series does to a pool."""
    return (
        Listing(
            title="Influence of each study on the pool",
            under=influence.method.in_words,
            heading=(STUDY, "shift (SE)", "tau without", "distance", "influential", "note"),
            rows=tuple(
                (
                    row.label,
                    _number(row.shift),
                    _number(row.spread_without),
                    _number(row.distance),
                    "yes" if row.influential else "",
                    row.note,
                )
                for row in influence.rows
            ),
        ),
    )


@listings_of.register
def _(small: SmallStudy) -> tuple[Listing, ...]:
    """Return how the proportion goes with the size of the series."""
    rows = tuple((row.label, str(row.total), f"{100 * row.estimate:.0f}%") for row in small.rows)
    return (
        Listing(
            title="Proportion by size of the study",
            under=f"slope of the logit with 1/n {small.slope:.2f}, t({small.df:g}) = "
            f"{small.statistic:.2f}, p = {small.p:.3f}",
            heading=(STUDY, "patients", "%"),
            rows=(*rows, ("a very large study", "", _percent(small.limit))),
        ),
    )


@listings_of.register
def _(subsets: Subsets) -> tuple[Listing, ...]:
    """Return the range of the pools of every subset, and how each series shifts them."""
    rows = []
    for size in sorted({*subsets.k.tolist()}):
        found = 100 * subsets.estimate[subsets.k == size]
        rows.append(
            (
                str(size),
                str(len(found)),
                f"{found.min():.0f} to {found.max():.0f}%",
                f"{np.median(found):.0f}%",
            )
        )
    left = subsets.left_out
    shifts = tuple(
        (label, "" if np.isnan(shift) else f"{100 * shift:+.1f}".replace("-", "−"))
        for label, shift in zip(subsets.labels, subsets.shifts, strict=True)
    )
    return (
        Listing(
            title=f"Every subset of studies, {ESTIMANDS['typical']}",
            under=f"{len(subsets.members)} subsets; {subsets.method.in_words}",
            heading=("studies", "subsets", "range", "median"),
            rows=tuple(rows),
            notes=(f"{left} further subsets cannot be fitted.",) if left else (),
        ),
        Listing(
            title="Median of the subsets with a study less that of those without it, in points",
            heading=(STUDY, "shift"),
            rows=shifts,
        ),
    )


@listings_of.register
def _(ladder: Ladder) -> tuple[Listing, ...]:
    """Return the rungs among all patients, then each step among the rung above."""
    level = f"% ({100 * ladder.method.level:g}% interval)"
    heading = ("", "studies", "patients", level, prediction_name(ladder.method.level))
    rungs = Listing(
        title=f"Ordered outcomes, {ESTIMANDS['average']}, among all patients",
        under=f"{studies(ladder.k)}, {ladder.total} patients; {ladder.method.in_words}",
        heading=heading,
        rows=tuple(_rung(name, answer) for name, answer in ladder.rungs.items()),
        notes=ladder.notes,
    )
    steps = Listing(
        title="Each step among the patients of the one above",
        heading=heading,
        rows=tuple(_rung(name, answer) for name, answer in ladder.steps.items()),
    )
    return rungs, steps


def _rung(name: str, answer: Synthesis) -> tuple[str, ...]:
    """Return one line of a ladder."""
    ahead = _range(answer.prediction, Shares())
    return (name, str(answer.k), str(answer.total), _percent(answer.leading), ahead)


def _range(ahead: Prediction, shares: Shares) -> str:
    """Return ``3 to 90%`` for a prediction, empty where there is none."""
    if ahead.low is None or ahead.high is None:
        return ""
    return shares.with_unit(f"{shares.number(ahead.low)} to {shares.number(ahead.high)}")


def _percent(shown: Row | Estimate, shares: Shares | None = None) -> str:
    """Return an estimate with its interval."""
    return percent_text(shown.estimate, shown.low, shown.high, shares)


def _number(value: float | None) -> str:
    """Return a number with two decimals, nothing where there is none."""
    return "" if value is None else f"{value:.2f}".replace("-", "−")
