"""The same invented paper in every form gives the same proposals, and the right ones.

Rules were written with the first half of the seeds in sight. The other half was drawn afterwards.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.papers import forms
from tests.papers.invented import OUTCOMES, InventedPaper, paper
from toolkit.papers.drafting import draft_paper
from toolkit.papers.proposal import Draft
from toolkit.papers.vocabulary import vocabulary

WORDS = vocabulary(OUTCOMES)
SEEN = range(0, 6)
UNSEEN = range(1000, 1006)
Counts = Counter[tuple[str, str, str, int | None, int | None]]

pytest.importorskip("pdfplumber")
pytest.importorskip("reportlab")


def written(made: InventedPaper, form: str) -> list[bytes]:
    if form == "TSV":
        return forms.tsv(made)
    write = {
        "JATS": forms.jats,
        "HTML": forms.html,
        "text": forms.text,
        "PDF, boxes": lambda each: forms.pdf(each, boxes=True),
        "PDF, rules": lambda each: forms.pdf(each, boxes=False),
    }[form]
    return [write(made)]


def drafts(made: InventedPaper, form: str, folder: Path) -> list[Draft]:
    found = []
    for number, data in enumerate(written(made, form)):
        # The name says nothing: what a file is, is seen from its content.
        file = folder / f"paper-{number}"
        file.write_bytes(data)
        found.append(draft_paper(file, WORDS))
    return found


def proposed(found: list[Draft], *, in_table: bool) -> Counts:
    return Counter(
        (each.outcome, each.grade, each.group if in_table else "", each.events, each.total)
        for draft in found
        for each in draft.proposals
        if bool(each.table) is in_table
    )


def printed(made: InventedPaper, *, in_table: bool) -> Counts:
    return Counter(
        (each.outcome, each.grade, each.group if in_table else "", each.events, each.total)
        for each in made.gold
        if each.in_table is in_table
    )


FORMS = [(form, seed) for form in ("JATS", "HTML", "text", "TSV") for seed in (*SEEN, *UNSEEN)]
# Each PDF is read in a process of its own and takes seconds.
FORMS += [
    (form, seed) for form in ("PDF, boxes", "PDF, rules") for seed in (*SEEN[:3], *UNSEEN[:3])
]


@pytest.mark.parametrize(("form", "seed"), FORMS)
def test_every_form_gives_what_is_printed_and_nothing_else(seed: int, form: str, tmp_path: Path):
    made = paper(seed)
    found = drafts(made, form, tmp_path)
    assert proposed(found, in_table=True) == printed(made, in_table=True)
    if form != "TSV":
        assert proposed(found, in_table=False) == printed(made, in_table=False)


@pytest.mark.parametrize("seed", [*SEEN, *UNSEEN])
def test_a_cell_that_disagrees_with_itself_is_a_statement_and_no_count(seed: int, tmp_path: Path):
    made = paper(seed)
    (found,) = drafts(made, "JATS", tmp_path)
    stated = [each.quantity.as_printed for each in found.statements]
    assert all(cell in stated for cell in made.statements)
    assert not {each.quantity.as_printed for each in found.proposals} & set(made.statements)
    assert all(
        each["events"] is None for each in found.to_list() if each["rule"].startswith("statement")
    )


def test_the_invented_papers_print_tables_in_every_way_that_is_meant():
    made = [paper(seed) for seed in [*SEEN, *UNSEEN]]
    tables = [
        block
        for each in made
        for _, blocks in each.sections
        for block in blocks
        if not isinstance(block, str)
    ]
    assert any(table.continued for table in tables)
    assert {len(table.head) for table in tables} == {1, 2, 3}
    assert any(cell.mark for table in tables for row in table.body for cell in row)
    assert any(cell.indent for table in tables for row in table.body for cell in row)
    assert any(each.group for paper in made for each in paper.gold if each.in_table)
    assert any(each.statements for each in made)
