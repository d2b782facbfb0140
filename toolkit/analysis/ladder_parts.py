"""What a ladder's fit says of each rung and each step, as the parts of an answer.

The seam between the numerics of ladders and `toolkit.analysis.ordered`, which knows the names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
from scipy.special import expit, logit, ndtri, stdtrit

from toolkit.analysis.models import LATENT_VARIANCE, Parts
from toolkit.numerics.binomial.average import average_over_centres
from toolkit.numerics.binomial.binomial_normal import FitStatus
from toolkit.numerics.ladder.links import Links
from toolkit.numerics.ladder.maximum import LadderMaximum
from toolkit.numerics.ladder.median_study import median_study
from toolkit.numerics.ladder.posterior import LadderPosterior
from toolkit.numerics.ladder.region import mean_share, rung_intervals, step_interval
from toolkit.numerics.ladder.shares import LadderShares
from toolkit.numerics.posterior.bayes import count_interval
from toolkit.numerics.posterior.marginals import Quantiles
from toolkit.numerics.posterior.posterior import Posterior
from toolkit.numerics.tables import Floats
from toolkit.results.synthesis import Estimate, Heterogeneity, NextPatients, Prediction
from toolkit.review.method import Method


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderParts:
    """Parts of every rung and step, the rungs' next patients, and what to say of the fit."""

    rungs: tuple[Parts, ...]
    steps: tuple[Parts, ...]
    next_patients: tuple[NextPatients | None, ...]
    notes: tuple[str, ...] = ()
    log_likelihood: float | None = None
    shapes: tuple[tuple[float, float], ...] = field(default=())
    points: int | None = None
    effective: float | None = None


def posterior_parts(found: LadderPosterior, method: Method, patients: int | None) -> LadderParts:
    """Return what a posterior says."""
    shares, first = LadderShares(found), found.steps[0]
    count = len(found.steps)
    rungs, following = [], []
    for r in range(count):
        if r == 0 and first is not None:
            rungs.append(_step_of(first, method))
            chances: Callable[[int], Floats] = first.new_count
        else:
            rungs.append(
                _described(shares.typical[r], shares.averages[r], shares.new_study[r], None, method)
            )
            chances = partial(shares.new_count, r)
        following.append(None if patients is None else _next(chances(patients), patients, method))
    steps = tuple(
        _described(
            shares.step_typical(j),
            shares.step_average(j),
            shares.step_new_study(j),
            shares.step_tau(j),
            method,
        )
        if own is None
        else _step_of(own, method)
        for j, own in enumerate(found.steps)
    )
    return LadderParts(
        rungs=_descending([replace(part, scale_estimate=None) for part in rungs]),
        steps=steps,
        next_patients=_descending_counts(following),
        shapes=found.prior.shapes,
        points=len(found.points),
        effective=found.effective,
    )


def _step_of(found: Posterior, method: Method) -> Parts:
    """Return what the posterior of one step on its grid says."""
    return _described(found.typical, found.average, found.new_centre, found.tau, method)


def _described(
    typical: Quantiles,
    average: Quantiles,
    new: Quantiles,
    tau: Quantiles | None,
    method: Method,
) -> Parts:
    """Return medians and equal-tailed intervals as parts."""
    prediction = Prediction()
    if method.prediction != "none":
        low, high = new.interval(method.level)
        prediction = Prediction(low=low, high=high)
    spread = None
    if tau is not None:
        ends = tau.interval(method.level)
        spread = _heterogeneity(tau.median, ends[0], ends[1])
    return Parts(
        typical=_credible(typical, method.level),
        average=_credible(average, method.level),
        prediction=prediction,
        scale_estimate=float(logit(np.clip(typical.median, 1e-15, 1 - 1e-15))),
        heterogeneity=spread or Heterogeneity(),
    )


def _credible(law: Quantiles, level: float) -> Estimate:
    low, high = law.interval(level)
    return Estimate(estimate=law.median, low=low, high=high)


def _heterogeneity(
    tau: float, low: float | None = None, high: float | None = None
) -> Heterogeneity:
    i2 = tau**2 / (tau**2 + LATENT_VARIANCE)
    return Heterogeneity(
        tau=tau,
        tau2=tau**2,
        tau2_low=None if low is None else low**2,
        tau2_high=None if high is None else high**2,
        i2=i2,
        h2=1 / (1 - i2),
    )


def _next(chances: Floats, patients: int, method: Method) -> NextPatients:
    low, high = count_interval(chances, level=method.level)
    return NextPatients(patients=patients, low=low, high=high)


def _descending(rungs: Sequence[Parts]) -> tuple[Parts, ...]:
    """Return parts none of whose numbers lies above that of the part before.

    They never do but by the digits in which a first rung on its own grid and weighted points agree.
    """
    out = [rungs[0]]
    for part in rungs[1:]:
        above = out[-1]
        out.append(
            replace(
                part,
                typical=_not_above(part.typical, above.typical),
                average=_not_above(part.average, above.average),
                prediction=Prediction(
                    low=_least(part.prediction.low, above.prediction.low),
                    high=_least(part.prediction.high, above.prediction.high),
                ),
            )
        )
    return tuple(out)


def _not_above(part: Estimate, above: Estimate) -> Estimate:
    return Estimate(
        estimate=_least(part.estimate, above.estimate),
        low=_least(part.low, above.low),
        high=_least(part.high, above.high),
    )


def _least(value: float | None, above: float | None) -> float | None:
    return value if value is None or above is None else min(value, above)


def _descending_counts(
    following: Sequence[NextPatients | None],
) -> tuple[NextPatients | None, ...]:
    out = list(following[:1])
    for part in following[1:]:
        above = out[-1]
        if part is not None and above is not None:
            part = replace(part, low=min(part.low, above.low), high=min(part.high, above.high))
        out.append(part)
    return tuple(out)


def maximum_parts(links: Links, found: LadderMaximum, method: Method, k: int) -> LadderParts:
    """Return what a maximum-likelihood fit says; prediction and next patients are left out.

    A rung is defined where all steps down to it have a finite estimate. Its interval is that of the
    region whose critical value is one for all rungs: the square of a quantile of Student's t with
    k - 1 degrees of freedom, or of the normal law for ``interval="profile"``.
    """
    count = links.steps
    fitted = [status == FitStatus.FITTED for status in found.status]
    defined = count if all(fitted) else fitted.index(False)
    tail = 0.5 + method.level / 2
    reach = float(ndtri(tail) if method.interval == "profile" else stdtrit(k - 1, tail))
    whole = found.points[None]
    typical: tuple[tuple[float, float], ...] = ()
    average: tuple[tuple[float, float], ...] = ()
    if defined:
        average = rung_intervals(links, found, reach**2, defined)
        typical = rung_intervals(links, found, reach**2, defined, median_study)
    rungs = [
        Parts(
            typical=_estimate(median_study(whole[:, : r + 1]), typical[r]),
            average=_estimate(mean_share(whole[:, : r + 1]), average[r]),
        )
        if r < defined
        else Parts()
        for r in range(count)
    ]
    steps = tuple(
        _fitted_step(links, found, j, reach) if fitted[j] else Parts() for j in range(count)
    )
    return LadderParts(
        rungs=_descending(rungs),
        steps=steps,
        next_patients=(None,) * count,
        log_likelihood=found.log_likelihood,
    )


def _fitted_step(links: Links, found: LadderMaximum, step: int, reach: float) -> Parts:
    """Return what a fit says of one step."""
    mu, tau = found.points[step].tolist()

    def median(points: Floats) -> Floats:
        return np.asarray(expit(points[:, 0, 0]))

    return Parts(
        typical=_estimate(expit(mu), step_interval(links, found, reach**2, step, median)),
        average=_estimate(
            average_over_centres(mu, tau), step_interval(links, found, reach**2, step)
        ),
        scale_estimate=mu,
        scale_se=float(found.errors[step, 0]),
        heterogeneity=_heterogeneity(tau),
    )


def _estimate(value: Floats | float, ends: tuple[float, float]) -> Estimate:
    return Estimate(estimate=float(np.asarray(value).reshape(-1)[0]), low=ends[0], high=ends[1])
