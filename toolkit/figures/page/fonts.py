"""Which fonts a line of text needs: the house's own, and one for each letter that it lacks."""

from __future__ import annotations

import warnings
from contextlib import suppress
from functools import cache, lru_cache

import matplotlib as mpl
from matplotlib.font_manager import findSystemFonts, fontManager
from matplotlib.ft2font import FT2Font

from toolkit.figures.page.style import FONT

PREFERRED = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Noto Sans CJK KR",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans",
    "Malgun Gothic",
    "Apple SD Gothic Neo",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "Noto Sans",
    "Arial Unicode MS",
)
"""Fonts tried first, in this order, for letters that the house's own font lacks."""


class MissingGlyphWarning(UserWarning):
    """A letter that no installed font can draw."""


@cache
def _letters(file: str) -> frozenset[int]:
    """Return the code points that a font file can draw."""
    try:
        return frozenset(FT2Font(file).get_charmap())
    except (OSError, RuntimeError):
        return frozenset()


@cache
def _own() -> frozenset[int]:
    return frozenset().union(
        *(_letters(each.fname) for each in fontManager.ttflist if each.name == FONT)
    )


@cache
def _more_fonts() -> bool:
    """Make fonts known that were installed since matplotlib listed them; whether there are any."""
    known = {each.fname for each in fontManager.ttflist}
    new = [path for path in findSystemFonts() if path not in known]
    for path in new:
        with suppress(OSError, RuntimeError, ValueError):
            fontManager.addfont(path)
    return bool(new)


@lru_cache(maxsize=4096)
def _family(letter: str, asked: tuple[str, ...]) -> str | None:
    """Return a font with a letter: one that the caller asks for, a preferred one, or any."""
    found = _first(letter, asked)
    if found is None and _more_fonts():
        found = _first(letter, asked)
    return found


def _first(letter: str, asked: tuple[str, ...]) -> str | None:
    order = {name: at for at, name in enumerate((*asked, *PREFERRED))}
    fonts = sorted(fontManager.ttflist, key=lambda each: (order.get(each.name, 999), each.name))
    # The font of last resort draws a box for every letter.
    upright = (
        each for each in fonts if each.style == "normal" and not each.name.startswith("Last Resort")
    )
    return next((each.name for each in upright if ord(letter) in _letters(each.fname)), None)


def families(words: str) -> list[str]:
    """Return the fonts for a line of text: the house's own, the caller's, and what else is needed.

    Warns
    -----
    MissingGlyphWarning
        Naming letters that no installed font can draw: boxes stand in their place.
    """
    if words.isascii():
        return [FONT]
    lacking = [each for each in dict.fromkeys(words) if ord(each) not in _own() and each > " "]
    asked = tuple(mpl.rcParams["font.family"])
    found = [_family(each, asked) for each in lacking]
    missing = [each for each, family in zip(lacking, found, strict=True) if family is None]
    if missing:
        _warn("".join(missing))
    return [FONT, *dict.fromkeys(family for family in found if family is not None)]


@lru_cache(maxsize=256)
def _warn(letters: str) -> None:
    """Warn once of the same letters."""
    warnings.warn(
        f"No installed font can draw {' '.join(letters)}: boxes stand in their place. "
        "Install a font that has them, such as Noto Sans CJK.",
        MissingGlyphWarning,
        stacklevel=2,
    )
