"""Sums over the factors b + j theta of a rising product, in time that does not grow with them.

The first factors are summed one by one; the rest is an integral with Euler and Maclaurin's
corrections, which shrink like (theta / (b + J theta))^2 < 1 / J^2 from the factor J on. Differences
of log-gamma functions would lose every digit as theta goes to 0; these sums do not.

**Source**: Abramowitz, Stegun 1964, 23.1.30 (Euler and Maclaurin's formula).
"""

from __future__ import annotations

import numpy as np

from toolkit.numerics.tables import Floats

ONE_BY_ONE = 48
"""Factors summed one by one."""

_CHUNK_FACTORS = 400_000
_SMALL = 0.2
_SERIES_TERMS = 26
# B_2r / (2 r)!, r = 1 .. 4.
_BERNOULLI = (1 / 12, -1 / 720, 1 / 30_240, -1 / 1_209_600)


def rising_sums(count: Floats, base: Floats, theta: Floats) -> Floats:
    """Return the logarithm of prod_{j < count} (base + j theta) and its derivatives, (6, a).

    Rows: value; by base, by theta; twice by base, by base and theta, twice by theta.

    Parameters
    ----------
    count : (a,)
        Whole numbers, at least 0.
    base : (a,)
        Above 0 wherever count is.
    theta : (a,)
        At least 0.
    """
    first = np.minimum(count, ONE_BY_ONE)
    found = np.empty((6, len(count)))
    chunks = int(first.sum()) // _CHUNK_FACTORS + 1
    for part in np.array_split(np.arange(len(count)), chunks):
        found[:, part] = _one_by_one(first[part], base[part], theta[part])
    long = count > ONE_BY_ONE
    if long.any():
        found[:, long] += _rest(count[long], base[long], theta[long])
    found[[3, 4, 5]] *= -1.0
    return found


def _one_by_one(count: Floats, base: Floats, theta: Floats) -> Floats:
    """Return the six sums, of positive terms, factor by factor."""
    whole = count.astype(np.int64)
    owner = np.repeat(np.arange(len(count)), whole)
    j = np.arange(len(owner)) - np.repeat(np.cumsum(whole) - whole, whole)
    inverse = 1.0 / (base[owner] + j * theta[owner])
    lever = j * inverse
    terms = (-np.log(inverse), inverse, lever, inverse**2, inverse * lever, lever**2)
    return np.stack([np.bincount(owner, term, len(count)) for term in terms])


def _rest(count: Floats, base: Floats, theta: Floats) -> Floats:
    """Return the six sums over the factors from `ONE_BY_ONE` on."""
    start = float(ONE_BY_ONE)
    low, length = base + start * theta, count - start
    z = length * theta / low
    h, g1, g2, g3, g4 = _integrals(z)
    plain, square = length / low, length / (low * (low + length * theta))
    lever, cross = length**2 / low * g2, (length / low) ** 2 * g3
    integrals = np.stack(
        [
            length * (np.log(low) + h),
            plain * g1,
            start * plain * g1 + lever,
            square,
            start * square + cross,
            start**2 * square + 2 * start * cross + length**3 / low**2 * g4,
        ]
    )
    at_start, at_end = _ends(np.full_like(base, start), base, theta), _ends(count, base, theta)
    return integrals + at_end - at_start


def _integrals(z: Floats) -> tuple[Floats, ...]:
    """Return mean integrals over a stretch on which a factor grows from 1 to 1 + z.

    Of log(1 + v); 1 / (1 + v); v / (1 + v); v / (1 + v)^2; v^2 / (1 + v)^2: with v from 0 to z, the
    last three over z^2, z^2 and z^3, the others over z.
    """
    small = z < _SMALL
    x = np.where(small, 1.0, z)
    log = np.log1p(x)
    closed = (
        ((1 + x) * log - x) / x,
        log / x,
        (x - log) / x**2,
        (log - x / (1 + x)) / x**2,
        (x - 2 * log + x / (1 + x)) / x**3,
    )
    m = np.arange(_SERIES_TERMS)
    powers = np.where(small, -z, 0.0)[:, None] ** m
    series = (
        powers @ (1 / ((m + 1) * (m + 2))) * z,
        powers @ (1 / (m + 1)),
        powers @ (1 / (m + 2)),
        powers @ ((m + 1) / (m + 2)),
        powers @ ((m + 1) / (m + 3)),
    )
    return tuple(np.where(small, a, b) for a, b in zip(series, closed, strict=True))


def _ends(j: Floats, base: Floats, theta: Floats) -> Floats:
    """Return what the six sums up to j have beyond their integrals, from the end at j."""
    inverse = 1.0 / (base + j * theta)
    ratio = theta * inverse
    logs = -np.log(inverse)
    # Derivatives of 1 / y and 1 / y^2 in j, m = 0 .. 7; those of log y follow from the first.
    one, two = [inverse], [inverse**2]
    for m in range(1, 2 * len(_BERNOULLI)):
        one.append(-m * ratio * one[-1])
        two.append(-(m + 1) * ratio * two[-1])
    total = -0.5 * np.stack([logs, one[0], j * one[0], two[0], j * two[0], j**2 * two[0]])
    for r, factor in enumerate(_BERNOULLI):
        m = 2 * r + 1
        twice_less = m * (m - 1) * two[m - 2] if m > 1 else np.zeros_like(j)
        total += factor * np.stack(
            [
                theta * one[m - 1],
                one[m],
                j * one[m] + m * one[m - 1],
                two[m],
                j * two[m] + m * two[m - 1],
                j**2 * two[m] + 2 * m * j * two[m - 1] + twice_less,
            ]
        )
    return total
