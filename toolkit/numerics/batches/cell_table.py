"""Log-likelihood of every count of every size over one shared grid: fits become sums of rows.

What a series says of (location, spread) depends on its own count and size alone, so thousands of
tables of the same sizes need one row for each distinct (x, n). The grid holds every table of such
sizes, those without a single event included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, gammaln

from toolkit.numerics.binomial.series_likelihood import series_log_value
from toolkit.numerics.posterior.lattice import Lattice, covering_multiples
from toolkit.numerics.posterior.likelihood_table import TABLE_NODES
from toolkit.numerics.tables import Floats, Integers

_FARTHEST_LOGIT = 16.0
_FARTHEST_TAU = 24.0
_FARTHEST_U = 4.5
_LOCATION_SCALE = 2.0
_WIDEST_STEP = 0.1
_WIDEST_SPREAD_STEP = 0.25
_PRIOR_REACH = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CellTable:
    """Rows of log-likelihoods, one for each count 0..n of each size n.

    Attributes
    ----------
    location : Lattice
        Of a logit, symmetric about 0.
    spread : Lattice
        From 0; every row is even in it.
    first : (largest size + 1,)
        Number of the row of x = 0 for each size; -1 for a size that is not there.
    rows : (cells, n_location * n_spread)
        With binomial coefficients.
    """

    location: Lattice
    spread: Lattice
    first: Integers
    rows: Floats

    def sums(self, events: Integers, total: Integers) -> Floats:
        """Return the log-likelihood of every table, (B, n_location, n_spread).

        Parameters
        ----------
        events, total : (B, k)
            Of sizes that the table was made for.

        Raises
        ------
        ValueError
            If a size is not among them, or a count is not among 0..n.
        """
        known = (total >= 0) & (total < len(self.first))
        first = self.first[np.where(known, total, 0)]
        if not (known & (first >= 0) & (events >= 0) & (events <= total)).all():
            raise ValueError("a count or a size is not in this table")
        place = first + events
        out: Floats = self.rows[place[:, 0]]
        for column in place[:, 1:].T:
            out += self.rows[column]
        return out.reshape(len(events), self.location.count, self.spread.count)


def binomial_normal_cells(
    sizes: Iterable[int], *, series: int, patients: int, tau_scales: Sequence[float] = ()
) -> CellTable:
    """Return the rows of the binomial-normal model over (mu, tau).

    Parameters
    ----------
    sizes : iterable of int
        Patients of a series, each at least 1.
    series, patients : int
        The most series and patients that a table has: they say how fine the grid must be.
    tau_scales : sequence of float
        Scales of half-normal priors of tau, beyond the widest of which the grid must end.
    """
    listed = sorted(set(sizes))
    farthest = max([_FARTHEST_TAU, *(_PRIOR_REACH * scale for scale in tau_scales)])
    location, spread = _grid(series, patients, 2.0 * listed[-1] ** -0.5, farthest)
    mu, tau = (
        part.reshape(-1) for part in np.meshgrid(location.values, spread.values, indexing="ij")
    )

    def row(x: int, n: int) -> Floats:
        return series_log_value(np.full_like(mu, x), np.full_like(mu, n), mu, tau, TABLE_NODES)

    return _assemble(listed, location, spread, row)


def beta_binomial_cells(sizes: Iterable[int], *, series: int, patients: int) -> CellTable:
    """Return the rows of the beta-binomial model over (logit m, u), sinh(u)^2 = rho / (1 - rho).

    Parameters
    ----------
    sizes, series, patients
        As for `binomial_normal_cells`.
    """
    listed = sorted(set(sizes))
    location, spread = _grid(series, patients, listed[-1] ** -0.5, _FARTHEST_U)
    eta, u = np.meshgrid(location.values, spread.values, indexing="ij")
    steps = np.arange(listed[-1])[:, None] * (np.sinh(u) ** 2).reshape(-1)
    one = np.ones_like(eta)
    event, none, whole = (
        np.concatenate([np.zeros((1, eta.size)), np.cumsum(np.log(base.reshape(-1) + steps), 0)])
        for base in (expit(eta), expit(-eta), one)
    )
    return _assemble(
        listed, location, spread, lambda x, n: np.asarray(event[x] + none[n - x] - whole[n])
    )


def _grid(series: int, patients: int, unit: float, farthest: float) -> tuple[Lattice, Lattice]:
    """Return lattices a deviation apart at most, for the sharpest likelihood of such a table."""
    # With N patients a logit has a deviation of at least 2 / sqrt(N), a spread near 0 one of about
    # what chance makes of the largest series' logit, and log tau one of 1 / sqrt(2 k).
    step = min(_WIDEST_STEP, patients**-0.5)
    last = int(np.ceil(np.arcsinh(_FARTHEST_LOGIT / _LOCATION_SCALE) / step))
    location = Lattice(
        centre=0.0, scale=_LOCATION_SCALE, start=-last * step, step=step, count=2 * last + 1
    )
    spread_step = min(_WIDEST_SPREAD_STEP, (2 * series) ** -0.5)
    return location, covering_multiples(unit, 0.0, farthest, spread_step)


def _assemble(
    sizes: Sequence[int], location: Lattice, spread: Lattice, row: Callable[[int, int], Floats]
) -> CellTable:
    """Return the table of all counts, half of them by mirroring the other half."""
    first = np.full(sizes[-1] + 1, -1, dtype=np.int64)
    rows = np.empty((sum(sizes) + len(sizes), location.count * spread.count))
    start = 0
    for n in sizes:
        first[n] = start
        for x in range(n // 2 + 1):
            found = row(x, n) + gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1)
            rows[start + x] = found
            mirrored = found.reshape(location.count, spread.count)[::-1]
            rows[start + n - x] = mirrored.reshape(-1)
        start += n + 1
    return CellTable(location=location, spread=spread, first=first, rows=rows)
