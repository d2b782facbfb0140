"""Interval of one series' own proportion."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot

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


def difference_interval(first: Sequence[float], second: Sequence[float]) -> tuple[float, float]:
    """Return the interval of the difference of two independent proportions, each with its own.

    Parameters
    ----------
    first, second : (estimate, low, high)
        Proportions in [0, 1] with limits of the same level, which need not be symmetric.

    Notes
    -----
    **Source**: Newcombe 1998, Stat Med 17:873 (method 10, with Wilson limits); Zou & Donner 2008,
    Stat Med 27:1693 (the same for any limits). Newcombe's own example, 56/70 against 48/80 with
    Wilson limits, is 0.0524 to 0.3339.

    Examples
    --------
    >>> from statsmodels.stats.proportion import proportion_confint
    >>> counts = [(56, 70), (48, 80)]
    >>> ends = [(x / n, *proportion_confint(x, n, method="wilson")) for x, n in counts]
    >>> [round(limit, 4) for limit in difference_interval(*ends)]
    [0.0524, 0.3339]
    """
    (p1, low1, high1), (p2, low2, high2) = first, second
    apart = p1 - p2
    return apart - hypot(p1 - low1, high2 - p2), apart + hypot(high1 - p1, p2 - low2)
