"""Figures in a page: drawn into the HTML for both widths of screen, and offered as files."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.book.drawings import drawing
from toolkit.book.results import plain
from toolkit.book.spreadsheet import xlsx
from toolkit.book.text import link
from toolkit.review import Comparator, Outcome, Review
from toolkit.synthesis import Synthesis
from toolkit.tables import tidy_csv

_EMPTY_LINES = re.compile(r"\n\s*(?=\n)")


@dataclass(frozen=True, slots=True)
class Plots:
    """Where the figures of one review go.

    Parameters
    ----------
    review : str
        Key of the review: begins every id, since a page may show several reviews.
    folder : Path
        Folder of the figure files.
    address : str
        That folder as a page of the review links to it.
    """

    review: str
    folder: Path
    address: str

    def forest(self, answer: Synthesis, comparators: Sequence[Comparator], name: str) -> str:
        """Return a forest plot as a block of HTML, and write its files and its numbers.

        Parameters
        ----------
        answer : Synthesis
            What is drawn.
        comparators : sequence of Comparator
            Published estimates drawn beside it.
        name : str
            Name of the files, and beginning of every id in the page.
        """
        tidy = tidy_csv([answer])
        numbers = json.dumps(plain(answer.to_dict()), indent=1, sort_keys=True, ensure_ascii=False)
        lines = [[_number(cell) for cell in line] for line in csv.reader(io.StringIO(tidy))]
        files = {
            "csv": tidy.encode(),
            "xlsx": xlsx(name, [str(cell) for cell in lines[0]], lines[1:]),
            "json": f"{numbers}\n".encode(),
        }
        return self.figure("forest", answer, name=name, files=files, comparators=tuple(comparators))

    def figure(
        self,
        kind: str,
        *given: Any,
        name: str,
        caption: str = "",
        files: dict[str, bytes] | None = None,
        **options: Any,
    ) -> str:
        """Return a figure as a block of HTML, and write its files.

        Parameters
        ----------
        kind : str
            A word of `toolkit.book.drawings.FIGURES`.
        *given, **options
            What that figure is drawn from.
        name : str
            Name of the files, and beginning of every id in the page.
        caption : str
            What the figure shows, as HTML, where its own title does not say it all.
        files : mapping of ending to bytes
            Further files under the same name.
        """
        drawn = drawing(kind, *given, **options)
        wide, narrow = drawn.named(f"plot-{self.review}-{name}")
        self.folder.mkdir(parents=True, exist_ok=True)
        offered = dict(drawn.files) | (files or {})
        for ending, content in offered.items():
            (self.folder / f"{name}.{ending}").write_bytes(content)
        links = " ".join(
            link(f"{self.address}/{name}.{ending}", ending.upper()) for ending in offered
        )
        told = f"{caption} " if caption else ""
        return (
            f'<figure class="st-plot" id="figure-{self.review}-{name}">\n'
            f'<div class="st-wide">{_in_one_block(wide)}</div>\n'
            f'<div class="st-narrow">{_in_one_block(narrow)}</div>\n'
            f"<figcaption>{told}Download this figure: {links}</figcaption>\n</figure>\n"
        )


def beside(review: Review, outcome: Outcome) -> tuple[Comparator, ...]:
    """Return the published estimates of an outcome that are shown beside its pool."""
    return tuple(
        each
        for each in review.comparators
        if each.outcome == outcome.key and each.grade == outcome.grade
    )


def _number(cell: str) -> object:
    """Return a cell of a CSV as a spreadsheet should hold it: a number where it is one."""
    try:
        return float(cell) if "." in cell or "e" in cell else int(cell)
    except ValueError:
        return cell


def _in_one_block(svg: str) -> str:
    """Return SVG without empty lines: one would end the block of HTML for MyST."""
    return _EMPTY_LINES.sub("", svg)
