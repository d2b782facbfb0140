"""What a selection leaves out: numbers that a series reports and that enter no pool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Why = Literal[
    "other-patients",
    "wider-group",
    "part",
    "construct",
    "denominator",
    "window",
    "time",
    "kind",
    "alternative",
    "second-reading",
    "overlap",
]

REASONS: dict[str, str] = {
    "other-patients": "other patients of the same series",
    "wider-group": "a wider group of the same series",
    "part": "a part of the patients counted",
    "construct": "another construct of the same patients",
    "denominator": "another denominator of the same patients",
    "window": "another window of the same patients",
    "time": "another time of the same patients",
    "kind": "a percentage beside the count, or a count beside the percentage",
    "alternative": "an alternative reading of the same number",
    "second-reading": "the same number read in a second place",
    "overlap": "may hold patients of another series",
}
"""Why a number is left out, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A number that a series reports and a pool does not take.

    Attributes
    ----------
    series, label : str
        Key and name of the series.
    group : str
        Label of the group of patients.
    number : str
        The number as counted: ``4/30``, or its percentage.
    why : str
        A word of `REASONS`.
    detail : str
        What differs: the window, denominator, time or construct.
    where : str
        Where it stands in its report.
    """

    series: str
    label: str
    group: str
    number: str
    why: Why
    detail: str = ""
    where: str = ""

    @property
    def loses_patients(self) -> bool:
        """Whether patients are in no pool because this number is left out."""
        return self.why in ("other-patients", "overlap")

    def __str__(self) -> str:
        """Return the number, whose it is, and why it is left out."""
        detail = f": {self.detail}" if self.detail else ""
        return f"{self.label}, {self.group}, {self.number} ({REASONS[self.why]}{detail})"
