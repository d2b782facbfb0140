"""Figures drawn once for equal records: SVG for a page at both widths, and the files offered."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from toolkit.analysis.cache import remembered
from toolkit.figures.appraisal import appraisal
from toolkit.figures.coverage import coverage_plot
from toolkit.figures.event_table import event_table
from toolkit.figures.flow import flow
from toolkit.figures.forest.plot import forest
from toolkit.figures.influence import influence_plot
from toolkit.figures.page.files import save
from toolkit.figures.page.svg import inline_svg
from toolkit.figures.patients import patient_matrix
from toolkit.figures.small_study import small_study_plot
from toolkit.figures.specification_curve import specification_plot
from toolkit.figures.steps import cumulative_plot, leave_one_out_plot
from toolkit.figures.subsets import subsets_plot

FIGURES: dict[str, Callable[..., Figure]] = {
    "appraisal": appraisal,
    "coverage": coverage_plot,
    "cumulative": cumulative_plot,
    "events": event_table,
    "flow": flow,
    "forest": forest,
    "influence": influence_plot,
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


def drawn(figure: str, *given: Any, identity: str, **options: Any) -> tuple[str, str]:
    """Return a figure of `FIGURES` as SVG for a screen and for a phone.

    Parameters
    ----------
    figure : str
        A word of `FIGURES`.
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
    """Write a figure of `FIGURES` as files of some formats."""
    for ending, content in _files(formats, figure, *given, **options):
        stem.with_name(f"{stem.name}.{ending}").write_bytes(content)


@remembered
def _inline(figure: str, *given: Any, **options: Any) -> tuple[str, str]:
    """Return the SVG of a figure for a screen and for a phone."""
    draw = FIGURES[figure]
    wide, narrow = draw(*given, **options), draw(*given, **options, narrow=True)
    return inline_svg(wide, _IDENTITY), inline_svg(narrow, _IDENTITY)


@remembered
def _files(
    formats: tuple[str, ...], figure: str, *given: Any, **options: Any
) -> tuple[tuple[str, bytes], ...]:
    """Return each ending with its file: to choose the letters of a PDF's fonts takes longest."""
    with tempfile.TemporaryDirectory() as folder:
        paths = save(FIGURES[figure](*given, **options), Path(folder) / "figure", formats)
        return tuple((path.suffix.removeprefix("."), path.read_bytes()) for path in paths)
