"""Forest plots in a page: drawn into the HTML for both widths of screen, and offered as files."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl

from toolkit.book.text import link
from toolkit.figures.files import save
from toolkit.figures.forest import forest
from toolkit.figures.inline import inline_svg
from toolkit.review import Comparator, Outcome, Review
from toolkit.synthesis import Synthesis

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
    kept : Path
        Files of earlier builds, by the content of the figure: drawing at 600 dots per inch is the
        slowest part of a build, and most figures are those of the last one.
    """

    review: str
    folder: Path
    address: str
    kept: Path

    def forest(self, answer: Synthesis, comparators: Sequence[Comparator], name: str) -> str:
        """Return a forest plot as a block of HTML, and write its files.

        Parameters
        ----------
        answer : Synthesis
            What is drawn.
        comparators : sequence of Comparator
            Published estimates drawn beside it.
        name : str
            Name of the files, and beginning of every id in the page.
        """
        drawn = forest(answer, comparators=comparators)
        identity = f"plot-{self.review}-{name}"
        wide = inline_svg(drawn, identity)
        narrow = inline_svg(
            forest(answer, comparators=comparators, narrow=True), f"{identity}-narrow"
        )
        self.folder.mkdir(parents=True, exist_ok=True)
        self.kept.mkdir(parents=True, exist_ok=True)
        shape = wide.replace(identity, "")
        content = hashlib.sha256(f"{mpl.__version__}{shape}".encode()).hexdigest()[:24]
        for ending in ("svg", "pdf", "png"):
            kept = self.kept / f"{content}.{ending}"
            if not kept.is_file():
                # Saved under another name first: a build that is stopped leaves no half a file.
                part = self.kept / f"{content}-part.{ending}"
                save(drawn, part)
                part.replace(kept)
            shutil.copyfile(kept, self.folder / f"{name}.{ending}")
        files = " ".join(
            link(f"{self.address}/{name}.{ending}", ending.upper())
            for ending in ("svg", "pdf", "png")
        )
        return (
            f'<figure class="st-plot" id="figure-{self.review}-{name}">\n'
            f'<div class="st-wide">{_in_one_block(wide)}</div>\n'
            f'<div class="st-narrow">{_in_one_block(narrow)}</div>\n'
            f"<figcaption>Download this figure: {files}</figcaption>\n</figure>\n"
        )


def beside(review: Review, outcome: Outcome) -> tuple[Comparator, ...]:
    """Return the published estimates of an outcome that are shown beside its pool."""
    return tuple(
        each
        for each in review.comparators
        if each.outcome == outcome.key and each.grade == outcome.grade
    )


def _in_one_block(svg: str) -> str:
    """Return SVG without empty lines: one would end the block of HTML for MyST."""
    return _EMPTY_LINES.sub("", svg)
