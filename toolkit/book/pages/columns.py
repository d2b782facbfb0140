"""The columns of every sheet, told from the one schema that also reads and checks them."""

from __future__ import annotations

import inspect

from toolkit.html import ABSENT, literal, table
from toolkit.sheets.schema.schema import VOCABULARIES, Kind, schema


def columns_page() -> str:
    """Return the page as MyST; what a review declares for itself is told by its own protocol."""
    sheets = schema({}, {})
    blocks = [
        "(columns-of-the-sheets)=\n# Columns of the sheets\n",
        "Every series is a folder of small tables; every review adds a few of its own. Which "
        "outcomes, facets and windows there are is said in the review&#8217;s `review.toml`.\n",
        "## Sheets of a series\n",
        *map(_sheet, sheets.series),
        "## Sheets of a review\n",
        *map(_sheet, sheets.review),
        "## Words with a fixed meaning\n",
        *(_vocabulary(name, words) for name, words in VOCABULARIES.items() if name != "item"),
    ]
    return "\n".join(blocks)


def _sheet(kind: Kind) -> str:
    """Return the columns of one sheet in their order."""
    rows = []
    for column in kind.columns:
        field = kind.field(column)
        example = str(field.examples[0]) if field.examples else ""
        rows.append(
            (
                f"<code>{literal(column)}</code>",
                literal(field.description or ""),
                f"<code>{literal(example)}</code>" if example else ABSENT,
            )
        )
    meaning = " ".join((inspect.getdoc(kind.model) or "").split())
    return f"### {literal(kind.file)}\n\n<p>{literal(meaning)}</p>\n\n" + table(
        ("Column", "What it holds", "Example"), rows
    )


def _vocabulary(name: str, words: dict[str, str]) -> str:
    """Return the words of one column with their meanings."""
    rows = [
        (f"<code>{literal(word)}</code>" if word else "<em>empty</em>", literal(meaning))
        for word, meaning in words.items()
    ]
    title = literal(name.replace("_", " "))
    return f"<details><summary>{title}</summary>\n{table(('Word', 'Meaning'), rows)}</details>\n"
