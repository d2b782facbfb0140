"""A whole review from a spreadsheet: protocol, one folder per study, everything marked to confirm.

What a spreadsheet does not say stands in the sheets as not said: no place in a paper, no second
reader, no appraisal.
"""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from toolkit.errors import SheetError, ToolkitError
from toolkit.load import EXTRACTIONS, problems
from toolkit.reviewing.new_review import write_files
from toolkit.reviewing.table_protocol import Facets, prose_text, protocol_text
from toolkit.sheets.csv_files import write_table
from toolkit.sheets.folder import PROTOCOL
from toolkit.sheets.schema.cells import SLUG, not_a_slug
from toolkit.sheets.schema.review_rows import FlowRow, OverlapRow, ReportRow
from toolkit.sheets.schema.schema import Kind, Schema, schema
from toolkit.sheets.table.table import Table, TableRow

WHERE = "From a spreadsheet, place not recorded: {}"
"""What stands where the place in a paper would."""

SPREADSHEET = "spreadsheet"
"""Key of the report that quotes every number: the spreadsheet itself."""


_MOST_WORDS = 12
"""Words that a column may have to be taken for a property of groups."""


def make_table_review(
    table: Table,
    key: str,
    *,
    title: str = "",
    question: str = "",
    by: Sequence[str] = (),
    place: Path | None = None,
) -> Path:
    """Write a review made of a spreadsheet, and return its folder.

    Parameters
    ----------
    table : Table
        From `toolkit.read_table`: counts of one or several outcomes.
    key : str
        Name of the folder.
    title, question : str
        Words of the protocol.
    by : sequence of str
        Columns whose words make subgroups; the column of groups is always one.
    place : Path, optional
        Folder of the reviews; ``extractions`` of the current directory unless given.

    Raises
    ------
    ToolkitError
        If the key is not plain, the folder is there already or cannot be written, or the table
        holds no counts. Nothing is left of a review that could not be finished.
    ChoiceError
        For a column that the table does not have.
    SheetError
        If what the table says does not make a review.
    """
    if not SLUG.fullmatch(key):
        raise ToolkitError(" ".join(not_a_slug("REVIEW", key)))
    folder = (Path(EXTRACTIONS) if place is None else place) / key
    if folder.exists():
        raise ToolkitError(f"{folder} is there already: choose another name, or work on that one.")
    if not any(row.counted for row in table.rows):
        raise ToolkitError(
            f"{table.file} holds no events among patients: a review is made from counts."
        )
    if table.repeated:
        raise SheetError(table.repeated)
    try:
        write_files(folder, _files(table, key, title, question, by))
        if found := problems(folder):
            raise SheetError(found)
    except OSError as failure:
        shutil.rmtree(folder, ignore_errors=True)
        raise ToolkitError(f"{folder} cannot be written: {failure.strerror}.") from None
    except ToolkitError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


def slug(words: str, taken: Sequence[str] = (), otherwise: str = "study") -> str:
    """Return words as a key: small letters, digits and hyphens, unlike those already taken.

    Examples
    --------
    >>> slug("García-López 2018 (II)"), slug("北京"), slug("a", ["a"])
    ('garcia-lopez-2018-ii', 'study', 'a-2')
    """
    text = unicodedata.normalize("NFKD", words.replace("ł", "l").replace("Ł", "L"))
    plain = re.sub(r"[^a-z0-9]+", "-", text.encode("ascii", "ignore").decode().casefold())
    key = plain.strip("-")[:40].strip("-") or otherwise
    if not key[0].isalpha():
        key = f"{otherwise}-{key}"
    found, number = key, 1
    while found in taken:
        number += 1
        found = f"{key}-{number}"
    return found


def _files(table: Table, key: str, title: str, question: str, by: Sequence[str]) -> dict[str, str]:
    """Return every file of the review by its place in the folder."""
    outcomes = _outcomes(table)
    facets = _facets(table, by)
    kinds = schema({name: label for name, (label, _) in facets.items()}, {})
    studies: dict[str, list[TableRow]] = {}
    for row in table.rows:
        studies.setdefault(row.label, []).append(row)
    keys: dict[str, str] = {}
    for label in studies:
        keys[label] = slug(label, [SPREADSHEET, *keys.values()])
    files = {
        PROTOCOL: protocol_text(table, key, title, question, outcomes, facets),
        "README.md": prose_text(table, key, title),
        "reports.csv": _sheet_of(
            ReportRow,
            [
                {
                    "key": SPREADSHEET,
                    "citation": f"The spreadsheet {table.file}",
                    "status": "background",
                    "next_step": "Read each study's own report.",
                },
                *(
                    {
                        "key": keys[label],
                        "citation": f"{label}: citation not recorded",
                        "series": keys[label],
                        "status": "quoted",
                        "next_step": "Write its citation.",
                    }
                    for label in studies
                ),
            ],
        ),
        "flow.csv": _sheet_of(
            FlowRow,
            [
                {
                    "box": "databases_identified",
                    "label": "Records identified from databases",
                    "note": f"Not recorded: the studies come from {table.file}.",
                }
            ],
        ),
        "overlap.csv": _sheet_of(OverlapRow, []),
    }
    for label, rows in studies.items():
        for name, text in _study(table, kinds, label, rows, outcomes, facets).items():
            files[f"series/{keys[label]}/{name}"] = text
    return files


def _sheet_of(model: type[ReportRow | FlowRow | OverlapRow], rows: Sequence[dict[str, str]]) -> str:
    heading = tuple(model.model_fields)
    return write_table(heading, [[row.get(name, "") for name in heading] for row in rows])


def _sheet(kind: Kind, rows: Sequence[dict[str, str]]) -> str:
    return write_table(kind.columns, [[row.get(name, "") for name in kind.columns] for row in rows])


def _outcomes(table: Table) -> dict[str, str]:
    """Return the key of every outcome by the word of the table."""
    found: dict[str, str] = {}
    for word in table.outcomes:
        found[word] = slug(word or "event", list(found.values()), "event").replace("-", "_")
    return found


def _facets(table: Table, by: Sequence[str]) -> Facets:
    """Return the columns that tell groups apart, with their words."""
    wanted = [column.heading for column in table.columns if column.role == "group"]
    wanted += [heading for heading in map(table.heading, by) if heading not in wanted]
    found: Facets = {}
    for heading in wanted:
        words: dict[str, str] = {}
        for row in table.rows:
            word = dict(row.cells).get(heading, "")
            if word and word not in words:
                words[word] = slug(word, list(words.values()), "group")
        if len(words) > _MOST_WORDS:
            raise ToolkitError(
                f'the column "{heading}" has {len(words)} different words: no more than '
                f"{_MOST_WORDS} make subgroups."
            )
        if words:
            found[slug(heading, list(found), "group").replace("-", "_")] = (heading, words)
    return found


def _study(
    table: Table,
    kinds: Schema,
    label: str,
    rows: Sequence[TableRow],
    outcomes: dict[str, str],
    facets: Facets,
) -> dict[str, str]:
    """Return the sheets of one study by their names."""
    groups: dict[str, str] = {}
    sizes: dict[str, int] = {}
    for row in rows:
        if row.group not in groups:
            groups[row.group] = slug(row.group or "all", list(groups.values()), "group")
        if row.total:
            sizes[row.group] = max(sizes.get(row.group, 0), row.total)
    several = len(groups) > 1
    place = {group: WHERE.format(_place(table, rows, group)) for group in groups}
    described = []
    if several:
        whole = sum(sizes.values()) if len(sizes) == len(groups) else 0
        described.append(
            {
                "key": "all" if "all" not in groups.values() else "everyone",
                "label": "All groups of the study",
                "patients": str(whole) if whole else "",
                "where": WHERE.format(table.file),
            }
        )
    for group, key in groups.items():
        cells = next(dict(row.cells) for row in rows if row.group == group)
        said = {
            name: words.get(cells.get(heading, ""), "") for name, (heading, words) in facets.items()
        }
        described.append(
            {
                "key": key,
                "label": group or "All patients",
                "patients": str(sizes.get(group, "")),
                "parent": described[0]["key"] if several else "",
                "where": place[group],
                **said,
            }
        )
    years = [str(row.year) for row in rows if row.year]
    enrolled = sum(sizes.values())
    fields = {
        "label": label,
        "citation": f"{label}: citation not recorded",
        "year": years[0] if years else "",
        "patients_enrolled": str(enrolled) if enrolled else "",
        "report_read": "not read",
        "extracted_by": f"not recorded: from {table.file}",
        "note": f"Made from the spreadsheet {table.file}; nothing was checked against the paper.",
    }
    upright = kinds.kind("series")
    open_cells = [row for row in rows if row.counted and row.events_low != row.events_high]
    decisions = [
        {
            "group": groups[row.group],
            "outcome": outcomes[row.outcome],
            "denominator": "all_treated",
            "kept": f"{row.events_low}..{row.events_high}",
            "decided_by": f"not recorded: from {table.file}",
            "reason": "The spreadsheet leaves the number open.",
        }
        for row in open_cells
    ]
    return {
        **({"decisions.csv": _sheet(kinds.kind("decisions"), decisions)} if decisions else {}),
        upright.file: write_table(
            ("field", "value"), [(name, fields.get(name, "")) for name in upright.columns]
        ),
        "groups.csv": _sheet(kinds.kind("groups"), described),
        "counts.csv": _sheet(
            kinds.kind("counts"),
            [_count(row, outcomes, groups, place) for row in rows]
            + _sums(rows, outcomes, described[0]["key"], len(groups), table.file),
        ),
    }


def _sums(
    rows: Sequence[TableRow], outcomes: dict[str, str], whole: str, groups: int, file: str
) -> list[dict[str, str]]:
    """Return the sum of a study's groups for each outcome that all of them report."""
    found = []
    for word, outcome in outcomes.items():
        mine = [row for row in rows if row.outcome == word and row.counted]
        decided = all(row.events_low == row.events_high for row in mine)
        if groups < 2 or len(mine) < groups or not decided:
            continue
        events = sum(row.events_low or 0 for row in mine)
        total = sum(row.total or 0 for row in mine)
        parts = " + ".join(f"{row.events_low}/{row.total}" for row in mine)
        found.append(
            {
                "group": whole,
                "outcome": outcome,
                "events": str(events),
                "total": str(total),
                "denominator": "all_treated",
                "basis": "derived",
                "source": SPREADSHEET,
                "where": WHERE.format(file),
                "note": f"The sum of its groups: {parts}.",
            }
        )
    return found


def _place(table: Table, rows: Sequence[TableRow], group: str) -> str:
    line = next(row.address.line for row in rows if row.group == group)
    sheet = f", sheet {table.sheet}" if table.sheet else ""
    return f"{table.file}{sheet}, line {line}"


def _count(
    row: TableRow, outcomes: dict[str, str], groups: dict[str, str], place: dict[str, str]
) -> dict[str, str]:
    """Return a row of counts.csv."""
    cells = {
        "group": groups[row.group],
        "outcome": outcomes[row.outcome],
        "denominator": "all_treated",
        "basis": "reported",
        "source": SPREADSHEET,
        "where": place[row.group],
    }
    if not row.counted:
        note = "The spreadsheet gives no number of events."
        return {**cells, "status": "not_reported", "note": note}
    same = row.events_low == row.events_high
    events = str(row.events_low) if same else f"{row.events_low}..{row.events_high}"
    note = "" if same else "The spreadsheet leaves the number open."
    printed = f"{events}/{row.total}"
    return {
        **cells,
        "events": events,
        "total": str(row.total),
        "as_printed": printed,
        "note": note,
    }
