"""How often intervals hold what they should, over the whole range of small case series.

The page quotes from a results.json of its own, made from the stored grids of simulations.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from markupsafe import Markup

from toolkit.book.content.plots import Drawing, drawing
from toolkit.book.content.results import Quoted, Results
from toolkit.book.content.templates import page
from toolkit.calibration import grid
from toolkit.calibration.card import AIMS, SEED
from toolkit.calibration.critical_values import FEWEST_SERIES
from toolkit.calibration.grid import (
    GROUPS,
    LEVEL,
    SIZE_LAWS,
    GridCell,
    Summary,
    group_of,
    read_grid,
    summaries,
)
from toolkit.calibration.intervals import (
    BARTLETT,
    BETA_BINOMIAL,
    CALIBRATED,
    FREEMAN_TUKEY,
    LOGIT,
    LOGIT_AD_HOC,
    POOLED,
    PROFILE,
    STUDENT,
    WALD,
    Target,
    bayes,
)
from toolkit.calibration.simulation import Share
from toolkit.errors import ToolkitError
from toolkit.figures.coverage import CoverageCell, CoverageRow
from toolkit.review.review import NEXT_PATIENTS

KEY = "calibration"
"""Folder of the page's files, and the name under which it quotes its results.json."""
DESIGNS, EVEN, SMALL = "designs", "even", "mostly-small"
GRIDS = (DESIGNS, EVEN, SMALL)
"""The stored grids: studies of fixed sizes, which the page leads with, and two that draw sizes."""
PACKED = "simulations.zip"
"""The stored grids as the book offers them: a sixth of their size."""
EARLIER = ("first", "second")
"""Two simulations made before this toolkit's kernels existed, by other programs."""
CLOSE = 0.015
"""Difference of two mean shares that is not worth a word, in [0, 1]."""
SHOWN: tuple[tuple[str, Target], ...] = (
    (CALIBRATED, "average"),
    (BARTLETT, "average"),
    (bayes(1.0), "average"),
    (POOLED, "average"),
    (CALIBRATED, "typical"),
    (STUDENT, "typical"),
    (WALD, "typical"),
    (LOGIT_AD_HOC, "typical"),
    (bayes(1.0), "next"),
)
"""Intervals of the table of cells."""

DRAWN: tuple[tuple[str, Target], ...] = (
    (CALIBRATED, "average"),
    (BARTLETT, "average"),
    (bayes(1.0), "average"),
    (BETA_BINOMIAL, "average"),
    (POOLED, "average"),
    (FREEMAN_TUKEY, "average"),
    (CALIBRATED, "typical"),
    (BARTLETT, "typical"),
    (bayes(1.0), "typical"),
    (STUDENT, "typical"),
    (PROFILE, "typical"),
    (WALD, "typical"),
    (LOGIT_AD_HOC, "typical"),
    (bayes(1.0), "prediction"),
)
"""Intervals of the figure."""
NAMED: dict[str, tuple[str, Target]] = {
    "leading": (CALIBRATED, "average"),
    "median": (CALIBRATED, "typical"),
    "bare": (BARTLETT, "average"),
    "pooled": (POOLED, "average"),
    "wald": (WALD, "typical"),
    "student": (STUDENT, "typical"),
    "ad_hoc": (LOGIT_AD_HOC, "typical"),
    "typical": (bayes(1.0), "typical"),
    "average": (bayes(1.0), "average"),
    "new": (bayes(1.0), "prediction"),
    "next": (bayes(1.0), "next"),
    "most": (bayes(1.0), "next-upper"),
    "wider": (bayes(1.5), "next"),
}
"""Intervals that the opening speaks of, by the names it has for them."""

HARDEST = 24
"""Cells of the table: those in which the leading interval covers least."""

Grid = list[tuple[GridCell, tuple[Share, ...]]]
Earlier = dict[tuple[str, str, str], dict[str, float | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The stored simulations: three grids of ours, and the earlier means and worst cells."""

    grids: Mapping[str, Grid]
    earlier: Earlier


def calibration_page(folder: Path, *, written: str = "") -> tuple[str, str]:
    """Return the page as MyST and its results.json; writes the figure's files.

    The grids in the folder become one archive.

    Parameters
    ----------
    folder : Path
        The page's files, among them the stored grids.
    written : str
        Words by hand, put in below the heading.
    """
    found = read_calibration(folder)
    _pack(folder)
    results = Results(KEY, calibration_results(found))
    intervals = list(results.top["intervals"])
    by_name = {(each.value["method"], each.value["target"]): each for each in intervals}
    words = page(
        "calibration",
        written=Markup(written),
        named={name: by_name[each] for name, each in NAMED.items()},
        intervals=[(each, _refused_most(each)) for each in intervals],
        cells=results.top["cells"],
        simulated=len(found.grids[DESIGNS]),
        drawing=_drawing(found, folder),
        compared=list(_compared(list(results.top["drawn"]))),
        grid=grid,
        # Within a block of code nothing is read as a character reference.
        commands=[Markup(grid_command(sizes)) for sizes in GRIDS],
        AIMS=AIMS,
        CLOSE=CLOSE,
        EARLIER=EARLIER,
        GRIDS=GRIDS,
        LOGIT=LOGIT,
        PACKED=PACKED,
        NEXT_PATIENTS=NEXT_PATIENTS,
        SEED=SEED,
        SHOWN=SHOWN,
        SIZE_LAWS=SIZE_LAWS,
    )
    return words, results.to_json()


def _refused_most(interval: Quoted) -> Quoted:
    """Return the share of reviews without an interval in the cells that have most of them."""
    most = max(GROUPS, key=lambda group: interval.value[group]["refused"])
    return interval[most]["refused"]


def _compared(intervals: Sequence[Quoted]) -> Iterator[tuple[Quoted, bool]]:
    """Yield the intervals that an earlier simulation has too, and whether ours is far from it."""
    for each in intervals:
        distance = apart(each.value)
        if distance is not None:
            yield each, distance > CLOSE


def _drawing(found: Calibration, folder: Path) -> Drawing:
    """Return the figure of the cells in which studies differ, up to the spread that is promised."""
    cells: dict[tuple[str, Target], list[CoverageCell]] = {name: [] for name in DRAWN}
    for cell, shares in found.grids[DESIGNS]:
        if group_of(cell) == "none" or (cell.truth.tau or 0.0) > grid.GATED_TAU:
            continue
        beside = cell.truth.law == "beta-binomial"
        for share in shares:
            own = cells.get((share.method, share.target))
            if own is not None and share.refused < 1:
                own.append(CoverageCell(lane=cell.series, covered=share.covered, beside=beside))
    rows = [
        CoverageRow(label=method, aim=AIMS[target], cells=tuple(own))
        for (method, target), own in cells.items()
    ]
    return drawing(
        "coverage",
        tuple(rows),
        identity=f"{KEY}-cells",
        stem=folder / "cells",
        address=f"{KEY}/cells",
        title="Coverage in every cell",
        level=LEVEL,
    )


def read_calibration(folder: Path) -> Calibration:
    """Return what lies in a folder: the grids, and ``earlier.csv``.

    Raises
    ------
    ToolkitError
        When a file is missing.
    """
    grids = {
        name: read_grid(_text(folder, name, f"{grid_command(name)} makes it")) for name in GRIDS
    }
    told = _text(
        folder, "earlier", "it holds the simulations of other programs: take it from the checkout"
    )
    earlier: Earlier = {
        (row["simulation"], row["method"], row["target"]): {
            "covered": float(row["covered"]),
            "worst": float(row["worst"]) if row["worst"] else None,
        }
        for row in csv.DictReader(io.StringIO(told))
    }
    return Calibration(grids=grids, earlier=earlier)


def _pack(folder: Path) -> None:
    """Put the grids into one archive, equal bytes from equal grids."""
    with ZipFile(folder / PACKED, "w", ZIP_DEFLATED) as archive:
        for name in GRIDS:
            path = folder / f"{name}.csv"
            archive.writestr(ZipInfo(path.name), path.read_bytes(), ZIP_DEFLATED)
            path.unlink()


def grid_command(sizes: str) -> str:
    """Return the command that makes the file of a grid."""
    return f"toolkit calibrate --grid --sizes {sizes} --csv {sizes}.csv"


def _text(folder: Path, name: str, remedy: str) -> str:
    """Return what a stored file says."""
    path = folder / f"{name}.csv"
    if not path.is_file():
        raise ToolkitError(
            f"the page on calibration needs {path.name} in {folder.name} of the book; {remedy}."
        )
    return path.read_text(encoding="utf-8")


def calibration_results(found: Calibration) -> dict[str, Any]:
    """Return the document: intervals, hardest cells of the designs, then what compares."""
    designs, even, small = (summaries(_pooled(found.grids[name])) for name in GRIDS)
    drawn = []
    for (method, target), groups in even.items():
        row: dict[str, Any] = {"method": method, "target": target}
        row |= {"spread": _summary(groups["spread"])}
        row["small"] = _summary(small[method, target]["spread"])
        for simulation in EARLIER:
            known = found.earlier.get((simulation, method, target))
            row[simulation] = known and {
                "covered": known["covered"],
                "worst": {"covered": known["worst"]},
            }
        drawn.append(row)
    return {
        "intervals": [
            {"method": method, "target": target}
            | {group: _summary(each) for group, each in groups.items()}
            for (method, target), groups in designs.items()
        ],
        "cells": [_cell(*each) for each in _hardest(found.grids[DESIGNS])],
        "drawn": drawn,
    }


def _pooled(found: Grid) -> Grid:
    """Return the cells with studies enough for every interval: two are drawn without a diamond."""
    return [each for each in found if each[0].series >= FEWEST_SERIES]


def _summary(found: Summary) -> dict[str, Any]:
    cell = found.worst_cell
    return {
        "covered": found.covered,
        "error": found.error,
        "worst": {
            "covered": found.worst,
            "error": found.worst_error,
            "series": cell.series,
            "proportion": cell.proportion,
        },
        "refused": found.refused,
        "width": found.width,
    }


def _hardest(found: Grid) -> Grid:
    """Return the cells in which the leading interval covers least, the least first."""

    def covered(each: tuple[GridCell, tuple[Share, ...]]) -> float:
        leading = NAMED["leading"]
        return next(share.covered for share in each[1] if (share.method, share.target) == leading)

    return sorted(_pooled(found), key=covered)[:HARDEST]


def _cell(cell: GridCell, shares: Sequence[Share]) -> dict[str, Any]:
    by_name = {(share.method, share.target): share for share in shares}
    return {
        "sizes": list(cell.sizes),
        "proportion": cell.proportion,
        "law": cell.truth.law,
        "tau": cell.truth.tau,
        "rho": cell.truth.rho,
        "shares": [
            {"covered": by_name[name].covered, "refused": by_name[name].refused}
            if name in by_name
            else None
            for name in SHOWN
        ],
    }


def apart(row: Mapping[str, Any]) -> float | None:
    """Return the least difference of a row's mean from an earlier one; None where there is none."""
    known = [row[simulation]["covered"] for simulation in EARLIER if row[simulation]]
    return min((abs(row["spread"]["covered"] - each) for each in known), default=None)
