"""Each model in turn: counts as arrays in, the parts of an answer out.

This is the seam between the numerics, which know only arrays, and `toolkit.analysis.pool`, which
knows what is being pooled. What a model cannot estimate is left undefined here, with a note saying
why.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit, stdtrit

from toolkit.analysis.effects import back_to_proportion, row_effects
from toolkit.analysis.likelihood_intervals import (
    likelihood_intervals,
    limiting_intervals,
)
from toolkit.analysis.pool_table import PoolTable
from toolkit.errors import ToolkitError
from toolkit.numerics.binomial.beta_binomial import fit_beta_binomial
from toolkit.numerics.binomial.beta_binomial_ends import beta_binomial_intervals
from toolkit.numerics.binomial.binomial_normal import BinomialNormalFit, FitStatus
from toolkit.numerics.normal import inverse_variance
from toolkit.numerics.normal.effects import effects, harmonic_mean
from toolkit.numerics.normal.heterogeneity import q_profile
from toolkit.numerics.normal.inverse_variance import PoolStatus
from toolkit.numerics.posterior.marginals import Marginal
from toolkit.numerics.proportions import clopper_pearson
from toolkit.results.synthesis import Estimate, Heterogeneity, Prediction
from toolkit.review.method import Method

LATENT_VARIANCE = math.pi**2 / 3
"""Variance of the standard logistic: the chance part of the latent scale."""

_NOTABLE = 0.95
"""Share of its width above which an interval is not worth a sentence for being narrower."""

FEWEST_FOR_P = 4
"""Series below which no p-value of heterogeneity is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a model says of a table: the fields of a Synthesis that depend on the model."""

    typical: Estimate = field(default_factory=Estimate)
    average: Estimate = field(default_factory=Estimate)
    prediction: Prediction = field(default_factory=Prediction)
    scale: str = "logit"
    scale_estimate: float | None = None
    scale_se: float | None = None
    heterogeneity: Heterogeneity = field(default_factory=Heterogeneity)
    weights: tuple[float, ...] | None = None
    notes: tuple[str, ...] = ()


def fit_model(table: PoolTable, method: Method) -> Parts:
    """Return what the method's model says of a table of at least two series."""
    if method.model == "inverse-variance":
        _refuse_undecided(table, method)
        return _inverse_variance(table, method)
    percentages = [row.label for row in table.rows if not row.counted]
    if percentages:
        raise ToolkitError(
            f"{method.model} needs counts of patients, and the source gives only a percentage for: "
            f"{', '.join(percentages)}. A percentage is never turned into a count; "
            'model="inverse-variance" pools it by its standard error.'
        )
    if method.model == "binomial-normal":
        return (
            _bayes(table, method) if method.fit == "bayes" else _maximum_likelihood(table, method)
        )
    if method.model == "beta-binomial":
        return _beta_binomial(table, method)
    _refuse_undecided(table, method)
    return _pooled_counts(table, method)


def _refuse_undecided(table: PoolTable, method: Method) -> None:
    """Refuse cells that the source leaves open; raises ToolkitError naming them."""
    undecided = [
        f"{row.label} ({low} to {high} of {row.total})"
        for row, low, high in zip(table.rows, table.low, table.high, strict=True)
        if low != high
    ]
    if undecided:
        model = method.model.replace("-", " ").capitalize()
        raise ToolkitError(
            f"{model} needs one number in every cell, and the source leaves open: "
            f"{'; '.join(undecided)}. The binomial-normal and beta-binomial models sum over all "
            "readings of such a cell."
        )


def _maximum_likelihood(table: PoolTable, method: Method) -> Parts:
    """Binomial-normal model by maximum likelihood."""
    fit = table.fit
    status = FitStatus(int(fit.status))
    if status != FitStatus.FITTED:
        notes = (f"{status.sentence} The Bayesian fit is defined.",)
        limiting = limiting_intervals(table.counted, status, method)
        if limiting is None:
            return Parts(notes=notes)
        return Parts(
            typical=limiting.typical,
            average=limiting.average,
            prediction=_likelihood_prediction(table, method, math.nan, math.nan, math.nan),
            notes=(*notes, *limiting.notes),
        )
    mu, se = float(fit.mu), float(fit.se_mu)
    found = likelihood_intervals(table.counted, fit, table.surveyed, method)
    return Parts(
        typical=found.typical,
        average=found.average,
        notes=found.notes,
        prediction=_likelihood_prediction(table, method, mu, se, float(fit.tau)),
        scale_estimate=mu,
        scale_se=se,
        heterogeneity=_likelihood_heterogeneity(table, fit, found.tau),
    )


def _likelihood_prediction(
    table: PoolTable, method: Method, mu: float, se: float, tau: float
) -> Prediction:
    """Interval for a new study beside a maximum-likelihood fit."""
    if method.prediction == "none":
        return Prediction()
    if method.prediction == "posterior":
        low, high = table.posterior.new_centre.interval(method.level)
        return Prediction(low=low, high=high)
    if math.isnan(mu):
        return Prediction()
    df = table.k - (1 if method.prediction == "t(k-1)" else 2)
    if df < 1:
        return Prediction()
    reach = float(stdtrit(df, (1 + method.level) / 2)) * math.hypot(tau, se)
    return Prediction(low=_expit(mu - reach), high=_expit(mu + reach))


def _likelihood_heterogeneity(
    table: PoolTable, fit: BinomialNormalFit, limits: tuple[float, float]
) -> Heterogeneity:
    """Spread between series with its profile interval, and the test that there is none."""
    tau = float(fit.tau)
    low, high = limits
    i2 = tau**2 / (tau**2 + LATENT_VARIANCE)
    return Heterogeneity(
        tau=tau,
        tau2=tau**2,
        tau2_low=low**2,
        tau2_high=high**2,
        q=float(fit.lr_statistic),
        df=1.0,
        p=float(fit.lr_p_value) if table.k >= FEWEST_FOR_P else None,
        i2=i2,
        h2=1 / (1 - i2),
        i2_latent=i2,
        i2_typical=_typical_i2(table, tau**2),
    )


def _typical_i2(table: PoolTable, tau2: float) -> float | None:
    """Return tau2 over tau2 plus the typical sampling variance of the logits; None if undecided.

    **Source**: Higgins & Thompson 2002, Stat Med 21:1539, eq. 9; so does metafor's rma.glmm.
    """
    if (table.low != table.high).any():
        return None
    found = effects(table.low, table.total, scale="logit", zero="only-zero")
    weight = 1 / found.v
    typical = (table.k - 1) / (weight.sum() - (weight**2).sum() / weight.sum())
    return float(tau2 / (tau2 + typical))


def _bayes(table: PoolTable, method: Method) -> Parts:
    """Binomial-normal model with its posterior on a grid."""
    found = table.posterior
    typical = _credible(found.typical, method.level)
    tau = found.tau
    tau_low, tau_high = tau.interval(method.level)
    prediction = Prediction()
    if method.prediction == "posterior":
        low, high = found.new_centre.interval(method.level)
        prediction = Prediction(low=low, high=high)
    i2 = tau.median**2 / (tau.median**2 + LATENT_VARIANCE)
    return Parts(
        typical=typical,
        average=_credible(found.average, method.level),
        prediction=prediction,
        scale_estimate=float(logit(found.typical.median)),
        heterogeneity=Heterogeneity(
            tau=tau.median,
            tau2=tau.median**2,
            tau2_low=tau_low**2,
            tau2_high=tau_high**2,
            i2=i2,
            h2=1 / (1 - i2),
            i2_latent=i2,
            i2_typical=_typical_i2(table, tau.median**2),
        ),
    )


def _beta_binomial(table: PoolTable, method: Method) -> Parts:
    """Beta-binomial model by maximum likelihood; its mean is the mean across studies."""
    fit = fit_beta_binomial(table.low, table.high, table.total)
    status = FitStatus(int(fit.status))
    if status != FitStatus.FITTED:
        return Parts(scale="raw", notes=(status.sentence,))
    data = (table.low, table.high, table.total)
    (low, high), (rho_low, rho_high) = beta_binomial_intervals(
        fit, *data, level=method.level
    ).tolist()
    mean = float(fit.mean)
    statistic = max(0.0, 2 * float(fit.log_likelihood - fit.log_likelihood_common))
    return Parts(
        average=Estimate(estimate=mean, low=low, high=high),
        scale="raw",
        scale_estimate=mean,
        heterogeneity=Heterogeneity(
            rho=float(fit.rho), rho_low=rho_low, rho_high=rho_high, q=statistic, df=1.0
        ),
    )


def _inverse_variance(table: PoolTable, method: Method) -> Parts:
    """Two-stage pooling of transformed proportions."""
    transformed = row_effects(table.read_rows, method)
    usable, notes = transformed.usable, list(transformed.notes)
    if usable.sum() < 2:
        return Parts(
            scale=method.scale, notes=(*notes, "Fewer than two series are left: not pooled.")
        )
    pooled = inverse_variance.pool(
        transformed.y,
        transformed.v,
        tau2=method.tau2,
        interval=cast(inverse_variance.Interval, method.interval),
        prediction=cast(inverse_variance.Prediction, method.prediction),
        level=method.level,
        mask=usable,
    )
    total = float(harmonic_mean(table.total, mask=usable))

    def back(value: npt.ArrayLike) -> float:
        return float(back_to_proportion(value, method, total))

    low, high = sorted((back(pooled.low), back(pooled.high)))
    typical = Estimate(estimate=back(pooled.mu), low=low, high=high)
    if int(pooled.status) == PoolStatus.ZERO_WIDTH:
        typical = Estimate(estimate=back(pooled.mu))
        notes.append(
            "The Hartung-Knapp interval has no width, because all series give the same "
            "effect: it is not shown."
        )
    elif _closer_than_chance(method, float(pooled.tau2), float(pooled.scale_factor)):
        # The ad hoc interval keeps the factor by which Hartung and Knapp scale at 1.
        reach = (pooled.high - pooled.mu) / math.sqrt(float(pooled.scale_factor))
        low, high = sorted((back(pooled.mu - reach), back(pooled.mu + reach)))
        notes.append(
            "The series lie closer together than their own precision leads one to expect, which "
            "narrows the Hartung-Knapp interval; without that it is "
            f"{100 * low:.0f} to {100 * high:.0f}%."
        )
    prediction = Prediction()
    if pooled.prediction_low is not None and pooled.prediction_high is not None:
        if int(pooled.status) == PoolStatus.ZERO_WIDTH:
            notes.append("Nor is a prediction interval: it would have no width either.")
        elif np.isfinite(pooled.prediction_low):
            low, high = sorted((back(pooled.prediction_low), back(pooled.prediction_high)))
            prediction = Prediction(low=low, high=high)
        else:
            notes.append("Too few series for this prediction interval: it would be unbounded.")
    random = method.tau2 != "none"
    profile = q_profile(transformed.y, transformed.v, level=method.level, mask=usable)
    return Parts(
        typical=typical,
        prediction=prediction,
        scale=method.scale,
        scale_estimate=float(pooled.mu),
        scale_se=float(pooled.se),
        heterogeneity=Heterogeneity(
            tau=math.sqrt(float(pooled.tau2)) if random else None,
            tau2=float(pooled.tau2) if random else None,
            tau2_low=float(profile.tau2_low) if random else None,
            tau2_high=float(profile.tau2_high) if random else None,
            q=float(pooled.q),
            df=float(pooled.df),
            p=float(pooled.p) if usable.sum() >= FEWEST_FOR_P else None,
            i2=float(pooled.i2),
            h2=float(pooled.h2),
            i2_typical=float(pooled.i2),
        ),
        weights=tuple(float(weight) for weight in np.where(usable, pooled.weights, 0.0)),
        notes=tuple(notes),
    )


def _closer_than_chance(method: Method, tau2: float, factor: float) -> bool:
    """Return whether series agree so well that it narrows the Hartung-Knapp interval notably.

    Only where tau2 is 0 is the factor a measure of agreement: otherwise it holds tau2 already.
    """
    return method.interval == "hartung-knapp" and tau2 == 0 and factor < _NOTABLE**2


def _pooled_counts(table: PoolTable, method: Method) -> Parts:
    """All patients as if they were one series."""
    events, total = int(table.low.sum()), int(table.total.sum())
    low, high = _pair(clopper_pearson(events, total, level=method.level))
    estimate = Estimate(estimate=events / total, low=low, high=high)
    return Parts(
        typical=estimate,
        average=estimate,
        scale="raw",
        scale_estimate=events / total,
        weights=tuple(float(share) for share in table.total / total),
        notes=("All patients are counted as one study: what differs between studies is ignored.",),
    )


def _credible(marginal: Marginal, level: float) -> Estimate:
    """Posterior median and equal-tailed interval."""
    low, high = marginal.interval(level)
    return Estimate(estimate=marginal.median, low=low, high=high)


def _expit(value: float) -> float:
    """Proportion of a logit."""
    return float(expit(value))


def _pair(ends: tuple[object, object]) -> tuple[float, float]:
    """Two 0-d arrays as numbers."""
    return float(np.asarray(ends[0])), float(np.asarray(ends[1]))
