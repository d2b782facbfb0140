"""The bubble plot: proportions of series against a covariate, with the line of a regression."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import sqrt
from typing import cast

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from toolkit.errors import ChoiceError, ToolkitError
from toolkit.figures.forest.layout import MARGIN, nice_ticks
from toolkit.figures.forest.notes import draw_small_print
from toolkit.figures.page.canvas import Canvas
from toolkit.figures.page.style import (
    BODY,
    FAINT,
    INK,
    MUTED,
    PAGE_WIDTH,
    POOL,
    SMALL,
    TITLE,
    house_style,
)
from toolkit.numerics.proportions import Scale, from_scale
from toolkit.results.names import studies
from toolkit.results.regression import MetaRegression
from toolkit.results.shares import Shares

_HEIGHT = 210.0
_LARGEST = 9.0
_SMALLEST = 2.0


@house_style()
def bubble_plot(
    regression: MetaRegression, covariate: str | None = None, *, title: str | None = None
) -> Figure:
    """Return the proportions of series against one covariate, and the fitted line.

    The area of a circle stands for patients. The line holds the other covariates at their means.

    Parameters
    ----------
    regression : MetaRegression
        From `toolkit.meta_regression`.
    covariate : str, optional
        Which one; the first unless given.
    title : str, optional
        Heading of the figure.

    Raises
    ------
    ChoiceError
        For a covariate that the regression does not have.
    ToolkitError
        On the double-arcsine scale, from which a line has no way back.
    """
    known = dict(regression.covariates)
    name = covariate or next(iter(known))
    if name not in known:
        raise ChoiceError("covariate", name, list(known))
    if regression.scale == "double-arcsine":
        raise ToolkitError("a line on the double-arcsine scale cannot be drawn as proportions.")
    values = np.array(known[name])
    room = 0.05 * float(np.ptp(values))
    low, high = float(values.min()) - room, float(values.max()) + room
    canvas = Canvas(PAGE_WIDTH)
    left, right, top = MARGIN + 34, PAGE_WIDTH - MARGIN - 12, 30.0
    bottom = top + _HEIGHT
    heading = title or f"Proportion by {name}: {studies(regression.k)}"
    canvas.text(MARGIN, 14, heading, size=TITLE, bold=True)

    def x(value: float) -> float:
        return left + (value - low) / (high - low) * (right - left)

    def y(proportion: float) -> float:
        return bottom - proportion * _HEIGHT

    for tick in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        canvas.line((left, y(tick)), (right, y(tick)), colour=FAINT, width=0.6, behind=True)
        canvas.text(left - 5, y(tick) + 2.5, f"{100 * tick:.0f}", size=SMALL, align="right")
    canvas.text(MARGIN, top - 6, "% of patients", size=SMALL, colour=MUTED)
    canvas.line((left, bottom), (right, bottom), width=0.8)
    for tick in nice_ticks(low, high):
        canvas.line((x(tick), bottom), (x(tick), bottom + 3), width=0.8)
        canvas.text(x(tick), bottom + 11, f"{tick:g}", size=SMALL, align="center")
    canvas.text((left + right) / 2, bottom + 22, name, size=BODY, align="center")
    _line(canvas, regression, name, np.linspace(low, high, 80), x, y)
    largest = max(row.total for row in regression.rows)
    said = []
    for at, (row, value) in enumerate(zip(regression.rows, values, strict=True), 1):
        share = row.estimate if row.estimate is not None else sum(row.readings) / 2
        radius = max(_LARGEST * sqrt(row.total / largest), _SMALLEST)
        words = f"{row.label}: {value:g}, {Shares().number(share)}%"
        said.append(words)
        canvas.circle(
            x(float(value)), y(share), radius, fill=INK, opacity=0.35, name=f"dot-{at}", title=words
        )
    slope = next(each for each in regression.coefficients if each.name == name)
    notes = [
        f"Slope {slope.estimate:.3f} ({slope.low:.3f} to {slope.high:.3f}) per unit on the "
        f"{regression.scale} scale.",
        f"Method: {regression.method.in_words}.",
        *regression.notes,
    ]
    end = draw_small_print(canvas, notes, bottom + 24)
    return canvas.finish(end + MARGIN, heading, f"{heading}. {'; '.join(said)}. {' '.join(notes)}")


def _line(
    canvas: Canvas,
    regression: MetaRegression,
    name: str,
    points: npt.NDArray[np.float64],
    x: Callable[[float], float],
    y: Callable[[float], float],
) -> None:
    """Draw the fitted proportions over the covariate, the others at their means."""
    coefficients = {each.name: each.estimate for each in regression.coefficients}
    fixed = coefficients["intercept"] + sum(
        coefficients[other] * float(np.mean(column))
        for other, column in regression.covariates
        if other != name
    )
    fitted = from_scale(fixed + coefficients[name] * points, scale=cast(Scale, regression.scale))
    ends = list(zip(map(x, points), map(y, fitted), strict=True))
    segments = list(pairwise(ends))
    canvas.strokes(segments, colour=POOL, width=1.4, name="fit")
