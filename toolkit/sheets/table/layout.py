"""Where a grid's heading stands, and which of its columns hold what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from toolkit.errors import Problem, SheetError
from toolkit.sheets.table.grid import TextGrid
from toolkit.sheets.table.heading import is_bare_number, with_numbers
from toolkit.sheets.table.heads import NamedColumn, heads, plain
from toolkit.sheets.table.table import PassedOver, TableColumn

_COUNTS = ("events", "total")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeColumns:
    """The columns of one outcome, each counted from 0; None where there is none."""

    outcome: str = ""
    events: int | None = None
    total: int | None = None
    fraction: int | None = None
    percent: int | None = None
    low: int | None = None
    high: int | None = None
    effect: int | None = None
    error: int | None = None
    variance: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLayout:
    """A grid's heading and what its columns are taken for.

    Attributes
    ----------
    at : int
        Index among the grid's rows of the heading.
    headings : tuple of str
        Its cells, those that stand twice made different.
    label, group, outcome, year : int or None
        Columns that say which study, group, outcome and year a row is about.
    blocks : tuple of OutcomeColumns
        The numbers, one block for each outcome that has columns of its own.
    columns : tuple of TableColumn
        The same in words.
    """

    at: int
    headings: tuple[str, ...]
    label: int | None
    group: int | None
    outcome: int | None
    year: int | None
    blocks: tuple[OutcomeColumns, ...]
    columns: tuple[TableColumn, ...]


def lay_out(grid: TextGrid, at: int, found: Sequence[NamedColumn]) -> TableLayout:
    """Return which columns hold what under a heading.

    Raises
    ------
    SheetError
        Where a heading stands twice, or two columns may hold the same.
    """
    line, cells = grid.rows[at]
    _refuse_twice(grid, line, cells, found)
    found = with_numbers(grid, at, found)
    chosen: dict[tuple[str, str], NamedColumn] = {}
    for head in found:
        key = (head.role, head.outcome)
        if head.role == "label":
            continue
        chosen[key] = head if key not in chosen else _surer(grid, at, line, (chosen[key], head))
    label = _label(grid, at, [head for head in found if head.role == "label"], cells)
    blocks = _blocks(chosen)
    single = {
        role: chosen[role, ""].at if (role, "") in chosen else None
        for role in ("group", "outcome", "year")
    }
    taken = _taken(blocks, {**single, "label": label}, chosen)
    return TableLayout(
        at=at,
        headings=_different(cells),
        label=label,
        group=single["group"],
        outcome=single["outcome"],
        year=single["year"],
        blocks=blocks,
        columns=tuple(_in_words(role, at_, outcome, cells) for role, at_, outcome in taken),
    )


def _in_words(role: str, at: int, outcome: str, cells: Sequence[str]) -> TableColumn:
    written = cells[at] if at < len(cells) else ""
    known = next((head for head in heads(cells) if head.at == at and head.role == role), None)
    if known is None and role == "fraction":
        why = "its cells are of the form 12/90"
    elif known is None:
        why = "it names the rows"
    elif known.outcome:
        why = "its heading names what is counted, and that it is counted"
    else:
        why = "by its heading"
    return TableColumn(role=role, heading=written or f"column {at + 1}", outcome=outcome, why=why)


def _taken(
    blocks: Sequence[OutcomeColumns],
    single: dict[str, int | None],
    chosen: dict[tuple[str, str], NamedColumn],
) -> list[tuple[str, int, str]]:
    """Return role, column and outcome of everything that is taken, each column once a role."""
    taken = [(role, at, "") for role, at in single.items() if at is not None]
    taken.sort(key=lambda each: each[0] != "label")
    for block in blocks:
        for role in (
            "events",
            "total",
            "fraction",
            "percent",
            "low",
            "high",
            "effect",
            "error",
            "variance",
        ):
            at = getattr(block, role)
            if at is not None:
                own = (role, block.outcome) in chosen
                entry = (role, at, block.outcome if own else "")
                if entry not in taken:
                    taken.append(entry)
    return taken


def _blocks(chosen: dict[tuple[str, str], NamedColumn]) -> tuple[OutcomeColumns, ...]:
    """Return a block for every outcome that has numbers, in the order of their columns."""

    def at(role: str, outcome: str) -> int | None:
        head = chosen.get((role, outcome))
        return None if head is None else head.at

    blocks: list[tuple[int, OutcomeColumns]] = []
    for (role, outcome), head in chosen.items():
        if role != "events":
            continue
        total = at("total", outcome)
        total = at("total", "") if total is None else total
        percent = at("percent", outcome)
        if total is not None and _plainly_counted(chosen, head):
            block = OutcomeColumns(outcome=outcome, events=head.at, total=total, percent=percent)
            blocks.append((head.at, block))
    known = {block.outcome for _, block in blocks}
    for (role, outcome), head in chosen.items():
        if role == "fraction" and outcome not in known and not (known == {""} and head.rank < 80):
            total = at("total", outcome)
            blocks.append((head.at, OutcomeColumns(outcome=outcome, fraction=head.at, total=total)))
    if not blocks and ("percent", "") in chosen and ("total", "") in chosen:
        block = OutcomeColumns(
            percent=at("percent", ""),
            total=at("total", ""),
            low=at("low", ""),
            high=at("high", ""),
        )
        blocks.append((0, block))
    if not blocks and ("effect", "") in chosen:
        effect = OutcomeColumns(
            effect=at("effect", ""), error=at("error", ""), variance=at("variance", "")
        )
        blocks.append((0, effect))
    return tuple(block for _, block in sorted(blocks, key=lambda pair: pair[0]))


def _plainly_counted(chosen: dict[tuple[str, str], NamedColumn], head: NamedColumn) -> bool:
    """Return whether a column counts an outcome; beside plain counts a letter is not enough."""
    if not head.outcome or not {("events", ""), ("total", "")} <= set(chosen):
        return True
    return any(word in plain(head.written).split() for word in ("events", "event", "cases"))


def _surer(
    grid: TextGrid, at: int, line: int, pair: tuple[NamedColumn, NamedColumn]
) -> NamedColumn:
    """Return which of two columns is taken, or raise where both may be meant."""
    first, second = sorted(pair, key=lambda head: head.rank)
    if first.role not in (*_COUNTS, "fraction") or first.rank == 0:
        return first
    columns = [
        [row[head.at] for _, row in grid.rows[at + 1 :] if head.at < len(row)]
        for head in (first, second)
    ]
    if columns[0] == columns[1]:
        return first
    noun = {"events": "the events", "total": "the patients", "fraction": "events among patients"}
    raise SheetError(
        [
            Problem(
                address=grid.place(line, first.at),
                what=f'The columns "{first.written}" and "{second.written}" may both hold '
                f"{noun[first.role]}.",
                meaning="Which of them is meant cannot be told, and their numbers differ.",
                remedy=f'Call the one that is meant "{_own(first.role)}", or remove the other.',
            )
        ]
    )


def _own(role: str) -> str:
    return {"fraction": "x/n"}.get(role, role)


def _refuse_twice(
    grid: TextGrid, line: int, cells: Sequence[str], found: Sequence[NamedColumn]
) -> None:
    """Raise where a heading that is taken stands twice, also as pandas marks the second one."""
    seen: dict[str, str] = {}
    taken = {head.at for head in found}
    for at, written in enumerate(cells):
        name = re.sub(r"\.[1-9]$", "", written.strip())
        if re.search(r"\.[1-9]$", written.strip()) and name.casefold() not in seen:
            name = written.strip()
        word = name.casefold()
        letters = {cells[before].strip() for before in range(at)} & {"n", "N"}
        if word == "n" and written.strip() in ("n", "N") and written.strip() not in letters:
            # A small n beside a large N: events among patients.
            seen[word] = ""
            continue
        if word and word in seen and (at in taken or plain(name) in seen.values()):
            told = (
                f'"{name}"' if name == written.strip() else f'"{name}" (the second as "{written}")'
            )
            raise SheetError(
                [
                    Problem(
                        address=grid.place(line, at),
                        what=f"Two columns are called {told}.",
                        meaning="Which of them is meant cannot be told.",
                        remedy="Rename or remove one of them.",
                    )
                ]
            )
        if word:
            seen[word] = plain(name) if at in taken else ""


def _label(
    grid: TextGrid, at: int, found: Sequence[NamedColumn], cells: Sequence[str]
) -> int | None:
    """Return the column that names the studies: words before numbers, surer headings first."""
    rows = [row for _, row in grid.rows[at + 1 :] if any(cell.strip() for cell in row)]

    def texts(column: int) -> list[str]:
        return [row[column] for row in rows if column < len(row) and row[column].strip()]

    def numeric(column: int) -> bool:
        values = texts(column)
        return bool(values) and sum(map(is_bare_number, values)) > len(values) / 2

    ranked = sorted(found, key=lambda head: (numeric(head.at), head.rank))
    if ranked and texts(ranked[0].at):
        return ranked[0].at
    named = {head.at for head in heads(cells)}
    for column in range(max((len(row) for row in rows), default=0)):
        if column not in named and texts(column) and not numeric(column):
            return column
    return ranked[0].at if ranked else None


def _different(cells: Sequence[str]) -> tuple[str, ...]:
    """Return headings with those that stand twice numbered."""
    seen: dict[str, int] = {}
    names = []
    for cell in cells:
        seen[cell] = seen.get(cell, 0) + 1
        names.append(f"{cell} ({seen[cell]})" if cell and seen[cell] > 1 else cell)
    return tuple(names)


def columns_passed_over(grid: TextGrid, layout: TableLayout) -> list[PassedOver]:
    """Return the columns that hold something and have no name."""
    found = []
    line = grid.rows[layout.at][0]
    width = max((len(row) for _, row in grid.rows[layout.at + 1 :]), default=0)
    for column in range(width):
        named = column < len(layout.headings) and layout.headings[column]
        filled = [
            row[column]
            for _, row in grid.rows[layout.at + 1 :]
            if column < len(row) and row[column].strip()
        ]
        if not named and filled and column != layout.label:
            found.append(
                PassedOver(
                    address=grid.place(line, column),
                    what=f"column {column + 1} has no heading; it begins with {filled[0]!r}.",
                )
            )
    return found
