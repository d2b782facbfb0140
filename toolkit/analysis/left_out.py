"""What a selection leaves out, and the sum of disjoint parts that may stand in its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from toolkit.analysis.select import Selected, candidates, constructs_of, time_in_words
from toolkit.results.left_out import LeftOut, Why
from toolkit.review.counts import Count, Percentage
from toolkit.review.protocol import AnalysisSet, Outcome
from toolkit.review.review import Review
from toolkit.review.series import Group, Series


@dataclass(frozen=True, slots=True, kw_only=True)
class DisjointGroups:
    """Groups of one series that share no patients and report the same.

    Attributes
    ----------
    taken : Selected
        The one that a selection of one number per series takes.
    all : tuple of Selected
        All of them, in the order of the series' groups.
    complete : bool
        Whether they are all patients of the group that holds them.
    """

    taken: Selected
    all: tuple[Selected, ...]
    complete: bool

    @property
    def sum(self) -> Selected | None:
        """The parts as one count; None where one of them is only a percentage."""
        counts = [each.number for each in self.all]
        decided = [each for each in counts if isinstance(each, Count)]
        if len(decided) < len(counts):
            return None
        first = self.taken.number
        if not isinstance(first, Count):
            return None
        number = replace(
            first,
            events_low=sum(each.events_low for each in decided),
            events_high=sum(each.events_high for each in decided),
            total=sum(each.total for each in decided),
            as_printed="; ".join(each.as_printed for each in decided if each.as_printed),
            where="; ".join(dict.fromkeys(each.where for each in decided if each.where)),
            basis="derived",
        )
        return replace(self.taken, number=number)


def left_out(
    review: Review,
    outcome: Outcome,
    analysis_set: AnalysisSet,
    chosen: Sequence[Selected],
    *,
    grade: str | None = None,
) -> tuple[LeftOut, ...]:
    """Return every number that answers a question and is not among those chosen, with its reason.

    Parameters
    ----------
    review, outcome, analysis_set, grade
        As in `toolkit.analysis.select.select`.
    chosen : sequence of Selected
        What was taken; of one series it may be several groups.
    """
    wanted = outcome.grade if grade is None else grade
    constructs = constructs_of(review, outcome, analysis_set)
    found = []
    for series in review.series:
        taken = [each for each in chosen if each.series.key == series.key]
        for each in candidates(series, outcome, analysis_set, constructs, wanted, None):
            if any(each.number is one.number for one in taken):
                continue
            if not taken:
                found.append(_record(each, "overlap", ""))
                continue
            nearest = min(taken, key=lambda one: _distance(series, each, one))
            why, detail = _reason(series, each, nearest)
            found.append(_record(each, why, detail))
    return tuple(found)


def _record(each: Selected, why: Why, detail: str) -> LeftOut:
    return LeftOut(
        series=each.series.key,
        label=each.series.label,
        group=each.group.label or each.group.key,
        number=in_words(each.number),
        why=why,
        detail=detail,
        where=each.number.where,
    )


def in_words(number: Count | Percentage) -> str:
    """Return a number as counted or as a percentage."""
    if isinstance(number, Percentage):
        return f"{100 * number.proportion:g}% of {number.patients}"
    if number.decided:
        return f"{number.events_low}/{number.total}"
    return f"{number.events_low}-{number.events_high}/{number.total}"


def _distance(series: Series, each: Selected, taken: Selected) -> int:
    if each.group.key == taken.group.key:
        return 0
    return 2 if disjoint(series, each.group, taken.group) else 1


def disjoint(series: Series, first: Group, second: Group) -> bool:
    """Return whether neither of two groups of a series holds the other."""
    if first.key == second.key:
        return False
    return second.key not in series.ancestors(first.key) and first.key not in series.ancestors(
        second.key
    )


def _reason(series: Series, each: Selected, taken: Selected) -> tuple[Why, str]:
    """Return why one number of a series gave way to another, and what differs."""
    if each.group.key != taken.group.key:
        if disjoint(series, each.group, taken.group):
            return "other-patients", ""
        if taken.group.key in series.ancestors(each.group.key):
            return "part", ""
        return "wider-group", ""
    mine, other = each.number, taken.number
    if mine.outcome != other.outcome:
        return "construct", mine.outcome
    if isinstance(mine, Count) and isinstance(other, Count):
        if mine.denominator != other.denominator:
            return "denominator", mine.denominator
        if mine.window != other.window:
            return "window", mine.window or "none said"
    elif isinstance(mine, Percentage) and isinstance(other, Percentage):
        if mine.time_years != other.time_years:
            return "time", f"{time_in_words(mine)} years"
    else:
        return "kind", ""
    return ("alternative" if mine.status == "alternative" else "second-reading"), mine.where


def parts_of_series(
    review: Review,
    outcome: Outcome,
    analysis_set: AnalysisSet,
    chosen: Sequence[Selected],
    *,
    grade: str | None = None,
) -> tuple[DisjointGroups, ...]:
    """Return the series of which a selection takes one of several groups without common patients.

    Only groups under one parent are parts; where a facet parts some of them and they are all
    patients of the parent, these are taken, else all that are pairwise without common patients.
    """
    wanted = outcome.grade if grade is None else grade
    constructs = constructs_of(review, outcome, analysis_set)
    found = []
    for taken in chosen:
        series = taken.series
        best: dict[str, Selected] = {}
        for each in candidates(series, outcome, analysis_set, constructs, wanted, None):
            if each.group.parent == taken.group.parent and _alike(each, taken):
                best.setdefault(each.group.key, each)
        best[taken.group.key] = taken
        if len(best) > 1:
            found += list(_parts(review, series, taken, list(best.values())))
    return tuple(found)


def _alike(each: Selected, taken: Selected) -> bool:
    """Return whether two numbers are of one construct and counted in one way."""
    mine, other = each.number, taken.number
    if mine.outcome != other.outcome or type(mine) is not type(other):
        return False
    if isinstance(mine, Count) and isinstance(other, Count):
        return (mine.denominator, mine.window, mine.status) == (
            other.denominator,
            other.window,
            other.status,
        )
    return True


def _parts(
    review: Review, series: Series, taken: Selected, siblings: list[Selected]
) -> Iterator[DisjointGroups]:
    """Yield the parts among groups under one parent, if there are any."""
    whole = series.group(taken.group.parent).patients if taken.group.parent else None
    own = taken.group.facet
    trials = [siblings]
    for facet in review.facets:
        words = {
            each.group.facet(facet.key): each for each in siblings if each.group.facet(facet.key)
        }
        words[own(facet.key)] = taken
        if len(words) > 1:
            trials.append([each for each in siblings if each in words.values()])
    for trial in trials:
        patients = [_patients(each) for each in trial]
        if whole is not None and sum(patients) == whole and len(trial) > 1:
            yield DisjointGroups(taken=taken, all=tuple(trial), complete=True)
            return
    apart = [trial for trial in trials[1:] if taken in trial]
    trial = max(apart, key=len, default=siblings)
    if whole is None or sum(map(_patients, trial)) < whole:
        yield DisjointGroups(taken=taken, all=tuple(trial), complete=False)


def _patients(each: Selected) -> int:
    number = each.number
    counted = number.total if isinstance(number, Count) else number.patients
    return each.group.patients or counted


def notes_on_left_out(left: Sequence[LeftOut], parts: Sequence[DisjointGroups]) -> tuple[str, ...]:
    """Return sentences on patients who are in no pool, and the sums that would hold them."""
    lost = [each for each in left if each.why == "other-patients"]
    notes = []
    summed = {each.taken.series.key: each for each in parts}
    for series in dict.fromkeys(each.series for each in lost):
        mine = [each for each in lost if each.series == series]
        numbers = _listed(list(dict.fromkeys(f"{each.group} {each.number}" for each in mine)))
        told = f"{mine[0].label}: one group of the study is pooled; left out: {numbers}."
        if series in summed:
            told += f" {_offer(summed[series])}"
        notes.append(told)
    apart = [each for each in left if each.why == "overlap"]
    if apart:
        numbers = "; ".join(dict.fromkeys(f"{each.label} {each.number}" for each in apart))
        notes.append(f"Left out by the conditions of the analysis set: {numbers}.")
    return tuple(notes)


def _offer(parts: DisjointGroups) -> str:
    total = parts.sum
    keys = " + ".join(each.group.label or each.group.key for each in parts.all)
    if total is None:
        return ""
    whole = "all patients of the study" if parts.complete else "still not all of its patients"
    return f'The sum of its parts ({keys}) is {in_words(total.number)}, {whole}: groups="sum".'


def _listed(words: Sequence[str], most: int = 6) -> str:
    rest = len(words) - most
    return ", ".join(words[:most]) + (f" and {rest} more" if rest > 0 else "")
