"""Two people extract Arcourt 2026 apart, differ where planted, decide, and one record results."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook

import toolkit
from toolkit.errors import SheetError, ToolkitError
from toolkit.load import read
from toolkit.reviewing.workbooks import (
    add_workbook,
    check_workbook,
    compare_workbooks,
    make_reconcile_workbook,
    make_workbook,
)

CHECKOUT = Path(toolkit.__file__).parents[1]
REVIEW, SERIES = "ped-venaza", "arcourt-2026"
# What the second extractor reads otherwise: sheet, cell, text.
PLANTED = (
    ("counts", "F3", "3"),
    ("counts", "L2", "Table 3, row CR, column N (%)"),
    ("counts", "F27", "4"),
    ("patients", "B3", "cri"),
    ("series", "B19", "Median 6.6 months (0.2-45.6)"),
)
AGREED = "Median 6.6 months (0.2-45.6) in the Results; 5.8 (0.2-34.5) in Table 3"
NOT_AVAILABLE = "group responders, outcome mrd_not_available, denominator responders"
TESTED = "group responders-mrd-tested, outcome mrd_negative, denominator responders"
DECISIONS = {
    ("counts", "group all, outcome cri, denominator all_treated", "events"): ("first", ""),
    ("counts", "group all, outcome cr, denominator all_treated", "where"): ("second", ""),
    ("counts", "group responders, outcome mrd_positive, denominator responders", "events"): (
        "first",
        "",
    ),
    ("patients", "patient 2", "response"): ("first", ""),
    ("series", "followup", "value"): ("other", AGREED),
    ("counts", NOT_AVAILABLE, ""): ("second", ""),
    ("counts", TESTED, ""): ("first", ""),
}


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path(
        shutil.copytree(CHECKOUT / "extractions" / REVIEW, tmp_path / "extractions" / REVIEW)
    )


def field(book: Workbook, name: str, text: str) -> None:
    for title, value in book["series"].iter_rows(min_row=2, max_col=2):
        if title.value == name:
            value.value = text


@pytest.fixture
def two(review: Path) -> tuple[Path, Path]:
    place = review.parents[1]
    first = make_workbook(review, SERIES, place / "first.xlsx")
    second = Path(shutil.copyfile(first, place / "second.xlsx"))
    book = openpyxl.load_workbook(first)
    field(book, "extracted_by", "A. Smith")
    book["counts"].delete_rows(28)
    book.save(first)
    book = openpyxl.load_workbook(second)
    field(book, "extracted_by", "B. Jones")
    for sheet, cell, text in PLANTED:
        book[sheet][cell] = text
    book["counts"].delete_rows(29)
    book.save(second)
    return first, second


def decide(path: Path, decisions: dict[tuple[str, str, str], tuple[str, str]]) -> None:
    book = openpyxl.load_workbook(path)
    for row in book["to decide"].iter_rows(min_row=2, max_col=9):
        place = (row[0].value, row[1].value, row[2].value or "")
        if place in decisions:
            row[5].value, row[6].value = decisions[place]
            row[8].value = "read again together"
    book.save(path)


def recorded(review: Path, sheet: str) -> str:
    return (review / "series" / SERIES / f"{sheet}.csv").read_text(encoding="utf-8")


def test_the_planted_disagreements_are_found_and_nothing_else(two: tuple[Path, Path]):
    found = compare_workbooks(*two)
    cells = {
        (each.sheet, each.row, each.column)
        for each in found.disagreements
        if each.row not in (NOT_AVAILABLE, TESTED)
    }
    assert cells == {place for place in DECISIONS if place[2]}
    events = next(
        each for each in found.agreement if (each.sheet, each.column) == ("counts", "events")
    )
    # All rows but the heading and the one that either of the two lacks.
    rows = len(openpyxl.load_workbook(two[0])["counts"]["A"]) - 1
    assert (events.cells, events.agreeing) == (rows - 1, rows - 3)
    assert events.pabak == pytest.approx(2 * (rows - 3) / (rows - 1) - 1)


def test_the_reconciled_workbook_is_recorded_with_both_names_and_every_decision(
    review: Path, two: tuple[Path, Path]
):
    before = {
        sheet: recorded(review, sheet) for sheet in ("series", "groups", "counts", "patients")
    }
    path = make_reconcile_workbook(*two, review.parents[1] / "reconcile.xlsx")
    decide(path, DECISIONS)
    sent = add_workbook(review, path)
    assert not sent.stale
    assert recorded(review, "patients") == before["patients"]
    assert recorded(review, "groups") == before["groups"]
    old_place = '8 (21),reported,primary,"Table 3, Response to treatment, row CR"'
    new_place = '8 (21),reported,primary,"Table 3, row CR, column N (%)"'
    assert recorded(review, "counts") == before["counts"].replace(old_place, new_place)
    series = read(review).one_series(SERIES)
    assert (series.extracted_by, series.checked_by) == ("A. Smith", "B. Jones")
    assert not series.single_extracted
    assert series.followup == AGREED
    log = list(csv.DictReader(io.StringIO(recorded(review, "reconciled"))))
    assert {
        (row["sheet"], row["row"], row["column"]): (row["decision"], row["agreed"]) for row in log
    } == DECISIONS
    assert {row["decided_by"] for row in log} == {"A. Smith; B. Jones"}


def test_the_log_goes_out_and_in_again_and_is_kept(review: Path, two: tuple[Path, Path]):
    path = make_reconcile_workbook(*two, review.parents[1] / "reconcile.xlsx")
    decide(path, DECISIONS)
    add_workbook(review, path)
    log = recorded(review, "reconciled")
    again = make_workbook(review, SERIES, review.parents[1] / "again.xlsx")
    assert check_workbook(review, again).changes == ()
    book = openpyxl.load_workbook(again)
    field(book, "followup", "corrected later")
    book.save(again)
    add_workbook(review, again)
    assert recorded(review, "reconciled") == log


def test_nothing_is_recorded_before_everything_is_decided(review: Path, two: tuple[Path, Path]):
    path = make_reconcile_workbook(*two, review.parents[1] / "reconcile.xlsx")
    some = dict(list(DECISIONS.items())[:-1])
    decide(path, some)
    before = recorded(review, "counts")
    with pytest.raises(SheetError, match="Nobody has decided this yet") as refused:
        add_workbook(review, path)
    assert [str(each.address) for each in refused.value.problems] == [
        "reconcile.xlsx, sheet to decide, cell F3"
    ]
    assert recorded(review, "counts") == before


@pytest.mark.parametrize(
    ("place", "decision", "told"),
    [
        (("counts", TESTED, ""), ("other", "4"), "A whole row is kept or left out"),
        (("patients", "patient 2", "response"), ("second", "cr"), "the decision is second"),
        (("patients", "patient 2", "response"), ("both", ""), '"both", which is not known'),
    ],
)
def test_a_decision_that_means_nothing_is_told(
    review: Path,
    two: tuple[Path, Path],
    place: tuple[str, str, str],
    decision: tuple[str, str],
    told: str,
):
    path = make_reconcile_workbook(*two, review.parents[1] / "reconcile.xlsx")
    decide(path, {**DECISIONS, place: decision})
    with pytest.raises(SheetError) as refused:
        check_workbook(review, path)
    assert told in str(refused.value)
    assert "1 problem." in str(refused.value)


def test_a_cell_changed_beside_its_decision_is_told(review: Path, two: tuple[Path, Path]):
    path = make_reconcile_workbook(*two, review.parents[1] / "reconcile.xlsx")
    decide(path, DECISIONS)
    book = openpyxl.load_workbook(path)
    book["counts"]["F3"] = "5"
    book.save(path)
    with pytest.raises(SheetError, match='The cell now reads "5", which is neither'):
        check_workbook(review, path)


@pytest.mark.parametrize("name", ["A. Smith", "a.  smith"])
def test_one_person_cannot_be_both_extractors(review: Path, two: tuple[Path, Path], name: str):
    book = openpyxl.load_workbook(two[1])
    field(book, "extracted_by", name)
    book.save(two[1])
    with pytest.raises(ToolkitError, match="Two people extract, each on their own"):
        make_reconcile_workbook(*two, review.parents[1] / "reconcile.xlsx")
