"""The answer: what a pool says, with everything needed to show how it was made.

Records only; `toolkit.analysis.pool` fills them. Proportions lie in [0, 1]; None stands where a
quantity is not defined, and a note then says why.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from toolkit.errors import Address
from toolkit.review.method import Method


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A proportion with its interval; all three None where it is not defined."""

    estimate: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def defined(self) -> bool:
        """Whether there is a number to show."""
        return self.estimate is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """Limits for the proportion of a new centre; None where there is no prediction."""

    low: float | None = None
    high: float | None = None

    @property
    def defined(self) -> bool:
        """Whether there is an interval to show."""
        return self.low is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heterogeneity:
    """How much the series differ beyond chance, on the analysis scale.

    Attributes
    ----------
    tau, tau2, tau2_low, tau2_high : float or None
        Standard deviation and variance between series, with the interval of the variance.
    q, df, p : float or None
        Statistic of the test of no heterogeneity, its degrees of freedom and p-value: the
        likelihood ratio for the likelihood models (its null distribution is an even mixture of
        chi-square with 0 and 1 degrees of freedom), Cochran's Q for inverse variance. No p-value
        below four series.
    i2, h2 : float or None
        Share of variation beyond chance in [0, 1], and total over chance variation. Under the
        binomial-normal model chance is the variance of the standard logistic on the latent scale.
    rho, rho_low, rho_high : float or None
        Correlation of two patients of one series under the beta-binomial model, with interval.
    """

    tau: float | None = None
    tau2: float | None = None
    tau2_low: float | None = None
    tau2_high: float | None = None
    q: float | None = None
    df: float | None = None
    p: float | None = None
    i2: float | None = None
    h2: float | None = None
    rho: float | None = None
    rho_low: float | None = None
    rho_high: float | None = None


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
    address: Address | None = None
    time_years: float | None = None
    standard_error: float | None = None
    precision: str = ""
    at_risk: int | None = None

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
    "secondary": "quoted by another paper; the series' own report has not been read",
    "single": "extracted by one person and not yet checked",
    "differs": "the paper gives this number differently elsewhere",
    "undecided": "the paper leaves this cell open; all its readings enter the pool",
    "nearest": "the nearest construct that the series reports stands in for the outcome",
    "derived": "worked out from other printed numbers",
    "drafted": "proposed by a rule and accepted by a person",
    "approximate": "printed without interval; its precision is approximated from its patients",
    "other-time": "measured at another time than asked for; the analysis set lets it stand in",
}
"""What a flag on a row means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subgroup:
    """The pool of one level of a facet."""

    level: str
    label: str
    answer: Synthesis


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Difference of two subgroups' typical centres on the probability scale, first minus second.

    Attributes
    ----------
    low, high : float
        Equal-tailed posterior interval; a confidence interval for percentages without counts.
    probability_positive : float or None
        Posterior probability that the first subgroup's proportion is the higher one; None where
        the method has no posterior.
    """

    first: str
    second: str
    estimate: float
    low: float
    high: float
    probability_positive: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """Posterior probability that a proportion lies above a decision threshold."""

    threshold: float
    typical: float
    average: float
    new_centre: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NextPatients:
    """Posterior predictive of events among the next patients of a new centre."""

    patients: int
    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The typical centre under one extreme reading of the cells a paper leaves open."""

    label: str
    typical: Estimate
    average: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Synthesis:
    """What a pool says about one outcome in one analysis set by one method.

    Attributes
    ----------
    typical : Estimate
        The median centre, ``expit(mu)``.
    average : Estimate
        The mean over centres, ``E[expit(mu + tau Z)]``; equal to `typical` when tau is 0.
    lead : {"typical", "average"}
        Which of the two the protocol leads with.
    prediction : Prediction
        Where a new centre's proportion would lie.
    scale : str
        The analysis scale of `scale_estimate` and `scale_se`.
    heterogeneity : Heterogeneity or None
        None for a rung of a ladder: there it belongs to the steps.
    readings : tuple of Reading
        The two extremes, where cells of the pool are undecided.
    notes : tuple of str
        What must be said beside the numbers, in sentences.
    fingerprint : str
        Hash of the rows and the method; no clock, so equal inputs give equal answers.
    """

    outcome: str = ""
    outcome_label: str = ""
    grade: str = ""
    analysis_set: str = ""
    analysis_set_label: str = ""
    method: Method
    lead: Literal["typical", "average"] = "typical"
    rows: tuple[Row, ...]
    k: int
    events: int | None
    events_low: int | None
    events_high: int | None
    total: int
    typical: Estimate = Estimate()
    average: Estimate = Estimate()
    prediction: Prediction = Prediction()
    scale: str = "logit"
    scale_estimate: float | None = None
    scale_se: float | None = None
    heterogeneity: Heterogeneity | None = Heterogeneity()
    thresholds: tuple[Threshold, ...] = ()
    next_patients: NextPatients | None = None
    readings: tuple[Reading, ...] = ()
    by: str = ""
    subgroups: tuple[Subgroup, ...] = ()
    differences: tuple[Difference, ...] = ()
    notes: tuple[str, ...] = ()
    fingerprint: str = field(default="", compare=False)

    @property
    def drawn_rows(self) -> tuple[Row, ...]:
        """Rows in the order of a forest plot: those of the subgroups where there are any."""
        if not self.subgroups:
            return self.rows
        return tuple(row for part in self.subgroups for row in part.answer.rows)

    @property
    def leading(self) -> Estimate:
        """The estimand that the protocol leads with."""
        return self.average if self.lead == "average" else self.typical

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain lists, numbers and words under the same names.

        A row names its place in the paper; the line of the sheets is for the book alone.
        """
        return asdict(self, dict_factory=_without_address)


def _without_address(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the fields of a record by name, but for the line of the sheets."""
    return {name: value for name, value in fields if name != "address"}
