"""The schema of a review's sheets for other programs: Frictionless Table Schema, JSON Schema."""

from __future__ import annotations

from typing import Any

from toolkit.errors import SheetError
from toolkit.sheets.folder import RawReview
from toolkit.sheets.protocol.read import read_protocol
from toolkit.sheets.records import review_schema, review_words
from toolkit.sheets.schema.cells import Choice, Words
from toolkit.sheets.schema.schema import Kind, Schema


def schemas(raw: RawReview, *, rows: bool = False) -> dict[str, Any]:
    """Return what every sheet of a review may hold, ready for JSON.

    Parameters
    ----------
    raw : RawReview
        The sheets, whatever is wrong with them: the protocol alone must be in order.
    rows : bool
        JSON Schemas of one row, by sheet, instead of a Frictionless Data Package.

    Raises
    ------
    SheetError
        With every problem of review.toml.
    """
    protocol, problems = (
        (None, raw.problems) if raw.protocol is None else read_protocol(raw.protocol)
    )
    if protocol is None:
        raise SheetError(problems)
    described, words = review_schema(protocol), review_words(raw, protocol)
    if rows:
        kinds = (*described.review, *described.series)
        return {kind.name: json_schema(kind, words) for kind in kinds}
    return data_package(described, words, raw.key, raw.series)


def table_schema(kind: Kind, words: Words) -> dict[str, Any]:
    """Return the Frictionless Table Schema of one kind of sheet.

    Every cell is text there as it is here; what the text must look like stands in constraints.

    **Source**: Frictionless Data, Table Schema specification, version 1.
    """
    if kind.upright:
        names = list(kind.columns)
        fields = [
            {"name": "field", "type": "string", "constraints": {"required": True, "enum": names}},
            {"name": "value", "type": "string"},
        ]
        return {"fields": fields, "primaryKey": ["field"], "missingValues": [""]}
    return {
        "fields": [_field(kind, column, words) for column in kind.columns],
        "primaryKey": list(kind.unique),
        "missingValues": [""],
    }


def json_schema(kind: Kind, words: Words) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of one row of a sheet, all cells as text."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": kind.name,
        "type": "object",
        "additionalProperties": False,
        "required": [name for name in kind.columns if name not in kind.optional],
        "properties": {
            name: {
                "title": kind.field(name).title,
                "description": kind.field(name).description,
                **kind.cell(name).json_schema(),
                **({"enum": enum} if (enum := _enum(kind, name, words)) else {}),
                **({"minLength": 1} if kind.cell(name).required else {}),
            }
            for name in kind.columns
        },
    }


def data_package(
    schema: Schema, words: Words, review: str, series: tuple[str, ...]
) -> dict[str, Any]:
    """Return the Frictionless Data Package of a review: every sheet it may hold."""
    places = [("", kind) for kind in schema.review]
    places += [(f"series/{key}/", kind) for key in series for kind in schema.series]
    return {
        "name": review,
        "resources": [
            {
                "name": f"{folder}{kind.name}".replace("/", "-"),
                "path": f"{folder}{kind.file}",
                "format": "csv",
                "encoding": "utf-8",
                "schema": table_schema(kind, words),
            }
            for folder, kind in places
        ],
    }


def _field(kind: Kind, name: str, words: Words) -> dict[str, Any]:
    """Return one field of a Table Schema."""
    field, cell = kind.field(name), kind.cell(name)
    constraints: dict[str, Any] = {"required": True} if cell.required else {}
    shape = cell.json_schema()
    constraints |= {key: shape[key] for key in ("pattern", "maxLength") if key in shape}
    if enum := _enum(kind, name, words):
        # An empty cell is missing there, not a word.
        constraints["enum"] = [word for word in enum if word]
    described = {"name": name, "type": "string", "title": field.title}
    return {
        **described,
        "description": field.description,
        "example": field.examples[0] if field.examples else "",
        "constraints": constraints,
    }


def _enum(kind: Kind, name: str, words: Words) -> list[str]:
    """Return the words a cell may hold; none where it is free, or named within the series."""
    cell = kind.cell(name)
    if not isinstance(cell, Choice) or cell.vocabulary not in words:
        return []
    known = list(words[cell.vocabulary])
    return known if cell.required or "" in known else ["", *known]
