"""What the pages will ask for, computed by several processes before one of them writes."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.analysis.leave_out import cumulative, leave_one_out
from toolkit.analysis.pool import pool
from toolkit.analysis.specification_curve import specification_curve
from toolkit.book.build.workers import ahead
from toolkit.book.content.answers import pools_of, shown_outcomes
from toolkit.book.content.robustness import LEAST_SERIES, REPLICATES
from toolkit.calibration.card import coverage_card
from toolkit.review.review import Review


def compute_ahead(reviews: Sequence[Review]) -> None:
    """Have other processes compute what `toolkit.book.content.answers.compute` will look for.

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
