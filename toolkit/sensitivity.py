"""How the answer moves: without one series, as series came in, over all subsets and choices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from toolkit.errors import ChoiceError, ToolkitError
from toolkit.method import Method
from toolkit.numerics.binomial_normal import FitStatus, fit_ml
from toolkit.numerics.subsets import all_subsets as subsets_of_effects
from toolkit.pooling import pool_rows
from toolkit.review import Review
from toolkit.row_effects import back_to_proportion, row_effects
from toolkit.rows import review_rows
from toolkit.selection import select
from toolkit.synthesis import Estimate, Row, Synthesis

Order = Literal["year", "size", "sheet"]

MOST_SERIES_FOR_SUBSETS = {"binomial-normal": 15, "inverse-variance": 20}
"""Series up to which every subset is fitted, by model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of a leave-one-out or cumulative table.

    Attributes
    ----------
    label : str
        The series left out or added.
    k, total : int
        Series and patients in the pool.
    typical, average : Estimate
        Undefined where too few series are left; `notes` then says so.
    tau : float or None
        Spread between series on the analysis scale.
    """

    label: str
    k: int
    total: int
    typical: Estimate
    average: Estimate
    tau: float | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subsets:
    """Every subset of at least two series, as arrays of equal length.

    Attributes
    ----------
    members : ndarray of uint32
        Bit i is set when series i, in the answer's order of rows, takes part.
    k : ndarray of int
        Series in the subset.
    estimate : ndarray of float
        Proportion of the typical centre, in [0, 1].
    tau2 : ndarray of float
        Variance between series on the analysis scale.
    left_out : int
        Subsets without a finite estimate (all cells zero, or all full).
    """

    members: npt.NDArray[np.uint32]
    k: npt.NDArray[np.int64]
    estimate: npt.NDArray[np.float64]
    tau2: npt.NDArray[np.float64]
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Specification:
    """One defensible combination of data and method, with its answer.

    Attributes
    ----------
    data, method : str
        Labels of the two choices.
    estimand : {"typical", "average"}
        Which of the two the estimate is.
    estimate : Estimate
        Undefined where the combination gives none; `note` then says why.
    """

    data: str
    method: str
    estimand: Literal["typical", "average"]
    k: int
    total: int
    estimate: Estimate
    note: str


SENSITIVITY_METHODS: tuple[tuple[str, Method], ...] = (
    ("Maximum likelihood, t(k-1)", Method()),
    ("Bayes, half-normal(1.0)", Method(fit="bayes")),
    ("Bayes, half-normal(0.5)", Method(fit="bayes", tau_prior=0.5)),
    ("Bayes, half-normal(2.0)", Method(fit="bayes", tau_prior=2.0)),
    ("Beta-binomial, profile", Method(model="beta-binomial")),
    ("Maximum likelihood, profile", Method(interval="profile")),
    (
        "Logit, REML, ad hoc Hartung-Knapp",
        Method(model="inverse-variance", interval="hartung-knapp-adhoc"),
    ),
    (
        "Arcsine, REML, ad hoc Hartung-Knapp",
        Method(model="inverse-variance", scale="arcsine", interval="hartung-knapp-adhoc"),
    ),
    (
        "Double arcsine, DL, Wald (legacy)",
        Method(model="inverse-variance", scale="double-arcsine", tau2="dl", interval="wald"),
    ),
    ("Pooled counts", Method(model="pooled-counts")),
)
"""The fixed set of methods of the specification curve, chosen before any number was seen."""

_OF_PERCENTAGES = Method(
    model="inverse-variance", scale="complementary-log-log", interval="hartung-knapp"
)
PERCENTAGE_METHODS: tuple[tuple[str, Method], ...] = (
    ("Complementary log-log, REML, Hartung-Knapp", _OF_PERCENTAGES),
    ("The same, precision taken as high", replace(_OF_PERCENTAGES, approximation="optimistic")),
    ("The same, precision taken as low", replace(_OF_PERCENTAGES, approximation="pessimistic")),
    ("Logit, REML, Hartung-Knapp", replace(_OF_PERCENTAGES, scale="logit")),
    ("Plain, REML, Hartung-Knapp", replace(_OF_PERCENTAGES, scale="raw")),
    (
        "Complementary log-log, REML, ad hoc Hartung-Knapp",
        replace(_OF_PERCENTAGES, interval="hartung-knapp-adhoc"),
    ),
    (
        "Complementary log-log, DL, Wald",
        replace(_OF_PERCENTAGES, tau2="dl", interval="wald"),
    ),
)
"""The same where a series gives only a percentage, which no model of counts can pool."""


def leave_one_out(answer: Synthesis) -> tuple[Step, ...]:
    """Return the pool without each series in turn, in the order of the answer's rows."""
    return tuple(
        _step(row.label, [other for other in answer.rows if other is not row], answer)
        for row in answer.rows
    )


def cumulative(answer: Synthesis, order: Order = "year") -> tuple[Step, ...]:
    """Return the pool as series are added one by one.

    Parameters
    ----------
    answer : Synthesis
        What `toolkit.pool` returned.
    order : {"year", "size", "sheet"}
        By year of the report (unknown years last), by patients (most first), or as the rows stand.
    """
    keys = {
        "year": lambda row: (row.year is None, row.year or 0),
        "size": lambda row: -row.total,
        "sheet": lambda row: 0,
    }
    if order not in keys:
        raise ChoiceError("order", order, list(keys))
    rows = sorted(answer.rows, key=keys[order])
    return tuple(_step(row.label, rows[: i + 1], answer) for i, row in enumerate(rows))


def _step(label: str, rows: Sequence[Row], answer: Synthesis) -> Step:
    """Return the pool of some rows by the answer's own method."""
    part = pool_rows(rows, replace(answer.method, prediction="none"))
    return Step(
        label=label,
        k=part.k,
        total=part.total,
        typical=part.typical,
        average=part.average,
        tau=part.heterogeneity.tau,
        notes=part.notes,
    )


def all_subsets(answer: Synthesis) -> Subsets:
    """Return the pool of every subset of two series or more, fitted in one batch.

    Parameters
    ----------
    answer : Synthesis
        Its method must be binomial-normal by maximum likelihood (two series are fitted here as
        well: a subset is a diagnostic, not an answer) or inverse variance.

    Raises
    ------
    ToolkitError
        For other methods, for more than `MOST_SERIES_FOR_SUBSETS` series, and for fewer than two.
    """
    method = answer.method
    most = MOST_SERIES_FOR_SUBSETS.get(method.model, 0)
    if most == 0 or method.fit == "bayes":
        raise ToolkitError(
            "all subsets are fitted for binomial-normal by maximum likelihood and for "
            f"inverse-variance, not for {method.in_words}."
        )
    if not 2 <= answer.k <= most:
        raise ToolkitError(
            f"all subsets need 2 to {most} series under {method.model}; there are {answer.k}."
        )
    if method.model == "inverse-variance":
        return _subsets_of_effects(answer.rows, method)
    low = np.array([row.events_low for row in answer.rows])
    high = np.array([row.events_high for row in answer.rows])
    total = np.array([row.total for row in answer.rows])
    members = np.arange(1, 2**answer.k, dtype=np.uint32)
    mask = (members[:, None] >> np.arange(answer.k, dtype=np.uint32)) & 1 == 1
    members, mask = members[mask.sum(axis=1) >= 2], mask[mask.sum(axis=1) >= 2]
    fit = fit_ml(low, high, total, mask)
    fitted = fit.status == FitStatus.FITTED
    return Subsets(
        members=members[fitted],
        k=mask[fitted].sum(axis=1),
        estimate=expit(fit.mu[fitted]),
        tau2=fit.tau[fitted] ** 2,
        left_out=int((~fitted).sum()),
    )


def _subsets_of_effects(rows: Sequence[Row], method: Method) -> Subsets:
    """Return every subset under inverse variance."""
    transformed = row_effects(rows, method)
    if not transformed.usable.all():
        raise ToolkitError(
            f'a zero or full cell has no {method.scale} effect under zero="{method.zero}": '
            "choose another zero rule to fit all subsets."
        )
    found = subsets_of_effects(transformed.y, transformed.v, tau2=method.tau2, smallest=2)
    reciprocal = np.zeros(len(found.members))
    for index, row in enumerate(rows):
        reciprocal += ((found.members >> np.uint32(index)) & 1) / row.total
    return Subsets(
        members=found.members,
        k=found.k.astype(np.int64),
        estimate=back_to_proportion(found.mu, method, found.k / reciprocal),
        tau2=found.tau2,
        left_out=0,
    )


def specification_curve(review: Review, outcome: str) -> tuple[Specification, ...]:
    """Return the answer under every analysis set and method, and without each series.

    Parameters
    ----------
    review : Review
        A checked review.
    outcome : str
        Key of an outcome.

    Returns
    -------
    tuple of Specification
        Analysis sets in the review's order, then the primary set without each of its series;
        within each the methods of `SENSITIVITY_METHODS`, or of `PERCENTAGE_METHODS` where a
        series gives only a percentage. Sets that select the same numbers as an earlier one are
        kept once.
    """
    found: list[Specification] = []
    seen: set[tuple[tuple[object, ...], ...]] = set()
    for data, rows in _data_choices(review, outcome):
        numbers = tuple(
            (row.label, row.events_low, row.events_high, row.total, row.estimate, row.time_years)
            for row in rows
        )
        if numbers in seen or not numbers:
            continue
        seen.add(numbers)
        counted = all(row.counted for row in rows)
        methods = SENSITIVITY_METHODS if counted else PERCENTAGE_METHODS
        found += [_specification(data, name, rows, method) for name, method in methods]
    return tuple(found)


def _data_choices(review: Review, outcome: str) -> Iterator[tuple[str, Sequence[Row]]]:
    """Yield the label and the rows of every choice of data."""
    asked = review.outcome(outcome)
    for analysis_set in review.sets:
        chosen = select(review, asked, analysis_set)
        rows = review_rows(review, asked, chosen, method=asked.method)
        yield analysis_set.label, rows
        if analysis_set.key == review.primary_set:
            primary = rows
    for row in primary:
        yield f"without {row.label}", [other for other in primary if other is not row]


def _specification(data: str, name: str, rows: Sequence[Row], method: Method) -> Specification:
    """Return one combination; a refusal is kept with its reason."""
    refusal = ""
    try:
        answer = pool_rows(rows, replace(method, prediction="none"))
    except ToolkitError as refused:
        answer, refusal = None, str(refused)
    estimate = Estimate() if answer is None else answer.leading
    return Specification(
        data=data,
        method=name,
        estimand="typical" if answer is None else answer.lead,
        k=len(rows),
        total=sum(row.total for row in rows),
        estimate=estimate,
        note=refusal or ("" if answer is None or estimate.defined else " ".join(answer.notes)),
    )
