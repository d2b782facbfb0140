"""Likelihoods of many counts over many points (mu, tau), by one product of matrices.

The likelihood of x events among n patients is f(theta) = p^x (1 - p)^(n - x), p = expit(theta),
smoothed by a normal law of deviation tau. On an even lattice of theta the smoothing is a matrix
that is the same for every count: L = F K. A sum over an even lattice is exponentially accurate for
such integrands. With step h, and an integrand no narrower than w, its relative error is about
2 exp(-2 pi^2 w^2 / h^2), where 1 / w^2 = 1 / tau^2 + n / 4 at the narrowest; `lattice_error`. Below a
tau of `NARROWEST` steps the lattice cannot follow the normal law, and a short Gauss-Hermite rule
takes its place: f is then the wide one of the two.

**Source**: Trefethen, Weideman 2014, SIAM Review 56:385, doi 10.1137/130932132.
**Checked against**: the adaptive rule of `series_likelihood`, tests/numerics/test_smoothing.py.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.special import ndtr, xlogy

from toolkit.numerics.binomial.series_likelihood import series_log_value
from toolkit.numerics.tables import Floats

LARGEST = 1_000
"""Patients up to which a series is smoothed on a lattice; beyond, the adaptive rule is cheaper."""

NARROWEST = 1.25
"""Steps of the lattice that tau must have."""

LEAST = -700.0
"""What stands for the logarithm of a likelihood so small beside its peak that nothing is left."""

_POINTS_A_DEVIATION = 2.75
_WIDEST_STEP = 0.25
_HERMITE_NODES = 15
_DEVIATIONS = 7.5
_FARTHEST = 18.0
_FEW_PATIENTS = 64
_ADAPTIVE_NODES = 81


def lattice_step(patients: float) -> float:
    """Return the step of theta for series of at most so many patients."""
    return min(_WIDEST_STEP, 2.0 / (_POINTS_A_DEVIATION * float(np.sqrt(patients))))


def lattice_error(step: float, tau: float, patients: float) -> float:
    """Return the relative error of a sum over the lattice, to first order."""
    width = (1.0 / tau**2 + patients / 4.0) ** -0.5
    return float(2.0 * np.exp(-2.0 * (np.pi * width / step) ** 2))


def smoothed_rows(x: Floats, n: Floats, mu: Floats, tau: Floats) -> Floats:
    """Return log-likelihoods less binomial coefficients, (a, n_mu, n_tau).

    Good to 1e-8 wherever the likelihood is above exp(-40) of the count's largest, and to 1e-2 down
    to exp(-100); far below that, `LEAST` beside the peak stands for what is left.

    Parameters
    ----------
    x, n : (a,)
        Events and patients, 0 <= x <= n.
    mu : (n_mu,) or (n_mu, n_tau)
        Means of the logits; two axes where they differ from one tau to the next.
    tau : (n_tau,)
        Their standard deviations, at least 0.
    """
    means = np.broadcast_to(mu.reshape(len(mu), -1), (len(mu), len(tau)))
    out = np.empty((len(x), *means.shape))
    # A lattice is as fine as its largest series asks: small series do not pay for large ones.
    edges = [0.0, _FEW_PATIENTS, 4 * _FEW_PATIENTS, LARGEST, np.inf]
    for smallest, largest in zip(edges[:-1], edges[1:], strict=True):
        some = (n > smallest) & (n <= largest)
        if some.any():
            work = _by_rule if np.isinf(largest) else _by_lattice
            out[some] = work(x[some], n[some], means, tau)
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


def _by_lattice(x: Floats, n: Floats, mu: Floats, tau: Floats) -> Floats:
    """Return rows by the product of matrices, and by Gauss and Hermite's rule below."""
    top = xlogy(x, x / n) + xlogy(n - x, (n - x) / n)
    step = lattice_step(n.max())
    likelihood = np.empty((len(x), *mu.shape))
    narrow = tau < NARROWEST * step
    if narrow.any():
        likelihood[:, :, narrow] = _by_hermite(x, n, mu[:, narrow], tau[narrow], top)
    wide = np.flatnonzero(~narrow)
    if len(wide):
        reach = np.minimum(_DEVIATIONS * tau, _FARTHEST)
        first = np.floor((mu.min(axis=0) - reach) / step).astype(np.int64)
        last = np.ceil((mu.max(axis=0) + reach) / step).astype(np.int64)
        start = int(first[wide].min())
        theta = step * np.arange(start, last[wide].max() + 1)
        f = _heights(x, n, theta, top)
        for j in wide:
            part = slice(first[j] - start, last[j] - start + 1)
            kernel = _kernel(theta[part], mu[:, j], tau[j], step)
            likelihood[:, :, j] = f[:, part] @ kernel
            _add_tails(likelihood[:, :, j], x, n, theta[part], mu[:, j], tau[j], step)
    with np.errstate(divide="ignore"):
        np.log(likelihood, out=likelihood)
    np.maximum(likelihood, LEAST, out=likelihood)
    likelihood += top[:, None, None]
    return likelihood


def _heights(x: Floats, n: Floats, theta: Floats, top: Floats) -> Floats:
    """Return f over its peak at every theta, (a, *theta.shape)."""
    log_f = np.multiply.outer(x, theta)
    log_f -= np.multiply.outer(n, np.logaddexp(0.0, theta))
    log_f -= top.reshape(-1, *(1 for _ in theta.shape))
    return np.asarray(np.exp(log_f, out=log_f))


def _kernel(theta: Floats, mu: Floats, tau: float, step: float) -> Floats:
    """Return what each point of the lattice weighs at each mu, (q, n_mu)."""
    kernel = np.subtract.outer(theta / tau, mu / tau)
    np.multiply(kernel, kernel, out=kernel)
    kernel *= -0.5
    np.exp(kernel, out=kernel)
    kernel *= step / (tau * np.sqrt(2.0 * np.pi))
    return kernel


def _add_tails(
    likelihood: Floats, x: Floats, n: Floats, theta: Floats, mu: Floats, tau: float, step: float
) -> None:
    """Add what lies beyond the lattice, where f of a zero or a full cell stays at 1.

    The tail of the sum is the normal law's own, with the first term that a sum differs by from an
    integral which stops between two points.
    """
    for edge, end, sign in ((x == 0, theta[0], 1.0), (x == n, theta[-1], -1.0)):
        if edge.any():
            zeta = (sign * (end - mu) - 0.5 * step) / tau
            density = np.exp(-0.5 * zeta**2) / np.sqrt(2.0 * np.pi)
            tail = ndtr(zeta) + (step / tau) ** 2 / 24.0 * zeta * density
            likelihood[edge] += np.maximum(tail, 0.0)


@cache
def _hermite() -> tuple[Floats, Floats]:
    nodes, weights = np.polynomial.hermite_e.hermegauss(_HERMITE_NODES)
    return nodes, weights / weights.sum()


def _by_hermite(x: Floats, n: Floats, mu: Floats, tau: Floats, top: Floats) -> Floats:
    """Return likelihoods over their peak for a tau that is small beside the width of f."""
    nodes, weights = _hermite()
    theta = mu[..., None] + tau[:, None] * nodes
    return np.asarray(_heights(x, n, theta, top) @ weights)
