"""Critical values of the profile likelihood ratio, counted by as many workers as there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import joblib

from toolkit.analysis.select import select
from toolkit.calibration.card import SEED
from toolkit.errors import ToolkitError
from toolkit.numerics.batches.critical_values import (
    CriticalValues,
    count_chunk,
    counting,
    values_from,
)
from toolkit.numerics.tables import Floats
from toolkit.review.counts import Count
from toolkit.review.protocol import AnalysisSet, Outcome
from toolkit.review.review import Review

FEWEST_SERIES = 3
LARGEST_SERIES = 400
"""Patients of a series up to which critical values are made."""


def critical_values(
    total: Sequence[int],
    *,
    level: float = 0.95,
    seed: int = SEED,
    tables: int | None = None,
    workers: int | None = None,
) -> CriticalValues:
    """Return the critical values for series of these sizes: equal numbers on any workers.

    Parameters
    ----------
    total : sequence of int
        Patients of three series or more, each 1 to 400, in any order.
    level : float
        Coverage that an interval aims at, strictly between 0 and 1.
    seed : int
        At least 0.
    tables : int, optional
        Simulated tables; not said: all tables where there are at most a million, else a pool.
    workers : int, optional
        Processes, -1 for one on every core; what joblib's configuration names unless given.

    Raises
    ------
    ToolkitError
        For numbers out of these ranges.
    """
    sizes = [int(n) for n in total]
    if len(sizes) < FEWEST_SERIES:
        raise ToolkitError(
            f"critical values are for {FEWEST_SERIES} series or more; here are {len(sizes)}."
        )
    if min(sizes) < 1 or max(sizes) > LARGEST_SERIES:
        raise ToolkitError(
            f"critical values are for series of 1 to {LARGEST_SERIES} patients; these have "
            f"{min(sizes)} to {max(sizes)}. The Bartlett-corrected interval needs none."
        )
    if not 0 < level < 1:
        raise ToolkitError(f"level={level} is not strictly between 0 and 1.")
    work = counting(sizes, seed=seed, tables=tables)
    # Each chunk is large enough that its words are cheap to send.
    found = joblib.Parallel(n_jobs=workers, return_as="generator")(
        joblib.delayed(count_chunk)(work, number) for number in range(work.chunks)
    )
    return values_from(work, _summed(found), level)


def _summed(found: Iterator[Floats]) -> Floats:
    """Return the sum of all histograms, in the order of the chunks."""
    total = next(found)
    for histogram in found:
        total = total + histogram
    return total


def headline_sizes(
    review: Review, outcome: str | None = None
) -> list[tuple[tuple[str, ...], tuple[int, ...]]]:
    """Return the sets of sizes of a review's headlines, each with the outcomes that have it.

    Those that pool counts of three series or more under the protocol's primary set, or, where that
    has too few for an outcome that is shown, under a set of its context.

    Parameters
    ----------
    review : Review
    outcome : str, optional
        Key of the one outcome that is asked for; every outcome unless given.
    """
    primary = review.analysis_set(review.primary_set)
    context = [each for each in review.sets if each.role == "context"]
    asked = review.outcomes if outcome is None else (review.outcome(outcome),)
    keys: dict[tuple[int, ...], list[str]] = {}
    for each in asked:
        if each.method.model != "binomial-normal":
            continue
        found = [_totals(review, each, primary)]
        # A rung of a ladder is pooled from more than its own counts.
        alone = review.order.chain_of(each.key) is None
        if each.shown and alone and len(found[0]) < FEWEST_SERIES:
            found = [_totals(review, each, other) for other in context]
        for totals in found:
            if len(totals) >= FEWEST_SERIES and max(totals) <= LARGEST_SERIES:
                keys.setdefault(totals, []).append(each.key)
    return [(tuple(names), sizes) for sizes, names in keys.items()]


def _totals(review: Review, outcome: Outcome, chosen: AnalysisSet) -> tuple[int, ...]:
    """Return the sizes of the series that a set pools, ascending; none where one has no count."""
    counts = [selected.number for selected in select(review, outcome, chosen)]
    totals = [number.total for number in counts if isinstance(number, Count)]
    return tuple(sorted(totals)) if len(totals) == len(counts) else ()
