"""The coverage card: how often each interval holds the truth for series of just these sizes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import expit, ndtri, stdtrit

from toolkit.errors import ToolkitError
from toolkit.memory import remembered
from toolkit.numerics.average import average_over_centres
from toolkit.numerics.bayes import posterior
from toolkit.numerics.binomial_normal import FitStatus, fit_ml
from toolkit.numerics.effects import effects
from toolkit.numerics.inverse_variance import pool as pool_effects
from toolkit.numerics.proportions import clopper_pearson
from toolkit.synthesis import Synthesis

Target = Literal["typical", "average", "prediction"]
Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

REPLICATES = 1000
SEED = 20_260_101
WORST_TAU = 2.0
"""Largest spread simulated, on the logit scale: beyond it centres have nothing in common."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How one interval did in one scenario.

    Attributes
    ----------
    tau : float
        Spread between centres that was simulated, on the logit scale.
    method : str
        The interval, in words.
    target : {"typical", "average", "prediction"}
        What it should hold.
    covered, error : float
        Share of intervals that held the target, in [0, 1], and its Monte Carlo standard error.
    refused : float
        Share of simulated tables for which the method gives no interval; they count in neither.
    width : float
        Mean width on the proportion scale.
    """

    tau: float
    method: str
    target: Target
    covered: float
    error: float
    refused: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageCard:
    """What was simulated and what came out; equal on every run."""

    total: tuple[int, ...]
    typical: float
    level: float
    replicates: int
    seed: int
    rows: tuple[Coverage, ...]

    @property
    def in_words(self) -> str:
        """The card as lines of text, shares as percentages."""
        lines = [
            f"{len(self.total)} series of {', '.join(map(str, self.total))} patients, typical "
            f"centre {100 * self.typical:.0f} %, {self.replicates} simulated tables per scenario, "
            f"seed {self.seed}; intervals aim at {100 * self.level:g} %"
        ]
        width = max(len(row.method) for row in self.rows)
        tau = None
        for row in self.rows:
            if row.tau != tau:
                tau = row.tau
                lines.append(f"spread between centres tau = {tau:.2f}")
            told = (
                f"  {row.method:<{width}}  {row.target:<10}  holds it {100 * row.covered:.1f} % "
                f"(± {100 * row.error:.1f}), mean width {100 * row.width:.0f} points"
            )
            if row.refused:
                told += f"; no interval in {100 * row.refused:.1f} % of tables"
            lines.append(told)
        return "\n".join(lines)


@remembered
def coverage_card(
    answer: Synthesis, *, replicates: int = REPLICATES, seed: int = SEED
) -> CoverageCard:
    """Return the coverage of each interval for series of the sizes that were pooled.

    Tables are simulated from the binomial-normal model at the answer's typical centre, with the
    spread that was estimated and with the upper end of its interval (at most 2).

    Parameters
    ----------
    answer : Synthesis
        A binomial-normal pool.
    replicates : int
        Tables per scenario.
    seed : int
        Seed of the generator.

    Raises
    ------
    ToolkitError
        When the answer holds no binomial-normal estimate to simulate from.
    """
    heterogeneity, mu = answer.heterogeneity, answer.scale_estimate
    if mu is None or heterogeneity.tau is None or answer.method.model != "binomial-normal":
        raise ToolkitError(
            "a coverage card simulates from a binomial-normal pool, and this answer holds none: "
            + (" ".join(answer.notes) or answer.method.in_words)
        )
    upper = math.sqrt(heterogeneity.tau2_high or 0.0)
    scenarios = sorted({heterogeneity.tau, max(heterogeneity.tau, min(upper, WORST_TAU))})
    total = np.array([row.total for row in answer.rows], dtype=np.int64)
    rows: list[Coverage] = []
    for tau in scenarios:
        rng = np.random.default_rng(seed)
        theta = mu + tau * rng.standard_normal((replicates, total.size))
        events = rng.binomial(total, expit(theta))
        new_centre = expit(mu + tau * rng.standard_normal(replicates))
        truth: dict[Target, Floats] = {
            "typical": np.full(replicates, expit(mu)),
            "average": np.full(replicates, float(average_over_centres(mu, tau))),
            "prediction": new_centre,
        }
        level, prior = answer.method.level, answer.method.tau_prior
        rows += [
            _coverage(tau, name, target, low, high, truth[target])
            for name, target, low, high in _intervals(events, total, level, prior)
        ]
    return CoverageCard(
        total=tuple(int(n) for n in total),
        typical=float(expit(mu)),
        level=answer.method.level,
        replicates=replicates,
        seed=seed,
        rows=tuple(rows),
    )


def _coverage(
    tau: float, method: str, target: Target, low: Floats, high: Floats, truth: Floats
) -> Coverage:
    """Return the share of given intervals that hold the truth."""
    given = np.isfinite(low) & np.isfinite(high)
    held = (low <= truth) & (truth <= high)
    share = float(held[given].mean()) if given.any() else 0.0
    return Coverage(
        tau=tau,
        method=method,
        target=target,
        covered=share,
        error=math.sqrt(share * (1 - share) / max(int(given.sum()), 1)),
        refused=float(1 - given.mean()),
        width=float((high - low)[given].mean()) if given.any() else 0.0,
    )


def _intervals(
    events: Counts, total: Counts, level: float, tau_prior: float
) -> Iterator[tuple[str, Target, Floats, Floats]]:
    """Yield name, target and limits (B,) of every interval on the card; NaN where refused."""
    tail, k = (1 + level) / 2, total.size
    fit = fit_ml(events, events, np.broadcast_to(total, events.shape))
    fitted = fit.status == FitStatus.FITTED
    mu, se = np.where(fitted, fit.mu, np.nan), np.where(fitted, fit.se_mu, np.nan)
    for name, reach in (
        ("Maximum likelihood, t(k-1)", float(stdtrit(k - 1, tail))),
        ("Maximum likelihood, Wald", float(ndtri(tail))),
    ):
        yield name, "typical", expit(mu - reach * se), expit(mu + reach * se)
    transformed = effects(events, np.broadcast_to(total, events.shape))
    two_stage = pool_effects(
        transformed.y, transformed.v, interval="hartung-knapp-adhoc", level=level
    )
    yield (
        "Logit, REML, ad hoc Hartung-Knapp",
        "typical",
        expit(two_stage.low),
        expit(two_stage.high),
    )
    low, high = clopper_pearson(events.sum(axis=1), total.sum(), level=level)
    yield "Pooled counts", "average", np.asarray(low), np.asarray(high)
    prior = f"Bayes, half-normal({tau_prior:g})"
    limits = np.array([_credible(row, total, level, tau_prior) for row in events])
    for index, target in enumerate(("typical", "average", "prediction")):
        yield prior, target, limits[:, index, 0], limits[:, index, 1]  # type: ignore[misc]


def _credible(
    events: Counts, total: Counts, level: float, tau_prior: float
) -> tuple[tuple[float, float], ...]:
    """Return the limits of the typical centre, the average and a new centre."""
    found = posterior(events, events, total, tau_scale=tau_prior)
    return (
        found.typical.interval(level),
        found.average.interval(level),
        found.new_centre.interval(level),
    )
