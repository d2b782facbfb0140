"""The pages written by hand keep up with what they tell of."""

from __future__ import annotations

import re
from pathlib import Path

from book_folder import CHECKOUT
from sheets_folder import make_review

from toolkit.analysis.specification_curve import specification_curve
from toolkit.book.build.stage import SITE
from toolkit.figures.page.badges import SIGNS
from toolkit.load import find, read

BOOK = CHECKOUT / "book"
TEMPLATES = SITE.parent / "templates"
TOC = re.compile(r"^ *- file: (\S+)$", re.MULTILINE)


def test_every_sign_of_a_forest_plot_is_explained() -> None:
    text = (SITE / "how-to-read.md").read_text("utf-8")
    assert re.findall(r"^\| (\S) \|", text, re.MULTILINE) == list(SIGNS.values())


def test_every_cited_source_is_in_the_bibliography_and_cited() -> None:
    cited = {
        key
        for page in [*SITE.glob("*.md"), *BOOK.glob("*.md"), *TEMPLATES.glob("*.jinja")]
        for found in re.findall(r"\{cite\}`([^`]+)`", page.read_text("utf-8"))
        for key in found.split(",")
    }
    listed = set(re.findall(r"^@\w+\{([^,]+),", (SITE / "references.bib").read_text("utf-8"), re.M))
    assert cited == listed


def test_the_page_of_methods_says_how_many_a_curve_has(tmp_path: Path) -> None:
    counted = specification_curve(read(make_review(tmp_path)), "crc").methods
    shares = specification_curve(read(find("infant-all")), "efs").methods
    # The protocol of this review leads with one of them.
    assert len(counted) == 10 > len(shares)
    text = (SITE / "methods.md").read_text("utf-8")
    assert "a fixed list of methods, ten for counts and fewer for percentages" in text


def test_the_own_contents_of_this_book_leave_no_page_of_the_package_out() -> None:
    own, every = (TOC.findall((place / "_toc.yml").read_text("utf-8")) for place in (BOOK, SITE))
    assert [page for page in own if page in every] == every
