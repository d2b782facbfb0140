"""The average over centres of the binomial-normal model, E[expit(mu + tau Z)], Z standard normal.

**Source**: Lin, Chu 2020, Epidemiology 31:713, doi 10.1097/EDE.0000000000001232.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit, ndtr

from toolkit.numerics.binomial.binomial_normal import BinomialNormalFit
from toolkit.numerics.tables import Floats

_SMALL_TAU = 2.0
_INVERSE_STEPS = 50
_NORMAL_Z = np.linspace(-8.8, 8.8, 45)
_NORMAL_WEIGHT = np.exp(-0.5 * _NORMAL_Z**2) / np.sqrt(2 * np.pi) * 0.4
_LOGISTIC_Y = np.linspace(-42.0, 42.0, 121)
_LOGISTIC_WEIGHT = expit(_LOGISTIC_Y) * expit(-_LOGISTIC_Y) * 0.7


PROBIT_SHRINKS = 0.346
"""By how much tau squared shrinks a logit on its way from the median to the average."""


def average_over_centres(mu: npt.ArrayLike, tau: npt.ArrayLike) -> Floats:
    """Return the average proportion over centres, in [0, 1], shape of mu and tau broadcast."""
    return np.asarray(average_terms(mu, tau)[0])


def average_terms(mu: npt.ArrayLike, tau: npt.ArrayLike) -> Floats:
    """Return the average over centres and its derivatives in mu and tau, (3, ...).

    Parameters
    ----------
    mu, tau : (...)
        Mean and standard deviation of the centres' logits, tau >= 0.

    Notes
    -----
    For small tau the expectation is taken over Z; for large tau, where expit is a sharp step, over
    the logistic law Y of which expit is the distribution function: E[Phi((mu - Y) / tau)].
    """
    m, t = np.broadcast_arrays(np.asarray(mu, dtype=float), np.asarray(tau, dtype=float))
    out = np.empty((3, m.size))
    flat_mu, flat_tau = m.reshape(-1), t.reshape(-1)
    small = flat_tau <= _SMALL_TAU
    out[:, small] = _over_normal(flat_mu[small], flat_tau[small])
    out[:, ~small] = _over_logistic(flat_mu[~small], flat_tau[~small])
    return out.reshape(3, *m.shape)


def variance_between_centres(mu: npt.ArrayLike, tau: npt.ArrayLike) -> Floats:
    """Return the variance of a centre's proportion, Var[expit(mu + tau Z)]."""
    # E[p (1 - p)] is the derivative of the average in mu.
    value, slope, _ = average_terms(mu, tau)
    return np.asarray(value * (1 - value) - slope)


def logit_average(mu: Floats, tau: Floats) -> tuple[Floats, Floats]:
    """Return the logit of the average over centres and its slope in mu."""
    # Below one half the average keeps its digits however small it is; above, by symmetry.
    value, slope, _ = average_terms(-np.abs(mu), tau)
    return np.asarray(-np.sign(mu) * logit(value)), np.asarray(slope / (value * (1 - value)))


def logit_slopes(mu: Floats, tau: Floats) -> tuple[Floats, Floats]:
    """Return the slopes of the logit of the average in mu and in tau."""
    # In the mirror the average and its slope in mu stay as they are, the slope in tau turns.
    value, by_mu, by_tau = average_terms(-np.abs(mu), tau)
    scale = value * (1 - value)
    return np.asarray(by_mu / scale), np.asarray(np.where(mu > 0, -by_tau, by_tau) / scale)


def inverse_logit_average(target: Floats, tau: Floats, guess: Floats) -> tuple[Floats, Floats]:
    """Return the mu whose average over centres has the given logit, and that logit's slope."""
    goal, spread, mu = (
        np.array(part).reshape(-1) for part in np.broadcast_arrays(target, tau, guess)
    )
    slopes = np.empty_like(mu)
    going = np.arange(len(mu))
    for _ in range(_INVERSE_STEPS):
        value, slopes[going] = logit_average(mu[going], spread[going])
        step = np.clip((goal[going] - value) / slopes[going], -3.0, 3.0)
        mu[going] += step
        # The error of a Newton step is about the square of its length.
        going = going[np.abs(step) >= 1e-5]
        if not len(going):
            break
    shape = np.broadcast_shapes(np.shape(target), np.shape(tau), np.shape(guess))
    return mu.reshape(shape), slopes.reshape(shape)


def _over_normal(mu: Floats, tau: Floats) -> Floats:
    p = expit(mu[:, None] + tau[:, None] * _NORMAL_Z)
    slope = p * (1 - p)
    return np.stack(
        [
            _dot(p, _NORMAL_WEIGHT),
            _dot(slope, _NORMAL_WEIGHT),
            _dot(slope, _NORMAL_WEIGHT * _NORMAL_Z),
        ]
    )


def _over_logistic(mu: Floats, tau: Floats) -> Floats:
    zeta = (mu[:, None] - _LOGISTIC_Y) / tau[:, None]
    density = np.exp(-0.5 * zeta**2) / (np.sqrt(2 * np.pi) * tau[:, None])
    return np.stack(
        [
            _dot(ndtr(zeta), _LOGISTIC_WEIGHT),
            _dot(density, _LOGISTIC_WEIGHT),
            -_dot(density * zeta, _LOGISTIC_WEIGHT),
        ]
    )


def _dot(rows: Floats, weight: Floats) -> Floats:
    """Return the weighted sum of each row."""
    return np.asarray(np.einsum("ij,j->i", rows, weight))


def average_interval(
    fit: BinomialNormalFit, quantile: npt.ArrayLike
) -> tuple[Floats, Floats, Floats]:
    """Return the average over centres of a fit and the ends of its interval, all in [0, 1].

    By the delta method on the logit of the average, from the joint information of (mu, tau).

    Parameters
    ----------
    fit : BinomialNormalFit
    quantile : (...)
        Standard errors to either side: a quantile of the normal or of Student's t.
    """
    mu, tau = fit.mu, fit.tau
    value, by_mu, by_tau = average_terms(np.nan_to_num(mu), np.nan_to_num(tau))
    scale = value * (1 - value)
    inside = tau > 0
    variance = (by_mu / scale * fit.se_mu) ** 2 + np.where(
        inside,
        (by_tau / scale * fit.se_tau) ** 2 + 2 * by_mu * by_tau / scale**2 * fit.covariance_mu_tau,
        0.0,
    )
    reach = np.asarray(quantile, dtype=float) * np.sqrt(variance)
    middle = np.where(np.isnan(mu), np.nan, logit(value))
    return expit(middle), expit(middle - reach), expit(middle + reach)
