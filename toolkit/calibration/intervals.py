"""Every interval that is calibrated, for thousands of tables at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
from scipy.special import expit, ndtri, stdtrit

from toolkit.numerics.batches.calibrated import calibrated_places
from toolkit.numerics.batches.cell_table import (
    CellTable,
    beta_binomial_cells,
    binomial_normal_cells,
)
from toolkit.numerics.batches.critical_values import CriticalValues, Estimand, limits
from toolkit.numerics.batches.posterior import (
    PosteriorWeights,
    posterior_laws,
    posterior_weights,
)
from toolkit.numerics.batches.profile import (
    Profiles,
    bartlett_corrections,
    profile_intervals,
    profiles,
)
from toolkit.numerics.batches.surface import BatchSurface, count_lattice
from toolkit.numerics.binomial.binomial_normal import (
    BinomialNormalFit,
    FitStatus,
    fit_ml,
    status_of_pattern,
)
from toolkit.numerics.binomial.cells import lay_out
from toolkit.numerics.normal import inverse_variance
from toolkit.numerics.normal.effects import Scale, back_transform, effects, harmonic_mean
from toolkit.numerics.normal.inverse_variance import PoolStatus
from toolkit.numerics.normal.tau2 import Tau2Method
from toolkit.numerics.proportions import clopper_pearson
from toolkit.review.review import NEXT_PATIENTS

Target = Literal["typical", "average", "prediction", "next", "next-upper"]
TARGETS: tuple[Target, ...] = get_args(Target)
"""What an interval should hold; the first three in the order of
`toolkit.numerics.batches.posterior`, the others on the scale of the next patients."""
Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]

POOLED = "Pooled counts, Clopper-Pearson"
FREEMAN_TUKEY = "Freeman-Tukey, DerSimonian-Laird, Wald"
LOGIT = "Logit, REML, Hartung-Knapp"
LOGIT_AD_HOC = "Logit, REML, ad hoc Hartung-Knapp"
ARCSINE_AD_HOC = "Arcsine, REML, ad hoc Hartung-Knapp"
WALD = "Binomial-normal ML, Wald z"
STUDENT = "Binomial-normal ML, t(k-1)"
PROFILE = "Binomial-normal, profile likelihood"
BARTLETT = "Binomial-normal, profile likelihood, Bartlett"
BETA_BINOMIAL = "Beta-binomial, profile likelihood"
CALIBRATED = "Binomial-normal, profile likelihood, calibrated"
TAU_SCALES = (0.5, 1.0, 1.5, 2.0)

_UNNAMED: tuple[Target, ...] = ("typical", "average")
"""What an interval is held against that does not say which of the two it aims at."""


def bayes(tau_scale: float) -> str:
    """Return the name of the Bayesian intervals under a half-normal prior of tau."""
    return f"Bayes, half-normal({float(tau_scale)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervals:
    """One method's intervals for a batch of tables.

    Attributes
    ----------
    method : str
        In words.
    target : {"typical", "average", "prediction", "next", "next-upper"}
        What each should hold: a centre's proportion, that of a new centre, or the share of the next
        patients of a new centre who have the event, between both ends or below the upper one.
    low, high : (B,)
        Proportions; NaN in both where the method gives no interval.
    """

    method: str
    target: Target
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernels:
    """What is tabulated once for all tables of the same sizes."""

    binomial_normal: CellTable
    average: CellTable
    beta_binomial: CellTable
    posterior: PosteriorWeights


@lru_cache(maxsize=4)
def kernels(
    sizes: tuple[int, ...], series: int, patients: int, tau_scales: tuple[float, ...]
) -> Kernels:
    """Return the tabulated likelihoods.

    Parameters
    ----------
    sizes : tuple of int
        Every number of patients a series may have.
    series, patients : int
        The most series and patients of a table.
    tau_scales : tuple of float
        Scales of the half-normal priors of tau.
    """
    table = binomial_normal_cells(sizes, series=series, patients=patients, tau_scales=tau_scales)
    return Kernels(
        binomial_normal=table.shortened(),
        average=binomial_normal_cells(
            sizes, series=series, patients=patients, tau_scales=tau_scales, of_average=True
        ).shortened(),
        beta_binomial=beta_binomial_cells(sizes, series=series, patients=patients).shortened(),
        posterior=posterior_weights(table, tau_scales, patients=NEXT_PATIENTS),
    )


def intervals(
    events: Counts,
    total: Counts,
    level: float,
    tables: Kernels,
    critical: CriticalValues | None = None,
) -> Iterator[Intervals]:
    """Yield every method's intervals for tables of counts, both (B, k).

    The calibrated ones where critical values are given, which must be those of these sizes.
    """
    low, high = clopper_pearson(events.sum(axis=1), total.sum(axis=1), level=level)
    for target in _UNNAMED:
        yield Intervals(method=POOLED, target=target, low=low, high=high)
    yield from _two_stage(events, total, level)
    log_likelihood = tables.binomial_normal.sums(events, total)
    found = profiles(log_likelihood, tables.binomial_normal)
    fit = _maximum_likelihood(events, total, found, tables.binomial_normal)
    fitted = fit.status == FitStatus.FITTED
    yield from _wald_and_student(fit, total.shape[1], level)
    average = replace(profiles(tables.average.sums(events, total), tables.average), best=found.best)
    for target, own, table in (
        ("typical", found, tables.binomial_normal),
        ("average", average, tables.average),
    ):
        corrections = bartlett_corrections(own, table, total)
        yield _profile(PROFILE, target, own, fitted, level)
        yield _profile(BARTLETT, target, own, fitted, level, corrections)
    if critical is not None:
        best = np.maximum(found.best, limits(events, events, total))
        yield _calibrated("typical", found, best, critical)
        yield _calibrated("average", average, best, critical)
    yield _beta_binomial(events, total, level, tables.beta_binomial)
    yield from _bayes(log_likelihood, tables.posterior, level)


def calibrated_of_both(
    events: Counts, total: Counts, tables: Kernels, critical: CriticalValues
) -> Iterator[Intervals]:
    """Yield the calibrated intervals of both estimands alone, for tables of counts, (B, k)."""
    found = profiles(tables.binomial_normal.sums(events, total), tables.binomial_normal)
    average = profiles(tables.average.sums(events, total), tables.average)
    best = np.maximum(found.best, limits(events, events, total))
    yield _calibrated("typical", found, best, critical)
    yield _calibrated("average", average, best, critical)


def student_of(events: Counts, total: Counts, level: float, tables: Kernels) -> Iterator[Intervals]:
    """Yield the intervals of Wald and of t(k-1) alone, for tables of counts, (B, k)."""
    found = profiles(tables.binomial_normal.sums(events, total), tables.binomial_normal)
    fit = _maximum_likelihood(events, total, found, tables.binomial_normal)
    yield from _wald_and_student(fit, total.shape[1], level)


def _calibrated(
    target: Estimand, found: Profiles, best: Floats, critical: CriticalValues
) -> Intervals:
    """Return the calibrated intervals, which every table has."""
    ends = []
    for place in calibrated_places(best, found.log_likelihood, found.value, critical.of(target)):
        inside = np.isfinite(place)
        logits = found.location.after(np.where(inside, place, 0.0))
        ends.append(np.where(inside, expit(logits), place > 0))
    return Intervals(method=CALIBRATED, target=target, low=ends[0], high=ends[1])


def _two_stage(events: Counts, total: Counts, level: float) -> Iterator[Intervals]:
    """Yield the intervals that rest on transformed proportions, back on their own scale."""
    choices: tuple[tuple[str, Scale, Tau2Method, inverse_variance.Interval], ...]
    choices = (
        (FREEMAN_TUKEY, "double-arcsine", "dl", "wald"),
        (LOGIT, "logit", "reml", "hartung-knapp"),
        (LOGIT_AD_HOC, "logit", "reml", "hartung-knapp-adhoc"),
        (ARCSINE_AD_HOC, "arcsine", "reml", "hartung-knapp-adhoc"),
    )
    for name, scale, tau2, interval in choices:
        transformed = effects(events, total, scale=scale)
        pooled = inverse_variance.pool(
            transformed.y,
            transformed.v,
            tau2=tau2,
            interval=interval,
            prediction="t(k-2)" if scale == "logit" else "none",
            level=level,
        )
        given, size = pooled.status == PoolStatus.OK, harmonic_mean(total)
        low, high = _as_proportions(pooled.low, pooled.high, given, scale, size)
        for target in ("typical",) if scale == "logit" else _UNNAMED:
            yield Intervals(method=name, target=target, low=low, high=high)
        if pooled.prediction_low is not None and pooled.prediction_high is not None:
            bounded = given & np.isfinite(pooled.prediction_low)
            low, high = _as_proportions(
                pooled.prediction_low, pooled.prediction_high, bounded, scale, size
            )
            yield Intervals(method=name, target="prediction", low=low, high=high)


def _as_proportions(
    low: Floats, high: Floats, given: Booleans, scale: Scale, size: Floats
) -> tuple[Floats, Floats]:
    """Return intervals of a scale as proportions, NaN where none is given."""
    ends = [
        back_transform(np.where(given, end, 0.0), scale=scale, total=size) for end in (low, high)
    ]
    low, high = np.where(given, np.sort(ends, axis=0), np.nan)
    return low, high


def _maximum_likelihood(
    events: Counts, total: Counts, found: Profiles, table: CellTable
) -> BinomialNormalFit:
    """Return the exact fit, searched for from the grid's own maximum."""
    mu = table.location.after(found.best_place)
    tau = table.spread.after(found.best_spread_place)
    pattern = status_of_pattern(lay_out(events, events, total)) == FitStatus.FITTED
    lattice = count_lattice(tuple(np.unique(total).tolist()))
    surface = BatchSurface(lattice=lattice, events=events[pattern], total=total[pattern])
    return fit_ml(events, events, total, start=np.stack([mu, tau], axis=1), surface=surface)


def _wald_and_student(fit: BinomialNormalFit, k: int, level: float) -> Iterator[Intervals]:
    """Yield mu +- quantile times its standard error, and the same for a new centre."""
    tail = (1 + level) / 2
    for name, quantile in ((WALD, float(ndtri(tail))), (STUDENT, float(stdtrit(k - 1, tail)))):
        aims: tuple[tuple[Target, Floats], ...] = (
            ("typical", fit.se_mu),
            ("prediction", np.hypot(fit.tau, fit.se_mu)),
        )
        for target, spread in aims:
            reach = quantile * spread
            low, high = expit(fit.mu - reach), expit(fit.mu + reach)
            yield Intervals(method=name, target=target, low=low, high=high)


def _profile(
    name: str,
    target: Target,
    found: Profiles,
    fitted: Booleans,
    level: float,
    correction: Floats | None = None,
) -> Intervals:
    """Return profile-likelihood intervals where the likelihood has a maximum."""
    low, high = profile_intervals(found, level=level, correction=correction)
    low, high = np.where(fitted, expit(np.stack([low, high])), np.nan)
    return Intervals(method=name, target=target, low=low, high=high)


def _beta_binomial(events: Counts, total: Counts, level: float, table: CellTable) -> Intervals:
    """Return the profile-likelihood intervals of the beta-binomial mean."""
    found = profiles(table.sums(events, total), table)
    fitted = status_of_pattern(lay_out(events, events, total)) == FitStatus.FITTED
    return _profile(BETA_BINOMIAL, "average", found, fitted, level)


def _bayes(log_likelihood: Floats, weights: PosteriorWeights, level: float) -> Iterator[Intervals]:
    """Yield the credible intervals under every prior, and those for further patients."""
    laws = posterior_laws(log_likelihood, weights)
    ends = laws.quantiles((0.5 - level / 2, 0.5 + level / 2))
    shares = laws.count_intervals(level) / weights.patients
    for place, scale in enumerate(weights.tau_scales):
        for target, own in zip(TARGETS, np.moveaxis(ends[:, place], 1, 0), strict=False):
            yield Intervals(method=bayes(scale), target=target, low=own[:, 0], high=own[:, 1])
        low, high = shares[:, place].T
        yield Intervals(method=bayes(scale), target="next", low=low, high=high)
        yield Intervals(
            method=bayes(scale), target="next-upper", low=np.zeros_like(high), high=high
        )
