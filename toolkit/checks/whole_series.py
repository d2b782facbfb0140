"""Rules about the whole of a series or a review: groups, criteria, double entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from toolkit.checks.finding import CheckResult, names
from toolkit.checks.rounding import fits, parse, share
from toolkit.errors import Problem
from toolkit.review.words import months_of, people
from toolkit.sheets.records import Line, SeriesSheets, Sheets
from toolkit.sheets.schema.series_rows import GroupRow, SheetRow


def nesting(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that the first group holds all patients and every other one is part of it."""
    for series in sheets.series:
        yield from misplaced_groups(series)


def misplaced_groups(series: SeriesSheets) -> Iterator[Problem]:
    """Yield the groups of one series that are not, through their parents, part of the first."""
    parents = {line.row.key: line.row.parent for line in series.groups}
    for place, line in enumerate(series.groups):
        problem = _misplaced(line, place == 0, parents)
        if problem:
            yield problem


def _misplaced(line: Line[GroupRow], first: bool, parents: dict[str, str]) -> Problem | None:
    """Return what is wrong with the parent of a group."""
    row = line.row
    said = f"group {row.key}"
    if "parent" in line.unread or "key" in line.unread:
        return None
    if first and row.parent:
        return Problem(
            address=line.at("parent"),
            context=said,
            what=f"The first group has the parent {row.parent}.",
            meaning="The first group holds all treated patients and is part of no other.",
            remedy="Empty parent, or put the group of all patients first.",
        )
    if not first and not row.parent:
        return Problem(
            address=line.at("parent"),
            context=said,
            what="parent is empty.",
            meaning="Only the first group, which holds all treated patients, has no parent.",
            remedy="Name the group that this one is part of.",
        )
    path, at = [row.key], row.parent
    while at and at not in path:
        path.append(at)
        at = parents.get(at, "")
    if at == row.key:
        return Problem(
            address=line.at("parent"),
            context=said,
            what=f"Its parents lead in a circle: {', '.join([*path, at])}.",
            meaning="A group cannot be part of itself.",
            remedy="Name as parent a group that is larger.",
        )
    return None


def toxicity_criteria(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that a series that counts by grade names the grading criteria and their version.

    Versions grade the same event differently. Where the report does not say, ``not stated``
    records that somebody looked; nothing is asked of a report that was not read.
    """
    for series in sheets.series:
        about = series.about
        if about is None or "toxicity_criteria" in about.unread:
            continue
        if about.row.report_read == "not read" and not about.row.toxicity_criteria:
            continue
        criteria = about.row.toxicity_criteria
        graded = [line for line in series.counts if line.row.grade]
        if not graded:
            continue
        count = f"{len(graded)} row{'s' if len(graded) > 1 else ''} of counts.csv"
        if not criteria:
            what = f"toxicity_criteria is empty, but {count} give a grade."
        elif not any(mark.isdigit() for mark in criteria) and "not stated" not in criteria:
            what = f'toxicity_criteria is "{criteria}", without a version.'
        else:
            continue
        yield Problem(
            address=about.at("toxicity_criteria"),
            check="C12",
            what=what,
            meaning="Versions grade the same event differently, so a grade needs its version.",
            remedy='Write the criteria and version ("CTCAE 5.0"), or "not stated".',
        )


def two_people(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that the sheets of a series were checked by somebody who did not fill them in.

    Further names do no harm: it is enough that one of those who checked did not extract.
    """
    for series in sheets.series:
        about = series.about
        if about is None or {"extracted_by", "checked_by"} & about.unread.keys():
            continue
        extracted = {name.casefold() for name in people(about.row.extracted_by)}
        checked = people(about.row.checked_by)
        if checked and all(name.casefold() in extracted for name in checked):
            yield Problem(
                address=about.at("checked_by"),
                check="C23",
                what=f"checked_by is {about.row.checked_by}, who also extracted the series.",
                meaning="Only a second person finds what the first one misread.",
                remedy="Name who checked the sheets beside extracted_by, or leave checked_by "
                "empty until somebody has.",
            )


_TWICE = {
    "reports": "Other sheets name a report by its key, which must mean one report.",
    "flow": "A box of the flow shows one number.",
    "comparators": "The two could not be told apart.",
    "grade": "An answer has one judgement in each domain.",
    "groups": "Other sheets name a group by its key, which must mean one group.",
    "counts": "The same patients would count twice.",
    "estimates": "The same patients would count twice.",
    "medians": "The same median would be told twice.",
    "patients": "The same patients would count twice.",
    "appraisal": "A series has one judgement on each item.",
    "statements": "The statement would be compared with itself.",
    "decisions": "A cell is kept open, or settled, by one decision.",
    "reporting": "A grade has one rule, or none.",
    "reconciled": "The same difference would be told twice.",
    "proposals": "The same proposal would be accepted twice.",
}
"""What it means that a row stands twice, for each sheet."""


def double_entries(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that no row stands twice in a sheet, and no report is entered as two series.

    Two series with one identifier are accepted where overlap.csv judges the pair.
    """
    named: list[tuple[str, Sequence[Line[SheetRow]]]] = [
        ("reports", sheets.reports),
        ("flow", sheets.flow),
        ("comparators", sheets.comparators),
        ("grade", sheets.grade),
    ]
    for series in sheets.series:
        named += [
            ("groups", series.groups),
            ("counts", series.counts),
            ("estimates", series.estimates),
            ("medians", series.medians),
            ("patients", series.patients),
            ("appraisal", series.appraisal),
            ("statements", series.statements),
            ("decisions", series.decisions),
            ("reporting", series.reporting),
            ("reconciled", series.reconciled),
            ("proposals", series.proposals),
        ]
    named += [("statements", paper.statements) for paper in sheets.papers]
    for name, lines in named:
        yield from _repeated(lines, sheets.schema.kind(name).unique, _TWICE[name])
    yield from _repeated_pairs(sheets)
    yield from _same_report(sheets)
    yield from _same_label(sheets)


def _repeated(
    lines: Sequence[Line[SheetRow]], unique: tuple[str, ...], meaning: str
) -> Iterator[Problem]:
    """Yield rows whose naming columns equal those of an earlier row."""
    seen: dict[tuple[str, ...], int] = {}
    for line in lines:
        if any(column in line.unread for column in unique):
            continue
        key = tuple(line.cells[column] for column in unique)
        if key in seen:
            named = ", ".join(
                f"{column} {text}" for column, text in zip(unique, key, strict=True) if text
            )
            yield Problem(
                address=line.at(),
                check="C13",
                what=f"{named} already stands on line {seen[key]}.",
                meaning=meaning,
                remedy="Keep one of the two rows"
                + (f", or let them differ in one of {', '.join(unique)}." if unique[1:] else "."),
            )
        else:
            seen[key] = line.at().line


def _repeated_pairs(sheets: Sheets) -> Iterator[Problem]:
    """Yield overlap judgements that repeat a pair, or name one series twice."""
    seen: dict[frozenset[str], int] = {}
    for line in sheets.overlap:
        pair = frozenset({line.row.first, line.row.second})
        if len(pair) == 1:
            what, remedy = f"{line.row.first} is paired with itself.", "Name two series."
        elif pair in seen:
            what = f"The pair already stands on line {seen[pair]}."
            remedy = "Keep one of the two judgements."
        else:
            seen[pair] = line.at().line
            continue
        yield Problem(address=line.at(), check="C13", what=what, remedy=remedy)


def _same_report(sheets: Sheets) -> Iterator[Problem]:
    """Yield series whose report is already another series of the review."""
    judged = {frozenset({line.row.first, line.row.second}) for line in sheets.overlap}
    seen: dict[str, SeriesSheets] = {}
    for series in sheets.series:
        doi = series.about.row.doi.lower() if series.about else ""
        if not doi or series.about is None:
            continue
        first = seen.setdefault(doi, series)
        if first is not series and frozenset({first.key, series.key}) not in judged:
            yield Problem(
                address=series.about.at("doi"),
                check="C13",
                what=f"doi {doi} is also that of series {first.key}.",
                meaning="One report is entered as two series, so its patients may count twice.",
                remedy="Mend the doi, join the two, or judge the pair in overlap.csv.",
            )


def _same_label(sheets: Sheets) -> Iterator[Problem]:
    """Yield series whose label is already that of another series of the review."""
    seen: dict[str, str] = {}
    for series in sheets.series:
        about = series.about
        label = " ".join(about.row.label.split()) if about else ""
        if about is None or not label:
            continue
        first = seen.setdefault(label.casefold(), series.key)
        if first != series.key:
            yield Problem(
                address=about.at("label"),
                check="C13",
                what=f"label {label} is also that of series {first}.",
                meaning="Figures and tables name a series by its label alone.",
                remedy='Let the labels differ, such as "Smith 2020a" and "Smith 2020b", or by '
                "the centre.",
            )


def accrual(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that the treatment of patients ends after it begins.

    Years that run backwards would be of no use to find which series may share patients.
    """
    for series in sheets.series:
        about = series.about
        if about is None or "accrual" in about.unread:
            continue
        span = months_of(about.row.accrual)
        if span is not None and span[0] > span[1]:
            yield Problem(
                address=about.at("accrual"),
                check="C25",
                what=f'accrual is "{about.row.accrual}", which ends before it begins.',
                meaning="Years that meet tell which series may share patients.",
                remedy='Write the first and the last month or year: "2017-01 to 2023-12".',
            )


def comparators(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that a comparator gives one estimate, between its limits where it has any.

    A percentage that is not events/total is accepted where the note names it.
    """
    for line in sheets.comparators:
        row = line.row
        low = 0.0 if row.low_percent is None else row.low_percent
        high = 100.0 if row.high_percent is None else row.high_percent
        what = ""
        if row.percent is None and (row.events is None or row.total is None):
            what = "Neither percent nor events and total are filled in."
        elif row.events is not None and row.total is not None and row.events > row.total:
            what = f"events is {row.events} but total is {row.total}."
        elif row.percent is not None and not low <= row.percent <= high:
            what = f"percent is {row.percent:g}, outside its own limits."
        elif row.percent is not None and row.events is not None and row.total is not None:
            printed = parse(line.cells["percent"])
            if not fits(row.events, row.total, printed) and not names(row.note, [str(printed)]):
                shown = share(row.events, row.total)
                what = f"percent is {printed}, but {row.events} of {row.total} is {shown}."
        if what and not line.unread:
            yield Problem(
                address=line.at(),
                check="C01",
                context=row.label,
                what=what,
                remedy=f"Look at {row.where} again.",
            )
