"""Profile-likelihood intervals of thousands of tables, read off their likelihoods on one grid.

**Checked against**: `toolkit.numerics.binomial.profile_likelihood` and
`toolkit.numerics.binomial.beta_binomial`, table by table, tests/numerics/test_batch_profile.py.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtri

from toolkit.numerics.batches.cell_table import CellTable
from toolkit.numerics.binomial.profile_likelihood import check_level
from toolkit.numerics.posterior.lattice import Lattice
from toolkit.numerics.roots import between, crossing, peak
from toolkit.numerics.tables import Floats, Integers

_SECANT_STEPS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Profiles:
    """The log-likelihood of each table at each location, its spread at its best there.

    Attributes
    ----------
    log_likelihood : (B, n_location, n_spread)
    location : Lattice
    value : (B, n_location)
    spread_place : (B, n_location)
        The best spread, in steps of its lattice.
    best : (B,)
        The largest value.
    best_place, best_spread_place : (B,)
        Where it is, in steps of the two lattices.
    """

    log_likelihood: Floats
    location: Lattice
    value: Floats
    spread_place: Floats
    best: Floats
    best_place: Floats
    best_spread_place: Floats


def profiles(log_likelihood: Floats, table: CellTable) -> Profiles:
    """Return the profiles of tables whose log-likelihoods are (B, n_location, n_spread)."""
    value, spread_place = best_over_spread(log_likelihood)
    # The profile bends where its spread leaves 0; its maximum is found along the spread, where the
    # best location moves smoothly.
    ridge, location_place = _over_location(log_likelihood)
    best, best_spread_place = best_over_spread(ridge[:, None, :])
    nearest = np.minimum(np.round(best_spread_place).astype(np.int64), ridge.shape[1] - 1)
    return Profiles(
        log_likelihood=log_likelihood,
        location=table.location,
        value=value,
        spread_place=spread_place,
        best=best[:, 0],
        best_place=np.take_along_axis(location_place, nearest, axis=1)[:, 0],
        best_spread_place=best_spread_place[:, 0],
    )


def highest(log_likelihood: Floats) -> Floats:
    """Return the largest value over location and spread of each table, (B,)."""
    tables, places, spreads = log_likelihood.shape
    top = log_likelihood.reshape(tables, -1).argmax(axis=1)
    place = np.clip(top // spreads, 2, places - 3)
    spread = np.minimum(top % spreads, spreads - 3)
    steps = np.arange(-2, 3)
    near = np.abs(spread[:, None] + steps)
    block = log_likelihood[
        np.arange(tables)[:, None, None], (place[:, None] + steps)[:, None, :], near[:, :, None]
    ]
    # Along the spread, where the best location moves smoothly.
    return np.asarray(peak(peak(block)[1])[1])


def profile_intervals(
    found: Profiles, *, level: float = 0.95, correction: Floats | None = None
) -> tuple[Floats, Floats]:
    """Return the ends of the profile-likelihood interval of the location, logits, both (B,).

    Infinite where the likelihood has not fallen far enough at the grid's end. Only for tables whose
    likelihood has a maximum. Within 1e-3 of the exact ends, as proportions; with a correction
    within 5e-3.

    Parameters
    ----------
    found : Profiles
    level : float
        Coverage, between 0 and 1.
    correction : (B, n_location), optional
        What the loss is divided by, as from `bartlett_corrections`.
    """
    check_level(level)
    divisor = np.ones_like(found.value) if correction is None else correction
    goal, last = float(np.sqrt(chdtri(1, 1 - level))), found.value.shape[1] - 1
    # The root of the loss is nearly a straight line on either side.
    root = np.sqrt(np.maximum(2 * (found.best[:, None] - found.value), 0.0) / divisor)
    steps, peak_place = np.arange(last + 1), found.best_place[:, None]
    lower = np.where((root > goal) & (steps < peak_place), steps, -1).max(axis=1)
    upper = np.where((root > goal) & (steps > peak_place), steps, last + 1).min(axis=1)
    side = np.sign(steps - peak_place)
    ends = []
    for sign, first in ((-1.0, lower), (1.0, upper - 1)):
        start = np.clip(first, 0, last - 1)
        place = crossing(side * root, sign * goal, start)
        for _ in range(_SECANT_STEPS):
            place = _nearer(found, divisor, place, start, goal)
        ends.append(found.location.after(place))
    return np.where(lower < 0, -np.inf, ends[0]), np.where(upper > last, np.inf, ends[1])


def bartlett_corrections(found: Profiles, table: CellTable, total: Integers) -> Floats:
    """Return what the loss of each table is divided by at each location, (B, n_location).

    The correction of `toolkit.numerics.binomial.profile_likelihood.profile_interval_mu`.

    Parameters
    ----------
    found : Profiles
        Of the binomial-normal model.
    table : CellTable
    total : (B, k)
    """
    log_slope = table.log_slope
    place = np.minimum(found.spread_place, table.spread.count - 1.0)
    before = np.minimum(place.astype(np.int64), table.spread.count - 2)
    share, columns = place - before, np.arange(table.location.count)
    slope = np.exp(
        (1 - share) * log_slope[columns, before] + share * log_slope[columns, before + 1]
    )
    variance = table.spread.after(place) ** 2 * slope
    one, two, three = np.zeros((3, *variance.shape))
    for n in total.T.astype(float):
        weight = n[:, None] / (1 + variance * n[:, None])
        one, two, three = one + weight, two + weight**2, three + weight**3
    return np.asarray(1 + 2 * three / (one * two))


def _nearer(
    found: Profiles, divisor: Floats, place: Floats, start: Integers, goal: float
) -> Floats:
    """Return where the root of the loss reaches the goal, by a straight line from the peak.

    Each spread's own likelihood is smooth in the location where the profile is not.
    """
    column = np.clip(np.round(place).astype(np.int64), 2, found.value.shape[1] - 3)
    near = column[:, None, None] + np.arange(-2, 3)[:, None]
    slices = between(np.take_along_axis(found.log_likelihood, near, axis=1), place - column)
    value = best_over_spread(slices[:, None, :])[0][:, 0]
    rows, share = np.arange(len(place)), place - start
    scale = (1 - share) * divisor[rows, start] + share * divisor[rows, start + 1]
    root = np.sqrt(np.maximum(2 * (found.best - value), 0.0) / scale)
    away = place - found.best_place
    factor = np.where(root > 0, goal / np.where(root > 0, root, 1.0), 1.0)
    return np.clip(found.best_place + away * factor, start, start + 1)


def best_over_spread(log_likelihood: Floats) -> tuple[Floats, Floats]:
    """Return the largest value over the spread, which is even about its first point, and where."""
    count = log_likelihood.shape[2]
    top = np.minimum(log_likelihood.argmax(axis=2), count - 3)
    near = np.abs(top[..., None] + np.arange(-2, 3))
    place, value = peak(np.take_along_axis(log_likelihood, near, axis=2))
    return value, np.abs(top + place)


def _over_location(log_likelihood: Floats) -> tuple[Floats, Floats]:
    """Return the largest value over the location at each spread, (B, n_spread), and where."""
    top = np.clip(log_likelihood.argmax(axis=1), 2, log_likelihood.shape[1] - 3)
    near = top[:, None] + np.arange(-2, 3)[:, None]
    values = np.take_along_axis(log_likelihood, near, axis=1)
    place, value = peak(np.moveaxis(values, 1, 2))
    return value, top + place
