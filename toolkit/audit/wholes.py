"""A group and the larger group it is part of; one figure under two grades."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from toolkit.audit.agreement import SHARES, shares_agree
from toolkit.audit.finding import Finding, counted, reading
from toolkit.audit.rounding import Printed
from toolkit.audit.statement import Statement
from toolkit.review import GRADES
from toolkit.sheets.records import SeriesSheets

LEAST_EVENTS, LEAST_PERCENT = 5, 10
"""Figures below these are equal by chance too often to be taken for the same figure."""

_OBSERVED = {"range", "iqr", "median", "mean"}


def containing(series: SeriesSheets) -> dict[str, tuple[str, ...]]:
    """Return for each group the groups that contain it; an empty key is all patients."""
    if not series.groups:
        return {}
    whole = series.groups[0].row.key
    parents = {line.row.key: line.row.parent for line in series.groups}
    found = {}
    for key in parents:
        chain, at = [], parents[key]
        while at and at not in chain:
            chain.append(at)
            at = parents.get(at, "")
        found["" if key == whole else key] = tuple("" if each == whole else each for each in chain)
    return found


def parts_within_wholes(
    statements: Sequence[Statement], around: Mapping[str, tuple[str, ...]]
) -> Iterator[Finding]:
    """Yield values of a group that reach beyond those of a group that contains it (C10).

    Parameters
    ----------
    statements : sequence of Statement
        What one series states.
    around : mapping of group to groups
        For each group those that contain it.
    """
    subjects: dict[tuple[str, ...], list[Statement]] = defaultdict(list)
    for each in statements:
        if each.kind in _OBSERVED:
            subjects[each.study, each.quantity, each.grade, each.at, each.unit].append(each)
    for together in subjects.values():
        for part in together:
            beyond = [
                whole
                for whole in together
                if whole.kind == "range"
                and whole.of in around.get(part.of, ())
                and part.study == part.paper
                and _reaches_beyond(part.numbers, whole.numbers)
            ]
            if beyond:
                yield Finding(
                    check="C10",
                    paper=part.paper,
                    subject=part.subject,
                    what=f"{part.about}: {part.words} ({part.where}) reaches beyond the range of "
                    f"the larger group, {beyond[0].words} ({beyond[0].where}).",
                    readings=(reading([part]), reading(beyond)),
                )


def _reaches_beyond(part: Sequence[Printed], whole: Sequence[Printed]) -> bool:
    """Tell whether some number of a part lies outside the range of its whole."""
    low, high = whole
    return any(
        (number.value < low.value and not number.agrees(low))
        or (number.value > high.value and not number.agrees(high))
        for number in part
    )


def relabelled_grades(statements: Sequence[Statement]) -> Iterator[Finding]:
    """Yield one figure that two places give for two grades, where no place gives both (C05)."""
    subjects: dict[tuple[str, ...], list[Statement]] = defaultdict(list)
    for each in statements:
        if each.kind in SHARES and each.grade and not each.alternative:
            subjects[each.paper, each.study, each.of, each.quantity, each.at].append(each)
    for together in subjects.values():
        by_grade: dict[str, list[Statement]] = defaultdict(list)
        for each in together:
            by_grade[each.grade].append(each)
        for first, second in combinations(by_grade.values(), 2):
            pair = next(
                ((a, b) for a in first for b in second if _telling(a, b) and shares_agree(a, b)),
                None,
            )
            if pair and not {each.place for each in first} & {each.place for each in second}:
                yield _relabelled(*pair)


def _telling(first: Statement, second: Statement) -> bool:
    """Tell whether two shares are large enough to be known for the same figure."""
    return all(
        statement.numbers[0].value >= LEAST_PERCENT
        if statement.numbers
        else statement.events[0] >= LEAST_EVENTS
        for statement in (first, second)
    )


def _relabelled(first: Statement, second: Statement) -> Finding:
    """Return the finding of one figure under two grades."""
    told = [GRADES[each.grade] for each in (first, second)]
    return Finding(
        check="C05",
        paper=first.paper,
        subject=first.subject,
        what=f"{first.label}: {first.words} ({first.where}) is of {told[0]}, "
        f"and the same figure, {second.words} ({second.where}), of {told[1]}.",
        readings=(
            reading([first], f"{first.words} of {told[0]}", *counted(first)),
            reading([second], f"{second.words} of {told[1]}", *counted(second)),
        ),
    )
