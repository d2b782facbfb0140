"""Every number of a manuscript is a quote from results.json, and none is written by hand."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from PIL import Image

from toolkit.book.content.answers import Answers
from toolkit.errors import ToolkitError
from toolkit.takeaway.journal_figures import write_figures
from toolkit.takeaway.manuscript import (
    TEMPLATES,
    Block,
    ManuscriptTable,
    manuscript,
    pooled_answers,
)
from toolkit.takeaway.pieces import Piece, text_of
from toolkit.takeaway.word import latex_tables, word_file


@pytest.fixture(scope="module")
def blocks(answers: Answers) -> tuple[Block, ...]:
    return manuscript(answers)


def parts(blocks: tuple[Block, ...]) -> Iterator[Piece]:
    for block in blocks:
        if isinstance(block, ManuscriptTable):
            for row in (block.heading, *block.rows):
                for cell in row:
                    yield from cell
        else:
            yield from block.parts


def test_each_quote_is_what_stands_in_the_results(
    blocks: tuple[Block, ...], answers: Answers
) -> None:
    quotes = [each for each in parts(blocks) if each.path]
    assert len(quotes) > 20
    for each in quotes:
        found = answers.results.at(each.path)
        exact = f"{found.value:g}" if isinstance(found.value, int | float) else ""
        assert each.text in (str(found), exact), each.path


def test_no_digit_stands_outside_a_quote_or_the_review_s_own_words(
    blocks: tuple[Block, ...],
) -> None:
    for each in parts(blocks):
        if not each.path and not each.said:
            assert not re.search(r"\d", each.text)


@pytest.mark.parametrize("number", ["41%", "{{ 41 }}", "{{ 0.41 }}"])
def test_a_number_written_by_hand_is_refused(number: str, answers: Answers, tmp_path: Path) -> None:
    words = (TEMPLATES / "manuscript.jinja").read_text(encoding="utf-8")
    changed = words.replace("{{ answer.at[lead].estimate }}", number)
    assert changed != words
    (tmp_path / "manuscript.jinja").write_text(changed, encoding="utf-8")
    with pytest.raises(ToolkitError, match="must be quoted from"):
        manuscript(answers, tmp_path)


def test_the_word_file_holds_the_same_words(blocks: tuple[Block, ...]) -> None:
    document = docx.Document(io.BytesIO(word_file(blocks)))
    written = [each.text for each in document.paragraphs if each.text]
    assert written == [
        text_of(each.parts) for each in blocks if not isinstance(each, ManuscriptTable)
    ]
    grids = [each for each in blocks if isinstance(each, ManuscriptTable)]
    for table, grid in zip(document.tables, grids, strict=True):
        cells = [[cell.text for cell in row.cells] for row in table.rows]
        assert cells == [[text_of(c) for c in row] for row in (grid.heading, *grid.rows)]


def test_the_pooled_answer_is_there_with_its_interval(
    blocks: tuple[Block, ...], answers: Answers
) -> None:
    leading = pooled_answers(answers)[0].leading
    text = " ".join(text_of(each.parts) for each in blocks if not isinstance(each, ManuscriptTable))
    assert f"{leading['estimate']} (" in text
    assert f"interval {leading['low']} to {leading['high']})" in text


def test_tables_in_latex_hold_every_row(blocks: tuple[Block, ...]) -> None:
    tables = latex_tables(blocks)
    grids = [each for each in blocks if isinstance(each, ManuscriptTable)]
    assert tables.count("\\\\\n") == sum(len(each.rows) + 1 for each in grids)
    assert tables.count("\\begin{longtable}") == len(grids)


def test_figures_have_the_widths_of_columns(answers: Answers, tmp_path: Path) -> None:
    files = write_figures(pooled_answers(answers)[0].pool, tmp_path, "first")
    assert {path.suffix for path in files} == {".pdf", ".eps", ".tiff"}
    assert len(files) == 6
    for name, millimeters in (("one-column", 88), ("two-columns", 180)):
        with Image.open(tmp_path / f"first-{name}.tiff") as picture:
            assert float(picture.info["dpi"][0]) == pytest.approx(600)
            assert picture.width / 600 * 25.4 == pytest.approx(millimeters, abs=1)
    assert (tmp_path / "first-two-columns.eps").read_bytes().startswith(b"%!PS")
