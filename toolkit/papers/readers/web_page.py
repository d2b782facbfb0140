"""Articles as HTML pages, as journals and repositories show them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html

from toolkit.papers.document import Document, PaperTable, Paragraph
from toolkit.papers.limits import MOST_DEPTH, MOST_ELEMENTS, PaperError
from toolkit.papers.readers.markup import Element, depth_of, first, grid_of, name, text_of
from toolkit.papers.readers.sections import unnumbered

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_PASSED_OVER = {
    *("script", "style", "nav", "header", "footer", "aside", "head", "noscript", "form", "svg"),
    *("figure-caption", "button", "select", "template", "iframe", "object", "embed"),
}
_HELD = {"p", "li", "dd", "blockquote", "pre"}
LABEL = re.compile(
    r"^\s*((?:Supplement(?:ary|al)\s+|Extended Data\s+|"
    r"Online\s+)?Table\s+[A-Z]?[0-9IVX]+[a-zA-Z]?)\b[.:)\s\u2014\u2013|-]*",
    re.IGNORECASE,
)


def read_web_page(data: bytes) -> Document:
    """Return an article from its HTML; only words and tables are taken, nothing is run or loaded.

    Raises
    ------
    PaperError
        If the page is nested too deeply or holds no words.
    """
    parser = html.HTMLParser(
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,
        encoding=_encoding(data),
    )
    try:
        root = html.document_fromstring(data, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise PaperError(f"The HTML cannot be read: {error}.") from error
    if depth_of(root, 4 * MOST_DEPTH) > 4 * MOST_DEPTH:
        raise PaperError(
            f"The page nests more than {4 * MOST_DEPTH} elements, which no paper does."
        )
    if sum(1 for _ in root.iter()) > MOST_ELEMENTS:
        raise PaperError(f"The page has more than {MOST_ELEMENTS} elements, which no paper has.")
    parts = list(_Walk().through(root))
    title = first(root, "h1")
    if title is None:
        title = first(root, "title")
    texts = [each for each in parts if isinstance(each, tuple)]
    return Document(
        form="HTML",
        title=text_of(title),
        paragraphs=tuple(
            Paragraph(number=number, section=section, text=text)
            for number, (section, text) in enumerate(texts, start=1)
        ),
        tables=tuple(each for each in parts if isinstance(each, PaperTable)),
    )


def _encoding(data: bytes) -> str | None:
    """Return utf-8 where the bytes are that and do not say otherwise."""
    if re.search(rb"charset\s*=", data[:4000], re.IGNORECASE):
        return None
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"


class _Walk:
    """One pass through a page: the headings it stands under, and how many tables it met."""

    def __init__(self) -> None:
        self.headings: list[tuple[int, str]] = []
        self.tables = 0
        self.last_line = ""

    def section(self) -> tuple[str, ...]:
        """Return the headings in force; that of the page itself is its title and left out."""
        return tuple(text for level, text in self.headings if level > 1)

    def through(self, element: Element) -> Iterator[tuple[tuple[str, ...], str] | PaperTable]:
        """Yield the paragraphs and tables within an element."""
        for each in element:
            kind = name(each)
            if kind in _HEADINGS:
                self._heading(_HEADINGS[kind], text_of(each))
            elif kind == "table":
                yield from self._table(each)
            elif kind in _HELD or (kind == "div" and _only_words(each)):
                yield from self._words(each)
            elif kind and kind not in _PASSED_OVER:
                yield from self.through(each)

    def _heading(self, level: int, text: str) -> None:
        """Enter the section of a heading."""
        text = unnumbered(text)
        self.headings = [each for each in self.headings if each[0] < level]
        if LABEL.match(text):
            self.last_line = text
        elif text:
            self.headings.append((level, text))

    def _words(self, element: Element) -> Iterator[tuple[tuple[str, ...], str] | PaperTable]:
        """Yield a paragraph, and then the tables that stand in it."""
        text = text_of(element, lambda inner: name(inner) == "table")
        if text:
            self.last_line = text
            if not (LABEL.match(text) and len(text) < 400 and self._near_table(element)):
                yield self.section(), text
        for inner in element.iter():
            if name(inner) == "table":
                yield from self._table(inner)

    def _near_table(self, element: Element) -> bool:
        """Tell whether a paragraph that begins as a caption stands right before a table."""
        after = element.getnext()
        return after is not None and first(after, "table") is not None

    def _table(self, table: Element) -> Iterator[tuple[tuple[str, ...], str] | PaperTable]:
        """Yield a table with what stands around it; one of layout is passed through."""
        if any(name(inner) == "table" and inner is not table for inner in table.iter()):
            yield from self.through(table)
            return
        header, body = grid_of(table)
        if len(header) + len(body) < 2 or max(map(len, (*header, *body))) < 2:
            yield from self.through(table)
            return
        self.tables += 1
        caption, notes = _around(table)
        caption = caption or (self.last_line if LABEL.match(self.last_line) else "")
        self.last_line = ""
        found = LABEL.match(caption)
        number = found[1] if found else f"Table {self.tables}"
        yield PaperTable(
            label=re.sub(r"\s+", " ", re.sub(r"(?i)\btable\b", "Table", number)),
            caption=caption[found.end() :].strip() if found else caption,
            header=header,
            body=body,
            notes=notes,
            section=self.section(),
        )


def _only_words(element: Element) -> bool:
    """Tell whether a division holds words of its own and nothing but inline elements."""
    inline = {
        "a",
        "span",
        "b",
        "i",
        "em",
        "strong",
        "sup",
        "sub",
        "small",
        "u",
        "br",
        "abbr",
        "cite",
    }
    own = (element.text or "").strip() or any((each.tail or "").strip() for each in element)
    return bool(own) and all(
        name(each) in inline or not name(each) for each in element.iter() if each is not element
    )


def _around(table: Element) -> tuple[str, tuple[str, ...]]:
    """Return the caption and notes of a table: its own, or those of the box it stands in."""
    own = next((each for each in table if name(each) == "caption"), None)
    caption = text_of(own)
    foot = next((each for each in table if name(each) == "tfoot"), None)
    notes = [text_of(foot)] if foot is not None else []
    box = table.getparent()
    for _ in range(4):
        if box is None or name(box) in {"body", "article", "main", "section", "html"}:
            break
        inside = [each for each in box.iter() if name(each) == "table"]
        if len(inside) > 1:
            break
        before, after = _split(box, table)
        if before and not caption:
            caption = before
        if before and caption and not LABEL.match(caption) and LABEL.match(before):
            caption = before
        if after:
            notes.append(after)
        if caption and LABEL.match(caption):
            break
        box = box.getparent()
    return caption, tuple(dict.fromkeys(notes))


def _split(box: Element, table: Element) -> tuple[str, str]:
    """Return the words of a box before a table and after it."""
    before: list[str] = []
    after: list[str] = []
    side = before
    for each in box:
        if each is table or any(inner is table for inner in each.iter()):
            side = after
            continue
        if name(each) and name(each) not in _PASSED_OVER and (text := text_of(each)):
            side.append(text)
    return " ".join(before), " ".join(after)
