"""The words of the book: templates bring them, and Python brings the records that they speak of.

Whatever a template prints is escaped in one place, by `toolkit.html.literal`, unless it is HTML
already: a macro's, a drawing's, or a number quoted from results.json.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from toolkit import __version__, html
from toolkit.audit.badges import BADGES
from toolkit.figures.page.numerals import counts, percent, plural, years
from toolkit.html import ABSENT, literal
from toolkit.results.curve import FACTORS
from toolkit.results.names import (
    ESTIMANDS,
    EVENTS,
    IN_SENTENCES,
    SIZE,
    STUDY,
    capital,
    in_ten,
    of_ten,
    prediction_name,
    studies,
)
from toolkit.results.row import FLAGS
from toolkit.review.words import GRADES
from toolkit.sheets.schema.vocabularies import VOCABULARIES

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"

_SPACES = re.compile(r"[ \n\t]+")
_NAME = re.compile(r"[\w./#:-]+", re.ASCII)


def page(template: str, **records: Any) -> str:
    """Return a page as MyST.

    Parameters
    ----------
    template : str
        Its template, without an ending.
    **records
        What the template speaks of.
    """
    return _pages().get_template(f"{template}.md.jinja").render(records).strip() + "\n"


def sentences(name: str = "sentences", *, plain: bool = False) -> Any:
    """Return the macros of a file, as functions: those that say an answer in sentences.

    Parameters
    ----------
    name : str
        The file, without an ending.
    plain : bool
        Whether they give plain text, as print and figures need it, and no HTML.
    """
    environment = _plain() if plain else _pages()
    return environment.get_template(f"{name}.jinja").module


def shown(value: object) -> Markup:
    """Return what a template prints as HTML: text as it stands, HTML as it is."""
    return Markup(value) if hasattr(value, "__html__") else Markup(literal(str(value)))


def key(name: str) -> Markup:
    """Return a name of ours as it stands: an address, an id; anything else as text."""
    return Markup(name) if _NAME.fullmatch(name) else shown(name)


@cache
def _pages() -> Environment:
    """Return the environment of the pages, in which everything is HTML."""
    made = _environment(autoescape=True, finalize=shown)
    made.globals |= {
        "nbsp": Markup("&#160;"),
        "tick": Markup("`"),
        "dash": Markup(f'<span class="st-absent">{ABSENT}</span>'),
        "listed": _listed,
        "table": _table,
        "place": lambda kind, name="": Markup(html.place(kind, name)),
        "reference": lambda kind, name: Markup(html.reference(kind, name)),
    }
    made.filters |= {
        "strong": partial(_within, "<strong>", "</strong>"),
        "em": partial(_within, "<em>", "</em>"),
        "code": partial(_within, "<code>", "</code>"),
        "number": partial(_within, '<span class="st-number">', "</span>"),
        "json": lambda value: Markup(json.dumps(value)),
        "join": _join,
        "key": key,
    }
    return made


@cache
def _plain() -> Environment:
    """Return the environment of plain text: the same sentences without a mark in them."""
    made = _environment(autoescape=False)
    made.globals |= {
        "nbsp": "\N{NO-BREAK SPACE}",
        "tick": "",
        "listed": lambda words: html.listed([*words]),
    }
    made.filters |= dict.fromkeys(("strong", "em", "number"), str)
    return made


def _environment(*, autoescape: bool, finalize: Callable[[object], object] = str) -> Environment:
    """Return an environment with the vocabularies that every template may use."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=autoescape,
        finalize=finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.do"],
    )
    made.globals |= {
        "ABSENT": ABSENT,
        "BADGES": BADGES,
        "FACTORS": FACTORS,
        "FLAGS": FLAGS,
        "GRADES": GRADES,
        "VOCABULARIES": VOCABULARIES,
        "ESTIMANDS": ESTIMANDS,
        "IN_SENTENCES": IN_SENTENCES,
        "STUDY": capital(STUDY),
        "SIZE": capital(SIZE),
        "EVENTS": capital(EVENTS),
        "capital": capital,
        "counts": counts,
        "percent": percent,
        "in_ten": in_ten,
        "of_ten": of_ten,
        "plural": plural,
        "prediction_name": prediction_name,
        "studies": studies,
        "version": __version__,
        "years": years,
    }
    made.filters |= {"line": _line, "sentence": lambda words: words[:1].upper() + words[1:]}
    return made


def _line(words: str) -> str:
    """Return what a template writes over many lines as one."""
    return type(words)(_SPACES.sub(" ", words).strip(" "))


def _within(start: str, end: str, value: object) -> Markup:
    return Markup(f"{start}{shown(value)}{end}")


def _join(words: Iterable[object], between: str = "") -> Markup:
    return Markup(str(between).join(map(shown, words)))


def _listed(words: Iterable[object]) -> Markup:
    return Markup(html.listed([*map(shown, words)]))


def _table(
    heading: Sequence[object],
    rows: Iterable[Sequence[object]],
    *,
    silent: Sequence[str] = (),
    **options: Any,
) -> Markup:
    """Return a table, without the columns in which every row says one of `silent`."""
    head, body = [*map(shown, heading)], [[*map(shown, row)] for row in rows]
    if silent:
        return Markup(html.table(*html.without_silent_columns(head, body, silent), **options))
    return Markup(html.table(head, body, **options))
