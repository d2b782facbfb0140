"""Patient rows counted again for what a paper states of them, and how they spell findings (C17)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from toolkit.audit.finding import Finding, Place, Reading, counted, reading
from toolkit.audit.statements.statement import Statement, in_words
from toolkit.checks.statements import conditions
from toolkit.review.words import whole_number
from toolkit.sheets.records import Line, SeriesSheets
from toolkit.sheets.schema.series_rows import PatientRow

_GENE = re.compile(r"[A-Z]{2,}[A-Z0-9]*")


_WORD = re.compile(r"[a-z]{7,}")


_LEAST_OFTEN = 2


_DENIED = {"NO", "NOT", "NEGATIVE", "NEG", "WILD", "WT", "ABSENT", "WITHOUT"}


def tokens(text: str) -> tuple[str, ...]:
    """Return the names and words of a cell in capitals, in order.

    Examples
    --------
    >>> tokens("ETV6::RUNX1 fusion")
    ('ETV6', 'RUNX1', 'FUSION')
    """
    return tuple(re.findall(r"[A-Z0-9]+", text.upper()))


def items(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the findings of a cell, each as its tokens.

    Examples
    --------
    >>> items("FLT3 -ITD, RUNX1 and BCOR mutations")
    (('FLT3', 'ITD'), ('RUNX1',), ('BCOR', 'MUTATIONS'))
    """
    parts = re.split(r"[,;/]|\band\b|&|\+", text)
    return tuple(found for part in parts if (found := tokens(part)))


def variants(rows: Mapping[str, str]) -> dict[str, str]:
    """Return rare spellings with the usual spelling they look like.

    Parameters
    ----------
    rows : mapping of patient to text
        What the patient table prints of each patient.

    Examples
    --------
    >>> variants({"1": "FLT3 ITD", "2": "FLT3", "3": "FT3 ITD", "4": "NRAS", "5": "KRAS"})
    {'FT3': 'FLT3'}
    """
    carriers: dict[str, set[str]] = defaultdict(set)
    for patient, text in rows.items():
        for name in (*_GENE.findall(text), *_WORD.findall(text)):
            carriers[name].add(patient)
    found = {}
    for rare in sorted(carriers):
        usual = [
            name
            for name in carriers
            if len(carriers[name]) >= max(_LEAST_OFTEN, len(carriers[rare]) + 1)
            and is_slip(rare, name)
        ]
        if usual:
            found[rare] = max(usual, key=lambda name: len(carriers[name]))
    return found


def is_slip(rare: str, usual: str) -> bool:
    """Return whether one spelling is the other with an inner letter lost, doubled or swapped.

    Examples
    --------
    >>> is_slip("FTL3", "FLT3"), is_slip("IDH1", "IDH2"), is_slip("MLLT1", "MLLT10")
    (True, False, False)
    """
    if rare == usual or rare.isupper() != usual.isupper():
        return False
    # Names of letters alone differ by a letter in earnest (MPL and MPAL).
    if rare.isupper() and not any(mark.isdigit() for mark in usual):
        return False
    if len(rare) == len(usual):
        return len(rare) > 3 and any(_swapped(usual, at) == rare for at in range(len(usual) - 1))
    longer, shorter = sorted((rare, usual), key=len, reverse=True)
    if len(longer) != len(shorter) + 1 or len(longer) < 4:
        return False
    return any(
        longer[:at] + longer[at + 1 :] == shorter and longer[at].isalpha()
        for at in range(1, len(longer) - 1)
    )


def _swapped(name: str, at: int) -> str:
    """Return a name with two neighbouring letters swapped, or nothing where they are none."""
    pair = name[at : at + 2]
    return name[:at] + pair[::-1] + name[at + 2 :] if pair.isalpha() else ""


def carries(text: str, term: Sequence[str], read_as: Mapping[str, str]) -> bool:
    """Return whether a cell lists a term, slips of spelling read as the usual name."""
    return any(_contains(item, term, read_as) for item in items(text))


def _contains(item: Sequence[str], term: Sequence[str], read_as: Mapping[str, str]) -> bool:
    """Return whether the tokens of a term follow each other in a finding."""
    if _DENIED & set(item):
        return False
    plain = [read_as.get(token, token) for token in item]
    wanted = list(term)
    starts = range(len(plain) - len(wanted) + 1)
    return any(plain[at : at + len(wanted)] == wanted for at in starts)


def spellings(
    rows: Mapping[str, str],
) -> Iterator[tuple[str, tuple[str, ...], str, tuple[str, ...]]]:
    """Yield each rare spelling with its patients, and the usual one with its patients."""
    for rare, usual in variants(rows).items():
        yield (
            rare,
            tuple(patient for patient, text in rows.items() if _prints(text, rare)),
            usual,
            tuple(patient for patient, text in rows.items() if _prints(text, usual)),
        )


def _prints(text: str, name: str) -> bool:
    """Return whether a cell prints a name as a name of its own."""
    return re.search(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", text) is not None


AMONG = "among "
"""Before the rows of a statement that counts some of them only."""


LEAST_LETTERS = 4
"""Letters from which a quantity without a digit may be the name of a gene."""


Patients = Sequence[Line[PatientRow]]


def recounted(series: SeriesSheets, statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """Return what the patient rows say of every statement that names its rows.

    A count without rows is recounted too where its quantity is a name that the rows print among
    their findings, such as that of a gene.
    """
    found = []
    for each in statements:
        if each.rows.startswith(AMONG) or each.study != each.paper:
            continue
        rows = each.rows or _named_finding(series, each)
        if rows and (again := _recount(series, replace(each, rows=rows))) is not None:
            found.append(again)
    return tuple({(each.subject, each.where): each for each in found}.values())


def _recount(series: SeriesSheets, statement: Statement) -> Statement | None:
    """Return the same statement as the patient rows make it."""
    members = matching(series, statement.rows)
    if statement.kind == "word":
        return _word(series, statement, members)
    if statement.kind not in {"count", "percentage"}:
        return None
    return replace(
        statement,
        kind="count",
        numbers=(),
        part_of="",
        percentages=(),
        events=range(len(members), len(members) + _without_row(series) + 1),
        total=statement.total if statement.total == len(series.patients) else None,
        as_printed="",
        where=_rows_in_words(members, series),
        address=(members or series.patients)[0].at(),
        sheet="patients",
    )


def _without_row(series: SeriesSheets) -> int:
    """Return how many patients of the series have no row: a table may list responders alone."""
    size = series.groups[0].row.patients if series.groups else None
    return max(0, (size or 0) - len(series.patients))


def _word(series: SeriesSheets, statement: Statement, members: Patients) -> Statement | None:
    """Return the word that all the patient rows of a statement carry in its column."""
    if statement.quantity not in series.patient_columns or not members:
        return None
    words = {line.cells[statement.quantity] for line in members} - {""}
    if len(words) != 1:
        return None
    word = words.pop()
    return replace(
        statement,
        word=word,
        as_printed=word,
        where=_rows_in_words(members, series),
        address=members[0].at(),
        sheet="patients",
    )


def matching(series: SeriesSheets, rows: str) -> Patients:
    """Return the patient rows that meet every condition of a statement."""
    read_as = variants(_findings(series))
    members: Patients = series.patients
    for column, words in conditions(rows):
        members = [line for line in members if _meets(line, column, words, read_as)]
    return members


def _meets(
    line: Line[PatientRow], column: str, words: Sequence[str], read_as: dict[str, str]
) -> bool:
    """Return whether a patient row meets one condition."""
    if column == "features":
        return any(carries(line.row.features, tokens(word), read_as) for word in words)
    return line.cells.get(column, "") in words


def _named_finding(series: SeriesSheets, statement: Statement) -> str:
    """Return the condition that a count of a named finding sets on patient rows, if it does."""
    if statement.kind != "count" or statement.of or statement.grade or statement.at:
        return ""
    name = in_words(statement.quantity)
    is_a_name = any(mark.isdigit() for mark in name) or len(name) >= LEAST_LETTERS
    listed = {token for line in series.patients for token in _capitals(line.row.features)}
    known = bool(name) and set(tokens(name)) <= listed
    return f"features={name}" if known and is_a_name else ""


def _capitals(text: str) -> tuple[str, ...]:
    """Return the tokens of a cell that are printed in capitals."""
    return tuple(token for token in tokens(text) if token in text)


def _findings(series: SeriesSheets) -> dict[str, str]:
    """Return the findings of each patient as printed."""
    return {line.row.patient: line.row.features for line in series.patients}


def _rows_in_words(members: Patients, series: SeriesSheets) -> str:
    """Return where patient rows stand: their table, and which they are."""
    table = series.patients[0].row.where.split(",")[0]
    if not members:
        return f"{table}, no patient row"
    if len(members) == len(series.patients):
        return f"{table}, all patient rows"
    noun = "patient" if len(members) == 1 else "patients"
    return f"{table}, {noun} {in_runs([line.row.patient for line in members])}"


def in_runs(names: Sequence[str]) -> str:
    """Return names of patients in words, three or more that follow each other as first to last.

    Examples
    --------
    >>> in_runs(["1", "2", "3", "5", "6", "9a"])
    '1 to 3, 5, 6, 9a'
    """
    runs: list[list[str]] = []
    for name in names:
        number, last = whole_number(name), whole_number(runs[-1][-1]) if runs else None
        if number is not None and last is not None and number == last + 1:
            runs[-1].append(name)
        else:
            runs.append([name])
    told = (f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(run) for run in runs)
    return ", ".join(told)


def beyond_rows(series: SeriesSheets, statements: Sequence[Statement]) -> Iterator[Finding]:
    """Yield counts of some among patient rows that are more than those rows (C07)."""
    for each in statements:
        if not each.rows.startswith(AMONG) or each.kind != "count":
            continue
        members = matching(series, each.rows)
        if each.events[0] > len(members):
            where = _rows_in_words(members, series)
            yield Finding(
                check="C07",
                paper=each.paper,
                subject=each.subject,
                what=f"{each.about}: {each.words} ({each.where}) differs from the "
                f"{len(members)} that there can be ({where}).",
                readings=(
                    reading([each], "", *counted(each)),
                    _rows_reading(members or series.patients, series.key, where, len(members)),
                ),
            )


def spelled_in_several_ways(series: SeriesSheets) -> Iterator[Finding]:
    """Yield names of findings that patient rows spell in more than one way (C17)."""
    rows = _findings(series)
    lines = {line.row.patient: line for line in series.patients}
    for rare, carriers, usual, others in spellings(rows):
        yield Finding(
            check="C17",
            paper=series.key,
            subject=(series.key, "", usual.lower(), "", ""),
            what=f'"{rare}" (patient {", ".join(carriers)}) is spelled "{usual}" elsewhere '
            f"(patient {', '.join(others)}).",
            readings=(
                _spelled(rare, [lines[patient] for patient in carriers], series.key),
                _spelled(usual, [lines[patient] for patient in others], series.key),
            ),
        )


def _spelled(name: str, members: Patients, paper: str) -> Reading:
    """Return a spelling with the patient rows that print it."""
    return Reading(
        words=name,
        places=tuple(
            Place(
                paper=paper,
                where=line.row.where,
                as_printed=line.row.features,
                address=line.at("features"),
            )
            for line in members
        ),
    )


def _rows_reading(members: Patients, paper: str, where: str, number: int) -> Reading:
    """Return a number of patient rows as a reading."""
    at = Place(paper=paper, where=where, as_printed="", address=members[0].at())
    return Reading(words=str(number), events=number, places=(at,))
