"""One whole answer against the bare fits of metafor, lme4, statsmodels, PyMARE and pimeta.

A whole answer here is a fit with the intervals of both estimands and of tau, a posterior, the
prediction for a new study and for its next 20 patients; the others fit one model and stop. Every
run has data of its own, so that nothing that is kept from one run serves the next. `failures` fits
the same sparse tables with each and counts what becomes of them.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from itertools import cycle
from pathlib import Path

import numpy as np

from benchmarks.comparison import Contender, Growth, Job
from toolkit import Method, leave_one_out, pool_counts

OURS = "this project, whole answer"
FRESH = 200
SPARSE = 60

Table = tuple[list[int], list[int]]


def jobs() -> Iterator[Job]:
    """Yield a whole answer for 5, 15 and 50 series, against each peer's bare fit."""
    for k in (5, 15, 50):
        tables = _tables(k, FRESH)
        yield Job(
            title=f"one answer of {k} series",
            contenders=(
                Contender(name=OURS, fits=1, run=_fresh(tables, _whole)),
                _in_r("metafor's rma.glmm", tables[:20], "rma.glmm(measure='PLO', xi=x, ni=n)"),
                _in_r(
                    "lme4's glmer",
                    tables[:20],
                    "lme4::glmer(cbind(x, n - x) ~ 1 + (1 | s), family = binomial, nAGQ = 7)",
                ),
                *(
                    Contender(name=name, fits=1, run=_fresh(tables, fit))
                    for name, fit in _peers().items()
                ),
            ),
        )
    answer = pool_counts(*_tables(60, 1)[0])
    yield Job(
        title="leave-one-out of 60 series",
        contenders=(Contender(name=OURS, fits=1, run=lambda: leave_one_out(answer)),),
    )


def growths() -> Iterator[Growth]:
    """Yield how a whole answer grows with the series, and with the patients of each."""
    yield Growth(
        title="a whole answer",
        unit="series",
        sizes=(5, 20, 80, 320),
        run=lambda k: _whole(*_table(k, 1)),
    )
    yield Growth(
        title="a whole answer of 8 series",
        unit="times the patients",
        sizes=(1, 10, 1_000, 100_000),
        run=lambda times: _whole(*_table(8, times)),
    )
    yield Growth(
        title="beta-binomial, 8 series",
        unit="times the patients",
        sizes=(1, 10, 1_000, 100_000),
        run=lambda times: pool_counts(*_table(8, times), method=Method(model="beta-binomial")),
    )


def failures() -> str:
    """Return how many of the same sparse tables each refuses, fails on or answers."""
    rng = np.random.default_rng(7)
    tables = []
    for _ in range(SPARSE):
        total = rng.integers(4, 25, rng.integers(3, 7))
        events = rng.binomial(total, 1 / (1 + np.exp(-rng.normal(-3.0, 1.5, len(total)))))
        tables.append((events.tolist(), total.tolist()))
    told = {OURS: Counter(_becomes(_whole, table) for table in tables)}
    for name, fit in _peers().items():
        told[name] = Counter(_becomes(fit, table) for table in tables)
    for name, call in (
        ("metafor's rma.glmm", "rma.glmm(measure='PLO', xi=x, ni=n)"),
        ("lme4's glmer", "lme4::glmer(cbind(x, n-x) ~ 1 + (1|s), family=binomial, nAGQ=7)"),
    ):
        found = _failures_in_r(tables, call)
        if found is not None:
            told[name] = found
    lines = [f"{SPARSE} sparse tables of 3 to 6 series of 4 to 24 patients, rates about 5 %:"]
    lines += [
        f"{name}: " + ", ".join(f"{count} {what}" for what, count in sorted(counts.items()))
        for name, counts in told.items()
    ]
    return "\n".join(lines)


def _tables(k: int, count: int) -> list[Table]:
    return [_table(k, 1, seed) for seed in range(count)]


def _table(k: int, times: int, seed: int = 0) -> Table:
    rng = np.random.default_rng([k, seed])
    total = times * rng.integers(5, 40, k)
    events = rng.binomial(total, 1 / (1 + np.exp(-rng.normal(-0.4, 0.8, k))))
    return events.tolist(), total.tolist()


def _fresh(tables: list[Table], fit: Callable[..., object]) -> Callable[[], object]:
    """Return a call that takes the next table every time; a fit that fails has its time counted."""
    turn = cycle(tables)

    def run() -> None:
        with suppress(Exception), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fit(*next(turn))

    return run


def _whole(events: list[int], total: list[int]) -> object:
    return pool_counts(events, total)


def _peers() -> dict[str, Callable[..., object]]:
    """Return the fits of the Python packages that are installed."""
    found: dict[str, Callable[..., object]] = {}
    for package, fit in (
        ("pimeta", _pimeta),
        ("pymare", _pymare),
        ("statsmodels", _statsmodels),
    ):
        try:
            import_module(package)
        except ImportError:
            continue
        found[_NAMES[package]] = fit
    return found


_NAMES = {
    "pimeta": "pimeta's rma_glmm",
    "pymare": "PyMARE, logits by REML",
    "statsmodels": "statsmodels' BinomialBayesMixedGLM",
}


def _pimeta(events: list[int], total: list[int]) -> object:
    return import_module("pimeta").rma_glmm("PLO", xi=events, ni=total)


def _pymare(events: list[int], total: list[int]) -> object:
    x, n = np.array(events) + 0.5, np.array(total) + 1.0
    y, v = np.log(x / (n - x)), 1 / x + 1 / (n - x)
    data = import_module("pymare").Dataset(y, v)
    fit = import_module("pymare.estimators").VarianceBasedLikelihoodEstimator(method="REML")
    return fit.fit_dataset(data).summary().get_fe_stats()


def _statsmodels(events: list[int], total: list[int]) -> object:
    model = import_module("statsmodels.genmod.bayes_mixed_glm").BinomialBayesMixedGLM
    outcome = np.concatenate(
        [np.repeat([1.0, 0.0], [x, n - x]) for x, n in zip(events, total, strict=True)]
    )
    series = np.repeat(np.arange(len(total)), total)
    random = (series[:, None] == np.arange(len(total))).astype(float)
    return model(
        outcome, np.ones((len(outcome), 1)), random, np.zeros(len(total), dtype=int)
    ).fit_map()


def _becomes(fit: Callable[..., object], table: Table) -> str:
    """Return in a word what becomes of a table."""
    found = None
    with suppress(Exception), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = fit(*table)
    if found is None:
        return "errors"
    if getattr(found, "typical", None) is not None:
        return "answered" if found.typical.defined else "refused with the reason"
    return "answered with warnings" if caught else "answered"


def _in_r(name: str, tables: list[Table], call: str) -> Contender:
    """Return a contender that fits some tables in one run inside R."""
    return Contender(
        name=name,
        fits=len(tables),
        script=f"for (t in tables) {{ x <- t$x; n <- t$n; s <- seq_along(x); try({call}, TRUE) }}",
        prepare=_list_in_r(tables),
    )


def _list_in_r(tables: list[Table]) -> str:
    parts = (
        f"list(x=c({', '.join(map(str, x))}), n=c({', '.join(map(str, n))}))" for x, n in tables
    )
    return f"tables <- list({', '.join(parts)})"


def _failures_in_r(tables: list[Table], call: str) -> Counter[str] | None:
    """Return what becomes of the tables in R; None where R or the package is missing."""
    if shutil.which("Rscript") is None:
        return None
    code = f"""
        suppressMessages(suppressWarnings(library(metafor)))
        {_list_in_r(tables)}
        told <- sapply(tables, function(t) {{
          x <- t$x; n <- t$n; s <- seq_along(x); warned <- FALSE
          found <- tryCatch(withCallingHandlers(suppressMessages({call}), warning = function(w) {{
            warned <<- TRUE; invokeRestart("muffleWarning") }}), error = function(e) NULL)
          if (is.null(found)) "errors" else if (warned) "answered with warnings" else "answered"
        }})
        cat(sprintf("[%s]", paste0('"', told, '"', collapse = ",")))
    """
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "failures.R"
        script.write_text(code, encoding="utf-8")
        done = subprocess.run(
            ["Rscript", "--vanilla", str(script)], capture_output=True, text=True, check=False
        )
    return Counter(json.loads(done.stdout)) if done.returncode == 0 else None
