"""The posterior of one step by its own cells alone, and a way to draw from it.

Where a step hangs together with no other this is its posterior; elsewhere it is where the search
for the joint one begins.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from toolkit.numerics.ladder.prior import BetaGrid
from toolkit.numerics.posterior.bayes import posterior_from_table
from toolkit.numerics.posterior.lattice import Lattice
from toolkit.numerics.posterior.likelihood_table import choose_grid, tabulate
from toolkit.numerics.posterior.posterior import Posterior
from toolkit.numerics.tables import Floats


def step_posterior(
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    total: npt.ArrayLike,
    *,
    shapes: tuple[float, float],
    tau_scale: float,
) -> Posterior:
    """Return the posterior of the cells of one step; the prior where there is none.

    Parameters
    ----------
    low, high, total : (c,)
        Admissible counts among those of the rung above.
    shapes : (float, float)
        Of the beta law of expit(mu).
    tau_scale : float
        Scale of the half-normal prior of tau.
    """
    first, last, size = (np.asarray(part, dtype=float) for part in (low, high, total))
    if not len(size):
        # A cell 0..0 of 0 says nothing: the posterior is the prior.
        first = last = size = np.zeros(1)
    chosen = choose_grid(first, last, size, tau_scale=tau_scale)
    grid = BetaGrid(
        mu_lattice=chosen.mu_lattice,
        tau_lattice=chosen.tau_lattice,
        tau_scale=tau_scale,
        events=shapes[0],
        others=shapes[1],
    )
    table = tabulate(first, last, size, grid)
    return posterior_from_table(first, last, size, grid, table, tau_scale=tau_scale)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitMap:
    """A map of the unit square to (mu, tau) under which a uniform point follows a posterior.

    Attributes
    ----------
    mu_edges, tau_edges : (n_mu + 1,), (n_tau + 1,)
        Edges of the boxes within which points are spread evenly.
    tau_below : (n_tau + 1,)
        Probability below each edge of tau.
    mu_below : (n_tau, n_mu + 1)
        Probability below each edge of mu within each band of tau.
    """

    mu_edges: Floats
    tau_edges: Floats
    tau_below: Floats
    mu_below: Floats

    def __call__(self, unit: Floats) -> tuple[Floats, Floats]:
        """Return the points (S, 2) that belong to unit (S, 2), and their log density (S,)."""
        band = _interval(self.tau_below, unit[:, 0])
        tau, tau_density = _within(self.tau_edges, self.tau_below, band, unit[:, 0])
        count = len(self.mu_edges)
        # Rows one after the other, each raised by its number, are one ascending list.
        rows = (self.mu_below + np.arange(len(self.mu_below))[:, None]).reshape(-1)
        raised = np.clip(unit[:, 1], 0.0, 1.0 - 1e-12) + band
        place = np.searchsorted(rows, raised, side="right") - 1
        box = np.clip(place - band * count, 0, count - 2)
        below, above = self.mu_below[band, box], self.mu_below[band, box + 1]
        width = self.mu_edges[box + 1] - self.mu_edges[box]
        share = np.clip((unit[:, 1] - below) / np.maximum(above - below, 1e-300), 0.0, 1.0)
        mu = self.mu_edges[box] + share * width
        density = np.log(np.maximum(above - below, 1e-300) / width) + tau_density
        return np.stack([mu, tau], axis=1), density


def unit_map(found: Posterior) -> UnitMap:
    """Return the map that belongs to a posterior on its grid."""
    mass = found.density * found.grid.weights
    bands = mass.sum(axis=0)
    held = bands > 0
    rows = (mass[:, held] / bands[held]).T
    return UnitMap(
        mu_edges=_edges(found.grid.mu_lattice),
        tau_edges=_held_edges(_edges(found.grid.tau_lattice), held),
        tau_below=_cumulated(bands[held] / bands[held].sum()),
        mu_below=_cumulated(rows),
    )


def _edges(lattice: Lattice) -> Floats:
    """Return the ends of what each point stands for; tau does not fall below 0."""
    t = lattice.start + lattice.step * (np.arange(lattice.count + 1) - 0.5)
    edges = lattice.at(np.asarray(t, dtype=float))
    return np.maximum(edges, 0.0) if lattice.start == 0.0 and lattice.centre == 0.0 else edges


def _held_edges(edges: Floats, held: npt.NDArray[np.bool_]) -> Floats:
    """Return the edges of the bands that hold mass, which lie side by side."""
    bands = np.flatnonzero(held)
    return edges[bands[0] : bands[-1] + 2]


def _cumulated(mass: Floats) -> Floats:
    """Return sums up to each edge along the last axis, from 0 to 1."""
    sums = np.cumsum(mass, axis=-1)
    sums = np.concatenate([np.zeros_like(sums[..., :1]), sums], axis=-1)
    return np.asarray(sums / sums[..., -1:])


def _interval(below: Floats, unit: Floats) -> npt.NDArray[np.intp]:
    """Return the band each probability falls into."""
    return np.clip(np.searchsorted(below, unit, side="right") - 1, 0, len(below) - 2)


def _within(
    edges: Floats, below: Floats, band: npt.NDArray[np.intp], unit: Floats
) -> tuple[Floats, Floats]:
    """Return the value at each probability, and the log density there."""
    mass = np.maximum(below[band + 1] - below[band], 1e-300)
    width = edges[band + 1] - edges[band]
    share = np.clip((unit - below[band]) / mass, 0.0, 1.0)
    return edges[band] + share * width, np.log(mass / width)
