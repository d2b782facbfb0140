"""Log-likelihood of every series over one grid of (mu, tau): tabulate once, then sum.

A series' row depends on its own count alone, so leaving one out, any subset, another prior and a
calculator in a browser are sums over rows of one table.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.special import log_expit

from toolkit.numerics.binomial.cells import Cells, lay_out
from toolkit.numerics.binomial.fixed_smoothing import (
    FixedSmoothing,
    class_of,
    fixed_smoothing,
)
from toolkit.numerics.binomial.smoothing import LARGEST, ROUGHLY, smoothed_rows
from toolkit.numerics.posterior.lattice import Lattice, covering, covering_multiples, resolving_step
from toolkit.numerics.tables import Booleans, Floats

_SEARCH_STEP = 0.4
_ORDINARY_PATIENTS = 3_000
_USUAL_MU_STEP = 0.12
_USUAL_TAU_SCALE = 0.2
_USUAL_FARTHEST = 28.0
_NEGLIGIBLE = 23.0
_LIKELY = 17.0
_PRIOR_VARIANCE = np.pi**2 / 3
_FARTHEST_MU = 40.0
_PRIOR_REACH = 25.0
_MU_STEP = 0.17
_TAU_STEP = 0.17
_TAU_SHARP = 0.55


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Where a table is computed: the product of a lattice of mu and one of tau.

    Attributes
    ----------
    mu_lattice, tau_lattice : Lattice
    tau_scale : float
        Scale of the half-normal prior of tau for which the grid was chosen; it serves smaller
        scales too, not larger ones.
    """

    mu_lattice: Lattice
    tau_lattice: Lattice
    tau_scale: float

    @property
    def mu(self) -> Floats:
        """Values of mu, (n_mu,), ascending."""
        return self.mu_lattice.values

    @property
    def tau(self) -> Floats:
        """Values of tau, (n_tau,), ascending from 0 or above."""
        return self.tau_lattice.values

    @property
    def from_zero(self) -> bool:
        """Whether the first tau is 0."""
        return self.tau_lattice.start == 0.0

    @property
    def tau_widths(self) -> Floats:
        """Weights that turn a sum over tau into an integral, (n_tau,)."""
        widths = self.tau_lattice.widths
        if self.from_zero:
            # Likelihood and prior are even in tau: the half line is half of a whole-line sum.
            widths[0] *= 0.5
        return widths

    @property
    def weights(self) -> Floats:
        """Weights that turn a sum over the grid into an integral over mu and tau, (n_mu, n_tau)."""
        return np.asarray(self.mu_lattice.widths[:, None] * self.tau_widths)

    def log_prior(self, tau_scale: float) -> Floats:
        """Return the log prior density: expit(mu) uniform, tau half-normal, (n_mu, n_tau)."""
        mu, tau = self.mu, self.tau
        half_normal = 0.5 * np.log(2 / np.pi) - np.log(tau_scale) - 0.5 * (tau / tau_scale) ** 2
        return np.asarray((log_expit(mu) + log_expit(-mu))[:, None] + half_normal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A first look at the likelihood of one table, coarse and over all that the prior allows.

    Attributes
    ----------
    cells : Cells
    grid : Grid
    rows : (c, n_mu, n_tau)
        Log-likelihood of every cell that says something, to a hundredth where it is not negligible.
    """

    cells: Cells
    grid: Grid
    rows: Floats


def survey(
    low: npt.ArrayLike, high: npt.ArrayLike, total: npt.ArrayLike, *, tau_scale: float = 1.0
) -> Survey:
    """Return a first look at one table, low, high and total being (k,).

    Raises
    ------
    ValueError
        If tau_scale is not finite and above 0.
    """
    if not (np.isfinite(tau_scale) and tau_scale > 0):
        raise ValueError(f"tau_scale must be above 0, not {tau_scale}")
    cells = lay_out(low, high, total)
    # Ordinary tables share their points, and with them the matrices.
    ordinary = cells.total.sum() <= _ORDINARY_PATIENTS and cells.total.max(initial=0.0) <= LARGEST
    grid = _usual_grid(tau_scale) if ordinary else _search_grid(cells, tau_scale)
    if not len(cells.series):
        rows = np.zeros((0, grid.mu_lattice.count, grid.tau_lattice.count))
    elif ordinary:
        rows = _usual_rows(cells, grid)
    else:
        rows = cell_rows(cells, grid.mu, grid.tau, widened=ROUGHLY)
    return Survey(cells=cells, grid=grid, rows=rows)


def likeliest(seen: Survey) -> Floats | None:
    """Return mu and tau, (2,), where the likelihood is largest; None where nothing is known."""
    if not len(seen.rows):
        return None
    whole = seen.rows.sum(axis=0)
    place, spread = np.unravel_index(int(whole.argmax()), whole.shape)
    return np.array([seen.grid.mu[place], seen.grid.tau[spread]])


def tabulate(
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    total: npt.ArrayLike,
    grid: Grid,
    *,
    needed: Booleans | None = None,
) -> Floats:
    """Return the log-likelihood of every series at every point of a grid, (k, n_mu, n_tau).

    Parameters
    ----------
    low, high, total : (k,)
        Admissible counts low..high among total patients. A cell 0..total has log-likelihood 0.
    grid : Grid
    needed : (n_mu, n_tau), optional
        The points that are asked for; between them some others are worked out too, and elsewhere
        stands what is next to nothing.
    """
    sizes = np.broadcast_shapes(*(np.shape(part) for part in (low, high, total)))
    cells = lay_out(low, high, total)
    table = np.zeros((*sizes, grid.mu_lattice.count, grid.tau_lattice.count))
    if len(cells.series):
        table[cells.series] = cell_rows(cells, grid.mu, grid.tau, needed=needed)
    return table


def likely_points(seen: Survey, grid: Grid) -> Booleans:
    """Return which points of a table's own grid its posterior may see, (n_mu, n_tau)."""
    mass = _search_mass(seen, np.ones((1, len(seen.rows)), dtype=bool), grid.tau_scale)
    held = mass > -_NEGLIGIBLE
    coarse_tau, coarse_mu = seen.grid.tau, seen.grid.mu
    # A point is seen where one of the coarse grid's points around it is.
    before = np.clip(
        np.searchsorted(coarse_tau, grid.tau, side="right") - 1, 0, len(coarse_tau) - 2
    )
    around = held[:, before] | held[:, before + 1]
    place = np.clip(np.searchsorted(coarse_mu, grid.mu, side="right") - 1, 0, len(coarse_mu) - 2)
    wider = around.copy()
    wider[1:] |= around[:-1]
    wider[:-1] |= around[1:]
    return np.asarray(wider[place] | wider[place + 1])


def cell_rows(
    cells: Cells,
    mu: Floats,
    tau: Floats,
    *,
    widened: float = 1.0,
    needed: Booleans | None = None,
) -> Floats:
    """Return the log-likelihood of each cell of one table: see `smoothed_rows`."""
    counts, place = np.unique(np.stack([cells.x, cells.n]), axis=1, return_inverse=True)
    distinct = smoothed_rows(counts[0], counts[1], mu, tau, widened=widened, needed=needed)
    return _of_cells(cells, distinct[place.reshape(-1)])


def _of_cells(cells: Cells, atoms: Floats) -> Floats:
    """Return the log-likelihoods of cells from those of their counts, which are used up."""
    atoms += cells.log_choose[:, None, None]
    if not cells.plain:
        starts = np.flatnonzero(np.diff(cells.cell, prepend=-1))
        atoms = np.asarray(np.logaddexp.reduceat(atoms, starts, axis=0))
    return atoms


@lru_cache(maxsize=8)
def _usual_grid(tau_scale: float) -> Grid:
    """Return the coarse grid that serves every table of ordinary sizes."""
    return Grid(
        mu_lattice=covering(0.0, 1.0, -_USUAL_FARTHEST, _USUAL_FARTHEST, _USUAL_MU_STEP),
        tau_lattice=covering_multiples(
            _USUAL_TAU_SCALE, 0.0, _PRIOR_REACH * tau_scale, _SEARCH_STEP
        ),
        tau_scale=tau_scale,
    )


@lru_cache(maxsize=8)
def _usual_smoothing(grid: Grid, largest: float) -> FixedSmoothing:
    return fixed_smoothing(grid.mu, grid.tau, largest, ROUGHLY)


def _usual_rows(cells: Cells, grid: Grid) -> Floats:
    """Return the log-likelihood of each cell over the usual grid."""
    largest = np.array([class_of(n) for n in cells.n.tolist()])
    atoms = np.empty((len(cells.x), grid.mu_lattice.count, grid.tau_lattice.count))
    for edge in np.unique(largest).tolist():
        own = largest == edge
        atoms[own] = _usual_smoothing(grid, edge).rows(cells.x[own], cells.n[own])
    return _of_cells(cells, atoms)


def choose_grid(
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    total: npt.ArrayLike,
    masks: npt.ArrayLike | None = None,
    *,
    tau_scale: float = 1.0,
    known: Survey | None = None,
) -> Grid:
    """Return a grid that holds the posterior of a table, or of each of several subsets of it.

    Parameters
    ----------
    low, high, total : (k,)
        The table's cells.
    masks : (S, k), optional
        True where a subset uses a series; the grid serves every subset. Default: all series.
    tau_scale : float
        Scale of the half-normal prior of tau, above 0.
    known : Survey, optional
        Of the same table and scale, where it has been made.

    Raises
    ------
    ValueError
        If tau_scale is not finite and above 0.
    """
    seen = survey(low, high, total, tau_scale=tau_scale) if known is None else known
    cells = seen.cells
    size = np.broadcast_shapes(*(np.shape(part) for part in (low, high, total)))[-1]
    whole = np.ones((1, size), dtype=bool) if masks is None else np.asarray(masks, dtype=bool)
    used = whole[:, cells.series]
    mass = _search_mass(seen, used, tau_scale)
    return _tight_grid(cells, seen.grid, mass, used, tau_scale)


def _normal_approximation(cells: Cells) -> tuple[Floats, Floats]:
    """Return each cell's rough logit and its variance."""
    p = (0.5 * (cells.low + cells.high) + 0.5) / (cells.total + 1)
    return np.log(p / (1 - p)), 1 / (cells.total * p * (1 - p))


def _search_grid(cells: Cells, tau_scale: float) -> Grid:
    """Return a coarse grid over all that the prior allows."""
    y, v = _normal_approximation(cells)
    precision = np.sum(1 / v) + 1 / _PRIOR_VARIANCE
    centre, scale = float(np.sum(y / v) / precision), float(precision**-0.5)
    tau_least = float(np.sqrt(v.min(initial=_PRIOR_VARIANCE)))
    mu_lattice = covering(centre, scale, -_FARTHEST_MU, _FARTHEST_MU, _SEARCH_STEP)
    tau_lattice = covering_multiples(tau_least, 0.0, _PRIOR_REACH * tau_scale, _SEARCH_STEP)
    return Grid(mu_lattice=mu_lattice, tau_lattice=tau_lattice, tau_scale=tau_scale)


def _search_mass(seen: Survey, used: Booleans, tau_scale: float) -> Floats:
    """Return log posterior mass, at most 0, the largest over the subsets, (n_mu, n_tau)."""
    prior = seen.grid.log_prior(tau_scale) + np.log(seen.grid.weights)
    largest = np.full(prior.shape, -np.inf)
    for subset in used:
        mass = prior + seen.rows[subset].sum(axis=0)
        largest = np.maximum(largest, mass - mass.max())
    return largest


def _tight_grid(cells: Cells, search: Grid, mass: Floats, used: Booleans, tau_scale: float) -> Grid:
    held = mass > -_NEGLIGIBLE
    columns, rows = np.flatnonzero(held.any(axis=1)), np.flatnonzero(held.any(axis=0))
    mu, tau = search.mu, search.tau
    mu_low, mu_high = mu[max(columns[0] - 1, 0)], mu[min(columns[-1] + 1, len(mu) - 1)]
    tau_low, tau_high = tau[max(rows[0] - 1, 0)], tau[min(rows[-1] + 1, len(tau) - 1)]
    # The lattice is finest where the posterior of mu is sharpest: at its smallest likely tau.
    likely = tau[(mass > -_LIKELY).any(axis=0)]
    y, v = _normal_approximation(cells)
    w = 1 / (v + likely[:, None] ** 2)
    precision = np.sum(w, axis=1) + 1 / _PRIOR_VARIANCE
    means, deviations = np.sum(w * y, axis=1) / precision, precision**-0.5
    centre, scale = float(means[0]), float(deviations[0])
    mu_step = resolving_step(centre, scale, means, deviations, _MU_STEP)
    # Log tau is about as sharp as a sum of k squares tells, or as the prior pulls.
    peak = tau[np.unravel_index(mass.argmax(), mass.shape)[1]] / tau_scale
    sharpness = used.sum(axis=1).max(initial=0) + peak**2 + 1.0
    tau_step = min(_TAU_STEP, float(_TAU_SHARP / np.sqrt(2 * sharpness)))
    return Grid(
        mu_lattice=covering(centre, scale, mu_low, mu_high, mu_step),
        tau_lattice=covering_multiples(search.tau_lattice.scale, tau_low, tau_high, tau_step),
        tau_scale=tau_scale,
    )
