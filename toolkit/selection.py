"""Which count of each series answers a question: one rule, the same for every outcome and set.

A series may offer several counts for an outcome: other constructs, groups, totals, windows. The
one nearest to the question is used, where "nearest" is read off the protocol: every vocabulary in
``review.toml`` and every list in an analysis set stands in order of preference.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.errors import ChoiceError
from toolkit.review import AnalysisSet, Count, Group, Outcome, Review, Series

_COUNT_COLUMNS = ("source", "basis", "denominator", "window")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """The count chosen for one series, with the series and group it belongs to."""

    series: Series
    group: Group
    count: Count


def select(
    review: Review,
    outcome: Outcome,
    analysis_set: AnalysisSet,
    *,
    grade: str | None = None,
    level: tuple[str, str] | None = None,
) -> tuple[Selected, ...]:
    """Return at most one count per series, in the review's order of series.

    Parameters
    ----------
    review, outcome, analysis_set
        The question.
    grade : str, optional
        Grade that is pooled; the outcome's own unless given.
    level : (facet, word), optional
        Keep only groups with this word in this facet.

    Returns
    -------
    tuple of Selected
        Per series the candidate that comes first by, in this order: construct (the outcome
        itself, then its `nearest` ones), the set's lists column by column, number of patients
        (more first), denominator, window, and last the order of the sheet.
    """
    wanted = outcome.grade if grade is None else grade
    chosen = []
    for series in review.series:
        candidates = [
            (_preference(review, outcome, analysis_set, candidate), candidate)
            for candidate in _candidates(series, outcome, analysis_set, wanted, level)
        ]
        if candidates:
            chosen.append(min(candidates, key=lambda pair: pair[0])[1])
    return tuple(chosen)


def select_levels(
    review: Review,
    outcome: Outcome,
    analysis_set: AnalysisSet,
    facet: str,
    *,
    grade: str | None = None,
) -> tuple[tuple[str, tuple[Selected, ...]], ...]:
    """Return for each word of a facet the counts of its groups, no patient counted twice.

    Where a series reports both a group and parts of it, the parts are used and the whole is
    left out. Words without any series are left out.
    """
    words = [word.key for word in review.facet(facet).words]
    by_word = {
        word: select(review, outcome, analysis_set, grade=grade, level=(facet, word))
        for word in words
    }
    taken = {
        (selected.series.key, selected.group.key)
        for level in by_word.values()
        for selected in level
    }
    containing = {
        (series.key, ancestor)
        for series in review.series
        for group in series.groups
        if (series.key, group.key) in taken
        for ancestor in series.ancestors(group.key)
    }
    levels = (
        (word, tuple(s for s in by_word[word] if (s.series.key, s.group.key) not in containing))
        for word in words
    )
    return tuple((word, level) for word, level in levels if level)


def _candidates(
    series: Series,
    outcome: Outcome,
    analysis_set: AnalysisSet,
    grade: str,
    level: tuple[str, str] | None,
) -> Iterator[Selected]:
    """Yield every count of a series that the question admits."""
    constructs = {outcome.key}
    if analysis_set.construct == "nearest":
        constructs.update(outcome.nearest)
    statuses = {"", "below_threshold"}
    if analysis_set.alternatives:
        statuses.add("alternative")
    for count in series.counts:
        if (
            count.outcome not in constructs
            or count.status not in statuses
            or count.grade != grade
            or count.denominator not in outcome.denominators
        ):
            continue
        group = series.group(count.group)
        if level is not None and group.facet(level[0]) != level[1]:
            continue
        if all(
            _cell(series, group, count, column) in words for column, words in analysis_set.where
        ):
            yield Selected(series=series, group=group, count=count)


def _cell(series: Series, group: Group, count: Count, column: str) -> str:
    """Return the word that a filter's column has for a count."""
    if column == "series":
        return series.key
    if column == "source":
        return "secondary" if count.secondary else "primary"
    if column in _COUNT_COLUMNS:
        return str(getattr(count, column))
    facets = dict(group.facets)
    if column in facets:
        return facets[column]
    raise ChoiceError("column", column, ["series", *_COUNT_COLUMNS, *facets])


def _preference(
    review: Review, outcome: Outcome, analysis_set: AnalysisSet, candidate: Selected
) -> tuple[int, ...]:
    """Rank a candidate: smaller comes first."""
    count = candidate.count
    constructs = (outcome.key, *outcome.nearest)
    alternative = 0 if count.status == "alternative" else 1
    by_column = [
        words.index(_cell(candidate.series, candidate.group, count, column))
        for column, words in analysis_set.where
    ]
    windows = ("", *(word.key for word in review.windows))
    return (
        constructs.index(count.outcome),
        *by_column,
        alternative if analysis_set.alternatives else 0,
        -count.total,
        outcome.denominators.index(count.denominator),
        windows.index(count.window),
    )
