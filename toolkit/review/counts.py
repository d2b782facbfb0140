"""What a paper reports of its patients: counts, percentages without counts, single patients."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.errors import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Events among a total for one outcome at one grade and window, with where it stands.

    Attributes
    ----------
    events_low, events_high : int
        The admissible numbers of events; equal unless the paper leaves the cell undecided.
    total : int
        Patients observed for the outcome, at least 1.
    source : str
        Key of the report the number was read in: ``primary`` or the key of the quoting paper.
    """

    series: str
    group: str
    outcome: str
    grade: str
    window: str
    status: str
    events_low: int
    events_high: int
    total: int
    denominator: str
    as_printed: str
    basis: str
    source: str
    where: str
    note: str
    address: Address

    @property
    def decided(self) -> bool:
        """Whether the cell holds one number rather than a range."""
        return self.events_low == self.events_high

    @property
    def secondary(self) -> bool:
        """Whether the number was quoted by another paper rather than read in the series' own."""
        return self.source != "primary"


@dataclass(frozen=True, slots=True, kw_only=True)
class MedianTime:
    """A printed median of the time to an event; medians are shown study by study and not pooled.

    Attributes
    ----------
    median, low, high : float or None
        As printed, in `unit`; None where nothing is printed or the time was not reached.
    spread : {"interval", "range", "iqr", "not_said", ""}
        What low and high are.
    level : float
        Coverage of an interval.
    unit : {"days", "weeks", "months", "years"}
    patients : int or None
        Patients at the start.
    """

    series: str
    group: str
    outcome: str
    status: str
    median: float | None
    low: float | None
    high: float | None
    spread: str
    level: float
    unit: str
    patients: int | None
    as_printed: str
    source: str
    where: str
    note: str
    address: Address

    @property
    def secondary(self) -> bool:
        """Whether the number was quoted by another paper rather than read in the series' own."""
        return self.source != "primary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Percentage:
    """A printed percentage of patients that is no count: a survival at a fixed time, above all.

    Attributes
    ----------
    time_years : float or None
        Years from the start; None for a percentage that has no time.
    proportion, low, high : float
        The printed percentage and its limits in [0, 1]; the limits are None where none is printed.
    level : float
        Coverage of the printed interval.
    interval_scale : str
        Scale on which the paper says the interval was computed; empty where it does not say.
    standard_error : float or None
        The printed standard error, of the proportion.
    decimals : int
        Most digits after the point among the printed numbers.
    patients : int
        Patients at the start.
    at_risk : int or None
        Patients still observed and free of the event at that time, where printed.
    """

    series: str
    group: str
    outcome: str
    grade: str
    time_years: float | None
    status: str
    proportion: float
    low: float | None
    high: float | None
    level: float
    interval_scale: str
    standard_error: float | None
    decimals: int
    patients: int
    at_risk: int | None
    as_printed: str
    basis: str
    source: str
    where: str
    note: str
    address: Address

    @property
    def secondary(self) -> bool:
        """Whether the number was quoted by another paper rather than read in the series' own."""
        return self.source != "primary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """One patient as published: a row of a patient-level table, columns as in its sheet."""

    key: str
    cells: tuple[tuple[str, str], ...]
    address: Address

    def cell(self, column: str) -> str:
        """Return the word in a column, or an empty string where the table has none."""
        return dict(self.cells).get(column, "")
