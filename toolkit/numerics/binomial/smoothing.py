"""Likelihoods of many counts over many points (mu, tau), by one product of matrices.

The likelihood of x events among n patients is f(theta) = p^x (1 - p)^(n - x), p = expit(theta),
smoothed by a normal law of deviation tau. On an even lattice of theta the smoothing is a matrix
that is the same for every count: L = F K. A sum over an even lattice is exponentially accurate for
such integrands. With step h, and an integrand no narrower than w, its relative error is about
2 exp(-2 pi^2 w^2 / h^2), where 1 / w^2 = 1 / tau^2 + n / 4 at the narrowest: `lattice_error`. Where
tau is below `NARROWEST` steps the lattice cannot follow the normal law, and a short Gauss-Hermite
rule takes its place: f is then the wide one of the two.

**Source**: Trefethen, Weideman 2014, SIAM Review 56:385, doi 10.1137/130932132.
**Checked against**: the adaptive rule of `series_likelihood`, tests/numerics/test_smoothing.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from scipy.special import ndtr, xlogy

from toolkit.numerics.binomial.series_likelihood import series_log_value
from toolkit.numerics.tables import Booleans, Floats, Integers

LARGEST = 1_000
"""Patients up to which a series is smoothed on a lattice; beyond, the adaptive rule is cheaper."""

CLASSES = (0.0, 64.0, 256.0, float(LARGEST), np.inf)
"""Patients up to which series share a lattice."""

NARROWEST = 1.0
"""Steps of the lattice that tau must have."""

ROUGHLY = 2.0
"""How much wider a step may be where a hundredth of a log-likelihood is near enough."""

LEAST = -700.0
"""What stands for the logarithm of a likelihood so small beside its peak that nothing is left."""

_POINTS_A_DEVIATION = 2.0
_WIDEST_STEP = 0.25
_HERMITE_NODES = 7
_MOST_HALVINGS = 4
_DEVIATIONS = 7.5
_FAR_DEVIATIONS = 11.0
_FARTHEST = 18.0
_NOTHING_BEYOND = 45.0
_DEVIATION_STEPS = 2.0
_MOST_DOUBLINGS = 9
_ROWS_AT_ONCE = 8
_ADAPTIVE_NODES = 81


def lattice_step(patients: float) -> float:
    """Return the step of theta for series of at most so many patients."""
    return min(_WIDEST_STEP, 2.0 / (_POINTS_A_DEVIATION * float(np.sqrt(patients))))


def lattice_error(step: float, tau: float, patients: float) -> float:
    """Return the relative error of a sum over the lattice, to first order."""
    width = (1.0 / tau**2 + patients / 4.0) ** -0.5
    return float(2.0 * np.exp(-2.0 * (np.pi * width / step) ** 2))


def smoothed_rows(
    x: Floats,
    n: Floats,
    mu: Floats,
    tau: Floats,
    *,
    widened: float = 1.0,
    needed: Booleans | None = None,
) -> Floats:
    """Return log-likelihoods less binomial coefficients, (a, n_mu, n_tau).

    Good to 3e-7 wherever the likelihood is above exp(-40) of the count's largest, and to 0.3 down
    to exp(-100); far below that, `LEAST` beside the peak stands for what is left.

    Parameters
    ----------
    x, n : (a,)
        Events and patients, 0 <= x <= n.
    mu : (n_mu,) or (n_mu, n_tau)
        Means of the logits; two axes where they differ from one tau to the next.
    tau : (n_tau,)
        Their standard deviations, at least 0.
    widened : float
        By how much the step of the lattice is widened; `ROUGHLY` for a first look.
    needed : (n_mu, n_tau), optional
        The points that are asked for. Others stand at `LEAST` beside the peak, or are worked out
        where that costs nothing.
    """
    means = np.broadcast_to(mu.reshape(len(mu), -1), (len(mu), len(tau)))
    out = np.empty((len(x), *means.shape))
    # Small series do not pay for large ones; nor does a row depend on what stands beside it.
    for smallest, largest in pairwise(CLASSES):
        some = (n > smallest) & (n <= largest)
        if some.any():
            if np.isinf(largest):
                out[some] = _by_rule(x[some], n[some], means, tau)
            else:
                step = widened * lattice_step(largest)
                out[some] = _by_lattice(x[some], n[some], means, tau, step, needed)
    out[n == 0] = 0.0
    return out


def _by_rule(x: Floats, n: Floats, mu: Floats, tau: Floats) -> Floats:
    """Return rows by the adaptive rule, count by count."""
    at_mu, at_tau = mu.reshape(-1), np.broadcast_to(tau, mu.shape).reshape(-1)
    whole = np.ones_like(at_mu)
    rows = [
        series_log_value(a * whole, b * whole, at_mu, at_tau, _ADAPTIVE_NODES)
        for a, b in zip(x, n, strict=True)
    ]
    return np.stack(rows).reshape(len(x), *mu.shape)


def _by_lattice(
    x: Floats, n: Floats, mu: Floats, tau: Floats, step: float, needed: Booleans | None
) -> Floats:
    """Return rows by products of matrices, and by Gauss and Hermite's rule below."""
    # A product of few rows is summed in another order than one of many.
    count, x, n = len(x), *(np.resize(part, _padded(len(x))) for part in (x, n))
    top = np.asarray(xlogy(x, x / n) + xlogy(n - x, (n - x) / n), dtype=float)
    likelihood = np.zeros((len(x), *mu.shape))
    edges = (x == 0, x == n)
    narrow = tau < NARROWEST * step
    if narrow.any():
        _fill_narrow(likelihood, x, n, mu, tau, top, step, needed)
    wide = np.flatnonzero(~narrow)
    if len(wide):
        doublings = _doublings(tau[wide], step)
        smooth = np.where(doublings > 0, _DEVIATION_STEPS * step * 2.0**doublings, 0.0)
        reach = reach_of(tau[wide], smooth)
        low, high = mu.min(axis=0)[wide] - reach, mu.max(axis=0)[wide] + reach
        lattice: _Smoothed | None = None
        for doubled in range(int(doublings.max()) + 1):
            here, later = doublings == doubled, doublings > doubled
            ends = _range(low, high, here, later)
            if lattice is None:
                lattice = _at_first(x, n, top, step, ends)
            else:
                lattice = _doubled(lattice, edges, ends)
            _fill(likelihood, lattice, edges, mu, tau, wide[here], needed)
    with np.errstate(divide="ignore"):
        np.log(likelihood, out=likelihood)
    np.maximum(likelihood, LEAST, out=likelihood)
    likelihood += top[:, None, None]
    return likelihood[:count]


def _fill_narrow(
    likelihood: Floats,
    x: Floats,
    n: Floats,
    mu: Floats,
    tau: Floats,
    top: Floats,
    step: float,
    needed: Booleans | None,
) -> None:
    """Write the columns of spreads that a lattice of this step cannot follow.

    On finer ones, which need to reach no farther than such a normal law; narrower still, by a rule
    for a law beside which f is nearly straight.
    """
    narrow = np.flatnonzero(tau < NARROWEST * step)
    halvings = np.full(len(narrow), _MOST_HALVINGS + 1, dtype=np.int64)
    some = tau[narrow] > 0
    halvings[some] = np.ceil(np.log2(NARROWEST * step / tau[narrow][some]))
    for halved in np.unique(halvings):
        own = narrow[halvings == halved]
        held = slice(None) if needed is None else needed[:, own].any(axis=1)
        where = np.arange(len(mu))[held]
        if not len(where):
            continue
        part = mu[where][:, own]
        if halved > _MOST_HALVINGS:
            likelihood[np.ix_(np.arange(len(x)), where, own)] = _by_hermite(
                x, n, part, tau[own], top
            )
            continue
        reach = _DEVIATIONS * tau[own].max()
        fine = step / 2.0**halved
        lattice = _at_first(x, n, top, fine, (part.min() - reach, part.max() + reach))
        _fill(likelihood, lattice, (x < 0, x < 0), mu, tau, own, needed)


def _fill(
    likelihood: Floats,
    lattice: _Smoothed,
    edges: tuple[Booleans, Booleans],
    mu: Floats,
    tau: Floats,
    spreads: Integers,
    needed: Booleans | None,
) -> None:
    """Write the columns of some spreads, where they are needed."""
    if not len(spreads):
        return
    if (mu[:, spreads] != mu[:, spreads[:1]]).any():
        for j in spreads:
            likelihood[:, :, j] = _smooth(lattice, edges, mu[:, j], tau[j : j + 1])[..., 0]
        return
    held = np.arange(len(mu)) if needed is None else np.flatnonzero(needed[:, spreads].any(axis=1))
    if len(held):
        part = slice(held[0], held[-1] + 1)
        found = _smooth(lattice, edges, mu[part, spreads[0]], tau[spreads])
        likelihood[:, part, spreads[0] : spreads[-1] + 1] = found


def _padded(rows: int) -> int:
    return -(-rows // _ROWS_AT_ONCE) * _ROWS_AT_ONCE


@dataclass(frozen=True, slots=True, kw_only=True)
class _Smoothed:
    """Likelihoods over their peaks, smoothed by a deviation, on an even lattice of theta.

    What is smooth already needs fewer points: smoothing by tau is smoothing by `deviation` first,
    and then by what is left of tau.
    """

    step: float
    theta: Floats
    values: Floats
    deviation: float


def _doublings(tau: Floats, step: float) -> Integers:
    """Return how often the step may be doubled before each tau is smoothed."""
    # After a deviation of two steps, one step of deviation must be left.
    most = np.floor(np.log2(tau / (step * np.hypot(_DEVIATION_STEPS, NARROWEST))))
    return np.asarray(np.clip(most, 0, _MOST_DOUBLINGS), dtype=np.int64)


def reach_of(tau: Floats | float, smooth: Floats | float) -> Floats:
    """Return how far from mu anything counts: the normal law ends, or f has fallen to nothing."""
    return np.minimum(_DEVIATIONS * tau, _FARTHEST + _DEVIATIONS * smooth)


def _range(low: Floats, high: Floats, here: Booleans, later: Booleans) -> tuple[float, float]:
    """Return where a lattice begins and ends: for its own tau, and for those it leads to."""
    first = np.concatenate([low[here], np.maximum(low[later], -_NOTHING_BEYOND)])
    last = np.concatenate([high[here], np.minimum(high[later], _NOTHING_BEYOND)])
    return float(first.min()), float(last.max())


def _lattice(step: float, ends: tuple[float, float]) -> Floats:
    return step * np.arange(np.floor(ends[0] / step), np.ceil(ends[1] / step) + 1)


def _at_first(
    x: Floats, n: Floats, top: Floats, step: float, ends: tuple[float, float]
) -> _Smoothed:
    theta = _lattice(step, ends)
    return _Smoothed(step=step, theta=theta, values=_heights(x, n, theta, top), deviation=0.0)


def _doubled(
    before: _Smoothed, edges: tuple[Booleans, Booleans], ends: tuple[float, float]
) -> _Smoothed:
    """Return the same on a lattice of twice the step, smooth enough for it."""
    step = 2 * before.step
    theta, deviation = _lattice(step, ends), _DEVIATION_STEPS * step
    rest = float(np.sqrt(deviation**2 - before.deviation**2)) / before.step
    reach = int(np.ceil(_FAR_DEVIATIONS * rest))
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / rest) ** 2)
    # Every second point of a moving sum; beyond the lattice f is what it is at its end, 0 or 1.
    first = 2 * round(theta[0] / step) - reach - round(before.theta[0] / before.step)
    last = 2 * round(theta[-1] / step) + reach - round(before.theta[-1] / before.step)
    padded = np.zeros((len(before.values), max(-first, 0) + before.theta.size + max(last, 0)))
    padded[edges[0], : max(-first, 0)] = 1.0
    padded[edges[1], padded.shape[1] - max(last, 0) :] = 1.0
    padded[:, max(-first, 0) : max(-first, 0) + before.theta.size] = before.values
    used = padded[:, max(first, 0) : padded.shape[1] - max(-last, 0)]
    windows = np.lib.stride_tricks.sliding_window_view(used, len(weights), axis=1)[:, ::2]
    values = windows @ (weights / (rest * np.sqrt(2.0 * np.pi)))
    return _Smoothed(step=step, theta=theta, values=values, deviation=deviation)


def _smooth(
    lattice: _Smoothed, edges: tuple[Booleans, Booleans], mu: Floats, tau: Floats
) -> Floats:
    """Return likelihoods smoothed by each tau in all, at every mu, (a, n_mu, n_tau)."""
    step, rest = lattice.step, np.sqrt(tau**2 - lattice.deviation**2)
    reach = float(reach_of(rest.max(), lattice.deviation))
    first = np.searchsorted(lattice.theta, mu.min() - reach)
    last = np.searchsorted(lattice.theta, mu.max() + reach, side="right")
    theta = lattice.theta[first:last]
    found = np.matmul(lattice.values[:, first:last], smoothing_kernel(theta, mu, rest, step))
    for edge, end, sign in zip(edges, (theta[0], theta[-1]), (1.0, -1.0), strict=True):
        if edge.any():
            found[:, edge] += tail_beyond(sign * (end - mu), rest[:, None], step)[:, None]
    return np.moveaxis(found, 0, 2)


def _heights(x: Floats, n: Floats, theta: Floats, top: Floats) -> Floats:
    """Return f over its peak at every theta, (a, *theta.shape)."""
    log_f = np.multiply.outer(x, theta)
    log_f -= np.multiply.outer(n, np.logaddexp(0.0, theta))
    log_f -= top.reshape(-1, *(1 for _ in theta.shape))
    return np.asarray(np.exp(log_f, out=log_f))


def smoothing_kernel(theta: Floats, mu: Floats, tau: Floats, step: float) -> Floats:
    """Return what each point of the lattice weighs at each mu and tau, (n_tau, q, n_mu)."""
    square = np.subtract.outer(theta, mu)
    np.multiply(square, square, out=square)
    kernel = np.multiply.outer(-0.5 / tau**2, square)
    np.exp(kernel, out=kernel)
    kernel *= (step / (tau * np.sqrt(2.0 * np.pi)))[:, None, None]
    return kernel


def tail_beyond(distance: Floats, tau: Floats, step: float) -> Floats:
    """Return what lies beyond the lattice, where f of a zero or a full cell stays at 1, (...).

    The tail of the sum is the normal law's own, with the first term that a sum differs by from an
    integral which stops between two points.
    """
    zeta = (distance - 0.5 * step) / tau
    density = np.exp(-0.5 * zeta**2) / np.sqrt(2.0 * np.pi)
    return np.asarray(np.maximum(ndtr(zeta) + (step / tau) ** 2 / 24.0 * zeta * density, 0.0))


@cache
def hermite(count: int) -> tuple[Floats, Floats]:
    """Return nodes and weights of a rule for the standard normal law."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(count)
    return nodes, weights / weights.sum()


def _by_hermite(x: Floats, n: Floats, mu: Floats, tau: Floats, top: Floats) -> Floats:
    """Return likelihoods over their peak for a tau that is small beside the width of f."""
    nodes, weights = hermite(_HERMITE_NODES)
    theta = mu[..., None] + tau[:, None] * nodes
    return np.asarray(_heights(x, n, theta, top) @ weights)
