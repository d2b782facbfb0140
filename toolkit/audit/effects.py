"""What the readings of a finding do to the pooled estimates of a review."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from toolkit.analysis.pool import pool
from toolkit.analysis.readings import pool_part
from toolkit.analysis.rows import series_interval
from toolkit.analysis.synthesize import pool_rows
from toolkit.audit.finding import Effect, Finding
from toolkit.results.row import Row
from toolkit.results.synthesis import Synthesis
from toolkit.review.protocol import Outcome
from toolkit.review.review import Review

Counted = tuple[int, int]
"""Events and total."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pools:
    """The published pools of a review: one for each outcome it shows, in the primary set."""

    review: Review
    answers: tuple[tuple[Outcome, Synthesis], ...]

    def effects(self, finding: Finding) -> tuple[Effect, ...]:
        """Return what the readings of a finding do to each pool they reach."""
        if finding.level != "differs":
            return ()
        return tuple(
            effect
            for outcome, answer in self.answers
            for row in answer.rows
            if (effect := self._effect(finding, outcome, answer, row)) is not None
        )

    def _effect(
        self, finding: Finding, outcome: Outcome, answer: Synthesis, row: Row
    ) -> Effect | None:
        """Return what a finding does to one row of a pool, or None where it does nothing."""
        study, group, _, grade, _ = finding.subject
        own = study == row.series and group in {row.group, self._short(row)}
        if not own or grade != answer.grade:
            return None
        if row.events_low is None or row.events_high is None:
            return None
        readings = set(self._counts(finding, row, row.events_low))
        if not readings:
            return None
        known = {(row.events_low, row.total), (row.events_high, row.total)}
        ordered = sorted(readings | known, key=lambda count: (count[0] / count[1], count))
        low, high = ordered[0], ordered[-1]
        if low == high:
            return None
        return Effect(
            outcome=outcome.key,
            analysis_set=answer.analysis_set,
            recorded=in_words(row),
            lowest_count=f"{low[0]}/{low[1]}",
            highest_count=f"{high[0]}/{high[1]}",
            pooled=answer.leading.estimate,
            lowest=_again(answer, row, low),
            highest=_again(answer, row, high),
        )

    def _short(self, row: Row) -> str:
        """Return how a finding names the group of a row: empty for all patients."""
        groups = self.review.one_series(row.series).groups
        return "" if groups and groups[0].key == row.group else row.group

    def _counts(self, finding: Finding, row: Row, events: int) -> Iterator[Counted]:
        """Yield the counts of a row under each reading of a finding."""
        outcome = self.review.outcome(row.outcome)
        shift = 0
        for reading in finding.readings:
            quantity = reading.quantity or finding.quantity
            if reading.events is None:
                continue
            if quantity == outcome.key:
                yield reading.events, reading.total or row.total
            elif quantity in outcome.components and not outcome.patient_condition:
                recorded = self._recorded(row, quantity)
                if recorded is None or (reading.total or row.total) != row.total:
                    continue
                change = reading.events - recorded
                if reading.quantity:
                    shift += change
                elif change:
                    yield events + change, row.total
        if shift:
            yield events + shift, row.total

    def _recorded(self, row: Row, quantity: str) -> int | None:
        """Return the events that a component of a row's outcome is recorded with."""
        for count in self.review.one_series(row.series).counts:
            same = (count.group, count.outcome, count.total) == (row.group, quantity, row.total)
            if same and not count.status and count.decided:
                return count.events_low
        return None


def published(review: Review) -> Pools:
    """Return the pools that a review publishes first."""
    shown = [outcome for outcome in review.outcomes if outcome.shown]
    return Pools(
        review=review,
        answers=tuple((outcome, pool(review, outcome.key)) for outcome in shown),
    )


def in_words(row: Row) -> str:
    """Return the count of a row, a range where it is kept open."""
    low, high = row.events_low, row.events_high
    return f"{low}/{row.total}" if low == high else f"{low} to {high}/{row.total}"


def _again(answer: Synthesis, row: Row, count: Counted) -> float | None:
    """Return the leading estimate of a pool with another count in one of its rows."""
    events, total = count
    if not 0 <= events <= total or answer.leading.estimate is None:
        return None
    low, high = series_interval(events, events, total, answer.method.level)
    other = replace(
        row,
        events=events,
        events_low=events,
        events_high=events,
        total=total,
        estimate=events / total,
        low=low,
        high=high,
    )
    rows: Sequence[Row] = [other if each is row else each for each in answer.rows]
    changed = _pooled_with(answer, tuple(rows))
    leading = changed.average if answer.lead == "average" else changed.typical
    return leading.estimate


def _pooled_with(answer: Synthesis, rows: tuple[Row, ...]) -> Synthesis:
    """Return the pool of other rows as an answer was pooled: every rung of it on a ladder."""
    if answer.ladder is None:
        return pool_rows(rows, answer.method)
    rungs = dict(answer.ladder.rungs)
    rungs[answer.outcome] = replace(rungs[answer.outcome], rows=rows)
    ladder = replace(answer.ladder, rungs=rungs)
    return pool_part(replace(answer, rows=rows, ladder=ladder), range(len(rows)))
