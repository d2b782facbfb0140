"""Bare effects with standard errors, pooled by inverse variance: no counts, no review."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import numpy as np
from scipy.special import ndtri

from toolkit.analysis.bare_rows import as_list
from toolkit.analysis.effects import back_to_proportion
from toolkit.analysis.synthesize import pool_fingerprint
from toolkit.errors import ToolkitError
from toolkit.numerics.normal import inverse_variance
from toolkit.numerics.normal.heterogeneity import q_profile
from toolkit.results.row import Row
from toolkit.results.synthesis import Estimate, Heterogeneity, Prediction, Synthesis
from toolkit.review.method import Method

GENERIC = Method(model="inverse-variance", interval="hartung-knapp")
"""The method unless another is given: logits, REML, Hartung-Knapp."""


def pool_effects(
    effects: object,
    standard_errors: object,
    *,
    method: Method | None = None,
    labels: object | None = None,
) -> Synthesis:
    """Return the pooled proportion of effects on an analysis scale, each with its standard error.

    Parameters
    ----------
    effects : array-like of float
        One a series, on the scale of the method: logits for ``logit``, log proportions for
        ``log``, proportions for ``raw``.
    standard_errors : array-like of float
        Their standard errors on that scale, above 0.
    method : Method, optional
        An inverse-variance method; logits by REML with a Hartung-Knapp interval unless given.
    labels : array-like of str, optional
        Names of the series.

    Returns
    -------
    Synthesis
        Proportions in [0, 1], taken back from the scale; `scale_estimate` and `scale_se` are on it.
        On the ``raw`` scale effects are any numbers, and stay what they are.

    Raises
    ------
    ToolkitError
        For what is no list of effects, or a method that pools counts alone.

    Examples
    --------
    >>> answer = pool_effects([-1.2, -0.64, -2.0, 0.1], [0.21, 0.30, 0.25, 0.40])
    >>> round(answer.typical.estimate, 4), round(answer.typical.low, 4)
    (0.2746, 0.0858)
    """
    used = method or GENERIC
    values, errors = as_list("effects", effects), as_list("standard_errors", standard_errors)
    names = None if labels is None else [str(each) for each in as_list("labels", labels)]
    if len({len(values), len(errors), len(names or values)}) > 1:
        raise ToolkitError("effects, standard_errors and labels must be equally long.")
    rows = []
    for at, (value, error) in enumerate(zip(values, errors, strict=True)):
        label = names[at] if names else f"series {at + 1}"
        try:
            number, spread = float(value), float(error)
        except (TypeError, ValueError):
            raise ToolkitError(f"{label}: {value!r} with {error!r} are no numbers.") from None
        if not (math.isfinite(number) and math.isfinite(spread) and spread > 0):
            raise ToolkitError(
                f"{label}: effect {value} with standard error {error}: effects are finite, and "
                "standard errors lie above 0."
            )
        rows.append(effect_row(label, number, spread, used))
    return pool_effect_rows(rows, used)


def effect_row(label: str, effect: float, error: float, method: Method) -> Row:
    """Return an effect as a row: its proportion with normal limits, taken back from the scale."""
    _refuse(method)
    reach = float(ndtri((1 + method.level) / 2)) * error
    middle, one, other = (
        _back(value, method) for value in (effect, effect - reach, effect + reach)
    )
    return Row(
        label=label,
        series=label,
        events=None,
        events_low=None,
        events_high=None,
        total=0,
        estimate=middle,
        low=min(one, other),
        high=max(one, other),
        effect=effect,
        standard_error=error,
        precision="standard error",
    )


def _refuse(method: Method) -> None:
    if method.model != "inverse-variance" or method.scale == "double-arcsine":
        raise ToolkitError(
            "effects with standard errors are pooled by inverse variance, on a scale that needs no "
            f'counts: choose model="inverse-variance". The method is {method.in_words}.'
        )


def _back(value: float, method: Method) -> float:
    return value if method.scale == "raw" else float(back_to_proportion(value, method, 1.0))


def pool_effect_rows(rows: Sequence[Row], method: Method) -> Synthesis:
    """Return the pool of rows made by `effect_row`."""
    _refuse(method)
    known = Synthesis(
        method=method,
        rows=tuple(rows),
        k=len(rows),
        events=None,
        events_low=None,
        events_high=None,
        total=0,
        scale=method.scale,
        fingerprint=pool_fingerprint(rows, method),
    )
    if len(rows) < 2:
        return replace(known, notes=("One study: not pooled.",) if rows else ("No study.",))
    y = np.array([row.effect for row in rows], dtype=float)
    v = np.array([row.standard_error for row in rows], dtype=float) ** 2
    pooled = inverse_variance.pool(
        y,
        v,
        tau2=method.tau2,
        interval=cast(inverse_variance.Interval, method.interval),
        prediction=cast(inverse_variance.Prediction, method.prediction),
        level=method.level,
    )
    low, high = sorted((_back(float(pooled.low), method), _back(float(pooled.high), method)))
    prediction = Prediction()
    if pooled.prediction_low is not None and pooled.prediction_high is not None:
        ends = [_back(float(pooled.prediction_low), method)]
        ends.append(_back(float(pooled.prediction_high), method))
        if np.isfinite(ends).all():
            prediction = Prediction(low=min(ends), high=max(ends))
    random = method.tau2 != "none"
    profile = q_profile(y, v, level=method.level)
    return replace(
        known,
        typical=Estimate(estimate=_back(float(pooled.mu), method), low=low, high=high),
        prediction=prediction,
        scale_estimate=float(pooled.mu),
        scale_se=float(pooled.se),
        rows=tuple(
            replace(row, weight=float(weight))
            for row, weight in zip(rows, pooled.weights, strict=True)
        ),
        heterogeneity=Heterogeneity(
            tau=math.sqrt(float(pooled.tau2)) if random else None,
            tau2=float(pooled.tau2) if random else None,
            tau2_low=float(profile.tau2_low) if random else None,
            tau2_high=float(profile.tau2_high) if random else None,
            q=float(pooled.q),
            df=float(pooled.df),
            p=float(pooled.p) if len(rows) > 3 else None,
            i2=float(pooled.i2),
            h2=float(pooled.h2),
            i2_typical=float(pooled.i2),
        ),
    )
