"""Rules about one printed cell: its count, its percentage and its total."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set

from toolkit.audit.finding import Finding, counted, reading
from toolkit.audit.rounding import Printed, counts_for_any
from toolkit.audit.statement import PATIENTS, Statement
from toolkit.checks.printed import share

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
        fitting = [counts_for_any(each, total) for each in statement.percentages]
        if events[-1] > total or any(set(each) & set(events) for each in fitting):
            continue
        printed, numbers = statement.percentages[0], fitting[0]
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
    >>> from toolkit.audit.rounding import parse
    >>> stands_for(parse("8"), 38), stands_for(parse("61.4"), 240)
    ('8 % of 38 is 3', 'no whole number of 240 gives 61.4 %')
    """
    numbers = counts_for_any(printed, total)
    if not numbers:
        return f"no whole number of {total} gives {printed} %"
    if len(numbers) > MOST_READINGS:
        return f"{printed} % of {total} is {numbers[0]} to {numbers[-1]}"
    return f"{printed} % of {total} is {' or '.join(map(str, numbers))}"


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
                readings=(reading([statement], f"{printed} % of {statement.total}"),),
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
                what=f"{together[0].place}: {listed} % cannot all be shares of one number of "
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
