"""The protocol of a review that is made from a spreadsheet: every guessed word is marked."""

from __future__ import annotations

from toolkit.reviewing.new_review import toml_text
from toolkit.sheets.table.table import Table

TO_CONFIRM = "to confirm"
"""What marks every word of the protocol that was guessed."""

Facets = dict[str, tuple[str, dict[str, str]]]
"""A property of groups by its key: its heading, and the key of each of its words."""


def protocol_text(
    table: Table,
    key: str,
    title: str,
    question: str,
    outcomes: dict[str, str],
    facets: Facets,
) -> str:
    """Return review.toml, every guessed word marked."""
    heading = title or key.replace("-", " ").capitalize()
    lines = [
        f'# Made from the spreadsheet {table.file}. What says "{TO_CONFIRM}" was guessed: decide',
        "# it before the first number is used.",
        f"title = {toml_text(heading)}",
        f"question = {toml_text(question or f'How often does it happen? ({TO_CONFIRM})')}",
        f'population = "Who counts, in one sentence ({TO_CONFIRM})."',
        'primary_set = "primary"',
        f"status = {toml_text(f'Made from {table.file}; nothing was checked against the papers.')}",
        "",
        "[search]",
        'last_search = ""',
        "sources = []",
        f"note = {toml_text(f'Not recorded in {table.file}.')}",
        "",
        "[series_fields]",
        "",
    ]
    for name, (label, words) in facets.items():
        lines += [f"[facets.{name}]", f"label = {toml_text(label)}", f"[facets.{name}.words]"]
        lines += [f"{word_key} = {toml_text(word)}" for word, word_key in words.items()]
        lines.append("")
    lines += [
        "[windows]",
        "",
        f"# {TO_CONFIRM}: the headline method, fixed before an estimate is looked at.",
        "[methods.response]",
        'model = "binomial-normal"',
        'fit = "ml"',
        'interval = "t"',
        'estimand = "typical"',
        "",
    ]
    for word, outcome in outcomes.items():
        name = word or "Event"
        lines += [
            f"[outcomes.{outcome}]",
            f"label = {toml_text(name[:1].upper() + name[1:])}",
            f"short = {toml_text(name[:1].upper() + name[1:])}",
            f'definition = "What counts, in one sentence ({TO_CONFIRM})."',
            f'kind = "response"             # {TO_CONFIRM}: or "toxicity", with a grade',
            f'direction = "benefit"         # {TO_CONFIRM}: or "harm"',
            "shown = true",
            "",
        ]
    lines += [
        "[sets.primary]",
        'label = "Primary"',
        'description = "Every study of the spreadsheet."',
        'construct = "exact"',
        "",
    ]
    if facets:
        listed = ", ".join(f'"{name}"' for name in facets)
        lines += ["[subgroups]", f"by = [{listed}]", ""]
    return "\n".join(lines)


def prose_text(table: Table, key: str, title: str) -> str:
    """Return the README of the review."""
    heading = title or key.replace("-", " ").capitalize()
    return f"""\
# {heading}

Made from the spreadsheet `{table.file}`: one folder per study under `series/`. A spreadsheet says
no place in a paper, so every number carries the line it came from instead, and nobody has checked
it against its report.

1. Decide in `review.toml` what says "{TO_CONFIRM}".
2. Write the citations in `reports.csv` and in each `series.csv`.
3. For each study look up its numbers in the paper and write where they stand.
"""
