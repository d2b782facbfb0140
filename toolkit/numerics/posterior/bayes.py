"""Posterior of the binomial-normal model by sums over a grid: no sampling, equal on every run.

Priors: expit(mu) uniform on (0, 1); tau half-normal. **Source**: Roever et al. 2021, Res Synth
Methods 12:448, doi 10.1002/jrsm.1475 (the prior of tau). **Checked against**: dense quadrature of
the same posterior, tests/numerics/test_bayes.py.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from toolkit.numerics.binomial.profile_likelihood import check_level
from toolkit.numerics.posterior.likelihood_table import (
    Grid,
    Survey,
    choose_grid,
    likely_points,
    survey,
    tabulate,
)
from toolkit.numerics.posterior.posterior import Posterior
from toolkit.numerics.tables import Floats

_ROUNDING = 1e-12


def posterior(
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    total: npt.ArrayLike,
    mask: npt.ArrayLike | None = None,
    *,
    tau_scale: float = 1.0,
    known: Survey | None = None,
) -> Posterior:
    """Return the posterior of one table; always proper, whatever the counts.

    Parameters
    ----------
    low, high, total : (k,)
        Admissible counts low..high among total patients; low = high for an ordinary cell.
    mask : (k,), optional
        True where a series takes part.
    tau_scale : float
        Scale of the half-normal prior of tau, above 0.
    known : Survey, optional
        A first look at the same table and scale, where it has been made.

    Raises
    ------
    ValueError
        If a cell is not made of whole numbers with 0 <= low <= high <= total, or tau_scale is not
        above 0.

    Examples
    --------
    >>> found = posterior([6, 3, 18, 14, 10], [6, 3, 18, 14, 10], [8, 19, 27, 37, 38])
    >>> round(found.typical.median, 4), round(found.average.median, 4)
    (0.4217, 0.434)
    """
    used = np.ones(np.shape(total), dtype=bool) if mask is None else np.asarray(mask, dtype=bool)
    # A cell 0..0 of 0 says nothing: what stands under an unused series is never read.
    first, last, size = (
        np.where(used, np.asarray(part, dtype=float), 0.0) for part in (low, high, total)
    )
    seen = survey(first, last, size, tau_scale=tau_scale) if known is None else known
    grid = choose_grid(first, last, size, tau_scale=tau_scale, known=seen)
    table = tabulate(first, last, size, grid, needed=likely_points(seen, grid))
    return posterior_from_table(first, last, size, grid, table, used, tau_scale=tau_scale)


def posterior_from_table(
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    total: npt.ArrayLike,
    grid: Grid,
    table: Floats,
    mask: npt.ArrayLike | None = None,
    *,
    tau_scale: float = 1.0,
) -> Posterior:
    """Return the posterior of a subset of series whose likelihood is tabulated already.

    Parameters
    ----------
    low, high, total : (k,)
        The cells that were tabulated.
    grid : Grid
        From `choose_grid`, chosen for subsets that include this one.
    table : (k, n_mu, n_tau)
        From `tabulate`.
    mask : (k,), optional
        True where a series takes part.
    tau_scale : float
        Scale of the half-normal prior of tau, above 0 and at most the grid's.
    """
    if not 0 < tau_scale <= grid.tau_scale:
        raise ValueError(f"tau_scale must lie above 0 and up to the grid's {grid.tau_scale}")
    first, last, size = (np.asarray(part, dtype=float) for part in (low, high, total))
    used = np.ones(len(table), dtype=bool) if mask is None else np.asarray(mask, dtype=bool)
    return Posterior(
        low=first, high=last, total=size, mask=used, grid=grid, table=table, tau_scale=tau_scale
    )


def count_interval(probabilities: Floats, level: float = 0.95) -> tuple[int, int]:
    """Return the whole numbers between which a count lies, with at most half the rest either side.

    Parameters
    ----------
    probabilities : (m + 1,)
        Of the counts 0 .. m, as from `Posterior.new_count`.
    level : float
        Coverage, at least this, between 0 and 1.
    """
    check_level(level)
    below = np.cumsum(probabilities)
    tail = 0.5 - level / 2 + _ROUNDING
    return int(np.argmax(below > tail)), int(np.argmax(below >= below[-1] - tail))
