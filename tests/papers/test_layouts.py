"""Tables laid out as journals do: every count that stands in them is proposed, and nothing else."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.papers import forms, layouts
from tests.papers.layouts import LAYOUTS, OUTCOMES, Layout
from toolkit.papers.drafting import draft_paper
from toolkit.papers.vocabulary import vocabulary

WORDS = vocabulary(OUTCOMES)
BY_NAME = {layout.name: layout for layout in LAYOUTS}
# A page is read in a process of its own and takes seconds.
ON_A_PAGE = [
    "any grade and grade 3 or higher in two arms of different size",
    "grades 1 to 5 under one head",
    "grade pairs in three rows of heads",
]


def written(layout: Layout, form: str) -> bytes:
    if form == "HTML":
        return layouts.html(layout).encode()
    if form == "JATS":
        return layouts.jats(layout).encode()
    made = layouts.paper(layout)
    if form == "TSV":
        return forms.tsv(made)[0]
    return forms.text(made) if form == "text" else forms.pdf(made, boxes=form == "PDF, boxes")


def proposed(layout: Layout, form: str, folder: Path) -> Counter[tuple[object, ...]]:
    file = folder / "paper"
    file.write_bytes(written(layout, form))
    found = draft_paper(file, WORDS).proposals
    return Counter(
        (each.outcome, each.grade, each.group, each.events, each.total) for each in found
    )


@pytest.mark.parametrize("form", ["JATS", "HTML", "text", "TSV"])
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_a_table_gives_its_counts_and_no_others(layout: Layout, form: str, tmp_path: Path):
    assert proposed(layout, form, tmp_path) == Counter(layout.counts)


@pytest.mark.parametrize("form", ["PDF, boxes", "PDF, rules"])
@pytest.mark.parametrize("name", ON_A_PAGE)
def test_a_table_on_a_page_gives_its_counts_and_no_others(name: str, form: str, tmp_path: Path):
    pytest.importorskip("pdfplumber")
    pytest.importorskip("reportlab")
    assert proposed(BY_NAME[name], form, tmp_path) == Counter(BY_NAME[name].counts)


def test_a_label_in_the_middle_of_its_rows_is_not_carried_to_the_rows_of_another(tmp_path: Path):
    # Between rules a page does not say which rows "Nausea" spans: "Any" stands above it.
    pytest.importorskip("pdfplumber")
    pytest.importorskip("reportlab")
    layout = BY_NAME["grade in a column of labels that spans rows"]
    found = proposed(layout, "PDF, rules", tmp_path)
    assert found == Counter(each for each in layout.counts if each[1] == "ge3")
