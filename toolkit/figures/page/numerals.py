"""How figures print numbers: whole percents, ranges with an en dash, never a false zero."""

from __future__ import annotations

from math import inf

from toolkit.results.shares import Shares
from toolkit.results.synthesis import Estimate, Prediction

PERCENT = Shares()
"""The rule that is used where an answer does not call for another."""


def percent(proportion: float) -> str:
    """Return a proportion as a whole percent without its sign; halves go up.

    A proportion that is not 0 or 1 never reads as if it were.

    Examples
    --------
    >>> percent(0.125), percent(0.004), percent(0.999), percent(0.0)
    ('13', '<1', '>99', '0')
    """
    return PERCENT.number(proportion)


def limits(low: float, high: float) -> str:
    """Return two proportions as a range of whole percents.

    Examples
    --------
    >>> limits(0.1341, 0.431)
    '13–43'
    """
    return PERCENT.limits(low, high)


def estimate_in_words(estimate: Estimate) -> str:
    """Return a defined estimate as ``41% (18–70)``, or the words ``not estimated``."""
    return PERCENT.estimate(estimate)


def prediction_in_words(prediction: Prediction, shares: Shares = PERCENT) -> str:
    """Return a defined prediction as ``6–90%``, or the words ``not predicted``."""
    if prediction.low is None or prediction.high is None:
        return "not predicted"
    return shares.with_unit(shares.limits(prediction.low, prediction.high))


def counts(events_low: int | None, events_high: int | None) -> str:
    """Return a number of events, or the range of admissible ones; nothing where none is known.

    Examples
    --------
    >>> counts(10, 10), counts(1, 11), counts(None, None)
    ('10', '1–11', '')
    """
    if events_low is None:
        return ""
    return str(events_low) if events_low == events_high else f"{events_low}–{events_high}"


def decimal(value: float) -> str:
    """Return a number with two significant decimals, or the sign of infinity.

    Examples
    --------
    >>> decimal(0.8369), decimal(float("inf"))
    ('0.84', '∞')
    """
    return "∞" if value == inf else f"{value:.2f}"


def plural(number: int, one: str, many: str) -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> plural(1, "patient", "patients"), plural(5, "series", "series")
    ('1 patient', '5 series')
    """
    return f"{number} {one if number == 1 else many}"


def years(number: float) -> str:
    """Return a time in years with its noun.

    Examples
    --------
    >>> years(5.0), years(1.0), years(2.5)
    ('5 years', '1 year', '2.5 years')
    """
    return f"{number:g} {'year' if number == 1 else 'years'}"
