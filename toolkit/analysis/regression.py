"""Meta-regression of bare counts on covariates: the door to both regressions of the numerics."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

import numpy as np
from scipy.special import chdtrc, fdtrc, stdtr, stdtrit

from toolkit.analysis.bare_rows import as_list, bare_rows
from toolkit.analysis.effects import row_effects
from toolkit.errors import ToolkitError
from toolkit.numerics.binomial.regression import RegressionStatus, fit_regression
from toolkit.numerics.normal import inverse_variance
from toolkit.numerics.normal.meta_regression import FEWEST_SERIES, Regression, regress
from toolkit.numerics.normal.permutation import permute_moderators
from toolkit.numerics.tables import Floats
from toolkit.results.regression import Coefficient, MetaRegression
from toolkit.results.row import Row
from toolkit.results.synthesis import Heterogeneity
from toolkit.review.method import Method


def meta_regression(
    events: object,
    total: object,
    covariates: object,
    *,
    method: Method | None = None,
    names: Sequence[str] | None = None,
    labels: object | None = None,
    insist: bool = False,
    permutations: int = 0,
) -> MetaRegression:
    """Return how the proportion changes with covariates of the series.

    Parameters
    ----------
    events, total : array-like of int
        Events among patients, one entry a series.
    covariates : array-like, or mapping of names to array-likes
        One value a series: a list, a table of one column a covariate, or a data frame. Words are
        compared with the first word in order.
    method : Method, optional
        Binomial-normal by maximum likelihood (interval ``t`` with k - p degrees of freedom, or
        ``wald``) unless an inverse-variance method is given (``t``, ``wald``, ``hartung-knapp``,
        ``hartung-knapp-adhoc``).
    names : sequence of str, optional
        Names of the covariates.
    labels : array-like of str, optional
        Names of the series.
    insist : bool
        Whether to fit fewer than ten series: it says more about chance than about the covariates.
    permutations : int
        How many rearrangements of the covariates to judge the coefficients by; 0 for none. Inverse
        variance only.

    Returns
    -------
    MetaRegression
        Coefficients on the analysis scale, the intercept first.

    Raises
    ------
    ToolkitError
        For fewer than ten series unless insisted on, covariates that cannot be told apart, and
        methods without a regression.

    Notes
    -----
    **Checked against** metafor's ``rma`` and ``rma.glmm`` with moderators.

    Examples
    --------
    >>> events, total = [10, 20, 30, 40, 50], [100, 300, 400, 330, 240]
    >>> found = meta_regression(events, total, [0.2, 0.3, 0.25, 0.24, 0.5], insist=True)
    >>> [round(each.estimate, 4) for each in found.coefficients], round(found.heterogeneity.tau, 4)
    ([-3.1666, 3.4157], 0.2394)
    """
    used = method or Method()
    rows = bare_rows(events, total, labels, level=used.level)
    columns = _columns(covariates, names, len(rows))
    return regress_rows(rows, columns, used, insist=insist, permutations=permutations)


def regress_rows(
    rows: Sequence[Row],
    columns: Mapping[str, Sequence[float | str]],
    method: Method,
    *,
    insist: bool = False,
    permutations: int = 0,
) -> MetaRegression:
    """Return the regression of rows on named columns of one value a row."""
    if len(rows) < FEWEST_SERIES and not insist:
        raise ToolkitError(
            f"a meta-regression of {len(rows)} series says more about chance than about the "
            f"covariates: from {FEWEST_SERIES} series on, or insist=True (--insist)."
        )
    design, names, values = _design(columns, len(rows))
    if len(rows) <= len(names):
        raise ToolkitError(
            f"{len(rows)} series cannot carry {len(names)} coefficients: nothing is left to judge "
            "them by."
        )
    if method.model == "inverse-variance":
        return _weighted(rows, design, names, values, method, permutations)
    if permutations:
        raise ToolkitError('a permutation test needs model="inverse-variance".')
    if method.model != "binomial-normal" or method.fit != "ml":
        raise ToolkitError(
            f"there is no regression under {method.in_words}: choose binomial-normal by maximum "
            "likelihood, or inverse-variance."
        )
    if method.interval not in ("t", "wald"):
        method = replace(method, interval="t")
    return _likelihood(rows, design, names, values, method)


def _columns(
    covariates: object, names: Sequence[str] | None, k: int
) -> dict[str, list[float | str]]:
    """Return covariates by name, each a list of one value a series."""
    if hasattr(covariates, "columns") and hasattr(covariates, "to_dict"):
        covariates = covariates.to_dict("list")
    if isinstance(covariates, Mapping):
        found = {str(name): as_list(str(name), column) for name, column in covariates.items()}
    else:
        values = as_list("covariates", covariates)
        nested = bool(values) and isinstance(values[0], list | tuple)
        columns = [list(each) for each in zip(*values, strict=True)] if nested else [values]
        if nested and len(values) != k and all(len(each) == k for each in values):
            columns = [list(each) for each in values]
        name = getattr(covariates, "name", None)
        usual = [str(name)] if name and not nested else [f"x{n + 1}" for n in range(len(columns))]
        found = dict(zip(usual, columns, strict=False))
    if names is not None:
        if len(names) != len(found):
            raise ToolkitError(f"names has {len(names)} entries for {len(found)} covariates.")
        found = dict(zip(map(str, names), found.values(), strict=True))
    for name, column in found.items():
        if len(column) != k:
            raise ToolkitError(f"{name} has {len(column)} entries for {k} series.")
    if not found:
        raise ToolkitError("a meta-regression needs at least one covariate.")
    return found


def _design(
    columns: Mapping[str, Sequence[float | str]], k: int
) -> tuple[Floats, list[str], list[tuple[str, tuple[float, ...]]]]:
    """Return the design with its intercept, the names of its columns, and the values of each."""
    names, made = ["intercept"], [np.ones(k)]
    for name, column in columns.items():
        if all(isinstance(each, int | float) for each in column):
            numbers = np.array(column, dtype=float)
            if not np.isfinite(numbers).all():
                raise ToolkitError(f"{name}: a covariate of every series must be a number.")
            names.append(name)
            made.append(numbers)
            continue
        if any(each is None or isinstance(each, float) or not str(each) for each in column):
            raise ToolkitError(f"{name}: a covariate of every series must be a number, or a word.")
        words = list(dict.fromkeys(str(each) for each in column))
        for word in words[1:]:
            names.append(f"{name}: {word}")
            made.append(np.array([str(each) == word for each in column], dtype=float))
    for name, each in zip(names[1:], made[1:], strict=True):
        if np.ptp(each) == 0:
            raise ToolkitError(f"{name} is the same for every series.")
    unit = np.column_stack([each / np.sqrt((each**2).sum()) for each in made])
    if len(names) <= k and np.linalg.matrix_rank(unit, tol=1e-7) < len(names):
        raise ToolkitError("the covariates cannot be told apart on these series.")
    values = [
        (name, tuple(map(float, each))) for name, each in zip(names[1:], made[1:], strict=True)
    ]
    return np.column_stack(made), names, values


def _weighted(
    rows: Sequence[Row],
    design: Floats,
    names: Sequence[str],
    values: list[tuple[str, tuple[float, ...]]],
    method: Method,
    permutations: int,
) -> MetaRegression:
    """Return the weighted regression of transformed proportions."""
    found = row_effects(rows, method)
    interval = cast(inverse_variance.Interval, method.interval)
    try:
        fit = regress(
            found.y,
            np.where(found.usable, found.v, 1.0),
            design,
            tau2=method.tau2,
            interval=interval,
            level=method.level,
            mask=found.usable,
            few=True,
        )
    except ValueError as reason:
        raise ToolkitError(f"{reason}.") from None
    chance = None
    if permutations:
        if not found.usable.all():
            raise ToolkitError("a permutation test needs an effect of every series.")
        chance = permute_moderators(
            found.y,
            found.v,
            design,
            tau2=method.tau2,
            interval=interval,
            most=permutations,
            few=True,
        ).p_value
    random = method.tau2 != "none"
    return MetaRegression(
        method=method,
        rows=tuple(rows),
        covariates=tuple(values),
        coefficients=tuple(
            _coefficient(fit, at, name, None if chance is None else float(chance[at]))
            for at, name in enumerate(names)
        ),
        heterogeneity=Heterogeneity(
            tau=math.sqrt(float(fit.tau2)) if random else None,
            tau2=float(fit.tau2) if random else None,
            q=float(fit.q),
            df=float(fit.freedom),
            p=float(fit.q_p),
            i2=float(fit.i2),
            h2=float(fit.h2),
            i2_typical=float(fit.i2),
        ),
        model_statistic=float(fit.model_statistic),
        model_df=fit.model_df,
        model_p=float(fit.model_p),
        r2=float(fit.r2),
        scale=method.scale,
        notes=(*found.notes, *_few(rows)),
    )


def _coefficient(fit: Regression, at: int, name: str, chance: float | None) -> Coefficient:
    return Coefficient(
        name=name,
        estimate=float(fit.coefficients[at]),
        standard_error=float(fit.se[at]),
        low=float(fit.low[at]),
        high=float(fit.high[at]),
        statistic=float(fit.statistic[at]),
        p=float(fit.p_value[at]),
        permutation_p=chance,
    )


def _few(rows: Sequence[Row]) -> tuple[str, ...]:
    if len(rows) >= FEWEST_SERIES:
        return ()
    return (f"Insisted on with {len(rows)} series: read it as a question, not as an answer.",)


def _likelihood(
    rows: Sequence[Row],
    design: Floats,
    names: Sequence[str],
    values: list[tuple[str, tuple[float, ...]]],
    method: Method,
) -> MetaRegression:
    """Return the binomial-normal regression by maximum likelihood."""
    if not all(row.counted for row in rows):
        raise ToolkitError("binomial-normal needs counts of patients in every row.")
    low, high, total = (
        np.array([getattr(row, name) for row in rows], dtype=np.int64)
        for name in ("events_low", "events_high", "total")
    )
    fit = fit_regression(low, high, total, design)
    status = RegressionStatus(int(fit.status))
    if status != RegressionStatus.FITTED:
        raise ToolkitError(status.sentence)
    freedom = len(rows) - design.shape[1]
    student = method.interval == "t"
    quantile = float(stdtrit(freedom if student else 1e12, (1 + method.level) / 2))
    errors = np.sqrt(np.diagonal(fit.covariance))
    statistics = fit.coefficients / errors
    tails = 2 * stdtr(freedom if student else 1e12, -np.abs(statistics))
    apart, spread = fit.coefficients[1:], fit.covariance[1:, 1:]
    joint, df = float(apart @ np.linalg.solve(spread, apart)), len(apart)
    likelihood_ratio = max(0.0, 2 * float(fit.log_likelihood - fit.log_likelihood_common))
    tau = float(fit.tau)
    return MetaRegression(
        method=method,
        rows=tuple(rows),
        covariates=tuple(values),
        coefficients=tuple(
            Coefficient(
                name=name,
                estimate=float(fit.coefficients[at]),
                standard_error=float(errors[at]),
                low=float(fit.coefficients[at] - quantile * errors[at]),
                high=float(fit.coefficients[at] + quantile * errors[at]),
                statistic=float(statistics[at]),
                p=float(tails[at]),
            )
            for at, name in enumerate(names)
        ),
        heterogeneity=Heterogeneity(
            tau=tau,
            tau2=tau**2,
            q=likelihood_ratio,
            df=1.0,
            # Half of the null distribution of the likelihood ratio is a point at 0.
            p=0.5 * float(chdtrc(1, likelihood_ratio)) if likelihood_ratio > 0 else 1.0,
        ),
        model_statistic=joint / df if student else joint,
        model_df=df,
        model_p=float(fdtrc(df, freedom, joint / df) if student else chdtrc(df, joint)),
        r2=None,
        scale="logit",
        notes=_few(rows),
    )
