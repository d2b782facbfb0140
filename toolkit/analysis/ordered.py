"""Ordered outcomes pooled together: each rung's share of all patients, and the steps between.

Each series contributes the rungs it reports; the others are summed over. The share of a step among
the rung above is logit-normal over studies, with a mean and a spread of its own; effects of steps
are independent. **Source**: the binomial-normal model of Stijnen, Hamza, Ozdemir 2010, Stat Med
29:3046, for each conditional count.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from toolkit.analysis.bare_rows import bare_rows
from toolkit.analysis.ladder_parts import LadderParts, maximum_parts, posterior_parts
from toolkit.analysis.ladder_table import Cell, LadderTable, ladder_table
from toolkit.analysis.models import Parts
from toolkit.analysis.synthesize import NO_SERIES, ONE_SERIES, TWO_SERIES
from toolkit.errors import ChoiceError, ToolkitError
from toolkit.numerics.binomial.binomial_normal import FitStatus
from toolkit.numerics.ladder.likelihood import ladder_likelihood
from toolkit.numerics.ladder.maximum import LadderMaximum, ladder_maximum
from toolkit.numerics.ladder.posterior import MOST_POINTS, LadderPosterior, ladder_posterior
from toolkit.numerics.ladder.prior import LadderPrior, dirichlet_shapes, uniform_shapes
from toolkit.results.ladder import Ladder
from toolkit.results.row import Row
from toolkit.results.synthesis import NextPatients, Synthesis
from toolkit.review.method import Method
from toolkit.review.review import NEXT_PATIENTS

RUNG_PRIORS = ("dirichlet", "uniform")
"""Words for the prior of the steps' shares; a number is the concentration itself."""

_MOST_WORK = 4e10
_FEWEST_POINTS = 1 << 12
_FEW = 2000.0
_WIDE = 2.0


def pool_ordered(
    total: Sequence[int],
    rungs: Mapping[str, Sequence[Cell]],
    *,
    method: Method | None = None,
    rung_prior: str | float = "dirichlet",
    labels: Sequence[str] | None = None,
    next_patients: int | None = NEXT_PATIENTS,
) -> Ladder:
    """Return ordered outcomes pooled together, every share below that of the rung above it.

    Parameters
    ----------
    total : sequence of int
        Patients per series, at least 1.
    rungs : mapping of str to sequence of int, (low, high) or None
        By name, outermost first, at most four that are reported: for each series the patients who
        reached the rung, the range in which their number lies, or None where it is not reported.
    method : Method, optional
        ``Method(fit="bayes")`` unless given; or ``Method(fit="ml")``.
    rung_prior : {"dirichlet", "uniform"} or float
        The prior of each step's share. ``dirichlet``: the parts between J rungs have a Dirichlet
        law of concentration 1 / (J + 1) each; a number is another concentration; ``uniform``: every
        share is uniform, which puts the prior mean of a second rung at 1/4. Not read under ``ml``.
    labels : sequence of str, optional
        Names of the series.
    next_patients : int or None
        Of how many patients of a new study the number at each rung is predicted.

    Returns
    -------
    Ladder

    Raises
    ------
    ToolkitError
        For numbers that are no counts, for a part that exceeds its whole, for a model that is not
        binomial-normal, and where the sums over gaps would be too long.
    ChoiceError
        For a word of `rung_prior` that is not known.

    Examples
    --------
    >>> answer = pool_ordered([20, 30, 25], {"response": [12, 15, None], "remission": [8, 9, 11]})
    >>> response, remission = answer.rungs.values()
    >>> response.average.low > remission.average.low, response.average.high > remission.average.high
    (True, True)
    """
    used = method or Method(fit="bayes")
    table = ladder_table(total, rungs, labels)
    return pool_table(table, used, rung_prior, next_patients=next_patients)


def pool_table(
    table: LadderTable,
    method: Method,
    rung_prior: str | float = "dirichlet",
    *,
    next_patients: int | None = NEXT_PATIENTS,
) -> Ladder:
    """Return the pool of a checked table: see `pool_ordered`."""
    used = _usable(method)
    shapes = rung_shapes(rung_prior, len(table.names))
    if table.k < 2 or (table.k == 2 and used.fit == "ml"):
        why = [NO_SERIES, ONE_SERIES, TWO_SERIES][table.k]
        nothing = (Parts(),) * len(table.names)
        empty = (None,) * len(table.names)
        parts = LadderParts(rungs=nothing, steps=nothing, next_patients=empty, notes=(why,))
    elif used.fit == "ml":
        parts = _by_maximum(table, used, shapes, next_patients)
    else:
        found = fit_posterior(table, LadderPrior(shapes=shapes, tau_scale=used.tau_prior))
        parts = posterior_parts(found, used, next_patients)
        parts = replace(parts, notes=_posterior_notes(found))
    return _answer(table, used, rung_prior, parts)


def rung_shapes(rung_prior: str | float, rungs: int) -> tuple[tuple[float, float], ...]:
    """Return the shapes of the beta law of each step's share that a word stands for."""
    if rung_prior == "uniform":
        return uniform_shapes(rungs)
    if rung_prior == "dirichlet":
        return dirichlet_shapes(rungs, 1 / (rungs + 1))
    if isinstance(rung_prior, str):
        raise ChoiceError("rung_prior", rung_prior, RUNG_PRIORS)
    if isinstance(rung_prior, bool) or not 0.01 <= rung_prior <= 100:
        raise ToolkitError(
            f"rung_prior={rung_prior} is not a concentration: it must be a number from 0.01 to 100."
        )
    return dirichlet_shapes(rungs, float(rung_prior))


def fit_posterior(table: LadderTable, prior: LadderPrior) -> LadderPosterior:
    """Return the posterior of a table, with as many points as its sums allow.

    Raises
    ------
    ToolkitError
        Where even few points would take too long.
    """
    work = ladder_likelihood(table.links).work
    points = MOST_POINTS
    while points * work > _MOST_WORK and points > _FEWEST_POINTS:
        points //= 2
    if points * work > 10 * _MOST_WORK:
        raise ToolkitError(
            "The gaps of this ladder leave too many counts to sum over: unreported rungs between "
            "reported ones among thousands of patients. Leave out the rung in between, or give the "
            "range in which its numbers lie."
        )
    return ladder_posterior(table.links, prior, most_points=points)


def _usable(method: Method) -> Method:
    """Return the method with the interval that a ladder has, or raise ToolkitError."""
    if method.model != "binomial-normal":
        raise ToolkitError(
            f'model="{method.model}" does not pool ordered outcomes: each step of a ladder is '
            'binomial-normal. Choose Method(fit="bayes") or Method(fit="ml").'
        )
    if method.fit == "bayes" or method.interval == "profile":
        return method
    if method.interval == "wald":
        raise ToolkitError(
            'interval="wald" does not go with a ladder: its ends could cross those of the rung '
            'above. Choose interval="t" or interval="profile".'
        )
    return replace(method, interval="t")


def _by_maximum(
    table: LadderTable,
    method: Method,
    shapes: tuple[tuple[float, float], ...],
    next_patients: int | None,
) -> LadderParts:
    """Return what maximum likelihood says, with prediction and next patients of the posterior."""
    found = ladder_maximum(table.links)
    parts = maximum_parts(table.links, found, method, table.k)
    notes = _maximum_notes(table, found)
    if method.prediction != "posterior" or not parts.rungs[0].average.defined:
        return replace(parts, notes=notes)
    prior = LadderPrior(shapes=shapes, tau_scale=method.tau_prior)
    bayes = Method(fit="bayes", tau_prior=method.tau_prior, level=method.level)
    beside = posterior_parts(fit_posterior(table, prior), bayes, next_patients)
    defined = [part.average.defined for part in parts.rungs]
    rungs = tuple(
        replace(part, prediction=other.prediction) if part.average.defined else part
        for part, other in zip(parts.rungs, beside.rungs, strict=True)
    )
    following: tuple[NextPatients | None, ...] = tuple(
        each if known else None for each, known in zip(beside.next_patients, defined, strict=True)
    )
    return replace(parts, rungs=rungs, next_patients=following, notes=notes)


def _answer(
    table: LadderTable, method: Method, rung_prior: str | float, parts: LadderParts
) -> Ladder:
    """Return the record."""
    fingerprint = _fingerprint(table, method, rung_prior)
    rungs, steps = {}, {}
    for j, name in enumerate(table.names):
        rows = _rung_rows(table, j, method.level)
        rungs[name] = replace(
            _synthesis(name, rows, method, parts.rungs[j], fingerprint),
            k=table.k,
            heterogeneity=None,
            next_patients=parts.next_patients[j],
        )
        rows = _step_rows(table, j, method.level)
        steps[name] = _synthesis(name, rows, method, parts.steps[j], fingerprint)
    return Ladder(
        rungs=rungs,
        steps=steps,
        method=method,
        rung_prior=rung_prior,
        shapes=parts.shapes,
        reported={name: tuple(table.reported[:, j].tolist()) for j, name in enumerate(table.names)},
        both_ends=table.both_ends,
        dropped=table.dropped,
        k=table.k,
        total=int(table.total[table.telling].sum()),
        log_likelihood=parts.log_likelihood,
        points=parts.points,
        effective=parts.effective,
        notes=(*_table_notes(table), *parts.notes),
        fingerprint=fingerprint,
    )


def _synthesis(
    name: str, rows: tuple[Row, ...], method: Method, parts: Parts, fingerprint: str
) -> Synthesis:
    """Return one rung or step as a Synthesis."""
    low = sum(row.events_low or 0 for row in rows)
    high = sum(row.events_high or 0 for row in rows)
    return Synthesis(
        outcome=name,
        outcome_label=name,
        method=method,
        lead="average",
        rows=rows,
        k=len(rows),
        events=low if low == high else None,
        events_low=low,
        events_high=high,
        total=sum(row.total for row in rows),
        typical=parts.typical,
        average=parts.average,
        prediction=parts.prediction,
        scale_estimate=parts.scale_estimate,
        scale_se=parts.scale_se,
        heterogeneity=parts.heterogeneity,
        notes=parts.notes,
        fingerprint=fingerprint,
    )


def _rung_rows(table: LadderTable, rung: int, level: float) -> tuple[Row, ...]:
    """Return what each series says of a rung, among all its patients."""
    cells = list(zip(table.low[:, rung].tolist(), table.high[:, rung].tolist(), strict=True))
    return bare_rows(cells, table.total.tolist(), table.labels, level=level)


def _step_rows(table: LadderTable, step: int, level: float) -> tuple[Row, ...]:
    """Return what each series that gives the rung above exactly says of a step."""
    above = table.total if step == 0 else table.low[:, step - 1]
    exact = (above > 0) if step == 0 else (above > 0) & (above == table.high[:, step - 1])
    low, high = table.low[:, step], table.high[:, step]
    chosen = np.flatnonzero(exact & ((low > 0) | (high < above)))
    cells = [(int(low[i]), int(high[i])) for i in chosen]
    names = [table.labels[i] for i in chosen]
    return bare_rows(cells, above[chosen].tolist(), names, level=level)


def _table_notes(table: LadderTable) -> tuple[str, ...]:
    """Return what must be said of the counts themselves."""
    notes = [f"No series says anything of {name}: the rung is left out." for name in table.dropped]
    silent = [label for label, tells in zip(table.labels, table.telling, strict=True) if not tells]
    if silent and table.k:
        verb = "takes" if len(silent) == 1 else "take"
        notes.append(f"{', '.join(silent)}: no rung is reported, and so {verb} no part.")
    if table.k < 2:
        return tuple(notes)
    outer = "all patients"
    for name, series in table.both_ends.items():
        if series < 2:
            count = "No study gives" if series == 0 else "Only one study gives"
            notes.append(
                f"{count} both {name} and {outer}: the share of {name} among {outer} leans on its "
                "prior and on what the other steps leave over."
            )
        outer = name
    return tuple(notes)


def _posterior_notes(found: LadderPosterior) -> tuple[str, ...]:
    """Return how far the posterior can be trusted, where that must be said."""
    if found.effective >= _FEW:
        return ()
    return (
        f"The posterior rests on points worth {found.effective:.0f} independent draws: the "
        f"ends of its intervals are good to about {0.4 / found.effective**0.5:.2f}.",
    )


def _maximum_notes(table: LadderTable, found: LadderMaximum) -> tuple[str, ...]:
    """Return what the likelihood leaves open."""
    notes = []
    outer = "all patients"
    for name, status, (_, tau), (error, tau_error) in zip(
        table.names, found.status, found.points, found.errors, strict=True
    ):
        step = f"{name} among {outer}"
        outer = name
        if status != FitStatus.FITTED:
            notes.append(
                f"{step}: {status.sentence} No estimate of {name}, nor of what lies within it, is "
                "given. The Bayesian fit is defined."
            )
        elif tau == 0:
            notes.append(
                f"{step}: the likelihood is largest without any spread between studies. With so "
                "few series that does not show that there is none."
            )
        if np.nanmax([error, tau_error, 0.0]) > _WIDE:
            notes.append(
                f"{step}: the likelihood has a flat ridge, and the data hardly tell this step from "
                "its neighbors."
            )
    return tuple(notes)


def _fingerprint(table: LadderTable, method: Method, rung_prior: str | float) -> str:
    """Return a hash of the counts and the method: equal inputs, equal fingerprints."""
    counts = [table.labels, table.total.tolist(), table.low.tolist(), table.high.tolist()]
    words = json.dumps([table.names, counts, method.to_dict(), rung_prior], sort_keys=True)
    return hashlib.sha256(words.encode()).hexdigest()[:16]
