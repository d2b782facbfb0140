"""What a forest plot says, line by line, before anything is placed on a page."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType

from toolkit.figures.forest.line import RULE, ForestLine, Mark, Shape
from toolkit.figures.page.numerals import (
    PERCENT,
    counts,
    plural,
    prediction_in_words,
    years,
)
from toolkit.results.names import ESTIMANDS, capital, prediction_name, studies
from toolkit.results.row import FLAGS, Row
from toolkit.results.shares import Shares
from toolkit.results.synthesis import Estimate, NotReported, Synthesis
from toolkit.review.review import Comparator
from toolkit.review.words import GRADES


def event_name(answer: Synthesis) -> str:
    """Return the name of what is counted, with its grade; empty for bare counts."""
    name = answer.outcome_label or answer.outcome
    grade = GRADES.get(answer.grade, answer.grade)
    if not grade or grade in name:
        return name
    return f"{name}, {grade}" if name else grade


def default_title(answer: Synthesis) -> str:
    """Return what a plot of an answer shows: outcome, grade, number of series and patients."""
    name, size = event_name(answer), size_in_words(answer)
    return f"{name}: {size}" if name else size


def finding_title(answer: Synthesis, shares: Shares = PERCENT) -> str:
    """Return what a plot of an answer shows: the leading estimate, else the size of the answer."""
    if not answer.leading.defined:
        return default_title(answer)
    label, estimate = estimands(answer)[0]
    found = f"{shares.estimate(estimate)}, {label[:1].lower()}{label[1:]}"
    name = event_name(answer)
    return f"{name}: {found}" if name else found


def size_in_words(answer: Synthesis) -> str:
    """Return from how many studies and patients an answer comes."""
    size = studies(answer.k)
    return f"{size}, {plural(answer.total, 'patient', 'patients')}" if answer.total else size


def observed(row: Row) -> str:
    """Return the events among the total of a row, or its patients and time, in words."""
    if row.counted:
        return f"{counts(row.events_low, row.events_high)} of {row.total}"
    patients = plural(row.total, "patient", "patients")
    return patients if row.time_years is None else f"{patients}, at {years(row.time_years)}"


def row_in_words(row: Row, shares: Shares = PERCENT) -> str:
    """Return a series' numbers and where they stand, in one sentence without a full stop."""
    told = f"{observed(row)}, " if row.total else ""
    parts = [f"{row.label}: {told}{share_in_words(row, shares)}"]
    if row.where:
        parts.append(row.where)
    if row.as_printed:
        parts.append(f"printed “{row.as_printed}”")
    if row.source not in ("", "primary"):
        parts.append(f"quoted by {row.source}")
    parts += [FLAGS.get(flag, flag) for flag in row.flags]
    return "; ".join(parts)


def share_in_words(row: Row, shares: Shares = PERCENT) -> str:
    """Return a series' proportion with its interval: ``26% (13–43)``."""
    body = shares.limits(*row.readings)
    if row.estimate is not None:
        body = shares.number(row.estimate)
    return f"{shares.with_unit(body)} ({shares.limits(row.low, row.high)})"


def comparator_in_words(comparator: Comparator, shares: Shares = PERCENT) -> str:
    """Return a comparator's numbers and why it is not comparable, in one sentence."""
    numbers = [comparator.label]
    if comparator.events is not None and comparator.total is not None:
        numbers.append(f"{comparator.events} of {comparator.total}")
    estimate = _published(comparator)
    if estimate is not None:
        body = shares.with_unit(shares.number(estimate))
        numbers.append(f"{body}{_printed_limits(comparator, shares)}")
    parts = [", ".join(numbers)]
    if comparator.why_not_comparable:
        parts.append(f"not comparable: {comparator.why_not_comparable}")
    if comparator.where:
        parts.append(comparator.where)
    return "; ".join(parts)


def whole_name(answer: Synthesis) -> str:
    """Return what the pool under some subgroups is called; it may hold fewer patients than they."""
    split = sum(subgroup.answer.total for subgroup in answer.subgroups)
    return "All studies" if split <= answer.total else "The main pool: one group of each study"


def forest_lines(
    answer: Synthesis,
    comparators: Sequence[Comparator],
    shares: Shares = PERCENT,
    extra: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
) -> list[ForestLine]:
    """Return the lines of an answer: its series, or its subgroups, then the pool, then the rest.

    A flag that all series share says nothing beside each of them: `shared_flags` has it.
    """
    lines: list[ForestLine] = []
    shared = shared_flags(answer)
    if answer.subgroups:
        for subgroup in answer.subgroups:
            size = plural(subgroup.answer.total, "patient", "patients")
            lines.append(ForestLine(kind="heading", label=subgroup.label, detail=(size,)))
            lines += (_series_line(row, shares, extra, shared) for row in subgroup.answer.rows)
            lines += _subgroup_lines(subgroup.answer, shares)
        lines += [RULE, ForestLine(kind="heading", label=whole_name(answer))]
    else:
        lines += (_series_line(row, shares, extra, shared) for row in answer.rows)
        lines += map(_not_reported, answer.not_reported)
        lines += [RULE, *_total(answer)]
    lines += _pool_lines(answer, shares)
    if comparators:
        lines += [RULE, ForestLine(kind="heading", label="External comparators (not pooled)")]
        lines += (_comparator_line(each, shares) for each in comparators)
    return lines


def _not_reported(each: NotReported) -> ForestLine:
    """Return the line of a series that does not say."""
    size = "" if each.total is None else f" ({plural(each.total, 'patient', 'patients')})"
    return ForestLine(kind="words", label=f"{each.label}{size}: not reported")


def shared_flags(answer: Synthesis) -> tuple[str, ...]:
    """Return the flags that every series of an answer carries; none where there is one series."""
    parts = [each.answer for each in answer.subgroups] or [answer]
    rows = [row for part in parts for row in part.rows]
    if len(rows) < 2:
        return ()
    return tuple(flag for flag in rows[0].flags if all(flag in row.flags for row in rows))


def _total(answer: Synthesis) -> Iterator[ForestLine]:
    """Yield the line that adds up events and patients, where two series or more have them."""
    rows = answer.rows
    if len(rows) < 2 or not all(row.total for row in rows):
        return
    counted = all(row.counted for row in rows)
    lows, highs = (
        [getattr(row, end) for row in rows] if counted else []
        for end in ("events_low", "events_high")
    )
    yield ForestLine(
        kind="total",
        label="Total",
        events=counts(sum(lows), sum(highs)) if counted else "",
        total=str(sum(row.total for row in rows)),
        weight="100" if all(row.weight is not None for row in rows) else "",
    )


def _series_line(
    row: Row,
    shares: Shares,
    extra: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
    shared: Collection[str] = (),
) -> ForestLine:
    """Return the line of a series; an undecided cell is a bar over its admissible proportions."""
    start, end = row.readings
    decided = row.estimate is not None
    return ForestLine(
        kind="series",
        label=row.label,
        events=counts(row.events_low, row.events_high),
        total=str(row.total) if row.total else "",
        centre=shares.limits(start, end) if row.estimate is None else shares.number(row.estimate),
        low=shares.number(row.low),
        high=shares.number(row.high),
        weight="" if row.weight is None else f"{100 * row.weight:.1f}",
        flags=tuple(flag for flag in row.flags if flag not in shared),
        mark=Mark(
            shape="square" if decided else "open-bar",
            low=row.low,
            high=row.high,
            start=start,
            end=end,
            total=row.total,
        ),
        row=row,
        title=row_in_words(row, shares),
        extra=tuple((name, cells.get(row.label, "")) for name, cells in extra.items()),
    )


def _estimate_line(
    label: str, estimate: Estimate, shape: Shape, shares: Shares, *, leads: bool
) -> ForestLine | None:
    """Return the line of a pooled estimate, or None where it is not defined."""
    if estimate.estimate is None or estimate.low is None or estimate.high is None:
        return None
    return ForestLine(
        kind="pool",
        label=label,
        centre=shares.number(estimate.estimate),
        low=shares.number(estimate.low),
        high=shares.number(estimate.high),
        leads=leads,
        mark=Mark(
            shape=shape,
            low=estimate.low,
            high=estimate.high,
            start=estimate.estimate,
            end=estimate.estimate,
        ),
        title=f"{label}: {shares.estimate(estimate)}",
    )


def estimands(answer: Synthesis) -> list[tuple[str, Estimate]]:
    """Return both estimands with their names, the leading one first."""
    both = [(capital(words), getattr(answer, key)) for key, words in ESTIMANDS.items()]
    return both[::-1] if answer.lead == "average" else both


def _pool_lines(answer: Synthesis, shares: Shares) -> Iterator[ForestLine]:
    """Yield both estimands and the prediction, or the words that say why there are none."""
    if not answer.leading.defined:
        for note in answer.notes or ("not pooled",):
            yield ForestLine(kind="words", label=note)
        return
    few = answer.k <= 2
    shapes: tuple[Shape, Shape] = ("bar", "bar") if few else ("diamond", "open-diamond")
    for (label, estimate), shape, leads in zip(
        estimands(answer), shapes, (True, False), strict=True
    ):
        line = _estimate_line(label, estimate, shape, shares, leads=leads)
        if line is not None:
            yield line
    prediction = answer.prediction
    if prediction.low is not None and prediction.high is not None:
        yield ForestLine(
            kind="pool",
            label=prediction_name(answer.method.level),
            low=shares.number(prediction.low),
            high=shares.number(prediction.high),
            mark=Mark(
                shape="band",
                low=prediction.low,
                high=prediction.high,
                start=prediction.low,
                end=prediction.high,
            ),
            title=f"{prediction_name(answer.method.level)}: "
            f"{prediction_in_words(prediction, shares)}",
        )


def _subgroup_lines(answer: Synthesis, shares: Shares) -> Iterator[ForestLine]:
    """Yield a subgroup's leading estimand, or the words that say why it has none."""
    label, estimate = estimands(answer)[0]
    shape: Shape = "bar" if answer.k <= 2 else "diamond"
    line = _estimate_line(label, estimate, shape, shares, leads=True)
    if line is not None:
        yield line
        return
    yield ForestLine(kind="words", label=answer.notes[0] if answer.notes else "not pooled")


def _published(comparator: Comparator) -> float | None:
    """Return the published proportion, or that of the published counts."""
    if comparator.estimate is not None:
        return comparator.estimate
    if comparator.events is not None and comparator.total:
        return comparator.events / comparator.total
    return None


def _printed_limits(comparator: Comparator, shares: Shares) -> str:
    if comparator.low is None or comparator.high is None:
        return ""
    return f" ({shares.limits(comparator.low, comparator.high)})"


def _comparator_line(comparator: Comparator, shares: Shares) -> ForestLine:
    """Return the line of a published estimate, with its printed interval where it has one."""
    estimate = _published(comparator)
    bounded = comparator.low is not None and comparator.high is not None
    mark = None
    if estimate is not None:
        mark = Mark(
            shape="circle",
            low=comparator.low if comparator.low is not None and bounded else estimate,
            high=comparator.high if comparator.high is not None and bounded else estimate,
            start=estimate,
            end=estimate,
        )
    counted = comparator.events is not None and comparator.total is not None
    why = comparator.why_not_comparable
    said = (comparator.population, f"not comparable: {why}" if why else "")
    return ForestLine(
        kind="comparator",
        label=comparator.label,
        detail=tuple(part[:1].upper() + part[1:] for part in said if part),
        events=str(comparator.events) if counted else "",
        total=str(comparator.total) if counted else "",
        centre="" if estimate is None else shares.number(estimate),
        low=shares.number(comparator.low) if comparator.low is not None and bounded else "",
        high=shares.number(comparator.high) if comparator.high is not None and bounded else "",
        mark=mark,
        title=comparator_in_words(comparator, shares),
    )
