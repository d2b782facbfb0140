"""The badge of a number: what the audit knows of the cell it was read from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from toolkit.audit.agreement import SHARES, shares_agree
from toolkit.audit.finding import Finding
from toolkit.audit.statement import Statement
from toolkit.review import Count, Review, Series
from toolkit.synthesis import Row

Badge = Literal["clean", "differs", "undecidable", "single place"]

BADGES: dict[Badge, str] = {
    "clean": "stands in several places of the paper, and they agree",
    "differs": "the paper gives it, or a part of it, differently elsewhere",
    "undecidable": "the paper leaves it open; all its readings enter the pool",
    "single place": "stands in one place of the paper, so that nothing could differ",
}
"""What each badge means."""

Cell = tuple[str, str, str, str, str]
"""Series, group, outcome, grade and window of a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Badges:
    """The badge of every count of a review, by the cell it stands in."""

    by_cell: Mapping[Cell, Badge]

    def of_row(self, row: Row, grade: str = "") -> Badge:
        """Return the badge of a row of a pool; ``single place`` for a number it does not know."""
        windows = [
            badge
            for (series, group, outcome, its_grade, _), badge in self.by_cell.items()
            if (series, group, outcome, its_grade) == (row.series, row.group, row.outcome, grade)
        ]
        if row.events is None:
            return "undecidable"
        return next((badge for badge in BADGES if badge in _worst(windows)), "single place")


def _worst(badges: Sequence[Badge]) -> tuple[Badge, ...]:
    """Return the gravest of the badges of one cell over its windows."""
    for badge in ("differs", "single place", "clean"):
        if badge in badges:
            return (badge,)
    return ()


def badges(review: Review, statements: Sequence[Statement], findings: Sequence[Finding]) -> Badges:
    """Return the badge of every count that a review can plot."""
    subjects: dict[tuple[str, ...], list[Statement]] = defaultdict(list)
    for each in statements:
        if each.kind in SHARES:
            subjects[each.subject].append(each)
    touched = set(_touched(findings))
    found: dict[Cell, Badge] = {}
    for series in review.series:
        for count in series.counts:
            if count.status != "not_reported":
                cell = (series.key, count.group, count.outcome, count.grade, count.window)
                badge = _badge(review, series, count, subjects, touched)
                if found.get(cell) not in {"undecidable", "differs"}:
                    found[cell] = badge
    return Badges(by_cell=found)


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
    count: Count,
    subjects: Mapping[tuple[str, ...], Sequence[Statement]],
    touched: set[tuple[str, ...]],
) -> Badge:
    """Return the badge of one count."""
    if not count.decided and count.status == "":
        return "undecidable"
    group = "" if series.groups and series.groups[0].key == count.group else count.group
    parts = (count.outcome, *_parts(review, count.outcome))
    if any((series.key, group, part, count.grade) in touched for part in parts):
        return "differs"
    subject = (series.key, group, count.outcome, count.grade, count.window)
    stated = subjects.get(subject, ())
    own = [each for each in stated if each.address == count.address]
    agreeing = {
        (each.paper, each.where) for each in stated for row in own if shares_agree(each, row)
    }
    return "clean" if len(agreeing) > 1 else "single place"


def _parts(review: Review, outcome: str) -> Iterator[str]:
    """Yield the outcomes that an outcome is the sum of, at any depth."""
    for part in review.outcome(outcome).components:
        yield part
        yield from _parts(review, part)
