"""Profile-likelihood intervals of the binomial-normal model: of mu, plain and corrected, of tau.

An end of the interval is where twice the loss of log-likelihood, the other parameter at its best,
reaches the chi-square quantile. Checked against: tests/reference/glmm_exact.csv.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import numpy.typing as npt
from scipy.special import chdtri

from toolkit.numerics.average import average_terms
from toolkit.numerics.binomial_normal import BinomialNormalFit, BinomialNormalSurface, FitStatus
from toolkit.numerics.cells import Cells, lay_out
from toolkit.numerics.profile_search import LOCATION, SPREAD, Profile, check_level, crossings
from toolkit.numerics.roots import find_roots
from toolkit.numerics.series_likelihood import FINE_NODES
from toolkit.numerics.tables import Booleans, Floats

_START_TAU = (0.1, 0.25, 0.7, 1.8, 4.5, 12.0, 40.0)
_START_NODES = 15
_FARTHEST_MU = 1e6
_FARTHEST_U = 14.0


def profile_interval_mu(
    fit: BinomialNormalFit,
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    total: npt.ArrayLike,
    mask: npt.ArrayLike | None = None,
    *,
    level: float = 0.95,
    bartlett: bool = False,
) -> tuple[Floats, Floats]:
    """Return the ends of the profile-likelihood interval of mu, logit scale, shape (...).

    NaN where the fit is not FITTED; infinite where the likelihood never falls far enough.

    Parameters
    ----------
    fit : BinomialNormalFit
        What `fit_ml` returned for the same tables.
    low, high, total, mask : (..., k)
        As for `fit_ml`.
    level : float
        Coverage, between 0 and 1.
    bartlett : bool
        Whether to divide the likelihood ratio by ``1 + 2 C``, C = sum w^3 / (sum w sum w^2).

    Notes
    -----
    The simple Bartlett correction is exact to its order in the normal-normal model, where the
    weight w_i = 1 / (v_i + tau^2) is what series i tells about mu. Here v_i is the expected
    sampling variance of a logit, 1 / (n_i E[p (1 - p)]) at the profile's own (mu, tau): an
    observed variance does not exist for a zero or full cell, and the correction concerns an
    expectation over data, not the data. With equal n, C = 1 / k.

    **Source**: Hanada, Sugimoto 2025, arXiv 2508.08758; Noma 2011, Stat Med 30:3304,
    doi 10.1002/sim.4350.
    """
    check_level(level)
    cells = lay_out(low, high, total, mask)
    fitted = np.asarray(fit.status == FitStatus.FITTED).reshape(-1)
    lower, upper = np.full((2, cells.tables), np.nan)
    if fitted.any():
        some = cells.chosen(fitted).repeated(2)
        mu, se = (np.tile(part.reshape(-1)[fitted], 2) for part in (fit.mu, fit.se_mu))
        spreads = np.repeat(np.arcsinh(_START_TAU)[:, None], some.tables, axis=1)
        profile = _profile(some, fit, fitted, LOCATION, spreads, level)
        if bartlett:
            profile = replace(profile, correction=partial(_bartlett_factor, some))
        sides = np.repeat([-1.0, 1.0], int(fitted.sum()))
        lower[fitted], upper[fitted] = np.split(crossings(profile, mu, sides * se, _FARTHEST_MU), 2)
    return lower.reshape(cells.shape), upper.reshape(cells.shape)


def profile_interval_tau(
    fit: BinomialNormalFit,
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    total: npt.ArrayLike,
    mask: npt.ArrayLike | None = None,
    *,
    level: float = 0.95,
) -> tuple[Floats, Floats]:
    """Return the ends of the profile-likelihood interval of tau, logit scale, shape (...).

    The lower end is 0 where tau = 0 is not rejected; NaN where the fit is not FITTED.

    Parameters
    ----------
    fit, low, high, total, mask, level
        As for `profile_interval_mu`.
    """
    check_level(level)
    cells = lay_out(low, high, total, mask)
    fitted = np.asarray(fit.status == FitStatus.FITTED).reshape(-1)
    lower, upper = np.full((2, cells.tables), np.nan)
    if fitted.any():
        some = cells.chosen(fitted)
        mu, u = fit.mu.reshape(-1)[fitted], np.arcsinh(fit.tau.reshape(-1)[fitted])
        profile = _profile(some, fit, fitted, SPREAD, mu[None], level)
        rejected = fit.lr_statistic.reshape(-1)[fitted] > profile.allowed
        lower[fitted] = np.where(rejected, find_roots(profile, np.zeros_like(u), u), 0.0)
        upper[fitted] = crossings(profile, u, np.full_like(u, 0.3), _FARTHEST_U)
    return np.sinh(lower).reshape(cells.shape), np.sinh(upper).reshape(cells.shape)


def _profile(
    cells: Cells,
    fit: BinomialNormalFit,
    fitted: Booleans,
    fixed: int,
    starts: Floats,
    level: float,
) -> Profile:
    best = fit.log_likelihood.reshape(-1)[fitted]
    return Profile(
        surface=BinomialNormalSurface(cells=cells, nodes=FINE_NODES),
        rough=BinomialNormalSurface(cells=cells.repeated(len(starts)), nodes=_START_NODES),
        fixed=fixed,
        starts=starts,
        best=np.tile(best, cells.tables // len(best)),
        allowed=float(chdtri(1, 1 - level)),
    )


def _bartlett_factor(cells: Cells, kept: Booleans, points: Floats) -> Floats:
    some, tau = cells.chosen(kept), np.sinh(np.abs(points[:, 1]))
    spread = average_terms(points[:, 0], tau)[1][some.table]
    # w times a constant of the table, which C does not see: E[p (1 - p)] may underflow alone.
    weight = some.total / (1 + tau[some.table] ** 2 * some.total * spread)
    one, two, three = (some.per_table(weight**power) for power in (1, 2, 3))
    return 1 + 2 * three / (one * two)
