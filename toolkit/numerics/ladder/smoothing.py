"""Binomial cells averaged over a normal law of logits, for thousands of laws at once.

`E[f(mu + tau Z)]` is a sum of f over an even lattice of logits with normal weights: one product of
matrices for all cells and all (mu, tau). It is exponentially accurate where the product of f and
the normal density is wide against the lattice; narrower laws take a finer lattice, and the
narrowest Gauss-Hermite nodes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import bdtr, bdtrc, expit, gammaln, ndtr

from toolkit.numerics.tables import Floats, Integers

Table = npt.NDArray[np.floating[Any]]
Places = npt.NDArray[np.intp]

Cell = tuple[int, int, int]
"""Patients, and the lowest and the highest admissible count among them."""

_FARTHEST = 18.0
_WIDEST_STEP = 0.25
_SUMMED = 64
_CHUNK = 1 << 21
_FINER = 3
_NODES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCells:
    """Some binomial cells on a lattice of logits.

    Attributes
    ----------
    cells : tuple of Cell
    lattice : CellLattice
        Over all logits at which a proportion is neither 0 nor 1 in print.
    finer : CellLattice
        The same with several points for one.
    """

    cells: tuple[Cell, ...]
    lattice: CellLattice
    finer: CellLattice

    def averaged(self, mu: Floats, tau: Floats) -> Table:
        """Return the probability of each cell averaged over each law of logits, (S, C + 1).

        The last column is 0: it stands for a cell that cannot be.

        Parameters
        ----------
        mu, tau : (S,)
            Means and standard deviations of the laws; tau >= 0.
        """
        dtype = self.lattice.values.dtype
        out = np.zeros((len(mu), len(self.cells) + 1), dtype=dtype)
        wide = tau >= self.lattice.step
        narrow = tau < self.finer.step
        for lattice, rows in ((self.lattice, wide), (self.finer, ~wide & ~narrow)):
            for part in _parts(np.flatnonzero(rows), len(lattice.logits)):
                out[part, :-1] = lattice.averaged(mu[part], tau[part])
        # Against the sharpest cell these laws are so narrow that few nodes serve them.
        nodes, weights = _hermite(_NODES if dtype == np.float32 else 2 * _NODES)
        shares = weights.astype(dtype)
        for part in _parts(np.flatnonzero(narrow), len(nodes) * len(self.cells)):
            logits = mu[part, None] + tau[part, None] * nodes
            found = cell_values(self.cells, logits.reshape(-1), dtype)
            out[part, :-1] = shares @ found.reshape(*logits.shape, len(self.cells))
        return out


@dataclass(frozen=True, slots=True, kw_only=True)
class CellLattice:
    """Cells at even logits.

    Attributes
    ----------
    logits : (T,)
    values : (T, C)
        Probability of each cell at each logit, in single precision where that is enough.
    """

    logits: Floats
    values: Table

    @property
    def step(self) -> float:
        """Distance of two logits."""
        return float(self.logits[1] - self.logits[0])

    def averaged(self, mu: Floats, tau: Floats) -> Table:
        """Return the probability of each cell averaged over laws as wide as a step, (S, C)."""
        dtype = self.values.dtype
        scale = (1 / tau).astype(dtype)[:, None]
        weights = self.logits.astype(dtype) * scale
        weights -= (mu / tau).astype(dtype)[:, None]
        np.square(weights, out=weights)
        weights *= dtype.type(-0.5)
        np.exp(weights, out=weights)
        weights *= dtype.type(self.step / np.sqrt(2 * np.pi)) * scale
        # Beyond the ends a proportion is 0 or 1, and nothing changes any more.
        weights[:, 0] = ndtr((self.logits[0] + 0.5 * self.step - mu) / tau)
        weights[:, -1] = ndtr((mu + 0.5 * self.step - self.logits[-1]) / tau)
        return np.asarray(weights @ self.values)


@cache
def _hermite(count: int) -> tuple[Floats, Floats]:
    """Return nodes and weights of the average over a standard normal law."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(count)
    return np.asarray(nodes), np.asarray(weights / weights.sum())


def tabulate_cells(cells: Sequence[Cell], *, exact: bool = False) -> StepCells:
    """Return cells on a lattice that resolves the sharpest of them.

    Parameters
    ----------
    cells : sequence of Cell
    exact : bool
        Good to about 1e-6 of a probability and fast, or to 1e-13.
    """
    most = max((n for n, _, _ in cells), default=1)
    step = min(_WIDEST_STEP, 1.33 / np.sqrt(most)) / (2.0 if exact else 1.0)
    count = 2 * int(np.ceil(_FARTHEST / step)) * _FINER + 1
    logits = np.linspace(-_FARTHEST, _FARTHEST, count)
    values = cell_values(cells, logits, np.dtype(np.float64 if exact else np.float32))
    return StepCells(
        cells=tuple(cells),
        lattice=CellLattice(logits=logits[::_FINER], values=np.ascontiguousarray(values[::_FINER])),
        finer=CellLattice(logits=logits, values=values),
    )


def _parts(rows: Places, width: int) -> Iterator[Places]:
    """Yield rows in parts small enough for a processor's cache."""
    size = max(1, _CHUNK // max(width, 1))
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def cell_values(cells: Sequence[Cell], logits: Floats, dtype: np.dtype[Any]) -> Table:
    """Return the probability of each cell at each logit, (T, C)."""
    theta = np.clip(logits, -2 * _FARTHEST, 2 * _FARTHEST)
    n, low, high = np.array(cells, dtype=np.int64).reshape(-1, 3).T
    long = high - low >= _SUMMED
    out = np.empty((len(theta), len(n)), dtype=dtype)
    for column in np.flatnonzero(long):
        out[:, column] = _between(low[column], high[column], n[column], expit(theta))
    out[:, ~long] = _short(low[~long], high[~long], n[~long], theta, dtype)
    return out


def _short(low: Integers, high: Integers, n: Integers, theta: Floats, dtype: Any) -> Table:
    """Return the probability of each short range of counts at each logit, (T, C)."""
    width = high - low + 1
    cell = np.repeat(np.arange(len(n)), width)
    starts = np.cumsum(width) - width
    x = low[cell] + np.arange(len(cell)) - starts[cell]
    size = n[cell].astype(float)
    choose = gammaln(size + 1) - gammaln(x + 1) - gammaln(size - x + 1)
    terms = np.multiply.outer(theta.astype(dtype), x.astype(dtype))
    terms -= np.multiply.outer(np.logaddexp(0.0, theta).astype(dtype), size.astype(dtype))
    terms += choose.astype(dtype)
    np.exp(terms, out=terms)
    if len(cell) == len(n):
        return np.asarray(terms)
    return np.asarray(np.add.reduceat(terms, starts, axis=1))


def _between(low: int, high: int, n: int, p: Floats) -> Floats:
    """Return the probability of a long range of counts, from the tail that is the shorter one."""
    below = bdtr(low - 1, n, p) if low > 0 else np.zeros_like(p)
    above = bdtrc(high, n, p) if high < n else np.zeros_like(p)
    if low == 0:
        return np.asarray(1 - above if high == n else bdtr(high, n, p))
    if high == n:
        return np.asarray(bdtrc(low - 1, n, p))
    return np.asarray(np.where(above > below, bdtr(high, n, p) - below, 1 - below - above))
