"""A preview as one HTML page that needs no other file and runs no program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from toolkit.figures.forest.plot import forest
from toolkit.figures.page.svg import inline_svg
from toolkit.html import literal, table
from toolkit.reviewing.preview.preview import Change, Preview
from toolkit.reviewing.preview.text import (
    answer_words,
    heading,
    prediction_words,
    remarks,
    row_words,
)

_STYLE = """
:root { color-scheme: light dark; --st-figure-pool: #2f6fb0; --st-figure-beside: #a85b14 }
@media (prefers-color-scheme: dark) {
  :root { --st-figure-pool: #79aee0; --st-figure-beside: #e0a25f }
}
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2.5rem }
table { border-collapse: collapse; font-size: .9rem }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0;
  border-bottom: 1px solid #8886 }
th { font-weight: 600 }
tbody th { font-weight: 400 }
.st-table { overflow-x: auto }
.st-pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(22rem, 1fr)); gap: 2rem }
figure { margin: 1rem 0 } figcaption { font-size: .9rem; opacity: .8 }
svg { width: 100%; height: auto }
"""


MARK = '<meta name="generator" content="Series Toolkit preview">'
"""What stands at the beginning of every page of a preview, so that the next one may replace it."""


def page(preview: Preview) -> str:
    """Return a preview as HTML: answers before and after, forest plots, and what to look at.

    Whatever comes from a sheet is shown as it stands and can never act.
    """
    moved = [change for change in preview.changes if change.moved]
    primary = [each for each in moved if each.after.analysis_set == preview.review.primary_set]
    title = f"Preview of {preview.series}"
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            MARK,
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{literal(title)}</title><style>{_STYLE}</style></head><body><main>",
            f"<h1>{literal(title)}</h1>",
            f"<p>{literal(preview.review.title)}</p>",
            f"<p><strong>{literal(heading(preview))}</strong></p>",
            f"<p>{literal(' '.join(remarks(preview)))}</p>",
            "<h2>Answers of the primary set that rest on other numbers</h2>",
            _answers(primary),
            *(_forests(change) for change in primary),
            *_list("New differences within the paper", map(str, preview.differences)),
            *_list("Series that may share patients", map(str, preview.pairs)),
            "<h2>Answers of other sets that rest on other numbers</h2>",
            _answers([change for change in moved if change not in primary]),
            "<h2>Answers as before</h2>",
            _answers([change for change in preview.changes if not change.moved]),
            *_list("Numbers of this series that are in no answer", map(str, preview.unused)),
            *_list("Cells that show another number than they hold", preview.readings),
            *_list("Cells that would be recorded", preview.cells),
            "</main></body></html>\n",
        ]
    )


def _answers(changes: list[Change]) -> str:
    """Return answers as a table."""
    if not changes:
        return "<p>None.</p>"
    rows = (
        (
            literal(change.after.outcome_label),
            literal(change.after.analysis_set_label),
            literal(answer_words(change.before)),
            literal(answer_words(change.after)),
            literal(row_words(change)) or "–",
            literal(prediction_words(change.before)) or "–",
            literal(change.place or "") or "–",
        )
        for change in changes
    )
    heads = ("Outcome", "Set", "Before", "After", "The series", "A new study, before", "It lies")
    return table(heads, rows)


def _forests(change: Change) -> str:
    """Return the forest plots of one answer before and after, side by side."""
    outcome = change.after.outcome
    figures = [
        f"<figure>{inline_svg(forest(answer, narrow=True), f'{when}-{outcome}')}"
        f"<figcaption>{when.capitalize()}</figcaption></figure>"
        for when, answer in (("before", change.before), ("after", change.after))
        if answer.k
    ]
    return (
        f"<h2>{literal(change.after.outcome_label)}</h2>\n"
        f'<div class="st-pair">{"".join(figures)}</div>'
    )


def _list(title: str, entries: Iterable[str]) -> Iterator[str]:
    """Yield a list with its title, nothing for an empty one."""
    items = "".join(f"<li>{literal(entry)}</li>" for entry in entries)
    if items:
        yield f"<h2>{literal(title)}</h2>\n<ul>{items}</ul>"
