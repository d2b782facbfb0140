"""What the pages will ask for, computed by several processes before one of them writes."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.book.answers import pools_of, shown_outcomes
from toolkit.book.robustness import LEAST_SERIES, REPLICATES
from toolkit.book.workers import ahead
from toolkit.calibration.card import coverage_card
from toolkit.choices import specification_curve
from toolkit.pooling import pool
from toolkit.review import Review
from toolkit.sensitivity import cumulative, leave_one_out


def compute_ahead(reviews: Sequence[Review]) -> None:
    """Have other processes compute what `toolkit.book.answers.compute` will look for.

    What is left out here is computed by that function itself: only later.
    """
    asked = [(review, each.key) for review in reviews for each in shown_outcomes(review)]
    # The longest first: the last to end should be a short one.
    ahead([(part, one) for part in (_card, specification_curve, _steps, _pools) for one in asked])


def _card(review: Review, outcome: str) -> None:
    """Simulate the coverage of an outcome's headline."""
    answer = pool(review, outcome)
    if answer.k >= LEAST_SERIES and answer.leading.defined:
        coverage_card(answer, replicates=REPLICATES)


def _steps(review: Review, outcome: str) -> None:
    """Pool an outcome without each series, and as they came in."""
    answer = pool(review, outcome)
    if answer.k >= LEAST_SERIES:
        leave_one_out(answer)
        cumulative(answer)


def _pools(review: Review, outcome: str) -> None:
    """Pool an outcome in every set, by every model and in its subgroups."""
    pools_of(review, review.outcome(outcome))
