"""Figures as files: SVG, PDF and PNG, the same bytes from the same figure."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from PIL import Image

from toolkit.errors import ChoiceError
from toolkit.figures.page.pdf_fonts import small_fonts
from toolkit.figures.page.style import house_style

FORMATS = ("svg", "pdf", "png")
"""The kinds of file that a figure can be saved as."""

# A date or a version of the drawing software would make equal figures differ.
_METADATA: dict[str, dict[str, Any]] = {
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
_PNG_DOTS_PER_INCH = 600
# Ink, greys and two hues with their soft edges: more colours would triple the weight unseen.
_PNG_COLOURS = 64


def save(figure: Figure, path: str | Path, formats: Sequence[str] = FORMATS) -> tuple[Path, ...]:
    """Return the files written: text stays text in SVG and PDF, PNG has 600 dots per inch.

    Parameters
    ----------
    figure : Figure
        What to save.
    path : str or Path
        A stem (``figures/crc`` gives ``figures/crc.svg`` and so on), or a name that ends in
        one of the formats, which is then the only file written. The folder must exist.
    formats : sequence of str
        Words of `FORMATS`, for a stem.

    Raises
    ------
    ChoiceError
        For a format that is not known.
    """
    path = Path(path)
    if path.suffix.removeprefix(".") in FORMATS:
        targets = [(path, path.suffix.removeprefix("."))]
    else:
        targets = [(path.with_name(f"{path.name}.{word}"), word) for word in formats]
    for _, word in targets:
        if word not in FORMATS:
            raise ChoiceError("formats", word, FORMATS)
    for target, word in targets:
        with house_style():
            if word == "png":
                _save_png(figure, target)
            elif word == "pdf":
                with small_fonts(figure):
                    figure.savefig(target, format=word, metadata=_METADATA[word])
            else:
                figure.savefig(target, format=word, metadata=_METADATA[word])
    return tuple(target for target, _ in targets)


def save_pages(pages: Sequence[Figure], target: BinaryIO, title: str) -> None:
    """Write figures as the pages of one PDF: text stays text, and equal pages are equal bytes."""
    metadata = {"Title": title, **_METADATA["pdf"]}
    with house_style(), PdfPages(target, metadata=metadata) as document:
        for page in pages:
            with small_fonts(page):
                document.savefig(page)


def _save_png(figure: Figure, path: Path) -> None:
    """Write a PNG with a palette of few colours."""
    drawn = io.BytesIO()
    figure.savefig(drawn, format="rgba", dpi=_PNG_DOTS_PER_INCH)
    wide, high = (int(inches * _PNG_DOTS_PER_INCH) for inches in figure.get_size_inches())
    flat = Image.frombytes("RGBA", (wide, high), drawn.getvalue()).convert("RGB")
    few = flat.quantize(_PNG_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    # A mean of paper and its soft edges is a shade too dark: paper stays white.
    entries = [255 if shade >= 252 else shade for shade in few.getpalette() or ()]
    few.putpalette(entries)
    # The last tenth of the weight would take seven times as long.
    few.save(path, compress_level=6, dpi=(_PNG_DOTS_PER_INCH, _PNG_DOTS_PER_INCH))
