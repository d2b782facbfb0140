"""Simulated tables in chunks: each from its own random stream, so that workers change nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

import joblib
import numpy as np
import numpy.typing as npt
from scipy.special import betainc, betaincinv, expit, logit, ndtr
from scipy.stats import betabinom
from threadpoolctl import ThreadpoolController

from toolkit.calibration.intervals import Intervals, Target, intervals, kernels
from toolkit.numerics.batches.critical_values import CriticalValues
from toolkit.numerics.batches.posterior import event_chances
from toolkit.numerics.binomial.average import average_over_centres, variance_between_centres
from toolkit.review.review import NEXT_PATIENTS

Law = Literal["logit-normal", "beta-binomial"]
LAWS: tuple[Law, ...] = get_args(Law)
Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Tally = tuple[list[tuple[str, Target]], Floats]
"""The names of all intervals, and their counts and sums, (names, 4)."""

CHUNK = 500
"""Tables of a chunk: part of what a seed means, so that changing it changes every result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """The law from which a centre's proportion is drawn.

    Attributes
    ----------
    law : {"logit-normal", "beta-binomial"}
    typical, average : float
        Median and mean of the centres' proportions.
    tau : float or None
        Standard deviation of the centres' logits; None under a beta law that mirrors no tau.
    rho : float
        Variance between centres as a share of average (1 - average): under a beta law the
        correlation of two patients of one centre.
    """

    law: Law
    typical: float
    average: float
    tau: float | None
    rho: float

    def centres(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
        """Return proportions of centres drawn from the law."""
        if self.law == "beta-binomial":
            return rng.beta(*self._shape, size=shape)
        spread = 0.0 if self.tau is None else self.tau
        return np.asarray(expit(logit(self.typical) + spread * rng.standard_normal(shape)))

    def share_between(self, low: Floats, high: Floats) -> Floats:
        """Return the probability that a new centre lies between two proportions."""
        if self.law == "beta-binomial":
            return np.asarray(betainc(*self._shape, high) - betainc(*self._shape, low))
        if not self.tau:
            return ((low <= self.typical) & (self.typical <= high)).astype(float)
        low, high = ((logit(end) - logit(self.typical)) / self.tau for end in (low, high))
        return np.asarray(ndtr(high) - ndtr(low))

    def events_of(self, patients: int) -> Floats:
        """Return the probabilities of 0 .. patients events in a new centre, (patients + 1,)."""
        if self.law == "beta-binomial":
            return np.asarray(betabinom.pmf(np.arange(patients + 1), patients, *self._shape))
        mu, tau = np.array([logit(self.typical)]), np.array([self.tau or 0.0])
        return np.asarray(event_chances(mu, tau, patients)[0, 0])

    @property
    def _shape(self) -> tuple[float, float]:
        size = 1 / self.rho - 1
        return self.average * size, (1 - self.average) * size


def logit_normal(mu: float, tau: float) -> Truth:
    """Return the law of expit(mu + tau Z)."""
    average = float(average_over_centres(mu, tau))
    share = float(variance_between_centres(mu, tau)) / (average * (1 - average))
    return Truth(
        law="logit-normal",
        typical=float(expit(mu)),
        average=average,
        tau=tau,
        rho=share if tau else 0.0,
    )


def beta_binomial(average: float, rho: float, tau: float | None = None) -> Truth:
    """Return the beta law of a mean and rho above 0; its typical centre is its median."""
    size = 1 / rho - 1
    return Truth(
        law="beta-binomial",
        typical=float(betaincinv(average * size, (1 - average) * size, 0.5)),
        average=average,
        tau=tau,
        rho=rho,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """The sizes of the series that are simulated.

    Attributes
    ----------
    series : int
    sizes : tuple of int
        One for every series; or, drawn anew for every table, all that there are.
    chances : tuple of float
        How likely each of them is, where they are drawn; empty where they are not.
    """

    series: int
    sizes: tuple[int, ...]
    chances: tuple[float, ...] = ()

    def totals(self, rng: np.random.Generator, tables: int) -> Counts:
        """Return patients of every series, (tables, series)."""
        sizes, shape = np.array(self.sizes, dtype=np.int64), (tables, self.series)
        if self.chances:
            return rng.choice(sizes, shape, p=self.chances)
        return np.broadcast_to(sizes, shape)

    @property
    def most_patients(self) -> int:
        """The most that a table has."""
        return self.series * max(self.sizes) if self.chances else sum(self.sizes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One scenario: what is drawn, how often, and what is asked of it."""

    design: Design
    truth: Truth
    level: float
    tau_scales: tuple[float, ...]
    replicates: int
    critical: CriticalValues | None = None
    seed: np.random.SeedSequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How often one method's intervals held what they should in one scenario.

    Attributes
    ----------
    method : str
        The interval, in words.
    target : {"typical", "average", "prediction", "next", "next-upper"}
        What it should hold.
    covered, error : float
        Share of intervals that held the target, in [0, 1], and its Monte Carlo standard error; for
        a prediction, the mean probability that a new centre, or the events among its next patients,
        lie inside. 0 where no table has an
        interval: then `refused` is 1.
    refused : float
        Share of simulated tables for which the method gives no interval; they count in neither.
    width : float
        Mean width on the proportion scale.
    """

    method: str
    target: Target
    covered: float
    error: float
    refused: float
    width: float


def simulate(works: Sequence[Work]) -> Iterator[tuple[Share, ...]]:
    """Return an iterator over the shares of every scenario, in the order of the scenarios.

    The work goes to the workers that joblib's configuration names now, whatever it says when the
    iterator is read.
    """
    streams = [work.seed.spawn(math.ceil(work.replicates / CHUNK)) for work in works]
    found = joblib.Parallel(return_as="generator")(
        joblib.delayed(_tally)(work, stream, min(CHUNK, work.replicates - chunk * CHUNK))
        for work, own in zip(works, streams, strict=True)
        for chunk, stream in enumerate(own)
    )
    return _gathered(works, [len(own) for own in streams], found)


def _gathered(
    works: Sequence[Work], chunks: Sequence[int], found: Iterator[Tally]
) -> Iterator[tuple[Share, ...]]:
    """Yield the shares of every scenario from the counts of its chunks."""
    for work, count in zip(works, chunks, strict=True):
        # Sums in the order of the chunks, whichever worker came first.
        names, sums = next(found)
        for _ in range(count - 1):
            sums = sums + next(found)[1]
        yield tuple(
            _share(method, target, row, work.replicates)
            for (method, target), row in zip(names, sums.tolist(), strict=True)
        )


def draw_tables(
    design: Design, truth: Truth, stream: np.random.SeedSequence, tables: int
) -> tuple[Counts, Counts]:
    """Return events and totals of simulated tables, both (tables, series)."""
    rng = np.random.default_rng(stream)
    total = design.totals(rng, tables)
    return rng.binomial(total, truth.centres(rng, total.shape)), total


def _tally(work: Work, stream: np.random.SeedSequence, tables: int) -> Tally:
    """Return the names of all intervals, and their counts and sums over one chunk, (names, 4)."""
    design = work.design
    events, total = draw_tables(design, work.truth, stream, tables)
    prepared = kernels(
        tuple(sorted(set(design.sizes))), design.series, design.most_patients, work.tau_scales
    )
    # A product of matrices may round otherwise on several threads, and the workers fill the cores.
    with _libraries().limit(limits=1):
        found = list(intervals(events, total, work.level, prepared, work.critical))
    return [(each.method, each.target) for each in found], np.array(
        [_sums(each, work.truth) for each in found]
    )


@cache
def _libraries() -> ThreadpoolController:
    return ThreadpoolController()


def _sums(found: Intervals, truth: Truth) -> tuple[float, float, float, float]:
    """Return how many intervals there are, and sums of what they hold, its square, and widths."""
    given = ~np.isnan(found.low)
    low, high = found.low[given], found.high[given]
    if found.target == "prediction":
        held = truth.share_between(low, high)
    elif found.target in ("next", "next-upper"):
        # A proportion of the next patients is a whole number of them.
        up_to = np.concatenate([[0.0], np.cumsum(truth.events_of(NEXT_PATIENTS))])
        first, last = (np.rint(NEXT_PATIENTS * end).astype(np.int64) for end in (low, high))
        held = up_to[last + 1] - up_to[first]
    else:
        wanted = truth.typical if found.target == "typical" else truth.average
        held = ((low <= wanted) & (wanted <= high)).astype(float)
    return float(given.sum()), float(held.sum()), float((held**2).sum()), float((high - low).sum())


def _share(method: str, target: Target, row: Sequence[float], replicates: int) -> Share:
    """Return shares from the sums of all chunks."""
    given, held, squares, width = row
    count = max(given, 1.0)
    covered = held / count
    return Share(
        method=method,
        target=target,
        covered=covered,
        error=math.sqrt(max(squares / count - covered**2, 0.0) / count),
        refused=1 - given / replicates,
        width=width / count,
    )
