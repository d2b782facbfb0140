"""Every script of R is executed, and what it prints is what the toolkit says.

Two programs that share no line: R's dbinom, optim, fft and metafor against the package's numerics.
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import toolkit as tk
from tests.scripts.run_in_r import Table, rscript, run
from toolkit.results.ladder import Ladder
from toolkit.results.synthesis import Estimate, Synthesis
from toolkit.scripts.script import script

CHECKOUT = Path(__file__).resolve().parents[2]
REVIEWS = ("ped-venaza", "infant-all")
REFERENCE = CHECKOUT / "tests" / "reference"

DATA_SETS = (
    "pritz1997",
    "debruin2009",
    "nielweise2007_trt",
    "ursino2021_400",
    "hine1989_trt",
    "collins1985a_trt",
)
"""Of metadat: full and zero cells, few and many studies, small and large ones."""

METHODS = {
    "bartlett": tk.Method(),
    "bayes": tk.Method(fit="bayes"),
    "logit": tk.Method(model="inverse-variance", interval="hartung-knapp"),
}
"""What every data set is pooled by."""

OTHERS = {
    "t": tk.Method(interval="t", prediction="t(k-1)"),
    "wald": tk.Method(interval="wald", prediction="t(k-2)"),
    "profile": tk.Method(interval="profile", prediction="t(k-1)"),
    "narrow": tk.Method(fit="bayes", tau_prior=0.5, level=0.9),
    "beta": tk.Method(model="beta-binomial"),
    "crude": tk.Method(model="pooled-counts"),
    "arcsine": tk.Method(model="inverse-variance", scale="arcsine", tau2="pm"),
    "freeman": tk.Method(
        model="inverse-variance", scale="double-arcsine", tau2="dl", interval="wald"
    ),
    "hazard": tk.Method(
        model="inverse-variance",
        scale="complementary-log-log",
        tau2="eb",
        interval="hartung-knapp-adhoc",
        prediction="t(k-2)",
    ),
    "log": tk.Method(model="inverse-variance", scale="log", tau2="sj", zero="if-any"),
    "raw": tk.Method(model="inverse-variance", scale="raw", tau2="he", zero="all"),
    "hunter": tk.Method(model="inverse-variance", tau2="hs", level=0.8),
    "ml": tk.Method(model="inverse-variance", tau2="ml", interval="wald"),
    "common": tk.Method(model="inverse-variance", tau2="none", interval="wald"),
}
"""Every other word of a method, on one data set."""

LADDER_DRAWS = 2500
"""Fewer than a reader's script has: an end then varies by about a hundredth."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One script and what its table must hold: name of the line, estimate, low, high."""

    text: str
    lines: dict[str, Estimate]
    within: dict[str, tuple[float, float]]


def tolerance(answer: Synthesis) -> tuple[float, float]:
    """Return how near estimate and ends must come: 1e-6, where both are the same estimator.

    Where the calibrated interval is judged by stored values, its ends lie between the points of
    their lattice, and "good to 1e-3" is what the package claims of them; half the last printed
    digit of a percentage is 5e-3.
    """
    calibrated = answer.method.interval == "profile-calibrated"
    return 1e-6, 1e-3 if calibrated else 1e-6


def counted(answer: Synthesis) -> Case:
    """Return the case of an answer without a ladder."""
    ahead = Estimate(low=answer.prediction.low, high=answer.prediction.high)
    lines = {"prediction (new study)": ahead}
    spread = answer.heterogeneity
    assert spread is not None
    if answer.method.model == "pooled-counts":
        lines["all patients"] = answer.typical
    else:
        lines |= {"median study": answer.typical, "mean across studies": answer.average}
    if answer.typical.estimate in (0.0, 1.0):
        # The likelihood has no maximum: a comment says why its ends are not made again.
        lines = {"prediction (new study)": ahead}
    if spread.tau2_low is not None and spread.tau2_high is not None:
        lines["tau"] = Estimate(
            estimate=spread.tau, low=spread.tau2_low**0.5, high=spread.tau2_high**0.5
        )
    if spread.rho is not None:
        lines["rho"] = Estimate(estimate=spread.rho)
    # The package claims 1e-5 of a prediction, and without events it is no better.
    within = dict.fromkeys(lines, (1e-6, 1e-6)) | {"prediction (new study)": (1e-5, 1e-5)}
    within |= {"rho": (1e-5, 1e-5), "tau": (1e-5, 1e-5)}
    within |= dict.fromkeys(("median study", "mean across studies"), tolerance(answer))
    defined = {name: each for name, each in lines.items() if each.defined or each.low is not None}
    return Case(text=script(answer), lines=defined, within=within)


def of_ladder(answer: Synthesis, ladder: Ladder) -> Case:
    """Return the case of a rung: all rungs stand in the script, good to the draws behind them."""
    lines = {}
    for rung in ladder.rungs.values():
        lines[f"{rung.outcome_label}: mean across studies"] = rung.average
        ahead = Estimate(low=rung.prediction.low, high=rung.prediction.high)
        lines[f"{rung.outcome_label}: prediction (new study)"] = ahead
    text = script(answer)
    shorter = text.replace("draws <- 10000\n", f"draws <- {LADDER_DRAWS}\n")
    assert shorter != text
    return Case(text=shorter, lines=lines, within=dict.fromkeys(lines, (0.02, 0.04)))


def of_reviews() -> Iterator[tuple[str, Case]]:
    """Yield every pooled answer of both reviews, each table of numbers once."""
    seen = set()
    for name in REVIEWS:
        review = tk.read(CHECKOUT / "extractions" / name)
        for outcome in review.outcomes:
            for chosen in review.sets:
                answer = tk.pool(review, outcome.key, analysis_set=chosen.key)
                ladder = (
                    answer.ladder if outcome.key in getattr(answer.ladder, "rungs", ()) else None
                )
                mark = answer.fingerprint if ladder is None else ladder.fingerprint
                if not answer.leading.defined or mark in seen:
                    continue
                seen.add(mark)
                case = counted(answer) if ladder is None else of_ladder(answer, ladder)
                yield f"{name}-{outcome.key}-{chosen.key}", case


def of_data_sets() -> Iterator[tuple[str, Case]]:
    """Yield the six data sets by the three leading methods, and one by every other word."""
    tables = defaultdict(list)
    with (REFERENCE / "tables.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            tables[row["table_id"]].append((int(row["events"]), int(row["total"])))
    for key in DATA_SETS:
        events, total = zip(*tables[key], strict=True)
        methods = METHODS | (OTHERS if key == "pritz1997" else {})
        for word, method in methods.items():
            yield f"{key}-{word}", counted(tk.pool_counts(events, total, method=method))


def of_edges() -> Iterator[tuple[str, Case]]:
    """Yield open cells, tables without events or of nothing else, and what has no interval."""
    sizes = [8, 19, 38]
    calibrated = tk.Method(interval="profile-calibrated")
    for word, cells in {
        "stored": [3, 9, 10],
        "zero": [0, 0, 0],
        "full": sizes,
        "open": [(1, 4), 9, (10, 12)],
    }.items():
        yield f"edge-{word}", counted(tk.pool_counts(cells, sizes, method=calibrated))
    bayes = tk.Method(fit="bayes")
    yield "edge-bayes-zero", counted(tk.pool_counts([0, 0, 0], sizes, method=bayes))
    yield "edge-bayes-open", counted(tk.pool_counts([(1, 4), 9, 30], sizes, method=bayes))
    yield "edge-same", counted(tk.pool_counts([4, 6, 8], [12, 18, 24]))
    half = tk.Method(model="inverse-variance", zero="none")
    yield "edge-left-out", counted(tk.pool_counts([0, 5, 10, 12], [5, *sizes], method=half))
    effects = tk.pool_effects([-1.2, -0.64, -2.0, 0.1], [0.21, 0.30, 0.25, 0.40])
    yield "edge-effects", counted(effects)


@pytest.fixture(scope="module")
def cases() -> dict[str, Case]:
    return dict([*of_reviews(), *of_data_sets(), *of_edges()])


@pytest.fixture(scope="module")
def printed(cases: dict[str, Case], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Table]:
    texts = {name: case.text for name, case in cases.items()}
    return run(rscript("metafor"), texts, tmp_path_factory.mktemp("scripts"))


def test_every_script_runs_and_agrees(cases: dict[str, Case], printed: dict[str, Table]) -> None:
    wrong = []
    for name, case in cases.items():
        assert case.lines.keys() == printed[name].keys(), name
        for what, here in case.lines.items():
            middle, ends = case.within[what]
            wanted = ((here.estimate, middle), (here.low, ends), (here.high, ends))
            for (value, within), found in zip(wanted, printed[name][what], strict=True):
                same = math.isnan(found) if value is None else abs(found - value) <= within
                if not same:
                    wrong.append((name, what, found, value))
    assert wrong == []


def test_all_that_both_reviews_pool_is_there(cases: dict[str, Case]) -> None:
    kinds = {name.split("-primary")[0] for name in cases if "-primary" in name}
    assert {"ped-venaza-crc", "infant-all-efs", "infant-all-os"} <= kinds
    assert sum(name.startswith("ped-venaza") for name in cases) >= 20
    assert sum(name.startswith("infant-all") for name in cases) >= 10


def test_without_r_a_test_says_so_and_in_ci_it_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="Rscript is not installed"):
        rscript("metafor")
    monkeypatch.setenv("CI", "1")
    with pytest.raises(pytest.fail.Exception, match="must not be left out"):
        rscript("metafor")
