"""Every page of the whole book speaks the field's words, outside quotations and titles."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from in_browser import names

from toolkit.load import find_all, read

# What papers print stands as they print it: titles of reports, words quoted from them.
QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
CODE = re.compile(
    r"<(pre|code|script|style|template|title|nav|head)\b.*?</\1>"
    r'|<table[^>]*class="dataframe.*?</table>',
    re.DOTALL,
)
# Pages that show code, and the history of changes, which speaks of what names once were.
OF_CODE = {"api.html", "columns.html", "changelog.html", "search.html", "references.html"}
WRONG = (r"\bcentres?\b", r"\bin ink\b", r"\bdarker for\b")


def paragraphs(page: Path) -> Iterator[str]:
    """Yield what a page says: without code, quotations, and citations of reports."""
    text = CODE.sub(" ", page.read_text("utf-8"))
    main = text[text.index("<main") : text.index("</main>")]
    for block in re.split(r"</(?:p|li|td|th|text|h\d|dd|dt|figcaption|summary)>", main):
        words = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", block)).split())
        # A citation: a journal's volume and pages, or a doi, follow its title.
        if not re.search(r"\d{4};\d+|doi:|et al\.", words):
            yield QUOTED.sub(" ", words)


@pytest.fixture(scope="module")
def raw_keys() -> set[str]:
    """Return the keys of series and reports that no reader should meet: those that are no words."""
    reviews = [read(path) for path in find_all()]
    keys = {each.key for review in reviews for each in (*review.series, *review.reports)}
    return {key for key in keys if re.fullmatch(r"[a-z]+(?:-[a-z]+)*-\d{4}(?:-[a-z]+)?", key)}


def test_pages_speak_the_field_s_words(whole_book: Path) -> None:
    found = {}
    for name in names(whole_book):
        if name in OF_CODE:
            continue
        for words in paragraphs(whole_book / name):
            for wrong in WRONG:
                hit = re.search(rf".{{0,50}}{wrong}.{{0,30}}", words, flags=re.IGNORECASE)
                if hit:
                    found[name] = hit[0]
    assert found == {}


def test_no_page_names_a_report_by_its_key(whole_book: Path, raw_keys: set[str]) -> None:
    assert len(raw_keys) > 10
    found = {}
    for name in names(whole_book):
        # The page of data and the audit name the files in which a number stands.
        if name in OF_CODE or Path(name).name in {"data.html", "audit.html"}:
            continue
        for words in paragraphs(whole_book / name):
            hit = raw_keys & {*re.findall(r"[\w-]+", words)}
            if hit:
                found[name] = words[:120]
    assert found == {}
