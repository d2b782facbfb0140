"""A count as a row of a pool: its own proportion and interval, its flags, its provenance."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.errors import ToolkitError
from toolkit.numerics.proportions import clopper_pearson
from toolkit.review import Outcome, Review
from toolkit.selection import Selected
from toolkit.synthesis import Row


def review_rows(
    review: Review, outcome: Outcome, chosen: Sequence[Selected], *, level: float
) -> tuple[Row, ...]:
    """Return the chosen counts as rows, in the same order, flags and provenance included."""
    return tuple(_review_row(review, outcome, selected, level) for selected in chosen)


def _review_row(review: Review, outcome: Outcome, selected: Selected, level: float) -> Row:
    """Return one chosen count as a row."""
    count, series = selected.count, selected.series
    differs = any(
        (difference.address.file, difference.address.line)
        == (count.address.file, count.address.line)
        for difference in review.differences
    )
    flags = {
        "secondary": count.secondary,
        "single": series.single_extracted,
        "nearest": count.outcome != outcome.key,
        "undecided": not count.decided,
        "differs": differs,
        "derived": count.basis == "derived",
    }
    low, high = series_interval(count.events_low, count.events_high, count.total, level)
    return Row(
        label=series.label,
        series=series.key,
        group=count.group,
        outcome=count.outcome,
        events=count.events_low if count.decided else None,
        events_low=count.events_low,
        events_high=count.events_high,
        total=count.total,
        estimate=count.events_low / count.total if count.decided else None,
        low=low,
        high=high,
        flags=tuple(flag for flag, holds in flags.items() if holds),
        year=int(series.field("year")[:4]) if series.field("year")[:4].isdigit() else None,
        where=count.where,
        source=count.source,
        as_printed=count.as_printed,
    )


def bare_rows(
    events: Sequence[int] | Sequence[tuple[int, int]],
    total: Sequence[int],
    labels: Sequence[str] | None,
    *,
    level: float,
) -> tuple[Row, ...]:
    """Return bare numbers as rows.

    Parameters
    ----------
    events : sequence of int, or of (low, high)
        Whole numbers; a pair is a cell of which only the admissible range is known.
    total : sequence of int
        Whole numbers, at least 1.
    labels : sequence of str, optional
        Names shown; ``series 1``, ``series 2``, ... unless given.

    Raises
    ------
    ToolkitError
        Naming the first series, counted from 1, whose numbers cannot be counts.
    """
    if not len(events) == len(total) == len(labels or total):
        raise ToolkitError(
            f"events, total and labels must be equally long; they have {len(events)}, "
            f"{len(total)} and {len(labels or total)} entries."
        )
    rows = []
    for index, (cell, patients) in enumerate(zip(events, total, strict=True)):
        label = str(labels[index]) if labels is not None else f"series {index + 1}"
        low, high, patients = _checked(cell, patients, label)
        limits = series_interval(low, high, patients, level)
        rows.append(
            Row(
                label=label,
                series=label,
                events=low if low == high else None,
                events_low=low,
                events_high=high,
                total=patients,
                estimate=low / patients if low == high else None,
                low=limits[0],
                high=limits[1],
                flags=() if low == high else ("undecided",),
            )
        )
    return tuple(rows)


def _checked(cell: object, patients: object, label: str) -> tuple[int, int, int]:
    """Return low, high and total as whole numbers, or raise saying what is wrong with them."""
    ends = cell if isinstance(cell, tuple | list) else (cell, cell)
    try:
        low, high, total = (_whole(number) for number in (*ends, patients))
    except (TypeError, ValueError):
        raise ToolkitError(
            f"{label}: {cell} of {patients} is not a count: "
            "events and total must be whole numbers of patients."
        ) from None
    if total < 1:
        raise ToolkitError(f"{label}: total is {total}; it must be at least 1.")
    if not 0 <= low <= high <= total:
        raise ToolkitError(
            f"{label}: {cell} of {total} is not a count: events must lie between 0 and the total."
        )
    return low, high, total


def _whole(number: object) -> int:
    """Return a whole number, or raise ValueError for anything that would be rounded."""
    whole = int(number)  # type: ignore[call-overload]
    if isinstance(number, str | bool) or whole != number:
        raise ValueError(number)
    return int(whole)


def series_interval(low: int, high: int, total: int, level: float) -> tuple[float, float]:
    """Return Clopper-Pearson limits; an undecided cell reaches over all its readings."""
    lower, _ = clopper_pearson(low, total, level=level)
    _, upper = clopper_pearson(high, total, level=level)
    return float(lower), float(upper)
