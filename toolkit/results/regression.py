"""How a proportion changes with what is known of each series: the coefficients and their test."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from toolkit.results.row import Row
from toolkit.results.synthesis import Heterogeneity
from toolkit.review.method import Method


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficient:
    """Change of the effect, on the analysis scale, per unit of a covariate.

    Attributes
    ----------
    name : str
        The covariate; ``intercept``; or ``column: word`` for a word against the first one.
    estimate, standard_error, low, high : float
        On the analysis scale.
    statistic, p : float
        Wald statistic and its p-value.
    permutation_p : float or None
        p-value against rearrangements of the covariates, where it was asked for.
    """

    name: str
    estimate: float
    standard_error: float
    low: float
    high: float
    statistic: float
    p: float
    permutation_p: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaRegression:
    """A regression of proportions on covariates of their series.

    Attributes
    ----------
    method : Method
        How effects are weighed.
    rows : tuple of Row
        The series.
    covariates : tuple of (name, values)
        One number a series, as given.
    coefficients : tuple of Coefficient
        The intercept first.
    heterogeneity : Heterogeneity
        What is left between series: tau, and the test that nothing is (Q, or the likelihood ratio).
    model_statistic, model_df, model_p : float
        Joint test of all covariates.
    r2 : float or None
        Share of the variance between series that the covariates account for.
    scale : str
        Scale of the coefficients.
    notes : tuple of str
        What must be said beside the numbers.
    """

    method: Method
    rows: tuple[Row, ...]
    covariates: tuple[tuple[str, tuple[float, ...]], ...]
    coefficients: tuple[Coefficient, ...]
    heterogeneity: Heterogeneity
    model_statistic: float
    model_df: int
    model_p: float
    r2: float | None
    scale: str
    notes: tuple[str, ...] = ()

    @property
    def k(self) -> int:
        """Number of series."""
        return len(self.rows)

    def to_dict(self) -> dict[str, Any]:
        """Return the regression as plain lists, numbers and words under the same names."""
        return asdict(self)

    def in_words(self) -> str:
        """Return the coefficients and tests as lines of text."""
        from toolkit.results.lines import p_in_words

        width = max(len(each.name) for each in self.coefficients)
        percent = f"{100 * self.method.level:g}%"
        lines = [
            f"Meta-regression on the {self.scale} scale: {self.k} series; {self.method.in_words}",
            f"  {'':<{width}}  {'estimate':>9}  {'error':>7}  {percent + ' interval':>18}  p",
        ]
        for each in self.coefficients:
            permuted = (
                f"; by permutation {p_in_words(each.permutation_p)}"
                if each.permutation_p is not None
                else ""
            )
            lines.append(
                f"  {each.name:<{width}}  {each.estimate:>9.4f}  {each.standard_error:>7.4f}  "
                f"{each.low:>8.3f} to {each.high:>6.3f}  {p_in_words(each.p)}{permuted}"
            )
        found = self.heterogeneity
        lines.append(
            f"  All covariates: {self.model_statistic:.2f}, df {self.model_df}, "
            f"p {p_in_words(self.model_p)}"
        )
        if found.tau is not None:
            left = f"  Left between series: tau {found.tau:.3f}"
            if found.q is not None and found.p is not None:
                name = "Q" if self.method.model == "inverse-variance" else "LRT"
                left += f"; {name} {found.q:.2f}, df {found.df:g}, p {p_in_words(found.p)}"
            lines.append(left)
        if self.r2 is not None:
            lines.append(f"  Share of the variance accounted for: {100 * self.r2:.0f}%")
        return "\n".join([*lines, *(f"  {note}" for note in self.notes)])

    def __str__(self) -> str:
        """Return `in_words`."""
        return self.in_words()
