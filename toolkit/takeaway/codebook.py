"""What every column of a review's sheets means, and its sheets as a Frictionless Data Package."""

from __future__ import annotations

import hashlib
from typing import Any

from toolkit.review.review import Review
from toolkit.sheets.csv_files import write_table
from toolkit.sheets.folder import RawReview
from toolkit.sheets.schema.export import schemas
from toolkit.sheets.schema.vocabularies import VOCABULARIES

_HEADING = ("sheet", "column", "title", "description", "required", "words", "pattern", "example")


def data_package(raw: RawReview, review: Review, folder: str) -> dict[str, Any]:
    """Return the Frictionless Data Package of the sheets that are there.

    Parameters
    ----------
    raw : RawReview
    review : Review
    folder : str
        From the descriptor to the folder of the review, ending in a slash.
    """
    described = schemas(raw)
    by_path = {each["path"]: each for each in described["resources"]}
    statements = next(
        (each for each in described["resources"] if each["path"].endswith("/statements.csv")), None
    )
    resources = []
    for path in sorted(raw.contents):
        known = by_path.get(path)
        if known is None and path.startswith("papers/") and statements is not None:
            known = {**statements, "name": path.removesuffix(".csv").replace("/", "-")}
        if known is None:
            continue
        content = raw.contents[path]
        resources.append(
            {
                **known,
                "path": f"{folder}{path}",
                "profile": "tabular-data-resource",
                "mediatype": "text/csv",
                "bytes": len(content),
                "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
                "schema": _of_columns(known["schema"], content),
            }
        )
    return {
        "profile": "tabular-data-package",
        "name": review.key,
        "title": review.title or review.key,
        "description": review.question,
        "id": review.fingerprint,
        "contributors": [{"title": name, "role": "author"} for name in review.authors],
        "resources": resources,
    }


def _of_columns(schema: dict[str, Any], content: bytes) -> dict[str, Any]:
    """Return a Table Schema with the columns that a sheet has: some may be left out."""
    heading = content.decode("utf-8").splitlines()[0].split(",")
    fields = {each["name"]: each for each in schema["fields"]}
    kept = [fields[name] for name in heading if name in fields]
    key = [name for name in schema["primaryKey"] if name in heading]
    return {**schema, "fields": kept, "primaryKey": key}


def codebook(raw: RawReview, review: Review) -> str:
    """Return every column of every kind of sheet as CSV, with the words it may hold."""
    meanings = {
        word: meaning for words in VOCABULARIES.values() for word, meaning in words.items() if word
    }
    meanings |= {each.key: f"{each.label}: {each.definition}" for each in review.outcomes}
    meanings |= {word.key: word.label for facet in review.facets for word in facet.words}
    meanings |= {word.key: word.label for word in review.windows}
    rows, told = [], set()
    for resource in schemas(raw)["resources"]:
        sheet = resource["path"].rpartition("/")[2]
        if sheet in told:
            continue
        told.add(sheet)
        for field in resource["schema"]["fields"]:
            limits = field.get("constraints", {})
            words = [
                f"{word}: {meanings[word]}" if word in meanings else word
                for word in limits.get("enum", ())
            ]
            rows.append(
                (
                    sheet,
                    field["name"],
                    field.get("title", ""),
                    field.get("description", ""),
                    "yes" if limits.get("required") else "no",
                    "; ".join(words),
                    limits.get("pattern", ""),
                    field.get("example", ""),
                )
            )
    return write_table(_HEADING, rows)
