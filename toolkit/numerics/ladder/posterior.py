"""Posterior of a ladder: fixed quasi-random points with weights, equal on every run.

Points come from each step's own posterior, then from a t law fitted to the weighted points before,
in the normal scores of the former. The weights are exact: what they are worth is their effective
number, which is kept with them. **Source**: Cappe et al. 2008, Stat Comput 18:447, doi
10.1007/s11222-008-9059-x (adaptive mixtures); Sobol points scrambled with a fixed seed.
**Checked against**: the ordinary posterior of each step where steps do not hang together, and
figures of an independent sampler, tests/analysis/test_ordered.py.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaincinv, gammaln, ndtr, ndtri
from scipy.stats import qmc

from toolkit.numerics.ladder.likelihood import LadderLikelihood, ladder_likelihood
from toolkit.numerics.ladder.links import Links
from toolkit.numerics.ladder.prior import LadderPrior
from toolkit.numerics.ladder.step_posterior import UnitMap, step_posterior, unit_map
from toolkit.numerics.posterior.posterior import Posterior
from toolkit.numerics.tables import Floats

SEARCH_POINTS = 2048
FEWEST_POINTS = 1 << 13
MOST_POINTS = 1 << 17
WANTED = 5_000
"""Effective number of points that is aimed at."""

_SEED = 20_211
_ROUNDS = 14
_GOOD = 0.4
_ENOUGH = 256.0
_OWN_SHARE = 0.15
_FREEDOM = 7.0
_EDGE = 1e-13
_RIDGE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderPosterior:
    """The posterior of a ladder.

    Attributes
    ----------
    points : (S, J, 2)
        mu and tau of each step.
    weight : (S,)
        Share of each point in the posterior, of sum 1.
    steps : tuple of Posterior or None
        A step's posterior on a grid, where it hangs together with no other step.
    likelihood : LadderLikelihood
    prior : LadderPrior
    """

    points: Floats
    weight: Floats
    steps: tuple[Posterior | None, ...]
    likelihood: LadderLikelihood
    prior: LadderPrior

    @property
    def effective(self) -> float:
        """How many independent draws from the posterior would vary as little as these points."""
        return float(1 / np.sum(self.weight**2))


def ladder_posterior(
    links: Links, prior: LadderPrior, *, most_points: int = MOST_POINTS, wanted: float = WANTED
) -> LadderPosterior:
    """Return the posterior of a ladder; always proper, whatever the counts.

    Parameters
    ----------
    links : Links
    prior : LadderPrior
        With as many steps as the links.
    most_points : int
        A power of 2; the points stop there, however few they are worth.
    wanted : float
        Effective number of points at which no more are drawn.
    """
    own = tuple(
        step_posterior(*links.cells(j), shapes=prior.shapes[j], tau_scale=prior.tau_scale)
        for j in range(links.steps)
    )
    target = _Target(
        likelihood=ladder_likelihood(links),
        prior=prior,
        maps=tuple(unit_map(found) for found in own),
    )
    law, share = _Law.standard(2 * links.steps), 1.0
    if links.longer:
        law, share = _searched(target)
    points, weight = _final(target, law, _count(wanted / share, most_points), most_points, wanted)
    alone = tuple(None if links.bound(j) else found for j, found in enumerate(own))
    return LadderPosterior(
        points=points, weight=weight, steps=alone, likelihood=target.likelihood, prior=prior
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """The posterior as a density over the normal scores of each step's own posterior."""

    likelihood: LadderLikelihood
    prior: LadderPrior
    maps: tuple[UnitMap, ...]

    def at(self, scores: Floats) -> tuple[Floats, Floats]:
        """Return the points (S, J, 2) of scores (S, 2 J) and the log density there, (S,)."""
        unit = np.clip(ndtr(scores), _EDGE, 1 - _EDGE)
        found = [step(unit[:, 2 * j : 2 * j + 2]) for j, step in enumerate(self.maps)]
        points = np.stack([place for place, _ in found], axis=1)
        own = sum(density for _, density in found)
        log_density = self.prior.log_density(points) + self.likelihood(points) - own
        return points, np.asarray(log_density - 0.5 * np.sum(scores**2, axis=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Law:
    """A mixture of the standard normal law and a t law, from which scores are drawn."""

    middle: Floats
    root: Floats
    own_share: float

    @classmethod
    def standard(cls, size: int) -> _Law:
        """Return the standard normal law alone."""
        return cls(middle=np.zeros(size), root=np.eye(size), own_share=1.0)

    def draw(self, count: int, seed: int) -> Floats:
        """Return scores, (count, d); count is a power of 2."""
        size = len(self.middle)
        sobol = qmc.Sobol(size + 1, scramble=True, rng=np.random.default_rng(seed))
        unit = np.clip(sobol.random(count), _EDGE, 1 - _EDGE)
        scores = ndtri(unit[:, :size])
        own = round(self.own_share * count)
        # A chi-square over its degrees of freedom turns a normal law into Student's.
        chi = 2 * gammaincinv(0.5 * _FREEDOM, unit[own:, size]) / _FREEDOM
        scores[own:] = self.middle + scores[own:] @ self.root.T / np.sqrt(chi)[:, None]
        return np.asarray(scores)

    def log_density(self, scores: Floats) -> Floats:
        """Return the log density at scores (S, d), less the normal law's constant."""
        size = len(self.middle)
        own = -0.5 * np.sum(scores**2, axis=1)
        if self.own_share == 1.0:
            return np.asarray(own)
        apart = np.linalg.solve(self.root, (scores - self.middle).T)
        constant = gammaln(0.5 * (_FREEDOM + size)) - gammaln(0.5 * _FREEDOM)
        constant -= 0.5 * size * np.log(0.5 * _FREEDOM) + np.log(np.abs(np.diag(self.root))).sum()
        other = constant - 0.5 * (_FREEDOM + size) * np.log1p(np.sum(apart**2, axis=0) / _FREEDOM)
        mixed = np.logaddexp(np.log(self.own_share) + own, np.log1p(-self.own_share) + other)
        return np.asarray(mixed)


def _weights(log_weight: Floats, power: float = 1.0) -> Floats:
    """Return weights of sum 1 from their logarithms, all raised to a power."""
    height = np.exp(power * (log_weight - log_weight.max()))
    return np.asarray(height / height.sum())


def _effective(weight: Floats) -> float:
    return float(1 / np.sum(weight**2))


def _searched(target: _Target) -> tuple[_Law, float]:
    """Return a law near the posterior, by rounds of weighted points, and a point's worth under it.

    Where the points are worth too little, their weights are flattened until they are worth enough:
    the law then moves towards the posterior, and the next round weighs more sharply.
    """
    size = 2 * target.prior.steps
    law = best = _Law.standard(size)
    most = 0.0
    settled = 0
    for turn in range(_ROUNDS):
        scores = law.draw(SEARCH_POINTS, _SEED + turn)
        log_weight = target.at(scores)[1] - law.log_density(scores)
        worth = _effective(_weights(log_weight))
        if worth > most:
            most, best = worth, law
        if worth > _GOOD * SEARCH_POINTS or settled > 2:
            break
        settled += worth >= _ENOUGH
        law = _fitted(scores, _weights(log_weight, _power(log_weight)))
    return best, most / SEARCH_POINTS


def _power(log_weight: Floats) -> float:
    """Return the largest power up to 1 at which the points are worth enough."""
    low, high = 0.0, 1.0
    if _effective(_weights(log_weight)) >= _ENOUGH:
        return 1.0
    for _ in range(30):
        middle = 0.5 * (low + high)
        if _effective(_weights(log_weight, middle)) >= _ENOUGH:
            low = middle
        else:
            high = middle
    return low


def _fitted(scores: Floats, weight: Floats) -> _Law:
    """Return the law with the mean and covariance of weighted scores."""
    middle = weight @ scores
    apart = scores - middle
    covariance = (apart * weight[:, None]).T @ apart
    root = np.linalg.cholesky(covariance + _RIDGE * np.eye(len(middle)))
    return _Law(middle=middle, root=np.asarray(root, dtype=float), own_share=_OWN_SHARE)


def _count(needed: float, most_points: int) -> int:
    """Return the power of 2 that is large enough, within bounds."""
    power = 1 << int(np.ceil(np.log2(max(needed, 1.0))))
    return max(min(power, most_points), min(FEWEST_POINTS, most_points))


def _final(
    target: _Target, law: _Law, count: int, most_points: int, wanted: float
) -> tuple[Floats, Floats]:
    """Return points and weights, more where they turn out to be worth too little."""
    while True:
        scores = law.draw(count, _SEED + _ROUNDS)
        points, log_density = target.at(scores)
        weight = _weights(log_density - law.log_density(scores))
        worth = _effective(weight)
        if worth >= 0.9 * wanted or count >= most_points:
            return points, weight
        count = max(2 * count, _count(count * wanted / worth, most_points))
