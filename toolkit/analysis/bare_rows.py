"""The rows of bare counts: what `pool_counts` and `pool_ordered` are given, checked and bounded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from toolkit.errors import ToolkitError
from toolkit.numerics.proportions import clopper_pearson
from toolkit.results.row import Row


def bare_rows(
    events: object,
    total: object,
    labels: object | None,
    *,
    level: float,
) -> tuple[Row, ...]:
    """Return bare numbers as rows.

    Parameters
    ----------
    events : array-like of int, or of (low, high)
        Whole numbers; a pair is a cell of which only the admissible range is known.
    total : array-like of int
        Whole numbers, at least 1.
    labels : array-like of str, optional
        Names shown; ``series 1``, ``series 2``, ... unless given.

    Raises
    ------
    ToolkitError
        Naming the first series, counted from 1, whose numbers cannot be counts, or what is no list
        of numbers at all.
    """
    cells, patients_of = as_list("events", events), as_list("total", total)
    names = None if labels is None else as_list("labels", labels)
    lengths = [len(each) for each in (cells, patients_of, names) if each is not None]
    if len(set(lengths)) > 1:
        named = ("events", "total", "labels")[: len(lengths)]
        told = ", ".join(f"{name} has {size}" for name, size in zip(named, lengths, strict=True))
        raise ToolkitError(f"events, total and labels must be equally long: {told} entries.")
    shown = [f"series {i + 1}" for i in range(len(cells))] if names is None else map(str, names)
    checked = [
        (label, *_checked(cell, patients, label))
        for label, cell, patients in zip(shown, cells, patients_of, strict=True)
    ]
    if not checked:
        return ()
    # Exact limits of all series at once: one by one they cost more than the pool.
    lowest, highest, sizes = (np.array([each[place] for each in checked]) for place in (1, 2, 3))
    lower = clopper_pearson(lowest, sizes, level=level)[0].tolist()
    upper = clopper_pearson(highest, sizes, level=level)[1].tolist()
    rows = []
    for (label, low, high, patients), *limits in zip(checked, lower, upper, strict=True):
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


def as_list(name: str, values: object) -> list[Any]:
    """Return anything like a list of entries as a list: array, column of a data frame, tuple.

    Raises
    ------
    ToolkitError
        For a single number, a text, a mapping or a table of several columns, by the argument's
        name.
    """
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
        raise ToolkitError(
            f"{name} must be a list of one entry per series; it is {type(values).__name__}."
        )
    if getattr(values, "ndim", 1) == 0 or hasattr(values, "columns"):
        raise ToolkitError(f"{name} must be one column: one entry per series.")
    to_list = getattr(values, "tolist", None) or getattr(values, "to_pylist", None)
    return list(to_list()) if callable(to_list) else list(values)


def _checked(cell: object, patients: object, label: str) -> tuple[int, int, int]:
    """Return low, high and total as whole numbers, or raise saying what is wrong with them."""
    ends = cell if isinstance(cell, tuple | list) else (cell, cell)
    if any(_is_missing(number) for number in (*ends, patients)):
        raise ToolkitError(
            f"{label}: {cell} of {patients} is missing. Leave out a series that does not report, "
            "or name it in not_reported, so that it is seen."
        )
    try:
        low, high, total = (_whole(number) for number in (*ends, patients))
    except (TypeError, ValueError, OverflowError):
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


def _is_missing(number: object) -> bool:
    """Whether an entry is None, or the NaN or NA by which data frames say that nothing is there."""
    return number is None or str(number) in ("nan", "<NA>", "NaT")


def _whole(number: object) -> int:
    """Return a whole number, or raise ValueError for anything that would be rounded."""
    whole = int(number)  # type: ignore[call-overload]
    if isinstance(number, str | bool) or whole != number:
        raise ValueError(number)
    return int(whole)
