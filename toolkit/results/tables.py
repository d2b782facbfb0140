"""Answers as tables: one row per series for analysts, one tidy row per estimate for files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from toolkit.results.curve import SPECIFICATION_COLUMNS, SpecificationCurve
from toolkit.results.ladder import Ladder
from toolkit.results.names import studies
from toolkit.results.row import Row
from toolkit.results.shares import Shares
from toolkit.results.synthesis import Synthesis

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = (
    "label",
    "series",
    "group",
    "outcome",
    "events",
    "events_low",
    "events_high",
    "total",
    "estimate",
    "low",
    "high",
    "weight",
    "flags",
    "as_printed",
    "where",
    "source",
)


def frame(answer: Synthesis | SpecificationCurve | Ladder) -> pd.DataFrame:
    """Return an answer, a specification curve or a ladder as a table, proportions in [0, 1].

    Parameters
    ----------
    answer : Synthesis, SpecificationCurve or Ladder
        What `toolkit.pool`, `toolkit.pool_counts`, `toolkit.specification_curve` or
        `toolkit.pool_ordered` returned.

    Returns
    -------
    pandas.DataFrame
        Of an answer one row per series: columns as the attributes of
        `toolkit.results.synthesis.Row`, `flags` joined by spaces, and first a column `level`
        where the answer has subgroups. Of a curve one row per combination, with the names of
        its `to_dict`. Of a ladder one row per rung and series, outermost rung first: before the
        other columns `rung`, and `reported`, whether the series says more of the rung than its
        other rungs imply.
    """
    import pandas as pd

    if isinstance(answer, SpecificationCurve):
        found = answer.to_dict()["specifications"]
        return pd.DataFrame(found, columns=list(SPECIFICATION_COLUMNS))
    if isinstance(answer, Ladder):
        rows = [
            {"rung": name, "reported": reports, **_cells(row)}
            for name, rung in answer.rungs.items()
            for row, reports in zip(rung.rows, answer.reported[name], strict=True)
        ]
        table = pd.DataFrame(rows, columns=["rung", "reported", *_COLUMNS])
    elif answer.subgroups:
        rows = [
            {"level": subgroup.level, **_cells(row)}
            for subgroup in answer.subgroups
            for row in subgroup.answer.rows
        ]
        table = pd.DataFrame(rows, columns=["level", *_COLUMNS])
    else:
        table = pd.DataFrame([_cells(row) for row in answer.rows], columns=list(_COLUMNS))
    for column in ("events", "events_low", "events_high", "total"):
        table[column] = table[column].astype("Int64")
    return table


def _cells(row: Row) -> dict[str, object]:
    """Return a row's cells in the order of the table."""
    cells = asdict(row)
    cells["flags"] = " ".join(row.flags)
    return {column: cells[column] for column in _COLUMNS}


_TIDY = (
    "outcome",
    "grade",
    "analysis_set",
    "level",
    "kind",
    "label",
    "events_low",
    "events_high",
    "total",
    "estimate",
    "low",
    "high",
    "method",
    "flags",
    "as_printed",
    "where",
    "source",
)


def tidy_csv(answers: Iterable[Synthesis]) -> str:
    """Return every row and every estimate of some answers as one CSV with LF line ends.

    The column `kind` parts a series (``series``) from the pooled lines (``typical``,
    ``average``, ``prediction``); proportions are in [0, 1] with full precision. Text that a
    spreadsheet would run as a formula is preceded by an apostrophe.
    """
    target = io.StringIO()
    writer = csv.DictWriter(target, _TIDY, lineterminator="\n")
    writer.writeheader()
    for answer in answers:
        parts = [(each.level, each.answer) for each in answer.subgroups] or [("", answer)]
        for level, part in parts:
            for line in _tidy_lines(part, level):
                writer.writerow({name: harmless(value) for name, value in line.items()})
    return target.getvalue()


def _tidy_lines(answer: Synthesis, level: str) -> Iterator[dict[str, object]]:
    """Yield a line per series and per pooled estimate that is defined."""
    question = {
        "outcome": answer.outcome,
        "grade": answer.grade,
        "analysis_set": answer.analysis_set,
        "level": level,
    }
    for row in answer.rows:
        cells = _cells(row)
        yield (
            question
            | {"kind": "series"}
            | {n: cells[n] for n in _TIDY if n in cells and n not in question}
        )
    pooled = {
        "label": studies(answer.k),
        "events_low": answer.events_low,
        "events_high": answer.events_high,
        "total": answer.total,
        "method": answer.method.in_words,
    }
    for kind, estimate in (("typical", answer.typical), ("average", answer.average)):
        if estimate.defined:
            yield question | {"kind": kind} | pooled | asdict(estimate)
    if answer.prediction.defined:
        told = {"method": answer.method.prediction_in_words}
        yield question | {"kind": "prediction"} | pooled | told | asdict(answer.prediction)


def harmless(value: object) -> object:
    """Return a cell that a spreadsheet shows instead of running."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return value


def specification_csv(curve: SpecificationCurve) -> str:
    """Return every combination of a specification curve as one CSV with LF line ends."""
    target = io.StringIO()
    writer = csv.DictWriter(target, SPECIFICATION_COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in curve.to_dict()["specifications"]:
        writer.writerow({name: harmless(value) for name, value in row.items()})
    return target.getvalue()


def counts_text(row: Row) -> str:
    """Return ``10/38``, or ``1–11/38`` for a cell that its paper leaves open; else patients."""
    if row.effect is not None:
        return ""
    if not row.counted:
        return f"n {row.total}"
    if row.events is None:
        return f"{row.events_low}–{row.events_high}/{row.total}"
    return f"{row.events}/{row.total}"


def percent_text(
    estimate: float | None, low: float | None, high: float | None, shares: Shares | None = None
) -> str:
    """Return ``26% (13 to 43)`` from proportions; without an estimate the interval alone."""
    rule = shares or Shares()
    limits = ""
    if low is not None and high is not None:
        limits = f"({rule.number(low)} to {rule.number(high)})"
    if estimate is None:
        return limits
    return " ".join(part for part in (rule.with_unit(rule.number(estimate)), limits) if part)
