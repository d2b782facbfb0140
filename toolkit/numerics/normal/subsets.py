"""Every subset of a table, pooled: which series, or which kinds of series, carry the answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from toolkit.numerics.normal.inverse_variance import heterogeneity
from toolkit.numerics.normal.likelihood import Model, weights
from toolkit.numerics.normal.projection import project_on_mean
from toolkit.numerics.normal.tau2 import METHODS, Tau2Method, estimate
from toolkit.numerics.tables import Booleans, Floats, as_tables, blocks

MOST_SERIES = 24
"""Beyond this many series the subsets outgrow a machine: 2^24 is 17 million fits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubsetFits:
    """One entry per subset, (S,): which series it holds and what they pool to.

    Attributes
    ----------
    members
        Whole numbers whose bit i says whether series i is in; see `masks_of`.
    k
        Series in the subset.
    mu, se, tau2, i2, h2, q
        As in `toolkit.numerics.normal.inverse_variance.Pooled`, on the analysis scale.
    """

    members: npt.NDArray[np.uint32]
    k: npt.NDArray[np.int8]
    mu: Floats
    se: Floats
    tau2: Floats
    i2: Floats
    h2: Floats
    q: Floats


def all_subsets(
    y: npt.ArrayLike,
    v: npt.ArrayLike,
    *,
    tau2: Tau2Method = "reml",
    smallest: int = 1,
) -> SubsetFits:
    """Return the pooled effect of every subset of one table, in the order of their bits.

    Memory stays that of the answer, 60 bytes a subset, whatever the number of subsets.

    Parameters
    ----------
    y, v : (k,)
        Effects and sampling variances of one table.
    tau2 : str
        A word of `toolkit.numerics.normal.tau2.METHODS`.
    smallest : int
        Leave out subsets of fewer series.

    Raises
    ------
    ValueError
        If there are more than `MOST_SERIES` series, the method is unknown, or an effect or variance
        cannot be pooled.

    Notes
    -----
    **Source**: Olkin, Dahabreh & Trikalinos 2012, Res Synth Methods 3:214, doi 10.1002/jrsm.1053.
    **Checked against** metafor's ``gosh`` (tests/reference/gosh_subsets.csv).

    Examples
    --------
    >>> all_subsets([0.0, 1.0], [1.0, 1.0], tau2="none").mu.tolist()
    [0.0, 1.0, 0.5]
    """
    effects, variances = np.asarray(y, dtype=float), np.asarray(v, dtype=float)
    if tau2 not in METHODS:
        raise ValueError(f"unknown tau2 method {tau2!r}; one of {', '.join(METHODS)}")
    if effects.ndim != 1 or effects.shape != variances.shape:
        raise ValueError("all subsets are taken of one table: y and v of shape (k,)")
    k = len(effects)
    if k > MOST_SERIES:
        raise ValueError(f"{k} series have 2^{k} subsets; {MOST_SERIES} series are the most")
    members = np.arange(1, 1 << k, dtype=np.uint32)
    sizes = np.zeros(len(members), dtype=np.int8)
    for series in range(k):
        sizes += (members >> np.uint32(series) & np.uint32(1)).astype(np.int8)
    members, sizes = members[sizes >= smallest], sizes[sizes >= smallest]
    kept = {name: np.empty(len(members)) for name in ("mu", "se", "tau2", "i2", "h2", "q")}
    for part in blocks(len(members), k):
        fitted = _fit(effects, variances, masks_of(members[part], k), tau2)
        for name, values in fitted.items():
            kept[name][part] = values
    return SubsetFits(members=members, k=sizes, **kept)


def _fit(y: Floats, v: Floats, mask: Booleans, method: Tau2Method) -> dict[str, Floats]:
    """Return what is kept of the pooled subsets, without the rest of what `pool` works out."""
    model = Model(tables=as_tables(y, v, mask), design=None)
    tau2 = estimate(model, method).tau2
    _, _, total, mean = project_on_mean(model.tables.y, weights(model.tables, tau2))
    q, i2, h2 = heterogeneity(model, tau2, common=method == "none")
    mu = model.tables.centre + mean
    return {"mu": mu, "se": 1 / np.sqrt(total), "tau2": tau2, "i2": i2, "h2": h2, "q": q}


def masks_of(members: npt.NDArray[np.uint32], k: int) -> Booleans:
    """Return the subsets as a mask (S, k): bit i of a member is column i."""
    bits = members[:, None] >> np.arange(k, dtype=np.uint32) & np.uint32(1)
    return np.asarray(bits, dtype=bool)
