"""Permutation tests: how unusual a result is among all the results that chance could have made."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from math import factorial

import numpy as np
import numpy.typing as npt

from toolkit.numerics.normal.inverse_variance import Interval, pool
from toolkit.numerics.normal.meta_regression import regress
from toolkit.numerics.normal.tau2 import Tau2Method
from toolkit.numerics.tables import Floats, blocks

_TIE = float(np.sqrt(np.finfo(float).eps))
"""Statistics closer than this are equal: the observed arrangement must count itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Permutation:
    """Two-sided p-values against all rearrangements, or against a sample of them.

    Attributes
    ----------
    p_value
        (p,): one per column of the design, or one for the mean.
    p_model
        Joint p-value of all columns that are not constant; None for the mean alone.
    exact
        Whether every rearrangement was tried.
    arrangements
        How many were; a sampled p-value has standard error sqrt(p (1 - p) / arrangements).
    """

    p_value: Floats
    p_model: float | None
    exact: bool
    arrangements: int


def permute_mean(
    y: npt.ArrayLike,
    v: npt.ArrayLike,
    *,
    tau2: Tau2Method = "reml",
    interval: Interval = "wald",
    most: int = 1 << 16,
    seed: int = 1,
) -> Permutation:
    """Return the p-value of a pooled effect of 0, by flipping the signs of the effects.

    On the logit scale an effect of 0 is a proportion of one half, which is seldom a question.

    Parameters
    ----------
    y, v : (k,)
        Effects and sampling variances of one table.
    tau2, interval
        As in `toolkit.numerics.normal.inverse_variance.pool`; the statistic is mu over its error.
    most : int
        All 2^k arrangements are tried if they are no more than this, else a sample of this many.
    seed : int
        Of the sample.

    Raises
    ------
    ValueError
        If `pool` refuses.

    Notes
    -----
    **Source**: Follmann & Proschan 1999, Biometrics 55:732. **Checked against** metafor's
    ``permutest`` (tests/reference/permutest.csv).
    """
    effects, variances = _one_table(y, v)
    k = len(effects)
    exact = 1 << k <= most
    if exact:
        signs = 1.0 - 2.0 * (np.arange(1 << k)[:, None] >> np.arange(k) & 1)
    else:
        signs = np.random.default_rng(seed).choice([-1.0, 1.0], size=(most, k))
        signs[0] = 1.0
    sizes = []
    for part in blocks(len(signs), k):
        pooled = pool(signs[part] * effects, variances, tau2=tau2, interval=interval)
        sizes.append(np.abs(pooled.mu) / np.where(pooled.se > 0, pooled.se, 1.0))
    size = np.concatenate(sizes)
    p = float((size >= size[0] - _TIE).mean())
    return Permutation(p_value=np.array([p]), p_model=None, exact=exact, arrangements=len(signs))


def permute_moderators(
    y: npt.ArrayLike,
    v: npt.ArrayLike,
    design: npt.ArrayLike,
    *,
    tau2: Tau2Method = "reml",
    interval: Interval = "hartung-knapp",
    most: int = 5040,
    seed: int = 1,
    few: bool = False,
) -> Permutation:
    """Return the p-values of the columns of a design, by giving its rows to other series.

    Parameters
    ----------
    y, v : (k,)
        Effects and sampling variances of one table.
    design : (k, p)
        As in `toolkit.numerics.normal.meta_regression.regress`.
    tau2, interval, few
        As in `toolkit.numerics.normal.meta_regression.regress`.
    most : int
        All k! arrangements are tried if they are no more than this, else a sample of this many.
    seed : int
        Of the sample.

    Raises
    ------
    ValueError
        If `regress` refuses.

    Notes
    -----
    **Source**: Higgins & Thompson 2004, Stat Med 23:1663, doi 10.1002/sim.1752. **Checked
    against** metafor's ``permutest`` (tests/reference/permutest.csv).
    """
    effects, variances = _one_table(y, v)
    columns = np.asarray(design, dtype=float)
    k = len(effects)
    exact = factorial(k) <= most
    if exact:
        orders = np.array(list(permutations(range(k))))
    else:
        orders = np.tile(np.arange(k), (most, 1))
        orders[1:] = np.random.default_rng(seed).permuted(orders[1:], axis=1)
    statistics, models = [], []
    for part in blocks(len(orders), columns.size):
        fits = regress(
            effects, variances, columns[orders[part]], tau2=tau2, interval=interval, few=few
        )
        statistics.append(np.abs(fits.statistic))
        models.append(fits.model_statistic)
    statistic, model = np.concatenate(statistics), np.concatenate(models)
    return Permutation(
        p_value=(statistic >= statistic[0] - _TIE).mean(axis=0),
        p_model=float((model >= model[0] - _TIE).mean()),
        exact=exact,
        arrangements=len(orders),
    )


def _one_table(y: npt.ArrayLike, v: npt.ArrayLike) -> tuple[Floats, Floats]:
    effects, variances = np.asarray(y, dtype=float), np.asarray(v, dtype=float)
    if effects.ndim != 1 or effects.shape != variances.shape:
        raise ValueError("a permutation test takes one table: y and v of shape (k,)")
    return effects, variances
