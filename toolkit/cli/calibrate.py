"""The command that simulates: the coverage card of an outcome, and the whole grid."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from toolkit.errors import ToolkitError
from toolkit.reviewing.outputs import free_target
from toolkit.sheets.whole_file import write_whole


def calibrate(
    review: Annotated[
        str | None, typer.Argument(metavar="REVIEW", help="A path, or a folder under extractions/.")
    ] = None,
    outcome: Annotated[
        str | None, typer.Option(help="The outcome whose series are simulated.")
    ] = None,
    analysis_set: Annotated[
        str | None, typer.Option("--set", help="The primary if not said.")
    ] = None,
    grid: Annotated[
        bool, typer.Option("--grid", help="The grid of cells instead of one outcome.")
    ] = False,
    sizes: Annotated[
        str | None, typer.Option(help="Sizes of the grid's series: even, mostly-small or designs.")
    ] = None,
    critical_values: Annotated[
        bool,
        typer.Option(
            "--critical-values",
            help="Count the critical values of the review's headlines and store them.",
        ),
    ] = False,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write the grid to a file.")
    ] = None,
    replicates: Annotated[
        int | None,
        typer.Option(
            help="Simulated tables per scenario: 10,000 for a card, 4,000 for a cell of the grid."
        ),
    ] = None,
    workers: Annotated[
        int, typer.Option(help="Processes; -1 for one on every core. The numbers are the same.")
    ] = -1,
) -> None:
    """Simulate how often each interval holds the truth: for one outcome, or over a grid."""
    if grid:
        if review is not None or outcome is not None or analysis_set is not None:
            raise ToolkitError("--grid simulates no review: leave REVIEW, --outcome and --set out.")
        _grid(sizes or "even", csv, replicates, workers)
        return
    if critical_values:
        if analysis_set is not None or (review is None and outcome is not None):
            raise ToolkitError(
                "--critical-values are those of a REVIEW by its protocol, or without a review "
                "those of the grid's designs: leave --set out; --outcome narrows a review."
            )
        _critical_values(review, outcome, workers)
        return
    if review is None or outcome is None:
        raise ToolkitError("say a REVIEW and its --outcome, or --grid.")
    if sizes is not None or csv is not None:
        raise ToolkitError("--sizes and --csv belong to --grid.")
    _card(review, outcome, analysis_set, replicates, workers)


def _card(
    review: str, outcome: str, analysis_set: str | None, replicates: int | None, workers: int
) -> None:
    """Print the coverage card of one outcome."""
    from toolkit.analysis.pool import pool
    from toolkit.calibration.card import REPLICATES, coverage_card
    from toolkit.load import find, read

    held = read(find(review))
    answer = pool(held, outcome, analysis_set=analysis_set)
    if answer.reading == "ladder":
        typer.echo(f"{outcome} is a rung of a ladder: the card is that of its bounds alone.")
        answer = pool(held, outcome, analysis_set=analysis_set, reading="bounds")
    count = REPLICATES if replicates is None else replicates
    typer.echo(coverage_card(answer, replicates=count, workers=workers).in_words)


def _critical_values(review: str | None, outcome: str | None, workers: int) -> None:
    """Count and store what the calibrated intervals of a review's headlines rest on."""
    import time

    from toolkit.analysis.critical_files import FOLDER, SHIPPED, file_name, write_critical_values
    from toolkit.calibration.critical_values import critical_values, headline_sizes
    from toolkit.calibration.grid import DESIGNS, LEVEL
    from toolkit.load import find, read

    design: tuple[str, ...] = ("design",)
    if review is None:
        folder = SHIPPED
        wanted = [(design, sizes) for sizes in DESIGNS if len(sizes) > 2]
    else:
        found = find(review)
        folder, wanted = found / FOLDER, headline_sizes(read(found), outcome)
    if not wanted:
        typer.echo("No headline pools the counts of three series or more: nothing to count.")
    for keys, sizes in wanted:
        path = folder / file_name(sizes, LEVEL)
        told = f"{', '.join(keys)}: {len(sizes)} series of {', '.join(map(str, sizes))} patients"
        if path.is_file():
            typer.echo(f"{told}: {path.name} is there already.")
            continue
        typer.echo(f"{told}: counting ...")
        start = time.perf_counter()
        counted = critical_values(sizes, level=LEVEL, workers=workers)
        write_critical_values(folder, counted)
        how = "all" if counted.enumerated else "simulated"
        took = time.perf_counter() - start
        typer.echo(f"  {counted.tables:,} tables ({how}) in {took:.0f} s: {path.name}")


def _grid(sizes: str, target: Path | None, replicates: int | None, workers: int) -> None:
    """Print the summary of the grid, and write its CSV if asked, showing how far it is."""
    from rich.console import Console
    from rich.progress import track

    from toolkit.calibration.grid import (
        COLUMNS,
        GRID_REPLICATES,
        calibration_grid,
        grid_cells,
        grid_csv,
        summary_in_words,
    )

    if target is not None:
        free_target(target, mark=",".join(COLUMNS))
    cells = calibration_grid(
        sizes=sizes,
        replicates=GRID_REPLICATES if replicates is None else replicates,
        workers=workers,
    )
    # Progress goes to standard error: what is printed may be kept in a file.
    found = list(
        track(cells, "Simulating", total=len(grid_cells(sizes)), console=Console(stderr=True))
    )
    typer.echo(summary_in_words(found))
    if target is None:
        return
    write_whole(target, grid_csv(found))
    typer.echo(f"{target} is written.")
