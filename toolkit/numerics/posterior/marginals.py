"""Distributions of one quantity: quantiles, probabilities, and the difference of two of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from toolkit.numerics.binomial.profile_likelihood import check_level
from toolkit.numerics.posterior.lattice import Lattice, sinc_integral, sinc_quantile, sinc_values
from toolkit.numerics.roots import Rows, find_roots
from toolkit.numerics.tables import Floats


class Quantiles(ABC):
    """What every distribution of one quantity gives once its quantiles are known."""

    __slots__ = ()

    @property
    def median(self) -> float:
        """The value as likely to be exceeded as not."""
        return float(self.quantile(0.5))

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return the equal-tailed interval, lower and upper end."""
        check_level(level)
        low, high = self.quantile([0.5 - level / 2, 0.5 + level / 2])
        return float(low), float(high)

    def quantile(self, probability: npt.ArrayLike) -> Floats:
        """Return the values not exceeded with the given probabilities, strictly in (0, 1)."""
        wanted = np.asarray(probability, dtype=float)
        if not ((wanted > 0) & (wanted < 1)).all():
            raise ValueError("probabilities must lie between 0 and 1")
        return self._inverse(wanted.reshape(-1)).reshape(wanted.shape)

    def probability_above(self, value: npt.ArrayLike) -> Floats:
        """Return the probability of exceeding each value."""
        return 1.0 - self.cdf(value)

    @abstractmethod
    def cdf(self, value: npt.ArrayLike) -> Floats:
        """Return the probability of not exceeding each value."""

    @abstractmethod
    def _inverse(self, goal: Floats) -> Floats:
        """Return the values not exceeded with probabilities (q,)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marginal(Quantiles):
    """The posterior of a proportion, or of tau, known by its density on a lattice.

    Attributes
    ----------
    lattice : Lattice
        Of logits for a proportion; of tau, mirrored to negative values, for tau.
    heights : (count,)
        Density over the lattice's t, of total 1.
    proportion : bool
        Whether values are expit of the lattice's; else they are tau, the mirrored half folded back.
    """

    lattice: Lattice
    heights: Floats
    proportion: bool

    def _inverse(self, goal: Floats) -> Floats:
        wanted = goal if self.proportion else 0.5 * (1.0 + goal)
        value = self.lattice.at(sinc_quantile(self.lattice, self.heights, wanted))
        return np.asarray(expit(value) if self.proportion else np.maximum(value, 0.0))

    def cdf(self, value: npt.ArrayLike) -> Floats:
        """Return the probability of not exceeding each value."""
        wanted = np.asarray(value, dtype=float)
        with np.errstate(divide="ignore"):
            inner = logit(np.clip(wanted, 0.0, 1.0)) if self.proportion else np.maximum(wanted, 0.0)
        t = np.clip(self.lattice.position(inner), *self.lattice.t[[0, -1]])
        below = np.clip(self._below(t), 0.0, 1.0)
        if self.proportion:
            below = np.where(wanted <= 0, 0.0, np.where(wanted >= 1, 1.0, below))
        return np.asarray(below)

    def density(self, value: npt.ArrayLike) -> Floats:
        """Return the density per unit of the value itself; 0 outside the lattice."""
        wanted = np.atleast_1d(np.asarray(value, dtype=float))
        with np.errstate(divide="ignore", invalid="ignore"):
            inner = logit(wanted) if self.proportion else wanted
            inside = np.isfinite(inner) & (self.proportion | (wanted >= 0))
        t = self.lattice.position(np.where(inside, inner, self.lattice.centre))
        inside &= (t >= self.lattice.t[0]) & (t <= self.lattice.t[-1])
        height = np.maximum(sinc_values(self.lattice, self.heights, t), 0.0)
        stretch = self.lattice.slope(t)
        if self.proportion:
            stretch = stretch * np.where(inside, wanted * (1 - wanted), 1.0)
        else:
            height = 2 * height
        return np.where(inside, height / stretch, 0.0).reshape(np.shape(value))

    def _below(self, t: Floats) -> Floats:
        below = sinc_integral(self.lattice, self.heights, t)
        return below if self.proportion else 2 * below - 1


_PANELS = 32
_PANEL_NODES, _PANEL_WEIGHTS = np.polynomial.legendre.leggauss(8)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginalDifference(Quantiles):
    """The posterior of first - second, two independent proportions: values in [-1, 1]."""

    first: Marginal
    second: Marginal

    def _inverse(self, goal: Floats) -> Floats:
        def excess(rows: Rows) -> Callable[[Floats], Floats]:
            return lambda value: self.cdf(value) - goal[rows]

        ends = np.ones(goal.shape)
        return find_roots(excess, -ends, ends)

    def cdf(self, value: npt.ArrayLike) -> Floats:
        """Return the probability of not exceeding each value.

        The sharper of the two is integrated over, so that the other's distribution function is
        smooth in between; each piece stops where that function reaches its end.
        """
        wanted = np.clip(np.asarray(value, dtype=float), -1.0, 1.0)
        if self.first.lattice.scale <= self.second.lattice.scale:
            below = _share_below(self.first, self.second, wanted.reshape(-1))
        else:
            below = 1.0 - _share_below(self.second, self.first, -wanted.reshape(-1))
        return below.reshape(wanted.shape)


def _share_below(over: Marginal, other: Marginal, value: Floats) -> Floats:
    """Return the probability that over - other <= value, by an integral over `over`."""
    low, high = np.clip(value, 0.0, 1.0), np.clip(1.0 + value, 0.0, 1.0)
    with np.errstate(divide="ignore"):
        ends = np.clip(
            over.lattice.position(np.stack([logit(low), logit(high)])), *over.lattice.t[[0, -1]]
        )
    edges = ends[0] + (ends[1] - ends[0]) * np.linspace(0.0, 1.0, _PANELS + 1)[:, None]
    half = 0.5 * (edges[1:] - edges[:-1])
    t = (0.5 * (edges[1:] + edges[:-1]))[..., None] + half[..., None] * _PANEL_NODES
    height = sinc_values(over.lattice, over.heights, t)
    above = other.probability_above(expit(over.lattice.at(t)) - value[:, None])
    inside = np.einsum("pvn,pv,n->v", height * above, half, _PANEL_WEIGHTS)
    return np.asarray(np.clip(over.cdf(low) + inside, 0.0, 1.0))


def difference(first: Marginal, second: Marginal) -> MarginalDifference:
    """Return the posterior of first - second, for two proportions from independent tables.

    Raises
    ------
    ValueError
        If either is not a proportion.
    """
    if not (first.proportion and second.proportion):
        raise ValueError("a difference is taken between two proportions")
    return MarginalDifference(first=first, second=second)
