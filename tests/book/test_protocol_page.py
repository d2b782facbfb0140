"""The page of the protocol and the checklists: what the review says, and where it says it."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path

import pytest

import toolkit as tk
from toolkit.book.content.answers import Answers
from toolkit.book.content.results import Results
from toolkit.book.pages.protocol import checklists_page, protocol_page
from toolkit.review.protocol import Declarations, Eligibility
from toolkit.review.review import Review

CHECKOUT = Path(__file__).resolve().parents[2]
PRISMA_2020 = [
    *map(str, range(1, 10)),
    *("10a", "10b", "11", "12", "13a", "13b", "13c", "13d", "13e", "13f", "14", "15"),
    *("16a", "16b", "17", "18", "19", "20a", "20b", "20c", "20d", "21", "22"),
    *("23a", "23b", "23c", "23d", "24a", "24b", "24c", "25", "26", "27"),
]
"""Items as the statement numbers them (Page 2021, Table 1)."""


@pytest.fixture(scope="module")
def review() -> Review:
    return tk.read(CHECKOUT / "extractions" / "ped-venaza")


def unpooled(review: Review) -> Answers:
    """Return the answers of a review of which nothing has been computed."""
    return Answers(
        review=review,
        outcomes=tuple(each for each in review.outcomes if each.shown),
        pools={},
        by={},
        curves={},
        robustness={},
        results=Results(review.key, {}),
    )


def words(page: str) -> str:
    """Return what a reader sees of a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def items(page: str) -> dict[str, str]:
    """Return the last cell of each row of the first checklist by its item, as HTML."""
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    cells = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL) for row in rows]
    return {words(row[1]): row[3] for row in cells if len(row) == 4 and row[1][:1].isdigit()}


def test_what_the_protocol_leaves_empty_is_said(review: Review) -> None:
    bare = replace(review, authors=(), declarations=Declarations(), eligibility=Eligibility())
    said = words(protocol_page(unpooled(bare)))
    assert "Registration Not registered." in said
    assert "Funding Not stated." in said
    assert "Conflicts of interest Not stated." in said
    assert "Authors None named." in said
    assert "does not say when it was fixed" in said


def test_everything_that_the_protocol_declares_stands_on_its_page(review: Review) -> None:
    declared = Declarations(
        fixed="In May.",
        registration="PROSPERO CRD1",
        funding="None.",
        conflicts="One <b>.",
        amendments=("In June: one set more.",),
    )
    said = words(protocol_page(unpooled(replace(review, declarations=declared))))
    for each in ("In May.", "PROSPERO CRD1", "One <b>.", "In June: one set more."):
        assert each in said
    assert "Not registered" not in said
    eligible = review.eligibility
    for criteria in (eligible.population, eligible.designs, eligible.excluded):
        assert criteria
        assert all(each in said for each in criteria)
    assert all(each.description in said for each in review.sets)
    shown = [each for each in review.outcomes if each.shown]
    assert all(each.definition in said for each in shown)
    assert review.outcome("crc").thresholds_why in said


def test_every_item_of_prisma_has_a_place_or_a_reason(review: Review) -> None:
    found = items(checklists_page(unpooled(review), alone=False))
    assert [*found] == PRISMA_2020
    for item, where in found.items():
        assert "href=" in where or re.search(r"Not done\.</strong> \w.{15}", where), item
    for item in ("6", "7", "24a", "25"):
        assert "Not done." in found[item]


def test_what_is_done_is_no_longer_called_undone(review: Review) -> None:
    done = replace(
        review,
        last_search="2026-01-31",
        sources=("PubMed",),
        declarations=replace(review.declarations, registration="PROSPERO CRD1", funding="None."),
    )
    found = items(checklists_page(unpooled(done), alone=True))
    for item in ("1", "6", "24a", "25"):
        assert "Not done." not in found[item]
        assert "href=" in found[item]
    assert "../index.html" in found["1"]


def test_a_review_without_harm_has_no_checklist_of_harms(review: Review) -> None:
    harmless = replace(
        unpooled(review), outcomes=tuple(each for each in review.outcomes if not each.grade)
    )
    assert "extension does not apply" in checklists_page(harmless, alone=False)
    assert "extension does not apply" not in checklists_page(unpooled(review), alone=False)
