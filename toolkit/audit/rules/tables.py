"""What the cells of one table say together: categories that exclude each other and fill a total.

Each printed percentage admits a range of whole numbers. The numbers must also sum to the total and
come from one way of rounding, which often leaves a single solution, or none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from toolkit.checks.rounding import FAMILIES, Family, Printed, counts_for, counts_for_any

_LISTED = 3
_FEW = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class TableCell:
    """One category as printed: its count, its percentage, or both."""

    count: int | None = None
    percentage: Printed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableReading:
    """What a table says of itself.

    Attributes
    ----------
    mismatched : tuple of int
        Cells whose count no way of rounding prints as their percentage.
    families : tuple of Family
        Ways of rounding that print every cell as it stands, counts and sum included.
    sum_of_counts : int or None
        Where every cell has a count.
    by_percentage : tuple of tuple of int
        Whole numbers that the percentages alone stand for, at most three solutions; empty where
        there is none, or where a cell has no percentage.
    percentages_fill : bool
        Whether the percentages alone can fill the total at all, each cell rounded in its own way.
    total : int
        Patients of the table.
    """

    mismatched: tuple[int, ...]
    families: tuple[Family, ...]
    sum_of_counts: int | None
    by_percentage: tuple[tuple[int, ...], ...]
    percentages_fill: bool
    total: int

    @property
    def consistent(self) -> bool:
        """Whether one way of rounding explains every number printed."""
        return bool(self.families)

    @property
    def sum_differs(self) -> bool:
        """Whether the counts sum to something else than the total."""
        return self.sum_of_counts is not None and self.sum_of_counts != self.total

    @property
    def rounds_in_two_ways(self) -> bool:
        """Whether each cell is right by itself and no one way of rounding prints them all."""
        sound = not self.mismatched and not self.sum_differs and self.percentages_fill
        return sound and not self.families


def read_table(cells: Sequence[TableCell], total: int) -> TableReading:
    """Return what the categories of one table say together.

    Parameters
    ----------
    cells : sequence of TableCell
        Categories that exclude each other and together are all patients of the table.
    total : int
        Those patients, at least 1.

    Examples
    --------
    >>> from toolkit.checks.rounding import parse
    >>> printed = [(8, "21"), (2, "8"), (7, "16"), (16, "42"), (5, "13")]
    >>> table = read_table([TableCell(count=k, percentage=parse(p)) for k, p in printed], 38)
    >>> table.mismatched, table.by_percentage
    ((1, 2), ((8, 3, 6, 16, 5),))
    """
    counts = [cell.count for cell in cells]
    shown = [cell.percentage for cell in cells]
    mismatched = tuple(
        place
        for place, cell in enumerate(cells)
        if cell.count is not None
        and cell.percentage is not None
        and cell.count not in counts_for_any(cell.percentage, total)
    )
    percentages = [each for each in shown if each is not None]
    complete = len(percentages) == len(cells)
    loose = [counts_for_any(each, total) for each in percentages]
    return TableReading(
        mismatched=mismatched,
        families=tuple(family for family in FAMILIES if _explains(cells, total, family)),
        sum_of_counts=None if None in counts else sum(count for count in counts if count),
        by_percentage=_by_percentage(percentages, total) if complete else (),
        percentages_fill=not complete or _fills(loose, total),
        total=total,
    )


def _explains(cells: Sequence[TableCell], total: int, family: Family) -> bool:
    """Return whether one way of rounding prints every cell of a table as it stands."""
    ranges = []
    for cell in cells:
        admitted = range(total + 1)
        if cell.percentage is not None:
            admitted = counts_for(cell.percentage, total, family)
        if cell.count is not None:
            admitted = range(cell.count, cell.count + 1) if cell.count in admitted else range(0)
        ranges.append(admitted)
    return _fills(ranges, total)


def _fills(ranges: Sequence[range], total: int) -> bool:
    """Return whether one number from each range can be taken so that they sum to the total."""
    if not all(ranges):
        return False
    return sum(each[0] for each in ranges) <= total <= sum(each[-1] for each in ranges)


def _by_percentage(percentages: Sequence[Printed], total: int) -> tuple[tuple[int, ...], ...]:
    """Return the whole numbers that fill the total and are printed so by one way of rounding."""
    found: dict[tuple[int, ...], None] = {}
    for family in FAMILIES:
        ranges = [counts_for(each, total, family) for each in percentages]
        if _fills(ranges, total):
            for solution in _solutions(ranges, total):
                found[solution] = None
                if len(found) == _LISTED:
                    return tuple(found)
    return tuple(found)


def _solutions(ranges: Sequence[range], total: int) -> Iterator[tuple[int, ...]]:
    """Yield every way to take one number from each range so that they sum to the total."""
    if not ranges:
        if total == 0:
            yield ()
        return
    rest = ranges[1:]
    least, most = sum(each[0] for each in rest), sum(each[-1] for each in rest)
    for number in ranges[0]:
        if least <= total - number <= most:
            for others in _solutions(rest, total - number):
                yield (number, *others)


def common_total(percentages: Sequence[Printed], *, near: int) -> int | None:
    """Return the number of patients nearest to a stated one that explains all percentages.

    Parameters
    ----------
    percentages : sequence of Printed
        Percentages of categories that exclude each other and fill a total.
    near : int
        The stated total. Only totals that differ by at most a tenth from it are considered: of
        many patients any percentages could be shares.
    """
    for distance in range(1, max(_FEW, near // 10) + 1):
        for total in (near + distance, near - distance):
            if total > 0 and could_fill(percentages, total):
                return total
    return None


def could_fill(percentages: Sequence[Printed], total: int) -> bool:
    """Return whether percentages can be shares of a total that they fill, each rounded its way."""
    return _fills([counts_for_any(each, total) for each in percentages], total)
