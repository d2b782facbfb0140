"""Articles in JATS XML, the form in which PubMed Central keeps them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from toolkit.papers.characters import tidy
from toolkit.papers.document import Document, PaperTable, Paragraph
from toolkit.papers.limits import MOST_DEPTH, MOST_ELEMENTS, PaperError
from toolkit.papers.readers.markup import children, first, grid_of, name, text_of
from toolkit.papers.readers.sections import unnumbered

_APART = {
    *("table-wrap", "table-wrap-group", "fig", "fig-group", "boxed-text", "disp-formula"),
    *("supplementary-material", "media", "graphic", "disp-quote", "ref-list"),
}
_PASSED_OVER = {"ref-list", "sub-article", "response", "fn-group", "ack", "bio", "glossary"}


def read_jats(data: bytes) -> Document:
    """Return an article from its JATS XML.

    Raises
    ------
    PaperError
        If the file is broken, declares entities, is nested too deeply or holds no article.
    """
    root = parse(data)
    article = root if name(root) == "article" else first(root, "article")
    if article is None:
        if name(root) == "clinical_study":
            raise PaperError(
                "This is the old XML of a trial register, which prints totals where events are "
                "meant; take the record as JSON (API v2) instead."
            )
        raise PaperError(f"The XML holds no article: its outermost element is <{name(root)}>.")
    parts = list(_parts(article))
    paragraphs = [each for each in parts if isinstance(each, tuple)]
    tables = [each for each in parts if isinstance(each, PaperTable)]
    return Document(
        form="JATS",
        title=text_of(first(article, "article-title")),
        paragraphs=tuple(
            Paragraph(number=number, section=section, text=text)
            for number, (section, text) in enumerate(paragraphs, start=1)
        ),
        tables=tuple(tables),
    )


def parse(data: bytes) -> Element:
    """Return the root of XML that is neither hostile nor broken."""
    root: Element | None = None
    depth = elements = 0
    try:
        steps = defusedxml.ElementTree.iterparse(io.BytesIO(data), events=("start", "end"))
        for event, element in steps:
            if root is None:
                root = element
            depth += 1 if event == "start" else -1
            elements += event == "start"
            if depth > MOST_DEPTH:
                raise PaperError(
                    f"The XML nests more than {MOST_DEPTH} elements, which no paper does."
                )
            if elements > MOST_ELEMENTS:
                raise PaperError(
                    f"The XML has more than {MOST_ELEMENTS} elements, which no paper has."
                )
    except DefusedXmlException as error:
        raise PaperError(
            "The XML declares entities of its own, which can be used to flood a reader; "
            "it is not read."
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise PaperError(f"The XML is broken: {error}.") from error
    if root is None:
        raise PaperError("The XML is empty.")
    return root


Part = tuple[tuple[str, ...], str] | PaperTable


def _parts(article: Element) -> Iterator[Part]:
    """Yield the paragraphs and tables of an article in order."""
    seen: set[str] = set()
    for front in children(article, "front", "front-stub"):
        for abstract in front.iter():
            if name(abstract) in {"abstract", "trans-abstract"} and not abstract.get(
                "abstract-type"
            ):
                yield from _section(abstract, ("Abstract",), seen)
    for body in children(article, "body"):
        yield from _section(body, (), seen)
    for rest in children(article, "floats-group", "back"):
        yield from _section(rest, (), seen)


def _section(element: Element, section: tuple[str, ...], seen: set[str]) -> Iterator[Part]:
    """Yield what a section holds; a table that stands in a paragraph comes after it."""
    for each in element:
        kind = name(each)
        if kind in _PASSED_OVER:
            continue
        if kind in {"sec", "app"}:
            title = text_of(next(children(each, "title"), None)) or text_of(
                next(children(each, "label"), None)
            )
            title = unnumbered(title)
            yield from _section(each, (*section, title) if title else section, seen)
        elif kind in {"table-wrap", "table-wrap-group"}:
            yield from _tables(each, section, seen)
        elif kind in {"p", "list", "disp-quote", "boxed-text"}:
            text = text_of(each, lambda inner: name(inner) in _APART)
            if text:
                yield section, text
            for wrap in each.iter():
                if name(wrap) == "table-wrap":
                    yield from _tables(wrap, section, seen)
        elif kind not in {"title", "label", "fig", "fig-group", "caption"}:
            yield from _section(each, section, seen)


def _tables(
    wrap: Element,
    section: tuple[str, ...],
    seen: set[str],
    above: tuple[str, str] = ("", ""),
) -> Iterator[PaperTable]:
    """Yield the tables of a wrapper, which may hold several under one label and caption."""
    if name(wrap) == "table-wrap-group":
        whole = (_label(wrap), text_of(next(children(wrap, "caption"), None)))
        for inner in children(wrap, "table-wrap"):
            yield from _tables(inner, section, seen, whole)
        return
    own = wrap.get("id") or ""
    if own and own in seen:
        return
    seen.add(own)
    label = _label(wrap) or above[0] or f"Table ({own})"
    caption = tidy(f"{above[1]} {text_of(next(children(wrap, 'caption'), None))}")
    notes = tuple(
        text
        for foot in children(wrap, "table-wrap-foot")
        for each in foot
        if (text := text_of(each))
    )
    found = [each for each in wrap.iter() if name(each) == "table" and _is_outermost(each, wrap)]
    for table in found:
        header, body = grid_of(table)
        if header or body:
            yield PaperTable(
                label=label,
                caption=caption,
                header=header,
                body=body,
                notes=notes,
                section=section,
            )


def _label(wrap: Element) -> str:
    """Return what readers call a table, empty where it has no name."""
    label = tidy(text_of(next(children(wrap, "label"), None))).rstrip(".:")
    return re.sub(r"^TABLE\b", "Table", label)


def _is_outermost(table: Element, wrap: Element) -> bool:
    """Tell whether a table stands in no other table of its wrapper."""
    return not any(
        table is inner
        for outer in wrap.iter()
        if name(outer) == "table" and outer is not table
        for inner in outer.iter()
    )
