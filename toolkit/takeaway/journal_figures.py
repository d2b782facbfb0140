"""Figures as journals ask for them: PDF, EPS and TIFF at the width of one or of two columns."""

from __future__ import annotations

import io
from pathlib import Path

from matplotlib.figure import Figure
from PIL import Image

from toolkit.figures.forest.plot import forest
from toolkit.figures.page.style import house_style
from toolkit.results.synthesis import Synthesis

COLUMNS = {"one-column": True, "two-columns": False}
"""Widths by name, and whether the figure is drawn narrow: 88 and 180 mm."""

_DOTS_PER_INCH = 600


def write_figures(answer: Synthesis, folder: Path, name: str) -> tuple[Path, ...]:
    """Write the forest plot of an answer at both widths; return the files.

    EPS and PDF keep text as text; TIFF has 600 dots per inch and lossless compression.
    """
    written = []
    for columns, narrow in COLUMNS.items():
        figure = forest(answer, narrow=narrow)
        stem = f"{name}-{columns}"
        with house_style():
            # Neither a date nor a version: equal figures are equal files.
            figure.savefig(folder / f"{stem}.pdf", metadata={"CreationDate": None})
            figure.savefig(folder / f"{stem}.eps")
        _write_tiff(figure, folder / f"{stem}.tiff")
        written += [folder / f"{stem}.{ending}" for ending in ("pdf", "eps", "tiff")]
    return tuple(written)


def _write_tiff(figure: Figure, path: Path) -> None:
    drawn = io.BytesIO()
    with house_style():
        figure.savefig(drawn, format="png", dpi=_DOTS_PER_INCH)
    picture = Image.open(drawn).convert("RGB")
    picture.save(path, compression="tiff_lzw", dpi=(_DOTS_PER_INCH, _DOTS_PER_INCH))
