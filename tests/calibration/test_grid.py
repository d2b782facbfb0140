"""The published grid: whole, what the code gives, and beside the earlier simulations."""

import csv
from collections import Counter
from itertools import combinations
from statistics import fmean

import joblib
import pytest

from toolkit.book.build.stage import SITE
from toolkit.calibration.card import SEED
from toolkit.calibration.grid import (
    GRID_REPLICATES,
    calibration_grid,
    grid_cells,
    grid_csv,
    grid_works,
    group_of,
    read_grid,
    summaries,
)
from toolkit.calibration.intervals import BETA_BINOMIAL, LOGIT, STUDENT
from toolkit.calibration.simulation import simulate
from toolkit.errors import ChoiceError, ToolkitError

FOLDER = SITE / "_extra" / "calibration"
CLOSE = 0.015
KINDS = ((0, "none"), (37, "spread"), (95, "beta"))


def text(name):
    return (FOLDER / f"{name}.csv").read_text(encoding="utf-8")


def means(name):
    """Return (mean, least) share of each interval over the cells with spread, from the file."""
    shares = {}
    for row in csv.DictReader(text(name).splitlines()):
        if row["law"] == "logit-normal" and float(row["tau"]) > 0:
            shares.setdefault((row["method"], row["target"]), []).append(float(row["covered"]))
    assert {len(each) for each in shares.values()} == {48}
    return {interval: (fmean(each), min(each)) for interval, each in shares.items()}


def earlier(simulation):
    return {
        (row["method"], row["target"]): float(row["covered"])
        for row in csv.DictReader(text("earlier").splitlines())
        if row["simulation"] == simulation
    }


def test_there_are_96_cells():
    cells = grid_cells()
    assert Counter(group_of(cell) for cell in cells) == {"spread": 48, "none": 16, "beta": 32}
    assert len({(c.series, c.proportion, c.truth) for c in cells}) == 96
    for cell in cells:
        named = cell.truth.typical if cell.truth.law == "logit-normal" else cell.truth.average
        assert named == pytest.approx(cell.proportion)


@pytest.mark.parametrize("name", ["designs", "even", "mostly-small"])
def test_the_stored_grid_is_whole(name):
    found = read_grid(text(name))
    assert grid_csv(found) == text(name)
    for (cell, shares), wanted in zip(found, grid_cells(name), strict=True):
        assert (cell.series, cell.proportion) == (wanted.series, wanted.proportion)
        assert cell.sizes == wanted.sizes
        assert cell.truth.law == wanted.truth.law
        assert cell.truth.average == pytest.approx(wanted.truth.average, abs=1e-6)
        # Two are calibrated, for studies of fixed sizes from three on.
        calibrated = 2 if name == "designs" and cell.series > 2 else 0
        assert len({(share.method, share.target) for share in shares}) == 39 + calibrated


@pytest.mark.parametrize(
    ("name", "place", "group"),
    [
        *((name, *each) for name in ("even", "mostly-small") for each in KINDS),
        ("designs", 8, "none"),
        ("designs", 70, "spread"),
        ("designs", 255, "beta"),
    ],
)
def test_the_stored_grid_is_what_the_code_gives(name, place, group):
    """One cell of each kind: without spread, with normal logits, under a beta law."""
    work = grid_works(name, GRID_REPLICATES, SEED)[place]
    ((*shares,),) = simulate([work])
    stored_cell, stored = read_grid(text(name))[place]
    assert work.design.series == stored_cell.series
    assert group_of(stored_cell) == group
    for found, kept in zip(shares, stored, strict=True):
        assert (found.method, found.target) == (kept.method, kept.target)
        # Another processor may round a limit to the other side of the truth, in a table or two.
        assert found.covered == pytest.approx(kept.covered, abs=6e-4)
        assert found.refused == pytest.approx(kept.refused, abs=1e-5)
        assert found.width == pytest.approx(kept.width, abs=1e-4)


@pytest.mark.parametrize("name", ["even", "mostly-small"])
def test_maximum_likelihood_is_missing_only_where_counts_rule_it_out(name):
    """Beta-binomial intervals are left out by the counts alone: no search failed to settle."""
    refused = {}
    for row in csv.DictReader(text(name).splitlines()):
        refused.setdefault((row["method"], row["target"]), []).append(row["refused"])
    assert refused[STUDENT, "typical"] == refused[BETA_BINOMIAL, "average"]
    assert len(refused[STUDENT, "typical"]) == 96


def test_the_workers_of_a_grid_are_nobody_elses():
    with joblib.parallel_config(n_jobs=3):
        cell, _ = next(calibration_grid(replicates=1, workers=1))
        assert cell == grid_cells()[0]
        assert joblib.Parallel().n_jobs == 3


def test_the_summary_is_the_mean_and_the_least_of_the_file():
    for interval, (mean, least) in means("even").items():
        told = summaries(read_grid(text("even")))[interval]["spread"]
        assert told.covered == pytest.approx(mean)
        assert told.worst == least


def test_means_are_those_of_an_earlier_simulation_or_the_sizes_explain_why():
    even, small = means("even"), means("mostly-small")
    first, second = earlier("first"), earlier("second")
    known = {interval: [first[interval]] for interval in first}
    for interval, mean in second.items():
        known[interval].append(mean)
    far = {
        interval
        for interval, each in known.items()
        if min(abs(even[interval][0] - mean) for mean in each) > CLOSE
    }
    # What the page names; small series move each of them towards the first simulation or past it.
    assert {(method.split(",")[0], target) for method, target in far} == {
        ("Pooled counts", "average"),
        ("Logit", "typical"),
        ("Logit", "prediction"),
    }
    for interval in far:
        towards = first[interval] - even[interval][0]
        assert (small[interval][0] - even[interval][0]) * towards > 0
    for interval in far - {(LOGIT, "prediction")}:
        assert abs(small[interval][0] - first[interval]) < CLOSE


def test_methods_stand_in_the_order_of_the_first_simulation():
    first = {key: mean for key, mean in earlier("first").items() if key[1] != "prediction"}
    even = means("even")
    apart = [(a, b) for a, b in combinations(first, 2) if abs(first[a] - first[b]) > CLOSE]
    assert len(apart) > 35
    for a, b in apart:
        assert (first[a] < first[b]) == (even[a][0] < even[b][0])


def test_what_is_not_known_is_refused():
    with pytest.raises(ChoiceError, match='Did you mean "even"'):
        next(calibration_grid(sizes="evn"))
    with pytest.raises(ToolkitError, match="at least 1"):
        next(calibration_grid(replicates=0))
    with pytest.raises(ChoiceError, match="normal"):
        read_grid(text("even").replace("logit-normal", "normal", 1))
