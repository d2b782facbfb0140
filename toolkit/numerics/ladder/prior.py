"""Priors of a ladder's steps: a beta law of each share, a half-normal law of each tau.

A Dirichlet law of the parts between rungs, of equal concentration c each, makes the share of rung
j among rung j - 1 a beta law with shapes (J - j + 1) c and c, independent between steps. A uniform
law of every share instead would put the prior mean of the second rung at 1/4, of the third at 1/8.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, log_expit

from toolkit.numerics.posterior.likelihood_table import Grid
from toolkit.numerics.tables import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderPrior:
    """The prior of (mu_1, tau_1, .., mu_J, tau_J).

    Attributes
    ----------
    shapes : tuple of (float, float)
        Shapes of the beta law of expit(mu_j), of each step.
    tau_scale : float
        Scale of the half-normal law of every tau.
    """

    shapes: tuple[tuple[float, float], ...]
    tau_scale: float

    @property
    def steps(self) -> int:
        """J, the steps of the ladder."""
        return len(self.shapes)

    def log_density(self, points: Floats) -> Floats:
        """Return the log density at points (S, J, 2), up to a constant."""
        events, others = np.array(self.shapes).T
        mu, tau = points[..., 0], points[..., 1]
        terms = events * log_expit(mu) + others * log_expit(-mu) - 0.5 * (tau / self.tau_scale) ** 2
        return np.asarray(terms.sum(axis=1))


def dirichlet_shapes(steps: int, concentration: float) -> tuple[tuple[float, float], ...]:
    """Return the shapes of each step's share under parts of equal concentration."""
    return tuple(((steps - j) * concentration, concentration) for j in range(steps))


def uniform_shapes(steps: int) -> tuple[tuple[float, float], ...]:
    """Return the shapes of uniform shares."""
    return tuple((1.0, 1.0) for _ in range(steps))


@dataclass(frozen=True, slots=True, kw_only=True)
class BetaGrid(Grid):
    """A grid of (mu, tau) under a beta law of expit(mu).

    Attributes
    ----------
    events, others : float
        Shapes of the beta law; 1 and 1 are the uniform law of `Grid`.
    """

    events: float
    others: float

    def log_prior(self, tau_scale: float) -> Floats:
        """Return the log prior density, (n_mu, n_tau)."""
        mu, tau = self.mu, self.tau
        half_normal = 0.5 * np.log(2 / np.pi) - np.log(tau_scale) - 0.5 * (tau / tau_scale) ** 2
        share = self.events * log_expit(mu) + self.others * log_expit(-mu)
        return np.asarray((share - betaln(self.events, self.others))[:, None] + half_normal)
