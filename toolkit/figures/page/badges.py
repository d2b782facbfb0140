"""Badges: one framed letter or sign for each thing a reader must know of a number."""

from __future__ import annotations

from collections.abc import Iterable

from toolkit.errors import ChoiceError
from toolkit.figures.page.canvas import Canvas
from toolkit.figures.page.style import MUTED, SMALL
from toolkit.results.row import FLAGS

SIGNS = {
    "secondary": "Q",
    "single": "1",
    "differs": "≠",
    "undecided": "?",
    "nearest": "≈",
    "bounded": "↔",
    "derived": "D",
    "drafted": "P",
    "approximate": "~",
    "other-time": "t",
}
"""The sign of each flag of `toolkit.results.synthesis.FLAGS`."""

SIDE = 8.6
STEP = 10.4
"""Side of a badge, and the distance from one to the next, in points."""


def sign(flag: str) -> str:
    """Return the sign of a flag; raises ChoiceError for a word that is none."""
    if flag not in SIGNS:
        raise ChoiceError("flag", flag, tuple(SIGNS))
    return SIGNS[flag]


def badge(canvas: Canvas, flag: str, left: float, baseline: float) -> None:
    """Draw a flag's badge beside text with the given baseline."""
    canvas.box(left, baseline - SIDE + 1.8, SIDE, SIDE, edge=MUTED, edge_width=0.6)
    canvas.text(left + SIDE / 2, baseline, sign(flag), size=SMALL, align="center")


def present(rows: Iterable[tuple[str, ...]]) -> list[tuple[str, str]]:
    """Return the flags that occur in any row, with their meaning, in the order of `FLAGS`."""
    used = {flag for flags in rows for flag in flags}
    return [(flag, meaning) for flag, meaning in FLAGS.items() if flag in used]
