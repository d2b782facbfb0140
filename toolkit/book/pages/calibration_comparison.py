"""The calibration grid beside two earlier simulations, and why some means differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from toolkit.book.content.calibration import CLOSE, EARLIER, apart
from toolkit.book.content.coverage_tables import with_error
from toolkit.book.content.results import Results
from toolkit.calibration.card import AIMS
from toolkit.calibration.grid import SIZE_LAWS
from toolkit.html import ABSENT, literal, stacked, table, without_silent_columns


def comparison(results: Results, rows: Sequence[dict[str, Any]]) -> str:
    """Return our means beside those of two earlier simulations, and where they differ, as HTML.

    Parameters
    ----------
    results : Results
        The page's own.
    rows : sequence of dict
        Its intervals, as `calibration_results` gives them.
    """
    span = results.span
    body, far = [], []
    for place, row in enumerate(rows):
        distance, path = apart(row), f"intervals.{place}"
        if distance is None:
            continue
        if distance > CLOSE:
            far.append(
                f"{literal(row['method'])}, {AIMS[row['target']]}: "
                f"{span(f'{path}.spread.covered')} here, {span(f'{path}.small.covered')} with "
                f"mostly small series, {span(f'{path}.first.covered')} in the first simulation"
            )
        body.append(
            (
                stacked(literal(row["method"]), AIMS[row["target"]]),
                with_error(results, f"{path}.spread"),
                with_error(results, f"{path}.spread.worst"),
                with_error(results, f"{path}.small"),
                with_error(results, f"{path}.small.worst"),
                *(
                    told
                    for simulation in EARLIER
                    for told in _earlier(results, row, f"{path}.{simulation}", simulation)
                ),
            )
        )
    heading = ["Interval, and what it should hold", "Here: mean", "worst cell"]
    heading += ["Here, mostly small series: mean", "worst cell"]
    heading += ["First earlier: mean", "worst cell", "Second earlier: mean", "worst cell"]
    return (
        _differences(far)
        + "\n"
        + table(
            *without_silent_columns(heading, body),
            caption="Cells with spread between centres and normal logits.",
        )
    )


def _earlier(results: Results, row: dict[str, Any], path: str, simulation: str) -> tuple[str, str]:
    """Return mean and worst cell of an earlier simulation, a dash where it has none."""
    told = row[simulation]
    if told is None:
        return ABSENT, ABSENT
    worst = ABSENT if told["worst"]["covered"] is None else results.span(f"{path}.worst.covered")
    return results.span(f"{path}.covered"), worst


def _differences(far: Sequence[str]) -> str:
    """Return where our means leave every earlier one, and why."""
    opening = (
        "<p>Two earlier simulations, by other programs, led to the methods of this book. The "
        "first had the design of our cells with normal logits; how its sizes between 5 and 38 were "
        "drawn is not recorded. The second had 36 cells (4, 6 and 10 series, tau 0.3, 0.6 and 1) "
        "of 2,000 reviews. Where the first sees two intervals of an estimate more than "
        f"{100 * CLOSE:.1f} points apart, they stand in the same order here. "
    )
    if not far:
        return opening + f"No mean is further than {100 * CLOSE:.1f} points from the nearer.</p>\n"
    return (
        f"{opening}Chance, a tenth of a point, does not explain why these means are further than "
        f"{100 * CLOSE:.1f} points from every earlier one:</p>\n"
        f"<ul>{''.join(f'<li>{each}</li>' for each in far)}</ul>\n"
        "<p>The sizes of the series do. Our second grid draws "
        f"{SIZE_LAWS['mostly-small']}, so that small series prevail, and moves each of these means "
        "towards the first simulation&#8217;s or past it. With fewer patients chance weighs more "
        "beside what differs between centres, which hides the fault of pooled counts; and more "
        "series have no event, which brings out the fault of logits with a half added. Methods "
        "that use the exact likelihood hardly notice.</p>\n"
        "<p>The Hartung-Knapp prediction differs besides in its degrees of freedom: ours takes "
        "t(k-2), and the first simulation does not say. Wald&#8217;s interval and t(k-1) are those "
        "of the second simulation, and above the first. The first does not say either what double "
        "arcsines and pooled counts were held against; its figures are near those of the "
        "average.</p>\n"
    )
