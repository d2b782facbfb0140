"""Several groups of one study in one pool: their sum, or a random effect of the study."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, cast, get_args

import numpy as np
from scipy.special import stdtrit

from toolkit.analysis.effects import back_to_proportion, row_effects
from toolkit.analysis.rows import series_interval
from toolkit.errors import ToolkitError
from toolkit.numerics.normal.effects import harmonic_mean
from toolkit.numerics.normal.three_level import fit_three_level
from toolkit.results.row import Row
from toolkit.results.synthesis import Estimate, Heterogeneity, Prediction, Synthesis
from toolkit.review.method import Method

Groups = Literal["one", "sum", "three-level", "separate"]
GROUPS: tuple[str, ...] = get_args(Groups)
"""What becomes of several groups of one study."""

THREE_LEVEL = Method(model="inverse-variance")
"""The method of a three-level fit unless another inverse-variance method is given."""


def summed(
    rows: Sequence[Row], studies: Sequence[str], method: Method
) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """Return one row for each study, the counts of its groups added, and sentences on the sums.

    Raises
    ------
    ToolkitError
        Where a study's groups cannot be added: one of them is only a percentage.
    """
    members: dict[str, list[Row]] = {}
    for row, study in zip(rows, studies, strict=True):
        members.setdefault(study, []).append(row)
    found, notes = [], []
    for study, mine in members.items():
        if len(mine) == 1:
            found.append(mine[0])
            continue
        if not all(row.counted for row in mine):
            raise ToolkitError(
                f"{study}: its groups cannot be added, for one of them is only a percentage. "
                'Choose groups="three-level" or groups="separate".'
            )
        low = sum(row.events_low or 0 for row in mine)
        high = sum(row.events_high or 0 for row in mine)
        total = sum(row.total for row in mine)
        limits = series_interval(low, high, total, method.level)
        found.append(
            replace(
                mine[0],
                label=study,
                group="",
                events=low if low == high else None,
                events_low=low,
                events_high=high,
                total=total,
                estimate=low / total if low == high else None,
                low=limits[0],
                high=limits[1],
                as_printed="",
            )
        )
        parts = " + ".join(f"{row.events}/{row.total}" for row in mine)
        notes.append(f"{study}: its {len(mine)} groups are added, {parts} = {low}/{total}.")
    return tuple(found), tuple(notes)


def three_level(answer: Synthesis, studies: Sequence[str]) -> Synthesis:
    """Return a pool of groups refitted with a random effect of the study and one of the group.

    Parameters
    ----------
    answer : Synthesis
        The rows and an inverse-variance method with tau2 by REML or ML and a Wald or t interval.
    studies : sequence of str
        The study of each row.

    Raises
    ------
    ToolkitError
        For another method, or fewer than two studies.

    Notes
    -----
    **Source** and reference: `toolkit.numerics.normal.three_level.fit_three_level`.
    """
    method = answer.method
    known = method.model == "inverse-variance" and method.tau2 in ("reml", "ml")
    if not known or method.interval not in ("t", "wald"):
        raise ToolkitError(
            'a three-level fit needs model="inverse-variance" with tau2="reml" or "ml" and '
            f'interval="t" or "wald"; the method is {method.in_words}.'
        )
    if len(set(studies)) < 2:
        raise ToolkitError("a three-level fit needs at least two studies.")
    found = row_effects(answer.rows, method)
    used = found.usable
    codes = np.unique(np.asarray(studies)[used], return_inverse=True)[1]
    fit = fit_three_level(
        found.y[used],
        found.v[used],
        codes,
        method=cast(Literal["reml", "ml"], method.tau2),
        interval=method.interval,
        level=method.level,
    )
    total = float(harmonic_mean([row.total for row in answer.rows], mask=used))
    tau2 = fit.tau2_between + fit.tau2_within
    reach = float(stdtrit(len(set(codes.tolist())) - 1, (1 + method.level) / 2))
    spread = reach * math.sqrt(tau2 + fit.se**2)
    ends = back_to_proportion(
        [fit.mu, fit.low, fit.high, fit.mu - spread, fit.mu + spread], method, total
    )
    middle, one, other, first, last = (float(end) for end in ends)
    weights = np.zeros(len(answer.rows))
    weights[used] = fit.weights
    return replace(
        answer,
        typical=Estimate(estimate=middle, low=min(one, other), high=max(one, other)),
        average=Estimate(),
        prediction=Prediction(low=min(first, last), high=max(first, last))
        if method.prediction != "none"
        else Prediction(),
        scale_estimate=fit.mu,
        scale_se=fit.se,
        heterogeneity=Heterogeneity(tau=math.sqrt(tau2), tau2=tau2, q=fit.q, df=fit.df, p=fit.p),
        rows=tuple(
            replace(row, weight=float(weight))
            for row, weight in zip(answer.rows, weights, strict=True)
        ),
        notes=(
            *found.notes,
            "Three-level fit: several groups of one study share a random effect of the study. "
            f"Between studies tau is {math.sqrt(fit.tau2_between):.2f}, between the groups of a "
            f"study {math.sqrt(fit.tau2_within):.2f}, on the {method.scale} scale.",
        ),
    )
