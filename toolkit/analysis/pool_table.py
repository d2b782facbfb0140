"""The rows of a pool as arrays, and what is fitted to them: each once for the same counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from toolkit.analysis.critical_files import CriticalFile
from toolkit.analysis.likelihood_intervals import CountedTable
from toolkit.numerics.binomial.binomial_normal import BinomialNormalFit, fit_ml
from toolkit.numerics.binomial.lattice_surface import TableSurface, table_surface
from toolkit.numerics.binomial.region_ends import Surveyed
from toolkit.numerics.posterior.bayes import posterior, posterior_from_table
from toolkit.numerics.posterior.likelihood_table import Survey, likeliest, survey
from toolkit.numerics.posterior.posterior import Posterior
from toolkit.results.row import Row

Counts = npt.NDArray[np.int64]

NARROWEST_SHARED = 0.5
"""Scale of tau's prior down to which a posterior is read off the table of scale 1."""


@dataclass(frozen=True)
class PoolTable:
    """The rows of a pool, and their counts as arrays of shape (k,).

    `low` and `high` differ in undecided cells; a row that is only a percentage has 0 in both.
    `critical` is the file of critical values for these sizes, where there is one.
    """

    rows: tuple[Row, ...]
    low: Counts
    high: Counts
    total: Counts
    tau_prior: float
    critical: CriticalFile | None = None

    @property
    def counts(self) -> tuple[tuple[int, ...], ...]:
        """The counts in words: low, high, total."""
        return tuple(tuple(part.tolist()) for part in (self.low, self.high, self.total))

    @property
    def fit(self) -> BinomialNormalFit:
        """The binomial-normal model at its largest likelihood."""
        return _fit(self.counts)

    @property
    def counted(self) -> CountedTable:
        """The counts alone."""
        return CountedTable(low=self.low, high=self.high, total=self.total, critical=self.critical)

    @property
    def surveyed(self) -> Surveyed:
        """The fit with a first look at the likelihood, from which searches start."""
        seen, fit = _survey(self.counts, 1.0), self.fit
        return Surveyed(
            cells=seen.cells,
            surface=_surface(self.counts),
            mu=float(fit.mu),
            tau=float(fit.tau),
            best=float(fit.log_likelihood),
            grid_mu=seen.grid.mu,
            grid_tau=seen.grid.tau,
            log_likelihood=seen.rows.sum(axis=0),
        )

    @property
    def posterior(self) -> Posterior:
        """Posterior of the binomial-normal model on its grid."""
        return _posterior(self.counts, self.tau_prior)

    @property
    def k(self) -> int:
        """Number of series."""
        return len(self.total)

    @property
    def read_rows(self) -> tuple[Row, ...]:
        """The rows with the numbers of events of this table, which may be one of its readings."""
        return tuple(
            replace(row, events_low=int(low), events_high=int(high)) if row.counted else row
            for row, low, high in zip(self.rows, self.low, self.high, strict=True)
        )


# The rows of a forest and the methods of a curve ask of the same counts what was asked before.
_keep_some = lru_cache(maxsize=64)


@_keep_some
def _survey(counts: tuple[tuple[int, ...], ...], tau_scale: float) -> Survey:
    return survey(*counts, tau_scale=tau_scale)


@_keep_some
def _fit(counts: tuple[tuple[int, ...], ...]) -> BinomialNormalFit:
    seen = _survey(counts, 1.0)
    return fit_ml(*counts, start=likeliest(seen), surface=_surface(counts))


@_keep_some
def _surface(counts: tuple[tuple[int, ...], ...]) -> TableSurface:
    return table_surface(_survey(counts, 1.0).cells)


@_keep_some
def _posterior(counts: tuple[tuple[int, ...], ...], tau_scale: float) -> Posterior:
    if NARROWEST_SHARED <= tau_scale < 1.0:
        # The table of the usual prior holds that of a somewhat narrower one.
        wide = _posterior(counts, 1.0)
        low, high, total = counts
        return posterior_from_table(low, high, total, wide.grid, wide.table, tau_scale=tau_scale)
    return posterior(*counts, tau_scale=tau_scale, known=_survey(counts, tau_scale))
