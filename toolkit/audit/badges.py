"""The badge of a number: what the audit knows of the cell it was read from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from toolkit.audit.finding import Finding
from toolkit.audit.rules.agreement import SHARES, shares_agree
from toolkit.audit.statements.statement import Statement, time_in_years
from toolkit.errors import Difference
from toolkit.results.row import Row
from toolkit.review.counts import Count, Percentage
from toolkit.review.review import Review
from toolkit.review.series import Series

Badge = Literal["clean", "differs", "undecidable", "single place"]

BADGES: dict[Badge, str] = {
    "clean": "stands in several places of the paper, and they agree",
    "differs": "the paper gives it, or a part of it, differently elsewhere",
    "undecidable": "the paper leaves it open; all its readings enter the pool",
    "single place": "stands in one place of the paper, so that nothing could differ",
}
"""What each badge means."""

_GRAVEST_FIRST: tuple[Badge, ...] = ("differs", "undecidable", "single place", "clean")

CellKey = tuple[str, str, str, str, str]
"""Series, group, outcome, grade, and window or time of a number."""

Number = Count | Percentage


@dataclass(frozen=True, slots=True, kw_only=True)
class Badges:
    """The badge of every number of a review, by the cell it stands in."""

    by_cell: Mapping[CellKey, Badge]

    def of_row(self, row: Row, grade: str = "") -> Badge:
        """Return the badge of a row of a pool; ``single place`` for a number it does not know."""
        if row.counted and row.events is None:
            return "undecidable"
        time = "" if row.time_years is None else time_in_years(row.time_years)
        cells = [
            badge
            for (series, group, outcome, its_grade, at), badge in self.by_cell.items()
            if (series, group, outcome, its_grade) == (row.series, row.group, row.outcome, grade)
            and (row.counted or at == time)
        ]
        return next((badge for badge in _GRAVEST_FIRST if badge in cells), "single place")


def badges(review: Review, statements: Sequence[Statement], findings: Sequence[Finding]) -> Badges:
    """Return the badge of every number that a review can plot."""
    subjects: dict[tuple[str, ...], list[Statement]] = defaultdict(list)
    for each in statements:
        if each.kind in SHARES or each.kind == "estimate":
            subjects[each.subject].append(each)
    touched = set(_touched(findings))
    found: dict[CellKey, Badge] = {}
    for series in review.series:
        for number in _numbers(series):
            if number.status != "not_reported":
                cell = (series.key, number.group, number.outcome, number.grade, _at(number))
                badge = _badge(review, series, number, subjects, touched)
                if found.get(cell) not in {"undecidable", "differs"}:
                    found[cell] = badge
    return Badges(by_cell=found)


def differing_numbers(review: Review, given: Badges) -> Iterator[Difference]:
    """Yield for every number with the badge ``differs`` what marks it so wherever it is drawn."""
    for series in review.series:
        for number in _numbers(series):
            cell = (series.key, number.group, number.outcome, number.grade, _at(number))
            if given.by_cell.get(cell) == "differs":
                yield Difference(
                    address=number.address,
                    check="C07",
                    series=series.key,
                    outcome=number.outcome,
                    what=BADGES["differs"],
                    places=(number.where,),
                )


def _numbers(series: Series) -> tuple[Number, ...]:
    """Return every count and percentage of a series."""
    return (*series.counts, *series.percentages)


def _at(number: Number) -> str:
    """Return the window of a count or the time of a percentage, in words."""
    if isinstance(number, Count):
        return number.window
    return "" if number.time_years is None else time_in_years(number.time_years)


def _touched(findings: Sequence[Finding]) -> Iterator[tuple[str, ...]]:
    """Yield study, group, quantity and grade of everything that findings say differs."""
    for finding in findings:
        if finding.level == "differs":
            study, group, quantity, grade, _ = finding.subject
            yield study, group, quantity, grade
            for reading in finding.readings:
                if reading.quantity:
                    yield study, group, reading.quantity, grade


def _badge(
    review: Review,
    series: Series,
    count: Number,
    subjects: Mapping[tuple[str, ...], Sequence[Statement]],
    touched: set[tuple[str, ...]],
) -> Badge:
    """Return the badge of one number."""
    if isinstance(count, Count) and not count.decided and count.status == "":
        return "undecidable"
    group = "" if series.groups and series.groups[0].key == count.group else count.group
    parts = (count.outcome, *_parts(review, count.outcome))
    if any((series.key, group, part, count.grade) in touched for part in parts):
        return "differs"
    subject = (series.key, group, count.outcome, count.grade, _at(count))
    stated = subjects.get(subject, ())
    own = [each for each in stated if each.address == count.address]
    agreeing = {(each.paper, each.where) for each in stated for row in own if _agree(each, row)}
    return "clean" if len(agreeing) > 1 else "single place"


def _agree(first: Statement, second: Statement) -> bool:
    """Return whether two statements of one subject give the same number."""
    if "estimate" in {first.kind, second.kind}:
        return first.kind == second.kind and first.numbers[0].agrees(second.numbers[0])
    return shares_agree(first, second)


def _parts(review: Review, outcome: str) -> Iterator[str]:
    """Yield the outcomes that an outcome is the sum of, at any depth."""
    for part in review.outcome(outcome).components:
        yield part
        yield from _parts(review, part)
