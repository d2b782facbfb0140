"""Rules about one printed cell, and about a group beside the larger group it is part of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import combinations

from toolkit.audit.finding import Finding, counted, reading
from toolkit.audit.rules.agreement import SHARES, shares_agree
from toolkit.audit.statements.statement import PATIENTS, Statement
from toolkit.checks.rounding import Printed, counts_for_any, fits_some, share
from toolkit.review.words import GRADES
from toolkit.sheets.records import SeriesSheets

MOST_READINGS = 4
"""Whole numbers that are listed one by one before only the first and last are named."""


def percentages(statements: Sequence[Statement]) -> Iterator[Finding]:
    """Yield counts whose printed percentage is not theirs under any way of rounding (C02).

    Where the paper gives another total that explains the percentage, that is a reading as well.
    """
    known = {
        each.events[0]
        for each in statements
        if each.quantity == PATIENTS and each.study == each.paper and each.kind == "count"
    }
    for statement in statements:
        if statement.kind != "count" or not statement.total or not statement.percentages:
            continue
        events, total = statement.events, statement.total
        if events[-1] > total or any(
            fits_some(events, total, each) for each in statement.percentages
        ):
            continue
        printed = statement.percentages[0]
        numbers = counts_for_any(printed, total)
        by_count = ", ".join(f"{k}/{total} is {share(k, total)}" for k in events[:1])
        yield Finding(
            check="C02",
            paper=statement.paper,
            subject=statement.subject,
            what=f'{statement.about}: "{statement.as_printed}" differs within itself: {by_count}, '
            f"and {stands_for(printed, total)}.",
            readings=(
                reading([statement], f"{events[0]}/{total} by the count", *counted(statement)),
                *(
                    reading([statement], f"{number}/{total} by the percentage", number, total)
                    for number in _ends(numbers)
                ),
                *(
                    reading([statement], f"{events[0]}/{other} by another total", events[0], other)
                    for other in _other_totals(statement, printed, known)
                ),
            ),
        )


def _other_totals(statement: Statement, printed: Printed, known: Set[int]) -> list[int]:
    """Return the total of the same paper that makes a printed percentage that of its count.

    It is offered only where it is the single one: of several, some would fit by chance.
    """
    fitting = [
        total
        for total in known
        if total not in {0, statement.total}
        and statement.events[0] in counts_for_any(printed, total)
    ]
    return fitting if len(fitting) == 1 else []


def stands_for(printed: Printed, total: int) -> str:
    """Return in words which numbers of patients a percentage stands for.

    Examples
    --------
    >>> from toolkit.checks.rounding import parse
    >>> stands_for(parse("8"), 38), stands_for(parse("61.4"), 240)
    ('8% of 38 is 3', 'no whole number of 240 gives 61.4%')
    """
    numbers = counts_for_any(printed, total)
    if not numbers:
        return f"no whole number of {total} gives {printed}%"
    if len(numbers) > MOST_READINGS:
        return f"{printed}% of {total} is {numbers[0]} to {numbers[-1]}"
    return f"{printed}% of {total} is {' or '.join(map(str, numbers))}"


def _ends(numbers: range) -> list[int]:
    """Return the numbers that are worth a reading of their own."""
    return list(numbers) if len(numbers) <= MOST_READINGS else [numbers[0], numbers[-1]]


def lone_percentages(statements: Sequence[Statement]) -> Iterator[Finding]:
    """Yield percentages that no whole number of their stated total gives (C02)."""
    for statement in statements:
        if statement.kind != "percentage" or not statement.total or statement.part_of:
            continue
        printed = statement.numbers[0]
        if not counts_for_any(printed, statement.total):
            yield Finding(
                check="C02",
                paper=statement.paper,
                subject=statement.subject,
                what=f"{statement.about}: {stands_for(printed, statement.total)}.",
                readings=(reading([statement], f"{printed}% of {statement.total}"),),
            )


def shared_totals(statements: Sequence[Statement], sizes: Mapping[str, int]) -> Iterator[Finding]:
    """Yield percentages of one table that cannot share their denominator (C18).

    Percentages printed without a total are of their group, or of those patients of it who are
    known; fewer than half of the group would have to be said.
    """
    tables: dict[tuple[str, ...], list[Statement]] = defaultdict(list)
    for each in statements:
        alone = each.kind == "percentage" and not each.total and not each.part_of
        if alone and each.study == each.paper and each.of in sizes:
            tables[each.of, each.place].append(each)
    for (group, _), together in tables.items():
        size, shown = sizes[group], [each.numbers[0] for each in together]
        possible = range(size, size // 2, -1)
        if not any(all(counts_for_any(each, total) for each in shown) for total in possible):
            listed = ", ".join(map(str, shown))
            yield Finding(
                check="C18",
                paper=together[0].paper,
                subject=together[0].subject,
                what=f"{together[0].place}: {listed}% cannot all be shares of one number of "
                f"patients up to {size}.",
                readings=(reading(together, f"of {size} or fewer"),),
            )


def totals(statements: Sequence[Statement], sizes: Mapping[str, int]) -> Iterator[Finding]:
    """Yield counts above their total, and totals above the patients of their group (C14).

    Parameters
    ----------
    statements : sequence of Statement
        What one series states.
    sizes : mapping of group to patients
        Sizes of its groups, with an empty key for all patients.
    """
    for statement in statements:
        total = statement.total
        if total is None or statement.study != statement.paper:
            continue
        size = sizes.get(statement.of)
        if statement.kind == "count" and statement.events[0] > total:
            what = f"{statement.about}: {statement.events[0]} is more than its total of {total}."
        elif size is not None and total > size:
            whom = f"the group {statement.of}" if statement.of else "all patients"
            what = f"{statement.about}: the total {total} is more than {whom}, {size}."
        else:
            continue
        yield Finding(
            check="C14",
            paper=statement.paper,
            subject=statement.subject,
            what=what,
            readings=(reading([statement], "", *counted(statement)),),
        )


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
    """Return whether some number of a part lies outside the range of its whole."""
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
    """Return whether two shares are large enough to be known for the same figure."""
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
