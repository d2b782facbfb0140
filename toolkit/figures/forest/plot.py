"""The forest plot: lines of an answer by columns, each drawing itself; and in words."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from toolkit.figures.forest.drawing import draw_forest
from toolkit.figures.forest.layout import COLUMNS, MARGIN, Layout, chosen_columns, place_columns
from toolkit.figures.forest.lines import (
    Line,
    comparator_in_words,
    default_title,
    estimands,
    forest_lines,
    observed,
    whole_name,
)
from toolkit.figures.forest.notes import differences_in_words, draw_notes
from toolkit.figures.ladder import ladder_plot
from toolkit.figures.page.canvas import Canvas
from toolkit.figures.page.numerals import estimate_in_words, limits, percent, prediction_in_words
from toolkit.figures.page.style import house_style
from toolkit.results.ladder import Ladder
from toolkit.results.synthesis import Row, Synthesis
from toolkit.review.review import Comparator


def alt_text(answer: Synthesis, comparators: Sequence[Comparator] = ()) -> str:
    """Return one paragraph that says every number of an answer's forest plot."""
    parts = [f"Forest plot. {default_title(answer)}"]
    if answer.analysis_set_label:
        parts.append(f"Analysis set: {answer.analysis_set_label}")
    if answer.subgroups:
        for subgroup in answer.subgroups:
            parts.append(f"{subgroup.label}: {_rows(subgroup.answer.rows)}")
            parts += _pool(subgroup.answer)[:1]
        parts.append(whole_name(answer))
    else:
        parts.append(_rows(answer.rows))
    parts += _pool(answer)
    parts += differences_in_words(answer)
    if comparators:
        listed = "; ".join(map(comparator_in_words, comparators))
        parts.append(f"Beside the pool, not in it: {listed}")
    if answer.leading.defined:
        parts.append(f"Method: {answer.method.in_words}")
    return " ".join(f"{part[:1].upper()}{part[1:].rstrip('.')}." for part in parts if part)


def _rows(rows: Sequence[Row]) -> str:
    return "; ".join(map(_row, rows))


def _row(row: Row) -> str:
    body = limits(*row.readings) if row.estimate is None else percent(row.estimate)
    return f"{row.label} {observed(row)}, {body} % ({limits(row.low, row.high)})"


def _pool(answer: Synthesis) -> list[str]:
    """Return the pooled numbers as sentences, or the reasons why there are none."""
    if not answer.leading.defined:
        return list(answer.notes) or ["Not pooled"]
    said = [
        f"{label} {estimate_in_words(estimate)}"
        for label, estimate in estimands(answer)
        if estimate.defined
    ]
    if answer.prediction.defined:
        said.append(f"New centre, predicted {prediction_in_words(answer.prediction)}")
    return said


__all__ = ["COLUMNS", "forest", "row_marks"]


@house_style()
def forest(
    answer: Synthesis | Ladder,
    columns: Sequence[str] | None = None,
    *,
    comparators: Sequence[Comparator] = (),
    title: str | None = None,
    narrow: bool = False,
) -> Figure:
    """Return the forest plot of an answer, 180 mm wide, on an axis from 0 to 100 %.

    Squares are series, their area standing for patients, with Clopper-Pearson whiskers; an open
    bar covers the proportions that an undecided cell admits. The leading estimand is a filled
    diamond, the other an open one, and a hatched band says where a new centre would lie. Two
    series get a bar and no diamond; one series gets no pool at all.

    Parameters
    ----------
    answer : Synthesis or Ladder
        What to draw, with its subgroups where it has them; a ladder as
        `toolkit.figures.ladder.ladder_plot` draws it, without choice of columns.
    columns : sequence of str, optional
        Words of `COLUMNS`, from left to right. Not said: all that have something to show.
    comparators : sequence of Comparator
        Published estimates drawn hollow below a rule, each with why it is not comparable.
    title : str, optional
        Heading of the figure. Not said: the outcome with its numbers of series and patients.
    narrow : bool
        Whether to stack text above the axis of each line, for a phone.

    Raises
    ------
    ChoiceError
        For a word that names no column.
    """
    if isinstance(answer, Ladder):
        return ladder_plot(answer, title=title, narrow=narrow)
    heading = default_title(answer) if title is None else title
    lines = forest_lines(answer, comparators)
    words = chosen_columns(lines, columns)
    layout = place_columns(lines, words, answer.method.level, narrow=narrow)
    canvas = Canvas(layout.page)
    y = _draw(canvas, answer, lines, words, layout, heading)
    return canvas.finish(y + MARGIN, heading, alt_text(answer, comparators))


def draw_forest_plot(canvas: Canvas, answer: Synthesis) -> float:
    """Draw the forest plot of an answer on a part of a page, 180 mm wide; return its lower edge."""
    lines = forest_lines(answer, ())
    words = chosen_columns(lines, None)
    layout = place_columns(lines, words, answer.method.level, narrow=False)
    return _draw(canvas, answer, lines, words, layout, default_title(answer)) + MARGIN


def _draw(
    canvas: Canvas,
    answer: Synthesis,
    lines: Sequence[Line],
    words: Sequence[str],
    layout: Layout,
    title: str,
) -> float:
    """Draw lines, axis and small print; return the lower edge of it all."""
    subtitle, centre = answer.analysis_set_label, answer.leading.estimate
    y = draw_forest(canvas, layout, lines, title, subtitle, centre)
    return draw_notes(canvas, answer, lines, words, y)


def row_marks(answer: Synthesis) -> tuple[str, ...]:
    """Return for each drawn row of an answer the number that ends its mark's name in the figure."""
    marked = (line for line in forest_lines(answer, ()) if line.mark is not None)
    return tuple(str(place) for place, line in enumerate(marked, 1) if line.kind == "series")
