"""Subgroups of a table: each one's own pooled effect, and whether they differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from toolkit.numerics.normal.inverse_variance import Interval, Pooled, Prediction, pool
from toolkit.numerics.normal.tau2 import Tau2Method, estimate_tau2
from toolkit.numerics.quantiles import chi_square_p
from toolkit.numerics.tables import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Subgroups:
    """Pooled subgroups with the test of differences between them.

    Attributes
    ----------
    pooled : Pooled
        Arrays of shape (..., G), one entry per subgroup in the order of their codes.
    tau2_common : (...) or None
        The variance within subgroups, when it is taken to be the same in all of them.
    se_tau2_common : (...) or None
        Its standard error.
    q_between, df, p : (...)
        Cochran's Q of the subgroup means, degrees of freedom, chi-square p-value. Standard errors
        are those of the model, so Hartung-Knapp intervals leave the test as it is.
    """

    pooled: Pooled
    tau2_common: Floats | None
    se_tau2_common: Floats | None
    q_between: Floats
    df: Floats
    p: Floats


def subgroups(
    y: npt.ArrayLike,
    v: npt.ArrayLike,
    groups: npt.ArrayLike,
    *,
    tau2: Tau2Method = "reml",
    common_tau2: bool = False,
    interval: Interval = "wald",
    prediction: Prediction = "none",
    level: float = 0.95,
    mask: npt.ArrayLike | None = None,
) -> Subgroups:
    """Return the pooled effect of each subgroup and the test of differences between them.

    Parameters
    ----------
    y, v : (..., k)
        Effects and sampling variances.
    groups : (k,)
        Codes 0 to G - 1, whole numbers.
    tau2, interval, prediction, level
        As in `toolkit.numerics.normal.inverse_variance.pool`; a subgroup of one series gets its own
        normal interval.
    common_tau2 : bool
        Estimate one variance within all subgroups instead of one in each.
    mask : (..., k), optional
        True where a series is used.

    Raises
    ------
    ValueError
        If the codes are not those of k series, a code has no series to use while the variance is
        common, or `pool` refuses.

    Notes
    -----
    **Source**: Borenstein et al. 2009, Introduction to Meta-Analysis, chapter 19. **Checked
    against** metafor (common tau2) and meta (separate tau2): tests/reference/subgroup.csv and
    meta_subgroup.csv.
    """
    effects, variances = np.asarray(y, dtype=float), np.asarray(v, dtype=float)
    codes = np.asarray(groups)
    k = effects.shape[-1] if effects.ndim else 0
    if codes.shape != (k,) or not k or not np.array_equal(codes, codes.astype(int)):
        raise ValueError(f"groups must hold one whole number for each of the {k} series")
    if codes.min() < 0:
        raise ValueError("group codes start at 0")
    belongs = codes == np.arange(int(codes.max()) + 1)[:, None]
    used = np.asarray(True if mask is None else mask, dtype=bool)
    used = np.broadcast_to(used, np.broadcast_shapes(used.shape, effects.shape))
    spread: Tau2Method | Floats = tau2
    common = None
    if common_tau2 and tau2 != "none":
        if not (used[..., None, :] & belongs).any(axis=-1).all():
            raise ValueError("a common tau2 needs at least one series in every subgroup")
        common = estimate_tau2(
            effects, variances, method=tau2, mask=used, design=belongs.T.astype(float)
        )
        spread = common.tau2[..., None]
    pooled = pool(
        effects[..., None, :],
        variances[..., None, :],
        tau2=spread,
        interval=interval,
        prediction=prediction,
        level=level,
        mask=used[..., None, :] & belongs,
    )
    q, df = _between(pooled, variances, used, belongs)
    return Subgroups(
        pooled=pooled,
        tau2_common=None if common is None else common.tau2,
        se_tau2_common=None if common is None else common.se,
        q_between=q,
        df=df,
        p=chi_square_p(q, df),
    )


def _between(
    pooled: Pooled,
    variances: Floats,
    used: npt.NDArray[np.bool_],
    belongs: npt.NDArray[np.bool_],
) -> tuple[Floats, Floats]:
    """Return Q between the subgroups that have series, and its degrees of freedom."""
    member = used[..., None, :] & belongs
    total = variances[..., None, :] + pooled.tau2[..., None]
    weight = np.where(member, 1 / np.where(member, total, 1.0), 0.0).sum(axis=-1)
    whole = weight.sum(axis=-1, keepdims=True)
    mean = (weight * pooled.mu).sum(axis=-1, keepdims=True) / np.where(whole > 0, whole, 1.0)
    q = (weight * (pooled.mu - mean) ** 2).sum(axis=-1)
    return np.asarray(q), np.maximum((weight > 0).sum(axis=-1) - 1.0, 0.0)
