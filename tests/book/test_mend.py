"""What the theme writes wrong is put right in the finished pages, and nothing else is touched."""

from __future__ import annotations

from pathlib import Path

from toolkit.book.mend import mend

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
