"""The variance between series: eight estimators, one function each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from toolkit.numerics.normal.likelihood import Model, maximise, weights
from toolkit.numerics.normal.projection import project, row_sums, trace, trace_of_product
from toolkit.numerics.roots import Rows, find_roots
from toolkit.numerics.tables import Floats, as_tables, reshaped, with_columns

Tau2Method = Literal["dl", "he", "hs", "sj", "ml", "reml", "eb", "pm", "none"]
METHODS: tuple[Tau2Method, ...] = get_args(Tau2Method)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tau2:
    """Variance between series and its asymptotic standard error, both (...).

    The standard error is 0 where tau2 was given or is ``none``, and infinite where a table has no
    residual degrees of freedom: then tau2 is 0 because nothing can be said about it.
    """

    tau2: Floats
    se: Floats


def estimate_tau2(
    y: npt.ArrayLike,
    v: npt.ArrayLike,
    *,
    method: Tau2Method = "reml",
    mask: npt.ArrayLike | None = None,
    design: npt.ArrayLike | None = None,
) -> Tau2:
    """Return the variance between series, in squared units of the analysis scale, never negative.

    Parameters
    ----------
    y, v : (..., k)
        Effects and sampling variances.
    method : str
        One of `METHODS`: ``dl`` DerSimonian-Laird, ``he`` Hedges, ``hs`` Hunter-Schmidt, ``sj``
        Sidik-Jonkman, ``ml`` and ``reml`` full and restricted maximum likelihood, ``eb`` empirical
        Bayes, ``pm`` Paule-Mandel (the same equation as ``eb``), ``none`` zero by decree.
    mask : (..., k), optional
        True where a series is used.
    design : (..., k, p), optional
        Columns of a meta-regression, intercept included; without it the mean alone is fitted.

    Raises
    ------
    ValueError
        If the method is unknown or an effect or variance that is used cannot be pooled.

    Notes
    -----
    **Source**: DerSimonian & Laird 1986, Control Clin Trials 7:177; Hedges & Olkin 1985; Hunter &
    Schmidt 2004; Sidik & Jonkman 2005, J R Stat Soc C 54:367; Paule & Mandel 1982, J Res NBS
    87:377; Morris 1983, JASA 78:47; Viechtbauer 2005, J Educ Behav Stat 30:261 (likelihood and
    standard errors). **Checked against** metafor's ``rma`` (tests/reference/rma.csv).

    Examples
    --------
    >>> round(float(estimate_tau2([0.0, 1.0, 3.0], [0.5, 0.5, 0.5], method="dl").tau2), 6)
    1.833333
    """
    if method not in METHODS:
        raise ValueError(f"unknown tau2 method {method!r}; one of {', '.join(METHODS)}")
    if design is None:
        model = Model(tables=as_tables(y, v, mask), design=None)
    else:
        tables, columns = with_columns(y, v, design, mask)
        model = Model(tables=tables, design=columns)
    return reshaped(estimate(model, method), model.tables.shape)


def estimate(model: Model, method: Tau2Method) -> Tau2:
    """Return tau2 and its standard error, (B,), for tables in canonical form."""
    zero = np.zeros(len(model.tables.y))
    if method == "none":
        return Tau2(tau2=zero, se=zero)
    found = _ESTIMATORS[method](model)
    known = model.freedom > 0
    return Tau2(
        tau2=np.where(known, np.maximum(found.tau2, 0.0), 0.0),
        se=np.where(known, found.se, np.inf),
    )


def generalised_q(model: Model, tau2: Floats) -> Floats:
    """Return the weighted residual sum of squares at tau2, (B,): it falls as tau2 grows."""
    weight = weights(model.tables, tau2)
    residual = project(model.tables.y, weight, model.design).residual
    return np.asarray(np.einsum("bk,bk,bk->b", weight, residual, residual))


def solve_generalised_q(model: Model, target: Floats) -> Floats:
    """Return the tau2 >= 0 at which the generalised Q statistic equals the target, (B,).

    0 where Q is at most the target already. With S the unweighted residual sum of squares, Q lies
    between S / (max v + tau2) and S / (min v + tau2), which brackets the root; the reciprocal of Q
    is nearly a straight line.
    """
    tables = model.tables
    squares = generalised_q(_unweighted(model), np.zeros(len(tables.y)))
    least = np.where(tables.used, tables.v, np.inf).min(axis=1, initial=np.inf)
    most = np.where(tables.used, tables.v, 0.0).max(axis=1, initial=0.0)
    root = np.zeros(len(tables.y))
    above = generalised_q(model, root) > target
    rows = np.flatnonzero(above & (target > 0))
    ratio = squares[rows] / target[rows]

    def family(chosen: Rows) -> Callable[[Floats], Floats]:
        part, wanted = model.rows(rows[chosen]), 1 / target[rows[chosen]]
        return lambda points: 1 / generalised_q(part, points) - wanted

    root[rows] = find_roots(
        family,
        np.maximum(ratio * (1 - 1e-12) - most[rows], 0.0),
        np.maximum(ratio * (1 + 1e-12) - least[rows], 0.0),
    )
    return root


def _unweighted(model: Model) -> Model:
    tables = model.tables
    unit = type(tables)(
        y=tables.y,
        v=np.where(tables.used, 1.0, np.inf),
        used=tables.used,
        k=tables.k,
        centre=tables.centre,
        shape=tables.shape,
    )
    return Model(tables=unit, design=model.design)


def _finite_variances(model: Model) -> Floats:
    return np.where(model.tables.used, model.tables.v, 0.0)


def _moment_se(model: Model, tau2: Floats, weight: Floats, divisor: Floats) -> Floats:
    """Return the standard error of a linear function of a weighted residual sum of squares.

    Q = y'Py with P built from fixed weights has variance
    2 tr(PVPV) + 4 tau2 tr(PVP) + 2 tau2^2 tr(PP) when V holds the sampling variances.
    """
    fit = project(model.tables.y, weight, model.design)
    scaled = weight * _finite_variances(model)
    positive = np.maximum(tau2, 0.0)
    variance = (
        2 * trace_of_product(fit, scaled, scaled)
        + 4 * positive * trace_of_product(fit, scaled, weight)
        + 2 * positive**2 * trace_of_product(fit, weight, weight)
    )
    return np.asarray(np.sqrt(np.maximum(variance, 0.0)) / np.where(divisor > 0, divisor, 1.0))


def _dersimonian_laird(model: Model) -> Tau2:
    weight = 1 / model.tables.v
    fit = project(model.tables.y, weight, model.design)
    divisor = trace(fit, weight)
    excess = np.einsum("bk,bk,bk->b", weight, fit.residual, fit.residual) - model.freedom
    tau2 = excess / np.where(divisor > 0, divisor, 1.0)
    return Tau2(tau2=tau2, se=_moment_se(model, tau2, weight, divisor))


def _hunter_schmidt(model: Model) -> Tau2:
    weight = 1 / model.tables.v
    total = row_sums(weight)
    excess = generalised_q(model, np.zeros(len(total))) - model.tables.k
    tau2 = excess / np.where(total > 0, total, 1.0)
    return Tau2(tau2=tau2, se=_moment_se(model, tau2, weight, total))


def _hedges(model: Model) -> Tau2:
    weight = model.tables.used.astype(float)
    fit = project(model.tables.y, weight, model.design)
    divisor = np.maximum(model.freedom, 1.0)
    squares = np.einsum("bk,bk,bk->b", weight, fit.residual, fit.residual)
    tau2 = (squares - trace(fit, _finite_variances(model))) / divisor
    return Tau2(tau2=tau2, se=_moment_se(model, tau2, weight, divisor))


def _sidik_jonkman(model: Model) -> Tau2:
    """Start from the crude variance of the effects, whatever the design, and correct it once."""
    tables = model.tables
    crude = generalised_q(
        Model(tables=_unweighted(model).tables, design=None), np.zeros(len(tables.y))
    ) / np.maximum(tables.k, 1)
    weight = weights(tables, crude)
    divisor = np.maximum(model.freedom, 1.0)
    tau2 = crude * generalised_q(model, crude) / divisor
    return Tau2(tau2=tau2, se=crude * _moment_se(model, tau2, weight, divisor))


def _maximum_likelihood(model: Model) -> Tau2:
    tau2 = maximise(model, kind="ml")
    information = row_sums(weights(model.tables, tau2) ** 2)
    return Tau2(tau2=tau2, se=np.sqrt(2 / np.where(information > 0, information, 1.0)))


def _restricted_likelihood(model: Model) -> Tau2:
    tau2 = maximise(model, kind="reml")
    weight = weights(model.tables, tau2)
    information = trace_of_product(project(model.tables.y, weight, model.design), weight, weight)
    return Tau2(tau2=tau2, se=np.sqrt(2 / np.where(information > 0, information, 1.0)))


def _paule_mandel(model: Model) -> Tau2:
    """Solve Q = df; the empirical Bayes estimator is the same root by another road."""
    tau2 = solve_generalised_q(model, model.freedom)
    total = row_sums(weights(model.tables, tau2))
    scale = np.where(total > 0, total, 1.0) * np.sqrt(np.maximum(model.freedom, 1.0))
    return Tau2(tau2=tau2, se=np.sqrt(2.0) * model.tables.k / scale)


_ESTIMATORS: dict[str, Callable[[Model], Tau2]] = {
    "dl": _dersimonian_laird,
    "he": _hedges,
    "hs": _hunter_schmidt,
    "sj": _sidik_jonkman,
    "ml": _maximum_likelihood,
    "reml": _restricted_likelihood,
    "eb": _paule_mandel,
    "pm": _paule_mandel,
}
