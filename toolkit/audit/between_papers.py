"""What two papers print of the same studies, where their values are not simply unequal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from toolkit.audit.agreement import TWO_PAPERS
from toolkit.audit.finding import Finding, reading
from toolkit.audit.statement import Statement

TIMED = {"estimate", "percentage", "count", "number", "median", "mean"}
"""Kinds whose value depends on the time it is given at."""

_SHARED_STUDIES = 2


def other_times(statements: Sequence[Statement]) -> Iterator[Finding]:
    """Yield values that two papers give at different times (C22).

    The same printed digits at two times differ in the time; unequal ones are not comparable, which
    is a remark.
    """
    subjects: dict[tuple[str, ...], dict[str, list[Statement]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for each in statements:
        if each.at and each.kind in TIMED:
            key = (each.study, each.of, each.quantity, each.grade, each.kind)
            subjects[key][each.paper].append(each)
    for papers in subjects.values():
        for first, second in combinations(papers.values(), 2):
            times = {each.at for each in first}, {each.at for each in second}
            if times[0] & times[1]:
                continue
            same = {each.numbers for each in first} & {each.numbers for each in second}
            exact = any(number.digits >= 100 for numbers in same for number in numbers)
            yield Finding(
                check=TWO_PAPERS,
                level="differs" if exact else "remark",
                paper=first[0].paper,
                subject=first[0].subject,
                what=f"{_untimed(first[0])}: {_timed(first)} ({first[0].paper}) and "
                f"{_timed(second)} ({second[0].paper}): "
                + ("one value, two times." if exact else "other times, so not comparable."),
                readings=(reading(first, _timed(first)), reading(second, _timed(second))),
            )


def _untimed(statement: Statement) -> str:
    """Return what a statement is about without its time."""
    return statement.about.removesuffix(f", {statement.at}")


def _timed(statements: Sequence[Statement]) -> str:
    """Return values with their times, in words."""
    return "; ".join(dict.fromkeys(f"{each.words} at {each.at}" for each in statements))


def listed_alone(statements: Sequence[Statement]) -> Iterator[Finding]:
    """Yield, as a remark, studies that only one of two papers on the same studies lists (C22)."""
    listed: dict[str, dict[str, list[Statement]]] = defaultdict(lambda: defaultdict(list))
    for each in statements:
        if each.study != each.paper:
            listed[each.paper][each.study].append(each)
    for first, second in combinations(sorted(listed), 2):
        if len(set(listed[first]) & set(listed[second])) < _SHARED_STUDIES:
            continue
        for paper, other in ((first, second), (second, first)):
            for study in listed[paper]:
                if study not in listed[other]:
                    shown = listed[paper][study]
                    yield Finding(
                        check=TWO_PAPERS,
                        level="remark",
                        paper=paper,
                        subject=(study, "", "", "", ""),
                        what=f"{study}: listed by {paper} and not by {other}.",
                        readings=(reading(shown, f"listed by {paper}"),),
                    )
