"""The pages written by hand keep up with what they tell of."""

from __future__ import annotations

import re

from book_folder import CHECKOUT

from toolkit.figures.badges import SIGNS

BOOK = CHECKOUT / "book"


def test_every_sign_of_a_forest_plot_is_explained() -> None:
    text = (BOOK / "how-to-read.md").read_text("utf-8")
    assert re.findall(r"^\| (\S) \|", text, re.MULTILINE) == list(SIGNS.values())


def test_every_cited_source_is_in_the_bibliography_and_cited() -> None:
    cited = {
        key
        for page in BOOK.glob("*.md")
        for found in re.findall(r"\{cite\}`([^`]+)`", page.read_text("utf-8"))
        for key in found.split(",")
    }
    listed = set(re.findall(r"^@\w+\{([^,]+),", (BOOK / "references.bib").read_text("utf-8"), re.M))
    assert cited == listed
