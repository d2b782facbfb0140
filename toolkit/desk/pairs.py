"""Series that may share patients, as far as nobody has judged them yet."""

from __future__ import annotations

from toolkit.analysis.overlap import unjudged_pairs
from toolkit.review.review import Review


def pairs_to_judge(review: Review, series: str = "") -> tuple[tuple[str, str, str], ...]:
    """Return pairs of series that may share patients, not judged yet, and why."""
    return tuple(
        (pair.first.key, pair.second.key, " ".join(pair.evidence))
        for pair in unjudged_pairs(review)
        if not series or series in (pair.first.key, pair.second.key)
    )
