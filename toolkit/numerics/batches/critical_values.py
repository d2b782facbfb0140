"""What the likelihood ratio of a location reaches in one table in twenty, for given sizes.

The critical value q(m, tau) is the smallest value that the profile likelihood ratio of m does not
exceed with probability 0.95 when centres lie about m with deviation tau. It depends on the sizes of
the series alone. With few tables they are all enumerated; else one pool of simulated tables, drawn
from a mixture over the whole grid, serves every (m, tau) by its weights L(m, tau) / mixture: the
same table of log-likelihoods that gives the ratio gives the weight.

Tables come and go in chunks, and each leaves a histogram: the sum is the same whoever counted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from scipy.special import expit, xlogy

from toolkit.numerics.batches.cell_table import CellTable, binomial_normal_cells, lattices
from toolkit.numerics.batches.profile import best_over_spread, highest
from toolkit.numerics.posterior.lattice import Lattice
from toolkit.numerics.tables import Floats, Integers

Estimand = Literal["typical", "average"]
ESTIMANDS: tuple[Estimand, ...] = get_args(Estimand)

MOST_ENUMERATED = 1_000_000
"""Tables up to which all of them are counted."""

SIMULATED = 200_000
"""Tables of a pool where they are too many to be counted."""

CHUNK_TABLES = 5_000
"""Tables of a chunk: part of what a seed means, so that changing it changes every result."""

WIDEST_TAU = 3.6
"""Spreads beyond which no critical value is taken: there centres have nothing in common."""

ROOT_STEP = 0.005
"""Width of the bins in which roots of the likelihood ratio are counted."""

_FARTHEST_DRAWN = 9.0
_PART = 250
_BINS = 1_200
_NEGLIGIBLE = -25.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CriticalValues:
    """Critical values of the profile likelihood ratio of a location, one set of sizes.

    Attributes
    ----------
    sizes : tuple of int
        Patients of the series, ascending.
    level : float
        Probability with which a value is not exceeded.
    seed : int
        Of the pool of tables; it changes nothing where all are enumerated.
    tables : int
        How many tables were counted.
    enumerated : bool
        Whether these are all there are.
    values : (2, n_location, n_tau)
        Typical centre and average over centres; at the locations of the cell table of these sizes,
        and at the first of its spreads.
    """

    sizes: tuple[int, ...]
    level: float
    seed: int
    tables: int
    enumerated: bool
    values: Floats

    def of(self, estimand: Estimand) -> Floats:
        """Return the values of one estimand, (n_location, n_tau)."""
        return np.asarray(self.values[ESTIMANDS.index(estimand)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """What is needed to count the tables of one set of sizes, chunk by chunk.

    Attributes
    ----------
    sizes : tuple of int
        Ascending.
    seed : int
    enumerated : bool
    tables : int
    typical, average : CellTable
        The likelihoods over (mu, tau), and over (logit of the average, tau).
    """

    sizes: tuple[int, ...]
    seed: int
    enumerated: bool
    tables: int
    typical: CellTable
    average: CellTable

    @property
    def chunks(self) -> int:
        """How many chunks there are."""
        return math.ceil(self.tables / CHUNK_TABLES)


def counting(sizes: Sequence[int], *, seed: int, tables: int | None = None) -> Counting:
    """Return what is needed to count, with every table or with a pool of them.

    Parameters
    ----------
    sizes : sequence of int
        Patients of the series, each at least 1, in any order.
    seed : int
    tables : int, optional
        Simulated tables; not said: all tables where these are few enough, else `SIMULATED`.
    """
    ordered = tuple(sorted(sizes))
    every = math.prod(n + 1 for n in ordered)
    enumerated = tables is None and every <= MOST_ENUMERATED
    return Counting(
        sizes=ordered,
        seed=seed,
        enumerated=enumerated,
        tables=every if enumerated else tables or SIMULATED,
        typical=location_cells(ordered).shortened(),
        average=location_cells(ordered, of_average=True).shortened(),
    )


def location_cells(sizes: Sequence[int], *, of_average: bool = False) -> CellTable:
    """Return the cell table on whose grid critical values of these sizes stand."""
    return binomial_normal_cells(
        set(sizes), series=len(sizes), patients=sum(sizes), of_average=of_average
    )


def location_lattices(sizes: Sequence[int]) -> tuple[Lattice, Lattice]:
    """Return the locations and spreads of `location_cells` without its rows."""
    return lattices(series=len(sizes), patients=sum(sizes), largest=max(sizes))


def spreads_used(table: CellTable) -> int:
    """Return how many of the first spreads have critical values."""
    return int((table.spread.values <= WIDEST_TAU).sum())


def count_chunk(of: Counting, number: int) -> Floats:
    """Return the histogram of one chunk, (2, half of n_location, n_tau, bins).

    Each table counts at every (m, tau) with its probability there, over that of having been drawn.
    Only locations at or above 0 are counted: a table seen in the mirror is as likely below.
    """
    low, high = number * CHUNK_TABLES, min((number + 1) * CHUNK_TABLES, of.tables)
    events = _enumerate(of.sizes, low, high) if of.enumerated else _draw(of, number, high - low)
    middle, used = of.typical.location.count // 2, spreads_used(of.typical)
    entries: list[list[tuple[Integers, Floats]]] = [[], []]
    # Small parts stay within the processor's cache.
    for start in range(0, len(events), _PART):
        part = events[start : start + _PART]
        total = np.broadcast_to(np.array(of.sizes), part.shape)
        rows = of.typical.sums(part, total)
        best = np.maximum(highest(rows), limits(part, part, total))
        rows = rows[:, middle:]
        drawn = 0.0 if of.enumerated else _log_mixture(of.typical, rows[..., :used])
        entries[0].append(_entries(best, rows, used, drawn))
        rows = of.average.sums(part, total, after=middle)
        entries[1].append(_entries(best, rows, used, drawn))
    return np.stack([_histogram(each, middle + 1, used) for each in entries])


def limits(low: Integers, high: Integers, total: Integers) -> Floats:
    """Return the log-likelihood's limit where all centres lie at 0 or at 1, (...).

    Minus infinity where a series admits neither. A table without events, or of nothing else,
    reaches its supremum 0 there.

    Parameters
    ----------
    low, high, total : (..., k)
    """
    zero, full = (low == 0).sum(axis=-1), (high == total).sum(axis=-1)
    series = total.shape[-1]
    known = xlogy(zero, zero / series) + xlogy(full, full / series)
    return np.asarray(np.where(zero + full >= series, np.minimum(known, 0.0), -np.inf))


def values_from(of: Counting, histogram: Floats, level: float) -> CriticalValues:
    """Return the critical values of the summed histogram of all chunks."""
    below = np.cumsum(histogram, axis=-1)
    enough = below >= level * below[..., -1:] * (1 - 1e-12)
    # The upper edge of the bin in which the level is reached.
    half = ((enough.argmax(axis=-1) + 1) * ROOT_STEP) ** 2
    return CriticalValues(
        sizes=of.sizes,
        level=level,
        seed=of.seed,
        tables=of.tables,
        enumerated=of.enumerated,
        values=np.concatenate([half[:, :0:-1], half], axis=1),
    )


def _entries(
    best: Floats, rows: Floats, used: int, drawn: Floats | float
) -> tuple[Integers, Floats]:
    """Return bins (location and root of the ratio) and weights (spread) of what weighs at all."""
    log_weight = rows.max(axis=2) - np.reshape(drawn, (-1, 1))
    table, place = np.nonzero(log_weight > _NEGLIGIBLE)
    heavy = rows[table, place]
    value, _ = best_over_spread(heavy[:, None])
    root = np.sqrt(np.maximum(2 * (best[table] - value[:, 0]), 0.0))
    step = np.minimum((root / ROOT_STEP).astype(np.int64), _BINS - 1)
    weight = heavy[:, :used]
    weight -= drawn if np.ndim(drawn) == 0 else np.asarray(drawn)[table, None]
    return place * _BINS + step, np.exp(weight, out=weight)


def _histogram(entries: Sequence[tuple[Integers, Floats]], places: int, spreads: int) -> Floats:
    """Return summed weights, (places, spreads, bins)."""
    where = np.concatenate([each[0] for each in entries])
    weight = np.concatenate([each[1] for each in entries])
    sums = [np.bincount(where, column, places * _BINS).astype(float) for column in weight.T]
    return np.stack(sums, axis=1).reshape(places, _BINS, spreads).transpose(0, 2, 1)


def _enumerate(sizes: Sequence[int], low: int, high: int) -> Integers:
    """Return the tables numbered from low to high in the order of all of them, (B, k)."""
    columns = np.unravel_index(np.arange(low, high), [n + 1 for n in sizes])
    return np.stack(columns, axis=1).astype(np.int64)


def _components(table: CellTable) -> tuple[Integers, Integers]:
    """Return the points of the grid from which tables are drawn: places of mu and of tau."""
    mu = table.location.values[table.location.count // 2 :]
    near = np.flatnonzero(mu <= _FARTHEST_DRAWN)
    place, spread = np.meshgrid(near, np.arange(spreads_used(table)), indexing="ij")
    return place.reshape(-1), spread.reshape(-1)


def _draw(of: Counting, number: int, tables: int) -> Integers:
    """Return the simulated tables of one chunk, as many from every point of the grid as go."""
    rng = np.random.default_rng(np.random.SeedSequence(of.seed, spawn_key=(number,)))
    place, spread = _components(of.typical)
    # Points in turn, from where the last chunk stopped.
    chosen = (number * CHUNK_TABLES + np.arange(tables)) % len(place)
    location = of.typical.location
    mu = location.values[location.count // 2 + place[chosen], None]
    tau = of.typical.spread.values[spread[chosen], None]
    sizes = np.array(of.sizes)
    return rng.binomial(sizes, expit(mu + tau * rng.standard_normal((tables, len(sizes)))))


def _log_mixture(table: CellTable, log_likelihood: Floats) -> Floats:
    """Return the log of each table's probability of being drawn, (B,)."""
    place, spread = _components(table)
    at = log_likelihood[:, place, spread]
    top = at.max(axis=1)
    return np.asarray(top + np.log(np.exp(at - top[:, None]).mean(axis=1)))
