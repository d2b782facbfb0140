"""Run many scripts in one start of R, each on its own, and read the tables that they end in."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

RUNNER = """
pdf(NULL)
for (path in commandArgs(TRUE)) {
  here <- new.env(parent = globalenv())
  done <- tryCatch({
    invisible(capture.output(suppressPackageStartupMessages(sys.source(path, here))))
    write.csv(format(here$answer, digits = 17), paste0(path, ".csv"), row.names = FALSE)
    "done"
  }, error = function(problem) conditionMessage(problem))
  cat(basename(path), done, "\\n", sep = "\\t")
}
"""

Table = dict[str, tuple[float, float, float]]


def rscript(*packages: str) -> str:
    """Return the program, or skip the test, saying why; under CI=1 it must be there."""
    program = shutil.which("Rscript")
    missing = "Rscript"
    if program is not None:
        asked = "c(" + ", ".join(f'"{each}"' for each in packages) + ")"
        found = subprocess.run(
            [program, "-e", f"cat(all({asked} %in% rownames(installed.packages())))"],
            capture_output=True,
            text=True,
            check=False,
        )
        if "TRUE" in found.stdout:
            return program
        missing = f"R's packages {', '.join(packages)}"
    if os.environ.get("CI"):
        pytest.fail(f"these tests must not be left out in CI: install {missing}")
    pytest.skip(f"{missing} is not installed: no script is executed")


def run(program: str, scripts: Mapping[str, str], folder: Path) -> dict[str, Table]:
    """Return the table of each script: by the name of its line, estimate, low and high."""
    paths = []
    for name, text in scripts.items():
        path = folder / f"{name}.R"
        path.write_text(text, encoding="ascii")
        paths.append(str(path))
    runner = folder / "run-all.R"
    runner.write_text(RUNNER, encoding="ascii")
    done = subprocess.run(
        [program, "--vanilla", str(runner), *paths],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C"},
    )
    assert done.returncode == 0, done.stderr
    told = dict(line.split("\t")[:2] for line in done.stdout.splitlines() if "\t" in line)
    assert {name: told.get(f"{name}.R") for name in scripts} == dict.fromkeys(scripts, "done")
    return {name: _read(folder / f"{name}.R.csv") for name in scripts}


def _read(path: Path) -> Table:
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["what"].strip(): (
                _number(row["estimate"]),
                _number(row["low"]),
                _number(row["high"]),
            )
            for row in csv.DictReader(file)
        }


def _number(cell: str) -> float:
    return float("nan") if cell.strip() == "NA" else float(cell)
