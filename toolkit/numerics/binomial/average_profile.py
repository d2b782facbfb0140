"""Profile-likelihood interval of the average over centres, plain and Bartlett-corrected.

The likelihood is seen over (eta, u): eta is the logit of the average over centres, tau = |sinh u|.
**Checked against**: a dense search over tau, tests/numerics/test_average_profile.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt
from scipy.special import chdtri

from toolkit.numerics.ascent import two_by_two
from toolkit.numerics.binomial.average import (
    PROBIT_SHRINKS,
    inverse_logit_average,
    logit_average,
    logit_slopes,
)
from toolkit.numerics.binomial.binomial_normal import (
    BinomialNormalFit,
    BinomialNormalSurface,
    FitStatus,
)
from toolkit.numerics.binomial.cells import Cells, lay_out
from toolkit.numerics.binomial.profile_likelihood import (
    LOCATION,
    START_NODES,
    START_TAU,
    Profile,
    bartlett_factor,
    check_level,
    crossings,
)
from toolkit.numerics.binomial.series_likelihood import FINE_NODES
from toolkit.numerics.tables import Booleans, Floats

_FARTHEST_LOGIT = 300.0
_HAIR = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class AverageSurface:
    """Log-likelihoods as functions of (eta, u), tau = |sinh u|: even in u."""

    inner: BinomialNormalSurface

    def __call__(self, points: Floats) -> tuple[Floats, Floats, Floats]:
        """Return values (B,), gradients (B, 2) and second derivatives (B, 2, 2)."""
        u = points[:, 1]
        mu = means_of(points)
        value, gradient, curvature = self.inner(np.stack([mu, u], axis=1))
        by_eta, by_u = _slopes_of_mu(mu, u)
        # Second derivatives of mu(eta, u): differences of its first ones along the same surface.
        across, along = (
            tuple((a - b) / (2 * _HAIR) for a, b in zip(up, down, strict=True))
            for up, down in (
                (
                    _slopes_of_mu(mu + sign * _HAIR * change, u + sign * _HAIR * move)
                    for sign in (1.0, -1.0)
                )
                for change, move in ((by_eta, np.zeros_like(u)), (by_u, np.ones_like(u)))
            )
        )
        slope, rise = gradient.T
        first, mixed, second = curvature[:, 0, 0], curvature[:, 0, 1], curvature[:, 1, 1]
        turned = np.stack([slope * by_eta, slope * by_u + rise], axis=1)
        return (
            value,
            turned,
            two_by_two(
                first * by_eta**2 + slope * across[0],
                by_eta * (first * by_u + mixed) + slope * along[0],
                first * by_u**2 + 2 * mixed * by_u + second + slope * along[1],
            ),
        )

    def chosen(self, kept: Booleans) -> AverageSurface:
        """Return the tables marked in kept."""
        return AverageSurface(inner=self.inner.chosen(kept))


def means_of(points: Floats) -> Floats:
    """Return the mu of points (eta, u), (B,)."""
    eta, tau = points[:, 0], np.sinh(np.abs(points[:, 1]))
    return inverse_logit_average(eta, tau, eta * np.sqrt(1 + PROBIT_SHRINKS * tau**2))[0]


def _slopes_of_mu(mu: Floats, u: Floats) -> tuple[Floats, Floats]:
    """Return how mu moves with eta and with u along the surface of equal averages."""
    by_mu, by_tau = logit_slopes(mu, np.sinh(np.abs(u)))
    return 1 / by_mu, -by_tau * np.sign(u) * np.cosh(u) / by_mu


def profile_interval_average(
    fit: BinomialNormalFit,
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    total: npt.ArrayLike,
    mask: npt.ArrayLike | None = None,
    *,
    level: float = 0.95,
    bartlett: bool = False,
) -> tuple[Floats, Floats]:
    """Return the ends of the profile-likelihood interval of the average, logits, shape (...).

    NaN where the fit is not FITTED; infinite where the likelihood never falls far enough.

    Parameters
    ----------
    fit, low, high, total, mask, level
        As for `profile_interval_mu`.
    bartlett : bool
        Whether to divide the likelihood ratio by the factor of `profile_interval_mu`, at the point
        (mu, tau) of the profile.

    Notes
    -----
    In the normal-normal model with little spread beside the curve of expit the average moves with
    mu alone, and the factor is that of mu; with a wide spread it is larger than needed, which
    makes the interval wider (see the calibration grid).
    """
    check_level(level)
    cells = lay_out(low, high, total, mask)
    fitted = np.asarray(fit.status == FitStatus.FITTED).reshape(-1)
    lower, upper = np.full((2, cells.tables), np.nan)
    if fitted.any():
        some = cells.chosen(fitted).repeated(2)
        mu, se, tau = (part.reshape(-1)[fitted] for part in (fit.mu, fit.se_mu, fit.tau))
        eta, slope = logit_average(mu, tau)
        starts = np.repeat(np.arcsinh(START_TAU)[:, None], some.tables, axis=1)
        rough = BinomialNormalSurface(cells=some.repeated(len(starts)), nodes=START_NODES)
        profile = Profile(
            surface=AverageSurface(inner=BinomialNormalSurface(cells=some, nodes=FINE_NODES)),
            rough=AverageSurface(inner=rough),
            fixed=LOCATION,
            starts=starts,
            best=np.tile(fit.log_likelihood.reshape(-1)[fitted], 2),
            allowed=float(chdtri(1, 1 - level)),
        )
        if bartlett:
            profile = replace(profile, correction=partial(_factor, some))
        sides = np.repeat([-1.0, 1.0], int(fitted.sum()))
        ends = crossings(profile, np.tile(eta, 2), sides * np.tile(se * slope, 2), _FARTHEST_LOGIT)
        lower[fitted], upper[fitted] = np.split(ends, 2)
    return lower.reshape(cells.shape), upper.reshape(cells.shape)


def _factor(cells: Cells, kept: Booleans, points: Floats) -> Floats:
    """Return Bartlett's factor at points (eta, u) of the chosen tables."""
    return bartlett_factor(cells, kept, np.stack([means_of(points), points[:, 1]], axis=1))
