"""The look that all figures share: one type scale, greys and two hues, widths on paper.

Shapes and letters carry every distinction; the hues only repeat it, so that a grey print loses
nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl

POINTS_PER_MM = 72 / 25.4
PAGE_WIDTH = 180 * POINTS_PER_MM
"""Width of a figure across a journal page, in points."""
PHONE_WIDTH = 250.0
"""Width of the narrow layout in points: body text is 11 to 12 pixels high on a phone 390 wide."""

FONT = "DejaVu Sans"
"""Shipped with matplotlib, so that a figure is the same on every machine; digits of one width."""
TITLE, BODY, SMALL = 10.0, 8.0, 7.0
"""The type scale, in points."""

INK = "#1c1c1c"
MUTED = "#595959"
HAIR = "#c9c9c9"
FAINT = "#ececec"
PAPER = "#ffffff"
POOL = "#2f6fb0"
"""Hue of what is pooled."""
BESIDE = "#a85b14"
"""Hue of what is shown beside the pool and not pooled."""


@contextmanager
def house_style() -> Iterator[None]:
    """Draw under matplotlib's own defaults; the caller's fonts stand in for letters ours lacks."""
    asked: Any = mpl.rcParams["font.family"]
    named = [asked] if isinstance(asked, str) else list(asked)
    settings: Any = mpl.rcParams
    fonts = [name for each in named for name in settings.get(f"font.{each}", [each])]
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(
            {
                "svg.fonttype": "none",
                "svg.hashsalt": "series-toolkit",
                "pdf.fonttype": 42,
                "font.family": [FONT, *(name for name in fonts if name != FONT)],
            }
        )
        yield
