"""What a single series does to an answer, under the likelihood and under inverse variance."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.special import chdtr, logit, ndtri

from toolkit.analysis.effects import row_effects
from toolkit.analysis.leave_out import leave_one_out
from toolkit.errors import ToolkitError
from toolkit.numerics.binomial.influence import likelihood_influence
from toolkit.numerics.normal.influence import influence as influence_of_effects
from toolkit.results.influence import Influence, SeriesInfluence
from toolkit.results.synthesis import Synthesis

FEWEST_FOR_INFLUENCE = 3
"""Series from which one can be left out and the others still be pooled."""
_EDGE = 1e-12


def influence(answer: Synthesis) -> Influence:
    """Return what each series does to the estimate and to the spread of a pool.

    Parameters
    ----------
    answer : Synthesis
        What `toolkit.pool` or `toolkit.pool_counts` returned, by the binomial-normal model (a rung
        of a ladder is one) or by inverse variance, with at least three series.

    Returns
    -------
    Influence
        Series in the order of the answer's rows. Those without an effect under inverse variance,
        or without which nothing can be fitted, have a note and no numbers. Under Bayes the shift is
        that of the leading estimand's logit in posterior standard deviations without the series,
        read off the credible interval; there is no distance.

    Raises
    ------
    ToolkitError
        For another method, for fewer series, and where the pool itself has no estimate.

    Notes
    -----
    **Source**: Cook 1986, J R Stat Soc B 48:133 (likelihood displacement); Viechtbauer & Cheung
    2010, Res Synth Methods 1:112, doi 10.1002/jrsm.11 (inverse variance).

    Examples
    --------
    >>> from toolkit.analysis.pool_counts import pool_counts
    >>> found = influence(pool_counts([6, 3, 18, 14, 10], [8, 19, 27, 37, 38]))
    >>> [round(row.shift, 2) for row in found.rows]
    [0.58, -0.66, 0.82, -0.11, -0.4]
    """
    method = answer.method
    ways = {"binomial-normal": _by_likelihood, "inverse-variance": _by_effects}
    if method.model not in ways:
        raise ToolkitError(
            "influence is defined here for binomial-normal and for inverse-variance, not for "
            f"{method.in_words}."
        )
    way = (
        _by_posterior if method.fit == "bayes" or answer.reading == "ladder" else ways[method.model]
    )
    if answer.k < FEWEST_FOR_INFLUENCE:
        raise ToolkitError(
            f"influence needs {FEWEST_FOR_INFLUENCE} series, so that two are left without one; "
            f"there are {answer.k}."
        )
    if not answer.typical.defined or not answer.leading.defined:
        raise ToolkitError(f"the pool has no estimate to move: {' '.join(answer.notes)}")
    rows = tuple(way(answer))
    spread = None if answer.heterogeneity is None else answer.heterogeneity.tau
    return Influence(method=method, spread=spread, rows=rows)


def _by_likelihood(answer: Synthesis) -> Iterator[SeriesInfluence]:
    """Yield the diagnostics of a maximum-likelihood fit."""
    low = [row.events_low or 0 for row in answer.rows]
    high = [row.events_high or 0 for row in answer.rows]
    _, found = likelihood_influence(low, high, [row.total for row in answer.rows])
    for index, row in enumerate(answer.rows):
        if not found.fitted[index]:
            yield SeriesInfluence(label=row.label, note="The others alone have no fit.")
            continue
        yield SeriesInfluence(
            label=row.label,
            shift=float(found.dfbetas[index]),
            spread_without=float(found.tau[index]),
            distance=float(found.displacement[index]),
            confidence=float(found.confidence[index]),
        )


def _by_posterior(answer: Synthesis) -> Iterator[SeriesInfluence]:
    """Yield what leaving a series out does to a posterior."""
    whole = logit(np.array(answer.leading.estimate, dtype=float))
    for step in leave_one_out(answer):
        part = step.average if answer.lead == "average" else step.typical
        if not part.defined or part.low is None or part.high is None:
            yield SeriesInfluence(label=step.label, note="The others alone have no fit.")
            continue
        low, middle, high = logit(np.clip([part.low, part.estimate, part.high], _EDGE, 1 - _EDGE))
        deviation = (high - low) / (2 * ndtri(0.5 + answer.method.level / 2))
        yield SeriesInfluence(
            label=step.label,
            shift=float((whole - middle) / deviation),
            spread_without=step.tau,
        )


def _by_effects(answer: Synthesis) -> Iterator[SeriesInfluence]:
    """Yield the diagnostics of a pool by inverse variance."""
    effects = row_effects(answer.rows, answer.method)
    if effects.usable.sum() < FEWEST_FOR_INFLUENCE:
        raise ToolkitError(
            f"influence needs {FEWEST_FOR_INFLUENCE} series with an effect; there are "
            f"{int(effects.usable.sum())}. {' '.join(effects.notes)}"
        )
    found = influence_of_effects(effects.y, effects.v, tau2=answer.method.tau2, mask=effects.usable)
    for index, row in enumerate(answer.rows):
        if not effects.usable[index]:
            yield SeriesInfluence(label=row.label, note="It has no effect with a variance.")
            continue
        yield SeriesInfluence(
            label=row.label,
            shift=float(found.dfbetas[index]),
            spread_without=float(np.sqrt(found.tau2_without[index])),
            distance=float(found.cook[index]),
            confidence=float(chdtr(1.0, found.cook[index])),
        )
