"""Words and tables of marked-up text, the same for JATS and HTML.

Works on the elements of ElementTree and of lxml alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from toolkit.papers.characters import NOTE_MARK, tidy
from toolkit.papers.document import PaperCell, Row, cell
from toolkit.papers.grid import Spanning, laid_out, spans

Element = Any
"""An element of ElementTree or lxml."""

_RAISED = str.maketrans("0123456789+-\u2212", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_MARK = re.compile(
    rf"[a-z]{{1,2}}(?:[ ,]*[a-z]{{1,2}})*|(?:{NOTE_MARK}[ ,]*)+|[0-9]{{1,2}}(?:[ ,-][0-9]{{1,2}})*"
)
_NOTES = {"fn", "table-fn", "bibr", "table-wrap-foot"}
_BLOCKS = {
    *("p", "div", "li", "list-item", "tr", "td", "th", "br", "break", "title", "dd", "dt"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "label", "fn", "section", "sec", "caption"),
}
_LEFT_OUT = {
    *("script", "style", "noscript", "template", "svg", "tex-math", "object-id", "head"),
    *("object", "embed", "iframe", "form", "button", "select", "input", "nav", "textarea"),
}
_HARD_SPACE = re.compile(
    r"^[ \t\r\n]*([\u00a0\u2000-\u200a\u202f\u3000](?:[\u00a0\u2000-\u200a\u202f\u3000 ])*)"
)
_SET_IN = re.compile(r"(?:padding-left|text-indent|margin-left)\s*:\s*([0-9.]+)")
_BULLET = re.compile(r"^\s*[\u2022\u25cf\u25aa\u25e6\u00b7\u2013\u2014-]\s+")


@dataclass(slots=True)
class Words:
    """Text gathered from an element, and the marks of notes met on the way."""

    parts: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)


def name(element: Element) -> str:
    """Return the tag of an element without its namespace; empty for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """Yield the children of an element that have one of some names."""
    return (each for each in element if name(each) in names)


def first(element: Element, wanted: str) -> Element | None:
    """Return the first element of a name within another, or None."""
    return next((each for each in element.iter() if name(each) == wanted), None)


def text_of(element: Element | None, skip: Callable[[Element], bool] | None = None) -> str:
    """Return the words of an element; references to notes and literature are left out."""
    if element is None:
        return ""
    gathered = Words()
    _gather(element, gathered, skip or (lambda _: False))
    text = tidy("".join(gathered.parts))
    text = re.sub(r" ?[\[(][\s,;\u2013-]*[\])]", "", text)
    return re.sub(r" (?=[.,;:])", "", text)


def _gather(element: Element, into: Words, skip: Callable[[Element], bool]) -> None:
    """Add the words within an element."""
    if element.text:
        into.parts.append(element.text)
    for each in element:
        _add(each, into, skip)
        if each.tail:
            into.parts.append(each.tail)


def _add(element: Element, into: Words, skip: Callable[[Element], bool]) -> None:
    """Add one element as it reads: a mark apart, a power raised, a block on a line of its own."""
    kind = name(element)
    if not kind or kind in _LEFT_OUT or skip(element):
        return
    if kind == "xref" and element.get("ref-type", "") in _NOTES:
        into.marks.append(tidy("".join(element.itertext())))
        return
    if kind == "sup":
        _add_raised(element, into)
        return
    if kind in _BLOCKS:
        into.parts.append("\n")
    _gather(element, into, skip)
    if kind in _BLOCKS:
        into.parts.append("\n")


def _add_raised(element: Element, into: Words) -> None:
    """Add raised characters: those of a power stay, those of a mark lead to a note."""
    raised = tidy("".join(element.itertext()))
    before = tidy("".join(into.parts[-3:]))
    power = before.endswith("10") or re.search(r"(?:^|[\s/])(?:[cmd]?m|s|L)$", before)
    linked = any(name(each) in {"xref", "a"} for each in element.iter())
    if not linked and (power or not _MARK.fullmatch(raised)):
        into.parts.append(raised.translate(_RAISED))
    elif raised:
        into.marks.append(raised)


def cell_of(element: Element) -> PaperCell:
    """Return one cell of a table with its marks and how far it is set in."""
    gathered = Words()
    _gather(element, gathered, lambda _: False)
    raw = "".join(gathered.parts)
    spaces = _HARD_SPACE.match(raw)
    indent = len(spaces[1]) if spaces else 0
    for each in element.iter():
        styled = _SET_IN.search(each.get("style") or "") if name(each) else None
        if styled and float(styled[1]) > 0:
            indent += max(1, round(float(styled[1])))
        if "indent" in (each.get("class") or each.get("content-type") or "" if name(each) else ""):
            indent += 1
    text = tidy(raw)
    if bullet := _BULLET.match(text):
        indent, text = indent + 1, text[bullet.end() :]
    return cell(text, marks=gathered.marks, indent=indent)


def grid_of(table: Element) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """Return the rows that a table marks as its head, and all others, spans expanded."""
    rows, heads = [], 0
    for part, row in _rows(table, ""):
        cells = [each for each in row if name(each) in {"td", "th", "entry"}]
        names = {name(each) for each in cells}
        rows.append([_spanning(each) for each in cells])
        at_top = heads == len(rows) - 1
        if at_top and (part == "thead" or (part != "tbody" and names == {"th"} and len(cells) > 1)):
            heads += 1
    grid = laid_out(rows)
    return grid[:heads], grid[heads:]


def _rows(element: Element, part: str) -> Iterator[tuple[str, Element]]:
    """Yield the rows of a table with the part each stands in; tables within cells are left."""
    for each in element:
        kind = name(each)
        if kind in {"tr", "row"}:
            yield part, each
        elif kind in {"thead", "tbody", "tfoot"}:
            yield from _rows(each, kind)
        elif kind in {"tgroup", "table"}:
            yield from _rows(each, part)


def _spanning(element: Element) -> Spanning:
    """Return a cell with its spans, as HTML and JATS or as the CALS model writes them."""
    columns = spans(element.get("colspan"))
    begin, end = (_number(element.get(key)) for key in ("namest", "nameend"))
    if begin and end and end >= begin:
        columns = spans(str(end - begin + 1))
    rows = spans(element.get("rowspan"))
    more = element.get("morerows") or ""
    if more.strip().isdigit():
        rows = spans(str(int(more.strip()[:5]) + 1))
    return Spanning(cell=cell_of(element), columns=columns, rows=rows)


def _number(text: str | None) -> int | None:
    """Return the number a column of the CALS model is named by (``col3``)."""
    found = re.search(r"[0-9]{1,4}$", text or "")
    return int(found[0]) if found else None


def depth_of(root: Element, most: int) -> int:
    """Return how deep elements stand within each other, at most one more than `most`."""
    level: Sequence[Element] = [root]
    depth = 0
    while level and depth <= most:
        depth += 1
        level = [each for parent in level for each in parent]
    return depth
