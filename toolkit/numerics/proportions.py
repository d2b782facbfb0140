"""Interval of one series' own proportion."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv

from toolkit.numerics.tables import Floats


def clopper_pearson(
    events: npt.ArrayLike, total: npt.ArrayLike, *, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Return the exact interval of a proportion, lower and upper ends in [0, 1].

    Parameters
    ----------
    events, total : (...)
        Whole numbers, 0 <= events <= total, total at least 1.
    level : float
        Coverage, between 0 and 1.

    Raises
    ------
    ValueError
        If the counts or the level are outside these ranges.

    Notes
    -----
    **Source**: Clopper, Pearson 1934, Biometrika 26:404, doi 10.1093/biomet/26.4.404.

    Examples
    --------
    >>> low, high = clopper_pearson(0, 10)
    >>> float(low), round(float(high), 4)
    (0.0, 0.3085)
    """
    x, n = np.asarray(events, dtype=float), np.asarray(total, dtype=float)
    if not ((x >= 0) & (x <= n) & (n >= 1)).all():
        raise ValueError("counts must satisfy 0 <= events <= total and total >= 1")
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level}")
    tail = 0.5 - level / 2
    low = np.where(x > 0, betaincinv(np.maximum(x, 1), n - x + 1, tail), 0.0)
    high = np.where(x < n, betaincinv(x + 1, np.maximum(n - x, 1), 1 - tail), 1.0)
    return np.asarray(low), np.asarray(high)
