"""Rules between rows of one series: grades, parts and wholes, totals, sizes of groups."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from itertools import permutations

from toolkit.checks.finding import (
    ACKNOWLEDGE,
    CheckResult,
    Contradiction,
    about,
    contradiction,
    names,
    possible,
)
from toolkit.errors import Difference, Problem
from toolkit.review.words import GRADES
from toolkit.sheets.protocol.order import outcome_order
from toolkit.sheets.records import Line, SeriesSheets, Sheets
from toolkit.sheets.schema.series_rows import CountRow, GroupRow

MILDER = {"4": ("ge3", "any"), "5": ("ge3", "any"), "ge3": ("any",)}
"""Grades that include a grade; grade 4 does not include grade 5, for papers give them apart."""


def grades(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that patients with a grave event are among those with an event of lower grade.

    Grades 4 and 5 lie within grade 3 or worse, and that within any grade. Rows are compared
    where the graver one is not observed in more patients than the milder one.
    """
    for series in sheets.series:
        for graver, milder in _pairs(series, _cell):
            if (
                milder.row.grade in MILDER.get(graver.row.grade, ())
                and _total(graver) <= _total(milder)
                and _low(graver) > _high(milder)
            ):
                yield _too_many(sheets, series, "C05", graver, milder, "grade")


def parts_and_wholes(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that a part of an outcome has at most as many events among the same patients.

    Which outcome is part of which follows from the components in review.toml: CR is part of
    CR + CRi, and that of the overall response; a further condition on patients narrows it. What
    [contains] and [same_as] declare counts as well.
    """
    order = outcome_order(sheets.protocol)

    @cache
    def within(part: str, whole: str) -> bool:
        declared = order.taken_as(whole) in order.around(order.taken_as(part))
        return declared or sheets.protocol.implies(part, whole)

    for series in sheets.series:
        for part, whole in _pairs(series, _among):
            if (
                part.row.outcome != whole.row.outcome
                and _low(part) > _high(whole)
                and within(part.row.outcome, whole.row.outcome)
            ):
                yield _too_many(sheets, series, "C06", part, whole, "outcome")


def sums(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that the parts of an outcome add up to it where all are counted in the same patients.

    Parts exclude each other (a patient has one best response), so their events add up. A part
    that is larger than the whole is reported by the rule of parts and wholes alone.
    """
    for series in sheets.series:
        rows = {
            (line.row.outcome, *_among(line.row)): line
            for line in series.counts
            if line.row.status == "" and _comparable(line)
        }
        for (outcome, *among), whole in rows.items():
            definition = sheets.protocol.outcomes[str(outcome)]
            parts = [rows.get((part, *among)) for part in definition.components]
            found = [part for part in parts if part is not None]
            if not found or len(found) < len(parts) or definition.patient_condition:
                continue
            if max(map(_low, found)) > _high(whole):
                continue
            least, most = sum(map(_low, found)), sum(map(_high, found))
            if most < _low(whole) or least > _high(whole):
                yield _other_sum(sheets, series, whole, found)


def _other_sum(
    sheets: Sheets, series: SeriesSheets, whole: Line[CountRow], parts: list[Line[CountRow]]
) -> CheckResult:
    """Return what is said of a whole that is not the sum of its parts."""
    row = whole.row
    events = [str(part.row.events) for part in parts]
    terms = " + ".join(f"{_name(sheets, part, 'outcome')} {part.row.events}" for part in parts)
    places = dict.fromkeys((row.where, *(part.row.where for part in parts)))
    return contradiction(
        "C04",
        sheets,
        series,
        [whole, *parts],
        Contradiction(
            what=f"events is {row.events}, but its parts are {terms}.",
            meaning="Among the same patients the parts add up to the whole.",
            look=f"Look at {' and at '.join(places)} again.",
            neutral=f"{_name(sheets, whole, 'outcome')} {row.events}/{row.total} differs from the "
            f"sum of its parts, {terms}.",
            numbers=(str(row.events), *events),
        ),
    )


def _comparable(line: Line[CountRow]) -> bool:
    """Return whether a row can be set against others: words known, numbers possible."""
    row = line.row
    known = bool(row.outcome and row.group) and "grade" not in line.unread
    return known and possible(row) and row.status in {"", "below_threshold"}


def _pairs(
    series: SeriesSheets, shared: Callable[[CountRow], tuple[object, ...]]
) -> Iterator[tuple[Line[CountRow], Line[CountRow]]]:
    """Yield every ordered pair of comparable rows that have something in common."""
    alike: defaultdict[tuple[object, ...], list[Line[CountRow]]] = defaultdict(list)
    for line in series.counts:
        if _comparable(line):
            alike[shared(line.row)].append(line)
    for lines in alike.values():
        yield from permutations(lines, 2)


def _cell(row: CountRow) -> tuple[str, ...]:
    """Return what rows that differ in grade alone share."""
    return row.group, row.outcome, row.window


def _among(row: CountRow) -> tuple[object, ...]:
    """Return what rows about the same patients share."""
    return row.group, row.grade, row.window, row.denominator, row.total


def _low(line: Line[CountRow]) -> int:
    """Return the least admissible number of events."""
    return line.row.events.low if line.row.events else 0


def _high(line: Line[CountRow]) -> int:
    """Return the greatest admissible number of events."""
    return line.row.events.high if line.row.events else 0


def _total(line: Line[CountRow]) -> int:
    """Return the total of a row."""
    return line.row.total or 0


def _name(sheets: Sheets, line: Line[CountRow], by: str) -> str:
    """Return the words in which two rows differ."""
    row = line.row
    return GRADES[row.grade] if by == "grade" else sheets.protocol.outcomes[row.outcome].short


def _too_many(
    sheets: Sheets,
    series: SeriesSheets,
    check: str,
    narrow: Line[CountRow],
    wide: Line[CountRow],
    by: str,
) -> CheckResult:
    """Return what is said when the narrower row has more events than the wider one."""
    first, second = _name(sheets, narrow, by), _name(sheets, wide, by)
    one, other = narrow.row, wide.row
    line = wide.at().line
    return contradiction(
        check,
        sheets,
        series,
        [narrow, wide],
        Contradiction(
            what=f"{first} has {one.events} events, but {second} (line {line}) has {other.events}.",
            meaning=f"Every patient counted under {first} also counts under {second}.",
            look=f"Look at {' and at '.join(dict.fromkeys((one.where, other.where)))} again.",
            neutral=f"{first} {one.events}/{one.total} differs from {second} "
            f"{other.events}/{other.total}, which should include it.",
            numbers=(str(one.events), str(other.events)),
        ),
    )


def totals(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that the total of a group is the same in all rows that count the same patients.

    Another denominator, or a note, explains another total. Patients evaluable for adverse events,
    and responders, may differ from event to event and are compared within one event alone.
    """
    for series in sheets.series:
        sizes = {line.row.key: line.row.patients for line in series.groups}
        families: dict[tuple[str, ...], list[Line[CountRow]]] = defaultdict(list)
        for line in series.counts:
            row = line.row
            if row.status == "" and possible(row) and row.group and row.denominator:
                event = row.outcome if row.denominator in {"ae_evaluable", "responders"} else ""
                families[row.group, row.denominator, row.window, event].append(line)
        for (group, denominator, *_), lines in families.items():
            size = sizes.get(group)
            whole = denominator in {"all_treated", "subgroup"} and size is not None
            usual = size if whole else Counter(map(_total, lines)).most_common(1)[0][0]
            for line in lines:
                beyond = size is not None and _total(line) > size
                if _total(line) != usual and not beyond and not line.row.note:
                    against = (
                        f"group {group} has {size} patients and denominator is {denominator}"
                        if whole
                        else f"{usual} in other rows of group {group} with this denominator"
                    )
                    yield Problem(
                        address=line.at("total"),
                        check="C08",
                        context=about(sheets, line.row),
                        what=f"total is {line.row.total}, but {against}.",
                        meaning="Rows that count the same patients have the same total.",
                        remedy="Choose the denominator that fits, or say in note who is missing.",
                    )


def group_sizes(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that no total exceeds the patients of its group, and no group its parent."""
    for series in sheets.series:
        groups = {line.row.key: line for line in series.groups}
        for line in series.groups:
            parent = groups.get(line.row.parent) if line.row.parent else None
            size, around = line.row.patients, parent.row.patients if parent else None
            if size is not None and around is not None and size > around:
                yield _larger_group(series, line, size, around)
        for count in series.counts:
            row = count.row
            group = groups.get(row.group)
            size = group.row.patients if group else None
            if row.total is not None and size is not None and row.total > size:
                yield contradiction(
                    "C14",
                    sheets,
                    series,
                    [count],
                    Contradiction(
                        what=f"total is {row.total}, but group {row.group} has {size} patients.",
                        meaning="More patients were observed than the group holds.",
                        look=f"Look at {row.where} again; the row may belong to another group.",
                        neutral=f"A total of {row.total} differs from the {size} patients of group "
                        f"{row.group}.",
                        numbers=(str(row.total), str(size)),
                        columns=("total",),
                    ),
                )


def _larger_group(
    series: SeriesSheets, line: Line[GroupRow], size: int, around: int
) -> CheckResult:
    """Return what is said of a group that is larger than the one it is part of."""
    row = line.row
    if names(row.note, (str(size), str(around))):
        return Difference(
            address=line.at(),
            check="C14",
            series=series.key,
            what=f"Group {row.key} has {size} patients, which differs from the {around} of group "
            f"{row.parent} that should include them.",
            places=(row.where,),
        )
    return Problem(
        address=line.at("patients"),
        check="C14",
        context=f"group {row.key}",
        what=f"patients is {size}, but its parent {row.parent} has {around}.",
        meaning="A part cannot be larger than the whole.",
        remedy=f"Look at {row.where} again. {ACKNOWLEDGE}",
    )
