"""What a pool says of each of its series, and of the spread between them by its likelihood."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from toolkit.analysis.effects import back_to_proportion, row_effects
from toolkit.errors import ToolkitError
from toolkit.numerics.normal.heterogeneity import profile_likelihood
from toolkit.numerics.normal.influence import shrunken as shrunken_effects
from toolkit.numerics.normal.inverse_variance import Interval
from toolkit.numerics.normal.likelihood import Likelihood
from toolkit.numerics.posterior.bayes import posterior
from toolkit.results.influence import ShrunkenSeries
from toolkit.results.synthesis import Estimate, Heterogeneity, Synthesis


def shrunken(answer: Synthesis) -> tuple[ShrunkenSeries, ...]:
    """Return the proportion of each series as the pool sees it: drawn towards the others.

    A small series says little of itself, so its own proportion is drawn far; a large one stays.

    Parameters
    ----------
    answer : Synthesis
        A Bayesian pool, or one by inverse variance.

    Returns
    -------
    tuple of ShrunkenSeries
        Proportions in [0, 1] in the order of the answer's rows, with limits at the level of the
        method.

    Raises
    ------
    ToolkitError
        For another method, and where the pool has no estimate.

    Notes
    -----
    **Source**: Raudenbush & Bryk 1985, J Educ Stat 10:75. **Checked against** metafor's ``blup``
    (tests/reference/blup.csv).

    Examples
    --------
    >>> from toolkit.analysis.pool_counts import pool_counts
    >>> from toolkit.review.method import Method
    >>> answer = pool_counts([6, 3, 18, 14, 10], [8, 19, 27, 37, 38], method=Method(fit="bayes"))
    >>> [round(each.estimate.estimate, 2) for each in shrunken(answer)]
    [0.62, 0.22, 0.62, 0.38, 0.28]
    """
    method = answer.method
    if method.fit != "bayes" and method.model != "inverse-variance":
        raise ToolkitError(
            "series are drawn towards the pool by a Bayesian fit or by inverse-variance, not by "
            f'{method.in_words}. Choose fit="bayes".'
        )
    if not answer.typical.defined:
        raise ToolkitError(f"the pool has no estimate to draw towards: {' '.join(answer.notes)}")
    return tuple(_by_posterior(answer) if method.fit == "bayes" else _by_effects(answer))


def _by_posterior(answer: Synthesis) -> Iterator[ShrunkenSeries]:
    """Yield the posterior of the proportion of each series: median and equal-tailed interval."""
    found = posterior(
        [row.events_low or 0 for row in answer.rows],
        [row.events_high or 0 for row in answer.rows],
        [row.total for row in answer.rows],
        tau_scale=answer.method.tau_prior,
    )
    for row, own in zip(answer.rows, found.series(), strict=True):
        if own is None:
            yield ShrunkenSeries(label=row.label, note="It takes no part in the pool.")
            continue
        low, high = own.interval(answer.method.level)
        estimate = Estimate(estimate=float(own.median), low=float(low), high=float(high))
        yield ShrunkenSeries(label=row.label, observed=row.estimate, estimate=estimate)


def _by_effects(answer: Synthesis) -> Iterator[ShrunkenSeries]:
    """Yield the best linear unbiased prediction of each series, back on the scale of proportions.

    The totals that the double arcsine asks for are each series' own.
    """
    effects = row_effects(answer.rows, answer.method)
    found = shrunken_effects(
        effects.y,
        effects.v,
        tau2=answer.method.tau2,
        interval=_interval(answer),
        level=answer.method.level,
        mask=effects.usable,
    )
    total = [row.total for row in answer.rows]
    middle, low, high = (
        back_to_proportion(values, answer.method, total)
        for values in (found.estimate, found.low, found.high)
    )
    for index, row in enumerate(answer.rows):
        if not effects.usable[index]:
            yield ShrunkenSeries(label=row.label, note="It has no effect with a variance.")
            continue
        estimate = Estimate(
            estimate=float(middle[index]), low=float(low[index]), high=float(high[index])
        )
        yield ShrunkenSeries(label=row.label, observed=row.estimate, estimate=estimate)


def _interval(answer: Synthesis) -> Interval:
    """Return the interval of a pool by inverse variance as its numerics know it."""
    known: dict[str, Interval] = {
        "wald": "wald",
        "t": "t",
        "hartung-knapp": "hartung-knapp",
        "hartung-knapp-adhoc": "hartung-knapp-adhoc",
    }
    return known[str(answer.method.interval)]


def spread_by_likelihood(answer: Synthesis) -> Heterogeneity:
    """Return the spread between series with the limits that its profile likelihood gives.

    An answer by inverse variance holds the limits of the Q profile, which are exact but may be
    empty where the series agree well; those of the likelihood always hold the estimate.

    Parameters
    ----------
    answer : Synthesis
        A pool by inverse variance whose `tau2` is ``reml`` or ``ml``, or a binomial-normal one by
        maximum likelihood, whose limits are those of its likelihood already.

    Returns
    -------
    Heterogeneity
        That of the answer with other `tau2_low` and `tau2_high`, on the analysis scale.

    Raises
    ------
    ToolkitError
        For another method, and where the pool has no spread.

    Notes
    -----
    **Source**: Hardy & Thompson 1996, Stat Med 15:619. **Checked against** metafor's
    ``confint(type="PL")`` (tests/reference/tau2_confint.csv).
    """
    method, held = answer.method, answer.heterogeneity
    if held is None or held.tau2 is None:
        raise ToolkitError(f"the pool has no spread between series: {' '.join(answer.notes)}")
    if method.model == "binomial-normal" and method.fit == "ml":
        return held
    kind: Likelihood = "reml" if method.tau2 == "reml" else "ml"
    if method.model != "inverse-variance" or method.tau2 != kind:
        raise ToolkitError(
            "the likelihood of the spread belongs to binomial-normal by maximum likelihood and to "
            f'inverse-variance with tau2="reml" or "ml", not to {method.in_words}.'
        )
    effects = row_effects(answer.rows, method)
    limits = profile_likelihood(
        effects.y, effects.v, method=kind, level=method.level, mask=effects.usable
    )
    return replace(held, tau2_low=float(limits.tau2_low), tau2_high=float(limits.tau2_high))
