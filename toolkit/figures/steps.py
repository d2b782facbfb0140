"""How the pool moves: without each series in turn, and as series came in, as rows of estimates."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from toolkit.figures.forest.drawing import draw_forest
from toolkit.figures.forest.layout import MARGIN, place_columns
from toolkit.figures.forest.line import RULE, ForestLine, Mark
from toolkit.figures.forest.lines import estimands, event_name
from toolkit.figures.forest.notes import draw_small_print
from toolkit.figures.page.canvas import Canvas
from toolkit.figures.page.numerals import estimate_in_words, percent, plural
from toolkit.figures.page.style import house_style
from toolkit.results.names import studies
from toolkit.results.steps import Step
from toolkit.results.synthesis import Estimate, Synthesis

_COLUMNS = ("series", "counts", "interval", "plot")


@house_style()
def leave_one_out_plot(answer: Synthesis, steps: Sequence[Step], *, narrow: bool = False) -> Figure:
    """Return leave-one-out in turn, above the pool of all.

    Parameters
    ----------
    answer : Synthesis
        The pool of all series; its leading estimand is the one drawn.
    steps : sequence of Step
        What `toolkit.analysis.leave_out.leave_one_out` returned.
    narrow : bool
        Whether to stack text above the axis of each line, for a phone.
    """
    name = event_name(answer) or "All studies"
    return _draw(answer, steps, "Without", f"{name}: leave-one-out", narrow)


@house_style()
def cumulative_plot(answer: Synthesis, steps: Sequence[Step], *, narrow: bool = False) -> Figure:
    """Return the pool as series were added one by one, from top to bottom.

    Parameters
    ----------
    answer : Synthesis
        The pool of all series; its leading estimand is the one drawn.
    steps : sequence of Step
        What `toolkit.analysis.leave_out.cumulative` returned.
    narrow : bool
        Whether to stack text above the axis of each line, for a phone.
    """
    name = event_name(answer) or "All studies"
    return _draw(answer, steps, "Adding", f"{name}: as studies were added", narrow)


def _draw(
    answer: Synthesis, steps: Sequence[Step], heading: str, title: str, narrow: bool
) -> Figure:
    label, estimate = estimands(answer)[0]
    lines = [_line(step, answer.lead) for step in steps]
    every = f"All {studies(answer.k)}"
    lines += [RULE, _estimate_line(every, answer.k, answer.total, estimate, every=True)]
    layout = place_columns(
        lines,
        _COLUMNS,
        answer.method.level,
        narrow=narrow,
        headings={"series": heading, "counts": "Studies/patients"},
    )
    canvas = Canvas(layout.page)
    y = draw_forest(canvas, layout, lines, title, answer.analysis_set_label, estimate.estimate)
    method = f"{label}. Method: {answer.method.in_words}."
    y = draw_small_print(canvas, [method, "Studies and patients in each pool."], y)
    said = ". ".join(line.title.rstrip(".") for line in lines if line.title)
    return canvas.finish(y + MARGIN, title, f"{label} by step. {said}. {method}")


def _line(step: Step, lead: str) -> ForestLine:
    estimate = step.average if lead == "average" else step.typical
    line = _estimate_line(step.label, step.k, step.total, estimate, every=False)
    if estimate.defined or not step.notes:
        return line
    return ForestLine(
        kind="series",
        label=step.label,
        events=line.events,
        total=line.total,
        detail=(step.notes[0],),
        title=f"{step.label}: {step.notes[0]}",
    )


def _estimate_line(
    label: str, k: int, total: int, estimate: Estimate, *, every: bool
) -> ForestLine:
    """Return a line of k/n, an estimate with its interval, and a small or the full diamond."""
    size = f"{studies(k)}, {plural(total, 'patient', 'patients')}"
    title = f"{label}: {size}, {estimate_in_words(estimate)}"
    if estimate.estimate is None or estimate.low is None or estimate.high is None:
        return ForestLine(kind="series", label=label, events=str(k), total=str(total), title=title)
    return ForestLine(
        kind="series",
        label=label,
        events=str(k),
        total=str(total),
        centre=percent(estimate.estimate),
        low=percent(estimate.low),
        high=percent(estimate.high),
        leads=every,
        mark=Mark(
            shape="diamond" if every else "point",
            low=estimate.low,
            high=estimate.high,
            start=estimate.estimate,
            end=estimate.estimate,
        ),
        title=title,
    )
