"""Likelihood of one series under the binomial-normal model, with its first two derivatives.

Letters: x events among n patients; theta = mu + tau z, the logit of the proportion of a centre,
with z standard normal; L(mu, tau) = C(n, x) times the integral of p^x (1 - p)^(n - x) phi(z) dz,
p = expit(theta). Every array is flat: one entry for one pair of a count and a point (mu, tau).

Two forms of the same integral are used, because no single one is smooth everywhere:

- centred: a trapezoid rule on z = mode + scale * sinh(b t) / b, which is exponentially accurate
  for a log-concave integrand with tails between Gaussian and exponential;
- by parts, for a zero (or, mirrored, a full) cell and large tau, where the integrand is a wide
  Gaussian cut off by a sharp edge: L = integral of n p (1 - p)^n Phi((theta - mu) / tau) dtheta.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import expit, log_ndtr

from toolkit.numerics.tables import Floats

FINE_NODES = 81
COARSE_NODES = 25
_BY_PARTS_ABOVE_TAU = 1.5
_STRETCH = 0.7
_REACH = 36.0
_CHUNK = 512
_ROUGH = 0.1
_MOST_STEPS = 200
_HALF_LOG_2PI = 0.9189385332046727


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Logarithm of L and the derivatives of L divided by L, one entry a count.

    Attributes
    ----------
    log_value : log L, without the binomial coefficient
    by_mu, by_tau : first derivatives of L over L
    by_mu_mu, by_mu_tau, by_tau_tau : second derivatives of L over L
    """

    log_value: Floats
    by_mu: Floats
    by_tau: Floats
    by_mu_mu: Floats
    by_mu_tau: Floats
    by_tau_tau: Floats


@cache
def stretched_nodes(count: int) -> tuple[Floats, Floats]:
    """Return nodes and weights of the stretched trapezoid rule, symmetric about 0, both (count,).

    The nodes are sinh(b t) / b on an even grid of t, so they reach 36 scales to either side:
    far enough for a Gaussian as for an exponential tail to fall below double precision.
    """
    half_width = np.arcsinh(_STRETCH * _REACH) / _STRETCH
    t = np.linspace(-half_width, half_width, count)
    step = t[1] - t[0]
    return np.sinh(_STRETCH * t) / _STRETCH, step * np.cosh(_STRETCH * t)


def series_terms(x: Floats, n: Floats, mu: Floats, tau: Floats, nodes: int = FINE_NODES) -> Terms:
    """Return log-likelihood and derivatives of flat counts, less binomial coefficients.

    Parameters
    ----------
    x, n : (a,) events and patients, 0 <= x <= n
    mu, tau : (a,) mean and standard deviation of the logits, tau >= 0
    nodes : nodes of the rule, an odd number; 81 agree with 161 to 1e-9
    """
    columns = np.empty((6, x.size))
    for start in range(0, x.size, _CHUNK):
        part = slice(start, start + _CHUNK)
        columns[:, part] = _terms_chunk(x[part], n[part], mu[part], tau[part], nodes)
    return _named(columns)


def series_log_value(
    x: Floats, n: Floats, mu: Floats, tau: Floats, nodes: int = FINE_NODES
) -> Floats:
    """Return the log-likelihood alone of flat counts, less binomial coefficients, (a,)."""
    out = np.empty(x.size)
    for start in range(0, x.size, _CHUNK):
        part = slice(start, start + _CHUNK)
        out[part] = _terms_chunk(x[part], n[part], mu[part], tau[part], nodes, value_only=True)[0]
    return out


def binomial_terms(x: Floats, n: Floats, mu: Floats) -> Terms:
    """Return the same as `series_terms` at tau = 0, where the integral is the integrand."""
    p = expit(mu)
    residual = x - n * p
    second = residual**2 - n * p * (1.0 - p)
    zero = np.zeros_like(mu)
    return Terms(
        log_value=x * mu - n * np.logaddexp(0.0, mu),
        by_mu=residual,
        by_tau=zero,
        by_mu_mu=second,
        by_mu_tau=zero,
        by_tau_tau=second,
    )


def _named(columns: Floats) -> Terms:
    return Terms(
        log_value=columns[0],
        by_mu=columns[1],
        by_tau=columns[2],
        by_mu_mu=columns[3],
        by_mu_tau=columns[4],
        by_tau_tau=columns[5],
    )


def _terms_chunk(
    x: Floats, n: Floats, mu: Floats, tau: Floats, nodes: int, value_only: bool = False
) -> Floats:
    columns = np.empty((1 if value_only else 6, x.size))
    edge = (tau > _BY_PARTS_ABOVE_TAU) & ((x == 0) | (x == n))
    if edge.any():
        # A full cell is a zero cell seen in the mirror: mu changes sign, and so do its odd terms.
        mirror = np.where(x[edge] == 0, 1.0, -1.0)
        found = _zero_by_parts(n[edge], mirror * mu[edge], tau[edge], nodes, value_only)
        if not value_only:
            found[[1, 4]] *= mirror
        columns[:, edge] = found
        rest = ~edge
        columns[:, rest] = _centred(x[rest], n[rest], mu[rest], tau[rest], nodes, value_only)
        return columns
    return _centred(x, n, mu, tau, nodes, value_only)


def _softplus(theta: Floats) -> Floats:
    out = np.abs(theta)
    np.negative(out, out=out)
    np.exp(out, out=out)
    out += 1.0
    np.log(out, out=out)
    out += np.maximum(theta, 0.0)
    return out


def _centred(x: Floats, n: Floats, mu: Floats, tau: Floats, nodes: int, value_only: bool) -> Floats:
    t, weight = stretched_nodes(nodes)
    mode = _mode(x, n, mu, tau)
    p = expit(mu + tau * mode)
    scale = 1.0 / np.sqrt(1.0 + tau**2 * n * p * (1.0 - p))
    z = mode[:, None] + scale[:, None] * t
    theta = mu[:, None] + tau[:, None] * z
    log_f = _softplus(theta)
    log_f *= -n[:, None]
    log_f += x[:, None] * theta
    log_f -= 0.5 * z**2
    # The middle node stands on the mode: next to nothing lies above it.
    top = log_f[:, nodes // 2].copy()
    log_f -= top[:, None]
    f = np.exp(log_f, out=log_f)
    total = np.einsum("ij,j->i", f, weight)
    log_value = top + np.log(total * scale) - _HALF_LOG_2PI
    if value_only:
        return np.asarray(log_value[None])
    f *= weight / total[:, None]
    columns = np.empty((6, x.size))
    columns[0] = log_value
    # Either form of the derivatives is exact; each is the stable one on its side.
    wide = scale < 0.7
    narrow = ~wide
    if wide.any():
        moments = f @ np.stack([t, t**2, t**3, t**4], axis=1)
        columns[1:, wide] = _by_prior(moments[wide], mode[wide], scale[wide], tau[wide])
    if narrow.any():
        columns[1:, narrow] = _by_data(f[narrow], z[narrow], theta[narrow], x[narrow], n[narrow])
    return columns


def _by_prior(moments: Floats, mode: Floats, scale: Floats, tau: Floats) -> Floats:
    """Return derivatives from the normal density's own: moments of z given x."""
    m1, m2, m3, m4 = moments.T
    c, s = mode, scale
    z1 = c + s * m1
    z2 = c**2 + 2 * c * s * m1 + s**2 * m2
    z3 = c**3 + 3 * c**2 * s * m1 + 3 * c * s**2 * m2 + s**3 * m3
    z4 = c**4 + 4 * c**3 * s * m1 + 6 * c**2 * s**2 * m2 + 4 * c * s**3 * m3 + s**4 * m4
    return np.stack(
        [
            z1 / tau,
            (z2 - 1) / tau,
            (z2 - 1) / tau**2,
            (z3 - 3 * z1) / tau**2,
            (z4 - 5 * z2 + 2) / tau**2,
        ]
    )


def _by_data(f: Floats, z: Floats, theta: Floats, x: Floats, n: Floats) -> Floats:
    """Return derivatives from the binomial density's own: they stay exact down to tau = 0."""
    p = expit(theta)
    residual = x[:, None] - n[:, None] * p
    second = residual**2 - n[:, None] * p * (1.0 - p)
    fz = f * z
    return np.stack(
        [
            np.einsum("ij,ij->i", f, residual),
            np.einsum("ij,ij->i", fz, residual),
            np.einsum("ij,ij->i", f, second),
            np.einsum("ij,ij->i", fz, second),
            np.einsum("ij,ij,ij->i", fz, z, second),
        ]
    )


def _mode(x: Floats, n: Floats, mu: Floats, tau: Floats) -> Floats:
    """Return where x theta - n log(1 + e^theta) - z^2 / 2 is largest, to a tenth of its scale.

    The rule is centred there; its value does not depend on how exactly, so a rough root is enough.
    """
    guess = np.log((x + 0.5) / (n - x + 0.5))
    precision = tau**2 * n * (x + 0.5) * (n - x + 0.5) / (n + 1.0) ** 2
    pull = tau * (x - n * expit(mu))
    low, high = np.minimum(pull, 0.0), np.maximum(pull, 0.0)
    inner = (x > 0) & (x < n) & (tau > 0)
    crude = np.log(x[inner] / (n[inner] - x[inner])) - mu[inner]
    low[inner] = np.maximum(low[inner], np.minimum(crude / tau[inner], 0.0))
    high[inner] = np.minimum(high[inner], np.maximum(crude / tau[inner], 0.0))
    start = tau * precision * (guess - mu) / (tau**2 * (1.0 + precision) + 1e-300)

    def slope(z: Floats) -> tuple[Floats, Floats]:
        p = expit(mu + tau * z)
        return tau * (x - n * p) - z, 1.0 + tau**2 * n * p * (1.0 - p)

    return _rough_root(slope, np.clip(start, low, high), low, high)


def _rough_root(
    slope: Callable[[Floats], tuple[Floats, Floats]], start: Floats, low: Floats, high: Floats
) -> Floats:
    """Return where a falling slope crosses 0, by Newton's steps kept inside a closing bracket."""
    point = start
    last = high - low
    for _ in range(_MOST_STEPS):
        gradient, curvature = slope(point)
        low = np.where(gradient > 0, point, low)
        high = np.where(gradient < 0, point, high)
        step = gradient / curvature
        # Newton's steps that do not at least halve may circle for ever: halve the bracket then.
        outside = (point + step < low) | (point + step > high) | (np.abs(step) > 0.5 * last)
        step = np.where(outside, 0.5 * (low + high) - point, step)
        point = point + step
        last = np.abs(step)
        if (last * np.sqrt(curvature)).max(initial=0.0) < _ROUGH:
            break
    return point


def _zero_by_parts(n: Floats, mu: Floats, tau: Floats, nodes: int, value_only: bool) -> Floats:
    t, weight = stretched_nodes(nodes)
    mode, curvature = _edge_mode(n, mu, tau)
    scale = 1.0 / np.sqrt(curvature)
    theta = mode[:, None] + scale[:, None] * t
    zeta = (theta - mu[:, None]) / tau[:, None]
    log_phi_integral = log_ndtr(zeta)
    log_f = theta - (n[:, None] + 1.0) * _softplus(theta) + log_phi_integral
    top = log_f.max(axis=1)
    f = np.exp(log_f - top[:, None]) * weight
    total = f.sum(axis=1)
    log_value = np.log(n) + top + np.log(total * scale)
    if value_only:
        return np.asarray(log_value[None])
    # phi / Phi, the inverse Mills ratio, turns Phi's derivatives into factors of the integrand.
    f *= np.exp(-0.5 * zeta**2 - _HALF_LOG_2PI - log_phi_integral) / total[:, None]
    m0, m1, m2, m3 = (np.einsum("ij,ij->i", f, zeta**power) for power in range(4))
    return np.stack(
        [
            log_value,
            -m0 / tau,
            -m1 / tau,
            -m1 / tau**2,
            (m0 - m2) / tau**2,
            (2 * m1 - m3) / tau**2,
        ]
    )


def _edge_mode(n: Floats, mu: Floats, tau: Floats) -> tuple[Floats, Floats]:
    """Return the mode of log p + n log(1 - p) + log Phi(zeta), and how sharp it is."""
    low = -np.log(n)
    # The slope of log Phi is below 0.8 / tau once theta passes mu, which bounds its pull.
    high = np.maximum(low + 1.0 + np.log1p(1.0 / n), mu + 1.0)

    def slope(theta: Floats) -> tuple[Floats, Floats]:
        p = expit(theta)
        zeta = (theta - mu) / tau
        mills = np.exp(-0.5 * zeta**2 - _HALF_LOG_2PI - log_ndtr(zeta))
        bend = np.maximum(mills * (mills + zeta), 0.0) / tau**2
        return 1.0 - (n + 1.0) * p + mills / tau, np.maximum(
            (n + 1.0) * p * (1.0 - p) + bend, 1e-12
        )

    mode = _rough_root(slope, low, low, high)
    return mode, slope(mode)[1]
