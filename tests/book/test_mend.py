"""What the theme writes wrong is put right in the finished pages, and nothing else is touched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from toolkit.book.build.mend import mend
from toolkit.errors import ToolkitError

LIST = '<div role="list" class="citation-list"><div role="{}" id="a">A title="Light"</div></div>'
SWITCH = '<i class="theme-switch fa-solid fa-sun   fa-lg" data-mode="light"{}></i>'


def test_lists_and_names_of_buttons_are_put_right(tmp_path: Path) -> None:
    page, other = tmp_path / "folder" / "page.html", tmp_path / "other.html"
    page.parent.mkdir()
    page.write_text(LIST.format("doc-biblioentry") + SWITCH.format(' title="Light"'), "utf-8")
    other.write_text('<i class="icon" title="Light"></i>', "utf-8")
    mend(tmp_path)
    assert page.read_text("utf-8") == LIST.format("listitem") + SWITCH.format("")
    assert other.read_text("utf-8") == '<i class="icon" title="Light"></i>'


def test_without_a_script_a_page_is_light(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<html lang="en" data-theme="auto"><p data-theme="auto">', "utf-8")
    mend(tmp_path)
    assert page.read_text("utf-8") == '<html lang="en" data-theme="light"><p data-theme="auto">'


def test_pages_of_one_title_say_whose_they_are(tmp_path: Path) -> None:
    titles = {"index": "Audit", "a/audit": "Audit", "b/audit": "Audit", "b/try": "Try & see"}
    for name, title in titles.items():
        page = tmp_path / f"{name}.html"
        page.parent.mkdir(exist_ok=True)
        told = title.replace("&", "&amp;")
        page.write_text(f"<title>{told} &#8212; Book</title><h1>{told} </h1>", "utf-8")
    index = {"docnames": [*titles], "terms": {"x": 1}, "titles": [*titles.values()]}
    (tmp_path / "searchindex.js").write_text(f"Search.setIndex({json.dumps(index)})", "utf-8")
    mend(tmp_path)
    told = (tmp_path / "searchindex.js").read_text("utf-8")
    held = json.loads(told.removeprefix("Search.setIndex(").removesuffix(")"))
    assert held["titles"] == ["Audit", "Audit (a)", "Audit (b)", "Try & see"]
    assert held["terms"] == {"x": 1}
    assert (tmp_path / "b" / "audit.html").read_text("utf-8") == (
        "<title>Audit (b) &#8212; Book</title><h1>Audit </h1>"
    )
    assert (tmp_path / "index.html").read_text("utf-8").startswith("<title>Audit &#8212;")


def test_a_list_of_hits_in_another_form_stops_the_build(tmp_path: Path) -> None:
    (tmp_path / "searchindex.js").write_text("Search.load([])", "utf-8")
    with pytest.raises(ToolkitError, match=r"searchindex\.js of the book is not as"):
        mend(tmp_path)
