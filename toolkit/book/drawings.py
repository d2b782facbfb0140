"""Figures drawn once: the SVG of a page at both widths, and the files that are offered."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from toolkit.figures.appraisal import appraisal
from toolkit.figures.coverage import coverage_plot
from toolkit.figures.event_table import event_table
from toolkit.figures.files import save
from toolkit.figures.flow import flow
from toolkit.figures.forest import forest
from toolkit.figures.influence import influence_plot
from toolkit.figures.inline import inline_svg
from toolkit.figures.patients import patient_matrix
from toolkit.figures.small_study import small_study_plot
from toolkit.figures.specification_curve import specification_plot
from toolkit.figures.steps import cumulative_plot, leave_one_out_plot
from toolkit.figures.subsets import subsets_plot
from toolkit.memory import remembered

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

_IDENTITY = "drawing-of-this-book"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """One figure as a page shows it and as files hold it.

    Attributes
    ----------
    wide, narrow : str
        SVG for a screen and for a phone.
    files : tuple of (ending, bytes)
        The wide figure as files.
    """

    wide: str
    narrow: str
    files: tuple[tuple[str, bytes], ...]

    def named(self, identity: str) -> tuple[str, str]:
        """Return both drawings with ids of their own, since a page may show several figures."""
        return (
            self.wide.replace(_IDENTITY, identity),
            self.narrow.replace(_IDENTITY, f"{identity}-narrow"),
        )


VECTORS = ("svg", "pdf")
"""Kinds of file that every figure is offered as."""


@remembered
def drawing(
    figure: str, *given: Any, formats: tuple[str, ...] = VECTORS, **options: Any
) -> Drawing:
    """Return a figure of `FIGURES` drawn from records, for a screen, for a phone and as files.

    It is drawn once for equal records: at 600 dots per inch that is the slowest part of a build.
    """
    draw = FIGURES[figure]
    wide = draw(*given, **options)
    narrow = draw(*given, **options, narrow=True)
    with tempfile.TemporaryDirectory() as folder:
        paths = save(wide, Path(folder) / "figure", formats)
        files = tuple((path.suffix.removeprefix("."), path.read_bytes()) for path in paths)
    return Drawing(
        wide=inline_svg(wide, _IDENTITY), narrow=inline_svg(narrow, _IDENTITY), files=files
    )
