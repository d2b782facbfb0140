"""Figures in a page: drawn for both widths of screen, and offered as files."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from markupsafe import Markup
from matplotlib.figure import Figure

from toolkit.analysis.cache import remembered
from toolkit.audit.run import Audit
from toolkit.book.build.workers import later
from toolkit.book.content.provenance import Dot, dot, read_at
from toolkit.book.content.results import plain
from toolkit.book.content.spreadsheet import xlsx
from toolkit.book.content.templates import key
from toolkit.figures.appraisal import appraisal
from toolkit.figures.coverage import coverage_plot
from toolkit.figures.event_table import event_table
from toolkit.figures.flow import flow
from toolkit.figures.forest.plot import forest, in_order, row_marks
from toolkit.figures.influence import influence_plot
from toolkit.figures.ladder import ladder_plot
from toolkit.figures.page.files import save
from toolkit.figures.page.svg import inline_svg, linked_svg
from toolkit.figures.patients import patient_matrix
from toolkit.figures.small_study import small_study_plot
from toolkit.figures.specification_curve import specification_plot
from toolkit.figures.steps import cumulative_plot, leave_one_out_plot
from toolkit.figures.subsets import subsets_plot
from toolkit.results.row import Row
from toolkit.results.synthesis import Synthesis
from toolkit.results.tables import tidy_csv
from toolkit.review.protocol import Outcome
from toolkit.review.review import Comparator, Review
from toolkit.scripts.script import has_script, script

DRAWN: dict[str, Callable[..., Figure]] = {
    "appraisal": appraisal,
    "coverage": coverage_plot,
    "cumulative": cumulative_plot,
    "events": event_table,
    "flow": flow,
    "forest": forest,
    "influence": influence_plot,
    "ladder": ladder_plot,
    "leave-one-out": leave_one_out_plot,
    "patients": patient_matrix,
    "small-study": small_study_plot,
    "specification": specification_plot,
    "subsets": subsets_plot,
}
"""What a page may draw. A word is the same on every run, unlike the place of a function."""

VECTORS = ("svg", "pdf")
"""Kinds of file that every figure is offered as."""

_IDENTITY = "drawing-of-this-book"

FIGURES = "figures"
"""Folder of the figure files beside the pages of a review."""

REPRINTED = (*VECTORS, "png")
"""Kinds of file of the main figures: what is sent to a journal or put on a slide."""

_EMPTY_LINES = re.compile(r"\n\s*(?=\n)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A figure as a page shows it.

    Attributes
    ----------
    identity : str
        End of its id in the page.
    wide, narrow : Markup
        SVG for a screen and for a phone.
    files : tuple of (address, ending)
        What is offered beside it.
    dots : tuple of Dot
        Marks that stand for a number of the sheets, each number once.
    """

    identity: str
    wide: Markup
    narrow: Markup
    files: tuple[tuple[str, str], ...]
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class Plots:
    """Where the figures of one review go.

    Parameters
    ----------
    audit : Audit
        The review and what is known of its numbers. Its key begins every id, since a page may
        show several reviews.
    folder : Path
        Folder of the figure files.
    address : str
        That folder as a page of the review links to it.
    """

    audit: Audit
    folder: Path
    address: str

    def forest(self, answer: Synthesis, comparators: Sequence[Comparator], name: str) -> Drawing:
        """Return a forest plot, its studies by year, and write its files and its numbers.

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
        if answer.leading.defined and not answer.by and has_script(answer):
            files["R"] = script(answer).encode()
        main = not answer.by and answer.analysis_set == self.audit.review.primary_set
        by_year = in_order(answer, "year")
        return self.figure(
            "forest",
            by_year,
            name=name,
            files=files,
            dots={
                mark: self.dot(answer, row)
                for mark, row in row_marks(by_year).items()
                if read_at(row) is not None
            },
            comparators=tuple(comparators),
            formats=REPRINTED if main else VECTORS,
        )

    def dot(self, answer: Synthesis, row: Row) -> Dot:
        """Return where a drawn row of an answer leads and what is known of its number."""
        address = f"{self.address.removesuffix(FIGURES)}data.html"
        return dot(self.audit, answer.outcome, row, answer.grade, address)

    def figure(
        self,
        kind: str,
        *given: Any,
        name: str,
        files: dict[str, bytes] | None = None,
        dots: Mapping[str, Dot] = MappingProxyType({}),
        addresses: Mapping[str, str] = MappingProxyType({}),
        formats: tuple[str, ...] = VECTORS,
        **options: Any,
    ) -> Drawing:
        """Return a figure, and write its files.

        Parameters
        ----------
        kind : str
            A word of `DRAWN`.
        *given, **options
            What that figure is drawn from.
        name : str
            Name of the files, and beginning of every id in the page.
        files : mapping of ending to bytes
            Further files under the same name.
        dots : mapping of str to Dot
            Marks of the figure that stand for a number of the sheets, by their name.
        addresses : mapping of str to str
            Other parts of the figure that lead somewhere, by their name.
        formats : tuple of str
            Kinds of file of the drawing that are offered.
        """
        return drawing(
            kind,
            *given,
            identity=f"{self.audit.review.key}-{name}",
            stem=self.folder / name,
            address=f"{self.address}/{name}",
            dots=dots,
            files=files or {},
            leading=addresses,
            formats=formats,
            **options,
        )


def drawing(
    kind: str,
    *given: Any,
    identity: str,
    stem: Path,
    address: str,
    dots: Mapping[str, Dot] = MappingProxyType({}),
    files: Mapping[str, bytes] = MappingProxyType({}),
    leading: Mapping[str, str] = MappingProxyType({}),
    formats: tuple[str, ...] = VECTORS,
    **options: Any,
) -> Drawing:
    """Return a figure, and write its files or have them written.

    Parameters
    ----------
    kind, given, options
        What is drawn, as for `drawn`.
    identity : str
        End of its id in the page.
    stem : Path
        Where the files go, without their endings.
    address : str
        That place as the page links to it.
    dots : mapping of str to Dot
        Marks of the figure that stand for a number of the sheets, by their name.
    files : mapping of ending to bytes
        Files beside those of the drawing.
    leading : mapping of str to str
        Where other parts of the figure lead, by their name.
    formats : tuple of str
        Kinds of file of the drawing.
    """
    shown = drawn(kind, *given, identity=f"plot-{identity}", **options)
    links = {mark: key(each.address) for mark, each in dots.items()} | dict(leading)
    wide, narrow = (Markup(_in_one_block(linked_svg(svg, links))) for svg in shown)
    stem.parent.mkdir(parents=True, exist_ok=True)
    later(write_files, stem, formats, kind, given, options, once=stem)
    for ending, content in files.items():
        stem.with_name(f"{stem.name}.{ending}").write_bytes(content)
    return Drawing(
        identity=identity,
        wide=wide,
        narrow=narrow,
        files=tuple((f"{address}.{ending}", ending) for ending in (*formats, *files)),
        dots=tuple({each.address: each for each in dots.values()}.values()),
    )


def drawn(figure: str, *given: Any, identity: str, **options: Any) -> tuple[str, str]:
    """Return a figure of `DRAWN` as SVG for a screen and for a phone.

    Parameters
    ----------
    figure : str
        A word of `DRAWN`.
    *given, **options
        What it is drawn from.
    identity : str
        Begins every id in the drawings, since a page may show several.
    """
    wide, narrow = _inline(figure, *given, **options)
    return wide.replace(_IDENTITY, identity), narrow.replace(_IDENTITY, f"{identity}-narrow")


def write_files(
    stem: Path,
    formats: tuple[str, ...],
    figure: str,
    given: tuple[Any, ...],
    options: Mapping[str, Any],
) -> None:
    """Write a figure of `DRAWN` as files of some formats."""
    for ending, content in _files(formats, figure, *given, **options):
        stem.with_name(f"{stem.name}.{ending}").write_bytes(content)


@remembered
def _inline(figure: str, *given: Any, **options: Any) -> tuple[str, str]:
    """Return the SVG of a figure for a screen and for a phone."""
    draw = DRAWN[figure]
    wide, narrow = draw(*given, **options), draw(*given, **options, narrow=True)
    return inline_svg(wide, _IDENTITY), inline_svg(narrow, _IDENTITY)


@remembered
def _files(
    formats: tuple[str, ...], figure: str, *given: Any, **options: Any
) -> tuple[tuple[str, bytes], ...]:
    """Return each ending with its file: to choose the letters of a PDF's fonts takes longest."""
    with tempfile.TemporaryDirectory() as folder:
        paths = save(DRAWN[figure](*given, **options), Path(folder) / "figure", formats)
        return tuple((path.suffix.removeprefix("."), path.read_bytes()) for path in paths)


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
