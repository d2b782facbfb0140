"""The calibration grid: every interval over the range of small case series, and its summary."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby, product
from typing import TypeVar

import numpy as np
from scipy.special import logit

from toolkit.analysis.critical_files import find_critical_values
from toolkit.calibration.card import AIMS, SEED, check_numbers, on_workers
from toolkit.calibration.critical_values import FEWEST_SERIES, critical_values
from toolkit.calibration.intervals import TARGETS, TAU_SCALES, Target
from toolkit.calibration.simulation import (
    LAWS,
    Design,
    Share,
    Truth,
    Work,
    beta_binomial,
    logit_normal,
    simulate,
)
from toolkit.errors import ChoiceError
from toolkit.numerics.batches.critical_values import CriticalValues

Word = TypeVar("Word", bound=str)

SERIES = (4, 6, 8, 10)

PROPORTIONS = (0.05, 0.15, 0.30, 0.50)

TAUS = (0.0, 0.3, 0.6, 1.0)

RHOS = (0.05, 0.15)
"""Correlations within a centre: at 30 % about the variance of a spread of 0.5 and of 1."""

SIZES = tuple(range(5, 39))
"""Patients of a series, drawn anew for every table."""

SIZE_LAWS: dict[str, str] = {
    "even": "every size from 5 to 38 equally likely",
    "mostly-small": "sizes from 5 to 38 evenly spread on a logarithmic scale",
    "designs": "the same unequal sizes in every table",
}

DESIGNS: tuple[tuple[int, ...], ...] = (
    (8, 27),
    (8, 19, 38),
    (6, 10, 14),
    (8, 19, 27, 37),
    (8, 19, 27, 37, 38),
    (5, 6, 8, 10, 12, 14),
    (5, 6, 8, 12, 17, 22, 31, 38),
    (5, 6, 8, 10, 12, 14, 19, 22, 31, 38),
)
"""Sizes of the series of each design: only fixed ones can have critical values."""

DESIGN_TAUS = (0.0, 0.3, 0.6, 1.0, 1.5, 2.0)
"""Spreads simulated for the designs: beyond `GATED_TAU` they are shown and promise nothing."""

GATED_TAU = 1.5

GRID_REPLICATES = 4_000

LEVEL = 0.95

COLUMNS: tuple[str, ...] = (
    "series",
    "sizes",
    "proportion",
    "law",
    "tau",
    "rho",
    "typical",
    "average",
)

COLUMNS += ("method", "target", "covered", "error", "refused", "width")


@dataclass(frozen=True, slots=True, kw_only=True)
class GridCell:
    """One cell of the grid.

    Attributes
    ----------
    series : int
        Series in a table.
    sizes : tuple of int
        Patients of the series; empty where they are drawn anew for every table.
    proportion : float
        The typical centre under a logit-normal law, the average under a beta law.
    truth : Truth
    """

    series: int
    sizes: tuple[int, ...] = ()
    proportion: float
    truth: Truth


def grid_cells(sizes: str = "even") -> tuple[GridCell, ...]:
    """Return the cells of a grid, a word of `SIZE_LAWS`.

    Where sizes are drawn, 64 with normal logits of centres and 32 with beta laws; for the designs
    192 and 64.
    """
    fixed = sizes == "designs"
    designs = DESIGNS if fixed else tuple((0,) * k for k in SERIES)
    laws: list[tuple[float | None, float | None]]
    laws = [(tau, None) for tau in (DESIGN_TAUS if fixed else TAUS)] + [(None, rho) for rho in RHOS]
    cells = []
    for (tau, rho), design, p in product(laws, designs, PROPORTIONS):
        truth = beta_binomial(p, rho) if rho else logit_normal(float(logit(p)), tau or 0.0)
        own = design if fixed else ()
        cells.append(GridCell(series=len(design), sizes=own, proportion=p, truth=truth))
    return tuple(cells)


def calibration_grid(
    *,
    sizes: str = "even",
    replicates: int = GRID_REPLICATES,
    seed: int = SEED,
    workers: int | None = None,
) -> Iterator[tuple[GridCell, tuple[Share, ...]]]:
    """Return an iterator over the cells of the grid, each with the shares of every interval.

    Parameters
    ----------
    sizes : {"even", "mostly-small", "designs"}
        How the sizes of series are drawn, or that they are those of the designs: one of
        `SIZE_LAWS`. The designs have the calibrated intervals too; critical values that are not
        stored are counted first.
    replicates : int
        Simulated tables of each cell, at least 1.
    seed, workers
        As for `toolkit.coverage_card`.

    Raises
    ------
    ToolkitError
        When a number is out of its range or a word is not known.
    """
    if sizes not in SIZE_LAWS:
        raise ChoiceError("sizes", sizes, [*SIZE_LAWS])
    check_numbers(replicates, seed, workers)
    works = grid_works(sizes, replicates, seed)
    with on_workers(workers):
        return zip(grid_cells(sizes), simulate(works), strict=True)


def grid_works(sizes: str, replicates: int, seed: int) -> list[Work]:
    """Return what is simulated for each cell, in the order of the cells."""
    cells = grid_cells(sizes)
    return [
        Work(
            design=Design(series=cell.series, sizes=cell.sizes)
            if cell.sizes
            else Design(series=cell.series, sizes=SIZES, chances=size_chances(sizes)),
            truth=cell.truth,
            level=LEVEL,
            tau_scales=TAU_SCALES,
            replicates=replicates,
            critical=_critical(cell.sizes),
            seed=stream,
        )
        for cell, stream in zip(cells, np.random.SeedSequence(seed).spawn(len(cells)), strict=True)
    ]


@cache
def _critical(sizes: tuple[int, ...]) -> CriticalValues | None:
    """Return the critical values of fixed sizes, stored or counted; None for two series."""
    if len(sizes) < FEWEST_SERIES:
        return None
    stored = find_critical_values(sizes, LEVEL)
    return critical_values(sizes, level=LEVEL) if stored is None else stored.values


def size_chances(sizes: str) -> tuple[float, ...]:
    """Return how likely each of `SIZES` is."""
    size = np.array(SIZES, dtype=float)
    share = np.ones_like(size) if sizes == "even" else np.log((size + 1) / size)
    return tuple((share / share.sum()).tolist())


def grid_csv(found: Iterable[tuple[GridCell, tuple[Share, ...]]]) -> str:
    """Return the grid as CSV, one line for each interval in each cell."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for cell, shares in found:
        truth = cell.truth
        told = [cell.series, " ".join(map(str, cell.sizes)), f"{cell.proportion:g}", truth.law]
        told += ["" if truth.tau is None else f"{truth.tau:g}", f"{truth.rho:.5f}"]
        told += [f"{truth.typical:.6f}", f"{truth.average:.6f}"]
        for share in shares:
            numbers = (share.covered, share.error, share.refused, share.width)
            writer.writerow(
                [*told, share.method, share.target, *(f"{number:.5f}" for number in numbers)]
            )
    return text.getvalue()


def read_grid(text: str) -> list[tuple[GridCell, tuple[Share, ...]]]:
    """Return the grid that `grid_csv` wrote, its numbers as they are printed there."""
    found: list[tuple[GridCell, tuple[Share, ...]]] = []
    rows = csv.DictReader(io.StringIO(text))
    for told, lines in groupby(rows, key=lambda row: [row[name] for name in COLUMNS[:8]]):
        series, sizes, proportion, law, tau, rho, typical, average = told
        truth = Truth(
            law=one_of(law, LAWS),
            typical=float(typical),
            average=float(average),
            tau=float(tau) if tau else None,
            rho=float(rho),
        )
        shares = tuple(
            Share(
                method=line["method"],
                target=one_of(line["target"], TARGETS),
                covered=float(line["covered"]),
                error=float(line["error"]),
                refused=float(line["refused"]),
                width=float(line["width"]),
            )
            for line in lines
        )
        cell = GridCell(
            series=int(series),
            sizes=tuple(int(n) for n in sizes.split()),
            proportion=float(proportion),
            truth=truth,
        )
        found.append((cell, shares))
    return found


def one_of(word: str, words: Sequence[Word]) -> Word:
    """Return the word of a fixed set; raises ChoiceError for one that is not in it."""
    for known in words:
        if known == word:
            return known
    raise ChoiceError("word", word, words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How one interval did over some cells of the grid.

    Attributes
    ----------
    covered, error : float
        Mean share over the cells in which the method gave any interval, in [0, 1], and its Monte
        Carlo standard error.
    worst, worst_error : float
        The least share, and its Monte Carlo standard error.
    worst_cell : GridCell
        Where it is.
    refused : float
        The largest share of tables of a cell for which there is no interval.
    width : float
        Mean width on the proportion scale.
    """

    covered: float
    error: float
    worst: float
    worst_error: float
    worst_cell: GridCell
    refused: float
    width: float


GridFound = Sequence[tuple[GridCell, Sequence[Share]]]

GROUPS = ("spread", "beta", "none")
"""Cells with spread between centres (normal logits), with beta laws, and without spread."""


def group_of(cell: GridCell) -> str:
    """Return the word of `GROUPS` for a cell."""
    if cell.truth.law == "beta-binomial":
        return "beta"
    return "spread" if cell.truth.tau else "none"


def summaries(found: GridFound) -> dict[tuple[str, Target], dict[str, Summary]]:
    """Return the summaries by group of cells, for each method and target in their order.

    Cells with more spread than `GATED_TAU` are left out, and those that lack an interval.
    """
    pairs: dict[tuple[str, Target], dict[str, list[tuple[GridCell, Share]]]] = {}
    # The richest cell first: it has every interval in order.
    for cell, shares in sorted(found, key=lambda each: -len(each[1])):
        if (cell.truth.tau or 0.0) <= GATED_TAU:
            for share in shares:
                own = pairs.setdefault((share.method, share.target), {})
                own.setdefault(group_of(cell), []).append((cell, share))
    return {name: {group: _summary(own[group]) for group in GROUPS} for name, own in pairs.items()}


def _summary(pairs: Sequence[tuple[GridCell, Share]]) -> Summary:
    given = [(cell, share) for cell, share in pairs if share.refused < 1] or list(pairs)
    shares = [share for _, share in given]
    worst_cell, worst = min(given, key=lambda pair: pair[1].covered)
    return Summary(
        covered=_mean(share.covered for share in shares),
        error=math.sqrt(sum(share.error**2 for share in shares)) / len(shares),
        worst=worst.covered,
        worst_error=worst.error,
        worst_cell=worst_cell,
        refused=max(share.refused for _, share in pairs),
        width=_mean(share.width for share in shares),
    )


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return math.fsum(listed) / len(listed)


def summary_in_words(found: GridFound) -> str:
    """Return the summaries as lines of text: percent, with the Monte Carlo standard error."""
    told = summaries(found)
    name = max(len(method) for method, _ in told)
    aim = max(map(len, AIMS.values()))
    lines = [
        "percent of intervals that hold what they should: mean (± simulation error), worst cell",
        f"{'':<{name}}  {'':<{aim}}  {'spread > 0':>20}  {'beta laws':>20}  {'no spread':>20}",
    ]
    for (method, target), by_group in told.items():
        cells = (
            f"{100 * each.covered:5.1f} (± {100 * each.error:.2f}) {100 * each.worst:5.1f}"
            for each in (by_group[group] for group in GROUPS)
        )
        lines.append(
            f"{method:<{name}}  {AIMS[target]:<{aim}}  "
            + "  ".join(f"{cell:>20}" for cell in cells)
        )
    return "\n".join(lines)
