"""Deciding between two extractions on the desk."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk_client import at, said
from openpyxl import load_workbook
from starlette.testclient import TestClient
from test_sheets import SERIES, Page

from toolkit.load import read
from toolkit.reviewing.workbooks import make_workbook

DECIDED = "to decide"


@pytest.fixture
def page(client: TestClient) -> Page:
    said(client.post(at("r/small/new-series"), json={"key": "smith-2020"}))
    page = Page(client)
    page.fill_in()
    said(page.send("save"))
    return page


def second_workbook(folder: Path, name: str = "B. Jones") -> bytes:
    """Return the workbook of a second person who read 9 where the first read 8."""
    path = make_workbook(folder, "smith-2020", folder.parent / "second.xlsx")
    book = load_workbook(path)
    for row in book["series"].iter_rows(min_row=2):
        if row[0].value == "extracted_by":
            row[1].value = name
    heading = [cell.value for cell in book["counts"][1]]
    book["counts"].cell(2, heading.index("events") + 1).value = "9"
    book["counts"].cell(2, heading.index("as_printed") + 1).value = "9 (24)"
    book.save(path)
    return path.read_bytes()


def test_every_difference_is_decided_before_anything_is_recorded(page: Page, folder: Path) -> None:
    place = at(f"{SERIES}/workbook/file?name=second.xlsx")
    told = said(page.client.post(place, content=second_workbook(folder)))
    page.version = told["version"]
    assert told["differences"] == 2
    undecided = [each for each in told["problems"] if each["sheet"] == DECIDED]
    assert {each["what"] for each in undecided} == {"Nobody has decided this yet."}
    refused = page.send("save")
    assert refused.status_code == 422
    assert read(folder).one_series("smith-2020").counts[0].events_low == 8
    for row in (0, 1):
        page.does("cells", sheet=DECIDED, row=row, cells={"decision": "second"})
    said(page.send("save"))
    series = read(folder).one_series("smith-2020")
    assert (series.counts[0].events_low, series.counts[0].as_printed) == (9, "9 (24)")
    assert series.checked_by == "B. Jones"
    log = (folder / "series/smith-2020/reconciled.csv").read_text(encoding="utf-8").splitlines()
    assert len(log) == 3
    assert all("A. Smith; B. Jones" in line for line in log[1:])


def test_one_person_is_no_second_reader(page: Page, folder: Path) -> None:
    place = at(f"{SERIES}/workbook/file?name=second.xlsx")
    refused = page.client.post(place, content=second_workbook(folder, "a. smith"))
    assert refused.status_code == 422
    assert "Two people extract, each on their own" in refused.json()["message"]


def test_a_file_that_is_no_workbook_gets_a_sentence(page: Page) -> None:
    place = at(f"{SERIES}/workbook/file?name=second.xlsx")
    refused = page.client.post(place, content=b"not a workbook")
    assert refused.status_code == 422
    assert refused.json()["message"]
