"""Rules about numbers typed in another unit: fractions as percentages, months as years.

What is typed is possible by its form and impossible, or unlikely, by its size: the rule says what
was probably meant. Where the paper really prints it so, a note that names the number settles it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from statistics import NormalDist

from toolkit.checks.estimates import every_estimate, problem_of_estimate
from toolkit.checks.finding import ACKNOWLEDGE, CheckResult, Mistake, names
from toolkit.errors import Problem
from toolkit.sheets.records import Line, Sheets
from toolkit.sheets.schema.review_rows import ComparatorRow
from toolkit.sheets.schema.series_rows import EstimateRow

_LEAST_LEVEL = 50
_MOST_NARROW = 0.5
"""An interval below this part of the one that complete follow-up would give is not believed."""
_SURE_LEVEL = 80
"""From this level on every interval of a proportion is at least one patient wide."""
_LONG = 12
"""Years from which a time far beyond the outcome's own is more likely a number of months."""
_MONTHS = 12


def levels(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that the level of an interval is a percentage that papers use: 95, 90, 99."""
    for _, line in every_estimate(sheets):
        level = line.row.level_percent
        if level is None or _LEAST_LEVEL <= level < 100:
            continue
        written = line.cells["level_percent"]
        meaning = "An interval of such a level is not printed by papers."
        remedy = "Write 95, 90 or 99 as the paper says, or leave level_percent empty for 95."
        if level <= 1:
            meant = f"{100 * level:g}"
            meaning = f"As a fraction {written} is {meant}%: level_percent is a percentage."
            remedy = f"Write {meant}."
        elif level < _LEAST_LEVEL:
            meaning = f"An interval of {written}% would miss the truth more often than not."
            if level <= 20:
                meaning += f" The paper may mean that {100 - level:g}% is left: alpha is {written}."
        told = ("level_percent",), f"level_percent is {written}.", meaning, remedy
        yield problem_of_estimate(sheets, line, "C20", told)


def proportions(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that no percentage is finer than its patients allow, as a fraction typed as one is.

    Among n patients no estimate lies between none and one patient, and no interval is much
    narrower than the one of n patients who were all followed to the end.
    """
    for _, line in every_estimate(sheets):
        row = line.row
        if row.status == "not_reported" or row.percent is None:
            continue
        told = _too_fine(line) or _below_one_patient(line)
        if told is not None and not set(told[0]) & set(line.unread):
            yield problem_of_estimate(sheets, line, "C20", told)
    for comparator in sheets.comparators:
        told = None if comparator.unread else _too_fine(comparator)
        if told is not None:
            columns, what, meaning, remedy = told
            yield Problem(
                address=comparator.at(*columns),
                check="C20",
                context=comparator.row.label,
                what=what,
                meaning=meaning,
                remedy=remedy,
            )


def _too_fine(line: Line[EstimateRow] | Line[ComparatorRow]) -> Mistake | None:
    """Return what is said of an interval or error too narrow for the patients."""
    row = line.row
    estimate = row if isinstance(row, EstimateRow) else None
    patients = row.patients if isinstance(row, EstimateRow) else row.total
    percent, low, high = row.percent, row.low_percent, row.high_percent
    if patients is None or percent is None:
        return None
    level = 95.0 if estimate is None or estimate.level_percent is None else estimate.level_percent
    if not _LEAST_LEVEL <= level < 100:
        return None
    columns: tuple[str, ...]
    if low is not None and high is not None and low <= percent <= high and low < high:
        columns, half = ("low_percent", "high_percent"), (high - low) / 2
        factor = NormalDist().inv_cdf(0.5 + level / 200)
        least = 50 / patients if level >= _SURE_LEVEL else 0.0
        shown = f"The interval {line.cells['low_percent']} to {line.cells['high_percent']} is "
        shown += f"{high - low:.2g} points wide"
    elif estimate is not None and estimate.standard_error_percent:
        columns, half = ("standard_error_percent",), estimate.standard_error_percent
        factor, least = 1.0, 0.0
        shown = f"standard_error_percent is {line.cells['standard_error_percent']}"
    else:
        return None
    spread = 100 * ((percent / 100) * (1 - percent / 100) / patients) ** 0.5
    narrowest = max(_MOST_NARROW * factor * spread, least)
    typed = [line.cells[column] for column in (*columns, "percent")]
    # A limit may have been printed half a unit of its last place away.
    if half + _unit(typed[:-1]) >= narrowest or names(row.note, typed):
        return None
    return (
        ("percent", *columns),
        f"{shown}, from {patients} patients.",
        f"One of {patients} patients is {100 / patients:.2g} points: no interval can be so narrow."
        f"{_as_fraction(line)}",
        _remedy(line),
    )


def _below_one_patient(line: Line[EstimateRow]) -> Mistake | None:
    """Return what is said of a percentage that is more than none and less than one patient."""
    row, written = line.row, line.cells["percent"]
    if row.percent is None or row.patients is None or names(row.note, [written]):
        return None
    one, slack = 100 / row.patients, _unit([written])
    from_the_end = min(row.percent, 100 - row.percent)
    if from_the_end == 0 or from_the_end + slack >= one:
        return None
    end = "none and one" if row.percent < 50 else "all but one and all"
    return (
        ("percent", "patients"),
        f"percent is {written}, of {row.patients} patients.",
        f"That lies between {end} of them: one patient is {one:.2g} points.{_as_fraction(line)}",
        _remedy(line),
    )


def _unit(cells: list[str]) -> float:
    """Return one unit of the last place of the most precise of some printed numbers."""
    return min((10.0 ** -len(cell.partition(".")[2]) for cell in cells), default=0.0)


def _as_fraction(line: Line[EstimateRow] | Line[ComparatorRow]) -> str:
    """Return what the percentage would be were it typed as a fraction."""
    percent = line.row.percent
    if percent is None or percent > 1:
        return ""
    return f" As a fraction {line.cells['percent']} is {100 * percent:.4g}%."


def _remedy(line: Line[EstimateRow] | Line[ComparatorRow]) -> str:
    """Return what to do about numbers too fine for their patients."""
    percent = line.row.percent
    if percent is not None and percent <= 1 and "." in line.cells["percent"]:
        cells = (line.cells[name] for name in ("percent", "low_percent", "high_percent"))
        meant = ", ".join(f"{100 * float(cell):.4g}" for cell in cells if cell)
        return (
            f"If fractions were typed, write percentages: {meant}; as_printed keeps the cell and "
            f"the note says that {line.cells['percent']} is printed."
        )
    return f"Look at {line.row.where or 'the paper'} again. {ACKNOWLEDGE}"


def months(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that a time in years is not a number of months.

    Twelve times the time at which the outcome is pooled is months; so, most likely, is a time of
    twelve or more that is more than twice as long, or one that as_printed gives in months.
    """
    for _, line in every_estimate(sheets):
        row, written = line.row, line.cells["time_years"]
        if row.time_years is None or "time_years" in line.unread or names(row.note, [written]):
            continue
        outcome = sheets.protocol.outcomes.get(row.outcome)
        pooled = None if outcome is None else outcome.time_years
        printed = re.search(
            r"([0-9]+(?:\.[0-9]+)?)[- ]?(?:months?|mo\.?)(?![a-z])", row.as_printed, re.IGNORECASE
        )
        as_years = f"{row.time_years / _MONTHS:.3g}"
        if printed is not None and float(printed[1]) == row.time_years:
            meaning = f'as_printed is "{row.as_printed}": {written} months are {as_years} years.'
        elif pooled is not None and row.time_years == _MONTHS * pooled:
            meaning = f"{row.outcome} is pooled at {pooled:g} years, which are {written} months."
        elif pooled is not None and row.time_years >= max(_LONG, 2 * pooled):
            meaning = (
                f"{row.outcome} is pooled at {pooled:g} years, so {written} years would be in no "
                f"answer; {written} months are {as_years} years."
            )
        else:
            continue
        told = (
            ("time_years",),
            f"time_years is {written}.",
            meaning,
            f"Write the time in years: {as_years}. If years are meant, say so in note and name "
            f"{written} there.",
        )
        yield problem_of_estimate(sheets, line, "C11", told)
