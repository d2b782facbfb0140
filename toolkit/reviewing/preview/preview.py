"""What a workbook would do to every answer of a review; nothing is written into the review."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from toolkit.analysis.cache import kept_in
from toolkit.analysis.overlap import Likeness, unjudged_pairs
from toolkit.analysis.pool import pool
from toolkit.analysis.select import Selected, select
from toolkit.analysis.unused_numbers import UnusedNumber, unused_numbers
from toolkit.errors import Address, Difference
from toolkit.load import read_raw
from toolkit.results.row import Row
from toolkit.results.synthesis import Prediction, Synthesis
from toolkit.review.review import Review
from toolkit.reviewing.workbooks import check_workbook

Standing = Literal["inside", "below", "above"]

_ANYWHERE = Address(file="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One answer before and after a workbook.

    Attributes
    ----------
    before, after : Synthesis
        The protocol's pool of an outcome in an analysis set; without rows where no series reports.
    moved : bool
        Whether the two rest on different numbers.
    row : Row or None
        The row of the series after the workbook, None where it is not in this pool.
    """

    before: Synthesis
    after: Synthesis
    moved: bool
    row: Row | None

    @property
    def place(self) -> Standing | None:
        """Where the series lies in the prediction interval as it is before the workbook.

        None where there is no such interval, or no single proportion of the series.
        """
        expected: Prediction = self.before.prediction
        if self.row is None or self.row.estimate is None:
            return None
        if expected.low is None or expected.high is None:
            return None
        if self.row.estimate < expected.low:
            return "below"
        return "above" if self.row.estimate > expected.high else "inside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a workbook would change.

    Attributes
    ----------
    review : Review
        The review as it would be.
    series, workbook : str
        Key of the series, and the name of the file.
    new, stale : bool
        Whether it is not recorded yet; whether the record changed since the workbook was made.
    cells : tuple of str
        Every recorded cell that would change, in words.
    changes : tuple of Change
        Every shown outcome in every analysis set that has a series for it, before or after.
    differences : tuple of Difference
        What the paper says against itself, as far as it was not known before.
    pairs : tuple of Likeness
        Series that may share patients with this one, not judged yet.
    readings : tuple of str
        Cells of the workbook that show another number than the one read from them.
    unused : tuple of UnusedNumber
        Numbers of this series that no answer takes.
    """

    review: Review
    series: str
    workbook: str
    new: bool
    stale: bool
    cells: tuple[str, ...]
    changes: tuple[Change, ...]
    differences: tuple[Difference, ...]
    pairs: tuple[Likeness, ...]
    readings: tuple[str, ...] = ()
    unused: tuple[UnusedNumber, ...] = ()


def preview_workbook(review: Path, workbook: Path) -> Preview:
    """Return what a workbook would change in a review.

    Raises
    ------
    SheetError
        With every problem of the workbook, or of the review itself.
    ToolkitError
        If the file is no workbook.
    """
    sent = check_workbook(review, workbook)
    before, after = read_raw(sent.before), read_raw(sent.after)
    with kept_in(None):
        changes = tuple(_changes(before, after, sent.series))
    known = {(each.check, each.series, each.what) for each in before.differences}
    return Preview(
        review=after,
        series=sent.series,
        workbook=workbook.name,
        new=sent.new,
        stale=sent.stale,
        cells=sent.changes,
        changes=changes,
        differences=tuple(
            each for each in after.differences if (each.check, each.series, each.what) not in known
        ),
        pairs=tuple(
            pair
            for pair in unjudged_pairs(after)
            if sent.series in (pair.first.key, pair.second.key)
        ),
        readings=sent.readings,
        unused=tuple(
            each
            for each in unused_numbers(after)
            if each.address.file.startswith(f"series/{sent.series}/")
        ),
    )


def _changes(before: Review, after: Review, series: str) -> Iterator[Change]:
    """Yield every answer of the review, before and after."""
    for outcome in after.outcomes:
        if not outcome.shown:
            continue
        for each in after.sets:
            chosen = [select(review, outcome, each) for review in (before, after)]
            if not any(chosen):
                continue
            then, now = (
                pool(review, outcome.key, analysis_set=each.key) for review in (before, after)
            )
            yield Change(
                before=then,
                after=now,
                moved=_numbers(chosen[0]) != _numbers(chosen[1]),
                row=next((row for row in now.rows if row.series == series), None),
            )


def _numbers(chosen: Iterable[Selected]) -> tuple[tuple[str, object], ...]:
    """Return what is pooled, whatever else is said of it and wherever it stands."""
    return tuple(
        (
            each.series.key,
            replace(each.number, address=_ANYWHERE, where="", as_printed="", note=""),
        )
        for each in chosen
    )
