"""A paper beside the sheet: nothing in it acts, its proposals wait, numbers bring their place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from desk_client import at, said
from starlette.testclient import TestClient
from test_sheets import ABOUT, SERIES, Page

from toolkit.load import read

PAPER = """<!doctype html><html><head><title>A series</title>
<script>document.title = "ran"</script><link rel="stylesheet" href="http://evil.example/a.css">
</head><body onload="alert(1)"><h1>A series <b onclick="alert(2)">of patients</b></h1>
<h2>Results</h2>
<p>Of 38 patients, response was seen in 8 of 38 patients (21%).
<a href="javascript:alert(3)">More</a> <img src="http://evil.example/x.png" onerror="alert(4)">
<iframe src="http://evil.example"></iframe> Follow-up was 6.6 months.</p>
<table><caption>Table 3. Response &lt;script&gt;alert(5)&lt;/script&gt; (N = 38)</caption>
<tr><th>Response, n (%)</th><th>N = 38</th></tr>
<tr><td>Response</td><td>8 (21)</td></tr>
<tr><td>Hospital stay, days</td><td>12</td></tr>
<tr><td>Infusions</td><td>31 (82)</td></tr></table>
<svg onload="alert(6)"><script>alert(7)</script></svg></body></html>"""


@pytest.fixture
def page(client: TestClient) -> Page:
    said(client.post(at("r/small/new-series"), json={"key": "smith-2020"}))
    return Page(client)


def lay(page: Page, content: str = PAPER, name: str = "paper.html") -> dict[str, Any]:
    answer = page.client.post(at(f"{SERIES}/paper/file?name={name}"), content=content.encode())
    told = said(answer)
    page.version = told["version"]
    return told


def key_of(page: Page, printed: str, nth: int = 0) -> str:
    """Return the name that the page gives to a number of the paper."""
    shown = page.client.get(at(f"{SERIES}/paper")).text
    pieces = [each for each in shown.split('<span class="number') if f">{printed}</span>" in each]
    return pieces[nth].split('data-number="')[1].split('"')[0]


def test_a_paper_shows_its_words_and_nothing_that_acts(page: Page) -> None:
    lay(page)
    shown = page.client.get(at(f"{SERIES}/paper")).text
    assert "Follow-up was" in shown
    assert "Table 3" in shown
    for acting in ("<script", "onerror", "onload", "onclick", "javascript:", "<img", "<iframe"):
        assert acting not in shown
    assert "evil.example" not in shown
    assert "&lt;script&gt;alert(5)&lt;/script&gt;" in shown


def test_what_a_paper_proposes_waits_until_somebody_accepts_it(page: Page, folder: Path) -> None:
    told = lay(page)
    assert told["proposals"] == 2
    page.does("cells", sheet="series", row=0, cells=ABOUT)
    page.does("cells", sheet="groups", row=0, cells={"line": "first"})
    said(page.send("save"))
    assert read(folder).one_series("smith-2020").counts == ()
    assert not (folder / "series/smith-2020/proposals.csv").exists()
    refused = page.send("edit", action="accept", rows=[0], name=" ")
    assert refused.json()["message"] == ("Who compared it with the paper? Write your name first.")
    done = page.does("accept", rows="all", name="A. Smith")
    # Table and text print one count: it is recorded once.
    assert done["told"] == "2 proposals are counts now, accepted by A. Smith."
    said(page.send("save"))
    series = read(folder).one_series("smith-2020")
    assert [(each.events_low, each.total, each.basis) for each in series.counts] == [
        (8, 38, "drafted")
    ]
    assert series.extracted_by == ABOUT["extracted_by"]
    proposals = (folder / "series/smith-2020/proposals.csv").read_text(encoding="utf-8")
    assert proposals.count("A. Smith") == 2
    assert not [*(folder / "series/smith-2020").glob("*.html")]


def test_a_number_brings_its_place(page: Page) -> None:
    lay(page)
    row = page.does("add", sheet="counts")["row"]
    told = page.does(
        "take", sheet="counts", row=row, column="events", number=key_of(page, "31 (82)")
    )
    assert told["cells"] | {} == told["cells"]
    taken = {name: told["cells"][name] for name in ("events", "total", "as_printed", "where")}
    assert taken == {
        "events": "31",
        "total": "38",
        "as_printed": "31 (82)",
        "where": "Table 3, row Infusions",
    }


def test_a_percentage_is_never_taken_for_a_count(page: Page) -> None:
    lay(page, "Results\n\nFever was seen in 21% of them. There were 38 patients in all.\n", "a.txt")
    row = page.does("add", sheet="counts")["row"]
    told = page.does("take", sheet="counts", row=row, column="events", number=key_of(page, "21%"))
    assert "events" not in told["cells"] or told["cells"]["events"] == ""
    assert "is a percentage" in told["told"]
    assert told["cells"]["as_printed"] == "21%"


def test_a_total_leaves_the_place_of_its_count(page: Page) -> None:
    lay(page)
    row = page.does("add", sheet="counts")["row"]
    page.does("take", sheet="counts", row=row, column="events", number=key_of(page, "12"))
    told = page.does("take", sheet="counts", row=row, column="total", number=key_of(page, "38"))
    pane = page.client.get(at(f"{SERIES}/pane?sheet=counts&row={row}")).text
    assert told["cells"]["total"] == "38"
    assert "Table 3, row Hospital stay, days" in pane


def test_a_file_that_is_no_paper_gets_a_sentence_and_is_not_kept(page: Page, folder: Path) -> None:
    answer = page.client.post(
        at(f"{SERIES}/paper/file?name=a.docx"), content=b"PK\x03\x04" + b"x" * 99
    )
    assert answer.status_code == 422
    assert answer.json()["message"].startswith("a.docx: This is a zipped file")
    assert not [*(folder / ".desk" / "papers").iterdir()]


def test_only_a_pdf_is_ever_sent_as_it_is(page: Page) -> None:
    lay(page)
    answer = page.client.get(at(f"{SERIES}/original"), headers={"x-desk": "1"})
    assert answer.status_code == 422
    assert "alert" not in answer.text


def test_the_paper_is_there_again_after_the_page_is_loaded_anew(page: Page) -> None:
    lay(page)
    shown = page.client.get(at(SERIES)).text
    assert "Follow-up was" in shown
    assert lay(page)["tabs"]["proposals"] == lay(page)["tabs"]["proposals"]
