"""Every rule by its identifier, and the one place that runs them all."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.checks import (
    between_rows,
    certainty,
    estimates,
    medians,
    patients,
    percentages,
    single_rows,
    statements,
    units,
    whole_series,
)
from toolkit.checks.finding import Rule
from toolkit.errors import Address, Difference, Problem
from toolkit.sheets.records import Sheets


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One rule: its identifier, a title, and the function whose docstring says it in full.

    A rule without an identifier is about the form of a sheet rather than about numbers.
    """

    id: str
    title: str
    rule: Rule


CHECKS = (
    Check(id="", title="Cells are readable and filled in", rule=single_rows.unreadable_cells),
    Check(id="", title="Numbers not plainly printed are explained", rule=single_rows.notes),
    Check(id="", title="Groups are parts of the first group", rule=whole_series.nesting),
    Check(id="C01", title="Whole numbers, events within total", rule=single_rows.whole_numbers),
    Check(id="C01", title="Comparators give an estimate", rule=whole_series.comparators),
    Check(id="C02", title="Printed percentage fits", rule=percentages.printed_percentage),
    Check(id="C04", title="Parts add up to the whole", rule=between_rows.sums),
    Check(id="C05", title="Graver within milder", rule=between_rows.grades),
    Check(id="C06", title="Part within whole", rule=between_rows.parts_and_wholes),
    Check(id="C07", title="Patient rows recounted", rule=patients.recount),
    Check(id="C08", title="Total constant or explained", rule=between_rows.totals),
    Check(id="C09", title="Words known", rule=single_rows.vocabulary),
    Check(id="C12", title="Grading criteria with version", rule=whole_series.toxicity_criteria),
    Check(id="C13", title="Nothing entered twice", rule=whole_series.double_entries),
    Check(id="C14", title="Total within group", rule=between_rows.group_sizes),
    Check(id="C15", title="Printed digits extracted", rule=percentages.printed_digits),
    Check(id="C16", title="Place in the paper", rule=single_rows.place_in_the_paper),
    Check(id="C01", title="Statements readable", rule=statements.statement_values),
    Check(id="C09", title="Patient rows of a statement known", rule=statements.statement_rows),
    Check(id="C15", title="Printed digits stated", rule=statements.statement_digits),
    Check(id="C16", title="Place of a statement", rule=statements.statement_places),
    Check(id="C21", title="Ranges kept by decision", rule=statements.ranges_decided),
    Check(id="C23", title="Checked by a second person", rule=whole_series.two_people),
    Check(id="C24", title="Grade where there are grades", rule=single_rows.grade_said),
    Check(id="C24", title="Grade of a percentage", rule=estimates.grade_of_estimates),
    Check(id="C25", title="Accrual ends after it begins", rule=whole_series.accrual),
    Check(id="", title="Percentages not plainly printed", rule=estimates.notes_of_estimates),
    Check(id="C01", title="Percentages filled in", rule=estimates.filled_in),
    Check(id="C07", title="Other readings of a percentage", rule=estimates.other_readings),
    Check(id="C11", title="Time of a percentage", rule=estimates.times),
    Check(id="C14", title="Percentage within group", rule=estimates.patients_of_estimates),
    Check(id="C15", title="Printed percentage extracted", rule=estimates.digits_of_estimates),
    Check(id="C16", title="Place of a percentage", rule=estimates.places_of_estimates),
    Check(id="C20", title="Interval around its estimate", rule=estimates.intervals),
    Check(id="C20", title="Level of an interval", rule=units.levels),
    Check(id="C20", title="As fine as the patients allow", rule=units.proportions),
    Check(id="C11", title="Years rather than months", rule=units.months),
    Check(id="C10", title="Medians within their limits", rule=medians.medians),
    Check(id="", title="Certainty rests on its domains", rule=certainty.certainty),
)
"""All rules, in the order of their identifiers."""

_SHEET_ORDER = (
    "series",
    "groups",
    "counts",
    "estimates",
    "medians",
    "patients",
    "appraisal",
    "statements",
    "decisions",
    "reporting",
    "reconciled",
    "proposals",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What the rules found: problems that block, and differences that are shown."""

    problems: tuple[Problem, ...]
    differences: tuple[Difference, ...]


def run(sheets: Sheets) -> Findings:
    """Return everything the rules find in the sheets of a review, in reading order."""
    found = [each for check in CHECKS for each in check.rule(sheets)]
    problems = {each for each in found if isinstance(each, Problem)}
    differences = {each for each in found if isinstance(each, Difference)}
    return Findings(
        problems=in_reading_order([*sheets.problems, *problems]),
        differences=tuple(sorted(differences, key=lambda each: (_place(each.address), each))),
    )


def in_reading_order(problems: list[Problem]) -> tuple[Problem, ...]:
    """Return problems once each, sheets of the review first, then series by series."""
    return tuple(sorted(set(problems), key=lambda each: (_place(each.address), each)))


def _place(address: Address) -> tuple[str, int, str, int]:
    """Return where an address stands in reading order."""
    *folders, name = address.file.split("/")
    sheet = address.sheet or name.removesuffix(".csv")
    order = _SHEET_ORDER.index(sheet) if sheet in _SHEET_ORDER else len(_SHEET_ORDER)
    return ("/".join(folders), order, sheet, address.line)
