"""Which fonts a line of text needs: the house's own, and one for each letter that it lacks."""

from __future__ import annotations

import warnings
from functools import cache, lru_cache

import matplotlib as mpl
from matplotlib.font_manager import fontManager
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


@lru_cache(maxsize=4096)
def _family(letter: str, asked: tuple[str, ...]) -> str | None:
    """Return a font with a letter: one that the caller asks for, a preferred one, or any."""
    order = {name: at for at, name in enumerate((*asked, *PREFERRED))}
    fonts = sorted(fontManager.ttflist, key=lambda each: (order.get(each.name, 999), each.name))
    upright = (each for each in fonts if each.style == "normal")
    return next((each.name for each in upright if ord(letter) in _letters(each.fname)), None)


def asked_for() -> tuple[str, ...]:
    """Return the families of fonts in the caller's own settings of matplotlib."""
    families = mpl.rcParams["font.family"]
    named = [families] if isinstance(families, str) else list(families)
    return tuple(
        name
        for family in named
        for name in (mpl.rcParams.get(f"font.{family}", None) or [family])
        if name != FONT
    )


def families(words: str, asked: tuple[str, ...] = ()) -> list[str]:
    """Return the fonts for a line of text, the house's own first.

    Warns
    -----
    MissingGlyphWarning
        Naming letters that no installed font can draw: boxes stand in their place.
    """
    if words.isascii():
        return [FONT]
    lacking = [each for each in dict.fromkeys(words) if ord(each) not in _own() and each > " "]
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
