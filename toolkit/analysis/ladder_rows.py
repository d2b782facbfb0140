"""A ladder under other choices: each rung alone, other priors, correlated steps, other models.

Rows to stand beside the answer, never instead of it: what they assume is fixed beforehand.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from toolkit.analysis.ladder_table import LadderTable
from toolkit.analysis.ordered import fit_posterior, pool_table, rung_shapes
from toolkit.errors import ToolkitError
from toolkit.numerics.ladder.other_models import (
    correlated_average,
    correlated_log_likelihood,
    fit_parallel,
)
from toolkit.numerics.ladder.prior import LadderPrior
from toolkit.numerics.ladder.shares import evened, weighted_points
from toolkit.results.ladder import Ladder, LadderRow
from toolkit.results.synthesis import Estimate
from toolkit.review.method import Method

CORRELATIONS = (-0.5, 0.5)
"""Correlations of the effects of adjacent steps that stand beside independence."""

_POINTS = 1 << 11
_WORTH = 200.0


def ladder_rows(
    table: LadderTable, method: Method, rung_prior: str | float = "dirichlet"
) -> tuple[LadderRow, ...]:
    """Return every row beside a ladder's answer by its posterior.

    In this order: each rung alone, and with the rungs above it; the other prior of shares; effects
    of adjacent steps correlated by -.5 and .5; the parallel model. Series left out in turn are
    `ladder_without_each`.

    Raises
    ------
    ToolkitError
        Under maximum likelihood: these rows are those of a posterior.
    """
    if method.fit != "bayes":
        raise ToolkitError('the rows beside a ladder are those of Method(fit="bayes").')
    if table.k < 2:
        return ()
    rows = []
    for place, name in enumerate(table.names):
        rows.append(_rungs_row(table, method, rung_prior, (name,)))
        if place:
            rows.append(_rungs_row(table, method, rung_prior, table.names[: place + 1]))
    other = "uniform" if rung_prior != "uniform" else "dirichlet"
    rows.append(
        _row("prior", f"{other} shares", pool_table(table, method, other, next_patients=None))
    )
    if len(table.names) > 1:
        rows += correlated_rows(table, method, rung_prior)
        rows.append(parallel_row(table))
    return tuple(rows)


def ladder_without_each(
    table: LadderTable, method: Method, rung_prior: str | float = "dirichlet"
) -> tuple[tuple[str, Ladder], ...]:
    """Return the answer without each series that says something, under its label."""
    return tuple(
        (
            table.labels[i],
            pool_table(table.without(int(i)), method, rung_prior, next_patients=None),
        )
        for i in np.flatnonzero(table.telling)
    )


def correlated_rows(
    table: LadderTable, method: Method, rung_prior: str | float = "dirichlet"
) -> list[LadderRow]:
    """Return the answer with effects of adjacent steps correlated by each of `CORRELATIONS`.

    Effects further apart are correlated by powers of it. The posterior's own points are weighed
    anew by the ratio of the two likelihoods.
    """
    shapes = rung_shapes(rung_prior, len(table.names))
    found = fit_posterior(table, LadderPrior(shapes=shapes, tau_scale=method.tau_prior))
    points, _ = evened(found.points, found.weight, min(_POINTS, len(found.points)))
    data = table.low, table.high, table.total
    independent = correlated_log_likelihood(*data, points, 0.0)
    rows = []
    for rho in CORRELATIONS:
        log_ratio = correlated_log_likelihood(*data, points, rho) - independent
        weight = np.exp(log_ratio - log_ratio.max())
        weight /= weight.sum()
        worth = float(1 / np.sum(weight**2))
        averages = {}
        for name, values in zip(table.names, correlated_average(points, rho).T, strict=True):
            law = weighted_points(values, weight)
            low, high = law.interval(method.level)
            averages[name] = Estimate(estimate=law.median, low=low, high=high)
        few = f"It rests on points worth {worth:.0f} independent draws."
        rows.append(
            LadderRow(
                choice="correlation",
                label=f"effects of adjacent steps correlated by {rho:+.1f}",
                averages=averages,
                notes=(few,) if worth < _WORTH else (),
            )
        )
    return rows


def parallel_row(table: LadderTable) -> LadderRow:
    """Return the mean across studies where one effect of a study moves all rungs alike."""
    fit = fit_parallel(table.low, table.high, table.total)
    averages = {
        name: Estimate(estimate=float(value))
        for name, value in zip(table.names, fit.averages, strict=True)
    }
    note = (
        "Cumulative logits with one normal effect of a study, by maximum likelihood: spread "
        f"{fit.tau:.2f}."
    )
    return LadderRow(choice="model", label="parallel", averages=averages, notes=(note,))


def _rungs_row(
    table: LadderTable, method: Method, rung_prior: str | float, names: tuple[str, ...]
) -> LadderRow:
    """Return the answer by some rungs, of which the last is the one in question."""
    part = table.among(names)
    label = f"{names[-1]} alone" if len(names) == 1 else f"{names[-1]} under {names[-2]}"
    if len(names) > 2:
        label = f"{names[-1]} under {', '.join(names[:-1])}"
    row = _row("rungs", label, pool_table(part, method, rung_prior, next_patients=None))
    return replace(row, averages={names[-1]: row.averages[names[-1]]})


def _row(choice: str, label: str, answer: Ladder) -> LadderRow:
    averages = {name: rung.average for name, rung in answer.rungs.items()}
    return LadderRow(choice=choice, label=label, averages=averages, notes=answer.notes)
