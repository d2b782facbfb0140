"""Quantiles of the binomial-normal posterior of thousands of tables, by products of matrices.

Over the shared grid of a `CellTable` a distribution function is linear in the likelihood: each of
its values is a sum over the grid with weights that do not depend on the table. Quantiles follow by
interpolating the normal scores of those values.
**Checked against**: `toolkit.numerics.posterior.bayes`, table by table,
tests/numerics/test_batch_posterior.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from scipy.special import expit, log_expit, ndtr, ndtri, sici

from toolkit.numerics.batches.cell_table import CellTable
from toolkit.numerics.binomial.average import PROBIT_SHRINKS, inverse_logit_average
from toolkit.numerics.posterior.lattice import Lattice
from toolkit.numerics.roots import crossing
from toolkit.numerics.tables import Floats

Target = Literal["typical", "average", "new-centre"]
TARGETS: tuple[Target, ...] = get_args(Target)

_FARTHEST_LOGIT = 10.0
_WIDE = 1.5
_NEGLIGIBLE = -100.0
_LEAST_PROBABILITY = 1e-9
_Z = np.linspace(-6.0, 6.0, 25)
_Z_WEIGHTS = np.exp(-0.5 * _Z**2) / np.exp(-0.5 * _Z**2).sum()


@dataclass(frozen=True, slots=True, kw_only=True)
class PosteriorWeights:
    """What turns the likelihood of a table on its grid into distribution functions.

    Attributes
    ----------
    logits : Lattice
        Where the distribution functions are known.
    tau_scales : tuple of float
        Scales of the half-normal prior of tau.
    whole : (G, scales)
        Weights of the total mass.
    below : (G, scales * targets * logits)
        Weights of the mass at or below each logit, targets in the order of `TARGETS`.
    """

    logits: Lattice
    tau_scales: tuple[float, ...]
    whole: Floats
    below: Floats


def posterior_weights(table: CellTable, tau_scales: tuple[float, ...]) -> PosteriorWeights:
    """Return the weights for a grid and some priors of tau, which the grid was made for."""
    mu, tau, logits = table.location, table.spread.values, _evaluated(table.location)
    widths = table.spread.widths
    # Likelihood and prior are even in tau: the half line is half of a whole-line sum.
    widths[0] *= 0.5
    mass = np.exp(log_expit(mu.values) + log_expit(-mu.values)) * mu.widths
    below = np.stack(
        [
            np.repeat(_share_below(mu, logits.t)[:, None], len(tau), axis=1),
            _average_below(mu, tau, logits.values),
            _new_centre_below(mu, tau, logits.values),
        ],
        axis=2,
    )
    scales = np.array(tau_scales)
    prior = widths[:, None] * np.exp(-0.5 * (tau[:, None] / scales) ** 2) / scales
    whole = mass[:, None, None] * prior
    whole[whole < np.exp(_NEGLIGIBLE)] = 0.0
    return PosteriorWeights(
        logits=logits,
        tau_scales=tau_scales,
        whole=whole.reshape(-1, len(scales)),
        below=np.einsum("ijs,ijtq->ijstq", whole, below).reshape(len(mass) * len(tau), -1),
    )


def posterior_quantiles(
    log_likelihood: Floats, weights: PosteriorWeights, probabilities: tuple[float, ...]
) -> Floats:
    """Return posterior quantiles of proportions, (B, scales, targets, probabilities).

    Within 1e-3 of those of a table's own, finer grid for scales of tau from 0.1 to 10, within 0.01
    for any other: the grid is as coarse as the sharpest likelihood of mu allows, and the average
    under a very wide prior is sharper than that.

    Parameters
    ----------
    log_likelihood : (B, n_location, n_spread)
        From `CellTable.sums`.
    weights : PosteriorWeights
    probabilities : tuple of float
        Strictly between 0 and 1.
    """
    whole = log_likelihood.reshape(len(log_likelihood), -1)
    # Numbers too small for full precision would make the product several times slower.
    height = np.exp(np.maximum(whole - whole.max(axis=1, keepdims=True), _NEGLIGIBLE))
    scales, points = len(weights.tau_scales), weights.logits.count
    below = (height @ weights.below).reshape(-1, scales, len(TARGETS), points)
    below /= (height @ weights.whole)[:, :, None, None]
    flat = below.reshape(-1, points)
    out = np.empty((len(flat), len(probabilities)))
    for column, probability in enumerate(probabilities):
        start = np.clip(np.sum(flat < probability, axis=1) - 1, 0, points - 2)
        place = crossing(flat, probability, start, straightened=_score)
        out[:, column] = expit(weights.logits.after(place))
    return out.reshape(-1, scales, len(TARGETS), len(probabilities))


def _score(probability: Floats) -> Floats:
    """Return normal scores: those of a distribution function are nearly a straight line."""
    return np.asarray(ndtri(np.clip(probability, _LEAST_PROBABILITY, 1 - _LEAST_PROBABILITY)))


def _evaluated(mu: Lattice) -> Lattice:
    """Return the part of the lattice on which proportions are told apart."""
    held = np.flatnonzero(np.abs(mu.values) <= _FARTHEST_LOGIT)
    return Lattice(
        centre=mu.centre,
        scale=mu.scale,
        start=float(mu.t[held[0]]),
        step=mu.step,
        count=len(held),
    )


def _share_below(mu: Lattice, t: Floats) -> Floats:
    """Return how much of each point's mass lies at or below t (...), (n_mu, ...)."""
    place = (t - mu.t.reshape(-1, *(1 for _ in t.shape))) / mu.step
    return np.asarray(0.5 + sici(np.pi * place)[0] / np.pi)


def _average_below(mu: Lattice, tau: Floats, logits: Floats) -> Floats:
    """Return the share of each point's mass whose average is at most each logit, (n_mu, n_tau, Q).

    The average rises with mu, so that it is the share below the mu that has this average.
    """
    wanted, spread = np.broadcast_arrays(logits, tau[:, None])
    # For a normal law of logits the average is about that of a probit shrunk by its spread.
    least, _ = inverse_logit_average(
        wanted, spread, wanted * np.sqrt(1 + PROBIT_SHRINKS * spread**2)
    )
    return _share_below(mu, mu.position(least))


def _new_centre_below(mu: Lattice, tau: Floats, logits: Floats) -> Floats:
    """Return the share of each point's mass whose new centre is at most each logit, (.., Q)."""
    out = np.empty((mu.count, len(tau), len(logits)))
    spacing = mu.widths[:, None]
    for j, spread in enumerate(tau):
        # A narrow law of centres is averaged over its own Z, a wide one is known exactly.
        shifted = mu.position(logits[:, None] - spread * _Z)
        out[:, j] = _share_below(mu, shifted) @ _Z_WEIGHTS
        if spread > 0:
            whole = ndtr((logits - mu.values[:, None]) / spread)
            out[:, j] = np.where(spread > _WIDE * spacing, whole, out[:, j])
    return out
