"""A batch of tables of counts as one flat list, so that kernels need neither masks nor loops.

A cell holds the admissible counts low..high of one series among total patients: low = high for an
ordinary cell, 0..cut for a left-censored one. Its likelihood is the sum over those counts, so every
cell is laid out as one atom for each of its counts; ordinary tables have one atom a cell.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from toolkit.numerics.binomial.series_likelihood import Terms
from toolkit.numerics.tables import Booleans, Floats, Integers


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Atoms sorted by table, then by series, with what each table and cell needs to be told apart.

    Attributes
    ----------
    x, n, log_choose : (a,)
        Count, patients and logarithm of the binomial coefficient of each atom.
    cell : (a,)
        Number of the cell each atom belongs to.
    table : (c,)
        Number of the table each cell belongs to.
    series : (c,)
        Position of each cell in its table's last axis.
    low, high, total : (c,)
        The cells themselves.
    tables : int
        How many tables there are, those without a single cell included.
    shape : tuple of int
        The axes before the last one, as the caller gave them.
    """

    x: Floats
    n: Floats
    log_choose: Floats
    cell: Integers
    table: Integers
    series: Integers
    low: Floats
    high: Floats
    total: Floats
    tables: int
    shape: tuple[int, ...]

    @property
    def plain(self) -> bool:
        """Whether every cell is one count."""
        return len(self.x) == len(self.table)

    def chosen(self, kept: Booleans) -> Cells:
        """Return the cells of the tables marked in kept (B,), renumbered in the same order."""
        cells = kept[self.table]
        atoms = cells[self.cell]
        number = np.cumsum(kept) - 1
        cell_number = np.cumsum(cells) - 1
        return Cells(
            x=self.x[atoms],
            n=self.n[atoms],
            log_choose=self.log_choose[atoms],
            cell=cell_number[self.cell[atoms]],
            table=number[self.table[cells]],
            series=self.series[cells],
            low=self.low[cells],
            high=self.high[cells],
            total=self.total[cells],
            tables=int(kept.sum()),
            shape=(int(kept.sum()),),
        )

    def repeated(self, times: int) -> Cells:
        """Return the tables followed by the same tables again, so many times in all."""
        turn = np.arange(times)[:, None]
        return Cells(
            x=np.tile(self.x, times),
            n=np.tile(self.n, times),
            log_choose=np.tile(self.log_choose, times),
            cell=(turn * len(self.table) + self.cell).reshape(-1),
            table=(turn * self.tables + self.table).reshape(-1),
            series=np.tile(self.series, times),
            low=np.tile(self.low, times),
            high=np.tile(self.high, times),
            total=np.tile(self.total, times),
            tables=times * self.tables,
            shape=(times * self.tables,),
        )

    def per_table(self, values: Floats) -> Floats:
        """Return sums over the cells of each table, (..., c) to (..., B)."""
        if values.ndim == 1:
            return np.bincount(self.table, values, self.tables).astype(float)
        # One count over all rows: a pool of few series waits for calls, not for sums.
        rows = len(values)
        places = np.arange(rows)[:, None] * self.tables + self.table
        sums = np.bincount(places.reshape(-1), values.reshape(-1), rows * self.tables)
        return sums.reshape(rows, self.tables).astype(float, copy=False)

    def gather(self, terms: Terms) -> Floats:
        """Return log-likelihood, gradient and second derivatives of every cell, (6, c).

        In the order of `Terms`; the derivatives are those of the logarithm.
        """
        value = terms.log_value + self.log_choose
        ratios = [terms.by_mu, terms.by_tau, terms.by_mu_mu, terms.by_mu_tau, terms.by_tau_tau]
        count = len(self.table)
        if not self.plain:
            value, share = self._shares(value)
            ratios = [np.bincount(self.cell, share * row, count).astype(float) for row in ratios]
        by_mu, by_tau, mu_mu, mu_tau, tau_tau = ratios
        found = np.empty((6, count))
        found[0], found[1], found[2] = value, by_mu, by_tau
        found[3] = mu_mu - by_mu**2
        found[4] = mu_tau - by_mu * by_tau
        found[5] = tau_tau - by_tau**2
        return found

    def _shares(self, value: Floats) -> tuple[Floats, Floats]:
        """Return the logarithm of each cell's sum, and each atom's share of it."""
        starts = np.flatnonzero(np.diff(self.cell, prepend=-1))
        top = np.maximum.reduceat(value, starts)
        size = np.exp(value - top[self.cell])
        whole = np.bincount(self.cell, size, len(starts))
        return top + np.log(whole), size / whole[self.cell]


def lay_out(
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    total: npt.ArrayLike,
    mask: npt.ArrayLike | None = None,
) -> Cells:
    """Return the tables' cells as one flat list, leaving out those that say nothing.

    A cell whose admissible counts are 0..total has likelihood 1 whatever the proportion.

    Parameters
    ----------
    low, high, total : (..., k)
        Whole numbers, 0 <= low <= high <= total; they broadcast with mask.
    mask : (..., k), optional
        True where a series is used. Values under False are never read.

    Raises
    ------
    ValueError
        If a used cell is not made of whole numbers in that order.
    """
    arrays = [np.asarray(part, dtype=float) for part in (low, high, total)]
    wanted = np.asarray(True if mask is None else mask, dtype=bool)
    shape = np.broadcast_shapes(*(part.shape for part in arrays), wanted.shape)
    if not shape:
        raise ValueError("low, high and total need at least one axis: the series")
    used = np.broadcast_to(wanted, shape).reshape(-1, shape[-1])
    first, last, size = (np.broadcast_to(part, shape).reshape(used.shape) for part in arrays)
    table, series = np.nonzero(used)
    first, last, size = first[used], last[used], size[used]
    whole = np.isfinite(size) & (first % 1 == 0) & (last % 1 == 0) & (size % 1 == 0)
    if not (whole & (first >= 0) & (first <= last) & (last <= size)).all():
        raise ValueError("cells must be whole numbers with 0 <= low <= high <= total")
    telling = ~((first == 0) & (last == size))
    table, series = table[telling], series[telling]
    first, last, size = first[telling], last[telling], size[telling]
    width = (last - first).astype(np.int64) + 1
    cell = np.repeat(np.arange(len(width)), width)
    offset = np.arange(len(cell)) - np.repeat(np.cumsum(width) - width, width)
    x, n = first[cell] + offset, size[cell]
    return Cells(
        x=x,
        n=n,
        log_choose=gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1),
        cell=cell,
        table=table,
        series=series,
        low=first,
        high=last,
        total=size,
        tables=len(used),
        shape=shape[:-1],
    )
