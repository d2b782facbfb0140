"""How often intervals hold what they should, over the whole range of small case series."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from toolkit.book.content.calibration import (
    GRIDS,
    SHOWN,
    Calibration,
    calibration_results,
    grid_command,
    read_calibration,
)
from toolkit.book.content.coverage_tables import LAW_WORDS, with_error
from toolkit.book.content.plots import figure_block
from toolkit.book.content.results import Results
from toolkit.book.pages.calibration_comparison import comparison
from toolkit.calibration.card import AIMS, SEED
from toolkit.calibration.grid import (
    GRID_REPLICATES,
    GROUPS,
    LEVEL,
    PROPORTIONS,
    RHOS,
    SERIES,
    SIZE_LAWS,
    TAUS,
    group_of,
)
from toolkit.calibration.intervals import BARTLETT, FREEMAN_TUKEY, LOGIT, Target, bayes
from toolkit.figures.coverage import CoverageCell, CoverageRow
from toolkit.html import ABSENT, link, listed, literal, table

KEY = "calibration"
"""Folder of the page's files, and the name under which it quotes its results.json."""

DRAWN: tuple[tuple[str, Target], ...] = (
    *SHOWN[:1],
    (FREEMAN_TUKEY, "average"),
    *SHOWN[1:5],
    (BARTLETT, "typical"),
    SHOWN[5],
    (bayes(0.5), "typical"),
    *SHOWN[6:],
)
"""Intervals of the figure."""


def calibration_page(folder: Path, *, written: str = "") -> tuple[str, str]:
    """Return the page as MyST and its results.json; writes the figure's files.

    Parameters
    ----------
    folder : Path
        The page's files, among them the stored grids.
    written : str
        Words by hand, put in below the heading.
    """
    found = read_calibration(folder)
    results = Results(KEY, calibration_results(found))
    rows = results.document["intervals"]
    blocks = [
        "(calibration)=\n# Calibration\n",
        written,
        _opening(results, rows),
        "## What was simulated\n",
        _design(),
        "## Mean and worst cell\n",
        _summary_tables(results, rows),
        "## Cell by cell\n",
        _figure(found, folder),
        _cell_table(results),
        "## Beside two earlier simulations\n",
        comparison(results, rows),
        "## Made with\n",
        _recipe(),
    ]
    return "\n".join(block for block in blocks if block), results.to_json()


def _path(rows: Sequence[dict[str, Any]], method: str, target: str) -> str:
    """Return where an interval stands in results.json."""
    place = next(
        place
        for place, row in enumerate(rows)
        if (row["method"], row["target"]) == (method, target)
    )
    return f"intervals.{place}"


def _opening(results: Results, rows: Sequence[dict[str, Any]]) -> str:
    """Return in plain words what the numbers mean for a reader."""
    span = results.span
    (pooled, _), (ad_hoc, _), (wald, _), (student, _) = SHOWN[:4]
    at = {
        name: _path(rows, name, target)
        for name, target in ((pooled, "average"), (wald, "typical"), (student, "typical"))
    }
    typical, average, new = (
        _path(rows, bayes(1.0), target) for target in ("typical", "average", "prediction")
    )
    logit = _path(rows, ad_hoc, "typical")
    return (
        "<p>An interval that says 95 % should hold the truth in 95 of 100 reviews like this one. "
        "With a handful of small series many do not. Where centres differ, with normal logits, "
        "all patients counted as one series hold the average in "
        f"{span(f'{at[pooled]}.spread.covered')} of simulated reviews, and the interval that "
        "packages of R print by default for the exact model holds "
        f"the typical centre in {span(f'{at[wald]}.spread.covered')}. The default of this toolkit, "
        f"the same model with t(k-1), holds it in {span(f'{at[student]}.spread.covered')}, and in "
        f"its worst cell in {span(f'{at[student]}.spread.worst.covered')}; under beta laws the "
        f"worst is {span(f'{at[student]}.beta.worst.covered')}. The Bayesian row holds "
        f"the typical centre in {span(f'{typical}.spread.covered')} and the average over centres "
        f"in {span(f'{average}.spread.covered')}.</p>\n\n"
        "<p>Three warnings follow from the same numbers. Intervals from logits with a half added, "
        "even with the ad hoc correction, "
        f"fall to {span(f'{logit}.spread.worst.covered')} in their worst cell under normal logits, "
        f"and to {span(f'{logit}.beta.worst.covered')} under beta laws: events are rare there, and "
        "more series make it worse. If the centres do not follow normal logits but a "
        "beta law, the typical centre of rare events is a poor target: the Bayesian interval falls "
        f"to {span(f'{typical}.beta.worst.covered')} in the worst cell, the one of the average "
        f"over centres to {span(f'{average}.beta.worst.covered')}. And a prediction is only as "
        f"good as the law behind it: {span(f'{new}.spread.covered')} under normal logits, "
        f"{span(f'{new}.beta.covered')} under beta laws.</p>\n"
    )


def _design() -> str:
    """Return what a cell of the grid is."""

    def told(values: Sequence[float], unit: str = "") -> str:
        return listed([f"{value:g}{unit}" for value in values])

    percents = told([100 * p for p in PROPORTIONS], " %")
    return (
        f"<p>{len(SERIES) * len(PROPORTIONS) * (len(TAUS) + len(RHOS))} cells: {told(SERIES)} "
        f"series; a proportion of {percents}; centres whose logits are normal with spread tau "
        f"{told(TAUS)}, or which follow a beta law with correlation rho {told(RHOS)}. The "
        "proportion is that of the typical centre under normal logits and the average under a beta "
        f"law. In every cell {GRID_REPLICATES:,} reviews are drawn, {SIZE_LAWS['even']} and "
        "drawn anew for each review, and every interval is worked out for each of them. "
        f"Intervals aim at {100 * LEVEL:g} %.</p>\n\n"
        "<p>The share of intervals that hold their target is known up to chance: ± is its standard "
        "error. A review without any event, or with nothing else, has no estimate by maximum "
        "likelihood, and one in which series without any event stand beside series with nothing "
        "else has no finite spread: such reviews count in neither share and are told as &#8220;no "
        "interval&#8221;. Methods that do not say whether they aim at the typical centre or at "
        "the average are held against both. For a new centre the share is the probability that a "
        "centre drawn next lies inside, averaged over the reviews; intervals for it take the "
        "normal quantile or t(k-1) beside maximum likelihood, and t(k-2) beside logits.</p>\n"
    )


def _summary_tables(results: Results, rows: Sequence[dict[str, Any]]) -> str:
    """Return a table of the intervals for each of the three things they should hold."""
    heading = ["Interval", "Normal logits with spread: mean", "worst cell", "Beta laws: mean"]
    heading += ["worst cell", "No spread: mean", "Mean width", "No interval"]
    blocks = []
    for target, aim in AIMS.items():
        body = [
            (literal(row["method"]), *_summary_row(results, row, f"intervals.{place}"))
            for place, row in enumerate(rows)
            if row["target"] == target
        ]
        blocks.append(table(heading, body, caption=f"Share of intervals that hold the {aim}."))
    blocks.append(
        "<p>Worst cell: the least share of all cells. Width: in cells of normal logits "
        "with spread. No interval: reviews that have none, in the cell of all 96 where they are "
        "most frequent.</p>\n"
    )
    return "\n".join(blocks)


def _summary_row(results: Results, row: dict[str, Any], path: str) -> tuple[str, ...]:
    """Return what is told of an interval in the cells of each kind."""
    span = results.span
    most = max(GROUPS, key=lambda group: row[group]["refused"])
    return (
        with_error(results, f"{path}.spread"),
        with_error(results, f"{path}.spread.worst"),
        with_error(results, f"{path}.beta"),
        with_error(results, f"{path}.beta.worst"),
        with_error(results, f"{path}.none"),
        span(f"{path}.spread.width"),
        span(f"{path}.{most}.refused") if row[most]["refused"] else ABSENT,
    )


def _figure(found: Calibration, folder: Path) -> str:
    """Return the figure of all cells."""
    rows = []
    for method, target in DRAWN:
        drawn_cells = tuple(
            CoverageCell(
                lane=cell.series,
                covered=next(
                    share.covered
                    for share in shares
                    if (share.method, share.target) == (method, target)
                ),
                beside=cell.truth.law == "beta-binomial",
            )
            for cell, shares in found.grids["even"]
            if group_of(cell) != "none"
        )
        rows.append(CoverageRow(label=method, aim=AIMS[target], cells=drawn_cells))
    return figure_block(
        "coverage",
        tuple(rows),
        identity=f"{KEY}-cells",
        stem=folder / "cells",
        address=f"{KEY}/cells",
        title="Coverage in every cell",
        level=LEVEL,
    )


def _cell_table(results: Results) -> str:
    """Return some intervals in every cell as a table that sorts."""
    span = results.span
    body = []
    for place, cell in enumerate(results.document["cells"]):
        path = f"cells.{place}"
        spread = "tau" if cell["law"] == "logit-normal" else "rho"
        body.append(
            (
                span(f"{path}.series"),
                span(f"{path}.proportion"),
                LAW_WORDS[cell["law"]],
                f"{spread} {span(f'{path}.{spread}')}",
                *(span(f"{path}.shares.{number}.covered") for number in range(len(SHOWN))),
            )
        )
    heading = ["Series", "Proportion", "Law of centres", "Spread"]
    heading += [f"{literal(method)}: {AIMS[target]}" for method, target in SHOWN]
    files = listed(
        [
            f"{link(f'{KEY}/{name}.csv', f'{name}.csv')} ({SIZE_LAWS[name]})"
            for name in GRIDS.values()
        ]
    )
    return (
        "<details><summary>The cells as a table</summary>\n"
        + table(heading, body, caption="Share of intervals that hold what they should, by cell.")
        + "</details>\n\n"
        f"<p>Every interval in every cell, with errors, widths and refusals: {files}.</p>\n"
    )


def _recipe() -> str:
    """Return the commands that make the numbers again."""
    commands = "\n".join(map(grid_command, GRIDS.values()))
    return (
        f"```\n{commands}\n```\n\n"
        f"<p>Seed {SEED}; the same numbers on any number of processes, some minutes on two. Limits "
        "of profile likelihood and of posteriors are read off a grid and lie within 0.1 points of "
        "the exact ones (0.5 for the Bartlett-corrected profile in tables of nearly only empty and "
        "full series). In five cells the intervals of maximum likelihood were held against "
        "metafor&#8217;s <code>rma.glmm</code> itself, table by table. How they do for the "
        f"series of one outcome is on the page of robustness of each review; {literal(LOGIT)} is "
        "shown because it is often advised, not because it is used here.</p>\n"
    )
