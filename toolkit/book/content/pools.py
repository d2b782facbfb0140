"""The pools of a review: which outcomes, by which methods, in which sets and subgroups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from toolkit.analysis.leave_out import cumulative, leave_one_out
from toolkit.analysis.pool import pool
from toolkit.analysis.select import select_levels
from toolkit.analysis.specification_curve import specification_curve
from toolkit.book.build.workers import ahead
from toolkit.book.content.robustness import LEAST_SERIES, REPLICATES
from toolkit.calibration.card import coverage_card
from toolkit.errors import ToolkitError
from toolkit.results.synthesis import Synthesis
from toolkit.review.method import Method
from toolkit.review.protocol import Outcome
from toolkit.review.review import Review

HEADLINE = "headline"
"""Name of the method that the protocol fixes for an outcome."""

METHODS: dict[str, Method] = {
    "ml": Method(),
    "bayes": Method(fit="bayes"),
    "beta-binomial": Method(model="beta-binomial"),
    "inverse-variance": Method(model="inverse-variance", interval="hartung-knapp"),
    "inverse-variance-adhoc": Method(model="inverse-variance", interval="hartung-knapp-adhoc"),
    "pooled-counts": Method(model="pooled-counts"),
}
"""The models that are set beside the headline, by the names they have in results.json."""


READINGS_BESIDE = ("bounds", "as-defined", "stand-in")
"""Readings that are set beside a ladder, by the names they have in results.json."""


def reading_beside(headline: Synthesis, name: str) -> str | None:
    """Return the reading under which a model stands beside a headline; None: the protocol's.

    A model beside a ladder takes each study's range where it can sum over one.
    """
    if headline.reading != "ladder":
        return None
    return "bounds" if name in ("ml", "bayes", "beta-binomial") else "as-defined"


def methods_beside(headline: Synthesis) -> dict[str, Method]:
    """Return the methods set beside a headline pool, by their names.

    Where a series gives only a percentage no model of counts applies: then the headline method
    itself is varied, one choice at a time.
    """
    if all(row.counted for row in headline.rows):
        return METHODS
    main = headline.method
    varied = {
        "variance-optimistic": replace(main, approximation="optimistic"),
        "variance-between": replace(main, approximation="between"),
        "variance-pessimistic": replace(main, approximation="pessimistic"),
        "logit-scale": replace(main, scale="logit"),
        "plain-scale": replace(main, scale="raw"),
        "dersimonian-laird": replace(main, tau2="dl"),
    }
    return {name: method for name, method in varied.items() if method != main}


def shown_outcomes(review: Review) -> tuple[Outcome, ...]:
    """Return the outcomes that the protocol wants shown; all of them when it names none."""
    return tuple(each for each in review.outcomes if each.shown) or review.outcomes


def pools_of(
    review: Review, outcome: Outcome
) -> tuple[
    dict[tuple[str, str, str], Synthesis],
    dict[tuple[str, str, str], str],
    dict[tuple[str, str], Synthesis],
]:
    """Return the pools of an outcome, what its models refuse, and its pools split by a facet.

    The keys are those of `Answers.pools` and `Answers.by`.
    """
    pools = _by_set(review, outcome)
    refused: dict[tuple[str, str, str], str] = {}
    headline = pools.get((outcome.key, review.primary_set, HEADLINE))
    if headline is not None:
        for name, method in methods_beside(headline).items():
            place = (outcome.key, review.primary_set, name)
            try:
                reading = reading_beside(headline, name)
                pools[place] = pool(review, outcome.key, method, reading=reading)
            except ToolkitError as refusal:
                refused[place] = str(refusal)
        if headline.reading == "ladder":
            for reading in READINGS_BESIDE:
                answer = pool(review, outcome.key, reading=reading)
                if answer.k:
                    pools[outcome.key, review.primary_set, reading] = answer
    return pools, refused, _subgroups(review, outcome)


def _by_set(review: Review, outcome: Outcome) -> dict[tuple[str, str, str], Synthesis]:
    """Return the headline pool of an outcome in every set that has a series for it."""
    pools = {}
    for each in review.sets:
        answer = pool(review, outcome.key, analysis_set=each.key)
        if answer.k:
            pools[outcome.key, each.key, HEADLINE] = answer
    return pools


def _subgroups(review: Review, outcome: Outcome) -> dict[tuple[str, str], Synthesis]:
    """Return the splits that the protocol asks for, where two levels or more report."""
    primary = review.analysis_set(review.primary_set)
    return {
        (outcome.key, facet): pool(review, outcome.key, by=facet)
        for facet in review.subgroups
        if len(select_levels(review, outcome, primary, facet)) > 1
    }


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
