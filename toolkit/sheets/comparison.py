"""Two extractions of one series side by side: where they differ, and how well they agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from toolkit.errors import Address
from toolkit.sheets.csv_files import RawTable
from toolkit.sheets.schema.schema import RECONCILED, Kind, Schema

# Who filled in a sheet is no reading of the paper.
_NOT_COMPARED = ("extracted_by", "checked_by")


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """One cell that two extractors filled in differently.

    Attributes
    ----------
    sheet, row, column : str
        Where it stands, the row by the cells that name it.
    first, second : str
        What each of them wrote; empty where one has no such row.
    first_place, second_place : Address or None
        The cells; None where one has no such row.
    """

    sheet: str
    row: str
    column: str
    first: str
    second: str
    first_place: Address | None
    second_place: Address | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How often two extractors wrote the same in one column, over rows that both have.

    Attributes
    ----------
    sheet, column : str
        The column.
    cells, agreeing : int
        Cells compared, and those that are equal.
    raw : float
        Share of equal cells, in [0, 1].
    kappa : float or None
        Cohen's kappa over the texts as categories, at most 1; None where chance alone would give
        full agreement. It collapses where one text prevails.
    pabak : float
        Agreement adjusted for prevalence and bias, 2 raw - 1, in [-1, 1].
    """

    sheet: str
    column: str
    cells: int
    agreeing: int
    raw: float
    kappa: float | None
    pabak: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two extractions of one series."""

    series: str
    disagreements: tuple[Disagreement, ...]
    agreement: tuple[Agreement, ...]


def compare(
    series: str, schema: Schema, first: Mapping[str, RawTable], second: Mapping[str, RawTable]
) -> Comparison:
    """Return every cell in which two extractions differ, and the agreement of every column.

    Rows are paired by the columns that name them; a row that only one extractor has is a
    disagreement and enters no measure of agreement.

    **Source**: Cohen 1960, doi:10.1177/001316446002000104 (kappa); Byrt, Bishop and Carlin 1993,
    doi:10.1016/0895-4356(93)90018-V (PABAK).
    """
    disagreements: list[Disagreement] = []
    agreement: list[Agreement] = []
    for kind in schema.series:
        if kind.name == RECONCILED:
            continue
        one, other = _rows(kind, first.get(kind.name)), _rows(kind, second.get(kind.name))
        disagreements.extend(_unpaired(kind, one, other))
        pairs = [(key, one[key], other[key]) for key in one if key in other]
        columns = kind.columns if not kind.upright else ("value",)
        for column in columns:
            if kind.upright or column not in kind.unique:
                cells = [_cells(column, *pair) for pair in pairs if pair[0] not in _SKIPPED]
                disagreements.extend(_differing(kind, column, cells))
                if cells:
                    texts = [(cell[1], cell[2]) for cell in cells]
                    agreement.append(agree(kind.name, column, texts))
    return Comparison(series=series, disagreements=tuple(disagreements), agreement=tuple(agreement))


_Row = dict[str, tuple[str, Address]]
_Cell = tuple[tuple[str, ...], str, str, Address | None, Address | None]
_SKIPPED = {(name,) for name in _NOT_COMPARED}


def agree(sheet: str, column: str, pairs: list[tuple[str, str]]) -> Agreement:
    """Return the agreement over pairs of texts; there must be at least one pair."""
    cells = len(pairs)
    agreeing = sum(one == other for one, other in pairs)
    raw = agreeing / cells
    firsts, seconds = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    chance = sum(firsts[text] * seconds[text] for text in firsts) / cells**2
    return Agreement(
        sheet=sheet,
        column=column,
        cells=cells,
        agreeing=agreeing,
        raw=raw,
        kappa=None if chance == 1 else (raw - chance) / (1 - chance),
        pabak=2 * raw - 1,
    )


def row_name(kind: Kind, key: tuple[str, ...]) -> str:
    """Return a row by the cells that name it: ``group all, outcome cr, denominator all_treated``.

    Empty cells are left out; of an upright sheet it is the field.
    """
    if kind.upright:
        return key[0]
    return ", ".join(
        f"{column} {text}" for column, text in zip(kind.unique, key, strict=True) if text
    )


def in_words(comparison: Comparison) -> str:
    """Return a comparison as lines of text: every difference, then the agreement by column."""
    found = comparison.disagreements
    number = f"{len(found)} difference{'' if len(found) == 1 else 's'}"
    lines = [f"{comparison.series}: {number} between two extractions."]
    for each in found:
        places = [str(place) for place in (each.first_place, each.second_place) if place]
        lines += [
            "",
            f"{each.sheet}, {each.row}: {each.column}",
            f"    first  {each.first or '(empty)'}",
            f"    second {each.second or '(empty)'}",
            f"    {'; '.join(places)}",
        ]
    lines += ["", f"{'sheet, column':<34}{'equal':>11}{'raw':>7}{'kappa':>8}{'PABAK':>8}"]
    for column in comparison.agreement:
        kappa = "–" if column.kappa is None else f"{column.kappa:.2f}"
        lines.append(
            f"{f'{column.sheet}, {column.column}':<34}"
            f"{f'{column.agreeing}/{column.cells}':>11}{100 * column.raw:>5.0f} %"
            f"{kappa:>8}{column.pabak:>8.2f}"
        )
    lines += [
        "",
        "raw: share of equal cells over rows that both have; kappa collapses where one entry",
        "prevails, so PABAK (2 raw - 1) stands beside it.",
    ]
    return "\n".join(lines)


def _rows(kind: Kind, table: RawTable | None) -> dict[tuple[str, ...], _Row]:
    """Return the rows of a sheet by what names them, each cell with its address."""
    if table is None:
        return {}
    unique = ("field",) if kind.upright else kind.unique
    found = {}
    for line, cells in table.rows:
        row = {
            column: (text, table.place(line, column))
            for column, text in zip(table.heading, cells, strict=True)
        }
        found[tuple(row[column][0] if column in row else "" for column in unique)] = row
    return found


def _cells(column: str, key: tuple[str, ...], one: _Row, other: _Row) -> _Cell:
    """Return one column of a pair of rows; a column that a sheet leaves out is empty there."""
    first, second = one.get(column), other.get(column)
    return (
        key,
        first[0] if first else "",
        second[0] if second else "",
        first[1] if first else None,
        second[1] if second else None,
    )


def _differing(kind: Kind, column: str, cells: list[_Cell]) -> Iterator[Disagreement]:
    """Yield the cells of one column that differ."""
    for key, first, second, first_place, second_place in cells:
        if first != second:
            yield Disagreement(
                sheet=kind.name,
                row=row_name(kind, key),
                column=column,
                first=first,
                second=second,
                first_place=first_place,
                second_place=second_place,
            )


def _unpaired(
    kind: Kind, one: dict[tuple[str, ...], _Row], other: dict[tuple[str, ...], _Row]
) -> Iterator[Disagreement]:
    """Yield the rows that only one extractor has, cell by cell where something is written."""
    for key in (*one, *(key for key in other if key not in one)):
        if key in one and key in other:
            continue
        row = one.get(key) or other[key]
        for column, (text, place) in row.items():
            if text and column not in kind.unique:
                yield Disagreement(
                    sheet=kind.name,
                    row=row_name(kind, key),
                    column=column,
                    first=text if key in one else "",
                    second="" if key in one else text,
                    first_place=place if key in one else None,
                    second_place=None if key in one else place,
                )
