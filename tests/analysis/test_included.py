"""Which studies answer the question: counted from the sets, and held against the flow."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

import toolkit as tk
from toolkit.analysis.included import answering, counted_flow, flow_remarks, miscounted, misfiled
from toolkit.review.review import FlowBox, Review

CHECKOUT = Path(__file__).resolve().parents[2]
REVIEWS = ("ped-venaza", "infant-all")


@pytest.fixture(scope="module", params=REVIEWS)
def review(request: pytest.FixtureRequest) -> Review:
    return tk.read(CHECKOUT / "extractions" / request.param)


def test_the_flow_and_the_statuses_are_what_the_sets_select(review: Review) -> None:
    assert not [*miscounted(review)]
    assert not [*misfiled(review)]


def test_studies_of_other_diseases_and_of_first_lines_do_not_answer(review: Review) -> None:
    answers = answering(review)
    primary = tk.pool(review, next(each.key for each in review.outcomes if each.shown))
    assert {row.series for row in primary.rows} <= set(answers)
    if review.key == "ped-venaza":
        # Read one by one: an ALL trial, two of newly diagnosed children, three whose partners
        # of venetoclax are others or not told apart.
        others = {"place-2025-all", "wen-2024", "via-2025", "karol-2020"}
        others |= {"marinoff-ucsf", "pmc11739770"}
        assert set(answers) == {each.key for each in review.series} - others


def test_a_wrong_box_and_a_wrong_status_are_remarked(review: Review) -> None:
    held = len(answering(review))
    box = FlowBox(box="series_included", label="Studies", number=held + 6, note="")
    wrong = replace(review, flow=(box,))
    assert [(each.number, counted) for each, counted in miscounted(wrong)] == [(held + 6, held)]
    assert any(f"says {held + 6} in series_included" in told for told in flow_remarks(wrong))
    outside = next(each.key for each in review.series if each.key not in answering(review))
    report = replace(review.reports[0], key="one", series=outside, status="included")
    assert [(each.key, found) for each, found in misfiled(replace(review, reports=(report,)))] == [
        ("one", False)
    ]


def test_a_box_without_a_number_is_counted(review: Review) -> None:
    empty = tuple(replace(each, number=None) for each in review.flow)
    found = {each.box: each.number for each in counted_flow(replace(review, flow=empty))}
    statuses = Counter(each.status for each in review.reports)
    assert found["series_included"] == len(answering(review))
    assert found["reports_included"] == statuses["included"]
    assert found["records_screened"] is None
