"""What the page on calibration tells in numbers: its own results.json, from the stored grids."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.calibration.grid import GridCell, Summary, read_grid, summaries
from toolkit.calibration.intervals import (
    BETA_BINOMIAL,
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

GRIDS = {"even": "even", "small": "mostly-small"}
"""Keys of the two grids in results.json, and the names of their files."""
EARLIER = ("first", "second")
"""Two simulations made before this toolkit's kernels existed, by other programs."""
CLOSE = 0.015
"""Difference of two mean shares that is not worth a word, in [0, 1]."""
SHOWN: tuple[tuple[str, Target], ...] = (
    (POOLED, "average"),
    (LOGIT_AD_HOC, "typical"),
    (WALD, "typical"),
    (STUDENT, "typical"),
    (PROFILE, "typical"),
    (BETA_BINOMIAL, "average"),
    (bayes(1.0), "typical"),
    (bayes(1.0), "average"),
    (bayes(1.0), "prediction"),
)
"""Intervals of the table of cells."""

Grid = list[tuple[GridCell, tuple[Share, ...]]]
Earlier = dict[tuple[str, str, str], dict[str, float | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The stored simulations: two grids of ours, and the earlier means and worst cells."""

    grids: Mapping[str, Grid]
    earlier: Earlier


def read_calibration(folder: Path) -> Calibration:
    """Return what lies in a folder as ``even.csv``, ``mostly-small.csv`` and ``earlier.csv``.

    Raises
    ------
    ToolkitError
        When a file is missing.
    """
    grids = {
        key: read_grid(_text(folder, name, f"{grid_command(name)} makes it"))
        for key, name in GRIDS.items()
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
    """Return the document: a row for each interval, and the cells of the first grid."""
    by_grid = {key: summaries(grid) for key, grid in found.grids.items()}
    rows = []
    for (method, target), groups in by_grid["even"].items():
        row: dict[str, Any] = {"method": method, "target": target}
        row |= {group: _summary(each) for group, each in groups.items()}
        row["small"] = _summary(by_grid["small"][method, target]["spread"])
        for simulation in EARLIER:
            told = found.earlier.get((simulation, method, target))
            row[simulation] = told and {
                "covered": told["covered"],
                "worst": {"covered": told["worst"]},
            }
        rows.append(row)
    return {"intervals": rows, "cells": [_cell(*each) for each in found.grids["even"]]}


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


def _cell(cell: GridCell, shares: Sequence[Share]) -> dict[str, Any]:
    by_name = {(share.method, share.target): share for share in shares}
    return {
        "series": cell.series,
        "proportion": cell.proportion,
        "law": cell.truth.law,
        "tau": cell.truth.tau,
        "rho": cell.truth.rho,
        "shares": [
            {"covered": by_name[name].covered, "refused": by_name[name].refused} for name in SHOWN
        ],
    }


def apart(row: Mapping[str, Any]) -> float | None:
    """Return the least difference of a row's mean from an earlier one; None where there is none."""
    known = [row[simulation]["covered"] for simulation in EARLIER if row[simulation]]
    return min((abs(row["spread"]["covered"] - each) for each in known), default=None)
