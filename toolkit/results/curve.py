"""The answer under other choices: records that say what was varied and what came out.

Records only; `toolkit.analysis.specification_curve` fills them. Proportions lie in [0, 1]; where
a combination gives no estimate its note says why.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from toolkit.results.shown import Shown
from toolkit.results.synthesis import Estimate
from toolkit.review.method import Method

Estimand = Literal["typical", "average"]
DataKind = Literal["set", "without", "reading"]
FactorKey = Literal["reading", "set", "without", "method"]

FACTORS: dict[FactorKey, str] = {
    "reading": "How a study that reports another outcome is counted",
    "set": "Which studies are counted",
    "without": "Leaving one study out",
    "method": "The statistical method",
}
"""What a combination of choices is made of, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataVariant:
    """One choice of data: a set, the primary set without a series, or under another reading.

    Attributes
    ----------
    key, label : str
        Key of the set, or of the series left out, or the reading; what is shown.
    kind : {"set", "without", "reading"}
        Which of these it is.
    k, total : int
        Series and patients it selects.
    same_as : str
        Label of the earlier variant that holds the very same numbers; empty where none does.
    reason : str
        Why it selects nothing; empty where it selects something.
    """

    key: str
    label: str
    kind: DataKind
    k: int = 0
    total: int = 0
    same_as: str = ""
    reason: str = ""

    @property
    def counted(self) -> bool:
        """Whether its combinations stand in the curve: it holds data that no earlier one holds."""
        return not self.same_as and not self.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodVariant:
    """One choice of method, with the label it is shown by."""

    label: str
    method: Method


@dataclass(frozen=True, slots=True, kw_only=True)
class Specification:
    """One defensible combination of data and method, with its answer.

    Attributes
    ----------
    data, method : str
        Labels of the two choices.
    kind : {"set", "without", "reading"}
        Whether the data are an analysis set or lack one series.
    estimand : {"typical", "average"}
        Which of the two the estimate is: the one that the protocol leads with wherever the method
        gives it.
    k, total : int
        Series and patients.
    estimate : Estimate
        Undefined where the combination gives none; `note` then says why.
    """

    data: str
    method: str
    kind: DataKind = "set"
    estimand: Estimand
    k: int
    total: int
    estimate: Estimate
    note: str

    def to_dict(self) -> dict[str, Any]:
        """Return the combination as one flat row."""
        cells = {name: cell for name, cell in asdict(self).items() if name != "estimate"}
        return cells | asdict(self.estimate)


SPECIFICATION_COLUMNS = (
    "data",
    "kind",
    "method",
    "estimand",
    "k",
    "total",
    "estimate",
    "low",
    "high",
    "headline",
    "note",
)
"""Columns of a specification curve as a table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """How far one factor moves the answer.

    Attributes
    ----------
    key : {"reading", "set", "without", "method"}
        The factor, a word of `FACTORS`.
    lowest, highest : Specification or None
        Ends of the estimates when this factor alone departs from the headline, which is one of
        them; None where the headline has no estimate.
    furthest : Specification or None
        The one of them that lies furthest from the headline; None where none moves it.
    levels : int
        Choices of the factor that give an estimate of the leading estimand, the headline's too.
    share : float or None
        Share of the variance of all estimates, in [0, 1]; None where there is nothing to share.
    """

    key: FactorKey
    lowest: Specification | None = None
    highest: Specification | None = None
    furthest: Specification | None = None
    levels: int = 0
    share: float | None = None

    @property
    def span(self) -> float:
        """Distance of the two ends as a proportion; 0 where there is nothing to compare."""
        if self.lowest is None or self.highest is None:
            return 0.0
        return (self.highest.estimate.estimate or 0.0) - (self.lowest.estimate.estimate or 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecificationCurve(Shown):
    """One outcome under every combination of data and method.

    Attributes
    ----------
    outcome, outcome_label : str
        The outcome.
    lead : {"typical", "average"}
        The estimand that the protocol leads with.
    headline : (data, method)
        Labels of the combination that the protocol leads with.
    specifications : tuple of Specification
        Data variants in their order, within each the methods in theirs.
    variants : tuple of DataVariant
        Every choice of data, those that coincide with an earlier one or select nothing too.
    methods : tuple of MethodVariant
        Every choice of method.
    contexts : tuple of str
        Labels of the sets that ask another question and stand in no combination.
    factors : tuple of Factor
        What moves the answer, the factor with the widest span first.
    compared : int
        Estimates among which the variance is shared: those of the leading estimand that lie
        strictly between 0 and 1.
    interplay : float or None
        Share of their variance that no factor explains by itself.
    """

    outcome: str = ""
    outcome_label: str = ""
    lead: Estimand = "typical"
    headline: tuple[str, str]
    specifications: tuple[Specification, ...]
    variants: tuple[DataVariant, ...]
    methods: tuple[MethodVariant, ...]
    contexts: tuple[str, ...] = ()
    factors: tuple[Factor, ...] = ()
    compared: int = 0
    interplay: float | None = None

    def at(self, data: str, method: str) -> Specification | None:
        """Return a combination by its labels, those of coinciding data included."""
        same = {each.label: each.same_as or each.label for each in self.variants}
        wanted = (same.get(data, data), method)
        return next((s for s in self.specifications if (s.data, s.method) == wanted), None)

    def leads(self, specification: Specification) -> bool:
        """Whether a combination is the one that the protocol leads with."""
        return (specification.data, specification.method) == self.headline

    def to_dict(self) -> dict[str, Any]:
        """Return the curve as plain lists, numbers and words; a combination is one flat row."""
        return {
            "outcome": self.outcome,
            "outcome_label": self.outcome_label,
            "lead": self.lead,
            "headline": list(self.headline),
            "specifications": [
                {name: cells[name] for name in SPECIFICATION_COLUMNS}
                for each in self.specifications
                for cells in [{**each.to_dict(), "headline": self.leads(each)}]
            ],
            "variants": [asdict(each) for each in self.variants],
            "methods": [
                {"label": each.label, "method": each.method.to_dict()} for each in self.methods
            ],
            "contexts": list(self.contexts),
            "factors": [_factor_row(each) for each in self.factors],
            "compared": self.compared,
            "interplay": self.interplay,
        }


def _factor_row(factor: Factor) -> dict[str, Any]:
    """Return a factor with its combinations as flat rows."""
    ends = {
        name: None if (end := getattr(factor, name)) is None else end.to_dict()
        for name in ("lowest", "highest", "furthest")
    }
    return {"key": factor.key, "levels": factor.levels, "share": factor.share, **ends}
