"""What a forest plot says, line by line, before anything is placed on a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from toolkit.figures.page.numerals import (
    counts,
    estimate_in_words,
    limits,
    percent,
    plural,
    prediction_in_words,
    years,
)
from toolkit.results.synthesis import FLAGS, Estimate, Row, Synthesis
from toolkit.review.review import Comparator
from toolkit.review.words import GRADES

Shape = Literal[
    "square",
    "open-bar",
    "known-bar",
    "diamond",
    "open-diamond",
    "bar",
    "band",
    "circle",
    "point",
]
Kind = Literal["series", "heading", "pool", "comparator", "words", "rule"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A shape on the axis: from `low` to `high`, with a body from `start` to `end`.

    All in [0, 1]. `total` is the number of patients a square's area stands for.
    """

    shape: Shape
    low: float
    high: float
    start: float
    end: float
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a forest plot.

    Attributes
    ----------
    kind : str
        What the line is; a ``words`` line has a label alone, a ``rule`` is a line across.
    label : str
        Name of the line.
    detail : tuple of str
        What is said below it in small type (after it, in a heading), each on lines of its own.
    events, total : str
        Both sides of x/n; empty where there are no counts.
    centre, low, high : str
        Printed percents; the centre is empty for a prediction.
    leads : bool
        Whether the line is the estimand that the protocol leads with.
    mark : Mark or None
        What is drawn on the axis.
    title : str
        The line in one sentence, shown when a pointer rests on it.
    """

    kind: Kind
    label: str
    detail: tuple[str, ...] = ()
    events: str = ""
    total: str = ""
    centre: str = ""
    low: str = ""
    high: str = ""
    weight: str = ""
    flags: tuple[str, ...] = ()
    leads: bool = False
    mark: Mark | None = None
    title: str = ""


RULE = Line(kind="rule", label="")
"""A line across the page."""


def event_name(answer: Synthesis) -> str:
    """Return the name of what is counted, with its grade; empty for bare counts."""
    name = answer.outcome_label or answer.outcome
    grade = GRADES.get(answer.grade, answer.grade)
    if not grade or grade in name:
        return name
    return f"{name}, {grade}" if name else grade


def default_title(answer: Synthesis) -> str:
    """Return what a plot of an answer shows: outcome, grade, number of series and patients."""
    name = event_name(answer)
    size = f"{plural(answer.k, 'series', 'series')}, {plural(answer.total, 'patient', 'patients')}"
    return f"{name}: {size}" if name else size


def observed(row: Row) -> str:
    """Return the events among the total of a row, or its patients and time, in words."""
    if row.counted:
        return f"{counts(row.events_low, row.events_high)} of {row.total}"
    patients = plural(row.total, "patient", "patients")
    return patients if row.time_years is None else f"{patients}, at {years(row.time_years)}"


def row_in_words(row: Row) -> str:
    """Return a series' numbers and where they stand, in one sentence without a full stop."""
    body = limits(*row.readings) if row.estimate is None else percent(row.estimate)
    parts = [f"{row.label}: {observed(row)}, {body} % ({limits(row.low, row.high)})"]
    if row.where:
        parts.append(row.where)
    if row.as_printed:
        parts.append(f"printed “{row.as_printed}”")
    if row.source not in ("", "primary"):
        parts.append(f"quoted by {row.source}")
    parts += [FLAGS.get(flag, flag) for flag in row.flags]
    return "; ".join(parts)


def comparator_in_words(comparator: Comparator) -> str:
    """Return a comparator's numbers and why it is not comparable, in one sentence."""
    numbers = [comparator.label]
    if comparator.events is not None and comparator.total is not None:
        numbers.append(f"{comparator.events} of {comparator.total}")
    estimate = _published(comparator)
    if estimate is not None:
        numbers.append(f"{percent(estimate)} %{_printed_limits(comparator)}")
    parts = [", ".join(numbers)]
    if comparator.why_not_comparable:
        parts.append(f"not comparable: {comparator.why_not_comparable}")
    if comparator.where:
        parts.append(comparator.where)
    return "; ".join(parts)


def whole_name(answer: Synthesis) -> str:
    """Return what the pool under some subgroups is called; it may hold fewer patients than they."""
    split = sum(subgroup.answer.total for subgroup in answer.subgroups)
    return "All series" if split <= answer.total else "The main pool: one group of each series"


def forest_lines(answer: Synthesis, comparators: Sequence[Comparator]) -> list[Line]:
    """Return the lines of an answer: its series, or its subgroups, then the pool, then the rest."""
    lines: list[Line] = []
    if answer.subgroups:
        for subgroup in answer.subgroups:
            size = plural(subgroup.answer.total, "patient", "patients")
            lines.append(Line(kind="heading", label=subgroup.label, detail=(size,)))
            lines += map(_series_line, subgroup.answer.rows)
            lines += _subgroup_lines(subgroup.answer)
        lines += [RULE, Line(kind="heading", label=whole_name(answer))]
    else:
        lines += map(_series_line, answer.rows)
        lines.append(RULE)
    lines += _pool_lines(answer)
    if comparators:
        lines += [RULE, Line(kind="heading", label="Beside the pool, not in it")]
        lines += map(_comparator_line, comparators)
    return lines


def _series_line(row: Row) -> Line:
    """Return the line of a series; an undecided cell is a bar over its admissible proportions."""
    start, end = row.readings
    decided = row.estimate is not None
    return Line(
        kind="series",
        label=row.label,
        events=counts(row.events_low, row.events_high),
        total=str(row.total),
        centre=percent(row.estimate) if row.estimate is not None else limits(start, end),
        low=percent(row.low),
        high=percent(row.high),
        weight="" if row.weight is None else f"{100 * row.weight:.1f}",
        flags=row.flags,
        mark=Mark(
            shape="square" if decided else "open-bar",
            low=row.low,
            high=row.high,
            start=start,
            end=end,
            total=row.total,
        ),
        title=row_in_words(row),
    )


def _estimate_line(label: str, estimate: Estimate, shape: Shape, *, leads: bool) -> Line | None:
    """Return the line of a pooled estimate, or None where it is not defined."""
    if estimate.estimate is None or estimate.low is None or estimate.high is None:
        return None
    return Line(
        kind="pool",
        label=label,
        centre=percent(estimate.estimate),
        low=percent(estimate.low),
        high=percent(estimate.high),
        leads=leads,
        mark=Mark(
            shape=shape,
            low=estimate.low,
            high=estimate.high,
            start=estimate.estimate,
            end=estimate.estimate,
        ),
        title=f"{label}: {estimate_in_words(estimate)}",
    )


def estimands(answer: Synthesis) -> list[tuple[str, Estimate]]:
    """Return both estimands with their names, the leading one first."""
    both = [("Typical centre", answer.typical), ("Average over centres", answer.average)]
    return both[::-1] if answer.lead == "average" else both


def _pool_lines(answer: Synthesis) -> Iterator[Line]:
    """Yield both estimands and the prediction, or the words that say why there are none."""
    if not answer.leading.defined:
        for note in answer.notes or ("not pooled",):
            yield Line(kind="words", label=note)
        return
    few = answer.k <= 2
    shapes: tuple[Shape, Shape] = ("bar", "bar") if few else ("diamond", "open-diamond")
    for (label, estimate), shape, leads in zip(
        estimands(answer), shapes, (True, False), strict=True
    ):
        line = _estimate_line(label, estimate, shape, leads=leads)
        if line is not None:
            yield line
    prediction = answer.prediction
    if prediction.low is not None and prediction.high is not None:
        yield Line(
            kind="pool",
            label=f"New centre ({100 * answer.method.level:g} % prediction)",
            low=percent(prediction.low),
            high=percent(prediction.high),
            mark=Mark(
                shape="band",
                low=prediction.low,
                high=prediction.high,
                start=prediction.low,
                end=prediction.high,
            ),
            title=f"New centre, prediction: {prediction_in_words(prediction)}",
        )


def _subgroup_lines(answer: Synthesis) -> Iterator[Line]:
    """Yield a subgroup's leading estimand, or the words that say why it has none."""
    label, estimate = estimands(answer)[0]
    shape: Shape = "bar" if answer.k <= 2 else "diamond"
    line = _estimate_line(label, estimate, shape, leads=True)
    if line is not None:
        yield line
        return
    yield Line(kind="words", label=answer.notes[0] if answer.notes else "not pooled")


def _published(comparator: Comparator) -> float | None:
    """Return the published proportion, or that of the published counts."""
    if comparator.estimate is not None:
        return comparator.estimate
    if comparator.events is not None and comparator.total:
        return comparator.events / comparator.total
    return None


def _printed_limits(comparator: Comparator) -> str:
    if comparator.low is None or comparator.high is None:
        return ""
    return f" ({limits(comparator.low, comparator.high)})"


def _comparator_line(comparator: Comparator) -> Line:
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
    return Line(
        kind="comparator",
        label=comparator.label,
        detail=tuple(part[:1].upper() + part[1:] for part in said if part),
        events=str(comparator.events) if counted else "",
        total=str(comparator.total) if counted else "",
        centre="" if estimate is None else percent(estimate),
        low=percent(comparator.low) if comparator.low is not None and bounded else "",
        high=percent(comparator.high) if comparator.high is not None and bounded else "",
        mark=mark,
        title=comparator_in_words(comparator),
    )
