"""Rules about single rows: what a cell may hold, and how its cells fit together."""

from __future__ import annotations

import re
from collections.abc import Iterator

from toolkit.checks.finding import CheckResult, Mistake, about, listed
from toolkit.checks.rounding import Printed, parse, rounding_to
from toolkit.errors import Problem
from toolkit.sheets.records import Line, SeriesSheets, Sheets
from toolkit.sheets.schema.cells import Span, Trouble
from toolkit.sheets.schema.series_rows import CountRow, EstimateRow, GroupRow, PatientRow, SheetRow

_OF_RULES_OF_THEIR_OWN = {"C01", "C09", "C16"}


def every_line(sheets: Sheets) -> Iterator[Line[SheetRow]]:
    """Yield every row of every sheet."""
    for shared in (sheets.reports, sheets.flow, sheets.overlap, sheets.comparators, sheets.grade):
        yield from shared
    for series in sheets.series:
        if series.about is not None:
            yield series.about
        yield from (*series.groups, *series.counts, *series.estimates, *series.medians)
        yield from (*series.patients, *series.appraisal)
        yield from series.statements
        yield from (*series.decisions, *series.reporting, *series.reconciled, *series.proposals)
    for paper in sheets.papers:
        yield from paper.statements


def context(sheets: Sheets, row: SheetRow) -> str:
    """Return what a row is about, in the reader's words."""
    if isinstance(row, CountRow):
        return about(sheets, row)
    if isinstance(row, PatientRow):
        return f"patient {row.patient}" if row.patient else ""
    if isinstance(row, GroupRow):
        return f"group {row.key}" if row.key else ""
    return ""


def _problem(sheets: Sheets, line: Line[SheetRow], column: str, trouble: Trouble) -> Problem:
    """Return the trouble of one cell as a problem at its address."""
    return Problem(
        address=line.at(column),
        check=trouble.check,
        context=context(sheets, line.row),
        what=trouble.what,
        meaning=trouble.meaning,
        remedy=trouble.remedy,
    )


def unreadable_cells(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that every cell holds what its column is for; a required one is filled in."""
    for line in every_line(sheets):
        for column, trouble in line.unread.items():
            if trouble.check not in _OF_RULES_OF_THEIR_OWN:
                yield _problem(sheets, line, column, trouble)


def whole_numbers(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that events and totals are whole numbers, 0 <= events <= total, total >= 1.

    A percentage or a fraction typed as a count is answered with the arithmetic: which whole
    numbers of the total round to it.
    """
    for line in every_line(sheets):
        for column, trouble in line.unread.items():
            if trouble.check == "C01":
                yield _problem(sheets, line, column, _with_arithmetic(line, column, trouble))
    for series in sheets.series:
        for count in series.counts:
            yield from _impossible(sheets, count)


def _impossible(sheets: Sheets, line: Line[CountRow]) -> Iterator[Problem]:
    """Yield what is wrong between the events and the total of one row."""
    row = line.row
    said = about(sheets, row)
    if "status" in line.unread:
        return
    if row.status == "not_reported":
        for column in ("events", "total"):
            if line.cells[column] and column not in line.unread:
                yield Problem(
                    address=line.at(column),
                    check="C01",
                    context=said,
                    what=f"{column} is {line.cells[column]}, but status is not_reported.",
                    meaning="A number that the paper does not give cannot stand here.",
                    remedy=f"Empty {column}, or empty status if the paper gives the number.",
                )
        return
    for column, meaning, remedy in (
        (
            "events",
            "Not mentioned is not zero.",
            "Enter the number, or set status to not_reported.",
        ),
        (
            "total",
            "Events are a proportion only of a known number of patients.",
            "Enter how many patients were observed for the outcome; if the paper does not say, "
            "empty events too and set status to not_reported.",
        ),
    ):
        if not line.cells[column]:
            yield Problem(
                address=line.at(column),
                check="C01",
                context=said,
                what=f"{column} is empty.",
                meaning=meaning,
                remedy=remedy,
            )
    if row.events is not None and row.total is not None and row.events.high > row.total:
        yield Problem(
            address=line.at("events", "total"),
            check="C01",
            context=said,
            what=f"events is {row.events} but total is {row.total}.",
            meaning="More patients had the event than were observed for it.",
            remedy=f"Look at {row.where or 'the paper'} again: the two may be swapped, "
            f"or {row.events.high} may be a percentage.",
        )


def grade_said(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that a count says a grade where its outcome has grades, and none where it has none.

    An answer takes the rows of one grade, so a row of another is in no answer. A row with status
    not_reported may leave the grade open, for it holds no number.
    """
    for series in sheets.series:
        for count in series.counts:
            told = trouble_of_grade(sheets, count)
            if told is not None:
                yield _problem(sheets, count, "grade", told)


def trouble_of_grade(sheets: Sheets, line: Line[CountRow] | Line[EstimateRow]) -> Trouble | None:
    """Return what is wrong between the grade of a row and its outcome."""
    row = line.row
    outcome = sheets.protocol.outcomes.get(row.outcome)
    if outcome is None or {"grade", "status"} & line.unread.keys():
        return None
    if outcome.grade and not row.grade and row.status != "not_reported":
        return Trouble(
            f"grade is empty, but {row.outcome} is counted by grade.",
            f"Answers take the rows of grade {outcome.grade}; a row without a grade is in none.",
            'Write the grade that the paper gives, or "any" if it gives none.',
            "C24",
        )
    if row.grade and not outcome.grade:
        return Trouble(
            f"grade is {row.grade}, but {row.outcome} has no grades in review.toml.",
            "Answers take its rows without a grade; a row with one is in none.",
            "Empty grade; if the paper counts one grade alone, the outcome needs a grade in "
            f'review.toml first: write grade = "{row.grade}" under [outcomes.{row.outcome}].',
            "C24",
        )
    return None


def _with_arithmetic(line: Line[SheetRow], column: str, trouble: Trouble) -> Trouble:
    """Add which whole numbers round to a percentage that was typed as a count."""
    row = line.row
    meant = _meant_percentage(line.cells[column])
    if column != "events" or not isinstance(row, CountRow) or row.total is None or meant is None:
        return trouble
    total, given = row.total, line.cells[column]
    fitting = rounding_to(meant, total)
    if not fitting:
        return Trouble(
            trouble.what,
            f"{given} of {total}: no whole number of patients rounds to {meant} %.",
            trouble.remedy,
            "C01",
        )
    single = len(fitting) == 1
    found = f"only {fitting[0]} rounds to" if single else f"{listed(fitting)} round to"
    return Trouble(
        trouble.what,
        f"{given} of {total}: {found} {meant} %.",
        f"If the paper prints {meant} %, enter {Span(fitting[0], fitting[-1])}, set basis to "
        f'derived and write "{meant} % of {total}: {found} it" in note.',
        "C01",
    )


def _meant_percentage(text: str) -> Printed | None:
    """Return the percentage that a fraction or a percentage typed as a count stands for."""
    found = re.fullmatch(r"([0-9]{1,9})(?:[.,]([0-9]{1,9}))? ?(%?)", text.strip())
    if found is None or not (found[3] or (found[2] or "").strip("0")):
        return None
    if int(found[1]) == 0 and not found[3]:
        decimals = found[2].ljust(2, "0")
        return parse(f"{int(decimals[:2])}.{decimals[2:]}".rstrip("."))
    meant = parse(f"{found[1]}.{found[2]}" if found[2] else found[1])
    return meant if meant.digits <= 100 * 10**meant.decimals else None


def vocabulary(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that every word is in its vocabulary; an unknown one is answered with the nearest."""
    for line in every_line(sheets):
        for column, trouble in line.unread.items():
            if trouble.check == "C09":
                yield _problem(sheets, line, column, trouble)


_VAGUE = re.compile(
    r"(?:the )?(?:text|paper|article|report|results?|discussion|introduction|methods?|supplement"
    r"|(?:p|pp|page|pages)\.? ?[0-9]+(?:[-\u2013][0-9]+)?"
    r"|(?:supplementary )?(?:table|figure|fig\.?) ?[sS]?[0-9]*[a-zA-Z]?)",
    re.IGNORECASE,
)


def too_wide(where: str) -> bool:
    """Return whether a place is a whole table, page or section rather than a spot in it."""
    return all(_VAGUE.fullmatch(part.strip()) for part in re.split("[,;]", where))


def misplaced(where: str, source: str, series: SeriesSheets) -> Iterator[Mistake]:
    """Yield what is wrong with the place of one printed number, and with the report it is from."""
    if where and too_wide(where):
        what = f'where is "{where}".'
        meaning = "That is too wide a place to find one number again."
        yield ("where",), what, meaning, "Add the row and column, or the section and paragraph."
    unread = series.about is not None and series.about.row.report_read == "not read"
    if unread and source == "primary":
        what = "source is primary, but series.csv says that the own report is not read."
        meaning = "A number is first-hand only if it was read in the series' own report."
        remedy = "Name the report that quotes it, or mend report_read in series.csv."
        yield ("source",), what, meaning, remedy


def place_in_the_paper(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that every number says where it stands, so that somebody else can find it.

    A whole table, page or section is too wide a place for one number: the row and column, or the
    paragraph, must be named. The abstract is short enough to be a place.
    """
    for line in every_line(sheets):
        for column, trouble in line.unread.items():
            if trouble.check == "C16":
                yield _problem(sheets, line, column, trouble)
    for series in sheets.series:
        for count in series.counts:
            where = count.row.where
            if where and too_wide(where):
                yield Problem(
                    address=count.at("where"),
                    check="C16",
                    context=about(sheets, count.row),
                    what=f'where is "{where}".',
                    meaning="That is too wide a place to find one number again.",
                    remedy='Add the row and column ("Table 4, row Anemia, column Any grade") or '
                    'the section and paragraph ("Results, Overall response").',
                )
    yield from _sources(sheets)


def _sources(sheets: Sheets) -> Iterator[Problem]:
    """Yield counts said to be read first-hand in a report that was not read."""
    for series in sheets.series:
        about_series = series.about
        if about_series is None or about_series.row.report_read != "not read":
            continue
        for count in series.counts:
            if count.row.source == "primary":
                yield Problem(
                    address=count.at("source"),
                    check="C16",
                    context=about(sheets, count.row),
                    what="source is primary, but series.csv says that the own report is not read.",
                    meaning="A number is first-hand only if it was read in the series' own report.",
                    remedy="Name the report that quotes it, or mend report_read in series.csv.",
                )


def notes(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that a number not plainly printed says in note how it came about.

    Ranges, derived numbers, alternatives and numbers known only to lie below a threshold need
    a note.
    """
    for series in sheets.series:
        for count in series.counts:
            row = count.row
            if row.note or "note" in count.unread:
                continue
            undecided = row.events is not None and row.events.low != row.events.high
            for needed, what, remedy in (
                (row.basis == "derived", "basis is derived", "the arithmetic"),
                (row.status == "alternative", "status is alternative", "both readings"),
                (row.status == "below_threshold", "status is below_threshold", "the threshold"),
                (undecided, f"events is {row.events}", "why the paper leaves it undecided"),
            ):
                if needed:
                    yield Problem(
                        address=count.at("note"),
                        context=about(sheets, row),
                        what=f"note is empty, but {what}.",
                        remedy=f"Write {remedy} in note.",
                    )
                    break
