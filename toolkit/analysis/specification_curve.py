"""The answer under every defensible choice of data and method, and which choice moves it most."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import logit

from toolkit.analysis.pool import pool
from toolkit.analysis.readings import choose_reading, ladder_method, pool_part
from toolkit.analysis.rows import review_rows
from toolkit.analysis.select import select, why_nothing
from toolkit.analysis.synthesize import headline_method, pool_rows, pooled_numbers
from toolkit.errors import ToolkitError
from toolkit.numerics.sums_of_squares import type_two
from toolkit.results.curve import (
    FACTORS,
    DataVariant,
    Estimand,
    Factor,
    FactorKey,
    MethodVariant,
    Specification,
    SpecificationCurve,
)
from toolkit.results.row import Row
from toolkit.results.synthesis import Estimate, Synthesis
from toolkit.review.method import PERCENTAGE_METHODS, SENSITIVITY_METHODS, Method
from toolkit.review.order import READINGS
from toolkit.review.protocol import AnalysisSet, Outcome
from toolkit.review.review import Review

PROTOCOL_METHOD = "The protocol's method"
"""Label of a headline method that is none of the fixed ones."""

_ROUNDING = 1e-9
"""An estimate that lies nearer to 0 or 1 is one of them but for rounding: it has no logit."""


@dataclass(frozen=True, slots=True)
class _Data:
    """A choice of data with its rows.

    A ladder is pooled from all its rungs: `pool` does so, by the headline method alone, or by
    Bayes with the other priors too where `main`.
    """

    variant: DataVariant
    rows: tuple[Row, ...]
    pool: Callable[[Method], Synthesis] | None = None
    main: bool = False

    def admits(self, method: Method, used: Method) -> bool:
        """Whether a method is tried on these data."""
        return self.pool is None or _same(method, used) or (self.main and method.fit == "bayes")


def specification_curve(review: Review, outcome: str) -> SpecificationCurve:
    """Return the answer to one outcome under every combination of data and method.

    Parameters
    ----------
    review : Review
        A checked review.
    outcome : str
        Key of an outcome.

    Returns
    -------
    SpecificationCurve
        Data: the primary set, the other sets whose role is ``variant`` in the review's order, and
        the primary set without each of its series. Methods: `SENSITIVITY_METHODS`, or
        `PERCENTAGE_METHODS` where a series of the primary set gives only a percentage, and the
        headline method if it is not among them. Data that an earlier choice holds already are
        computed once and named; so is a set that selects nothing, with its reason. A combination
        that a method refuses is kept with the refusal.

    Raises
    ------
    ChoiceError
        For an outcome that the review does not have.

    Notes
    -----
    The factors are compared in the estimand that the protocol leads with: a method that gives only
    the other one stands in the curve under its own name and in no comparison, for its distance
    would be one of questions and not of methods. The range of a factor leaves the others at the
    headline. Its share is part of a type II sum of squares, that of an additive least-squares fit
    of data and method to the logits of all compared estimates, over their total sum of squares
    (`toolkit.numerics.sums_of_squares`); that of the data is the sum, over the combinations, of
    the squares that it adds to them, so it falls to the sets and to the series left out as they
    stand there. Shares depend on which choices are in the list. Missing combinations
    are not filled in. Data that coincide count once, under the first of their labels; the range
    names them all. **Source**: Simonsohn, Simmons & Nelson 2020, Nat Hum Behav 4:1208, doi
    10.1038/s41562-020-0912-z (the curve).
    """
    asked = review.outcome(outcome)
    primary = review.analysis_set(review.primary_set)
    on_ladder = choose_reading(review, asked, primary, None, None).reading == "ladder"
    every = list(_labeled(_ladder_data(review, asked) if on_ladder else _data(review, asked)))
    used = ladder_method(asked) if on_ladder else headline_method(asked, len(every[0].rows))
    counted = all(row.counted for row in every[0].rows)
    methods = _methods(used, counted=counted)
    label = next(each.label for each in methods if _same(each.method, used))
    found = [
        _specification(each, method, asked.estimand)
        for each in every
        if each.variant.counted
        for method in methods
        if each.admits(method.method, used)
    ]
    curve = SpecificationCurve(
        outcome=asked.key,
        outcome_label=asked.label,
        lead=asked.estimand,
        headline=(primary.label, label),
        specifications=tuple(found),
        variants=tuple(each.variant for each in every),
        methods=methods,
        contexts=tuple(each.label for each in review.sets if each.role != "variant"),
    )
    return _with_factors(curve)


def _methods(used: Method, *, counted: bool) -> tuple[MethodVariant, ...]:
    """Return the fixed methods, the headline first where it is none of them."""
    fixed = [
        MethodVariant(label=label, method=method)
        for label, method in (SENSITIVITY_METHODS if counted else PERCENTAGE_METHODS)
    ]
    if any(_same(each.method, used) for each in fixed):
        return tuple(fixed)
    return (MethodVariant(label=PROTOCOL_METHOD, method=used), *fixed)


def _same(first: Method, second: Method) -> bool:
    """Whether two methods give the same estimate and interval, whatever they predict."""
    return replace(first, prediction="none") == replace(second, prediction="none")


def _labeled(every: Iterable[_Data]) -> Iterator[_Data]:
    """Yield every choice of data, each once under a label of its own.

    Combinations are found by their labels, which two sets or two series may share in the sheets.
    """
    known: dict[tuple[object, ...], str] = {}
    labels: set[str] = set()
    for each in every:
        variant = each.variant
        shared = variant.label in labels
        label = f"{variant.label} ({variant.key})" if shared else variant.label
        labels.add(label)
        yield _with_its_numbers(replace(each, variant=replace(variant, label=label)), known)


def _ladder_data(review: Review, outcome: Outcome) -> Iterator[_Data]:
    """Yield the ladder in every set, without each series, and the other readings beside it."""
    primary = review.analysis_set(review.primary_set)
    used = ladder_method(outcome)
    others = [each for each in review.sets if each.role == "variant" and each != primary]
    for each in (primary, *others):
        answer = pool(review, outcome.key, used, analysis_set=each.key)
        variant = DataVariant(
            key=each.key,
            label=each.label,
            kind="set",
            reason="" if answer.k else why_nothing(review, outcome, each),
        )
        yield _of_answer(variant, answer, main=each == primary)
    answer = pool(review, outcome.key, used)
    for place, row in enumerate(answer.rows):
        rest = [other for other in range(len(answer.rows)) if other != place]
        variant = DataVariant(key=row.series, label=f"without {row.label}", kind="without")
        yield _of_answer(variant, answer, places=rest)
    for reading in ("bounds", "as-defined", "stand-in"):
        rows = pool(review, outcome.key, used, reading=reading).rows
        variant = DataVariant(
            key=reading, label=READINGS[reading].partition(":")[0], kind="reading"
        )
        yield _Data(variant, rows)


def _of_answer(
    variant: DataVariant,
    answer: Synthesis,
    *,
    places: Sequence[int] | None = None,
    main: bool = False,
) -> _Data:
    """Return a choice of data that is pooled as an answer was, or some of its rows."""
    chosen = tuple(range(len(answer.rows)) if places is None else places)

    def again(method: Method) -> Synthesis:
        return pool_part(replace(answer, method=method), chosen)

    rows = tuple(answer.rows[place] for place in chosen)
    return _Data(variant, rows, None if answer.ladder is None else again, main)


def _data(review: Review, outcome: Outcome) -> Iterator[_Data]:
    """Yield the sets, then the primary set without each series, with the rows of each."""
    primary = review.analysis_set(review.primary_set)
    others = [each for each in review.sets if each.role == "variant" and each != primary]
    by_set = {each: _rows(review, outcome, each) for each in (primary, *others)}
    for each, rows in by_set.items():
        reason = "" if rows else why_nothing(review, outcome, each)
        yield _Data(DataVariant(key=each.key, label=each.label, kind="set", reason=reason), rows)
    for row in by_set[primary]:
        rows = tuple(other for other in by_set[primary] if other is not row)
        reason = "" if rows else "No other study reports it."
        label = f"without {row.label}"
        variant = DataVariant(key=row.series, label=label, kind="without", reason=reason)
        yield _Data(variant, rows)


def _rows(review: Review, outcome: Outcome, analysis_set: AnalysisSet) -> tuple[Row, ...]:
    """Return what a set selects."""
    chosen = select(review, outcome, analysis_set)
    return review_rows(review, outcome, chosen, method=outcome.method)


def _with_its_numbers(each: _Data, known: dict[tuple[object, ...], str]) -> _Data:
    """Return a choice of data with what it selects, or with the earlier one that selects it."""
    rows, variant = each.rows, each.variant
    numbers = (each.pool is None, *((row.series, pooled_numbers(row)) for row in rows))
    same_as = known.setdefault(numbers, variant.label) if rows else ""
    found = replace(
        variant,
        k=len(rows),
        total=sum(row.total for row in rows),
        same_as="" if same_as == variant.label else same_as,
    )
    return replace(each, variant=found)


def _specification(data: _Data, chosen: MethodVariant, lead: Estimand) -> Specification:
    """Return one combination; a refusal is kept with its reason."""
    estimate, estimand, note = Estimate(), lead, ""
    try:
        method = replace(chosen.method, prediction="none")
        answer = pool_rows(data.rows, method) if data.pool is None else data.pool(method)
    except ToolkitError as refused:
        note = str(refused)
    else:
        estimand, estimate = _leading(answer, lead)
        note = "" if estimate.defined else " ".join(answer.notes)
    return Specification(
        data=data.variant.label,
        method=chosen.label,
        kind=data.variant.kind,
        estimand=estimand,
        k=data.variant.k,
        total=data.variant.total,
        estimate=estimate,
        note=note,
    )


def _leading(answer: Synthesis, lead: Estimand) -> tuple[Estimand, Estimate]:
    """Return the estimand that leads where an answer has it, or else the other."""
    first: tuple[Estimand, Estimate] = ("typical", answer.typical)
    second: tuple[Estimand, Estimate] = ("average", answer.average)
    if lead == "average":
        first, second = second, first
    return second if second[1].defined and not first[1].defined else first


def _with_factors(curve: SpecificationCurve) -> SpecificationCurve:
    """Return a curve with what moves its answer, the widest span first."""
    shares, compared, interplay = _shares(curve)
    varied = {each.kind for each in curve.variants} | {"set", "without", "method"}
    factors = [_factor(curve, key, shares.get(key)) for key in FACTORS if key in varied]
    factors.sort(key=lambda each: -each.span)
    return replace(curve, factors=tuple(factors), compared=compared, interplay=interplay)


def _factor(curve: SpecificationCurve, key: FactorKey, share: float | None) -> Factor:
    """Return the range of the estimates when one factor alone departs from the headline."""
    data, method = curve.headline
    start = curve.at(data, method)
    if start is None or start.estimate.estimate is None or start.estimand != curve.lead:
        return Factor(key=key, share=share)
    centre = start.estimate.estimate
    moved = [start]
    for each in _alone(curve, key):
        if each.estimate.defined and each.estimand == curve.lead and each != start:
            moved.append(each)
    # Of equals the first is kept; the headline stands before them all.
    lowest = min(moved, key=_centre)
    highest = max(moved, key=_centre)
    furthest = max(moved, key=lambda each: abs(_centre(each) - centre))
    return Factor(
        key=key,
        lowest=lowest,
        highest=highest,
        furthest=furthest if abs(_centre(furthest) - centre) > _ROUNDING else None,
        levels=len(moved),
        share=share,
    )


def _alone(curve: SpecificationCurve, key: FactorKey) -> Iterator[Specification]:
    """Yield what differs from the headline in one factor; coinciding data under their own name."""
    data, method = curve.headline
    if key == "method":
        places = [(data, each.label) for each in curve.methods]
    else:
        places = [(each.label, method) for each in curve.variants if each.kind == key]
    for label, by in places:
        found = curve.at(label, by)
        if found is not None and (label == data or found.data != data):
            yield replace(found, data=label, kind="set" if key == "method" else key)


def _shares(curve: SpecificationCurve) -> tuple[dict[FactorKey, float], int, float | None]:
    """Return each factor's share of the variance, how many estimates share it, and the rest."""
    compared = [
        each
        for each in curve.specifications
        if each.estimand == curve.lead and _ROUNDING < _centre(each) < 1 - _ROUNDING
    ]
    if len(compared) < 3:
        return {}, len(compared), None
    data = np.array(_codes([each.data for each in compared]))
    method = np.array(_codes([each.method for each in compared]))
    found = type_two(logit([_centre(each) for each in compared]), [data, method])
    if found.total < 1e-12:
        return {}, len(compared), None
    by_data, by_method = (found.explained**2) / found.total
    kinds = np.array([each.kind for each in compared])
    shares: dict[FactorKey, float] = {
        "reading": float(by_data[kinds == "reading"].sum()),
        "set": float(by_data[kinds == "set"].sum()),
        "without": float(by_data[kinds == "without"].sum()),
        "method": float(by_method.sum()),
    }
    return shares, len(compared), found.residual / found.total


def _codes(levels: Sequence[str]) -> list[int]:
    """Return the place of every level among the different ones."""
    places = {level: place for place, level in enumerate(dict.fromkeys(levels))}
    return [places[level] for level in levels]


def _centre(specification: Specification) -> float:
    """Return an estimate; 0 where there is none."""
    return specification.estimate.estimate or 0.0
