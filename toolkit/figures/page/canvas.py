"""A page measured in points from its top left corner, on which figures put text and shapes.

Drawing functions work under `house_style`, which their callers enter once for a whole figure.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from functools import cache

from matplotlib import rc_context
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Ellipse, PathPatch, Polygon, Rectangle
from matplotlib.path import Path
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D, Transform

from toolkit.figures.page.fonts import families
from toolkit.figures.page.style import BODY, INK, PAPER

Point = tuple[float, float]

# Said once for each letter, by `toolkit.figures.page.fonts`.
_MISSING = r"Glyph \d+ .* missing from"
_SPACES = re.compile(r"[ \t\r\n]+")


@cache
def text_width(words: str, size: float = BODY, *, bold: bool = False) -> float:
    """Return the width of one line of text in points."""
    if not words:
        return 0.0
    font = _font(words, size, bold)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", _MISSING)
        width, _, _ = text_to_path.get_text_width_height_descent(words, font, False)
    return float(width)


def wrap(words: str, width: float, size: float = BODY, *, bold: bool = False) -> list[str]:
    """Return text broken into lines no wider than `width` points.

    Breaks at spaces, never at a no-break space; a word that is wider than the line is broken
    after its last hyphen that fits, else where the line ends.
    """
    lines: list[str] = []
    line, filled = "", 0.0
    # Words are measured one by one: most come again, and a long line is slow to measure.
    space = text_width("n n", size, bold=bold) - 2 * text_width("n", size, bold=bold)
    for word in _SPACES.split(words.strip()):
        longer = text_width(word, size, bold=bold) + (filled + space if line else 0.0)
        if longer <= width:
            line, filled = (f"{line} {word}" if line else word), longer
            continue
        if line:
            lines.append(line)
        while text_width(word, size, bold=bold) > width and len(word) > 1:
            fits = len(word) - 1
            while fits > 1 and text_width(word[:fits], size, bold=bold) > width:
                fits -= 1
            # A name with a hyphen is broken there: "Cohort-" and "99", not "Cohort-9" and "9".
            fits = word.rfind("-", 0, fits) + 1 or fits
            lines.append(word[:fits])
            word = word[fits:]
        line, filled = word, text_width(word, size, bold=bold)
    return [*lines, line] if line else lines


def _font(words: str, size: float, bold: bool) -> FontProperties:
    return FontProperties(
        family=[*families(words), "sans-serif"], size=size, weight="bold" if bold else "normal"
    )


class Page(Figure):
    """A figure that is drawn as it was measured, whatever its resolution."""

    def draw(self, renderer: RendererBase) -> None:
        """Draw without hinting, which widens small letters at few dots per inch."""
        with (
            rc_context({"text.hinting": "none"}),
            warnings.catch_warnings(),
        ):
            warnings.filterwarnings("ignore", _MISSING)
            super().draw(renderer)


class Canvas:
    """A page of fixed width that grows downwards; y counts down from the top, in points.

    Nothing is known of the page's height until `finish`, so that a figure can be composed from
    top to bottom in one pass.

    Parameters
    ----------
    width : float
        Width of the page in points.
    """

    def __init__(self, width: float) -> None:
        self.width = width
        self._page = Affine2D()
        self._figure: Figure = Page(figsize=(width / 72, 1), facecolor=PAPER)
        self._transform: Transform = self._page + self._figure.dpi_scale_trans

    def inset(self, left: float, top: float, width: float) -> Canvas:
        """Return a part of this page that is drawn on as a page of its own and never finished."""
        part = Canvas(width)
        part._figure = self._figure
        part._transform = Affine2D().translate(left, top) + self._transform
        return part

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = BODY,
        bold: bool = False,
        colour: str = INK,
        align: str = "left",
    ) -> None:
        """Write one line with its baseline at y; `align` says which end of it stands at x."""
        if not words:
            return
        self._figure.text(
            x,
            y,
            words,
            color=colour,
            fontproperties=_font(words, size, bold),
            horizontalalignment=align,
            verticalalignment="baseline",
            parse_math=False,
            transform=self._transform,
        )

    def line(
        self,
        start: Point,
        end: Point,
        *,
        colour: str = INK,
        width: float = 0.8,
        dashes: Sequence[float] = (),
        behind: bool = False,
    ) -> None:
        """Draw a straight line."""
        line = Line2D(
            (start[0], end[0]),
            (start[1], end[1]),
            color=colour,
            linewidth=width,
            linestyle=(0, tuple(dashes)) if dashes else "-",
            solid_capstyle="butt",
            zorder=0.5 if behind else 2,
        )
        self._add(line)

    def strokes(
        self, lines: Sequence[tuple[Point, Point]], *, colour: str, width: float, name: str
    ) -> None:
        """Draw several straight lines as one mark."""
        corners = [corner for line in lines for corner in line]
        path = Path(corners, [Path.MOVETO, Path.LINETO] * len(lines))
        patch = PathPatch(
            path, facecolor="none", edgecolor=colour, linewidth=width, capstyle="butt", zorder=2
        )
        self._add(patch, name=name)

    def ticks(
        self, places: Sequence[float], top: float, bottom: float, *, colour: str, width: float
    ) -> None:
        """Draw upright strokes as one shape: a page of a thousand marks stays light."""
        gap = float("nan")
        line = Line2D(
            [x for place in places for x in (place, place, gap)],
            [y for _ in places for y in (top, bottom, gap)],
            color=colour,
            linewidth=width,
            solid_capstyle="butt",
            zorder=3,
        )
        self._add(line)

    def box(
        self,
        left: float,
        top: float,
        width: float,
        height: float,
        *,
        fill: str = "none",
        opacity: float = 1.0,
        edge: str = "none",
        edge_width: float = 0.8,
        dashes: Sequence[float] = (),
        name: str = "",
        title: str = "",
        behind: bool = False,
    ) -> None:
        """Draw an upright rectangle."""
        patch = Rectangle(
            (left, top),
            width,
            height,
            facecolor=fill if fill == "none" else to_rgba(fill, opacity),
            edgecolor=edge,
            linewidth=edge_width if edge != "none" else 0,
            linestyle=(0, tuple(dashes)) if dashes else "-",
            joinstyle="miter",
            zorder=0.4 if behind else 3,
        )
        self._add(patch, title, name)

    def polygon(
        self,
        corners: Sequence[Point],
        *,
        fill: str = "none",
        edge: str = "none",
        name: str = "",
        title: str = "",
    ) -> None:
        """Draw a closed shape through its corners."""
        patch = Polygon(
            list(corners),
            closed=True,
            facecolor=fill,
            edgecolor=edge,
            linewidth=0.9 if edge != "none" else 0,
            joinstyle="miter",
            zorder=3,
        )
        self._add(patch, title, name)

    def circle(
        self,
        x: float,
        y: float,
        radius: float,
        *,
        fill: str = "none",
        opacity: float = 1.0,
        edge: str = "none",
        name: str = "",
        title: str = "",
    ) -> None:
        """Draw a circle."""
        patch = Ellipse(
            (x, y),
            2 * radius,
            2 * radius,
            facecolor=fill if fill == "none" else to_rgba(fill, opacity),
            edgecolor=edge,
            linewidth=0.9 if edge != "none" else 0,
            zorder=3,
        )
        self._add(patch, title, name)

    def _add(self, artist: Artist, title: str = "", name: str = "") -> None:
        """Put an artist on the page; its name becomes an id in SVG and its title a tooltip."""
        artist.set_transform(self._transform)
        artist.set_label(title)
        if name:
            artist.set_gid(name)
        self._figure.add_artist(artist, clip=False)

    def finish(self, height: float, title: str, description: str) -> Figure:
        """Return the figure, `height` points high, carrying its title and alt text as label."""
        self._figure.set_size_inches(self.width / 72, height / 72)
        self._page.clear().scale(1 / 72, -1 / 72).translate(0, height / 72)
        self._figure.set_label(f"{title}\n{description}")
        return self._figure
