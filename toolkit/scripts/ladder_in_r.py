"""Ordered outcomes pooled together, in base R."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.results.ladder import Ladder
from toolkit.results.names import ESTIMANDS
from toolkit.results.row import Row
from toolkit.results.synthesis import Estimate
from toolkit.scripts.answer_table import NEW_STUDY, AnswerLine, ending, heading, whole
from toolkit.scripts.lines_of_r import assigned, block, comment, number, quoted, vector

DRAWS = 10_000
"""Draws from the posterior of a ladder: ends of intervals vary by about half a point."""


def r_ladder(ladder: Ladder, asked: str) -> str:
    """Return the script of a whole ladder; its forest shows the rung that is asked for."""
    names = tuple(ladder.rungs)
    rows = {name: ladder.rungs[name].rows for name in names}
    first = rows[names[0]]
    low = ",\n".join(f"  {_column(name)} = {_cells(rows[name], 0)}" for name in names)
    high = ",\n".join(f"  {_column(name)} = {_cells(rows[name], 1)}" for name in names)
    shapes = ", ".join(number(part) for pair in ladder.shapes for part in pair)
    parts = [
        *heading(ladder),
        comment(f"Rungs, outermost first: {'; '.join(_words(ladder, name) for name in names)}."),
        "",
        f"level <- {number(ladder.method.level)}",
        f"tau_prior <- {number(ladder.method.tau_prior)}",
        f"draws <- {DRAWS}",
        assigned("study", vector([row.label for row in first])),
        assigned("patients", vector([row.total for row in first])),
        comment("The least and the most patients at each rung that a study's counts admit."),
        f"low <- cbind(\n{low}\n)",
        f"high <- cbind(\n{high}\n)",
        comment("Each step's share has a beta law with these shapes."),
        f"shapes <- matrix(c({shapes}), ncol = 2, byrow = TRUE)",
        "",
        block("ladder"),
    ]
    lines = []
    for place, name in enumerate(names, start=1):
        rung = ladder.rungs[name]
        words = _words(ladder, name)
        ahead = Estimate(low=rung.prediction.low, high=rung.prediction.high)
        lines += [
            _row_of(f"{words}: {ESTIMANDS['average']}", "mean_study", place, rung.average),
            _row_of(f"{words}: {NEW_STUDY}", "new_study", place, ahead),
        ]
    place = names.index(asked) + 1
    own = (
        f"# The forest plot of {_words(ladder, asked)}: limits of each study, then the rungs.\n"
        f"studies <- data.frame(study = study, events = low[, {place}], most = high[, {place}],\n"
        "                      patients = patients)"
    )
    return whole([*parts, *ending(ladder, lines, [own, block("forest")])])


def _row_of(what: str, matrix: str, row: int, here: Estimate) -> AnswerLine:
    middle = "NA" if here.estimate is None else f"{matrix}[{row}, 1]"
    return AnswerLine(
        what=what,
        estimate=middle,
        low=f"{matrix}[{row}, 2]",
        high=f"{matrix}[{row}, 3]",
        here=here,
    )


def _words(ladder: Ladder, name: str) -> str:
    return ladder.rungs[name].outcome_label or name


def _column(name: str) -> str:
    return quoted(name)


def _cells(rows: Sequence[Row], side: int) -> str:
    return vector([row.events_high if side else row.events_low for row in rows])
