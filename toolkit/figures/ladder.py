"""The ladder: each outcome below the one it is a part of, what is known filled, the rest open."""

from __future__ import annotations

from collections.abc import Iterator

from matplotlib.figure import Figure

from toolkit.figures.forest.drawing import draw_forest
from toolkit.figures.forest.layout import MARGIN, place_columns
from toolkit.figures.forest.line import RULE, ForestLine, Mark
from toolkit.figures.forest.notes import draw_small_print
from toolkit.figures.page.canvas import Canvas
from toolkit.figures.page.numerals import (
    counts,
    estimate_in_words,
    limits,
    percent,
    plural,
    prediction_in_words,
)
from toolkit.figures.page.style import house_style
from toolkit.results.ladder import Ladder
from toolkit.results.names import ESTIMANDS, capital, prediction_name, studies
from toolkit.results.row import Row
from toolkit.results.synthesis import Synthesis

_COLUMNS = ("series", "counts", "interval", "plot")
_KEY = (
    "Filled: patients who are known to have reached the outcome. Open: the range that is left "
    "where a study does not report it; it is bounded by the other outcomes of the same patients. "
    "Hatched: where a new study would lie."
)


@house_style()
def ladder_plot(ladder: Ladder, *, title: str | None = None, narrow: bool = False) -> Figure:
    """Return the ladder figure, outermost outcome first, on an axis from 0 to 100%.

    Each series has a filled bar up to the share that is known to have reached the outcome, and an
    open bar over what the series leaves open. Below stand the mean across studies as a diamond,
    and the prediction for a new study.

    Parameters
    ----------
    ladder : Ladder
        What `toolkit.pool_ordered` returned.
    title : str, optional
        Heading of the figure. Not said: the outcomes with their numbers of series and patients.
    narrow : bool
        Whether to stack text above the axis of each line, for a phone.
    """
    heading = title or _title(ladder)
    lines = list(_lines(ladder))
    level = ladder.method.level
    layout = place_columns(lines, _COLUMNS, level, narrow=narrow)
    canvas = Canvas(layout.page)
    y = draw_forest(canvas, layout, lines, heading, "", None)
    method = f"Method: {ladder.method.in_words}; each share among the one above has its own spread."
    y = draw_small_print(canvas, [_KEY, method, *ladder.notes], y)
    said = ". ".join(line.title for line in lines if line.title)
    return canvas.finish(y + MARGIN, heading, f"Ladder of outcomes. {said}. {_KEY} {method}")


def _title(ladder: Ladder) -> str:
    size = f"{studies(ladder.k)}, {plural(ladder.total, 'patient', 'patients')}"
    return f"{', '.join(_word(name, rung) for name, rung in ladder.rungs.items())}: {size}"


def _word(name: str, rung: Synthesis) -> str:
    """Return what a rung is called: the label of its outcome, or its name among bare numbers."""
    return rung.outcome_label or name


def _lines(ladder: Ladder) -> Iterator[ForestLine]:
    """Yield the lines of every rung."""
    for place, (name, rung) in enumerate(ladder.rungs.items()):
        if place:
            yield RULE
        told = ladder.reported[name]
        share = f"{sum(told)} of {studies(len(told))} report it"
        word = _word(name, rung)
        yield ForestLine(kind="heading", label=word, detail=(share,))
        for row, reports in zip(rung.rows, told, strict=True):
            yield _row_line(word, row, reports)
        yield from _pooled_lines(word, rung, ladder)


def _row_line(name: str, row: Row, reports: bool) -> ForestLine:
    """Return what a series says of one rung."""
    low, high = row.readings
    body = percent(low) if row.estimate is not None else limits(low, high)
    events = counts(row.events_low, row.events_high)
    why = "" if reports else ", from the other outcomes alone"
    why += "".join(
        f"; {'at least' if bound.end == 'low' else 'at most'} {bound.events}: {bound.outcome}, "
        f"{bound.where}"
        for bound in row.bounds
    )
    return ForestLine(
        kind="series",
        label=row.label,
        events=events,
        total=str(row.total),
        centre=body,
        mark=Mark(shape="known-bar", low=0.0, high=high, start=low, end=high),
        title=f"{name}, {row.label}: {events} of {row.total}, {body}%{why}",
    )


def _pooled_lines(name: str, rung: Synthesis, ladder: Ladder) -> Iterator[ForestLine]:
    """Yield the mean across studies and the prediction; words where there is none."""
    mean, prediction = rung.average, rung.prediction
    if mean.estimate is None or mean.low is None or mean.high is None:
        why = ladder.notes[0] if ladder.notes else "not pooled"
        yield ForestLine(kind="words", label=why)
        return
    yield ForestLine(
        kind="pool",
        label=capital(ESTIMANDS["average"]),
        centre=percent(mean.estimate),
        low=percent(mean.low),
        high=percent(mean.high),
        leads=True,
        mark=Mark(
            # Two series get a bar, as everywhere: no diamond stands for so few.
            shape="bar" if ladder.k <= 2 else "diamond",
            low=mean.low,
            high=mean.high,
            start=mean.estimate,
            end=mean.estimate,
        ),
        title=f"{name}, mean across studies: {estimate_in_words(mean)}",
    )
    if prediction.low is not None and prediction.high is not None:
        named = prediction_name(ladder.method.level)
        yield ForestLine(
            kind="pool",
            label=named,
            low=percent(prediction.low),
            high=percent(prediction.high),
            mark=Mark(
                shape="band",
                low=prediction.low,
                high=prediction.high,
                start=prediction.low,
                end=prediction.high,
            ),
            title=f"{name}, {named}: {prediction_in_words(prediction)}",
        )
