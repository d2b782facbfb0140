"""Two-stage pooling against metafor, statsmodels and PyMARE."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from functools import cache, partial

import numpy as np

from benchmarks.comparison import Contender, Growth, Job
from toolkit.numerics.normal.effects import effects
from toolkit.numerics.normal.heterogeneity import q_profile
from toolkit.numerics.normal.influence import influence
from toolkit.numerics.normal.inverse_variance import pool
from toolkit.numerics.normal.meta_regression import regress
from toolkit.numerics.normal.permutation import permute_mean
from toolkit.numerics.normal.subsets import all_subsets

OURS = "this project"


def _table(k, seed=1):
    """Return events and total of k small series of one half-typical truth."""
    random = np.random.default_rng(seed)
    total = random.integers(8, 40, k)
    centres = 1 / (1 + np.exp(-random.normal(-0.5, 0.7, k)))
    return random.binomial(total, centres), total


def _in_r(events, total):
    """Return R code that makes the same table and its effects."""
    events, total = (", ".join(map(str, values)) for values in (events, total))
    return f"""
        x <- c({events}); n <- c({total})
        d <- escalc(measure="PLO", xi=x, ni=n); set.seed(1)
    """


def jobs() -> Iterator[Job]:
    """Yield every comparison, from one table to all subsets of fifteen series."""
    yield from _single_tables()
    yield from _diagnostics()
    yield _many_tables()
    yield from _subsets()


def _single_tables() -> Iterator[Job]:
    events, total = _table(10)
    found = effects(events, total)
    prepare = _in_r(events, total)

    def ours(**choice):
        made = effects(events, total)
        return pool(made.y, made.v, **choice)

    fit = partial(ours, interval="hartung-knapp", prediction="as-interval")
    script = "d <- escalc(measure='PLO', xi=x, ni=n); r <- rma(yi, vi, data=d, test='knha');"
    yield Job(
        title="one table of 10, REML, Hartung-Knapp, prediction",
        contenders=(
            Contender(name=OURS, fits=1, run=fit),
            Contender(name="metafor", fits=1, script=f"{script} predict(r)", prepare=prepare),
            *_pymare(found, "REML"),
        ),
    )
    yield Job(
        title="one table of 10, Paule-Mandel",
        contenders=(
            Contender(name=OURS, fits=1, run=partial(ours, tau2="pm")),
            Contender(
                name="metafor", fits=1, script="rma(yi, vi, data=d, method='PM')", prepare=prepare
            ),
            *_statsmodels(found),
        ),
    )


def _pymare(found, method) -> tuple[Contender, ...]:
    try:
        from pymare import Dataset
        from pymare.estimators import VarianceBasedLikelihoodEstimator
    except ImportError:
        return ()

    def run():
        data = Dataset(y=found.y, v=found.v, X=None, add_intercept=True)
        fit = VarianceBasedLikelihoodEstimator(method=method).fit_dataset(data)
        return fit.summary().get_fe_stats()

    return (Contender(name="PyMARE", fits=1, run=run),)


def _statsmodels(found) -> tuple[Contender, ...]:
    try:
        from statsmodels.stats.meta_analysis import combine_effects
    except ImportError:
        return ()

    def run():
        return combine_effects(found.y, found.v, method_re="iterated").summary_frame()

    return (Contender(name="statsmodels", fits=1, run=run),)


def _diagnostics() -> Iterator[Job]:
    events, total = _table(10)
    found = effects(events, total)
    prepare = _in_r(events, total) + "r <- rma(yi, vi, data=d); m <- seq_along(x)"
    design = np.stack([np.ones(10), np.arange(1.0, 11.0)], axis=1)
    calls = {
        "influence of each of 10 series, REML": (
            partial(influence, found.y, found.v),
            "influence(r)",
        ),
        "Q-profile interval of tau2": (partial(q_profile, found.y, found.v), "confint(r)"),
        "meta-regression on one column, REML, Hartung-Knapp": (
            partial(regress, found.y, found.v, design),
            "rma(yi, vi, mods=~m, data=d, test='knha')",
        ),
    }
    for title, (run, script) in calls.items():
        peer = Contender(name="metafor", fits=1, script=script, prepare=prepare)
        yield Job(title=title, contenders=(Contender(name=OURS, fits=1, run=run), peer))
    yield Job(
        title="permutation test of the mean, 1,023 sign flips, REML",
        contenders=(
            Contender(name=OURS, fits=1024, run=partial(permute_mean, found.y, found.v)),
            Contender(
                name="metafor",
                fits=256,
                script="permutest(rma(yi, vi, data=d[1:8,]), exact=TRUE, progbar=FALSE)",
                prepare=prepare,
            ),
        ),
    )


def _many_tables() -> Job:
    random = np.random.default_rng(2)
    total = random.integers(8, 34, (10_000, 6))
    events = random.binomial(total, 0.3)

    def ours():
        made = effects(events, total)
        return pool(made.y, made.v, interval="hartung-knapp")

    script = """
        for (i in 1:200) {
          d <- escalc(measure="PLO", xi=rbinom(6, 20, .3), ni=rep(20, 6))
          rma(yi, vi, data=d, test="knha", control=list(maxiter=1000))
        }
    """
    return Job(
        title="simulated tables of 6, REML, Hartung-Knapp",
        contenders=(
            Contender(name=OURS, fits=10_000, run=ours),
            Contender(name="metafor", fits=200, script=script, prepare="set.seed(1)"),
        ),
    )


def _subsets() -> Iterator[Job]:
    for k, method, sampled in ((10, "REML", 1023), (15, "REML", 1000), (15, "DL", 32_767)):
        events, total = _table(k)
        found = effects(events, total)
        how = "" if sampled == 2**k - 1 else f" (metafor: a random {sampled:,} of them)"
        chosen = "" if sampled == 2**k - 1 else f"subsets={sampled}, "
        yield Job(
            title=f"all {2**k - 1:,} subsets of {k}, {method}{how}",
            contenders=(
                Contender(
                    name=OURS,
                    fits=2**k - 1,
                    run=partial(all_subsets, found.y, found.v, tau2=method.lower()),
                ),
                Contender(
                    name="metafor",
                    fits=sampled,
                    script=f"gosh(r, {chosen}progbar=FALSE)",
                    prepare=f"{_in_r(events, total)} r <- rma(yi, vi, data=d, method='{method}')",
                ),
            ),
        )


def growths() -> Iterator[Growth]:
    """Yield how pooling grows with the number of tables and of series."""

    @cache
    def tables(count, k):
        random = np.random.default_rng(3)
        total = random.integers(8, 40, (count, k))
        return effects(random.binomial(total, 0.3), total)

    def fit(count, k):
        made = tables(count, k)
        return pool(made.y, made.v)

    yield Growth(
        title="REML on tables of 10 series",
        unit="tables",
        sizes=(1_000, 4_000, 16_000, 64_000, 256_000),
        run=lambda count: fit(count, 10),
    )
    yield Growth(
        title="REML on 4,000 tables",
        unit="series",
        sizes=(5, 10, 20, 40, 80),
        run=lambda k: fit(4_000, k),
    )


_TWENTY = """
import resource, time
import numpy as np
from benchmarks.inverse_variance import _table
from toolkit.numerics.effects import effects
from toolkit.numerics.subsets import all_subsets
made = effects(*_table(20))
start = time.perf_counter()
found = all_subsets(made.y, made.v)
took = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
print(f"all {len(found.mu):,} subsets of 20, REML: {took:.1f} s, peak memory {peak:.2f} GiB")
"""


def memory() -> str:
    """Return time and peak memory of all subsets of twenty series, in a process of their own."""
    done = subprocess.run(
        [sys.executable, "-c", _TWENTY], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()
