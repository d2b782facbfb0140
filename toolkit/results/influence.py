"""How a pool leans on its series: records of what each does, and of what goes with their size.

Records only; `toolkit.analysis.influence` and `toolkit.analysis.small_study` fill them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from toolkit.results.shown import Shown
from toolkit.results.synthesis import Estimate
from toolkit.review.method import Method

INFLUENTIAL_SHIFT = 1.0
"""Standard errors beyond which the pull of a series on the centre is called influential."""
INFLUENTIAL_CONFIDENCE = 0.5
"""Level of the confidence region beyond whose edge a pool without a series is called moved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesInfluence:
    """What one series does to a pool; None where there is no pool without it, as `note` says.

    Attributes
    ----------
    label : str
        The series.
    shift : float or None
        By how many standard errors the series moves the estimate on the analysis scale, up where it
        is above 0 (DFBETAS).
    spread_without : float or None
        Standard deviation between the other series on that scale.
    distance : float or None
        Likelihood displacement of a maximum-likelihood fit; Cook's distance of inverse variance.
    confidence : float or None
        Level of the confidence region of the pool, in [0, 1], whose edge passes through the pool
        without the series: chi-square with 2 degrees of freedom (centre and spread) for a
        displacement, with 1 (centre) for Cook's distance.
    note : str
        Why there are no numbers; empty where there are.
    """

    label: str
    shift: float | None = None
    spread_without: float | None = None
    distance: float | None = None
    confidence: float | None = None
    note: str = ""

    @property
    def influential(self) -> bool:
        """Whether it moves the estimate by a standard error, or the pool out of its 50% region."""
        return (
            abs(self.shift or 0.0) > INFLUENTIAL_SHIFT
            or (self.confidence or 0.0) > INFLUENTIAL_CONFIDENCE
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Influence(Shown):
    """What each series does to a pool.

    Attributes
    ----------
    method : Method
        How the pool was made.
    spread : float or None
        Standard deviation between all series on the analysis scale.
    rows : tuple of SeriesInfluence
        In the order of the pool's rows.
    """

    method: Method
    spread: float | None
    rows: tuple[SeriesInfluence, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the diagnostics as plain lists, numbers and words."""
        told = [{**asdict(each), "influential": each.influential} for each in self.rows]
        return {"method": self.method.to_dict(), "spread": self.spread, "rows": told}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShrunkenSeries:
    """The proportion of one series as its pool sees it, drawn towards the others.

    Attributes
    ----------
    label : str
        The series.
    observed : float or None
        Its own proportion, in [0, 1]; None where its cell is undecided.
    estimate : Estimate
        The same drawn towards the pool, with its interval; undefined where `note` says why.
    note : str
        Why there is no number; empty where there is one.
    """

    label: str
    observed: float | None = None
    estimate: Estimate = field(default_factory=Estimate)
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SizedSeries:
    """A series by its size and its proportion, one half added to a zero or full cell."""

    label: str
    total: int
    estimate: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallStudy(Shown):
    """How the proportion changes with the size of the series.

    Attributes
    ----------
    rows : tuple of SizedSeries
        In the order of the pool.
    slope : float
        Change of the logit with 1/n: above 0 where small series report more.
    intercept : float
        Logit that the trend gives for an unboundedly large series.
    statistic, df, p : float
        The t test of the slope, two-sided.
    limit : Estimate
        The proportion of that logit, with its interval at the level of the pool. It may round to
        0 or 1 where all series are of nearly one size.
    """

    rows: tuple[SizedSeries, ...]
    slope: float
    intercept: float
    statistic: float
    df: float
    p: float
    limit: Estimate

    def to_dict(self) -> dict[str, Any]:
        """Return the trend as plain lists, numbers and words."""
        return asdict(self)
