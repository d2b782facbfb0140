"""Whether subgroups differ: each two by the method that pools them, and one test of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import cast

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc

from toolkit.analysis.cache import remembered
from toolkit.analysis.effects import row_effects
from toolkit.numerics.binomial.regression import RegressionStatus, fit_regression
from toolkit.numerics.normal import inverse_variance
from toolkit.numerics.normal.subgroups import subgroups as pool_subgroups
from toolkit.numerics.posterior.bayes import posterior
from toolkit.numerics.posterior.marginals import difference
from toolkit.numerics.proportions import difference_interval
from toolkit.results.row import Row
from toolkit.results.synthesis import (
    BetweenSubgroups,
    Estimate,
    Subgroup,
    SubgroupDifference,
    Synthesis,
)
from toolkit.review.method import Method

Codes = npt.NDArray[np.int64]

FEWEST_FOR_TEST = 4
"""Series below which no test between subgroups is given."""


def differences(subgroups: Sequence[Subgroup], method: Method) -> tuple[SubgroupDifference, ...]:
    """Return the difference of every two subgroups that are pooled, by the method that pools them.

    Two intervals give the interval of their difference by the method of variance estimates
    recovery (Newcombe; Zou and Donner); a Bayesian fit gives the posterior of the difference, and
    stands under its own name where only the Bayesian fit is defined.
    """
    pooled = [each for each in subgroups if each.answer.k > 1]
    found = []
    for first, second in combinations(pooled, 2):
        if method.fit == "bayes":
            found.append(_posterior(first, second, method))
            continue
        recovered = _recovered(first, second, method)
        if recovered is not None:
            found.append(recovered)
        elif method.model == "binomial-normal":
            found.append(_posterior(first, second, method))
    return tuple(found)


def _posterior(first: Subgroup, second: Subgroup, method: Method) -> SubgroupDifference:
    """Return the posterior of the difference of two medians under the binomial-normal model."""
    apart = difference(
        *(
            posterior(*_counts(each.answer.rows), tau_scale=method.tau_prior).typical
            for each in (first, second)
        )
    )
    low, high = apart.interval(method.level)
    return SubgroupDifference(
        first=first.level,
        second=second.level,
        estimate=apart.median,
        low=low,
        high=high,
        probability_positive=float(apart.probability_above(0.0)),
        method=f"Bayes with half-normal({method.tau_prior:g}) prior of tau",
    )


def _recovered(first: Subgroup, second: Subgroup, method: Method) -> SubgroupDifference | None:
    """Return the difference of two estimates from their intervals; None where one is missing."""
    used = [each.answer.method for each in (first, second)]
    ends = [_ends(each.answer.typical) for each in (first, second)]
    estimand = "typical"
    if None in ends:
        ends = [_ends(each.answer.average) for each in (first, second)]
        estimand = "average"
    if None in ends or any(each.fit != method.fit for each in used):
        return None
    one, other = cast("list[tuple[float, float, float]]", ends)
    low, high = difference_interval(one, other)
    return SubgroupDifference(
        first=first.level,
        second=second.level,
        estimate=one[0] - other[0],
        low=low,
        high=high,
        probability_positive=None,
        estimand="average" if estimand == "average" else "typical",
        method=f"recovered from both intervals: {method.in_words}",
    )


def _ends(estimate: Estimate) -> tuple[float, float, float] | None:
    if estimate.estimate is None or estimate.low is None or estimate.high is None:
        return None
    return estimate.estimate, estimate.low, estimate.high


def _counts(rows: Sequence[Row]) -> tuple[list[int], list[int], list[int]]:
    return (
        [row.events_low or 0 for row in rows],
        [row.events_high or 0 for row in rows],
        [row.total for row in rows],
    )


def between_subgroups(subgroups: Sequence[Subgroup], method: Method) -> BetweenSubgroups | None:
    """Return the test that all subgroups are the same, by the model that pools them.

    Inverse variance: Cochran's Q of the subgroups' means, each with its own spread. Binomial-normal
    by maximum likelihood: the joint test of a regression on the subgroups with one spread, as in
    ``rma.glmm``. Pooled counts: Pearson's chi-square of their totals. None for the other models,
    for fewer than two subgroups of two series, and for fewer than four series.
    """
    groups = [each for each in subgroups if each.answer.k > 1]
    rows = [row for each in groups for row in each.answer.rows]
    codes = np.repeat(range(len(groups)), [len(each.answer.rows) for each in groups])
    if len(groups) < 2 or len(rows) < FEWEST_FOR_TEST:
        return None
    if method.model == "inverse-variance":
        return _q_between(rows, codes, method)
    if not all(row.counted for row in rows):
        return None
    if method.model == "pooled-counts" and all(row.events is not None for row in rows):
        return _pearson(rows, codes)
    if method.model == "binomial-normal" and method.fit == "ml":
        return _regressed(rows, codes, method)
    return None


def _q_between(rows: Sequence[Row], codes: Codes, method: Method) -> BetweenSubgroups | None:
    found = row_effects(rows, method)
    if any(found.usable[codes == code].sum() < 1 for code in set(codes.tolist())):
        return None
    tested = pool_subgroups(
        found.y,
        np.where(found.usable, found.v, 1.0),
        codes,
        tau2=method.tau2,
        interval=cast(inverse_variance.Interval, method.interval),
        level=method.level,
        mask=found.usable,
    )
    return BetweenSubgroups(
        name="Q between subgroups, each with its own spread",
        statistic=float(tested.q_between),
        df=float(tested.df),
        p=float(tested.p),
    )


def _regressed(rows: Sequence[Row], codes: Codes, method: Method) -> BetweenSubgroups | None:
    design = (codes[:, None] == np.arange(codes.max() + 1)).astype(float)
    design[:, 0] = 1.0
    fit = fit_regression(*_counts(rows), design)
    if int(fit.status) != RegressionStatus.FITTED:
        return None
    apart, spread = fit.coefficients[1:], fit.covariance[1:, 1:]
    statistic, df = float(apart @ np.linalg.solve(spread, apart)), len(apart)
    return BetweenSubgroups(
        name="Wald test of the subgroups in one regression (QM)",
        statistic=statistic,
        df=float(df),
        p=float(chdtrc(df, statistic)),
    )


def _pearson(rows: Sequence[Row], codes: Codes) -> BetweenSubgroups | None:
    events = np.bincount(codes, weights=[row.events_low or 0 for row in rows])
    total = np.bincount(codes, weights=[row.total for row in rows])
    share = events.sum() / total.sum()
    if not 0 < share < 1:
        return None
    statistic = float(((events - share * total) ** 2 / (total * share * (1 - share))).sum())
    df = len(total) - 1
    return BetweenSubgroups(
        name="Pearson's chi-square of the pooled counts",
        statistic=statistic,
        df=float(df),
        p=float(chdtrc(df, statistic)),
    )


def with_subgroups(answer: Synthesis, by: str, subgroups: Sequence[Subgroup]) -> Synthesis:
    """Return an answer with its subgroups, their differences and the test between them."""
    found, between = _compared(tuple(subgroups), answer.method)
    return replace(answer, by=by, subgroups=tuple(subgroups), differences=found, between=between)


@remembered
def _compared(
    subgroups: tuple[Subgroup, ...], method: Method
) -> tuple[tuple[SubgroupDifference, ...], BetweenSubgroups | None]:
    """Return the differences of subgroups and the test between them."""
    return differences(subgroups, method), between_subgroups(subgroups, method)
