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
from scipy.special import expit, gammaln, log_expit, ndtr, ndtri, sici

from toolkit.numerics.batches.cell_table import CellTable
from toolkit.numerics.binomial.average import PROBIT_SHRINKS, inverse_logit_average
from toolkit.numerics.binomial.smoothing import smoothed_rows
from toolkit.numerics.posterior.lattice import Lattice
from toolkit.numerics.roots import crossing
from toolkit.numerics.tables import Floats, Integers

Target = Literal["typical", "average", "new-centre"]
TARGETS: tuple[Target, ...] = get_args(Target)

_FARTHEST_LOGIT = 10.0
_WIDE = 1.5
_NEGLIGIBLE = -80.0
_HAIR = 1e-6
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
    patients : int
        Further patients of a new centre whose events are predicted.
    mass : (n_mu,)
        Prior mass of every mu.
    prior : (n_tau, scales)
        Prior mass of every tau.
    typical : (n_mu, logits)
        Share of each point's mass at or below each logit.
    spread : (n_tau, n_mu, 2 * logits + patients + 1)
        The same for the average and for a new centre, and the probabilities of 0 .. patients events
        there, at each point of the grid.
    """

    logits: Lattice
    tau_scales: tuple[float, ...]
    patients: int
    mass: Floats
    prior: Floats
    typical: Floats
    spread: Floats


def posterior_weights(
    table: CellTable, tau_scales: tuple[float, ...], *, patients: int = 20
) -> PosteriorWeights:
    """Return the weights for a grid and some priors of tau, which the grid was made for."""
    mu, tau, logits = table.location, table.spread.values, _evaluated(table.location)
    widths = table.spread.widths
    # Likelihood and prior are even in tau: the half line is half of a whole-line sum.
    widths[0] *= 0.5
    scales = np.array(tau_scales)
    prior = widths[:, None] * np.exp(-0.5 * (tau[:, None] / scales) ** 2) / scales
    prior[prior < np.exp(_NEGLIGIBLE)] = 0.0
    parts = (
        _average_below(mu, tau, logits.values),
        _new_centre_below(mu, tau, logits.values),
        event_chances(mu.values, tau, patients),
    )
    spread = np.concatenate([np.moveaxis(part, 1, 0) for part in parts], axis=2)
    return PosteriorWeights(
        logits=logits,
        tau_scales=tau_scales,
        patients=patients,
        mass=np.exp(log_expit(mu.values) + log_expit(-mu.values)) * mu.widths,
        prior=prior,
        typical=_share_below(mu, logits.t),
        spread=np.ascontiguousarray(spread, dtype=np.float32),
    )


def event_chances(mu: Floats, tau: Floats, patients: int) -> Floats:
    """Return the probabilities of 0 .. patients events in a centre, (n_mu, n_tau, patients + 1)."""
    counts = np.arange(patients + 1.0)
    rows = smoothed_rows(counts, np.full_like(counts, patients), mu, tau)
    rows += (gammaln(patients + 1) - gammaln(counts + 1) - gammaln(patients - counts + 1))[
        :, None, None
    ]
    return np.asarray(np.moveaxis(np.exp(rows), 0, 2))


@dataclass(frozen=True, slots=True, kw_only=True)
class PosteriorLaws:
    """The posterior of each table under each prior.

    Attributes
    ----------
    weights : PosteriorWeights
    below : (B, scales, targets, logits)
        Distribution functions, targets in the order of `TARGETS`.
    counts : (B, scales, patients + 1)
        Probabilities of the events among the next patients of a new centre.
    """

    weights: PosteriorWeights
    below: Floats
    counts: Floats

    def quantiles(self, probabilities: tuple[float, ...]) -> Floats:
        """Return quantiles of the proportions, (B, scales, targets, probabilities)."""
        shape, points = self.below.shape[:3], self.below.shape[3]
        flat = self.below.reshape(-1, points)
        out = np.empty((len(flat), len(probabilities)))
        for column, probability in enumerate(probabilities):
            start = np.clip(np.sum(flat < probability, axis=1) - 1, 0, points - 2)
            place = crossing(flat, probability, start, straightened=_score)
            out[:, column] = expit(self.weights.logits.after(place))
        return out.reshape(*shape, len(probabilities))

    def count_intervals(self, level: float) -> Integers:
        """Return between which numbers of events the next patients lie, (B, scales, 2)."""
        below = np.cumsum(self.counts, axis=2)
        tail = (0.5 - level / 2) * below[..., -1:]
        # A hair against rounding, as in `count_interval` of a single table.
        low = np.argmax(below > tail * (1 + _HAIR), axis=2)
        high = np.argmax(below >= (below[..., -1:] - tail) * (1 - _HAIR), axis=2)
        return np.stack([low, high], axis=2)


def posterior_laws(log_likelihood: Floats, weights: PosteriorWeights) -> PosteriorLaws:
    """Return the posterior of tables whose log-likelihoods are (B, n_location, n_spread)."""
    top = log_likelihood.reshape(len(log_likelihood), -1).max(axis=1)
    # Single precision holds what a quantile needs; smaller numbers would slow the products down.
    height = np.exp(np.maximum(log_likelihood - top[:, None, None], _NEGLIGIBLE), dtype=np.float32)
    height *= weights.mass[:, None].astype(np.float32)
    prior = weights.prior.astype(np.float32)
    by_mu = height @ prior
    typical = np.einsum("bms,mq->bsq", by_mu, weights.typical.astype(np.float32), optimize=True)
    by_tau = np.matmul(np.ascontiguousarray(np.moveaxis(height, 2, 0)), weights.spread)
    rest = np.tensordot(by_tau, prior, axes=(0, 0)).transpose(0, 2, 1)
    whole = by_mu.sum(axis=1, dtype=float)[:, :, None]
    points = weights.logits.count
    below = np.stack([typical, rest[..., :points], rest[..., points : 2 * points]], axis=2)
    return PosteriorLaws(
        weights=weights,
        below=below / whole[:, :, None],
        counts=rest[..., 2 * points :] / whole,
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
    return posterior_laws(log_likelihood, weights).quantiles(probabilities)


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
