"""Jobs, who does them, and how long each takes in the same run on the same machine."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

LEAST_SECONDS = 0.5
"""A contender is run until it has used this much time, once at least; its best run counts."""

MOST_RUNS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """Someone who does a job: a callable here, or a script for R.

    Attributes
    ----------
    name : str
        Who it is.
    fits : int
        How many fits one run makes; seconds are divided by it.
    run : callable or None
        What Python runs.
    script : str or None
        What R runs, as one expression; `prepare` comes before and is not timed.
    prepare : str
        R code that sets the data up.
    """

    name: str
    fits: int
    run: Callable[[], object] | None = None
    script: str | None = None
    prepare: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One piece of work with everyone who does it; the first contender is this project."""

    title: str
    contenders: tuple[Contender, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How a job of ours grows: its sizes, and the call that does it at a size."""

    title: str
    unit: str
    sizes: tuple[int, ...]
    run: Callable[[int], object]


def seconds_of(run: Callable[[], object]) -> float:
    """Return the least wall-clock seconds of several runs."""
    best, spent, runs = float("inf"), 0.0, 0
    while runs == 0 or (spent < LEAST_SECONDS and runs < MOST_RUNS):
        start = time.perf_counter()
        run()
        took = time.perf_counter() - start
        best, spent, runs = min(best, took), spent + took, runs + 1
    return best


def seconds_per_fit(contender: Contender) -> float | None:
    """Return seconds for each fit, or None if the contender is not installed.

    Raises
    ------
    RuntimeError
        When R is there and its part of the work fails.
    """
    if contender.run is not None:
        return seconds_of(contender.run) / contender.fits
    took = _seconds_in_r(contender)
    return None if took is None else took / contender.fits


def _seconds_in_r(contender: Contender) -> float | None:
    """Return the least seconds of several runs inside one R process."""
    if shutil.which("Rscript") is None or contender.script is None:
        return None
    code = f"""
        suppressMessages(suppressWarnings(library(metafor)))
        {contender.prepare}
        best <- Inf; spent <- 0; runs <- 0
        while (runs == 0 || (spent < {LEAST_SECONDS} && runs < {MOST_RUNS})) {{
          took <- system.time(suppressWarnings({{ {contender.script} }}))[["elapsed"]]
          best <- min(best, took); spent <- spent + took; runs <- runs + 1
        }}
        if (best < 0.02) best <- spent / runs   # below the clock's grain: the mean of all runs
        cat(best)
    """
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "job.R"
        script.write_text(code, encoding="utf-8")
        done = subprocess.run(
            ["Rscript", "--vanilla", str(script)], capture_output=True, text=True, check=False
        )
    if "there is no package called" in done.stderr:
        return None
    if done.returncode != 0:
        raise RuntimeError(f"{contender.name} fails in R: {done.stderr.strip()}")
    return float(done.stdout.strip().split()[-1])


def report(jobs: Iterator[Job]) -> None:
    """Print one table row per job and contender, as soon as it is known."""
    print("| job | who | fits per second | this project is faster by |")
    print("|---|---|---|---|")
    for job in jobs:
        ours: float | None = None
        for contender in job.contenders:
            took = seconds_per_fit(contender)
            if took is None:
                print(f"| {job.title} | {contender.name} | not installed | |", flush=True)
                continue
            ours = took if ours is None else ours
            ratio = "" if contender is job.contenders[0] else f"{took / ours:,.0f} x"
            if took / ours < 10 and ratio:
                ratio = f"{took / ours:.1f} x"
            print(f"| {job.title} | {contender.name} | {1 / took:,.0f} | {ratio} |", flush=True)


def report_growth(growths: Iterator[Growth]) -> None:
    """Print seconds by size, and the power of the size they grow with."""
    for growth in growths:
        print(f"\n| {growth.title}: {growth.unit} | seconds | per {growth.unit}, relative |")
        print("|---|---|---|")
        first = None
        for size in growth.sizes:
            growth.run(size)  # data are made once, outside the clock
            took = seconds_of(lambda size=size, growth=growth: growth.run(size))
            first = first or took / size
            print(f"| {size:,} | {took:.4f} | {took / size / first:.2f} |", flush=True)


def environment() -> str:
    """Return one line on machine and versions."""
    found = []
    for package in ("numpy", "scipy", "statsmodels", "pymare"):
        try:
            found.append(f"{package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            found.append(f"{package} not installed")
    return (
        f"{os.cpu_count()} cores, {platform.machine()}; Python {platform.python_version()}, "
        f"{', '.join(found)}; {_versions_of_r()}"
    )


def _versions_of_r() -> str:
    if shutil.which("Rscript") is None:
        return "R not installed"
    code = (
        'cat(sprintf(\'{"R": "%s", "metafor": "%s"}\', getRversion(), packageVersion("metafor")))'
    )
    done = subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return "R without metafor"
    return ", ".join(f"{name} {version}" for name, version in json.loads(done.stdout).items())
