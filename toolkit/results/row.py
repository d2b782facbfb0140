"""One study's row of an answer: its count or bounds, its interval, and what is open about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from toolkit.errors import Address

End = Literal["low", "high"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """The count that one end of a row's range was made from.

    Attributes
    ----------
    end : {"low", "high"}
    outcome : str
        Short name of the outcome that was counted.
    events : int
        How many of the same patients had it, at least or at most.
    where, source : str
        Where that count stands, and in which report.
    address : Address
        Its row in the sheets.
    """

    end: End
    outcome: str
    events: int
    where: str
    source: str
    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One series in a pool.

    Attributes
    ----------
    label, series, group, outcome : str
        Name shown; keys of the series, its group and the outcome its count was recorded under.
    events : int or None
        Patients with the event; None where the cell is a range of admissible numbers, and where
        only a percentage is known.
    events_low, events_high : int or None
        The admissible numbers of events; None where only a percentage is known.
    total : int
        The patients observed.
    estimate, low, high : float or None
        The series' own proportion (None for an undecided cell) and Clopper-Pearson limits,
        those of an undecided cell reaching over all its readings. A percentage has its printed
        limits, or else those of its standard error.
    weight : float or None
        Share of the pool in [0, 1]; None under a likelihood that has no weights.
    flags : tuple of str
        Words of `FLAGS`: what a reader must know of this number.
    year : int or None
        Year of the report, where it is known.
    where, source, as_printed : str
        Where the number stands, in which report, and as it is printed there.
    address : Address or None
        The line of the sheets that holds the number; None for bare numbers.
    time_years : float or None
        Years from the start to which a percentage belongs.
    standard_error : float or None
        Of a percentage that is printed with one or with an interval, as a proportion.
    precision : str
        Where that standard error comes from: the scale of the printed interval, or
        ``standard error``; ``approximate`` where nothing is printed, empty for counts.
    at_risk : int or None
        Patients still observed at that time, where printed.
    bounds : tuple of Bound
        What a range was made from, where the outcome itself is not reported.
    effect : float or None
        A bare effect on the analysis scale, whose standard error is `standard_error`; such a row
        has no patients.
    """

    label: str
    series: str = ""
    group: str = ""
    outcome: str = ""
    events: int | None
    events_low: int | None
    events_high: int | None
    total: int
    estimate: float | None
    low: float
    high: float
    weight: float | None = None
    flags: tuple[str, ...] = ()
    year: int | None = None
    where: str = ""
    source: str = ""
    as_printed: str = ""
    # No part of its words: a line put in above changes no result that is kept.
    address: Address | None = field(default=None, repr=False)
    time_years: float | None = None
    standard_error: float | None = None
    precision: str = ""
    at_risk: int | None = None
    bounds: tuple[Bound, ...] = ()
    effect: float | None = None

    @property
    def counted(self) -> bool:
        """Whether the row holds events among a total rather than a percentage alone."""
        return self.events_low is not None

    @property
    def readings(self) -> tuple[float, float]:
        """The lowest and the highest proportion that the source admits, in [0, 1]."""
        if self.events_low is None or self.events_high is None:
            return (self.estimate or 0.0, self.estimate or 0.0)
        return self.events_low / self.total, self.events_high / self.total


FLAGS = {
    "secondary": "quoted by another paper; the study's own report has not been read",
    "single": "extracted by one person and not yet checked",
    "differs": "the paper gives this number differently elsewhere",
    "undecided": "the paper leaves this cell open; all its readings enter the pool",
    "nearest": "the nearest outcome that the study reports stands in for this one",
    "bounded": "not reported; the same patients' other numbers leave this range",
    "derived": "worked out from other printed numbers",
    "drafted": "proposed by a rule and accepted by a person",
    "approximate": "printed without interval; its precision is approximated from its patients",
    "other-time": "measured at another time than asked for; the analysis set lets it stand in",
}
"""What a flag on a row means."""
