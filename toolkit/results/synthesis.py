"""The answer: what a pool says, with everything needed to show how it was made.

Records only; `toolkit.analysis.pool` fills them. Proportions lie in [0, 1]; None stands where a
quantity is not defined, and a note then says why.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from toolkit.results.left_out import LeftOut
from toolkit.results.row import Row
from toolkit.results.shown import Shown
from toolkit.review.method import Method

if TYPE_CHECKING:
    from toolkit.results.ladder import Ladder


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
    """Limits for the proportion of a new study; None where there is no prediction."""

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
    i2_latent, i2_typical : float or None
        The two quantities that go by the name of I2. Latent: tau2 over tau2 plus the variance of
        the standard logistic. Typical: tau2 over tau2 plus the typical sampling variance of the
        effects, as ``rma`` and ``rma.glmm`` of metafor print it; for a likelihood that of the
        logits with one half added where a cell is zero or full.
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
    i2_latent: float | None = None
    i2_typical: float | None = None
    rho: float | None = None
    rho_low: float | None = None
    rho_high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subgroup:
    """The pool of one level of a facet."""

    level: str
    label: str
    answer: Synthesis


@dataclass(frozen=True, slots=True, kw_only=True)
class SubgroupDifference:
    """Difference of two subgroups' proportions, first minus second.

    Attributes
    ----------
    low, high : float
        Equal-tailed posterior interval of a Bayesian fit; else the interval recovered from those
        of both subgroups.
    probability_positive : float or None
        Posterior probability that the first subgroup's proportion is the higher one; None where
        the method has no posterior.
    estimand : {"typical", "average"}
        What differs: the method's median studies, or averages where it has no median study.
    method : str
        How the interval was made, in words.
    """

    first: str
    second: str
    estimate: float
    low: float
    high: float
    probability_positive: float | None
    estimand: Literal["typical", "average"] = "typical"
    method: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BetweenSubgroups:
    """The test that all subgroups are the same.

    Attributes
    ----------
    name : str
        Which test it is.
    statistic, df, p : float
        Its statistic, degrees of freedom and chi-square p-value.
    """

    name: str
    statistic: float
    df: float
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NotReported:
    """A series that gives no number to pool.

    Attributes
    ----------
    label : str
        Its name.
    total : int or None
        Its patients, where they are known.
    """

    label: str
    total: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """Posterior probability that a proportion lies above a decision threshold."""

    threshold: float
    typical: float
    average: float
    new_centre: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NextPatients:
    """Posterior predictive of events among the next patients of a new study."""

    patients: int
    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtremeReading:
    """The median study under one extreme reading of the cells a paper leaves open."""

    label: str
    typical: Estimate
    average: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Synthesis(Shown):
    """What a pool says about one outcome in one analysis set by one method.

    Attributes
    ----------
    outcome, outcome_label, grade, analysis_set, analysis_set_label : str
        What was counted in which set, by key and by name; empty for bare counts.
    method, rows : Method, tuple of Row
        How it was pooled; the series in the review's order.
    k, total, events, events_low, events_high : int or None
        Series, patients, and those with the event: the least and the most where a cell is open.
    typical : Estimate
        The median study, ``expit(mu)``.
    average : Estimate
        The mean across studies, ``E[expit(mu + tau Z)]``; equal to `typical` when tau is 0.
    lead : {"typical", "average"}
        Which of the two the protocol leads with.
    prediction, heterogeneity : Prediction, Heterogeneity or None
        Where a new study's proportion would lie; how much series differ beyond chance (None for a
        rung of a ladder: there it belongs to the steps).
    scale, scale_estimate, scale_se : str, float or None, float or None
        The analysis scale; the estimate on it and its standard error.
    thresholds, next_patients : tuple of Threshold, NextPatients or None
        Probabilities above the outcome's thresholds; events among the next patients.
    reading : str
        How studies that report another outcome enter: a word of `toolkit.review.order.READINGS`;
        empty for bare numbers.
    ladder : Ladder or None
        The whole ladder that the answer is a rung of.
    readings : tuple of ExtremeReading
        The two extremes, where cells are undecided.
    between : BetweenSubgroups or None
        The test that the subgroups are the same, where the method has one.
    left_out : tuple of LeftOut
        Numbers that answer the question and are in no row, each with its reason.
    not_reported : tuple of NotReported
        Series that are asked and do not say; they have a line in the forest and no number.
    by, subgroups, differences : str, tuple of Subgroup, tuple of SubgroupDifference
        The facet, the pool of each of its levels, and each two of them compared.
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
    reading: str = ""
    ladder: Ladder | None = None
    readings: tuple[ExtremeReading, ...] = ()
    by: str = ""
    subgroups: tuple[Subgroup, ...] = ()
    differences: tuple[SubgroupDifference, ...] = ()
    between: BetweenSubgroups | None = None
    left_out: tuple[LeftOut, ...] = ()
    not_reported: tuple[NotReported, ...] = ()
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

    def __str__(self) -> str:
        """Return the answer as lines of text."""
        from toolkit.results.lines import in_words

        return in_words(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain lists, numbers and words under the same names.

        A row names its place in the paper; the line of the sheets is for the book alone.
        """
        return asdict(self, dict_factory=_without_address)


def _without_address(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the fields of a record by name, but for the line of the sheets."""
    return {name: value for name, value in fields if name != "address"}
