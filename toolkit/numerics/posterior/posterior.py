"""The posterior of mu and tau on its lattice, and what it says of a center and of patients."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import gammaln, logit

from toolkit.numerics.binomial.average import inverse_logit_average, logit_average
from toolkit.numerics.binomial.cells import lay_out
from toolkit.numerics.binomial.series_likelihood import binomial_terms
from toolkit.numerics.binomial.smoothing import hermite
from toolkit.numerics.posterior.lattice import (
    Lattice,
    covering,
    refined,
    resolving_step,
    sinc_values,
)
from toolkit.numerics.posterior.likelihood_table import Grid, tabulate
from toolkit.numerics.posterior.marginals import Marginal
from toolkit.numerics.tables import Booleans, Floats

_DEVIATIONS = 7.5


_WIDEST_SPACING = 0.75


_RESOLVED = 1e-7


_EMPTY = 1e-13


_UNSEEN = 1e-9


_NARROW_NODES = 7


_FINER = 4


_LIKELY = 1e-7


_LARGEST = 600.0
"""Logarithm up to which a height is told apart from a larger one."""


_VALUE_STEP = 0.14


_FINE_ENOUGH = 0.5


@dataclass(frozen=True)
class Posterior:
    """The posterior of one table.

    Attributes
    ----------
    low, high, total : (k,)
        The table's cells.
    mask : (k,)
        Which series take part.
    grid : Grid
    table : (k, n_mu, n_tau)
        Log-likelihood of every series over the grid.
    tau_scale : float
        Scale of the half-normal prior of tau.
    """

    low: Floats
    high: Floats
    total: Floats
    mask: Booleans
    grid: Grid
    table: Floats
    tau_scale: float

    @cached_property
    def density(self) -> Floats:
        """Posterior density of (mu, tau) on the grid, of total 1 under the grid's weights."""
        log_density = self.grid.log_prior(self.tau_scale) + self.table[self.mask].sum(axis=0)
        height = np.exp(log_density - log_density.max())
        return np.asarray(height / np.sum(height * self.grid.weights))

    @cached_property
    def typical(self) -> Marginal:
        """The typical centre's proportion, expit(mu)."""
        lattice = self.grid.mu_lattice
        return _proportion(lattice, self.density @ self.grid.tau_widths)

    @cached_property
    def tau(self) -> Marginal:
        """The standard deviation of the centres' logits."""
        lattice = self.grid.tau_lattice
        last = round(lattice.t[-1] / lattice.step)
        heights = np.zeros(2 * last + 1)
        known = (self.grid.mu_lattice.widths @ self.density) * lattice.slope(lattice.t)
        heights[len(heights) - lattice.count :] = known
        heights = np.maximum(heights, heights[::-1])
        whole = Lattice(
            centre=0.0,
            scale=lattice.scale,
            start=-last * lattice.step,
            step=lattice.step,
            count=len(heights),
        )
        return Marginal(
            lattice=whole, heights=heights / (heights.sum() * lattice.step), proportion=False
        )

    @cached_property
    def average(self) -> Marginal:
        """The average over centres, E[expit(mu + tau Z)]."""
        lattice, ends = self._average_lattice()
        grid, tau = self.grid.mu_lattice, self.grid.tau
        known, _ = logit_average(self.grid.mu[:, None], tau)
        wanted = lattice.values
        guess = np.stack([np.interp(wanted, row, self.grid.mu) for row in known.T])
        inside = (wanted >= ends[0][:, None]) & (wanted <= ends[1][:, None])
        row, column = np.nonzero(inside)
        guess[inside], slope = inverse_logit_average(wanted[column], tau[row], guess[inside])
        heights = np.zeros_like(guess)
        heights[inside] = sinc_values(grid, self.density.T, grid.position(guess))[inside] / slope
        return _proportion(lattice, self.grid.tau_widths @ heights)

    @cached_property
    def new_centre(self) -> Marginal:
        """The proportion of a new centre, expit(theta), theta ~ N(mu, tau^2)."""
        grid = self.grid.mu_lattice
        mean, deviation, likely = self._rows()
        spread = np.hypot(deviation, self.grid.tau)
        step = resolving_step(grid.centre, grid.scale, mean[likely], spread[likely], _VALUE_STEP)
        lattice = covering(grid.centre, grid.scale, *self._reach(), step)
        return _proportion(lattice, self._spread_out(self.density, lattice.values))

    def new_count(self, patients: int) -> Floats:
        """Return the probabilities of 0 .. patients events in a new centre, (patients + 1,)."""
        if patients < 0:
            raise ValueError(f"patients must be at least 0, not {patients}")
        counts = np.arange(patients + 1)
        centre = self.new_centre.lattice
        # Where the law of a new centre is known finely enough for such a count, it is summed over.
        if patients * centre.step**2 * (centre.scale**2) <= _FINE_ENOUGH:
            return self._of_centres(counts.astype(np.float64))
        rows = np.exp(tabulate(counts, counts, np.full_like(counts, patients), self.grid))
        share = np.einsum("yij,ij->y", rows, self.density * self.grid.weights)
        return np.asarray(share / share.sum())

    def _of_centres(self, counts: Floats) -> Floats:
        """Return the probabilities of all counts 0 .. m, from the law of a new centre's logit."""
        lattice, patients = self.new_centre.lattice, len(counts) - 1
        theta = lattice.values
        log_binomial = gammaln(patients + 1) - gammaln(counts + 1) - gammaln(patients - counts + 1)
        log_rows = np.multiply.outer(counts, theta) - patients * np.logaddexp(0.0, theta)
        share = np.exp(log_rows + log_binomial[:, None]) @ self.new_centre.heights
        return np.asarray(share / share.sum())

    def series(self) -> tuple[Marginal | None, ...]:
        """Return the shrunken proportion of every series (k,), None where it takes no part."""
        return tuple(
            self._one_series(i) if used else None for i, used in enumerate(self.mask.tolist())
        )

    def _one_series(self, i: int) -> Marginal:
        """Return the posterior of expit(theta_i): its own likelihood times what the others say."""
        low, high, total = self.low[i], self.high[i], self.total[i]
        p = (0.5 * (low + high) + 0.5) / (total + 1)
        own = total * p * (1 - p)
        grid = self.grid.mu_lattice
        others = 1 / (self.tau.median**2 + grid.scale**2)
        centre = (own * logit(p) + others * grid.centre) / (own + others)
        lattice = covering(centre, (own + others) ** -0.5, *self._reach(), _VALUE_STEP)
        others_alone = self.mask.copy()
        others_alone[i] = False
        log_rest = self.grid.log_prior(self.tau_scale) + self._whole_table[others_alone].sum(axis=0)
        # What the others say peaks where this series is all but impossible, should they differ:
        # what counts is where all of them may be.
        counts = self.density > _EMPTY * self.density.max()
        log_rest[:, ~counts.any(axis=0)] = -np.inf
        height = np.exp(np.minimum(log_rest - log_rest[counts].max(), _LARGEST))
        rest = self._spread_out(height, lattice.values, counts)
        return _proportion(lattice, rest * np.exp(_log_cell(low, high, total, lattice.values)))

    @cached_property
    def _whole_table(self) -> Floats:
        """Log-likelihood of every series all over the grid, (k, n_mu, n_tau).

        `table` is left empty where all series together are all but impossible; the others alone
        need not be so there.
        """
        return tabulate(self.low, self.high, self.total, self.grid)

    def _support(self) -> tuple[Floats, Floats, Booleans]:
        """Return the least and largest mu of each tau's row, and which rows count at all."""
        mu, held = self.grid.mu, self.density > _EMPTY * self.density.max()
        first, last = held.argmax(axis=0), len(mu) - 1 - held[::-1].argmax(axis=0)
        return mu[first], mu[last], held.any(axis=0)

    def _reach(self) -> tuple[float, float]:
        """Return the least and the largest logit a centre may plausibly have."""
        low, high, counts = self._support()
        tau = self.grid.tau
        reach = _DEVIATIONS * tau
        return float((low - reach)[counts].min()), float((high + reach)[counts].max())

    def _average_lattice(self) -> tuple[Lattice, Floats]:
        """Return where the average is known, and the least and largest of its logit at each tau."""
        low, high, counts = self._support()
        tau = self.grid.tau
        ends = np.where(counts, logit_average(np.stack([low, high]), tau)[0], np.nan)
        mean, deviation, likely = self._rows()
        means, slopes = logit_average(mean, tau)
        means, deviations = means[likely], (deviation * slopes)[likely]
        sharpest = int(np.argmin(deviations))
        centre, scale = float(means[sharpest]), float(deviations[sharpest])
        step = resolving_step(centre, scale, means, deviations, _VALUE_STEP)
        least, largest = float(np.nanmin(ends[0])), float(np.nanmax(ends[1]))
        return covering(centre, scale, least, largest, step), ends

    def _rows(self) -> tuple[Floats, Floats, Booleans]:
        """Return mean and deviation of mu at each tau, and which tau are likely enough."""
        mass = self.density * self.grid.mu_lattice.widths[:, None]
        whole = mass.sum(axis=0)
        likely = whole * self.grid.tau_widths > _LIKELY
        share = mass / np.where(likely, whole, 1.0)
        mean = self.grid.mu @ share
        variance = self.grid.mu**2 @ share - mean**2
        return mean, np.sqrt(np.maximum(variance, 0.0)), likely

    def _spread_out(self, density: Floats, theta: Floats, counts: Booleans | None = None) -> Floats:
        """Return the density at theta (q,) of mu + tau Z, for (mu, tau) of a density on the grid.

        `counts` says which points matter where the spread is wide; unless given, those that are not
        next to nothing.

        Where tau is wide against the spacing of mu, a sum over mu; where it is narrow, the same on
        a finer lattice, to which the density is interpolated; narrower still, a sum over Z.
        """
        lattice, tau, weights = self.grid.mu_lattice, self.grid.tau, self.grid.tau_widths
        held = density > _RESOLVED * density.max(axis=0)
        spacing = np.max(np.where(held, lattice.widths[:, None], 0.0), axis=0)
        wide = (tau > 0) & (tau * _WIDEST_SPACING >= spacing)
        narrow = (tau > 0) & ~wide & (tau * _WIDEST_SPACING >= spacing / _FINER)
        total = np.zeros_like(theta)
        if wide.any():
            mass = density[:, wide] * lattice.widths[:, None] * weights[wide]
            seen = None if counts is None else counts[:, wide]
            total += _sum_over_mu(theta, lattice.values, tau[wide], mass, seen)
        if narrow.any():
            fine, finer_density = refined(lattice, density[:, narrow].T, _FINER)
            mass = finer_density.T * fine.widths[:, None] * weights[narrow]
            total += _sum_over_mu(theta, fine.values, tau[narrow], mass)
        rest = np.flatnonzero(~(wide | narrow))
        rest = rest[density[:, rest].max(axis=0, initial=0.0) > _EMPTY * density.max()]
        if len(rest):
            nodes, shares = hermite(_NARROW_NODES)
            place = lattice.position(theta - (tau[rest, None] * nodes)[..., None])
            heights = np.ascontiguousarray(density[:, rest].T)
            values = sinc_values(lattice, heights, place.reshape(len(rest), -1))
            values = values.reshape(len(rest), len(nodes), len(theta))
            total += np.einsum("jzq,z,j->q", values, shares, weights[rest])
        return total


def _sum_over_mu(
    theta: Floats, mu: Floats, tau: Floats, mass: Floats, counts: Booleans | None = None
) -> Floats:
    """Return the density at theta (q,) of a mixture of normal laws of masses (n_mu, n_tau)."""
    # Most of the grid's points are there for what is next to nothing.
    seen = np.abs(mass) > _UNSEEN * mass.max() if counts is None else counts
    place, spread = np.nonzero(seen)
    zeta = np.subtract.outer(theta, mu[place])
    zeta /= tau[spread]
    np.multiply(zeta, zeta, out=zeta)
    zeta *= -0.5
    np.exp(zeta, out=zeta)
    return np.asarray(zeta @ (mass[place, spread] / (np.sqrt(2 * np.pi) * tau[spread])))


def _proportion(lattice: Lattice, density: Floats) -> Marginal:
    """Return the marginal of expit(value) from the density of value on its lattice."""
    heights = density * lattice.slope(lattice.t)
    return Marginal(
        lattice=lattice, heights=heights / (heights.sum() * lattice.step), proportion=True
    )


def _log_cell(low: float, high: float, total: float, theta: Floats) -> Floats:
    """Return the log-likelihood of one cell at each logit, up to a constant."""
    counts = np.arange(low, high + 1)
    cells = lay_out(counts, counts, np.full_like(counts, total))
    if len(counts) == total + 1:
        return np.zeros_like(theta)
    rows = [
        binomial_terms(np.array(x), np.array(n), theta).log_value + log_choose
        for x, n, log_choose in zip(cells.x, cells.n, cells.log_choose, strict=True)
    ]
    return np.asarray(np.logaddexp.reduce(rows, axis=0))
