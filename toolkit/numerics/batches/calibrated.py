"""Intervals that judge the likelihood ratio against its critical value among likely spreads.

A location m stays in the interval while LR(m) is at most the largest q(m, tau) over the spreads
whose likelihood at m lies within the 70 % set, 2 (max_tau l - l(m, tau)) <= 1.074.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import chdtri, expit

from toolkit.numerics.batches.cell_table import means_at
from toolkit.numerics.batches.critical_values import (
    ESTIMANDS,
    CriticalValues,
    limits,
    location_lattices,
)
from toolkit.numerics.batches.profile import best_over_spread, highest
from toolkit.numerics.binomial.cells import lay_out
from toolkit.numerics.posterior.lattice import Lattice
from toolkit.numerics.posterior.likelihood_table import cell_rows
from toolkit.numerics.tables import Floats

LIKELY = float(chdtri(1, 0.3))
"""What twice the loss of log-likelihood may be for a spread to count as likely: 1.074."""


def critical_of_tables(log_likelihood: Floats, value: Floats, critical: Floats) -> Floats:
    """Return the critical value of each table at a location of its own, (B,).

    Parameters
    ----------
    log_likelihood : (B, n_spread)
    value : (B,)
        The largest over the spread.
    critical : (B, n_tau)
        Critical values there at the first spreads; farther ones count as the last of these.
    """
    used = critical.shape[1]
    over = 2 * (value[:, None] - log_likelihood) - LIKELY
    likely = over[:, :used] <= 0
    found = np.where(likely, critical, 0.0).max(axis=1)
    # The edges of the set lie between the grid's spreads.
    left, right = over[:, : used - 1], over[:, 1:used]
    edge = (left <= 0) != (right <= 0)
    share = np.where(edge, left, 0.0) / np.where(edge, left - right, 1.0)
    at_edge = critical[:, :-1] + share * np.diff(critical, axis=1)
    found = np.maximum(found, np.where(edge, at_edge, 0.0).max(axis=1))
    # A narrow peak may lie between two spreads, and a set may lie beyond the last.
    nearest = np.minimum(log_likelihood.argmax(axis=1), used - 1)
    at_nearest = critical[np.arange(len(critical)), nearest]
    return np.asarray(np.where(likely.any(axis=1), found, np.maximum(found, at_nearest)))


def calibrated_places(
    best: Floats, log_likelihood: Floats, value: Floats, critical: Floats
) -> tuple[Floats, Floats]:
    """Return where each interval begins and ends, in steps of the locations' lattice, (B,).

    Minus or plus infinity where it reaches the lattice's end. Should there be a gap, the outermost
    locations that stay are taken: for series of 8, 19 and 38 the ends next to the estimate cover
    the mean in 93.0% of all tables at worst, the outermost ones in 94.9% (summed over all tables).

    Parameters
    ----------
    best : (B,)
        The largest log-likelihood, or its supremum.
    log_likelihood, value, critical
        As for `critical_of_tables`.
    """
    ratio = np.maximum(2 * (best[:, None] - value), 0.0)
    # Far inside and far outside every spread says the same: only in between the likely ones count.
    least, most = critical.min(axis=1), critical.max(axis=1)
    doubtful = (ratio >= least) & (ratio <= most)
    doubtful[:, 1:] |= doubtful[:, :-1] | (ratio[:, :-1] < least[:-1]) & (ratio[:, 1:] > most[1:])
    doubtful[:, :-1] |= doubtful[:, 1:]
    allowed = np.broadcast_to(most, ratio.shape).copy()
    table, place = np.nonzero(doubtful)
    allowed[table, place] = critical_of_tables(
        log_likelihood[table, place], value[table, place], critical[place]
    )
    # Roots of the ratio are nearly straight lines on either side.
    excess = np.sqrt(ratio) - np.sqrt(allowed)
    inside, last = excess <= 0, excess.shape[1] - 1
    # A likelihood sharper than the lattice may leave no point of it inside: its nearest stands in.
    inside[np.arange(len(inside)), excess.argmin(axis=1)] = True
    rows, first = np.arange(len(inside)), inside.argmax(axis=1)
    final = last - inside[:, ::-1].argmax(axis=1)

    def between(out: Floats, within: Floats) -> Floats:
        return np.clip(out / np.where(out > within, out - within, 1.0), 0.0, 1.0)

    before, after = np.maximum(first - 1, 0), np.minimum(final + 1, last)
    low = before + between(excess[rows, before], excess[rows, first])
    high = after - between(excess[rows, after], excess[rows, final])
    return np.where(first == 0, -np.inf, low), np.where(final == last, np.inf, high)


_FINER = 4


def calibrated_intervals(
    low: npt.ArrayLike, high: npt.ArrayLike, total: npt.ArrayLike, critical: CriticalValues
) -> Floats:
    """Return the intervals of one table as proportions, (2 estimands, 2 ends).

    Defined whatever the counts: an end is 0 or 1 where nothing stops it, so that a table without
    events has an interval with one end. Good to 1e-3 or better beside the critical values.

    Parameters
    ----------
    low, high, total : (k,)
        Admissible counts low..high among total patients. Where they differ, the likelihood is
        summed over them, and the critical values, which know single counts alone, are approximate.
    critical : CriticalValues
        Of these sizes, in whatever order.

    Raises
    ------
    ValueError
        If the critical values belong to other sizes.
    """
    first, last, size = (np.asarray(part, dtype=np.int64) for part in (low, high, total))
    if tuple(sorted(size.tolist())) != critical.sizes:
        raise ValueError(f"critical values of {critical.sizes} do not fit {tuple(size.tolist())}")
    coarse, spread = location_lattices(critical.sizes)
    fine = Lattice(
        centre=coarse.centre,
        scale=coarse.scale,
        start=coarse.start,
        step=coarse.step / _FINER,
        count=(coarse.count - 1) * _FINER + 1,
    )
    cells, tau = lay_out(first, last, size), spread.values
    rows = cell_rows(cells, fine.values, tau).sum(axis=0)[None]
    best = np.maximum(highest(rows), limits(first, last, size)[None])
    ends = []
    for estimand in ESTIMANDS:
        if estimand == "average":
            rows = cell_rows(cells, means_at(fine.values, tau), tau).sum(axis=0)[None]
        values = _between(critical.of(estimand))
        value, _ = best_over_spread(rows)
        places = calibrated_places(best, rows, value, values)
        ends.append([_at(fine, float(place[0])) for place in places])
    return np.array(ends)


def _between(values: Floats) -> Floats:
    """Return critical values on the finer lattice, along straight lines, (n_fine, n_tau)."""
    count = len(values)
    wanted = np.arange((count - 1) * _FINER + 1) / _FINER
    return np.stack([np.interp(wanted, np.arange(count), column) for column in values.T], axis=1)


def _at(lattice: Lattice, place: float) -> float:
    """Return the proportion at a place, 0 or 1 beyond the lattice's ends."""
    if np.isinf(place):
        return float(place > 0)
    return float(expit(lattice.after(np.array(place))))
