"""Two extractions of one series: every planted disagreement is found, and nothing else."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import openpyxl
import pytest
from statsmodels.stats.inter_rater import cohens_kappa, to_table

from toolkit.errors import ToolkitError
from toolkit.reviewing.workbooks import compare_workbooks, make_workbook
from toolkit.sheets.comparison import agree

BASE = Path(__file__).parent / "_base"
# Cells of smith-2020 that the second extractor reads otherwise: sheet, cell, text.
PLANTED = (
    ("counts", "F2", "5"),
    ("counts", "G9", "12"),
    ("counts", "L6", "Table 3, row PR, column N"),
    ("groups", "C3", "6"),
    ("patients", "B5", "pr"),
    ("series", "B9", "2015-01 to 2020-12"),
)


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copytree(BASE, tmp_path / "extractions" / "invented"))


def two_workbooks(review: Path) -> tuple[Path, Path]:
    first = make_workbook(review, "smith-2020", review.parents[1] / "first.xlsx")
    second = Path(shutil.copyfile(first, review.parents[1] / "second.xlsx"))
    return first, second


def test_two_equal_workbooks_agree_in_everything(review: Path):
    found = compare_workbooks(*two_workbooks(review))
    assert found.disagreements == ()
    assert {(each.raw, each.pabak) for each in found.agreement} == {(1.0, 1.0)}


def test_planted_disagreements_are_found_at_their_cells(review: Path):
    first, second = two_workbooks(review)
    book = openpyxl.load_workbook(second)
    for sheet, cell, text in PLANTED:
        book[sheet][cell] = text
    book["series"]["B17"] = "B. Jones"
    book["appraisal"]["A2"], book["appraisal"]["B2"] = "1", "yes"
    book.save(second)
    found = compare_workbooks(first, second)
    places = {
        (each.sheet, each.second_place.cells, each.second)
        for each in found.disagreements
        if each.second_place
    }
    assert places == {*PLANTED, ("appraisal", "B2", "yes")}
    events = next(each for each in found.agreement if each.column == "events")
    assert (events.sheet, events.cells, events.agreeing) == ("counts", 9, 8)
    assert events.pabak == pytest.approx(2 * 8 / 9 - 1, abs=1e-15)


def test_kappa_is_that_of_statsmodels():
    chance = random.Random(7)
    for _ in range(50):
        pairs = [(chance.choice("aabc"), chance.choice("abbc")) for _ in range(30)]
        codes = [[ord(one), ord(other)] for one, other in pairs]
        expected = cohens_kappa(to_table(codes)[0], return_results=False)
        assert agree("counts", "basis", pairs).kappa == pytest.approx(expected, abs=1e-12)


def test_kappa_is_not_defined_where_nothing_varies():
    assert agree("counts", "basis", [("a", "a"), ("a", "a")]).kappa is None


def test_workbooks_of_two_series_are_not_compared(review: Path):
    first = make_workbook(review, "smith-2020", review.parents[1] / "first.xlsx")
    second = make_workbook(review, "jones-2021", review.parents[1] / "second.xlsx")
    with pytest.raises(ToolkitError, match=r"smith-2020 of invented, but second\.xlsx about jones"):
        compare_workbooks(first, second)
