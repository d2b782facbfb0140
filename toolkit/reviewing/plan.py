"""What a new review is asked for before it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Measure = Literal["counts", "survival"]
MEASURES: dict[str, str] = {
    "counts": "patients with an event among those treated (counts.csv)",
    "survival": "percentages alive at a fixed time (estimates.csv)",
}
"""What a review may measure first; the other can be added later."""

EXAMPLE = "example-2020"
"""Key of the example series; it is invented, and to be replaced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a new review is asked for.

    Attributes
    ----------
    key : str
        Name of its folder.
    title, question, outcome : str
        Words of the protocol: title, question in one sentence, name of the first outcome.
    measure : {"counts", "survival"}
        What the first outcome is measured by.
    time_years : float
        Years at which a survival is pooled.
    extracted_by : str
        Who fills in the example.
    authors : tuple of str
        Whom the review is cited by.
    empty : bool
        Whether it begins without the invented series.
    """

    key: str
    title: str = ""
    question: str = "How often does it happen?"
    outcome: str = "Response"
    measure: Measure = "counts"
    time_years: float = 5.0
    extracted_by: str = "nobody: an invented example"
    authors: tuple[str, ...] = ()
    empty: bool = False
