"""How the answer moves: without one series, as series came in, over all subsets of series."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from toolkit.errors import ChoiceError, ToolkitError
from toolkit.memory import remembered
from toolkit.method import Method
from toolkit.numerics.binomial_normal import FitStatus, fit_ml
from toolkit.numerics.subsets import all_subsets as subsets_of_effects
from toolkit.numerics.subsets import masks_of
from toolkit.pooling import pool_rows
from toolkit.row_effects import back_to_proportion, row_effects
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
        Proportions in [0, 1]; undefined where the method gives none, as `notes` then says.
    tau : float or None
        Spread between series on the analysis scale; None where the method has none.
    notes : tuple of str
        What must be said of the pool.
    """

    label: str
    k: int
    total: int
    typical: Estimate
    average: Estimate
    tau: float | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class Subsets:
    """Every subset of at least two series, as arrays of equal length.

    Attributes
    ----------
    method : Method
        How the subsets are pooled.
    members : ndarray of uint32
        Bit i is set when series i, in the answer's order of rows, takes part.
    k : ndarray of int
        Series in the subset.
    estimate : ndarray of float
        Proportion of the typical centre, in [0, 1].
    tau2 : ndarray of float
        Variance between series on the analysis scale.
    left_out : int
        Subsets that the model cannot be fitted to: all cells zero, all full, or the two side by
        side without any other.
    labels : tuple of str
        Names of the series.
    """

    method: Method
    members: npt.NDArray[np.uint32]
    k: npt.NDArray[np.int64]
    estimate: npt.NDArray[np.float64]
    tau2: npt.NDArray[np.float64]
    left_out: int
    labels: tuple[str, ...]

    def __repr__(self) -> str:
        """Return words that tell two results apart: numpy leaves out the middle of long arrays."""
        content = hashlib.sha256(self.members.tobytes() + self.estimate.tobytes()).hexdigest()
        return f"Subsets({self.method!r}, {self.labels!r}, {len(self.members)}, {content})"

    @property
    def shifts(self) -> npt.NDArray[np.float64]:
        """Median of the estimates with each series less that of those without it.

        NaN for a series that is in every subset.
        """
        held = [self._holds(index) for index in range(len(self.labels))]
        return np.array(
            [
                np.nan
                if kept.all()
                else np.median(self.estimate[kept]) - np.median(self.estimate[~kept])
                for kept in held
            ]
        )

    @property
    def moves_most(self) -> str:
        """Name of the series whose presence moves the median most; empty where none can."""
        place = self._place_of_most
        return "" if place is None else self.labels[place]

    @property
    def with_it(self) -> npt.NDArray[np.bool_]:
        """Whether that series is in each subset; True in every one where none can move it."""
        place = self._place_of_most
        return np.ones(len(self.members), dtype=bool) if place is None else self._holds(place)

    @property
    def _place_of_most(self) -> int | None:
        """Place among the labels of the series that moves it most: two series may share a label."""
        shifts = np.abs(self.shifts)
        return None if np.isnan(shifts).all() else int(np.nanargmax(shifts))

    def _holds(self, index: int) -> npt.NDArray[np.bool_]:
        """Return which subsets hold a series."""
        return np.asarray((self.members >> np.uint32(index)) & 1 == 1)


def leave_one_out(answer: Synthesis) -> tuple[Step, ...]:
    """Return the pool without each series in turn, in the order of the answer's rows.

    Parameters
    ----------
    answer : Synthesis
        What `toolkit.pool` or `toolkit.pool_counts` returned; its own method pools the others.
    """
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

    Returns
    -------
    tuple of Step
        The first step holds one series, the last one all of them.

    Raises
    ------
    ChoiceError
        For another order.
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


@remembered
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
        For other methods, for more than `MOST_SERIES_FOR_SUBSETS` series, for fewer than two, and
        where no subset has an estimate.

    Notes
    -----
    **Source**: Olkin, Dahabreh & Trikalinos 2012, Res Synth Methods 3:214, doi 10.1002/jrsm.1053.
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
    return _subsets_of_counts(answer.rows, method)


def _subsets_of_counts(rows: Sequence[Row], method: Method) -> Subsets:
    """Return every subset by maximum likelihood of the binomial-normal model."""
    low = np.array([row.events_low for row in rows])
    high = np.array([row.events_high for row in rows])
    total = np.array([row.total for row in rows])
    members = np.arange(1, 2 ** len(rows), dtype=np.uint32)
    mask = masks_of(members, len(rows))
    several = mask.sum(axis=1) >= 2
    members, mask = members[several], mask[several]
    fit = fit_ml(low, high, total, mask)
    fitted = fit.status == FitStatus.FITTED
    if not fitted.any():
        # The last subset holds every series.
        reason = FitStatus(int(fit.status[-1])).sentence
        raise ToolkitError(
            f"no subset of these series has a finite estimate: {reason[:1].lower()}{reason[1:]}"
        )
    return Subsets(
        method=method,
        members=members[fitted],
        k=mask[fitted].sum(axis=1),
        estimate=expit(fit.mu[fitted]),
        tau2=fit.tau[fitted] ** 2,
        left_out=int((~fitted).sum()),
        labels=tuple(row.label for row in rows),
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
        method=method,
        members=found.members,
        k=found.k.astype(np.int64),
        estimate=back_to_proportion(found.mu, method, found.k / reciprocal),
        tau2=found.tau2,
        left_out=0,
        labels=tuple(row.label for row in rows),
    )
