"""Effects within studies within the whole: two variances, one mean, by (restricted) likelihood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from toolkit.numerics.quantiles import chi_square_p, two_sided_quantile
from toolkit.numerics.tables import Floats

_STARTS = ((0.5, 0.5), (1.0, 0.0), (0.0, 1.0), (0.1, 0.1), (0.0, 0.0), (4.0, 1.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreeLevel:
    """A mean over studies that give several effects each.

    Attributes
    ----------
    mu, se, low, high : float
        Mean, standard error, interval.
    tau2_between, tau2_within : float
        Variance of studies about the mean, and of effects about their study.
    q, df, p : float
        Cochran's Q of all effects with weights 1 / v.
    weights : (k,)
        Share of each effect in the mean; they sum to 1.
    log_likelihood : float
        At its largest; restricted where that was asked for.
    """

    mu: float
    se: float
    low: float
    high: float
    tau2_between: float
    tau2_within: float
    q: float
    df: float
    p: float
    weights: Floats
    log_likelihood: float


def fit_three_level(
    y: npt.ArrayLike,
    v: npt.ArrayLike,
    studies: npt.ArrayLike,
    *,
    method: Literal["reml", "ml"] = "reml",
    interval: Literal["wald", "t"] = "wald",
    level: float = 0.95,
) -> ThreeLevel:
    """Return the mean effect with a random effect of the study and one of the effect within it.

    Parameters
    ----------
    y, v : (k,)
        Effects and sampling variances, independent given their study.
    studies : (k,)
        Codes of the studies, whole numbers from 0.
    interval : str
        ``wald`` normal, ``t`` Student with k - 1 degrees of freedom.

    Raises
    ------
    ValueError
        For fewer than two studies or effects that are not finite.

    Notes
    -----
    **Source**: Konstantopoulos 2011, Research Synthesis Methods 2:61, doi 10.1002/jrsm.35.
    **Checked against** metafor's ``rma.mv(yi, vi, random = ~ 1 | study/effect)``
    (tests/reference/three_level.csv).
    """
    effects, variances = np.asarray(y, dtype=float), np.asarray(v, dtype=float)
    codes = np.unique(np.asarray(studies), return_inverse=True)[1]
    if not (np.isfinite(effects).all() and (variances > 0).all() and np.isfinite(variances).all()):
        raise ValueError("effects must be finite and variances above 0")
    if codes.max(initial=0) < 1:
        raise ValueError("a random effect of the study needs at least two studies")
    scale = float(np.var(effects)) + float(np.median(variances))
    restricted = method == "reml"

    def objective(root: Floats) -> tuple[float, Floats]:
        between, within = scale * root**2
        value, slope = _deviance(effects, variances, codes, between, within, restricted)
        return value, slope * 2 * scale * root

    best = min(
        (
            minimize(
                objective,
                np.sqrt(start),
                jac=True,
                method="L-BFGS-B",
                bounds=[(0.0, 100.0)] * 2,
                options={"ftol": 1e-16, "gtol": 1e-11, "maxiter": 2000},
            )
            for start in _STARTS
        ),
        key=lambda found: float(found.fun),
    )
    between, within = (float(each) for each in scale * best.x**2)
    inverse = _inverse(variances, codes, between, within)
    shares = inverse.sum(axis=0)
    precision = float(shares.sum())
    mu, se = float(shares @ effects) / precision, precision**-0.5
    k = len(effects)
    half = float(two_sided_quantile(level, np.inf if interval == "wald" else k - 1)) * se
    fixed = 1 / variances
    q = float((fixed * (effects - fixed @ effects / fixed.sum()) ** 2).sum())
    return ThreeLevel(
        mu=mu,
        se=se,
        low=mu - half,
        high=mu + half,
        tau2_between=between,
        tau2_within=within,
        q=q,
        df=float(k - 1),
        p=float(chi_square_p(q, k - 1)),
        weights=shares / precision,
        log_likelihood=-0.5 * float(best.fun),
    )


def _inverse(v: Floats, codes: npt.NDArray[np.intp], between: float, within: float) -> Floats:
    """Return the inverse (k, k) of the marginal covariance, study by study."""
    inner = 1 / (v + within)
    shared = np.bincount(codes, weights=inner)
    same = codes[:, None] == codes
    shrink = between / (1 + between * shared)
    inverse: Floats = np.diag(inner) - same * np.outer(inner, inner) * shrink[codes][:, None]
    return inverse


def _deviance(
    y: Floats,
    v: Floats,
    codes: npt.NDArray[np.intp],
    between: float,
    within: float,
    restricted: bool,
) -> tuple[float, Floats]:
    """Return minus twice the log-likelihood and its slopes in both variances."""
    inverse = _inverse(v, codes, between, within)
    same = (codes[:, None] == codes).astype(float)
    shares = inverse.sum(axis=0)
    precision = shares.sum()
    residual = inverse @ (y - shares @ y / precision)
    spread = v + within
    log_det = (
        np.log(spread).sum() + np.log1p(between * np.bincount(codes, weights=1 / spread)).sum()
    )
    k = len(y)
    value = log_det + float((y - shares @ y / precision) @ residual)
    value += (k - 1 if restricted else k) * np.log(2 * np.pi)
    projected = inverse
    if restricted:
        value += np.log(precision) - np.log(k)
        projected = inverse - np.outer(shares, shares) / precision
    slope = np.array(
        [
            (projected * same).sum() - residual @ same @ residual,
            np.trace(projected) - residual @ residual,
        ]
    )
    return float(value), slope
