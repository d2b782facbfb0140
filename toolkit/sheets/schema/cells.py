"""The kinds of cell a sheet may hold: how its text is read, and what is said when it cannot be.

A kind knows one cell and the vocabularies; it knows no row, no file and no review.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, NamedTuple

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, core_schema

SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")


WHOLE = re.compile(r"0|[1-9][0-9]{0,6}")


SPAN = re.compile(r"([0-9]+)\.\.([0-9]+)")


_LONGEST = 4000


_FORMULA = {"=", "@", "\uff1d", "\uff20", "\uff0b", "\uff0d"}
"""Signs, also in full width, with which a spreadsheet takes a text for a formula."""


_SIGNED = re.compile(
    r"[+-] ?[0-9.,]+ ?%?(?: ?(?:\.\.|to|-|\u2013) ?[+-]?[0-9.,]+ ?%?)?"
    r"(?: ?[(\[][^()|!=+*/^&@]*[)\]])?"
    r"|[+-] [^|!=@(]*"
)
"""A text that begins with a sign and is no formula: a number, a range, a dash before words."""


Words = Mapping[str, tuple[str, ...]]
"""Vocabularies by name; a name that is absent belongs to a sheet that could not be read."""


class Trouble(ValueError):
    """One cell that cannot be read: what is there, what it means, what to do."""

    def __init__(self, what: str, meaning: str = "", remedy: str = "", check: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.meaning = meaning
        self.remedy = remedy
        self.check = check


class Span(NamedTuple):
    """The admissible numbers of a cell; equal where it is decided."""

    low: int
    high: int

    def __str__(self) -> str:
        """Return the cell as it is written."""
        return str(self.low) if self.low == self.high else f"{self.low}..{self.high}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CellKind:
    """What every cell shares: tidy text, and whether it may be left empty."""

    required: bool = False

    def read(self, text: str, column: str, words: Words) -> object:
        """Return the value of a cell; raises Trouble."""
        if len(text) > _LONGEST:
            raise Trouble(
                f"{column} has {len(text):,} characters.",
                f"No cell holds more than {_LONGEST:,}.",
                "Shorten it: it may hold a whole column, or another file.",
            )
        _tidy(text, column)
        if text:
            return self.convert(text, column, words)
        if self.required:
            raise self.missing(column)
        return self.empty

    @property
    def empty(self) -> object:
        """What an empty cell is worth."""
        return ""

    def missing(self, column: str) -> Trouble:
        """Return what is said of an empty cell that must be filled in."""
        return Trouble(f"{column} is empty.", remedy=f"Fill in {column}.")

    def convert(self, text: str, column: str, words: Words) -> object:
        """Return the value of a filled cell."""
        return text

    def json_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the cell's text."""
        return {"type": "string"}

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Let pydantic read the cell through this kind."""

        def read(value: str, info: ValidationInfo) -> object:
            return self.read(value, str(info.field_name), info.context or {})

        return core_schema.with_info_plain_validator_function(read)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Let pydantic export the cell through this kind."""
        described = self.json_schema()
        if self.required:
            described["minLength"] = 1
        return described


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(CellKind):
    """Words in the reviewer's own hand, at most `longest` characters."""

    longest: int = _LONGEST

    def convert(self, text: str, column: str, words: Words) -> str:
        """Return the text itself."""
        if len(text) > self.longest:
            raise Trouble(
                f"{column} has {len(text)} characters.",
                f"It holds at most {self.longest}.",
                f"Shorten {column}, or move the explanation to note.",
            )
        return text

    def json_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the cell's text."""
        return {"type": "string", "maxLength": self.longest}


@dataclass(frozen=True, slots=True, kw_only=True)
class Where(CellKind):
    """The place in the paper; required wherever a number is claimed."""

    def missing(self, column: str) -> Trouble:
        """Return what is said when nobody could find the number again."""
        return Trouble(
            f"{column} is empty.",
            "Nobody can find the number in the paper again.",
            'Name the place, such as "Table 4, row Neutropenia, column Grade 3 or worse".',
            "C16",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Slug(CellKind):
    """A key: lower-case letters, digits and single hyphens or underscores between them."""

    def convert(self, text: str, column: str, words: Words) -> str:
        """Return the key itself."""
        if not SLUG.fullmatch(text):
            raise Trouble(*not_a_slug(column, text))
        return text

    def json_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the cell's text."""
        return {"type": "string", "pattern": f"^(?:{SLUG.pattern})?$"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(CellKind):
    """One word of a vocabulary, fixed by the schema or declared by the review."""

    vocabulary: str

    def convert(self, text: str, column: str, words: Words) -> str:
        """Return the word itself; an unknown word is answered with the nearest one."""
        choices = words.get(self.vocabulary)
        if choices is None or text in choices:
            return text
        raise Trouble(*unknown_word(column, text, choices), check="C09")


@dataclass(frozen=True, slots=True, kw_only=True)
class Doi(CellKind):
    """A digital object identifier without address or prefix."""

    def convert(self, text: str, column: str, words: Words) -> str:
        """Return the identifier."""
        if not re.fullmatch(r"10\.[0-9]{4,9}/[^\s<>\"]+", text):
            raise Trouble(
                f'{column} is "{text}", which is not the bare identifier.',
                remedy='Write it from "10." on, such as "10.1000/example.2020.1".',
            )
        return text

    def json_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the cell's text."""
        return {"type": "string", "pattern": r"^(?:10\.[0-9]{4,9}/[^\s<>\"]+)?$"}


def not_a_slug(noun: str, text: str) -> tuple[str, str, str]:
    """Return what is said of a key that is not plain."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    proposal = re.sub(r"[^a-z0-9_]+", "-", plain).strip("-_")
    offer = f' such as "{proposal}"' if SLUG.fullmatch(proposal) else ""
    return (
        f'{noun} is "{text}".',
        "A key holds lower-case letters, digits and single hyphens or underscores between them.",
        f"Choose a plain key{offer}.",
    )


def unknown_word(noun: str, text: str, choices: tuple[str, ...]) -> tuple[str, str, str]:
    """Return what is said of a word that is not in its vocabulary."""
    shown = [choice for choice in choices if choice]
    near = get_close_matches(text.lower().replace(" ", "_"), shown, n=1, cutoff=0.6)
    near = near or [choice for choice in shown if text and choice.startswith(text.lower())]
    listed = ", ".join(shown) if shown else "none so far"
    return (
        f'{noun} is "{text}", which is not known here.',
        f'Did you mean "{near[0]}"?' if near else "",
        f"Words known: {listed}.",
    )


def _tidy(text: str, column: str) -> None:
    """Refuse invisible characters and text that a spreadsheet would run as a formula."""
    if "\n" in text:
        raise Trouble(f"{column} contains a line break.", remedy="Write the cell on one line.")
    for mark in text:
        if mark != " " and unicodedata.category(mark) in {"Cc", "Cf", "Cs", "Co", "Zs", "Zl", "Zp"}:
            name = unicodedata.name(mark, f"character U+{ord(mark):04X}").lower()
            raise Trouble(
                f"{column} contains an invisible character ({name}).",
                "Two cells that look alike would count as different.",
                "Type the cell again with plain spaces.",
            )
    if text != text.strip():
        raise Trouble(
            f'{column} is "{text.strip()}" with a space before or after it.',
            "Two cells that look alike would count as different.",
            "Remove the space.",
        )
    if text[:1] in _FORMULA or (text[:1] in {"+", "-"} and not _SIGNED.fullmatch(text)):
        raise Trouble(
            f'{column} begins with "{text[0]}".',
            "A spreadsheet would run it as a formula.",
            "Begin the cell with a word or a number.",
        )
