"""One step of a table of pools, and every subset of series: what leaving out and adding gives."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from toolkit.results.shown import Shown
from toolkit.results.synthesis import Estimate
from toolkit.review.method import Method


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


class LeaveOneOut(Shown, tuple[Step, ...]):
    """The pool without each series in turn: a tuple of `Step` that prints as a table."""

    __slots__ = ()


class Cumulative(Shown, tuple[Step, ...]):
    """The pools as series were added one by one: a tuple of `Step` that prints as a table."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class Subsets(Shown):
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
        Proportion of the median study, in [0, 1].
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
        """Return words that differ for two results: numpy leaves out the middle of long arrays."""
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
