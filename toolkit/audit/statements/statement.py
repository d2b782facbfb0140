"""One value that a paper states at one place, whichever sheet it was entered in.

Rows of statements.csv, counts as printed, sizes of groups and recounted patient rows all become
statements, so that one set of comparisons serves them all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from toolkit.checks.printed import printed_numbers, printed_percentages
from toolkit.checks.rounding import Printed, parse
from toolkit.errors import Address
from toolkit.review.words import GRADES
from toolkit.sheets.records import Line, PaperSheets, SeriesSheets
from toolkit.sheets.schema.series_rows import CountRow, GroupRow
from toolkit.sheets.schema.statement_rows import StatementRow

PATIENTS = "patients"
"""Quantity of the sizes of groups."""

_INTERVAL = re.compile(
    r"[0-9]+(?:\.[0-9]+)? ?% ?(?:CI|CrI|confidence|credible)[^)\];]*", re.IGNORECASE
)
_LEVEL = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?% ?(?:CI|CrI|confidence|credible)", re.IGNORECASE)
_USUAL_LEVEL = 0.95
_IN_PERCENT = {"count", "percentage", "estimate"}
"""Kinds that have one unit, whether the sheet writes it or not."""

Labels = Mapping[str, str]
"""Names of quantities in words, where they are outcomes of a review."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One value at one place.

    Attributes
    ----------
    paper : str
        Key of the paper that prints it.
    study, of, quantity, grade, at : str
        What it is about; the study is the paper's own key where it quotes none, and `of` is empty
        for all its patients.
    label : str
        Name of the quantity in words.
    numbers : tuple of Printed
        The number, or both ends of a range; empty for a word and where none is available.
    percentages : tuple of Printed
        Percentages printed with a count.
    events : range
        Whole numbers that a count may be; one of them, unless the sheet keeps it open.
    sheet : str
        Where it was entered: statements, counts, groups, or patients for a recount.
    population : str
        Denominator of a row of counts, which keeps totals of several kinds apart.
    alternative : bool
        Whether the sheet records it as another reading of a contradicted cell.
    """

    paper: str
    study: str
    of: str
    quantity: str
    label: str
    grade: str = ""
    at: str = ""
    part_of: str = ""
    kind: str
    numbers: tuple[Printed, ...] = ()
    word: str = ""
    unit: str = ""
    events: range = range(0)
    total: int | None = None
    percentages: tuple[Printed, ...] = ()
    rows: str = ""
    as_printed: str
    where: str
    note: str = ""
    address: Address
    sheet: str = "statements"
    population: str = ""
    alternative: bool = False

    @property
    def subject(self) -> tuple[str, str, str, str, str]:
        """What statements of the same thing share."""
        return self.study, self.of, self.quantity, self.grade, self.at

    @property
    def place(self) -> str:
        """The table or section, which stands before the first comma of `where`."""
        return re.split("[,;]", self.where)[0].strip()

    @property
    def level(self) -> float:
        """Coverage of an interval: 0.95 unless the printed cell says otherwise."""
        found = _LEVEL.search(self.as_printed)
        return float(found[1]) / 100 if found else _USUAL_LEVEL

    @property
    def words(self) -> str:
        """The value in words."""
        if self.kind == "not_available":
            return "not available"
        if self.kind == "word":
            return in_words(self.word)
        if self.kind == "count":
            number = " to ".join(dict.fromkeys((str(self.events[0]), str(self.events[-1]))))
            return f"{number}/{self.total}" if self.total else number
        unit = "%" if self.kind in {"percentage", "estimate"} else f" {self.unit}".rstrip()
        return " to ".join(map(str, self.numbers)) + unit

    @property
    def about(self) -> str:
        """What it is about, in words."""
        plain = [self.label, in_words(self.of), GRADES.get(self.grade, self.grade), self.at]
        said = ", ".join(part for part in plain if part)
        return f"{self.study}: {said}" if self.study != self.paper else said


def in_words(key: str) -> str:
    """Return a key as words."""
    return key.replace("_", " ").replace("-", " ")


def time_in_words(text: str) -> str:
    """Return a time as it is compared: in years where it is one of months or years.

    Examples
    --------
    >>> time_in_words("5-year"), time_in_words("24 months"), time_in_words("day 100")
    ('5 years', '2 years', 'day 100')
    """
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)[ -]?(y|yr|year|month)s?", text.strip().lower())
    if found is None:
        return text.strip()
    return time_in_years(float(found[1]) / (12 if found[2] == "month" else 1))


def time_in_years(years: float) -> str:
    """Return a number of years in words."""
    return f"{years:g} year{'' if years == 1 else 's'}"


def statements_of_series(series: SeriesSheets, labels: Labels) -> tuple[Statement, ...]:
    """Return everything that the sheets of one series state, patient rows aside."""
    whole = series.groups[0].row.key if series.groups else ""
    stated = [
        _of_row(line, series.key, whole, labels) for line in series.statements if not line.unread
    ]
    counted = [
        found
        for line in series.counts
        if not line.unread and (found := _of_count(line, series.key, whole, labels)) is not None
    ]
    sized = [
        _of_group(line, series.key, whole)
        for line in series.groups
        if not line.unread and line.row.patients is not None
    ]
    return (*stated, *counted, *sized)


def statements_of_paper(paper: PaperSheets, labels: Labels) -> tuple[Statement, ...]:
    """Return everything that a paper which is no series states."""
    return tuple(
        _of_row(line, paper.key, "", labels) for line in paper.statements if not line.unread
    )


def _of_row(line: Line[StatementRow], paper: str, whole: str, labels: Labels) -> Statement:
    """Return a row of statements.csv as a statement."""
    row = line.row
    numbers: tuple[Printed, ...] = ()
    events = range(0)
    if row.kind == "count":
        events = range(int(row.value), int(row.value) + 1)
    elif row.kind not in {"word", "not_available"}:
        numbers = tuple(parse(number) for number in row.value.split(".."))
    return Statement(
        paper=paper,
        study=row.study or paper,
        of="" if row.of == whole else row.of,
        quantity=row.quantity,
        label=labels.get(row.quantity) or in_words(row.quantity),
        grade=row.grade,
        at=time_in_words(row.at),
        part_of=row.part_of,
        kind=row.kind,
        numbers=numbers,
        word=row.value if row.kind == "word" else "",
        unit="" if row.kind in _IN_PERCENT else row.unit,
        events=events,
        total=row.total,
        percentages=printed_shares(row.as_printed, row.total) if row.kind == "count" else (),
        rows=row.rows,
        as_printed=row.as_printed,
        where=row.where,
        note=row.note,
        address=line.at(),
    )


def _of_count(line: Line[CountRow], series: str, whole: str, labels: Labels) -> Statement | None:
    """Return a row of counts as a statement; None where the paper prints no such count.

    A number worked out by the reviewer is nothing that the paper states. A range that the
    reviewer kept open states the number that stands in the printed cell.
    """
    row = line.row
    if row.status not in {"", "alternative"} or row.events is None or row.total is None:
        return None
    if row.basis in {"derived", "author"}:
        return None
    events = range(row.events.low, row.events.high + 1)
    printed = sorted(printed_numbers(row.as_printed) & set(events) - {row.total})
    if len(events) > 1 and len(printed) == 1:
        events = range(printed[0], printed[0] + 1)
    return Statement(
        paper=series if row.source == "primary" else row.source,
        study=series,
        of="" if row.group == whole else row.group,
        quantity=row.outcome,
        label=labels.get(row.outcome) or in_words(row.outcome),
        grade=row.grade,
        at=row.window,
        kind="count",
        events=events,
        total=row.total,
        percentages=printed_shares(row.as_printed, row.total),
        as_printed=row.as_printed,
        where=row.where,
        note=row.note,
        address=line.at(),
        sheet="counts",
        population=row.denominator,
        alternative=row.status == "alternative",
    )


def _of_group(line: Line[GroupRow], series: str, whole: str) -> Statement:
    """Return the size of a group as a statement."""
    size = line.row.patients or 0
    return Statement(
        paper=series,
        study=series,
        of="" if line.row.key == whole else line.row.key,
        quantity=PATIENTS,
        label=PATIENTS,
        kind="count",
        events=range(size, size + 1),
        as_printed="",
        where=line.row.where,
        note=line.row.note,
        address=line.at(),
        sheet="groups",
    )


def printed_shares(as_printed: str, total: int | None) -> tuple[Printed, ...]:
    """Return the percentages of a printed cell, those of a confidence interval left out.

    Examples
    --------
    >>> [str(each) for each in printed_shares("26.3% (95% CI: 13.4-43.1%)", 38)]
    ['26.3']
    """
    plain = _INTERVAL.sub("", as_printed)
    return printed_percentages(plain, total)
