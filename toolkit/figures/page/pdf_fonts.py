"""A small copy of the house's font, which a PDF embeds in a tenth of the time.

To embed a font it is read whole and cut down to the letters that are used, for every file anew. The
copy has what Latin and Greek text and the signs of statistics need; every other letter comes from
the fonts that stand behind it.
"""

from __future__ import annotations

import os
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import matplotlib as mpl
from fontTools import subset
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, fontManager
from matplotlib.text import Text

from toolkit.figures.page.style import FONT

_LETTERS = [
    *range(0x20, 0x250),
    *range(0x370, 0x400),
    *range(0x2000, 0x2300),
    *range(0x2500, 0x2600),
]
_LETTERS_MARK = f"{zlib.crc32(repr(_LETTERS).encode()):08x}"
_NAME = f"{FONT} Small"
_NAMES = (1, 3, 4, 16)
_POSTSCRIPT_NAME = 6


@contextmanager
def small_fonts(figure: Figure) -> Iterator[None]:
    """Put the small copy before the fonts of a figure's texts while a PDF is written."""
    texts = [(each, each.get_fontfamily()) for each in figure.findobj(Text)]
    name = _small()
    for text, families in texts:
        text.set_fontfamily([name, *families])
    try:
        yield
    finally:
        for text, families in texts:
            text.set_fontfamily(families)


@cache
def _small() -> str:
    """Return the name of the small copy, made where it is not there yet."""
    for weight in ("normal", "bold"):
        whole = Path(findfont(FontProperties(family=FONT, weight=weight)))
        small = (
            Path(mpl.get_cachedir()) / f"{whole.stem}-small-{mpl.__version__}-{_LETTERS_MARK}.ttf"
        )
        if not small.is_file():
            _cut(whole, small)
        fontManager.addfont(small)
    return _NAME


def _cut(whole: Path, small: Path) -> None:
    """Write a font with few letters under a name of its own."""
    # Only kerning of all layout features: the others are for scripts that it does not hold.
    options = subset.Options(layout_features=["kern"], hinting=False)
    options.drop_tables += ["FFTM", "GSUB", "MATH"]
    options.name_IDs = [*_NAMES, 2, _POSTSCRIPT_NAME]
    with subset.load_font(str(whole), options) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=_LETTERS)
        cutter.subset(font)
        for record in font["name"].names:
            if record.nameID in _NAMES:
                record.string = _NAME
            if record.nameID == _POSTSCRIPT_NAME:
                record.string = f"{whole.stem}Small"
        # Two processes may make it at once: each its own file, and the last one stays.
        handle, name = tempfile.mkstemp(dir=small.parent, suffix=".ttf")
        os.close(handle)
        subset.save_font(font, name, options)
    Path(name).replace(small)
