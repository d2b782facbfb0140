"""Categories that exclude each other: counts, percentages and totals of one table together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from toolkit.audit.finding import Finding, reading
from toolkit.audit.rules.cells import stands_for
from toolkit.audit.rules.tables import TableCell, TableReading, common_total, could_fill, read_table
from toolkit.audit.statements.statement import PATIENTS, Statement, in_words
from toolkit.checks.rounding import Printed, counts_for_any

_LEAST_CATEGORIES = 3
_DEAD = {"dead", "died", "death", "deaths", "deceased"}


def listings(statements: Sequence[Statement], sizes: Mapping[str, int]) -> Iterator[Finding]:
    """Yield what the categories of one place say against each other (C02, C03, C04, C18, C19).

    Parameters
    ----------
    statements : sequence of Statement
        What one paper states.
    sizes : mapping of group to patients
        Sizes of its groups, with an empty key for all patients.
    """
    for listing in _gathered(statements):
        totals = _totals(listing, statements)
        for total, given in totals:
            yield from _against_total(listing, total, given)
        if not totals:
            first = listing[0]
            own = first.study == first.paper and all(each.total is None for each in listing)
            yield from _without_total(listing, sizes.get(first.of) if own else None)


def _gathered(statements: Sequence[Statement]) -> Iterator[list[Statement]]:
    """Yield the categories of each listing, each category once."""
    found: dict[tuple[str, ...], dict[str, Statement]] = defaultdict(dict)
    for each in statements:
        if each.part_of and each.kind in {"count", "percentage"}:
            key = (each.paper, each.study, each.of, each.grade, each.at, each.part_of, each.place)
            found[key].setdefault(each.quantity, each)
    told = [list(listing.values()) for listing in found.values() if len(listing) > 1]
    yield from told
    known = {each.quantity for listing in told for each in listing}
    yield from (each for each in _inferred(statements) if not {s.quantity for s in each} & known)


def _inferred(statements: Sequence[Statement]) -> Iterator[list[Statement]]:
    """Yield rows of counts that stand together in a table and sum exactly to their total.

    Nobody has said that they exclude each other; that they fill the total to the last patient
    says it well enough to read their percentages together.
    """
    found: dict[tuple[object, ...], list[Statement]] = defaultdict(list)
    for each in statements:
        if each.sheet == "counts" and each.percentages and not each.alternative:
            table = each.where.rsplit(", row", 1)[0]
            key = (each.paper, each.study, each.of, each.grade, each.at, each.population)
            found[(*key, each.total, table)].append(each)
    for together in found.values():
        summed = sum(each.events[0] for each in together)
        if len(together) >= _LEAST_CATEGORIES and summed == together[0].total:
            yield [replace(each, part_of="the whole") for each in together]


def _totals(
    listing: Sequence[Statement], statements: Sequence[Statement]
) -> list[tuple[int, tuple[Statement, ...]]]:
    """Return the totals that the paper gives a listing, each with the statements that give it."""
    first = listing[0]
    stated = {each.total for each in listing if each.total is not None}
    if len(stated) == 1:
        return [(stated.pop(), ())]
    types: dict[int, list[Statement]] = defaultdict(list)
    subject = replace(first, quantity=first.part_of).subject
    for each in statements:
        same = each.subject == subject and (each.paper == first.paper or first.study != first.paper)
        if same and each.kind == "count" and not each.alternative:
            types[each.events[0]].append(each)
    return [(total, tuple(given)) for total, given in types.items()]


def _against_total(
    listing: Sequence[Statement], total: int, given: tuple[Statement, ...]
) -> Iterator[Finding]:
    """Yield what a listing says otherwise than its total."""
    if total < 1:
        return
    table = read_table([_cell(each) for each in listing], total)
    first = listing[0]
    subject = (first.study, first.of, first.part_of, first.grade, first.at)
    about = f"{first.about.rsplit(': ', 1)[0]}: " if first.study != first.paper else ""
    name = in_words(first.part_of)
    parts = " + ".join(_part(each) for each in listing)
    if table.sum_differs:
        check = "C19" if _alive_and_dead(listing) else "C04" if given else "C03"
        yield Finding(
            check=check,
            paper=first.paper,
            subject=subject,
            what=f"{about}{name}: {parts} = {table.sum_of_counts} differs from {total}.",
            readings=(
                reading(listing, f"{table.sum_of_counts} by the parts", table.sum_of_counts),
                reading(given or listing, f"{total} by the total", total),
            ),
        )
    elif _solved_otherwise(listing, table):
        yield _other_solution(listing, table, subject, f"{about}{name}")
    elif not table.percentages_fill and not table.mismatched:
        yield _no_solution(listing, table, subject, f"{about}{name}")
    elif table.rounds_in_two_ways:
        yield Finding(
            check="C02",
            level="remark",
            paper=first.paper,
            subject=subject,
            what=f"{about}{name}: each percentage fits its count, but no one way of rounding gives "
            f"them all ({', '.join(_printed(each) for each in listing)}).",
            readings=(reading(listing, "rounded in more than one way"),),
        )


def _solved_otherwise(listing: Sequence[Statement], table: TableReading) -> bool:
    """Return whether the percentages have one solution alone, and it is not the printed counts."""
    counts = tuple(each.events[0] if each.events else -1 for each in listing)
    return -1 not in counts and len(table.by_percentage) == 1 and table.by_percentage[0] != counts


def _other_solution(
    listing: Sequence[Statement],
    table: TableReading,
    subject: tuple[str, str, str, str, str],
    about: str,
) -> Finding:
    """Return the finding of percentages that stand for other counts than those printed."""
    solution = table.by_percentage[0]
    printed = " + ".join(str(each.events[0]) for each in listing)
    solved = " + ".join(map(str, solution))
    return Finding(
        check="C02",
        paper=listing[0].paper,
        subject=subject,
        what=f"{about}: the percentages {', '.join(_printed(each) for each in listing)} have one "
        f"whole-number solution of {table.total}, {solved}, which differs from the printed "
        f"{printed}.",
        readings=tuple(
            reading(
                [each],
                f"{each.label} {each.events[0]} by the count, {number} by the percentages together",
                number,
                table.total,
                quantity=each.quantity,
            )
            for each, number in zip(listing, solution, strict=True)
            if number != each.events[0]
        ),
    )


def _no_solution(
    listing: Sequence[Statement],
    table: TableReading,
    subject: tuple[str, str, str, str, str],
    about: str,
) -> Finding:
    """Return the finding of percentages that no whole numbers of the total give."""
    percentages = [each for each in map(_percentage, listing) if each is not None]
    fitting = common_total(percentages, near=table.total)
    other = f"; they could be of {fitting}" if fitting else ""
    alone = [each for each in percentages if not counts_for_any(each, table.total)]
    nobody = f" ({stands_for(alone[0], table.total)})" if alone else ""
    shown = ", ".join(f"{each}" for each in percentages)
    return Finding(
        check="C18",
        paper=listing[0].paper,
        subject=subject,
        what=f"{about}: {shown}% cannot all be shares of the same {table.total} patients"
        f"{nobody}{other}.",
        readings=(
            reading(listing, f"of {table.total}", None, table.total),
            *((reading(listing, f"of {fitting}", None, fitting),) if fitting else ()),
        ),
    )


def _without_total(listing: Sequence[Statement], size: int | None) -> Iterator[Finding]:
    """Yield what is impossible in a listing whose total the paper does not print.

    Some patients may be missing from it: it may sum to less than its group, never to more.
    """
    if all(each.events for each in listing):
        summed = sum(each.events[0] for each in listing)
        if size is not None and summed > size:
            yield from _against_total(listing, size, ())
            return
        table = read_table([_cell(each) for each in listing], summed) if summed else None
        if table is not None and not table.percentages_fill:
            yield from _against_total(listing, summed, ())
        return
    percentages = [_percentage(each) for each in listing]
    known = [each for each in percentages if each is not None]
    if len(known) < len(percentages):
        return
    if size is not None and not any(could_fill(known, total) for total in range(size, 0, -1)):
        yield from _against_total(listing, size, ())
        return
    low = sum((each.box[0] for each in known), Fraction(0))
    high = sum((each.box[1] for each in known), Fraction(0))
    if low <= 100 <= high:
        return
    first = listing[0]
    total = float(sum((each.value for each in known), Fraction(0)))
    yield Finding(
        check="C03",
        paper=first.paper,
        subject=(first.study, first.of, first.part_of, first.grade, first.at),
        what=f"{in_words(first.part_of)}: "
        f"{' + '.join(str(each) for each in known)} = {total:g}% differs from 100%.",
        readings=(reading(listing, f"{total:g}%"),),
    )


def _cell(statement: Statement) -> TableCell:
    """Return a category as a cell of its table."""
    return TableCell(
        count=statement.events[0] if statement.events else None,
        percentage=_percentage(statement),
    )


def _percentage(statement: Statement) -> Printed | None:
    """Return the percentage of a category, where one is printed."""
    shown = statement.numbers if statement.kind == "percentage" else statement.percentages
    return shown[0] if shown else None


def _printed(statement: Statement) -> str:
    """Return the percentage of a category as printed."""
    return str(_percentage(statement))


def _part(statement: Statement) -> str:
    """Return the count of a category in words."""
    return str(statement.events[0]) if statement.events else f"{statement.numbers[0]}%"


def _alive_and_dead(listing: Sequence[Statement]) -> bool:
    """Return whether a listing parts the living from the dead."""
    return any(_DEAD & set(each.quantity.replace("_", "-").split("-")) for each in listing)


def group_sizes(statements: Sequence[Statement]) -> dict[str, int]:
    """Return the patients of each group of one series that its sheets know."""
    return {
        each.of: each.events[0]
        for each in statements
        if each.sheet == "groups" and each.quantity == PATIENTS
    }
