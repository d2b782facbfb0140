"""The likelihood of one table at several points (mu, u) at once, from its values on one lattice.

The lattice of theta is made once for a table; a point then costs a product of a few columns. Its
derivatives come from the normal law's own, as moments of z. A lattice as fine as here is exact to
rounding where tau has 1.5 of its steps; points with less, and those whose normal law leaves the
lattice while f does not fall, go to the adaptive rule.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from toolkit.numerics.binomial.binomial_normal import (
    BinomialNormalSurface,
    in_spread,
    log_likelihood_common,
)
from toolkit.numerics.binomial.cells import Cells
from toolkit.numerics.binomial.series_likelihood import FINE_NODES
from toolkit.numerics.binomial.smoothing import LARGEST
from toolkit.numerics.tables import Booleans, Floats

_POINTS_A_DEVIATION = 3.2
NARROWEST = 1.5
"""Steps of the lattice that tau must have."""

_WIDEST_STEP = 0.16
_FARTHEST = 48.0
DEVIATIONS = 8.5
"""Standard deviations beyond which a normal law counts for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LatticeSurface:
    """One table's log-likelihood as a function of (mu, u), tau = |sinh u|, at any number of points.

    Attributes
    ----------
    cells : Cells
        Of one table.
    step : float
    theta : (q,)
    likelihood : (c, q)
        Of every cell at every point of the lattice, over its peak there.
    top : (c,)
        Logarithms of those peaks.
    """

    cells: Cells
    step: float
    theta: Floats
    likelihood: Floats
    top: Floats

    def __call__(self, points: Floats) -> tuple[Floats, Floats, Floats]:
        """Return values (e,), gradients (e, 2) and second derivatives (e, 2, 2)."""
        mu, tau = points[:, 0], np.sinh(np.abs(points[:, 1]))
        found = np.empty((6, len(points)))
        flat = tau == 0.0
        reach = DEVIATIONS * tau
        inside = (mu - reach > self.theta[0]) & (mu + reach < self.theta[-1])
        smooth = inside & (tau >= NARROWEST * self.step)
        if flat.any():
            found[:, flat] = log_likelihood_common(self.cells.repeated(int(flat.sum())), mu[flat])
        if smooth.any():
            found[:, smooth] = self._smoothed(mu[smooth], tau[smooth])
        rest = ~(flat | smooth)
        out = in_spread(found, points[:, 1])
        if rest.any():
            surface = BinomialNormalSurface(
                cells=self.cells.repeated(int(rest.sum())), nodes=FINE_NODES
            )
            for whole, part in zip(out, surface(points[rest]), strict=True):
                whole[rest] = part
        return out

    def chosen(self, kept: Booleans) -> LatticeSurface:
        """Return the surface itself: it is the same for every point."""
        return self

    def _smoothed(self, mu: Floats, tau: Floats) -> Floats:
        """Return value and derivatives in (mu, tau) of the whole table, (6, e)."""
        reach = DEVIATIONS * tau
        first = np.searchsorted(self.theta, (mu - reach).min())
        last = np.searchsorted(self.theta, (mu + reach).max(), side="right")
        z = (self.theta[first:last, None] - mu) / tau
        powers = np.empty((5, *z.shape))
        powers[0] = np.exp(-0.5 * z * z) * (self.step / np.sqrt(2 * np.pi) / tau)
        for r in range(1, 5):
            np.multiply(powers[r - 1], z, out=powers[r])
        sums = self.likelihood[:, first:last] @ powers
        height = np.maximum(sums[0], np.finfo(float).tiny)
        m1, m2, m3, m4 = sums[1:] / height
        by_mu, by_tau = m1 / tau, (m2 - 1) / tau
        square = tau**2
        cells = np.stack(
            [
                np.log(height) + self.top[:, None],
                by_mu,
                by_tau,
                (m2 - 1) / square - by_mu**2,
                (m3 - 3 * m1) / square - by_mu * by_tau,
                (m4 - 5 * m2 + 2) / square - by_tau**2,
            ]
        )
        return np.asarray(cells.sum(axis=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSurface:
    """The same by the adaptive rule alone, for series too large for a lattice."""

    cells: Cells

    def __call__(self, points: Floats) -> tuple[Floats, Floats, Floats]:
        """Return values (e,), gradients (e, 2) and second derivatives (e, 2, 2)."""
        cells = self.cells.repeated(len(points))
        return BinomialNormalSurface(cells=cells, nodes=FINE_NODES)(points)

    def chosen(self, kept: Booleans) -> RuleSurface:
        """Return the surface itself: it is the same for every point."""
        return self


TableSurface = LatticeSurface | RuleSurface


def surface_step(patients: float) -> float:
    """Return the step of theta for series of at most so many patients: see `lattice_error`."""
    return min(_WIDEST_STEP, 2.0 / (_POINTS_A_DEVIATION * float(np.sqrt(patients))))


def table_surface(cells: Cells) -> TableSurface:
    """Return the surface of one table, on a lattice where its series are not too large."""
    if not len(cells.x) or cells.n.max() > LARGEST:
        return RuleSurface(cells=cells)
    step = surface_step(float(cells.n.max()))
    count = int(np.ceil(_FARTHEST / step))
    theta = step * np.arange(-count, count + 1)
    log_f = np.multiply.outer(cells.x, theta)
    log_f -= np.multiply.outer(cells.n, np.logaddexp(0.0, theta))
    log_f += cells.log_choose[:, None]
    if cells.plain:
        top = log_f.max(axis=1)
        likelihood = np.exp(log_f - top[:, None], out=log_f)
    else:
        starts = np.flatnonzero(np.diff(cells.cell, prepend=-1))
        whole = np.logaddexp.reduceat(log_f, starts, axis=0)
        top = whole.max(axis=1)
        likelihood = np.exp(whole - top[:, None])
    return LatticeSurface(
        cells=cells, step=step, theta=np.asarray(theta), likelihood=likelihood, top=top
    )
