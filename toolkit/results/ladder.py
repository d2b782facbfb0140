"""The answer for ordered outcomes: one rung below the other, and the steps between them.

A record only; `toolkit.analysis.ordered` fills it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from toolkit.results.shown import Shown
from toolkit.results.synthesis import Synthesis
from toolkit.review.method import Method


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder(Shown):
    """What a pool says about outcomes of which each is a part of the one above.

    Attributes
    ----------
    rungs : dict of str to Synthesis
        By name, outermost first: the share of all patients. `average` leads; `heterogeneity` is
        None, because it belongs to the steps. No estimate, interval end, prediction or number of
        next patients lies above that of the rung above.
    steps : dict of str to Synthesis
        By the name of the rung a step leads to: its share among the rung above, with its own
        heterogeneity; among all patients for the outermost. Rows are the series that give the rung
        above exactly.
    method : Method
    rung_prior : str or float
        The prior of the steps' shares: ``dirichlet``, ``uniform`` or a concentration.
    shapes : tuple of (float, float)
        Shapes of the beta law that this makes of each step's share; empty under maximum likelihood.
    reported : dict of str to tuple of bool
        For each rung, which series say more of it than their other rungs imply.
    both_ends : dict of str to int
        For each step, how many series say something of the rung and of the one above.
    dropped : tuple of str
        Rungs of which no series says anything.
    k, total : int
        Series that say something, and their patients.
    log_likelihood : float or None
        Its maximum, under maximum likelihood.
    points : int or None
        Weighted points that stand for the posterior.
    effective : float or None
        How many independent draws from the posterior they are worth.
    notes : tuple of str
        What must be said beside the numbers, in sentences.
    fingerprint : str
        Hash of the counts and the method: equal inputs give equal answers.
    """

    rungs: dict[str, Synthesis]
    steps: dict[str, Synthesis]
    method: Method
    rung_prior: str | float
    shapes: tuple[tuple[float, float], ...] = ()
    reported: dict[str, tuple[bool, ...]]
    both_ends: dict[str, int]
    dropped: tuple[str, ...] = ()
    k: int
    total: int
    log_likelihood: float | None = None
    points: int | None = None
    effective: float | None = None
    notes: tuple[str, ...] = ()
    fingerprint: str = field(default="", compare=False)

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain lists, numbers and words under the same names."""
        return asdict(self)
