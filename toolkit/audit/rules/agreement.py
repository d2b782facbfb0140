"""The same thing stated in several places, of one paper or of two: do the places agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from toolkit.audit.finding import Finding, Reading, counted, reading
from toolkit.audit.statements.statement import Statement
from toolkit.checks.rounding import Printed, counts_for_any

SHARES = {"count", "percentage"}
"""Kinds that are one share, given as a number of patients or in per cent."""


_VALUES = {"count", "percentage", "estimate", "number", "median", "mean"}


ONE_PAPER, TWO_PAPERS = "C07", "C22"
"""Identifiers of the rule within one paper and between two."""


def disagreements(statements: Sequence[Statement]) -> Iterator[Finding]:
    """Yield what is stated in several places that cannot all hold (C07, between papers C22)."""
    subjects: dict[tuple[str, ...], list[Statement]] = defaultdict(list)
    for statement in statements:
        subjects[statement.subject].append(statement)
    for together in subjects.values():
        conflicting = [
            family
            for family in _families(together)
            if any(conflict(a, b, family) for a in family for b in family)
        ]
        if conflicting:
            yield _disagreement(together, conflicting)
    yield from _not_available(statements)


def _families(statements: Sequence[Statement]) -> list[list[Statement]]:
    """Return the statements that can be set against each other: one kind, one unit."""
    families: dict[tuple[str, str], list[Statement]] = defaultdict(list)
    for statement in statements:
        if statement.kind != "not_available":
            kind = "share" if statement.kind in SHARES else statement.kind
            families[kind, statement.unit].append(statement)
    return list(families.values())


def conflict(first: Statement, second: Statement, among: Sequence[Statement] = ()) -> bool:
    """Return whether no one true value can stand behind two statements of the same kind.

    Rows of counts with another denominator count other patients; a statement that agrees with one
    of them is not held against the rest.
    """
    if first is second:
        return False
    if first.kind == "word":
        return first.word != second.word
    if first.kind not in SHARES:
        return not all(a.agrees(b) for a, b in zip(first.numbers, second.numbers, strict=True))
    if _other_patients(first, second, among):
        return False
    return not shares_agree(first, second)


def _other_patients(first: Statement, second: Statement, among: Sequence[Statement]) -> bool:
    """Return whether two shares are of different patients, so that they may differ."""
    if first.alternative or second.alternative:
        return first.alternative and second.alternative
    if first.population and second.population:
        return first.population != second.population
    row, other = (first, second) if first.population else (second, first)
    return bool(row.population) and any(
        each.population and each is not row and not each.alternative and shares_agree(each, other)
        for each in among
    )


def shares_agree(first: Statement, second: Statement) -> bool:
    """Return whether two shares can be one, whichever of count and percentage each one gives.

    Percentages of unlike totals cannot be compared, and equal counts of unlike totals may be two
    ways to look at the same patients: `unlike_totals` remarks on those.
    """
    if first.kind == "count" and second.kind == "count":
        return bool(set(first.events) & set(second.events))
    if first.total and second.total and first.total != second.total:
        return True
    total = first.total or second.total
    if first.kind == "percentage" and second.kind == "percentage":
        one, other = first.numbers[0], second.numbers[0]
        if one.agrees(other):
            return True
        return bool(total and set(counts_for_any(one, total)) & set(counts_for_any(other, total)))
    count, share = (first, second) if first.kind == "count" else (second, first)
    if not total:
        return _own_percentage_agrees(count, share.numbers[0])
    if set(counts_for_any(share.numbers[0], total)) & set(count.events):
        return True
    return _own_percentage_agrees(count, share.numbers[0]) and bool(count.percentages)


def unlike_totals(statements: Sequence[Statement]) -> Iterator[Finding]:
    """Yield, as a remark, one count that places give of unlike totals (C08).

    Rows of counts say by their denominator whom they count and are left out.
    """
    subjects: dict[tuple[str, ...], list[Statement]] = defaultdict(list)
    for each in statements:
        if each.kind == "count" and each.total and each.sheet == "statements":
            subjects[(*each.subject, str(each.events[0]))].append(each)
    for together in subjects.values():
        by_total: dict[int, list[Statement]] = defaultdict(list)
        for each in together:
            by_total[each.total or 0].append(each)
        if len(by_total) > 1:
            readings = tuple(reading(group, "", *counted(group[0])) for group in by_total.values())
            yield Finding(
                check="C08",
                level="remark",
                paper=together[0].paper,
                subject=together[0].subject,
                what=f"{together[0].about}: {_against(readings)}: one count, unlike totals.",
                readings=readings,
            )


def _own_percentage_agrees(count: Statement, share: Printed) -> bool:
    """Return whether a percentage is the one printed with a count, or could not be compared."""
    return not count.percentages or any(each.agrees(share) for each in count.percentages)


def _disagreement(
    together: Sequence[Statement], conflicting: Sequence[Sequence[Statement]]
) -> Finding:
    """Return the finding of one subject: every reading with the places that give it."""
    leading = conflicting[0]
    clusters: list[list[Statement]] = []
    for statement in leading:
        home = next(
            (
                cluster
                for cluster in clusters
                if not any(conflict(statement, each, leading) for each in cluster)
            ),
            None,
        )
        if home is None:
            clusters.append([statement])
        else:
            home.append(statement)
    readings = tuple(_reading(cluster, conflicting[1:]) for cluster in clusters)
    within = any(
        a.paper == b.paper and conflict(a, b, family)
        for family in conflicting
        for a in family
        for b in family
    )
    return Finding(
        check=ONE_PAPER if within else TWO_PAPERS,
        paper=leading[0].paper,
        subject=leading[0].subject,
        what=f"{together[0].about}: " + _against(readings) + ".",
        readings=readings,
    )


def _reading(cluster: Sequence[Statement], others: Sequence[Sequence[Statement]]) -> Reading:
    """Return a reading, with what else the same places print of the subject."""
    decided = next((each for each in cluster if each.kind == "count"), cluster[0])
    places = {(each.paper, each.where) for each in cluster}
    beside = [each for family in others for each in family if (each.paper, each.where) in places]
    words = dict.fromkeys(each.words for each in [*cluster, *beside])
    told = [word for word in words if not any(other.startswith(f"{word}/") for other in words)]
    return reading([*cluster, *beside], "; ".join(told), *counted(decided))


def _against(readings: Sequence[Reading]) -> str:
    """Return the readings against each other in words."""
    papers = {place.paper for each in readings for place in each.places}
    said = [
        f"{each.words} ({'; '.join(_distinct(each, told=len(papers) > 1))})" for each in readings
    ]
    return f"{said[0]} differs from {' and from '.join(said[1:])}"


def _distinct(given: Reading, *, told: bool) -> list[str]:
    """Return the places of a reading in words, each with its paper where that must be named."""
    return list(
        dict.fromkeys(
            f"{place.paper}, {place.where}" if told else place.where for place in given.places
        )
    )


def _not_available(statements: Sequence[Statement]) -> Iterator[Finding]:
    """Yield values that one place prints and another one calls not available, at any time."""
    subjects: dict[tuple[str, ...], list[Statement]] = defaultdict(list)
    for statement in statements:
        subjects[statement.subject[:-1]].append(statement)
    for together in subjects.values():
        missing = [each for each in together if each.kind == "not_available"]
        times = {each.at for each in missing}
        given = [
            each for each in together if each.kind in _VALUES and ("" in times or each.at in times)
        ]
        if missing and given:
            readings = (reading(given), reading(missing))
            papers = {each.paper for each in (*given, *missing)}
            yield Finding(
                check=TWO_PAPERS if len(papers) > 1 else ONE_PAPER,
                paper=given[0].paper,
                subject=given[0].subject,
                what=f"{given[0].about}: {_against(readings)}.",
                readings=readings,
            )


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
