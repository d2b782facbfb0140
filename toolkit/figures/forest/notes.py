"""The small print under a forest plot: size, heterogeneity, method, marks, badges, notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import inf, sqrt

from toolkit.figures.forest.line import ForestLine
from toolkit.figures.forest.marks import Axis
from toolkit.figures.page.badges import STEP, badge, present
from toolkit.figures.page.canvas import Canvas, text_width, wrap
from toolkit.figures.page.numerals import PERCENT, decimal, percent, plural
from toolkit.figures.page.style import MUTED, SMALL
from toolkit.results.lines import p_in_words
from toolkit.results.names import studies
from toolkit.results.row import FLAGS
from toolkit.results.shares import Shares
from toolkit.results.synthesis import Heterogeneity, SubgroupDifference, Synthesis

_LEADING = 9.2
_LEFT = 3.0
_TEXT_AFTER_BADGE = STEP + 2
_ONE_STAGE = " (one-stage: studies have no weights)"


def heterogeneity_in_words(answer: Synthesis) -> str:
    """Return k, n and tau with its interval where there is one, as one sentence."""
    size = f"k = {studies(answer.k)}"
    if answer.total:
        size += f", n = {plural(answer.total, 'patient', 'patients')}"
    found = answer.heterogeneity
    if found is None or found.tau is None:
        return f"{size}."
    tau = f"τ = {decimal(found.tau)}"
    if found.tau2_low is not None and found.tau2_high is not None:
        low, high = sqrt(found.tau2_low), inf if found.tau2_high == inf else sqrt(found.tau2_high)
        tau += f" ({100 * answer.method.level:g}% CI {decimal(low)}–{decimal(high)})"
    return f"{size}; between studies {tau} on the {answer.scale} scale{_more(answer, found)}."


def _more(answer: Synthesis, found: Heterogeneity) -> str:
    """Return I2 with the name of the quantity it is, and the test of no heterogeneity."""
    said = ""
    if found.i2 is not None:
        of = "latent scale" if found.i2 == found.i2_latent else "typical sampling variance"
        said += f"; I² = {percent(found.i2)}% ({of})"
    if found.p is not None and found.q is not None:
        two_stage = answer.method.model == "inverse-variance"
        df = "" if found.df is None else f", df {found.df:g}"
        name = "Q" if two_stage else "likelihood ratio"
        said += f"; {name} {found.q:.2f}{df}, p {p_in_words(found.p)}"
    return said


def differences_in_words(answer: Synthesis, shares: Shares = PERCENT) -> list[str]:
    """Return the differences of an answer's subgroups, named as they are shown, as sentences."""
    labels = {subgroup.level: subgroup.label for subgroup in answer.subgroups}
    found = [
        _difference_in_words(
            replace(
                each,
                first=labels.get(each.first, each.first),
                second=labels.get(each.second, each.second),
            ),
            shares,
        )
        for each in answer.differences
    ]
    if answer.between is not None:
        test = answer.between
        found.append(f"{test.name}: {test.statistic:.2f}, df {test.df:g}, p {p_in_words(test.p)}.")
    return found


def _difference_in_words(difference: SubgroupDifference, shares: Shares) -> str:
    """Return the difference of two subgroups in points of the unit, as one sentence."""
    low, middle, high = (
        shares.points(value) for value in (difference.low, difference.estimate, difference.high)
    )
    points = "points" if shares.per == 100 else shares.unit
    how = f", {difference.method}" if difference.method else ""
    told = f"{difference.first} minus {difference.second}: {middle} {points} ({low} to {high}){how}"
    if difference.probability_positive is None:
        return f"{told}."
    higher = percent(difference.probability_positive)
    return f"{told}; probability that the first is higher {higher}%."


def draw_notes(
    canvas: Canvas,
    answer: Synthesis,
    lines: Sequence[ForestLine],
    columns: Sequence[str],
    y: float,
    *,
    shares: Shares = PERCENT,
    axis: Axis | None = None,
    shared: Sequence[str] = (),
) -> float:
    """Write the small print below y, as far as the columns drawn call for it.

    `shared` are the flags that all series carry. Returns the lower edge.
    """
    paragraphs = [heterogeneity_in_words(answer)]
    # Where nothing is pooled no method was used, and the notes stand in place of the pool.
    if answer.leading.defined:
        one_stage = answer.k > 1 and answer.method.model in ("binomial-normal", "beta-binomial")
        paragraphs.append(f"Method: {answer.method.in_words}{_ONE_STAGE if one_stage else ''}.")
        paragraphs += answer.notes
        if answer.prediction.defined and answer.method.prediction_in_words:
            paragraphs.append(f"Prediction: {answer.method.prediction_in_words}.")
    paragraphs += differences_in_words(answer, shares)
    if "plot" in columns:
        paragraphs.append(_marks_in_words(lines, answer.method.level))
        if axis is not None and _beyond(lines, axis):
            ends = shares.with_unit(shares.limits(max(axis.low, 0.0), axis.high))
            paragraphs.append(f"The axis is cut to {ends}: arrowheads mark what runs beyond it.")
    if shared:
        # Some of these phrases hold semicolons of their own: each stands in a sentence.
        paragraphs += [f"Every study: {FLAGS[flag]}." for flag in shared]
    y = draw_small_print(canvas, paragraphs, y)
    if "flags" in columns:
        y = _draw_legend(canvas, [line.flags for line in lines], y)
    return y


def _beyond(lines: Sequence[ForestLine], axis: Axis) -> bool:
    """Whether a mark runs beyond the axis."""
    marks = [line.mark for line in lines if line.mark is not None]
    return any(not (axis.holds(mark.low) and axis.holds(mark.high)) for mark in marks)


def draw_small_print(canvas: Canvas, paragraphs: Sequence[str], y: float) -> float:
    """Write paragraphs in small type below y; return their lower edge."""
    y += 4
    for paragraph in paragraphs:
        for line in wrap(paragraph, canvas.width - 2 * _LEFT, SMALL):
            y += _LEADING
            canvas.text(_LEFT, y, line, size=SMALL, colour=MUTED)
    return y + 3


def _draw_legend(canvas: Canvas, rows: Sequence[tuple[str, ...]], y: float) -> float:
    """Write what the badges that occur mean, side by side where there is room."""
    page = canvas.width
    width = page - 2 * _LEFT - _TEXT_AFTER_BADGE
    left = page
    for flag, meaning in present(rows):
        needed = _TEXT_AFTER_BADGE + text_width(meaning, SMALL)
        if left + needed > page - _LEFT:
            left = _LEFT
            y += _LEADING + 2.2
        badge(canvas, flag, left, y)
        for number, words in enumerate(wrap(meaning, width, SMALL)):
            y += _LEADING if number else 0
            canvas.text(left + _TEXT_AFTER_BADGE, y, words, size=SMALL, colour=MUTED)
        left += needed + 14
    return y + 3


def _marks_in_words(lines: Sequence[ForestLine], level: float) -> str:
    """Return what the marks stand for, naming only those that are drawn."""
    shapes = {line.mark.shape for line in lines if line.mark is not None}
    counted = all(line.events for line in lines if line.mark and line.mark.shape == "square")
    sized = any(line.mark.total for line in lines if line.mark is not None)
    meanings = {
        "square": f"Square: a study, {'area by patients, ' if sized else ''}"
        f"with its {100 * level:g}% "
        f"{'Clopper–Pearson ' if counted else ''}interval.",
        "open-bar": "Open bar: the proportions that a cell left open admits.",
        "band": "Hatched band: where the proportion of a new study would lie.",
        "circle": "Circle: a published estimate that is not pooled.",
    }
    return " ".join(words for shape, words in meanings.items() if shape in shapes)
