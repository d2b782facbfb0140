"""Which count of each series answers a question: one rule, the same for every outcome and set.

A series may offer several counts for an outcome: other constructs, groups, totals, windows. The
one nearest to the question is used, where "nearest" is read off the protocol: every vocabulary in
``review.toml`` and every list in an analysis set stands in order of preference.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from toolkit.analysis.overlap import open_pairs
from toolkit.errors import ChoiceError
from toolkit.review.counts import Count, Percentage
from toolkit.review.protocol import AnalysisSet, Outcome
from toolkit.review.review import Review
from toolkit.review.series import Group, Series

_COUNT_COLUMNS = ("source", "basis", "denominator", "window", "time_years")
_COLUMNS_OF_COUNTS = ("denominator", "window")
_MET = ("yes", "not_applicable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """The number chosen for one series, with the series and group it belongs to."""

    series: Series
    group: Group
    number: Count | Percentage


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
        itself, then its `nearest` ones; in a set that is ``wider``, first those), the set's lists
        column by column, number of patients (more first), denominator, window, and last the order
        of the sheet. An outcome with a time takes percentages at that time, or at those a set
        lists under ``time_years``, before counts; one without takes counts first. A series that
        falls short of the set's appraisal is left out. In a set whose overlap is ``worst-case``,
        of series that may share patients the one with most patients remains.
    """
    wanted = outcome.grade if grade is None else grade
    constructs = constructs_of(review, outcome, analysis_set)
    chosen = []
    for series in review.series:
        if not meets_appraisal(series, analysis_set):
            continue
        offered = [
            (preference(review, outcome, analysis_set, constructs, each), each)
            for each in candidates(series, outcome, analysis_set, constructs, wanted, level)
        ]
        if offered:
            chosen.append(min(offered, key=lambda pair: pair[0])[1])
    sizes = [(each.series.key, _patients(each.number)) for each in chosen]
    kept = keep_apart(review, analysis_set, sizes)
    return tuple(each for each in chosen if each.series.key in kept)


def why_nothing(review: Review, outcome: Outcome, analysis_set: AnalysisSet) -> str:
    """Return why a set selects no number of an outcome, as a sentence.

    Named is the first condition of the set without which it would select some: the appraisal, then
    the construct, then the columns in their order.
    """
    appraised = select(review, outcome, replace(analysis_set, judged_yes=()))
    if appraised:
        return _short_of_appraisal(appraised, analysis_set.judged_yes)
    if select(review, outcome, replace(analysis_set, construct="nearest")):
        return "No study reports the outcome itself, only what stands in for it in other sets."
    for column, words in analysis_set.where:
        rest = tuple(pair for pair in analysis_set.where if pair[0] != column)
        if select(review, outcome, replace(analysis_set, where=rest)):
            return f"Series report it, but none with {_column_in_words(review, column, words)}."
    return "No study reports it under these conditions."


def _short_of_appraisal(reporting: Sequence[Selected], items: Sequence[str]) -> str:
    """Return how the series that report an outcome stand to the appraisal that a set asks for."""
    short = [each.series.label for each in reporting if each.series.appraisal]
    told = [f"falling short of it: {', '.join(short)}"] if short else []
    if len(short) < len(reporting):
        told.append(f"not appraised yet: {len(reporting) - len(short)}")
    return (
        f"Of the {len(reporting)} series that report it none is appraised as meeting "
        f"{'item' if len(items) == 1 else 'items'} {', '.join(items)} ({'; '.join(told)})."
    )


def _column_in_words(review: Review, column: str, words: Sequence[str]) -> str:
    """Return a filter of a set in the words of the protocol, or of the sheets."""
    facet = next((each for each in review.facets if each.key == column), None)
    if facet is None:
        return f"{column.replace('_', ' ')} {' or '.join(words)}"
    return f"{facet.label.lower()}: {' or '.join(facet.label_of(word) for word in words)}"


def keep_apart(
    review: Review, analysis_set: AnalysisSet, sizes: Iterable[tuple[str, int]]
) -> frozenset[str]:
    """Return the series that a set keeps: all, or the larger of those that may share patients.

    Parameters
    ----------
    sizes : iterable of (series, patients)
    """
    sizes = list(sizes)
    if analysis_set.overlap != "worst-case":
        return frozenset(series for series, _ in sizes)
    apart = open_pairs(review)
    kept: set[str] = set()
    for series, _ in sorted(sizes, key=lambda each: -each[1]):
        if all(frozenset((series, other)) not in apart for other in kept):
            kept.add(series)
    return frozenset(kept)


def meets_appraisal(series: Series, analysis_set: AnalysisSet) -> bool:
    """Return whether every item of the appraisal that a set asks for is met or does not apply."""
    judged = {each.item: each.judgement for each in series.appraisal}
    return all(judged.get(item) in _MET for item in analysis_set.judged_yes)


def constructs_of(review: Review, outcome: Outcome, analysis_set: AnalysisSet) -> tuple[str, ...]:
    """Return the outcomes that a set counts as one outcome, in order of preference."""
    itself = (outcome.key, *review.order.equivalents(outcome.key))
    if analysis_set.construct == "exact":
        return itself
    wider = outcome.wider if analysis_set.construct == "wider" else ()
    return (*wider, *dict.fromkeys((*itself, *outcome.nearest)))


def _patients(number: Count | Percentage) -> int:
    """Return how many patients a number is about."""
    return number.total if isinstance(number, Count) else number.patients


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
    return without_wholes(
        review,
        facet,
        lambda word: select(review, outcome, analysis_set, grade=grade, level=(facet, word)),
    )


class _OfGroup(Protocol):
    """What belongs to one group of one series."""

    @property
    def series(self) -> Series: ...
    @property
    def group(self) -> Group: ...


Chosen = TypeVar("Chosen", bound=_OfGroup)


def without_wholes(
    review: Review, facet: str, choose: Callable[[str], tuple[Chosen, ...]]
) -> tuple[tuple[str, tuple[Chosen, ...]], ...]:
    """Return what is chosen for each word of a facet, wholes left out where parts are chosen."""
    by_word = {word.key: choose(word.key) for word in review.facet(facet).words}
    taken = {(one.series.key, one.group.key) for level in by_word.values() for one in level}
    containing = {
        (series.key, ancestor)
        for series in review.series
        for group in series.groups
        if (series.key, group.key) in taken
        for ancestor in series.ancestors(group.key)
    }
    levels = (
        (word, tuple(one for one in level if (one.series.key, one.group.key) not in containing))
        for word, level in by_word.items()
    )
    return tuple((word, level) for word, level in levels if level)


def candidates(
    series: Series,
    outcome: Outcome,
    analysis_set: AnalysisSet,
    constructs: Collection[str],
    grade: str,
    level: tuple[str, str] | None,
) -> Iterator[Selected]:
    """Yield every count of a series that the question admits."""
    statuses = {"", "below_threshold"}
    if analysis_set.alternatives:
        statuses.add("alternative")
    where = dict(analysis_set.where)
    numbers: tuple[Count | Percentage, ...] = (*series.counts, *series.percentages)
    for number in numbers:
        if (
            number.outcome not in constructs
            or number.status not in statuses
            or number.grade != grade
        ):
            continue
        if isinstance(number, Count):
            if number.denominator not in outcome.denominators:
                continue
        elif "time_years" not in where and number.time_years != outcome.time_years:
            continue
        group = series.group(number.group)
        if level is not None and group.facet(level[0]) != level[1]:
            continue
        if all(
            _cell(series, group, number, column) in words
            for column, words in analysis_set.where
            if _applies(number, column)
        ):
            yield Selected(series=series, group=group, number=number)


def _applies(number: Count | Percentage, column: str) -> bool:
    """Whether a filter's column says anything of a number: counts have no time, others no total."""
    if isinstance(number, Count):
        return column != "time_years"
    return column not in _COLUMNS_OF_COUNTS


def _cell(series: Series, group: Group, number: Count | Percentage, column: str) -> str:
    """Return the word that a filter's column has for a number."""
    if column == "series":
        return series.key
    if column == "source":
        return "secondary" if number.secondary else "primary"
    if column in _COUNT_COLUMNS:
        return time_in_words(number) if column == "time_years" else str(getattr(number, column))
    facets = dict(group.facets)
    if column in facets:
        return facets[column]
    raise ChoiceError("column", column, ["series", *_COUNT_COLUMNS, *facets])


def preference(
    review: Review,
    outcome: Outcome,
    analysis_set: AnalysisSet,
    constructs: Sequence[str] | None,
    candidate: Selected,
) -> tuple[int, ...]:
    """Rank a candidate: smaller comes first; None for constructs ranks by patients alone."""
    number = candidate.number
    counted = isinstance(number, Count)
    alternative = 0 if number.status == "alternative" else 1
    by_column = [
        words.index(_cell(candidate.series, candidate.group, number, column))
        if _applies(number, column)
        else len(words)
        for column, words in analysis_set.where
    ]
    windows = ("", *(word.key for word in review.windows))
    return (
        0 if constructs is None else constructs.index(number.outcome),
        int(counted) if outcome.time_years is not None else int(not counted),
        *by_column,
        alternative if analysis_set.alternatives else 0,
        -_patients(number),
        outcome.denominators.index(number.denominator) if isinstance(number, Count) else 0,
        windows.index(number.window) if isinstance(number, Count) else 0,
    )


def time_in_words(number: Count | Percentage) -> str:
    """Return a number's time in years as an analysis set writes it; empty where it has none."""
    if isinstance(number, Count) or number.time_years is None:
        return ""
    return f"{number.time_years:g}"
