"""The forest plot: lines of an answer by columns, each drawing itself; and in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from matplotlib.figure import Figure

from toolkit.errors import ChoiceError, ToolkitError
from toolkit.figures.forest.drawing import draw_forest
from toolkit.figures.forest.layout import (
    COLUMNS,
    MARGIN,
    ForestLayout,
    chosen_columns,
    place_columns,
)
from toolkit.figures.forest.line import ForestLine
from toolkit.figures.forest.lines import (
    comparator_in_words,
    default_title,
    estimands,
    finding_title,
    forest_lines,
    observed,
    share_in_words,
    shared_flags,
    size_in_words,
    whole_name,
)
from toolkit.figures.forest.notes import differences_in_words, draw_notes
from toolkit.figures.ladder import ladder_plot
from toolkit.figures.page.canvas import Canvas
from toolkit.figures.page.numerals import PERCENT, prediction_in_words
from toolkit.figures.page.style import house_style
from toolkit.results.ladder import Ladder
from toolkit.results.names import prediction_name
from toolkit.results.row import Row
from toolkit.results.shares import Shares, shares_of
from toolkit.results.synthesis import Synthesis
from toolkit.review.review import Comparator


def alt_text(
    answer: Synthesis, comparators: Sequence[Comparator] = (), shares: Shares = PERCENT
) -> str:
    """Return one paragraph that says every number of an answer's forest plot."""
    parts = [f"Forest plot. {default_title(answer)}"]
    if answer.analysis_set_label:
        parts.append(f"Analysis set: {answer.analysis_set_label}")
    if answer.subgroups:
        for subgroup in answer.subgroups:
            parts.append(f"{subgroup.label}: {_rows(subgroup.answer.rows, shares)}")
            parts += _pool(subgroup.answer, shares)[:1]
        parts.append(whole_name(answer))
    else:
        parts.append(_rows(answer.rows, shares))
        parts += [f"{each.label} does not report" for each in answer.not_reported]
    parts += _pool(answer, shares)
    parts += differences_in_words(answer, shares)
    if comparators:
        listed = "; ".join(comparator_in_words(each, shares) for each in comparators)
        parts.append(f"External comparators (not pooled): {listed}")
    if answer.leading.defined:
        parts.append(f"Method: {answer.method.in_words}")
    return " ".join(f"{part[:1].upper()}{part[1:].rstrip('.')}." for part in parts if part)


def _rows(rows: Sequence[Row], shares: Shares) -> str:
    return "; ".join(_row(row, shares) for row in rows)


def _row(row: Row, shares: Shares) -> str:
    told = f"{row.label} {observed(row)}" if row.total else row.label
    return f"{told}, {share_in_words(row, shares)}"


def _pool(answer: Synthesis, shares: Shares) -> list[str]:
    """Return the pooled numbers as sentences, or the reasons why there are none."""
    if not answer.leading.defined:
        return list(answer.notes) or ["Not pooled"]
    said = [
        f"{label} {shares.estimate(estimate)}"
        for label, estimate in estimands(answer)
        if estimate.defined
    ]
    if answer.prediction.defined:
        named = prediction_name(answer.method.level)
        said.append(f"{named} {prediction_in_words(answer.prediction, shares)}")
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
    sort: str | None = None,
    per: int | None = None,
    xlim: tuple[float, float] | None = None,
    extra: Mapping[str, object] | None = None,
) -> Figure:
    """Return the forest plot of an answer, 180 mm wide, on an axis from 0 to 100% or in its rate.

    Squares are series, their area standing for patients, with Clopper-Pearson whiskers; an open
    bar covers the proportions that an undecided cell admits. The leading estimand is a filled
    diamond, the other an open one, and a hatched band says where a new study would lie. Two
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
    sort : str, optional
        Order of the series: a word of `ORDERS`; ``-estimate`` turns it round. Not said: the
        answer's own.
    per : int, optional
        Out of how many patients: 100, 1000, ... Not said: 100, or rarer where the pool would read
        as 0.
    xlim : tuple of float, optional
        Proportions at both ends of the axis; what runs beyond them has an arrowhead and a note.
    extra : mapping of headings, optional
        Further columns of text: for each heading one entry a row of the answer, or a mapping of
        the rows' labels to texts.

    Raises
    ------
    ChoiceError
        For a word that names no column or order.
    ToolkitError
        For an axis that ends before it begins, or a column of another length.
    """
    if isinstance(answer, Ladder):
        return ladder_plot(answer, title=title, narrow=narrow)
    shares = shares_of(answer, per)
    heading = finding_title(answer, shares) if title is None else title
    cells = {name: _cells(name, column, answer) for name, column in (extra or {}).items()}
    drawn = answer if sort is None else in_order(answer, sort)
    if xlim is not None and not xlim[0] < xlim[1]:
        raise ToolkitError(f"xlim={xlim}: the axis must end above where it begins.")
    lines = forest_lines(drawn, comparators, shares, cells)
    words = chosen_columns(lines, columns)
    layout = place_columns(
        lines,
        words,
        answer.method.level,
        narrow=narrow,
        headings=_headings(words, shares, answer.method.level),
        shares=shares,
        xlim=xlim,
    )
    canvas = Canvas(layout.page)
    flagged = columns is None or "flags" in columns
    y = _draw(canvas, drawn, lines, words, layout, heading, flagged=flagged)
    return canvas.finish(y + MARGIN, heading, alt_text(drawn, comparators, shares))


def _headings(words: Sequence[str], shares: Shares, level: float) -> dict[str, str]:
    """Return the headings that are not the usual ones: that of rates."""
    if shares.per == 100 or "interval" not in words:
        return {}
    name = shares.unit or "Effect"
    return {"interval": f"{name} ({100 * level:g}% CI)"}


def _cells(name: str, column: object, answer: Synthesis) -> dict[str, str]:
    """Return the texts of a further column by the labels of the rows."""
    if isinstance(column, Mapping):
        return {str(label): str(text) for label, text in column.items()}
    to_list = getattr(column, "tolist", None)
    texts = to_list() if callable(to_list) else column
    if isinstance(texts, str) or not isinstance(texts, Sequence) or len(texts) != answer.k:
        raise ToolkitError(f"extra: {name} must hold one text for each of the {answer.k} studies.")
    return {row.label: str(text) for row, text in zip(answer.rows, texts, strict=True)}


ORDERS = ("label", "year", "estimate", "total", "weight")
"""What the series of a forest plot can be ordered by."""


def in_order(answer: Synthesis, sort: str) -> Synthesis:
    """Return an answer with its rows, and those of its subgroups, in another order.

    Labels are ordered as people count: 2 before 10. What is not known comes last.
    """
    word, back = sort.removeprefix("-"), sort.startswith("-")
    if word not in ORDERS:
        raise ChoiceError("sort", sort, ORDERS)

    def key(row: Row) -> tuple[object, ...]:
        if word == "label":
            return tuple(
                (0, int(part), "") if part.isdecimal() else (1, 0, part.casefold())
                for part in re.split(r"([0-9]+)", row.label)
                if part
            )
        return (getattr(row, word),)

    known = [row for row in answer.rows if word == "label" or getattr(row, word) is not None]
    rows = sorted(known, key=key, reverse=back)
    subgroups = tuple(
        replace(each, answer=in_order(each.answer, sort)) for each in answer.subgroups
    )
    rest = [row for row in answer.rows if row not in known]
    return replace(answer, rows=(*rows, *rest), subgroups=subgroups)


def draw_forest_plot(canvas: Canvas, answer: Synthesis) -> float:
    """Draw the forest plot of an answer on a part of a page, 180 mm wide; return its lower edge."""
    shares = shares_of(answer)
    lines = forest_lines(answer, (), shares)
    words = chosen_columns(lines, None)
    headings = _headings(words, shares, answer.method.level)
    layout = place_columns(
        lines, words, answer.method.level, narrow=False, headings=headings, shares=shares
    )
    return _draw(canvas, answer, lines, words, layout, finding_title(answer, shares)) + MARGIN


def _draw(
    canvas: Canvas,
    answer: Synthesis,
    lines: Sequence[ForestLine],
    words: Sequence[str],
    layout: ForestLayout,
    title: str,
    *,
    flagged: bool = True,
) -> float:
    """Draw lines, axis and small print; return the lower edge of it all."""
    parts = (size_in_words(answer) if answer.leading.defined else "", answer.analysis_set_label)
    subtitle, centre = "; ".join(filter(None, parts)), answer.leading.estimate
    y = draw_forest(canvas, layout, lines, title, subtitle, centre)
    shared = shared_flags(answer) if flagged else ()
    return draw_notes(
        canvas, answer, lines, words, y, shares=layout.shares, axis=layout.axis, shared=shared
    )


def row_marks(answer: Synthesis) -> dict[str, Row]:
    """Return each drawn row of an answer by the number that ends its mark's name in the figure."""
    marked = (line for line in forest_lines(answer, ()) if line.mark is not None)
    return {str(place): line.row for place, line in enumerate(marked, 1) if line.row is not None}
