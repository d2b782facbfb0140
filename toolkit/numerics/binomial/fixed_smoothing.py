"""The smoothing of `smoothing` at points that are always the same: its matrices are made once.

A first look at any table of ordinary sizes needs no points of its own. What is left to do for it is
f at the points of a lattice, and one product.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import xlogy

from toolkit.numerics.binomial.smoothing import (
    CLASSES,
    LEAST,
    NARROWEST,
    hermite,
    lattice_step,
    reach_of,
    smoothing_kernel,
    tail_beyond,
)
from toolkit.numerics.tables import Floats

_NODES = 5
"""A first look needs no more; `smoothing` has three times as many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedSmoothing:
    """Matrices for one class of sizes and one set of points (mu, tau).

    Attributes
    ----------
    theta, softplus : (q,)
        The lattice, followed by the points of Gauss and Hermite's rule, and log(1 + e^theta).
    wide : (q_lattice, n_mu * n_wide)
        What each point of the lattice weighs where tau is wide enough for it.
    low, high : (n_mu * n_wide,)
        What lies beyond the lattice's ends where f stays at 1.
    narrow : int
        How many of the first tau are too narrow for the lattice.
    shape : (n_mu, n_tau)
    """

    theta: Floats
    softplus: Floats
    wide: Floats
    low: Floats
    high: Floats
    narrow: int
    shape: tuple[int, int]

    def rows(self, x: Floats, n: Floats) -> Floats:
        """Return log-likelihoods less binomial coefficients, (a, n_mu, n_tau)."""
        top = np.asarray(xlogy(x, x / n) + xlogy(n - x, (n - x) / n), dtype=float)
        f = np.multiply.outer(x, self.theta)
        f -= np.multiply.outer(n, self.softplus)
        f -= top[:, None]
        np.exp(f, out=f)
        lattice, (places, spreads) = len(self.wide), self.shape
        wide = f[:, :lattice] @ self.wide
        wide[x == 0] += self.low
        wide[x == n] += self.high
        out = np.empty((len(x), places, spreads))
        out[:, :, self.narrow :] = wide.reshape(len(x), places, spreads - self.narrow)
        if self.narrow:
            nodes, weights = hermite(_NODES)
            at_nodes = f[:, lattice:].reshape(len(x), places, self.narrow, len(nodes))
            out[:, :, : self.narrow] = at_nodes @ weights
        with np.errstate(divide="ignore"):
            np.log(out, out=out)
        np.maximum(out, LEAST, out=out)
        out += top[:, None, None]
        return out


def fixed_smoothing(mu: Floats, tau: Floats, largest: float, widened: float) -> FixedSmoothing:
    """Return the matrices for series of at most so many patients, tau ascending.

    Parameters
    ----------
    mu : (n_mu,)
    tau : (n_tau,)
    largest : float
        An upper edge of `CLASSES`.
    widened : float
        As for `smoothed_rows`.
    """
    step = widened * lattice_step(largest)
    narrow = int(np.searchsorted(tau, NARROWEST * step))
    reach = float(reach_of(tau[-1], 0.0))
    theta = step * np.arange(
        np.floor((mu.min() - reach) / step), np.ceil((mu.max() + reach) / step) + 1
    )
    wide = tau[narrow:]
    kernel = smoothing_kernel(theta, mu, wide, step)
    nodes, _ = hermite(_NODES)
    at_nodes = mu[:, None, None] + tau[:narrow, None] * nodes
    everywhere = np.concatenate([theta, at_nodes.reshape(-1)])
    return FixedSmoothing(
        theta=everywhere,
        softplus=np.logaddexp(0.0, everywhere),
        wide=np.ascontiguousarray(np.moveaxis(kernel, 0, 2)).reshape(len(theta), -1),
        low=tail_beyond(theta[0] - mu[:, None], wide, step).reshape(-1),
        high=tail_beyond(mu[:, None] - theta[-1], wide, step).reshape(-1),
        narrow=narrow,
        shape=(len(mu), len(tau)),
    )


def class_of(patients: float) -> float:
    """Return the upper edge of the class of sizes that a series belongs to."""
    return next(edge for edge in CLASSES[1:] if patients <= edge)
