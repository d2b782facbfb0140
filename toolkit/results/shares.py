"""How a proportion is printed, the same in the terminal, figures, pages and CSV words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor, log10

from toolkit.errors import ToolkitError
from toolkit.results.synthesis import Estimate, Synthesis

UNITS = (1, 100, 1_000, 10_000, 100_000, 1_000_000)
"""What proportions may be printed out of; 1 is for effects that are no proportions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """The rule by which the proportions of one answer are printed.

    Percentages are whole numbers; rates per thousand and rarer have two significant figures. A
    proportion that is not 0 or 1 never reads as if it were.

    Attributes
    ----------
    per : int
        Out of how many patients: 100 for percentages.
    """

    per: int = 100

    def __post_init__(self) -> None:
        """Refuse a number that is no power of ten."""
        if self.per not in UNITS:
            listed = ", ".join(map(str, UNITS))
            raise ToolkitError(f"per={self.per} is not understood; choices: {listed}.")

    def number(self, proportion: float) -> str:
        """Return a proportion as a number without its unit; halves go up.

        Examples
        --------
        >>> Shares().number(0.125), Shares().number(0.004), Shares().number(0.999)
        ('13', '<1', '>99')
        >>> rate = Shares(per=1000)
        >>> rate.number(0.0002223), rate.number(0.0123), rate.number(0.00456), rate.number(0.0)
        ('0.22', '12', '4.6', '0')
        """
        # Nine decimals put back on its half a number that binary fractions have moved off it.
        scaled = round(self.per * proportion, 9)
        if self.per == 1:
            return f"{scaled:.2f}".replace("-", "−")
        if self.per == 100:
            whole = floor(scaled + 0.5)
            if whole == 0 and proportion > 0:
                return "<1"
            if whole == 100 and proportion < 1:
                return ">99"
            return str(whole)
        if proportion <= 0:
            return "0"
        if scaled >= 9.95:
            whole = floor(scaled + 0.5)
            return f">{self.per - 1}" if whole >= self.per and proportion < 1 else str(whole)
        if scaled < 0.00095:
            return "<0.001"
        digits = 1 - floor(log10(scaled))
        step = 10.0**digits
        rounded = floor(round(scaled * step, 6) + 0.5) / step
        return f"{rounded:.{1 - floor(log10(rounded))}f}"

    def limits(self, low: float, high: float) -> str:
        """Return two proportions as a range, with an en dash.

        Examples
        --------
        >>> Shares().limits(0.1341, 0.431)
        '13–43'
        """
        return f"{self.number(low)}–{self.number(high)}"

    @property
    def unit(self) -> str:
        """What stands behind a number: ``%`` or ``per 1,000``."""
        return {1: "", 100: "%"}.get(self.per, f"per {self.per:,}")

    def with_unit(self, number: str) -> str:
        """Return a number with its unit behind it.

        Examples
        --------
        >>> Shares().with_unit("41"), Shares(per=1000).with_unit("4.6")
        ('41%', '4.6 per 1,000')
        """
        return f"{number}%" if self.per == 100 else f"{number} {self.unit}".rstrip()

    def estimate(self, estimate: Estimate) -> str:
        """Return a defined estimate as ``41% (18–70)``, or the words ``not estimated``."""
        if estimate.estimate is None or estimate.low is None or estimate.high is None:
            return "not estimated"
        middle = self.with_unit(self.number(estimate.estimate))
        return f"{middle} ({self.limits(estimate.low, estimate.high)})"

    def points(self, difference: float) -> str:
        """Return a difference of two proportions with its sign, in points of the unit.

        Examples
        --------
        >>> Shares().points(-0.181), Shares(per=1000).points(0.0021)
        ('−18', '+2.1')
        """
        if self.per == 100:
            return f"{round(100 * difference):+d}".replace("-", "−")
        sign = "−" if difference < 0 else "+"
        return f"{sign}{self.number(abs(difference))}"


def shares_of(answer: Synthesis, per: int | None = None) -> Shares:
    """Return how an answer is printed: per hundred, or rarer where its pool would read as 0.

    Parameters
    ----------
    answer : Synthesis
        Its leading estimate decides; without one, all events among all patients.
    per : int, optional
        A number of `UNITS` that is asked for.
    """
    if per is not None:
        return Shares(per=per)
    if answer.scale == "raw" and any(row.effect is not None for row in answer.rows):
        return Shares(per=1)
    values: Iterable[float | None] = [answer.leading.estimate]
    if answer.leading.estimate is None:
        values = [answer.events / answer.total if answer.events and answer.total else None]
    found = next((value for value in values if value), None)
    if found is None or not 0 < found < 0.005:
        return Shares()
    return Shares(per=next((unit for unit in UNITS[1:] if unit * found >= 1), UNITS[-1]))
