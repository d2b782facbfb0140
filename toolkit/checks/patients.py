"""Patient rows recounted: who belongs to a group, who had an outcome, and what the counts say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from toolkit.checks.finding import (
    ACKNOWLEDGE,
    CheckResult,
    Contradiction,
    about,
    contradiction,
    names,
    possible,
)
from toolkit.checks.whole_series import misplaced_groups
from toolkit.errors import Difference, Problem
from toolkit.sheets.protocol.protocol import Protocol
from toolkit.sheets.records import Line, SeriesSheets, Sheets
from toolkit.sheets.schema.series_rows import CountRow, GroupRow, PatientRow
from toolkit.sheets.to_review import inherited_facets

NOT_ASSESSED = "not_assessed"
"""Response of a patient who was treated and whose response nobody looked for."""

Members = tuple[Line[PatientRow], ...]


def recount(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that counting the patient rows again gives the counts and the sizes of groups.

    A group's members follow from the facets in which it differs from its parent; a group whose own
    word no patient carries is the union of the groups below it. What patient rows cannot decide
    (a facet they do not record, a window of its own, adverse events) is not compared. A row with
    basis ``counted`` must be found again exactly; any other contradiction follows the pattern of
    `toolkit.checks.finding`.
    """
    for series in sheets.series:
        if not series.groups or any(misplaced_groups(series)):
            continue
        if any(line.unread for line in (*series.groups, *series.patients)):
            continue
        table = _PatientTable(sheets, series)
        for group in series.groups:
            yield from _group_size(series, group, table.members(group.row.key))
        for count in series.counts:
            if not count.row.status and possible(count.row) and not count.unread:
                yield from _recounted(sheets, series, count, table.count(count.row))


@dataclass(frozen=True, slots=True)
class _Recount:
    """What the patient rows say of one cell; None where they cannot decide it."""

    events: int
    total: int | None


class _PatientTable:
    """The patient rows of one series, group by group."""

    def __init__(self, sheets: Sheets, series: SeriesSheets) -> None:
        self.protocol: Protocol = sheets.protocol
        self.patients: Members = series.patients
        self.columns = series.patient_columns
        self.parents = {line.row.key: line.row.parent for line in series.groups}
        self.facets = [key for key in sheets.protocol.facets if key in series.patient_columns]
        self.words = inherited_facets(series.groups, tuple(sheets.protocol.facets))
        self.known: dict[str, Members | None] = {}
        self.responses = {line.row.response for line in series.patients} - {""}

    def members(self, key: str) -> Members | None:
        """Return the patients of a group, or None where the rows do not decide it."""
        if key not in self.known:
            self.known[key] = None  # a circle of parents ends here
            self.known[key] = self._union(key) if self._nobody_carries(key) else self._found(key)
        return self.known[key]

    def _own_words(self, key: str) -> dict[str, str]:
        """Return the facets in which a group differs from its parent."""
        around = self.words.get(self.parents[key], {})
        return {facet: word for facet, word in self.words[key].items() if word != around.get(facet)}

    def _nobody_carries(self, key: str) -> bool:
        """Return whether a group's own word in some facet is on no patient row."""
        return bool(self.parents.get(key)) and any(
            facet in self.facets and all(line.cells[facet] != word for line in self.patients)
            for facet, word in self._own_words(key).items()
        )

    def _union(self, key: str) -> Members | None:
        """Return the patients of all groups directly below one."""
        parts = [self.members(below) for below, parent in self.parents.items() if parent == key]
        inside: set[str] = set()
        for part in parts:
            if part is None:
                return None
            inside.update(line.row.patient for line in part)
        return tuple(line for line in self.patients if line.row.patient in inside) or None

    def _found(self, key: str) -> Members | None:
        """Return the patients around a group who carry its own words."""
        if key not in self.parents:
            return None
        around = self.parents[key]
        if not around:
            return self.patients or None
        own = self._own_words(key)
        while self._nobody_carries(around):
            around = self.parents[around]
        candidates = self.members(around)
        if not own or candidates is None or any(facet not in self.facets for facet in own):
            return None
        if any(not line.cells[facet] for line in candidates for facet in own):
            return None
        return tuple(
            line for line in candidates if all(line.cells[name] == own[name] for name in own)
        )

    def count(self, row: CountRow) -> _Recount | None:
        """Return what the patient rows say of a row of counts."""
        members = self.members(row.group) if row.group else None
        outcome = self.protocol.outcomes.get(row.outcome)
        if members is None or outcome is None or row.grade:
            return None
        if row.window and row.basis != "counted":
            return None
        if any(column not in self.columns for column in outcome.patient_condition):
            return None
        within = self._responses_within(row.outcome)
        if within is None or any(not line.row.response for line in members):
            return None
        having = [line for line in members if line.row.response in within]
        events = [
            line
            for line in having
            if all(line.cells[name] == word for name, word in outcome.patient_condition.items())
        ]
        totals = {
            "all_treated": len(members),
            "subgroup": len(members),
            "response_evaluable": sum(line.row.response != NOT_ASSESSED for line in members),
            "responders": len(having),
        }
        return _Recount(len(events), totals.get(row.denominator))

    def _responses_within(self, outcome: str) -> set[str] | None:
        """Return the responses that are part of an outcome; None where that is not decided."""
        parts = self.protocol.elementary(outcome)
        within = set()
        for response in self.responses:
            elementary = self.protocol.elementary(response)
            if elementary <= parts:
                within.add(response)
            elif elementary & parts:
                return None
        return within or None


def _group_size(
    series: SeriesSheets, group: Line[GroupRow], members: Sequence[Line[PatientRow]] | None
) -> Iterator[CheckResult]:
    """Yield a group that the patient rows make larger or smaller."""
    size = group.row.patients
    if members is None or size is None or len(members) == size:
        return
    found = len(members)
    if names(group.row.note, (str(size), str(found))):
        yield Difference(
            address=group.at(),
            check="C07",
            series=series.key,
            what=f"Group {group.row.key} has {size} patients, which differs from the {found} "
            "patient rows that belong to it.",
            places=(group.row.where, members[0].row.where) if members else (group.row.where,),
        )
        return
    yield Problem(
        address=group.at("patients"),
        check="C07",
        context=f"group {group.row.key}",
        what=f"patients is {size}, but {found} rows of patients.csv belong to the group.",
        meaning="Either the group or a patient row is wrong.",
        remedy=f"Look at {group.row.where} and at the patient table again. {ACKNOWLEDGE}",
    )


def _recounted(
    sheets: Sheets, series: SeriesSheets, line: Line[CountRow], found: _Recount | None
) -> Iterator[CheckResult]:
    """Yield what a row of counts says otherwise than the patient rows."""
    row = line.row
    counted = row.basis == "counted"
    if found is None:
        if counted:
            yield Problem(
                address=line.at("basis"),
                check="C07",
                context=about(sheets, row),
                what="basis is counted, but patients.csv cannot tell this count.",
                meaning="The patients of the group, or the outcome, are not recorded there.",
                remedy="Say under basis where the number comes from.",
            )
        return
    for column, given, recounted in (
        ("events", row.events, found.events),
        ("total", row.total, found.total),
    ):
        if given is None or recounted is None:
            continue
        low, high = (given.low, given.high) if isinstance(given, tuple) else (given, given)
        if low <= recounted <= high:
            continue
        what = f"{column} is {given}, but the patient rows give {recounted}."
        if counted:
            yield Problem(
                address=line.at(column),
                check="C07",
                context=about(sheets, row),
                what=what,
                meaning="A number with basis counted is the one that the patient rows give.",
                remedy=f"Enter {recounted}, or mend the patient rows.",
            )
        else:
            yield contradiction(
                "C07",
                sheets,
                series,
                [line],
                Contradiction(
                    what=what,
                    meaning="The paper's patient table and this number differ, or one of them "
                    "was typed wrongly.",
                    look=f"Look at {row.where} and at the patient table again.",
                    neutral=f"{column} {given} differs from the {recounted} of the patient rows.",
                    numbers=(str(recounted),),
                    columns=(column,),
                ),
            )
