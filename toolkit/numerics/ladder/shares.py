"""What a ladder's posterior says of each rung: shares of all patients, one below the other.

Every quantity is a product over steps at each point, and all come from one set of points with one
set of weights. A rung's value is therefore at most that of the rung above at every point, and so
is every quantile, whatever the precision.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.special import expit, gammaln, ndtri, xlog1py, xlogy
from scipy.stats import qmc

from toolkit.numerics.binomial.average import average_over_centres
from toolkit.numerics.ladder.median_study import median_study
from toolkit.numerics.ladder.posterior import LadderPosterior
from toolkit.numerics.posterior.marginals import Quantiles
from toolkit.numerics.tables import Floats, Integers

_SEED = 40_117
_NEW_STUDIES = 4
_EDGE = 1e-12
_MEDIANS = (1 << 17, 1 << 15, 1 << 14, 1 << 12)
_FEWEST_BINS = 1024
_BINS_PER_PATIENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightedPoints(Quantiles):
    """The law of one quantity as weighted points.

    Attributes
    ----------
    values, below : (S,)
        The points, ascending, and the share of the law at or below each.
    """

    values: Floats
    below: Floats

    def _inverse(self, goal: Floats) -> Floats:
        place = np.searchsorted(self.below, goal, side="left")
        return self.values[np.minimum(place, len(self.values) - 1)]

    def cdf(self, value: npt.ArrayLike) -> Floats:
        """Return the probability of not exceeding each value."""
        place = np.searchsorted(self.values, np.asarray(value, dtype=float), side="right")
        return np.concatenate([[0.0], self.below])[place]


def weighted_points(values: Floats, weight: Floats) -> WeightedPoints:
    """Return the law of values (S,) with weights (S,) of sum 1."""
    order = np.argsort(values)
    below = np.cumsum(weight[order])
    return WeightedPoints(values=values[order], below=below / below[-1])


@dataclass(frozen=True)
class LadderShares:
    """The rungs and the steps of a ladder's posterior.

    Attributes
    ----------
    posterior : LadderPosterior
    """

    posterior: LadderPosterior

    @cached_property
    def averages(self) -> tuple[WeightedPoints, ...]:
        """The mean across studies of each rung: the product of its steps' averages."""
        shares = np.cumprod(self._step_averages, axis=1)
        return self._laws(np.asarray(shares, dtype=float), self.posterior.weight)

    @cached_property
    def typical(self) -> tuple[WeightedPoints, ...]:
        """The median study of each rung."""
        points, weight = self.posterior.points, self.posterior.weight
        most = _MEDIANS[points.shape[1] - 1]
        if len(points) > most:
            points, weight = evened(points, weight, most)
        rungs = range(1, points.shape[1] + 1)
        shares = np.stack([median_study(points[:, :r], fine=False) for r in rungs], axis=1)
        # Nodes are many but finite: their error must not lift a rung above its own whole.
        return self._laws(np.minimum.accumulate(shares, axis=1), weight)

    @cached_property
    def new_study(self) -> tuple[WeightedPoints, ...]:
        """The share of each rung in a new study."""
        return self._laws(*self._new_studies)

    def new_count(self, rung: int, patients: int) -> Floats:
        """Return the probabilities of 0 .. patients events in a new study, (patients + 1,)."""
        shares, weight = self._new_studies
        mass = _binned(shares[:, rung], weight, max(_FEWEST_BINS, _BINS_PER_PATIENT * patients))
        p = np.linspace(0.0, 1.0, len(mass))[:, None]
        x = np.arange(patients + 1)
        choose = gammaln(patients + 1) - gammaln(x + 1) - gammaln(patients - x + 1)
        rows = np.exp(choose + xlogy(x, p) + xlog1py(patients - x, -p))
        found = mass @ rows
        return np.asarray(found / found.sum())

    def step_average(self, step: int) -> WeightedPoints:
        """Return the mean across studies of a step's share among the rung above."""
        return weighted_points(self._step_averages[:, step], self.posterior.weight)

    def step_typical(self, step: int) -> WeightedPoints:
        """Return the median study's share among the rung above."""
        return weighted_points(expit(self.posterior.points[:, step, 0]), self.posterior.weight)

    def step_tau(self, step: int) -> WeightedPoints:
        """Return the standard deviation of a step's logits."""
        return weighted_points(self.posterior.points[:, step, 1], self.posterior.weight)

    def step_new_study(self, step: int) -> WeightedPoints:
        """Return a new study's share among the rung above."""
        shares, weight = self._new_steps
        return weighted_points(shares[:, step], weight)

    @cached_property
    def _step_averages(self) -> Floats:
        """The mean across studies of each step's share at each point, (S, J)."""
        mu, tau = self.posterior.points[..., 0], self.posterior.points[..., 1]
        return average_over_centres(mu, tau)

    @cached_property
    def _new_steps(self) -> tuple[Floats, Floats]:
        """Shares of each step in new studies, several at each point, with their weights."""
        points = np.repeat(self.posterior.points, _NEW_STUDIES, axis=0)
        weight = np.repeat(self.posterior.weight, _NEW_STUDIES) / _NEW_STUDIES
        steps = points.shape[1]
        sobol = qmc.Sobol(steps, scramble=True, rng=np.random.default_rng(_SEED))
        # One set for the studies at a point would follow the order of the points; it is mixed.
        unit = np.random.default_rng(_SEED).permutation(sobol.random(_power_of_2(len(points))))
        z = ndtri(np.clip(unit[: len(points)], _EDGE, 1 - _EDGE))
        return expit(points[..., 0] + points[..., 1] * z), weight

    @cached_property
    def _new_studies(self) -> tuple[Floats, Floats]:
        shares, weight = self._new_steps
        return np.asarray(np.cumprod(shares, axis=1), dtype=float), weight

    def _laws(self, shares: Floats, weight: Floats) -> tuple[WeightedPoints, ...]:
        return tuple(weighted_points(column, weight) for column in shares.T)


def _binned(shares: Floats, weight: Floats, bins: int) -> Floats:
    """Return weights on the edges of even bins, each split so that the mean stays, (bins + 1,).

    What varies little within a bin is averaged as by the shares themselves: the counts among a
    hundredth as many patients to about 1e-5.
    """
    place = np.clip(shares, 0.0, 1.0) * bins
    edge = np.minimum(place.astype(np.intp), bins - 1)
    upper = weight * (place - edge)
    mass = np.bincount(edge, weight - upper, bins + 1) + np.bincount(edge + 1, upper, bins + 1)
    return np.asarray(mass)


def _power_of_2(count: int) -> int:
    return 1 << int(np.ceil(np.log2(count)))


def evened(points: Floats, weight: Floats, count: int) -> tuple[Floats, Floats]:
    """Return fewer points of equal weight, in proportion to the weights of all."""
    places = (np.arange(count) + 0.5) / count
    chosen: Integers = np.searchsorted(np.cumsum(weight), places * weight.sum())
    return points[np.minimum(chosen, len(points) - 1)], np.full(count, 1 / count)
