"""Thousands of small changes to a sound review: each is refused, or is exactly what it says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toolkit.checks.single_rows import every_line
from toolkit.load import check_tables, read_raw
from toolkit.review.review import Review
from toolkit.sheets.csv_files import RawTable
from toolkit.sheets.folder import read_tables
from toolkit.sheets.to_review import review

BASE = Path(__file__).parent / "_base"
RAW = read_tables(BASE)
SOUND = read_raw(RAW)
PLACES = [
    (place, row, column)
    for place, table in sorted(RAW.tables.items())
    for row in range(len(table.rows))
    for column, name in enumerate(table.heading)
    # The note of a comparator is for the next extractor and stays in its sheet.
    if (place, name) != (("", "comparators"), "note")
]
WRITTEN = sorted({cell for table in RAW.tables.values() for _, row in table.rows for cell in row})

# What people really type beside what any program might send.
TYPED = st.one_of(
    st.sampled_from(WRITTEN),
    st.integers(-3, 130).map(str),
    st.floats(0, 130, allow_nan=False).map(lambda value: f"{value:.2f}"),
    st.tuples(st.integers(0, 20), st.integers(0, 20)).map(lambda ends: f"{ends[0]}..{ends[1]}"),
    st.sampled_from(
        [
            "",
            " ",
            "26.3%",
            "0,12",
            "2-Mar",
            "=1+1",
            "@x",
            "<script>",
            "../..",
            "a\nb ",
            "1e3",
            "\u0664",
            "n/a",
        ]
    ),
    st.text(max_size=12),
)


def with_cell(table: RawTable, row: int, column: int, text: str) -> RawTable:
    line, cells = table.rows[row]
    changed = (*cells[:column], text, *cells[column + 1 :])
    return replace(table, rows=(*table.rows[:row], (line, changed), *table.rows[row + 1 :]))


def every_record(held: Review) -> dict[tuple[str, int], object]:
    """Return all that a review holds, by the sheet and line it was read from."""
    found: dict[tuple[str, int], object] = {}
    for series in held.series:
        found[series.address.file, 0] = replace(
            series, groups=(), counts=(), percentages=(), patients=(), appraisal=()
        )
        for record in (*series.groups, *series.counts, *series.patients):
            found[record.address.file, record.address.line] = record
        for number, item in enumerate(series.appraisal):
            found[f"{series.key}/appraisal", number] = item
    for comparator in held.comparators:
        found[comparator.address.file, comparator.address.line] = comparator
    for name in ("reports", "flow", "overlaps"):
        for number, record in enumerate(getattr(held, name)):
            found[name, number] = record
    return found


ASKED: list[bool] = []
"""Of each changed cell whether it was accepted."""


@settings(
    max_examples=2500,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.sampled_from(PLACES), TYPED)
def the_changed_cell(place, text):
    sheet, row, column = place
    table = RAW.tables[sheet]
    if table.rows[row][1][column] == text:
        return
    changed = with_cell(table, row, column, text)
    raw = replace(RAW, tables={**RAW.tables, sheet: changed})
    sheets, found = check_tables(raw)
    told = found.problems
    assert sheets is not None
    unread = {line.at(name) for line in every_line(sheets) for name in line.unread}
    assert unread <= {problem.address for problem in told}
    ASKED.append(not told)
    if told:
        assert all(problem.address.file and problem.what for problem in told)
        assert all(str(problem).count("\n") <= 3 for problem in told)
        return
    before, after = every_record(SOUND), every_record(review(sheets, ()))
    assert before.keys() == after.keys()
    differing = {key for key in before if before[key] != after[key]}
    inherits = sheet[1] == "groups"
    assert len(differing) == 1 or inherits
    line = table.rows[row][0]
    files = {key[0] for key in differing}
    assert len(files) == 1
    if sheet[1] in {"counts", "patients", "comparators"}:
        assert differing == {(table.file, line)}


def test_a_changed_cell_is_refused_or_changes_its_own_row():
    ASKED.clear()
    the_changed_cell()
    # Words of the vocabulary, numbers within their total, prose: about a quarter is sound, and to
    # refuse that would be a fault as well.
    assert len(ASKED) > 2400
    assert sum(ASKED) >= 600
