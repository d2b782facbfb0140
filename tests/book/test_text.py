"""Text of a sheet stays text, whatever it says."""

from __future__ import annotations

import html
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from toolkit.html import listed, literal, table, without_silent_columns

HOSTILE = (
    "<script>alert(1)</script>",
    "```{raw} html",
    "{{ 7 * 7 }}",
    "$x$ and `code` and {ref}`place`",
    "[a](https://example.org) ![b](c)",
    '" onmouseover="alert(1)',
    "# heading",
    "1. item",
    "--- | ---",
    "&lt;b&gt;",
    "a\n\n<b>b</b>",
    "\N{RIGHT-TO-LEFT OVERRIDE}txt.exe",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_page_shows_hostile_text_and_makes_nothing_of_it(text: str) -> None:
    shown = MarkdownIt().render(f"Start {literal(text)} end")
    assert re.fullmatch(r"<p>[^<>]*</p>\n", shown)
    visible = " ".join(text.replace("\N{RIGHT-TO-LEFT OVERRIDE}", " ").split())
    assert html.unescape(shown) == f"<p>Start {visible} end</p>\n"


@given(st.text())
def test_what_is_shown_is_what_the_sheet_says(text: str) -> None:
    seen = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    assert html.unescape(literal(text)).split() == seen.split()
    assert re.fullmatch(r"(?:[A-Za-z0-9 ]|&#\d+;|[^\x00-\x7f])*", literal(text))


def test_a_table_is_one_block_of_html_that_scrolls_by_itself() -> None:
    made = table(("Series", "Note"), [(literal("a\n\nb"), "x" * 61), ("c", "<em>y</em>" * 30)])
    assert "\n\n" not in made.strip()
    assert made.startswith(
        '<div class="st-table" tabindex="0" role="group" aria-label="Table: Series">'
    )
    assert made.count("st-long") == 1
    assert '<th scope="row">a b</th>' in made


def test_a_column_in_which_no_row_says_anything_is_left_out() -> None:
    absent = '<span class="st-absent">–</span>'
    rows = [("a", absent, "1", "not estimated"), ("b", "–", absent, "–")]
    assert without_silent_columns("NXYZ", rows) == (
        ("N", "Y", "Z"),
        [("a", "1", "not estimated"), ("b", absent, "–")],
    )
    heading, kept = without_silent_columns("NXYZ", rows, ("–", "not estimated"))
    assert (heading, kept) == (("N", "Y"), [("a", "1"), ("b", absent)])
    assert without_silent_columns("NX", [("–", "–")]) == (("N",), [("–",)])


def test_words_in_a_sentence() -> None:
    assert [listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
