"""The binomial-normal likelihood of thousands of tables, each at its own (mu, u), from one lattice.

Counts of the same sizes recur, so that each distinct one is laid out once on a lattice of theta; a
table then sums moments of a normal law over the rows of its counts. Exact to rounding where tau has
1.5 steps of the lattice, as in `lattice_surface`; other tables go to the adaptive rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import gammaln

from toolkit.numerics.binomial.binomial_normal import BinomialNormalSurface, in_spread
from toolkit.numerics.binomial.cells import Cells, lay_out
from toolkit.numerics.binomial.lattice_surface import DEVIATIONS, NARROWEST, surface_step
from toolkit.numerics.binomial.series_likelihood import FINE_NODES
from toolkit.numerics.tables import Booleans, Floats, Integers

_FARTHEST = 26.0
_AT_ONCE = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class CountLattice:
    """Every count of some sizes over one lattice of theta.

    Attributes
    ----------
    step : float
    theta : (q,)
    first : (largest size + 1,)
        Number of the row of x = 0 for each size.
    rows : (counts, q)
        Likelihoods over their peaks.
    top : (counts,)
        Logarithms of those peaks, binomial coefficients included.
    """

    step: float
    theta: Floats
    first: Integers
    rows: Floats
    top: Floats


@lru_cache(maxsize=4)
def count_lattice(sizes: tuple[int, ...]) -> CountLattice:
    """Return the rows of all counts 0 .. n of each size, ascending."""
    step = surface_step(float(sizes[-1]))
    reach = int(np.ceil(_FARTHEST / step))
    theta = np.asarray(step * np.arange(-reach, reach + 1), dtype=float)
    first = np.full(sizes[-1] + 1, -1, dtype=np.int64)
    first[list(sizes)] = np.cumsum([0, *(n + 1 for n in sizes[:-1])])
    n = np.repeat(np.array(sizes), np.array(sizes) + 1)
    x = np.arange(len(n)) - first[n]
    log_f = np.multiply.outer(x, theta) - np.multiply.outer(n, np.logaddexp(0.0, theta))
    peak = log_f.max(axis=1)
    return CountLattice(
        step=step,
        theta=theta,
        first=first,
        rows=np.exp(log_f - peak[:, None]),
        top=peak + gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSurface:
    """Log-likelihoods as functions of (mu, u), tau = |sinh u|, one point a table."""

    lattice: CountLattice
    events: Integers
    total: Integers

    def __call__(self, points: Floats) -> tuple[Floats, Floats, Floats]:
        """Return values (B,), gradients (B, 2) and second derivatives (B, 2, 2)."""
        mu, tau = points[:, 0], np.sinh(np.abs(points[:, 1]))
        reach = DEVIATIONS * tau
        smooth = (np.abs(mu) + reach < _FARTHEST) & (tau >= NARROWEST * self.lattice.step)
        terms = np.zeros((6, len(points)))
        held = np.flatnonzero(smooth)
        for start in range(0, len(held), _AT_ONCE):
            some = held[start : start + _AT_ONCE]
            terms[:, some] = self._smoothed(some, mu[some], tau[some])
        found = in_spread(terms, points[:, 1])
        rest = ~smooth
        if rest.any():
            surface = BinomialNormalSurface(cells=self._cells(rest), nodes=FINE_NODES)
            for whole, part in zip(found, surface(points[rest]), strict=True):
                whole[rest] = part
        return found

    def chosen(self, kept: Booleans) -> BatchSurface:
        """Return the tables marked in kept."""
        return BatchSurface(lattice=self.lattice, events=self.events[kept], total=self.total[kept])

    def _cells(self, kept: Booleans) -> Cells:
        return lay_out(self.events[kept], self.events[kept], self.total[kept])

    def _smoothed(self, tables: Integers, mu: Floats, tau: Floats) -> Floats:
        """Return value and derivatives in (mu, tau) of some tables, (6, b)."""
        lattice = self.lattice
        reach = DEVIATIONS * tau
        part = slice(
            np.searchsorted(lattice.theta, (mu - reach).min()),
            np.searchsorted(lattice.theta, (mu + reach).max(), side="right"),
        )
        z = (lattice.theta[part] - mu[:, None]) / tau[:, None]
        powers = np.empty((*z.shape, 5))
        powers[..., 0] = np.exp(-0.5 * z * z) * (lattice.step / np.sqrt(2 * np.pi) / tau[:, None])
        for r in range(1, 5):
            np.multiply(powers[..., r - 1], z, out=powers[..., r])
        place = lattice.first[self.total[tables]] + self.events[tables]
        sums = np.matmul(lattice.rows[:, part][place], powers)
        height = np.maximum(sums[..., 0], np.finfo(float).tiny)
        m1, m2, m3, m4 = np.moveaxis(sums[..., 1:] / height[..., None], 2, 0)
        t = tau[:, None]
        by_mu, by_tau = m1 / t, (m2 - 1) / t
        cells = np.stack(
            [
                np.log(height) + lattice.top[place],
                by_mu,
                by_tau,
                (m2 - 1) / t**2 - by_mu**2,
                (m3 - 3 * m1) / t**2 - by_mu * by_tau,
                (m4 - 5 * m2 + 2) / t**2 - by_tau**2,
            ]
        )
        return np.asarray(cells.sum(axis=2))
