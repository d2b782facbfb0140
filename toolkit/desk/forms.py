"""What a page shows of a sheet: its rows in a line each, and one row as a form from the schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from inspect import getdoc

from toolkit.desk.checking import CellProblem
from toolkit.desk.open_sheet import OpenSheet
from toolkit.reviewing.recording import protocol_of
from toolkit.sheets.protocol.protocol import Protocol
from toolkit.sheets.records import review_words
from toolkit.sheets.schema.cells import Choice, Text, Where
from toolkit.sheets.schema.numbers import Events, Percent, Whole, Years
from toolkit.sheets.schema.schema import PROPOSALS, RECONCILED, Kind
from toolkit.sheets.schema.vocabularies import VOCABULARIES
from toolkit.sheets.workbook.template import TO_DECIDE

_LONG = 200
_SHORT = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """One cell of a row as it is filled in.

    Attributes
    ----------
    name, label, hint, example : str
        The column, and the schema's own words for it.
    control : str
        ``choice``, ``number``, ``line`` or ``long``.
    choices : tuple of (word, label)
        What a drop-down offers, the empty word first.
    value : str
        What stands there.
    required : bool
        Whether it must be filled in.
    wide : bool
        Whether it needs the whole width.
    """

    name: str
    label: str
    hint: str
    example: str
    control: str
    choices: tuple[tuple[str, str], ...]
    value: str
    required: bool
    wide: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetTab:
    """One sheet among the others: its name, what it is for, rows and problems in it."""

    name: str
    about: str
    rows: int
    problems: int


def tabs(opened: OpenSheet, problems: Sequence[CellProblem]) -> tuple[SheetTab, ...]:
    """Return the sheets of what is open; the log of reconciling only where there is one."""
    return tuple(
        SheetTab(
            name=kind.name,
            about=(getdoc(kind.model) or "").split("\n\n")[0].replace("\n", " "),
            rows=len(opened.draft.sheet(kind.name)),
            problems=sum(each.sheet == kind.name for each in problems),
        )
        for kind in opened.kinds
        if kind.name not in {RECONCILED, PROPOSALS, TO_DECIDE} or opened.draft.sheet(kind.name)
    )


def row_name(kind: Kind, row: Mapping[str, str]) -> str:
    """Return a row by the cells that name it; empty where none is filled in."""
    columns = ("as_printed", "outcome", "grade", "group") if kind.name == PROPOSALS else kind.unique
    return " · ".join(row[column] for column in columns if row.get(column))


def row_value(kind: Kind, row: Mapping[str, str]) -> str:
    """Return the number of a row as it is read at a glance."""
    if row.get("status"):
        return row["status"].replace("_", " ")
    if "events" in kind.columns:
        events, total = row.get("events", ""), row.get("total", "")
        return f"{events or '?'}/{total or '?'}" if events or total else ""
    for column in ("percent", "value", "patients", "number", "judgement", "response", "kept"):
        if column in kind.columns:
            return row.get(column, "")
    return ""


def form(opened: OpenSheet, kind: Kind, row: Mapping[str, str]) -> tuple[FormField, ...]:
    """Return the fields of one row, in the order of the schema."""
    protocol = protocol_of(opened.raw)
    words = review_words(opened.raw, protocol)
    groups = {
        each["key"]: each.get("label", "")
        for each in opened.draft.sheet("groups")
        if each.get("key")
    }
    return tuple(
        _field(kind, column, row.get(column, ""), _offered(kind, column, words, protocol, groups))
        for column in kind.columns
    )


def _field(kind: Kind, column: str, value: str, choices: tuple[tuple[str, str], ...]) -> FormField:
    """Return one field."""
    described, cell = kind.field(column), kind.cell(column)
    long = isinstance(cell, Text) and cell.longest > _LONG and column not in {"patient", "label"}
    if choices or isinstance(cell, Choice):
        control = "choice"
        if value and value not in {word for word, _ in choices}:
            choices = (*choices, (value, f"{value} (not known)"))
    elif isinstance(cell, Whole | Events | Percent | Years):
        control = "number"
    else:
        control = "long" if long else "line"
    return FormField(
        name=column,
        label=described.title or column,
        hint=described.description or "",
        example=str(described.examples[0]) if described.examples else "",
        control=control,
        choices=(("", ""), *choices) if control == "choice" else (),
        value=value,
        required=cell.required or isinstance(cell, Where),
        wide=control == "long" or isinstance(cell, Where),
    )


def _offered(
    kind: Kind,
    column: str,
    words: Mapping[str, tuple[str, ...]],
    protocol: Protocol,
    groups: Mapping[str, str],
) -> tuple[tuple[str, str], ...]:
    """Return the words of a column with their meanings; none for a column of free text."""
    cell = kind.cell(column)
    if not isinstance(cell, Choice):
        return ()
    name = cell.vocabulary
    meanings: Mapping[str, str] = VOCABULARIES.get(name, {})
    if name == "group":
        words, meanings = {name: tuple(groups)}, groups
    elif name == "outcome":
        meanings = {key: outcome.label for key, outcome in protocol.outcomes.items()}
    elif name == "window":
        meanings = protocol.windows
    elif name.startswith("facet ") and (facet := protocol.facets.get(name[6:])):
        meanings = facet.words
    return tuple(
        (word, _labelled(word, str(meanings.get(word, "")))) for word in words.get(name, ()) if word
    )


def _labelled(word: str, meaning: str) -> str:
    """Return a word with its meaning behind it, where it has one."""
    return f"{word}: {meaning}" if meaning and meaning != word else word


def places(problems: Sequence[CellProblem]) -> list[dict[str, object]]:
    """Return problems as a page takes them: place, and sentences."""
    return [
        {
            "sheet": each.sheet,
            "row": each.row,
            "columns": list(each.columns),
            "check": each.problem.check,
            "what": each.problem.what,
            "meaning": each.problem.meaning,
            "remedy": each.problem.remedy,
            "address": "" if each.sheet else str(each.problem.address),
        }
        for each in problems
    ]
