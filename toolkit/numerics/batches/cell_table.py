"""Log-likelihood of every count of every size over one shared grid: fits become sums of rows.

What a series says of (location, spread) depends on its own count and size alone, so thousands of
tables of the same sizes need one row for each distinct (x, n). The grid holds every table of such
sizes, those without a single event included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit, gammaln

from toolkit.numerics.binomial.average import (
    PROBIT_SHRINKS,
    average_terms,
    inverse_logit_average,
)
from toolkit.numerics.binomial.smoothing import smoothed_rows
from toolkit.numerics.posterior.lattice import Lattice, covering_multiples
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
    log_slope : (n_location, n_spread)
        Logarithm of E[p (1 - p)] over centres at every point, under the binomial-normal model.
    """

    location: Lattice
    spread: Lattice
    first: Integers
    rows: Floats
    log_slope: Floats

    def shortened(self) -> CellTable:
        """Return the table in single precision: half the work where five digits are enough."""
        return replace(self, rows=self.rows.astype(np.float32))

    def sums(self, events: Integers, total: Integers, *, after: int = 0) -> Floats:
        """Return the log-likelihood of every table, (B, n_location - after, n_spread).

        Parameters
        ----------
        events, total : (B, k)
            Of sizes that the table was made for.
        after : int
            Locations left out at the lower end.

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
        rows = self.rows[:, after * self.spread.count :]
        out: Floats = rows[place[:, 0]]
        for column in place[:, 1:].T:
            out += rows[column]
        return out.reshape(len(events), self.location.count - after, self.spread.count)


def binomial_normal_cells(
    sizes: Iterable[int],
    *,
    series: int,
    patients: int,
    tau_scales: Sequence[float] = (),
    of_average: bool = False,
) -> CellTable:
    """Return the rows of the binomial-normal model over (mu, tau), or over (eta, tau).

    Parameters
    ----------
    sizes : iterable of int
        Patients of a series, each at least 1.
    series, patients : int
        The most series and patients that a table has: they say how fine the grid must be.
    tau_scales : sequence of float
        Scales of half-normal priors of tau, beyond the widest of which the grid must end.
    of_average : bool
        Whether the location is eta, the logit of the average over centres, in place of mu.
    """
    listed = sorted(set(sizes))
    location, spread = lattices(
        series=series, patients=patients, largest=listed[-1], tau_scales=tau_scales
    )
    mu = np.repeat(location.values[:, None], spread.count, axis=1)
    if of_average:
        mu = means_at(location.values, spread.values)

    def rows(x: Floats, n: Floats) -> Floats:
        return smoothed_rows(x, n, mu, spread.values).reshape(len(x), -1)

    slope = average_terms(mu, spread.values)[1]
    return replace(_assemble(listed, location, spread, rows), log_slope=np.log(slope))


def lattices(
    *, series: int, patients: int, largest: int, tau_scales: Sequence[float] = ()
) -> tuple[Lattice, Lattice]:
    """Return locations and spreads of `binomial_normal_cells`, the largest size given."""
    farthest = max([_FARTHEST_TAU, *(_PRIOR_REACH * scale for scale in tau_scales)])
    return _grid(series, patients, 2.0 * largest**-0.5, farthest)


def means_at(eta: Floats, tau: Floats) -> Floats:
    """Return the mu at which the average over centres has the logit eta, (n_eta, n_tau)."""
    wanted, spread = np.broadcast_arrays(eta[:, None], tau)
    # For a normal law of logits the average is about that of a probit shrunk by its spread.
    return inverse_logit_average(wanted, spread, wanted * np.sqrt(1 + PROBIT_SHRINKS * spread**2))[
        0
    ]


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

    def rows(x: Floats, n: Floats) -> Floats:
        some, all_of = x.astype(np.int64), n.astype(np.int64)
        return np.asarray(event[some] + none[all_of - some] - whole[all_of])

    return _assemble(listed, location, spread, rows)


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
    sizes: Sequence[int],
    location: Lattice,
    spread: Lattice,
    rows_of: Callable[[Floats, Floats], Floats],
) -> CellTable:
    """Return the table of all counts, half of them by mirroring the other half."""
    first = np.full(sizes[-1] + 1, -1, dtype=np.int64)
    first[list(sizes)] = np.cumsum([0, *(n + 1 for n in sizes[:-1])])
    n = np.repeat(sizes, np.array(sizes) + 1)
    x = np.arange(len(n)) - first[n]
    rows = np.empty((len(n), location.count * spread.count))
    half = 2 * x <= n
    rows[half] = rows_of(x[half].astype(float), n[half].astype(float))
    rows[half] += (gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1))[half, None]
    mirror = (first[n] + n - x)[~half]
    mirrored = rows[mirror].reshape(len(mirror), location.count, spread.count)[:, ::-1]
    rows[~half] = mirrored.reshape(len(mirror), -1)
    unknown = np.full((location.count, spread.count), np.nan)
    return CellTable(location=location, spread=spread, first=first, rows=rows, log_slope=unknown)
