"""Figures inside a page: SVG that takes its ink and its font from the text around it."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from matplotlib.figure import Figure

from toolkit.figures.page.style import BESIDE, FAINT, HAIR, INK, MUTED, PAPER, POOL, house_style

_SVG = "http://www.w3.org/2000/svg"

# A page may set the two hues; ink follows its text, so that dark pages need nothing else.
_COLOURS = {
    INK: ("currentColor", ""),
    MUTED: ("currentColor", "0.78"),
    HAIR: ("currentColor", "0.25"),
    FAINT: ("currentColor", "0.1"),
    PAPER: ("var(--st-figure-paper, transparent)", ""),
    POOL: (f"var(--st-figure-pool, {POOL})", ""),
    BESIDE: (f"var(--st-figure-beside, {BESIDE})", ""),
}
_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_LANE = re.compile(
    r'(?P<opening><g id="[\w-]*?-lane-(?P<name>[\w-]+)" class="lane">)'
    r"(?P<title><title>.*?</title>)(?P<shape>.*?)</g>",
    re.DOTALL,
)
_DECIMALS = re.compile(r"-?\d+\.\d+")


def inline_svg(figure: Figure, prefix: str) -> str:
    """Return a figure as an ``<svg>`` element to be put into HTML.

    It has a viewBox and no size, so that it fills the box it is put in; ``role="img"`` with the
    figure's title and alt text; a ``<title>`` in every mark; and the page's own colour and font
    (``--st-figure-pool`` and ``--st-figure-beside`` set the hues).

    Parameters
    ----------
    figure : Figure
        A figure of this package, which carries its title and alt text.
    prefix : str
        Begins every id, so that a page may hold several figures: a letter, then letters,
        digits, hyphens and underscores.

    Raises
    ------
    ValueError
        For a prefix that cannot begin an id.
    """
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"prefix={prefix!r} cannot begin an id: a letter, then letters or digits.")
    title, _, description = str(figure.get_label()).partition("\n")
    titles = {
        str(artist.get_gid()): str(artist.get_label())
        for artist in figure.get_children()
        if artist.get_gid()
    }
    drawn = _drawn(figure)
    root = Element(
        f"{{{_SVG}}}svg",
        {
            "viewBox": _shortened(drawn.get("viewBox", "")),
            "role": "img",
            "aria-labelledby": f"{prefix}-title {prefix}-desc",
            "class": "st-figure",
            "style": "font-variant-numeric: tabular-nums",
        },
    )
    for tag, words in (("title", title), ("desc", description)):
        _child(root, tag, {"id": f"{prefix}-{tag}"}).text = words
    # What is seen stands in the description; only lanes may become links, and lie on top for it.
    seen = _child(root, "g", {"aria-hidden": "true"})
    for group in _groups(drawn):
        name = group.get("id", "")
        parent = seen
        if name in titles:
            kind = name.partition("-")[0]
            parent = _child(
                root if kind == "lane" else seen, "g", {"id": f"{prefix}-{name}", "class": kind}
            )
            if titles[name]:
                _child(parent, "title", {}).text = titles[name]
        for shape in group:
            parent.append(_restyled(shape))
    ElementTree.register_namespace("", _SVG)
    return ElementTree.tostring(root, encoding="unicode")


def linked_svg(svg: str, addresses: Mapping[str, str]) -> str:
    """Return an inline figure in which lanes are links, each named by its title.

    Parameters
    ----------
    svg : str
        What `inline_svg` returned.
    addresses : mapping of str to str
        Where a lane leads, by what follows ``lane-`` in its name: an address as HTML, quoted as
        an attribute is.

    Raises
    ------
    KeyError
        For a lane that the figure does not have.
    """
    waiting = dict(addresses)

    def linked(found: re.Match[str]) -> str:
        address = waiting.pop(found["name"], None)
        if address is None:
            return found[0]
        shape = f"{found['opening']}{found['shape']}</g>"
        return f'<a class="st-leads" href="{address}">{found["title"]}{shape}</a>'

    drawn = _LANE.sub(linked, svg)
    if waiting:
        raise KeyError(f"The figure has no lane {', '.join(waiting)}.")
    # An image holds no links for those who hear the page; a group does.
    return drawn.replace('role="img"', 'role="group"', 1) if addresses else svg


def _drawn(figure: Figure) -> Element:
    """Return the root of the figure's SVG as it would be saved."""
    buffer = io.BytesIO()
    with house_style():
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return ElementTree.fromstring(buffer.getvalue())


def _groups(drawn: Element) -> list[Element]:
    """Return the group of every artist, without the sheet of paper behind them."""
    page = drawn.find(f"{{{_SVG}}}g")
    groups = [] if page is None else page.findall(f"{{{_SVG}}}g")
    return [group for group in groups if group.get("id") != "patch_1"]


def _child(parent: Element, tag: str, attributes: dict[str, str]) -> Element:
    return ElementTree.SubElement(parent, f"{{{_SVG}}}{tag}", attributes)


def _restyled(shape: Element) -> Element:
    """Return a path or text in the page's colours and font, with short coordinates."""
    words = dict(part.split(": ", 1) for part in shape.get("style", "").split("; ") if part)
    words.pop("font-family", None)
    for paint in ("fill", "stroke"):
        colour, opacity = _COLOURS.get(words.get(paint, ""), (words.get(paint, ""), ""))
        if colour:
            words[paint] = colour
        if opacity:
            words[f"{paint}-opacity"] = opacity
    new = Element(shape.tag)
    for name in ("d", "x", "y"):
        if shape.get(name):
            new.set(name, _shortened(" ".join(shape.get(name, "").split())))
    new.set("style", "; ".join(f"{name}: {value}" for name, value in words.items()))
    new.text = shape.text
    return new


def _shortened(numbers: str) -> str:
    """Return text with its decimal numbers rounded to a hundredth of a point."""
    return _DECIMALS.sub(lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), numbers)
