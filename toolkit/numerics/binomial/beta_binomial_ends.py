"""Both profile-likelihood intervals of a beta-binomial fit of one table, found at once.

The search of `region_ends` over (logit m, u), with theta = sinh(u)^2; what does not come out as an
end beyond doubt is left to the searches of `beta_binomial`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtri, expit, logit

from toolkit.numerics.binomial.beta_binomial import (
    BetaBinomialFit,
    BetaBinomialSurface,
    profile_interval_mean,
    profile_interval_rho,
)
from toolkit.numerics.binomial.cells import Cells, lay_out
from toolkit.numerics.binomial.region_ends import MU, TAU, Surveyed, region_ends
from toolkit.numerics.tables import Booleans, Floats, Integers

_LOCATIONS = np.sinh(np.linspace(-2.6, 2.6, 21)) / 2.0
_LEVELS = 0.15 * 2.2 ** np.arange(13)


@dataclass(frozen=True, slots=True, kw_only=True)
class _OneTable:
    """One table's log-likelihood at any number of points (logit m, u)."""

    cells: Cells

    def __call__(self, points: Floats) -> tuple[Floats, Floats, Floats]:
        return BetaBinomialSurface(cells=self.cells.repeated(len(points)))(points)

    def chosen(self, kept: Booleans) -> _OneTable:
        return self


def beta_binomial_intervals(
    fit: BetaBinomialFit, low: Integers, high: Integers, total: Integers, *, level: float
) -> Floats:
    """Return the intervals of the mean and of rho, (2, 2), both in [0, 1].

    Parameters
    ----------
    fit : BetaBinomialFit
        Of the one table, fitted.
    low, high, total : (k,)
    level : float
        Coverage, between 0 and 1.
    """
    cells = lay_out(low, high, total)
    surface = _OneTable(cells=cells)
    eta, rho = float(logit(fit.mean)), float(fit.rho)
    u = float(np.arctanh(np.sqrt(rho)))
    # A mean is at least as uncertain as chance makes it, a spread is known on its own scale.
    chance = (cells.total.sum() * float(fit.mean) * (1 - float(fit.mean))) ** -0.5
    unit = len(cells.total) / cells.total.sum()
    grid_eta = eta + (chance + np.sqrt(rho)) * _LOCATIONS
    grid_u = np.concatenate([[0.0], np.arcsinh(np.sqrt(unit * _LEVELS))])
    points = np.stack(np.meshgrid(grid_eta, grid_u, indexing="ij"), axis=2).reshape(-1, 2)
    surveyed = Surveyed(
        cells=cells,
        surface=surface,
        mu=eta,
        tau=float(np.sinh(u)),
        best=float(fit.log_likelihood),
        grid_mu=grid_eta,
        grid_tau=np.sinh(grid_u),
        log_likelihood=surface(points)[0].reshape(len(grid_eta), len(grid_u)),
    )
    of_mean, of_tau = region_ends(surveyed, (MU, TAU), float(chdtri(1, 1 - level)))
    # tau stands for sinh(u), and rho is tanh(u)^2.
    found = np.stack([expit(of_mean), of_tau**2 / (1 + of_tau**2)])
    data = (low, high, total)
    if np.isnan(found[0]).any():
        found[0] = profile_interval_mean(fit, *data, level=level)
    if np.isnan(found[1]).any():
        found[1] = profile_interval_rho(fit, *data, level=level)
    return found
