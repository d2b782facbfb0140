"""What pages and figures tell of patients, events, reports and judgements, against the sheets."""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from in_browser import opened
from playwright.sync_api import Browser, Page

from toolkit.load import find_all

TABLE = """(table) => [...table.rows].map((row) => [...row.cells].map((c) => c.innerText.trim()))"""
# The title of a lane stands in it, or in the link around it.
TITLES = """(lanes) => lanes.map((lane) => [
    lane.id.split("-lane-")[1], (lane.closest("a") || lane).querySelector("title").textContent
])"""
SHEET = re.compile(r"(?P<file>series/\S+\.csv), line (?P<line>\d+)")


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as sheet:
        return list(csv.DictReader(sheet))


def with_patients() -> Path:
    """Return the sheet of patients of the first series that has one."""
    return next(path for review in find_all() for path in review.glob("series/*/patients.csv"))


def protocol(review: Path) -> dict[str, Any]:
    return tomllib.loads((review / "review.toml").read_text("utf-8"))


@pytest.fixture
def opening(browser: Browser, whole_book: Path) -> Iterator[Callable[[Path, str], Page]]:
    """Yield what opens a page of a review's folder."""
    with opened(browser, whole_book.as_uri()) as (page, heard):

        def go(review: Path, name: str) -> Page:
            page.goto(f"{whole_book.as_uri()}/{review.name}/{name}.html", wait_until="load")
            page.wait_for_load_state("networkidle")
            return page

        yield go
        assert heard.wrong == []


def test_patients_are_counted_as_their_sheet_counts_them(
    opening: Callable[[Path, str], Page],
) -> None:
    sheet = with_patients()
    patients = lines(sheet)
    facets = protocol(sheet.parents[2])["facets"]
    page = opening(sheet.parents[2], "patients")
    crossed = 0
    for key, facet in facets.items():
        if not any(patient.get(key) for patient in patients):
            continue
        wanted = Counter(facet["words"][patient[key]] for patient in patients if patient[key])
        caption = page.locator("caption", has_text=f"Responses by {facet['label'].lower()}:")
        rows = caption.locator("xpath=..").evaluate(TABLE)
        assert {row[0]: int(row[1]) for row in rows[1:]} == wanted
        for row in rows[1:]:
            # Every patient of a row has one of the responses beside it.
            assert sum(map(int, row[2:])) == int(row[1])
        responders = sum(int(row[rows[0].index("CR")]) for row in rows[1:])
        assert responders == sum(patient["response"] == "cr" for patient in patients)
        crossed += 1
    assert crossed > 1
    for kind in ("wide", "narrow"):
        assert page.locator(f".st-{kind} .lane").count() == len(patients)


def test_cells_of_the_table_of_events_lead_to_their_line_of_the_sheet(
    opening: Callable[[Path, str], Page],
) -> None:
    review = with_patients().parents[2]
    page = opening(review, "toxicity")
    figure = page.locator("figure[id*='-events-'] .st-wide")
    cells = figure.locator(".st-leads").evaluate_all(
        "(links) => links.map((a) => [a.getAttribute('aria-label'), a.getAttribute('href')])"
    )
    silent = figure.locator(".dot title", has_text="not reported").count()
    assert cells
    # Every event has a cell for every series, whether it is reported or not.
    series = {words.split(". ")[1].split(":")[0] for words, _ in cells}
    assert (len(cells) + silent) % len(series) == 0
    page = opening(review, "data")
    for words, address in cells:
        row = page.locator(f"tr:has([id='{address.split('#')[1]}'])")
        found = SHEET.search(row.text_content() or "")
        assert found
        # Line 1 is the heading.
        count = lines(review / found["file"])[int(found["line"]) - 2]
        events = count["events"].replace("..", "–")
        assert f": {events} of {count['total']}, " in words
        assert count["outcome"] == address.split("#")[1].split(f"-{found['file'].split('/')[1]}")[0]


@pytest.mark.parametrize("review", find_all(), ids=lambda path: path.name)
def test_each_box_of_the_flow_leads_to_its_list(
    review: Path, opening: Callable[[Path, str], Page]
) -> None:
    page = opening(review, "series")
    figure = page.locator("figure[id$='-flow'] .st-wide")
    boxes = {box["box"]: box for box in lines(review / "flow.csv")}
    lanes = figure.locator(".lane")
    assert lanes.count() == len(boxes)
    linked = figure.locator(".st-leads")
    assert linked.count() > 0
    # The number stands behind no-break spaces.
    drawn = [
        each.replace("\xa0", " ").strip() for each in figure.locator("svg text").all_text_contents()
    ]
    titles = dict(lanes.evaluate_all(TITLES))
    for key, box in boxes.items():
        told = box["number"] or "still to be done"
        assert titles[key].startswith(f"{box['label']}: {told}.")
        if box["number"]:
            assert any(each.split("n = ")[-1] == box["number"] for each in drawn), key
    for link in linked.all():
        place = (link.get_attribute("href") or "").removeprefix("#")
        link.locator(".lane").click()
        page.wait_for_url(f"**#{place}")
        assert page.locator(f"[id='{place}']").count() == 1


def test_the_list_of_a_box_has_as_many_reports_as_the_box_says(
    opening: Callable[[Path, str], Page],
) -> None:
    review = with_patients().parents[2]
    page = opening(review, "series")
    boxes = {box["box"]: box["number"] for box in lines(review / "flow.csv")}
    reports = Counter(report["status"] for report in lines(review / "reports.csv"))
    for status, count in reports.items():
        listed = page.locator(f"[id='{review.name}-reports-{status}']").locator(
            "xpath=following::ul[1]/li"
        )
        assert listed.count() == count, status
    assert int(boxes["other_not_retrieved"]) == reports["not_retrieved"] + reports["quoted"]
    assert int(boxes["reports_included"]) == reports["included"]


def test_judgements_are_drawn_and_told_as_the_sheet_has_them(
    opening: Callable[[Path, str], Page],
) -> None:
    review = next(path for path in find_all() if [*path.glob("series/*/appraisal.csv")])
    wanted = {}
    for sheet in review.glob("series/*/appraisal.csv"):
        about = {each["field"]: each["value"] for each in lines(sheet.parent / "series.csv")}
        for each in lines(sheet):
            judged = each["judgement"].replace("_", " "), each["ground"]
            wanted[about["label"], each["item"]] = judged
    page = opening(review, "series")
    summary = page.locator("summary", has_text="Rationale of each judgment")
    summary.click()
    rows = summary.locator("xpath=..").locator("table").evaluate(TABLE)[1:]
    told = {tuple(row[0].rsplit(", ", 1)): (row[2], row[3]) for row in rows}
    assert told == wanted
    titles = page.locator("figure[id$='-appraisal'] .st-wide .dot title").all_text_contents()
    drawn = Counter(
        word
        for title in titles
        for word in ("unclear", "not applicable", "yes", "no")
        if re.search(rf"\b{word}\b", title.split(": ", 1)[1].split(".")[0].split(";")[0].lower())
    )
    assert drawn == Counter(judgement for judgement, _ in wanted.values())
