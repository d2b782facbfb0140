"""What a report that lists only common events says of one that it leaves out.

**Source**: Qi et al. 2024: an adverse event below a reporting threshold is not missing but
left-censored.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Literal, get_args

from toolkit.errors import ChoiceError, ToolkitError

Rule = Literal["at-least", "more-than"]
Unit = Literal["percent", "count"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportingThreshold:
    """Which events a report lists: those in ``at-least`` or ``more-than`` so many patients.

    Parameters
    ----------
    rule : {"at-least", "more-than"}
    value : str
        As printed: ``10`` of ``events in at least 10%``.
    unit : {"percent", "count"}

    Raises
    ------
    ChoiceError
        For a word that is not known.
    ToolkitError
        For a value that is no number, is below 0, or is a share above 100%.
    """

    rule: Rule
    value: str
    unit: Unit

    def __post_init__(self) -> None:
        """Refuse what is no threshold."""
        for name, word, choices in (
            ("rule", self.rule, get_args(Rule)),
            ("unit", self.unit, get_args(Unit)),
        ):
            if word not in choices:
                raise ChoiceError(name, word, choices)
        try:
            number = Fraction(self.value)
        except (ValueError, ZeroDivisionError):
            raise ToolkitError(
                f"value={self.value} is not a threshold: write the printed number alone."
            ) from None
        if number < 0 or (self.unit == "percent" and number > 100):
            raise ToolkitError(f"value={self.value} is not a threshold of a share of patients.")

    def unlisted(self, total: int) -> tuple[int, int]:
        """Return the admissible numbers of an event that the report leaves out.

        ``at-least`` v: 0 to the largest number below v; ``more-than`` v: 0 to the largest number
        up to v; none above the total. A report that lists from 0 on lists everything, so that what
        it leaves out did not happen.
        """
        cut = Fraction(self.value)
        if self.unit == "percent":
            cut = cut * total / 100
        most = ceil(cut) - 1 if self.rule == "at-least" else floor(cut)
        return 0, min(max(most, 0), total)
