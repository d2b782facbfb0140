"""Rules about percentages that are no counts: their interval, their time, their patients."""

from __future__ import annotations

import re
from collections.abc import Iterator

from toolkit.checks.finding import CheckResult, Mistake, names
from toolkit.checks.single_rows import misplaced, trouble_of_grade
from toolkit.errors import Difference, Problem
from toolkit.review.words import GRADES
from toolkit.sheets.records import Line, SeriesSheets, Sheets
from toolkit.sheets.schema.series_rows import EstimateRow

_NUMBERS = ("percent", "low_percent", "high_percent", "standard_error_percent", "at_risk")
_PRINTED_TIME = re.compile(
    r"\(([0-9]+(?:\.[0-9]+)?)\)\*?$|([0-9]+(?:\.[0-9]+)?)[- ]?(?:years?|y)\b"
)


def about_estimate(sheets: Sheets, row: EstimateRow) -> str:
    """Return what a row of estimates is about, in the reader's words."""
    outcome = sheets.protocol.outcomes.get(row.outcome)
    parts = (
        f"group {row.group}" if row.group else "",
        outcome.label if outcome else row.outcome,
        GRADES.get(row.grade, ""),
        "" if row.time_years is None else f"at {row.time_years:g} years",
    )
    return ", ".join(part for part in parts if part)


def problem_of_estimate(
    sheets: Sheets, line: Line[EstimateRow], check: str, told: Mistake
) -> Problem:
    """Return what is said of a row as a problem at its cells."""
    columns, what, meaning, remedy = told
    return Problem(
        address=line.at(*columns),
        check=check,
        context=about_estimate(sheets, line.row),
        what=what,
        meaning=meaning,
        remedy=remedy,
    )


def every_estimate(sheets: Sheets) -> Iterator[tuple[SeriesSheets, Line[EstimateRow]]]:
    """Yield every row whose status can be read, with its series."""
    for series in sheets.series:
        for line in series.estimates:
            if "status" not in line.unread:
                yield series, line


def filled_in(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that a percentage is there with its patients, and nothing where none is reported."""
    for _, line in every_estimate(sheets):
        row = line.row
        if row.status == "not_reported":
            for column in _NUMBERS:
                if line.cells[column] and column not in line.unread:
                    what = f"{column} is {line.cells[column]}, but status is not_reported."
                    meaning = "A number that the paper does not give cannot stand here."
                    remedy = f"Empty {column}, or empty status if the paper gives the number."
                    yield problem_of_estimate(
                        sheets, line, "C01", ((column,), what, meaning, remedy)
                    )
            continue
        for column, meaning, remedy in (
            (
                "percent",
                "Not mentioned is not zero.",
                "Enter it, or set status to not_reported.",
            ),
            (
                "patients",
                "Its weight and its square in the plot follow from the patients at the start.",
                "Enter how many patients the percentage describes.",
            ),
        ):
            if not line.cells[column]:
                yield problem_of_estimate(
                    sheets, line, "C01", ((column,), f"{column} is empty.", meaning, remedy)
                )


def grade_of_estimates(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that a percentage says a grade where its outcome has grades, and none elsewhere."""
    for _, line in every_estimate(sheets):
        told = trouble_of_grade(sheets, line)
        if told is not None:
            yield problem_of_estimate(
                sheets, line, told.check, (("grade",), told.what, told.meaning, told.remedy)
            )


def intervals(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that an interval holds its estimate and says its precision, and so does its error.

    An interval has two limits around the percentage and some width; a standard error is above 0.
    """
    for _, line in every_estimate(sheets):
        told = _trouble_of_interval(line.row)
        if told is not None and not set(told[0]) & set(line.unread):
            yield problem_of_estimate(sheets, line, "C20", told)


def _trouble_of_interval(row: EstimateRow) -> Mistake | None:
    """Return what is wrong with the interval or the standard error of a row."""
    low, high, percent = row.low_percent, row.high_percent, row.percent
    leave = (
        f"Look at {row.where or 'the paper'} again. If the paper really prints it so, leave both "
        "limits empty and tell it in note; as_printed keeps the cell."
    )
    if row.standard_error_percent == 0:
        return (
            ("standard_error_percent",),
            "standard_error_percent is 0.",
            "An estimate without any error would outweigh all others.",
            "Leave it empty if the paper prints none.",
        )
    if (low is None) != (high is None):
        column, other = ("high_percent", "low_percent")
        if low is None:
            column, other = other, column
        return (
            (column,),
            f"{column} is empty, but {other} is {getattr(row, other):g}.",
            "One limit alone does not say whose half it is.",
            "Enter both limits, or none.",
        )
    if low is None or high is None or percent is None:
        if row.level_percent is not None and low is None:
            what = f"level_percent is {row.level_percent:g}, but there is no interval."
            return ("level_percent",), what, "", "Enter the limits, or empty level_percent."
        return None
    if not low <= percent <= high:
        return (
            ("percent", "low_percent", "high_percent"),
            f"percent is {percent:g}, but its interval is {low:g} to {high:g}.",
            "An interval that excludes its own estimate says nothing of its precision.",
            leave,
        )
    if low == high or (low, high) == (0.0, 100.0):
        what = f"The interval is {low:g} to {high:g}."
        return ("low_percent", "high_percent"), what, "That says nothing of the precision.", leave
    return None


def times(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that a percentage has the time that its outcome needs, and the one that is printed.

    Only percentages at equal times are pooled together, so a five-year heading over a four-year
    footnote must be kept apart. A note that names the printed time has seen the difference.
    """
    for _, line in every_estimate(sheets):
        row = line.row
        outcome = sheets.protocol.outcomes.get(row.outcome)
        if outcome is None or "time_years" in line.unread:
            continue
        at = ("time_years",)
        if row.time_years is None and outcome.time_years is not None:
            what = (
                f"time_years is empty, but {row.outcome} is pooled at {outcome.time_years:g} years."
            )
            meaning = "Percentages at different times do not estimate the same thing."
            told = at, what, meaning, "Enter the time that the paper states, footnotes included."
            yield problem_of_estimate(sheets, line, "C11", told)
        elif row.time_years is not None and outcome.time_years is None:
            what = f"time_years is {row.time_years:g}, but {row.outcome} has no time."
            meaning = "Only percentages at equal times are pooled together."
            remedy = f"Write time_years = ... under [outcomes.{row.outcome}] in review.toml."
            yield problem_of_estimate(sheets, line, "C11", (at, what, meaning, remedy))
        elif (printed := _other_time(row)) is not None:
            what = f'time_years is {row.time_years:g}, but as_printed is "{row.as_printed}".'
            meaning = f"The paper seems to say {printed} years."
            remedy = (
                f"Look at {row.where or 'the paper'} again. If {row.time_years:g} is right, say in "
                f"note why, and name {printed} there."
            )
            if "." in printed:
                remedy += " A standard error goes into standard_error_percent."
            yield problem_of_estimate(
                sheets, line, "C11", (("time_years", "as_printed"), what, meaning, remedy)
            )


def _other_time(row: EstimateRow) -> str | None:
    """Return a time that as_printed gives and time_years does not, unless note names it."""
    found = _PRINTED_TIME.search(row.as_printed)
    if found is None or row.time_years is None:
        return None
    printed = found[1] or found[2]
    if float(printed) == row.time_years or names(row.note, [printed]):
        return None
    # "30 (6.4)" holds a standard error, "17 (30)" the percentage, "30 (12)" those at risk.
    others = [row.percent, row.low_percent, row.high_percent, row.standard_error_percent]
    others += [row.patients, row.at_risk]
    return None if found[1] and float(printed) in others else printed


def patients_of_estimates(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that a percentage describes no more patients than its group has, nor are at risk."""
    for series, line in every_estimate(sheets):
        row = line.row
        sizes = {group.row.key: group.row.patients for group in series.groups}
        size = sizes.get(row.group)
        if row.patients is not None and size is not None and row.patients > size:
            what = f"patients is {row.patients}, but group {row.group} has {size}."
            meaning = "The percentage describes more patients than the group holds."
            remedy = f"Look at {row.where or 'the paper'} again; the row may be another group's."
            yield problem_of_estimate(sheets, line, "C14", (("patients",), what, meaning, remedy))
        if row.patients is not None and row.at_risk is not None and row.at_risk > row.patients:
            what = f"at_risk is {row.at_risk}, but patients is {row.patients}."
            meaning = "More patients are still observed than there were at the start."
            remedy = f"Look at {row.where or 'the paper'} again: the two may be swapped."
            yield problem_of_estimate(sheets, line, "C14", (("at_risk",), what, meaning, remedy))


def digits_of_estimates(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that the digits of the percentage stand in as_printed."""
    for _, line in every_estimate(sheets):
        row, written = line.row, line.cells["percent"]
        if row.percent is None or row.status == "not_reported" or row.basis != "reported":
            continue
        if "as_printed" in line.unread:
            continue
        look = f"Look at {row.where or 'the paper'} again."
        if not row.as_printed:
            what = "as_printed is empty, but basis is reported."
            meaning = "Nobody can compare the number with the paper."
            remedy = "Copy the cell as the paper prints it."
            yield problem_of_estimate(sheets, line, "C15", (("as_printed",), what, meaning, remedy))
        elif not names(row.as_printed.replace("\u00b7", "."), [written]):
            what = f'percent is {written}, but as_printed is "{row.as_printed}".'
            meaning = "The digits of the percentage do not stand in the printed cell."
            yield problem_of_estimate(
                sheets, line, "C15", (("percent", "as_printed"), what, meaning, look)
            )


def places_of_estimates(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that a percentage says where it stands, in a report that was read."""
    for series, line in every_estimate(sheets):
        for told in misplaced(line.row.where, line.row.source, series):
            yield problem_of_estimate(sheets, line, "C16", told)


def other_readings(sheets: Sheets) -> Iterator[CheckResult]:
    """Record as a difference every percentage of which the sheet holds another reading.

    The other reading has the status ``alternative``: another number, or the same at another time.
    """
    for series, line in every_estimate(sheets):
        row = line.row
        if row.status != "" or row.percent is None:
            continue
        others = [
            other
            for other in series.estimates
            if other.row.status == "alternative"
            and (other.row.group, other.row.outcome, other.row.grade)
            == (row.group, row.outcome, row.grade)
        ]
        for other in others:
            yield Difference(
                address=line.at(),
                check="C07",
                series=series.key,
                outcome=row.outcome,
                what=f"{_value(sheets, row)} differs from {_value(sheets, other.row)}.",
                places=(f"{row.source}: {row.where}", f"{other.row.source}: {other.row.where}"),
            )


def _value(sheets: Sheets, row: EstimateRow) -> str:
    """Return a percentage with what it is about: ``Survival 66.2 % at 5 years``."""
    outcome = sheets.protocol.outcomes.get(row.outcome)
    at = "" if row.time_years is None else f" at {row.time_years:g} years"
    return f"{outcome.short if outcome else row.outcome} {row.percent:g} %{at}"


def notes_of_estimates(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that a percentage not plainly printed says in note how it came about."""
    for _, line in every_estimate(sheets):
        row = line.row
        if row.note or "note" in line.unread:
            continue
        for needed, what, remedy in (
            (row.basis == "derived", "basis is derived", "the arithmetic"),
            (row.status == "alternative", "status is alternative", "both readings"),
        ):
            if needed:
                told = ("note",), f"note is empty, but {what}.", "", f"Write {remedy} in note."
                yield problem_of_estimate(sheets, line, "", told)
                break
