"""Numbers of the sheets that no answer takes: recorded, checked, and then in no pool.

A number may be left out on purpose (another time, another total). What is never right is that
nobody knows: so each is named with why no outcome and no analysis set takes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.analysis.select import candidates, constructs_of, time_in_words
from toolkit.errors import Address
from toolkit.review.counts import Count, Percentage
from toolkit.review.protocol import AnalysisSet, Outcome
from toolkit.review.review import Review
from toolkit.review.series import Series

_PLAIN = ("", "below_threshold")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusedNumber:
    """A number that is in no answer of its review.

    Attributes
    ----------
    address : Address
        Row of the sheet.
    what, why : str
        The number in words, and why no answer takes it.
    """

    address: Address
    what: str
    why: str

    def __str__(self) -> str:
        """Return the note as one line."""
        return f"{self.address}: {self.what} is in no answer. {self.why}"


def unused_numbers(review: Review) -> tuple[UnusedNumber, ...]:
    """Return every number that neither the outcomes nor the analysis sets of a review take.

    Second readings of a contradicted cell are no numbers of their own, and rows that say
    "not reported" hold none.
    """
    used = {
        each.number.address
        for outcome in review.outcomes
        for analysis_set in review.sets
        for series in review.series
        for grade in {number.grade for number in numbers_of(series)}
        for each in candidates(
            series, outcome, analysis_set, _informing(review, outcome, analysis_set), grade, None
        )
    }
    return tuple(
        UnusedNumber(address=number.address, what=_in_words(review, number), why=why)
        for number in _numbers(review)
        if number.address not in used and (why := _why(review, number))
    )


def _informing(review: Review, outcome: Outcome, analysis_set: AnalysisSet) -> frozenset[str]:
    """Return the outcomes whose numbers may enter an answer, as it or as a bound of it."""
    order = review.order
    known = {outcome.key, *order.inside(outcome.key), *order.around(outcome.key)}
    known |= {each for key in known for each in order.equivalents(key)}
    return frozenset((*known, *constructs_of(review, outcome, analysis_set)))


def numbers_of(series: Series) -> tuple[Count | Percentage, ...]:
    """Return the counts and the percentages of a series."""
    return (*series.counts, *series.percentages)


def _numbers(review: Review) -> Iterator[Count | Percentage]:
    """Yield every number that stands for itself."""
    for series in review.series:
        for number in numbers_of(series):
            if number.status in _PLAIN:
                yield number


def _in_words(review: Review, number: Count | Percentage) -> str:
    """Return a number with what it is about."""
    outcome = _outcome(review, number)
    if isinstance(number, Count):
        return f"{outcome.short} {number.events_low}/{number.total} of group {number.group}"
    at = "" if number.time_years is None else f" at {number.time_years:g} years"
    return f"{outcome.short} {100 * number.proportion:g}%{at} of group {number.group}"


def _outcome(review: Review, number: Count | Percentage) -> Outcome:
    """Return the outcome that a number is of."""
    return next(each for each in review.outcomes if each.key == number.outcome)


def _why(review: Review, number: Count | Percentage) -> str:
    """Return the first reason for which no set takes a number."""
    outcome = _outcome(review, number)
    if isinstance(number, Count):
        if number.denominator not in outcome.denominators:
            listed = ", ".join(outcome.denominators)
            return f"Its denominator is {number.denominator}; the outcome takes {listed}."
    elif number.time_years != outcome.time_years:
        time = time_in_words(number) or "no time"
        pooled = (
            "has no time" if outcome.time_years is None else f"is at {outcome.time_years:g} years"
        )
        return f"The outcome {pooled}, and no set that would take this row lists {time}."
    return "No analysis set takes its group: compare the row with [sets] in review.toml."
