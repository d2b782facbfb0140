"""From an empty review to a recorded series, by what a page sends; and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from desk_client import at, said
from starlette.testclient import TestClient

from toolkit.desk.desk import Desk
from toolkit.errors import in_words
from toolkit.load import check_tables, read
from toolkit.sheets.folder import read_tables
from toolkit.sheets.schema.vocabularies import VOCABULARIES

SERIES = "r/small/series/smith-2020"
SHEETS: list[tuple[str, dict[str, str]]] = [
    (
        "groups",
        {"key": "all", "label": "All", "patients": "38", "line": "first", "where": "Table 1"},
    ),
    (
        "counts",
        {
            "group": "all",
            "outcome": "first",
            "events": "8",
            "total": "38",
            "denominator": "all_treated",
            "as_printed": "8 (21)",
            "where": "Table 3, row Response",
        },
    ),
]
ABOUT = {
    "label": "Smith 2020",
    "citation": "Smith A. Journal 2020;1:1",
    "report_read": "full text",
    "extracted_by": "A. Smith",
}


class Page:
    """A tab of the browser: it knows the version of the draft that it shows."""

    def __init__(self, client: TestClient, place: str = SERIES) -> None:
        self.client, self.place, self.version = client, place, 0

    def send(self, path: str, **words: Any) -> Any:
        answer = self.client.post(
            at(f"{self.place}/{path}"), json={"version": self.version, **words}
        )
        if answer.status_code == 200:
            self.version = answer.json()["version"]
        return answer

    def does(self, action: str, **words: Any) -> dict[str, Any]:
        return said(self.send("edit", action=action, **words))

    def fill_in(self) -> None:
        self.does("cells", sheet="series", row=0, cells=ABOUT)
        for sheet, cells in SHEETS:
            row = self.does("add", sheet=sheet)["row"]
            self.does("cells", sheet=sheet, row=row, cells=cells)


@pytest.fixture
def page(client: TestClient) -> Page:
    said(client.post(at("r/small/new-series"), json={"key": "smith-2020"}))
    return Page(client)


def test_a_series_that_is_filled_in_is_recorded_as_add_would(page: Page, folder: Path) -> None:
    page.fill_in()
    assert not (folder / "series").exists()
    told = said(page.send("save"))
    assert "counts, all, first, all_treated: new row: events 8; total 38; " in told["recorded"][-1]
    assert told["changed"] is False
    review = read(folder)
    count = review.one_series("smith-2020").counts[0]
    assert (count.events_low, count.total, count.as_printed) == (8, 38, "8 (21)")
    rows = (folder / "series/smith-2020/counts.csv").read_text(encoding="utf-8").splitlines()
    assert rows[1].startswith("all,first,,,,8,38,all_treated,8 (21),reported,primary,")


def test_a_wrong_number_is_refused_beside_its_field_in_the_words_of_check(
    page: Page, folder: Path
) -> None:
    page.fill_in()
    said(page.send("save"))
    told = page.does("cells", sheet="counts", row=0, cells={"events": "48"})
    found = [each for each in told["problems"] if each["sheet"] == "counts"]
    assert {(each["row"], each["columns"][0]) for each in found} == {(0, "events")}
    refused = page.send("save")
    assert refused.status_code == 422
    counts = folder / "series/smith-2020/counts.csv"
    assert ",8,38," in counts.read_text(encoding="utf-8")
    # The same sheets on the disk are refused by ``toolkit check`` in the same words.
    counts.write_text(counts.read_text(encoding="utf-8").replace(",8,38,", ",48,38,"))
    checked = check_tables(read_tables(folder))[1].problems
    assert [each["what"] for each in found] == [each.what for each in checked]
    assert refused.json()["listed"] == [str(each) for each in checked]
    assert "events is 48 but total is 38." in in_words(checked)


def test_undo_goes_back_step_by_step(page: Page) -> None:
    page.does("cells", sheet="series", row=0, cells={"label": "One"})
    page.does("cells", sheet="series", row=0, cells={"label": "Two"})
    page.does("undo")
    pane = page.client.get(at(f"{SERIES}/pane?sheet=series")).text
    assert 'value="One"' in pane
    assert page.does("undo")["undo"] is False
    assert 'value="One"' not in page.client.get(at(f"{SERIES}/pane?sheet=series")).text


def test_a_draft_outlives_the_desk_and_stays_out_of_the_record(page: Page, folder: Path) -> None:
    page.does("cells", sheet="series", row=0, cells={"label": "Kept"})
    drafts = [*(folder / ".desk").glob("series-smith-2020.*.json")]
    assert [json.loads(path.read_text())["rows"]["series"] for path in drafts] == [
        [{"label": "Kept"}]
    ]
    assert (folder / ".desk" / ".gitignore").read_text() == "*\n"
    assert read_tables(folder).problems == ()
    assert read_tables(folder).series == ()


def test_two_tabs_on_one_draft(page: Page) -> None:
    other = Page(page.client)
    page.does("cells", sheet="series", row=0, cells={"label": "First tab"})
    refused = other.send("edit", action="cells", sheet="series", row=0, cells={"label": "Second"})
    assert refused.status_code == 409
    assert "changed in another tab" in refused.json()["message"]
    other.version = page.version
    other.does("cells", sheet="series", row=0, cells={"citation": "Then both"})


def test_the_later_of_two_people_is_shown_what_changed_and_loses_nothing(
    page: Page, client: TestClient, folder: Path
) -> None:
    page.fill_in()
    said(page.send("save"))
    other = Desk(reviews={"small": folder}, place=folder.parent)
    mine, theirs = page, other.opened("small", series="smith-2020")
    assert theirs.file.path.name == "series-smith-2020.2.json"
    mine.does("cells", sheet="counts", row=0, cells={"note": "Mine."})
    mine.does("cells", sheet="series", row=0, cells={"design": "mine"})
    theirs.change(
        0,
        lambda draft: draft.with_sheet(
            "series", [{**draft.sheet("series")[0], "countries": "France", "design": "theirs"}]
        ),
    )
    theirs.save(theirs.version)
    refused = mine.send("save")
    assert refused.status_code == 409
    assert refused.json()["changed"] == [
        'series, countries: value was empty, is "France"',
        'series, design: value was empty, is "theirs"',
    ]
    together = said(mine.send("merge"))
    assert together["merged"] == [
        'series: design is "mine" here and "theirs" in the record; yours stays.'
    ]
    said(mine.send("save"))
    series = read(folder).one_series("smith-2020")
    assert (series.countries, series.design, series.counts[0].note) == ("France", "mine", "Mine.")


def test_a_folder_that_cannot_be_written_gets_a_sentence(
    page: Page, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.fill_in()

    def full(*given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("toolkit.sheets.folder._write_through", full)
    refused = page.send("save")
    assert refused.status_code == 422
    assert "No space left on device. Nothing was recorded." in refused.json()["message"]
    assert read_tables(folder).series == ()
    monkeypatch.setattr("toolkit.sheets.whole_file.os.fsync", full)
    refused = page.send("edit", action="cells", sheet="series", row=0, cells={"label": "X"})
    assert refused.status_code == 422
    assert "Nothing has changed there." in refused.json()["message"]
    monkeypatch.undo()
    assert 'value="Smith 2020"' in page.client.get(at(f"{SERIES}/pane?sheet=series")).text
    said(page.send("save"))
    assert read(folder).one_series("smith-2020").label == "Smith 2020"


def test_overlap_is_judged_on_its_own_sheet(page: Page, folder: Path) -> None:
    page.fill_in()
    said(page.send("save"))
    client = page.client
    said(client.post(at("r/small/new-series"), json={"key": "jones-2021"}))
    second = Page(client, "r/small/series/jones-2021")
    second.fill_in()
    second.does(
        "cells", sheet="series", row=0, cells={"label": "Jones 2021", "citation": "J B. 2021"}
    )
    said(second.send("save"))
    sheet = Page(client, "r/small/sheet/overlap")
    row = sheet.does("add", sheet="overlap", cells={"first": "jones-2021", "second": "smith-2020"})
    told = sheet.does("cells", sheet="overlap", row=row["row"], cells={"judgement": "separate"})
    assert {each["columns"][0] for each in told["problems"]} == {"evidence", "decided_by"}
    refused = sheet.send("save")
    assert refused.status_code == 422
    words = {"evidence": "Different countries.", "decided_by": "A. Smith"}
    sheet.does("cells", sheet="overlap", row=0, cells=words)
    said(sheet.send("save"))
    assert [each.judgement for each in read(folder).overlaps] == ["separate"]


def test_grade_is_judged_with_the_words_of_the_schema(page: Page, folder: Path) -> None:
    sheet = Page(page.client, "r/small/sheet/grade")
    waiting = page.client.get(at("r/small/sheet/grade/pane?sheet=grade")).text
    assert waiting.count("6 of 6 still to be judged") == 3
    domains = [*VOCABULARIES["grade_domain"]]
    rows = [{"cells": {"outcome": "first", "domain": domain}} for domain in domains]
    sheet.does("add", sheet="grade", rows=rows)
    pane = page.client.get(at("r/small/sheet/grade/pane?sheet=grade&row=0")).text
    assert "very_serious: of a domain: two levels lower" in pane
    judged = {**dict.fromkeys(domains, "not_serious"), "imprecision": "serious", "certainty": "low"}
    for row, domain in enumerate(domains):
        cells = {"judgement": judged[domain], "reason": "Why.", "decided_by": "A. Smith"}
        sheet.does("cells", sheet="grade", row=row, cells=cells)
    said(sheet.send("save"))
    found = {each.domain: each.judgement for each in read(folder).judgements}
    assert (found["imprecision"], found["certainty"]) == ("serious", "low")


def test_a_new_review_is_begun_from_its_words(client: TestClient, folder: Path) -> None:
    words = {"key": "second", "title": "Second", "outcome": "Cure", "measure": "counts"}
    assert said(client.post(at("new-review"), json=words)) == {"to": "r/second"}
    assert read(folder.parent / "second").outcomes[0].label == "Cure"
    again = client.post(at("new-review"), json=words)
    assert again.status_code == 422
    assert "is there already" in again.json()["message"]
    assert client.post(at("new-review"), json={"key": "../x"}).status_code == 422


def test_a_sheet_that_cannot_be_read_is_not_written_over(client: TestClient, folder: Path) -> None:
    place = folder / "series" / "broken"
    place.mkdir(parents=True)
    (place / "counts.csv").write_text("group;outcome\nall;first\n")
    answer = client.get(at("r/small/series/broken"), headers={"x-desk": "1"})
    assert answer.status_code == 422
    assert "separated by semicolons" in answer.json()["listed"][0]
