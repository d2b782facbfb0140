"""The coverage card: how often each interval holds the truth for series of just these sizes."""

from __future__ import annotations

import html
import math
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import joblib
import numpy as np

from toolkit.analysis.cache import remembered
from toolkit.analysis.critical_files import CriticalFile, find_critical_values
from toolkit.calibration.intervals import TAU_SCALES, Target
from toolkit.calibration.simulation import (
    Design,
    Share,
    Truth,
    Work,
    beta_binomial,
    logit_normal,
    simulate,
)
from toolkit.errors import ToolkitError
from toolkit.results.names import ESTIMANDS
from toolkit.results.synthesis import Heterogeneity, Synthesis
from toolkit.review.review import NEXT_PATIENTS

REPLICATES = 10_000
SEED = 20_260_101
WORST_TAU = 2.0
"""Largest spread simulated beside the estimate, on the logit scale: beyond it studies have nothing
in common."""

LARGEST_SERIES = 1_000
"""Patients up to which a series is simulated: every count it may have is tabulated."""

AIMS: dict[Target, str] = {
    "average": ESTIMANDS["average"],
    "typical": ESTIMANDS["typical"],
    "prediction": "new study",
    "next": f"next {NEXT_PATIENTS} patients",
    "next-upper": f"next {NEXT_PATIENTS}, upper end",
}
"""What an interval should hold, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One distribution of studies, and how every interval did under it."""

    truth: Truth
    shares: tuple[Share, ...]

    @property
    def in_words(self) -> str:
        """The law in a line of text."""
        truth = self.truth
        laws = f"median study {100 * truth.typical:.1f}%, average {100 * truth.average:.1f}%"
        if truth.law == "logit-normal":
            return f"logits of studies normal, spread tau = {truth.tau:.2f}: {laws}"
        return (
            f"studies from a beta law with the average and the variance of tau = {truth.tau:.2f} "
            f"(rho = {truth.rho:.3f}): {laws}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageCard:
    """What was simulated and what came out; equal on every run, whatever the workers.

    Attributes
    ----------
    total : tuple of int
        Patients of the series.
    typical : float
        The median study that was simulated, in [0, 1].
    level : float
        What the intervals aim at.
    replicates : int
        Simulated tables of each scenario.
    seed : int
    scenarios : tuple of Scenario
    """

    total: tuple[int, ...]
    typical: float
    level: float
    replicates: int
    seed: int
    scenarios: tuple[Scenario, ...]

    def __str__(self) -> str:
        """Return the card as lines of text."""
        return self.in_words

    def _repr_html_(self) -> str:
        """Return the card for a notebook."""
        return f"<pre>{html.escape(self.in_words)}</pre>"

    @property
    def in_words(self) -> str:
        """The card as lines of text, shares as percentages."""
        lines = [
            f"{len(self.total)} series of {', '.join(map(str, self.total))} patients, "
            f"median study {100 * self.typical:.0f}%, {self.replicates} simulated tables per "
            f"scenario, seed {self.seed}; intervals aim at {100 * self.level:g}%",
            "± is the standard error of the simulation; tables without an interval count in "
            "neither column",
        ]
        name = max(len(share.method) for each in self.scenarios for share in each.shares)
        aim = max(map(len, AIMS.values()))
        for scenario in self.scenarios:
            lines.append(scenario.in_words)
            lines += [
                f"  {share.method:<{name}}  {AIMS[share.target]:<{aim}}  {self._in_words(share)}"
                for share in scenario.shares
            ]
        return "\n".join(lines)

    def _in_words(self, share: Share) -> str:
        """Return in words how one method did."""
        if share.refused == 1:
            return "no interval for any table"
        told = (
            f"holds it {100 * share.covered:5.1f}% (± {100 * share.error:.1f}), "
            f"mean width {100 * share.width:.0f} points"
        )
        missing = round(share.refused * self.replicates)
        if missing:
            told += f"; no interval for {missing} table{'' if missing == 1 else 's'}"
        return told


def coverage_card(
    answer: Synthesis,
    *,
    replicates: int = REPLICATES,
    seed: int = SEED,
    workers: int | None = None,
) -> CoverageCard:
    """Return the coverage of each interval for series of the sizes that were pooled.

    Tables are simulated at the answer's median study with the spread that was estimated and with
    the upper end of its interval, or with 2 where that end lies beyond; an estimate of 2 or more is
    simulated alone. Each time once with normal logits of studies, and, where they differ at all,
    once with a beta law of the same average and the same variance between studies.

    Parameters
    ----------
    answer : Synthesis
        A binomial-normal pool.
    replicates : int
        Tables per scenario, at least 1.
    seed : int
        Seed of the generator. The same seed gives the same card on any number of workers.
    workers : int, optional
        Processes, -1 for one on every core. Default: what `joblib.parallel_config` says around the
        call, which may be a Dask cluster, and otherwise this process alone.

    Raises
    ------
    ToolkitError
        When the answer holds no binomial-normal estimate to simulate from, when a series has more
        than `LARGEST_SERIES` patients, or when a number is out of its range.
    """
    check_numbers(replicates, seed, workers)
    # The calibrated intervals are simulated where their critical values are stored.
    critical = find_critical_values([row.total for row in answer.rows], answer.method.level)
    # How many workers there are is no part of what is remembered.
    with on_workers(workers):
        return _card(answer, replicates, seed, critical)


def check_numbers(replicates: int, seed: int, workers: int | None) -> None:
    """Raise ToolkitError where a simulation cannot be run with such numbers."""
    if replicates < 1:
        raise ToolkitError(f"replicates={replicates}: at least 1 table must be simulated.")
    if workers == 0:
        raise ToolkitError("workers=0: say at least 1, or -1 for one on every core.")
    if seed < 0:
        raise ToolkitError(f"seed={seed}: a seed must be at least 0.")


def on_workers(workers: int | None) -> AbstractContextManager[object]:
    """Return a context in which simulations run on so many processes; None changes nothing."""
    return nullcontext() if workers is None else joblib.parallel_config(n_jobs=workers)


@remembered
def _card(
    answer: Synthesis, replicates: int, seed: int, critical: CriticalFile | None
) -> CoverageCard:
    """Return the card, once its arguments are known to be sound."""
    heterogeneity, mu = answer.heterogeneity or Heterogeneity(), answer.scale_estimate
    tau, tau2_high = heterogeneity.tau, heterogeneity.tau2_high
    normal = answer.method.model == "binomial-normal"
    if mu is None or tau is None or tau2_high is None or not normal:
        why = " ".join(answer.notes) if normal else f"{answer.method.in_words}."
        if answer.reading == "ladder":
            why = "it is a rung of a ladder. Pool the outcome alone, by reading bounds."
        if not all(row.counted for row in answer.rows):
            why += " Series that give a percentage alone have no counts to simulate."
        raise ToolkitError(
            "a coverage card simulates from a binomial-normal pool, and this answer holds none: "
            + why
        )
    largest = max(answer.rows, key=lambda row: row.total)
    if largest.total > LARGEST_SERIES:
        raise ToolkitError(
            "a coverage card tabulates every count that a series may have, for series of up to "
            f"{LARGEST_SERIES:,} patients; {largest.label} has {largest.total:,}."
        )
    truths = _truths(mu, tau, math.sqrt(tau2_high))
    total = tuple(row.total for row in answer.rows)
    streams = np.random.SeedSequence(seed).spawn(len(truths))
    works = [
        Work(
            design=Design(series=len(total), sizes=total),
            truth=truth,
            level=answer.method.level,
            tau_scales=tuple(sorted({*TAU_SCALES, answer.method.tau_prior})),
            replicates=replicates,
            critical=None if critical is None else critical.values,
            seed=stream,
        )
        for truth, stream in zip(truths, streams, strict=True)
    ]
    return CoverageCard(
        total=total,
        typical=truths[0].typical,
        level=answer.method.level,
        replicates=replicates,
        seed=seed,
        scenarios=tuple(
            Scenario(truth=truth, shares=shares)
            for truth, shares in zip(truths, simulate(works), strict=True)
        ),
    )


def _truths(mu: float, tau: float, upper: float) -> tuple[Truth, ...]:
    """Return the laws of the estimated spread and of the worst that the data allow."""
    truths = []
    for spread in sorted({tau, max(tau, min(upper, WORST_TAU))}):
        truth = logit_normal(mu, spread)
        truths.append(truth)
        if truth.rho > 0:
            truths.append(beta_binomial(truth.average, truth.rho, spread))
    return tuple(truths)
