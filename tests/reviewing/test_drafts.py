"""A drafted workbook: nothing counts until somebody has put a name to it."""

from __future__ import annotations

import csv
import shutil
from hashlib import sha256
from pathlib import Path

import openpyxl
import pytest

from toolkit.errors import SheetError
from toolkit.papers.drafts import draft
from toolkit.reviewing.drafts import make_drafted_workbook
from toolkit.reviewing.workbooks import add_workbook

CHECKOUT = Path(__file__).resolve().parents[2]
PAPER = """Anemia in an invented series

Results

Anemia of grade 3 or higher occurred in 6 of 20 patients (30%). All 20 patients were followed.

Table 2. Harms (N = 20)

Harm\tAny grade, n (%)\tGrade 3-4, n (%)
Anemia\t12 (60)\t6 (30)
Fatigue\t5 (25)\t2 (40)
Hiccups\t3 (15)\t0
"""


@pytest.fixture
def review(tmp_path: Path) -> Path:
    shutil.copytree(CHECKOUT / "extractions" / "ped-venaza", tmp_path / "ped-venaza")
    return tmp_path / "ped-venaza"


def drafted(review: Path, tmp_path: Path) -> Path:
    (tmp_path / "paper").write_text(PAPER, encoding="utf-8")
    file = tmp_path / "invented-2020.xlsx"
    return make_drafted_workbook(review, "invented-2020", draft(review, tmp_path / "paper"), file)


def filled_in(file: Path, ticks: dict[str, str]) -> None:
    book = openpyxl.load_workbook(file)
    fields = {
        "label": "Invented 2020",
        "citation": "Nobody N. Nothing. Journal 2020",
        "report_read": "full text",
        "read_in": "own report",
        "toxicity_criteria": "CTCAE 5.0",
        "extracted_by": "B. Extractor",
    }
    said = {row[0].value: row[1].value for row in book["series"].iter_rows(min_row=2)}
    assert not said["extracted_by"], "who ticks is not who extracts: it stays a person's to fill in"
    for row in book["series"].iter_rows(min_row=2):
        if row[0].value in fields:
            row[1].value = fields[row[0].value]
    sheet = book["proposals"]
    heads = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        where = row[heads.index("where")].value
        row[heads.index("accepted_by")].value = ticks.get(where)
    book.save(file)


def rows(review: Path, name: str) -> list[dict[str, str]]:
    path = review / "series" / "invented-2020" / name
    return (
        list(csv.DictReader(path.read_text(encoding="utf-8").splitlines())) if path.exists() else []
    )


ANEMIA = "Table 2, row Anemia, column Grade 3-4, n (%)"


def test_only_ticked_proposals_become_counts(review: Path, tmp_path: Path):
    file = drafted(review, tmp_path)
    filled_in(file, {ANEMIA: "A. Reader"})
    add_workbook(review, file)
    (count,) = rows(review, "counts.csv")
    assert (count["outcome"], count["grade"], count["events"], count["total"]) == (
        "anemia",
        "ge3",
        "6",
        "20",
    )
    assert count["basis"] == "drafted"
    assert "A. Reader" in count["note"]
    (kept,) = rows(review, "proposals.csv")
    assert kept["accepted_by"] == "A. Reader"
    assert kept["paper"] == sha256(PAPER.encode()).hexdigest()
    about = {each["field"]: each["value"] for each in rows(review, "series.csv")}
    assert about["extracted_by"] == "B. Extractor"


def test_without_a_tick_nothing_counts(review: Path, tmp_path: Path):
    file = drafted(review, tmp_path)
    filled_in(file, {})
    add_workbook(review, file)
    assert rows(review, "counts.csv") == []
    assert rows(review, "proposals.csv") == []


def test_a_tick_on_what_is_no_count_yet_is_refused_at_its_cell(review: Path, tmp_path: Path):
    file = drafted(review, tmp_path)
    filled_in(file, {"Table 2, row Hiccups, column Any grade, n (%)": "A. Reader"})
    with pytest.raises(SheetError, match="sheet proposals, cell E"):
        add_workbook(review, file)


def test_a_cell_that_disagrees_with_itself_is_listed_and_not_proposed(review: Path, tmp_path: Path):
    sheet = openpyxl.load_workbook(drafted(review, tmp_path))["proposals"]
    heads = [cell.value for cell in sheet[1]]
    said = {
        row[heads.index("as_printed")]: row[heads.index("reason")]
        for row in sheet.iter_rows(min_row=2, values_only=True)
    }
    assert said["2 (40)"] == "2 of 20 is not 40 %"
