"""The field's words for what an answer holds: pages, figures, terminal, files and print read them.

The names in the interface (``typical``, ``average``, ``prediction``, ``series``) stay as they are;
these are the words that a reader sees for them. The unit is the study: one study may span several
hospitals or countries.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import floor
from types import MappingProxyType

ESTIMANDS: Mapping[str, str] = MappingProxyType(
    {"typical": "median study", "average": "mean across studies"}
)
"""What each pooled estimate is about, as the head of a column or the name of a line."""

IN_SENTENCES: Mapping[str, str] = MappingProxyType(
    {"typical": "in the median study", "average": "as the mean across studies"}
)
"""The same behind a number."""

NEW_STUDY = "prediction (new study)"
"""What a prediction is about, where its level stands elsewhere."""

STUDY = "study"
"""The unit that is pooled, as the head of a column."""

SIZE = "studies (patients)"
"""Head of a column that says how much an answer rests on."""

EVENTS = "events/patients"
"""Head of a column of counts."""


def capital(words: str) -> str:
    """Return words as a heading writes them.

    Examples
    --------
    >>> capital("mean across studies")
    'Mean across studies'
    """
    return words[:1].upper() + words[1:]


def prediction_name(level: float) -> str:
    """Return what a prediction is called.

    Parameters
    ----------
    level : float
        Of its interval, in (0, 1).

    Examples
    --------
    >>> prediction_name(0.95)
    '95% prediction interval (new study)'
    """
    return f"{100 * level:g}% prediction interval (new study)"


def studies(number: int) -> str:
    """Return a number of studies with its noun.

    Examples
    --------
    >>> studies(1), studies(5)
    ('1 study', '5 studies')
    """
    return f"{number} {'study' if number == 1 else 'studies'}"


def in_ten(proportion: float) -> str:
    """Return a proportion as patients among ten, in words.

    Examples
    --------
    >>> in_ten(0.449), in_ten(0.02), in_ten(0.97)
    ('about 4 in 10', 'fewer than 1 in 10', 'more than 9 in 10')
    """
    if proportion < 0.05:
        return "fewer than 1 in 10"
    if proportion >= 0.95:
        return "more than 9 in 10"
    return f"about {of_ten(proportion)} in 10"


def of_ten(proportion: float) -> int:
    """Return how many of ten patients a proportion is; halves go up.

    Examples
    --------
    >>> of_ten(0.449), of_ten(0.45)
    (4, 5)
    """
    return floor(10 * round(proportion, 9) + 0.5)
