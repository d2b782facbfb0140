"""The code in pages: what it prints and returns stands below it, what goes wrong names its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from book_folder import FRONT

from toolkit.book.build.cells import PageError, run_cells

CELL = "```{{code-cell}} ipython3\n{}\n```\n"


def ran(folder: Path, *cells: str) -> str:
    """Return a page after its cells have run."""
    page = folder / "page.md"
    page.write_text(FRONT + "# Page\n\n" + "\n".join(map(CELL.format, cells)), encoding="utf-8")
    assert run_cells({"page.md": page}, folder) == 1
    return page.read_text(encoding="utf-8")


def test_a_page_is_no_notebook_any_more_and_shows_code_and_output(tmp_path: Path) -> None:
    text = ran(tmp_path, "a = 6", "print(a * 7)\na + 1")
    assert text.startswith("# Page\n")
    assert "code-cell" not in text
    assert "```{code-block} ipython3\nprint(a * 7)\na + 1\n```" in text
    assert ":class: output stream\n\n42\n" in text
    assert ":class: output text_plain\n\n7\n" in text


def test_code_runs_in_the_folder_given_and_python_stays_where_it_was(tmp_path: Path) -> None:
    (tmp_path / "count.txt").write_text("41", encoding="utf-8")
    before = Path.cwd()
    assert "\n41\n" in ran(tmp_path, "print(open('count.txt').read())")
    assert Path.cwd() == before


def test_every_page_has_names_of_its_own(tmp_path: Path) -> None:
    first, second = tmp_path / "a.md", tmp_path / "b.md"
    first.write_text(CELL.format("tree = 'ash'"), encoding="utf-8")
    second.write_text(CELL.format("tree"), encoding="utf-8")
    with pytest.raises(PageError, match=r"b\.md, line 2: .* name 'tree' is not defined"):
        run_cells({"a.md": first, "b.md": second}, tmp_path)


def test_html_comes_as_html_words_of_the_page_as_words_and_a_figure_as_a_drawing(
    tmp_path: Path,
) -> None:
    shown = "class Shown:\n    def {}(self): return '**strong**'\nShown()"
    assert '<div class="output text_html">**strong**</div>' in ran(
        tmp_path, shown.format("_repr_html_")
    )
    assert "\n**strong**\n" in f"{ran(tmp_path, shown.format('_repr_markdown_'))}\n"
    drawing = "import toolkit as tk\ntk.forest(tk.pool_counts([6, 3, 18], [8, 19, 27]))"
    assert "<svg" in ran(tmp_path, drawing)


def test_tags_leave_code_or_output_out_and_no_other_tag_is_passed_over(tmp_path: Path) -> None:
    assert "print" not in ran(tmp_path, ":tags: [remove-input]\n\nprint(7)")
    assert "cell_output" not in ran(tmp_path, ":tags: [remove-output]\n\nprint(7)")
    with pytest.raises(PageError, match=r"page\.md, line 9: a cell may say .* \[hide-cell\]"):
        ran(tmp_path, ":tags: [hide-cell]\nprint(7)")


def test_fences_in_what_is_printed_end_no_block(tmp_path: Path) -> None:
    text = ran(tmp_path, "print('```\\n# No heading')")
    assert "````{code-block} myst-ansi\n" in text


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("a = 1\nint('six')", "line 10: the code stopped with ValueError: invalid literal"),
        ("a = (", "line 9: the code stopped with SyntaxError"),
        ("import sys\nsys.exit(3)", "line 10: the code stopped with SystemExit: 3"),
        ("import sys\nprint('no', file=sys.stderr)", "line 9: the code warned: no"),
    ],
    ids=["error", "syntax", "exit", "warning"],
)
def test_what_goes_wrong_names_page_and_line(tmp_path: Path, code: str, said: str) -> None:
    with pytest.raises(PageError) as refused:
        ran(tmp_path, code)
    assert str(refused.value).startswith(f"page.md, {said}")


def test_a_page_without_code_stays_as_it_is(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Words\r\n", encoding="utf-8", newline="")
    assert run_cells({"page.md": page}, tmp_path) == 0
    assert page.read_bytes() == b"# Words\r\n"
