"""Binomial-normal and beta-binomial models against metafor, and all of them on 43,644 tables."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from multiprocessing import get_context

import numpy as np

from benchmarks.comparison import Contender, Growth, Job
from benchmarks.random_tables import ALL_TABLES, Counts, random_tables
from toolkit.numerics.binomial.beta_binomial import fit_beta_binomial
from toolkit.numerics.binomial.binomial_normal import FitStatus, fit_ml
from toolkit.numerics.binomial.profile_likelihood import profile_interval_mu
from toolkit.numerics.posterior.bayes import posterior, posterior_from_table
from toolkit.numerics.posterior.likelihood_table import choose_grid, tabulate

OURS = "this project"
EVENTS, TOTAL = np.array([6, 3, 18, 14, 10]), np.array([8, 19, 27, 37, 38])
_PIECES = 64


def jobs() -> Iterator[Job]:
    """Yield every comparison: one table, a thousand tables, a Bayes row against ten fits."""
    metafor = Contender(
        name="metafor",
        fits=1,
        script="rma.glmm(measure='PLO', xi=x, ni=n)",
        prepare=_in_r(EVENTS, TOTAL),
    )
    yield Job(
        title="binomial-normal ML, one table of 5",
        contenders=(
            Contender(name=OURS, fits=1, run=partial(fit_ml, EVENTS, EVENTS, TOTAL)),
            metafor,
        ),
    )
    events, total = _batch(1000, 8)
    yield Job(
        title="binomial-normal ML, 1,000 tables of 8, per fit",
        contenders=(
            Contender(name=OURS, fits=1000, run=partial(fit_ml, events, events, total)),
            Contender(
                name="metafor",
                fits=10,
                script="for (i in 1:10) try(rma.glmm(measure='PLO', xi=x[i,], ni=n[i,]), TRUE)",
                prepare=_matrices_in_r(events[:10], total[:10]),
            ),
        ),
    )
    yield Job(
        title="beta-binomial ML, 1,000 tables of 8, per fit",
        contenders=(
            Contender(name=OURS, fits=1000, run=partial(fit_beta_binomial, events, events, total)),
        ),
    )
    yield Job(
        title="binomial-normal profile interval of mu, one table of 5",
        contenders=(Contender(name=OURS, fits=1, run=_profile),),
    )
    grid = choose_grid(EVENTS, EVENTS, TOTAL)
    table = tabulate(EVENTS, EVENTS, TOTAL, grid)
    yield Job(
        title="a Bayes row (both estimands, tau, new centre) once its table exists",
        contenders=(
            Contender(name=OURS, fits=1, run=lambda: _row(grid, table)),
            Contender(name="ten ML fits of ours", fits=1, run=_ten_fits),
        ),
    )


def growths() -> Iterator[Growth]:
    """Yield how a batch fit grows with the number of tables and of series."""
    yield Growth(
        title="binomial-normal ML, 8 series",
        unit="table",
        sizes=(100, 1_000, 10_000),
        run=lambda size: _fit(size, 8),
    )
    yield Growth(
        title="binomial-normal ML, 1,000 tables",
        unit="series",
        sizes=(4, 8, 16, 32),
        run=lambda size: _fit(1_000, size),
    )
    yield Growth(
        title="table of log-likelihoods over the grid",
        unit="series",
        sizes=(5, 10, 20, 40),
        run=_tabulate,
    )


@cache
def _batch(tables: int, series: int) -> tuple[Counts, Counts]:
    random = np.random.default_rng(1)
    total = random.integers(8, 40, (tables, series))
    centres = 1 / (1 + np.exp(-random.normal(-0.5, 0.7, (tables, series))))
    return random.binomial(total, centres), total


def _fit(tables: int, series: int) -> object:
    events, total = _batch(tables, series)
    return fit_ml(events, events, total)


def _tabulate(series: int) -> object:
    (events,), (total,) = _batch(1, series)
    first = (events[:5], events[:5], total[:5])
    return tabulate(events, events, total, choose_grid(*first))


def _profile() -> object:
    return profile_interval_mu(fit_ml(EVENTS, EVENTS, TOTAL), EVENTS, EVENTS, TOTAL)


def _row(grid, table) -> list[tuple[float, float]]:
    found = posterior_from_table(EVENTS, EVENTS, TOTAL, grid, table)
    return [
        marginal.interval()
        for marginal in (found.typical, found.average, found.tau, found.new_centre)
    ]


def _ten_fits() -> None:
    for _ in range(10):
        fit_ml(EVENTS, EVENTS, TOTAL)


def _in_r(events: Counts, total: Counts) -> str:
    x, n = (", ".join(map(str, values)) for values in (events, total))
    return f"x <- c({x}); n <- c({n})"


def _matrices_in_r(events: Counts, total: Counts) -> str:
    x, n = (", ".join(map(str, values.reshape(-1))) for values in (events, total))
    shape = f"nrow={len(events)}, byrow=TRUE"
    return f"x <- matrix(c({x}), {shape}); n <- matrix(c({n}), {shape})"


def never_fails(count: int = ALL_TABLES) -> None:
    """Print what becomes of all random tables under each model; numpy's warnings are errors."""
    # One thread a process: the small products inside would otherwise wait for each other.
    os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    tables = random_tables(count)
    pieces = [
        tuple(part[piece] for part in tables) for piece in np.array_split(np.arange(count), _PIECES)
    ]
    for name, work in (
        ("binomial-normal ML", _statuses_of_ml),
        ("beta-binomial ML", _statuses_of_beta_binomial),
        ("Bayes", _statuses_of_bayes),
    ):
        start = time.perf_counter()
        with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
            found = np.concatenate(list(pool.map(partial(_quietly, work), pieces)))
        took = time.perf_counter() - start
        tally = dict(Counter(found.tolist()))
        print(f"{name}: {tally} in {took:.0f} s", flush=True)


def _quietly(work: Callable[..., list[str]], tables: tuple[Counts, ...]) -> list[str]:
    with np.errstate(all="raise", under="ignore"):
        return work(*tables)


def _statuses_of_ml(events, total, mask) -> list[str]:
    fit = fit_ml(events, events, total, mask)
    fine = np.isfinite([fit.mu, fit.tau, fit.log_likelihood]).all(axis=0) & (fit.se_mu > 0)
    return _words(fit.status, fine)


def _statuses_of_beta_binomial(events, total, mask) -> list[str]:
    fit = fit_beta_binomial(events, events, total, mask)
    return _words(fit.status, (fit.mean > 0) & (fit.mean < 1) & (fit.rho >= 0) & (fit.rho < 1))


def _words(status, fine) -> list[str]:
    return [
        ("fitted" if good else "WRONG") if code == FitStatus.FITTED else FitStatus(int(code)).name
        for code, good in zip(status, fine, strict=True)
    ]


def _statuses_of_bayes(events, total, mask) -> list[str]:
    words = []
    for x, n, used in zip(events, total, mask, strict=True):
        found = posterior(x[used], x[used], n[used])
        good = True
        for marginal in (found.typical, found.average, found.tau, found.new_centre):
            low, high = marginal.interval()
            good &= bool(0 <= low < marginal.median < high < np.inf)
        words.append("finite, ordered" if good else "WRONG")
    return words


if __name__ == "__main__":
    never_fails(*map(int, sys.argv[1:]))
