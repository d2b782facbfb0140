"""Pool adverse events as listed, and with what the reporting cut-offs say of the unlisted ones.

    python -m benchmarks.adverse_events TABLE.csv

The table is not part of this project: one row per arm, event and grade, with columns total,
outcome, grade (any, ge3), events (empty where the report does not list the event) and cutoff, the
largest number of patients that an unlisted event can have. It is the one behind JAMA Oncol 2019
(PD-1 and PD-L1 inhibitors, 125 trials), whose figures, from another model and prior, stand beside.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass
from pathlib import Path

import toolkit as tk
from toolkit.analysis.reporting_threshold import ReportingThreshold
from toolkit.results.synthesis import Estimate

PUBLISHED = {
    ("Fatigue", "any"): "18.26",
    ("Pruritus", "any"): "10.61",
    ("Diarrhea", "any"): "9.47",
    ("Fatigue", "ge3"): ".89",
    ("Anemia", "ge3"): ".78",
    ("Aspartate aminotransferase increased (AST)", "ge3"): ".75",
    ("Pneumonitis", "ge3"): "",
}
"""Events to pool, with the published percentage where there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmEvent:
    """One event of one grade in one arm; `events` is None where the report does not list it."""

    total: int
    events: int | None
    cutoff: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPool:
    """Mean across arms and median arm of one reading, and how many arms it rests on."""

    arms: int
    unlisted: int
    average: Estimate
    typical: Estimate


def read_arms(path: Path, outcome: str, grade: str) -> list[ArmEvent]:
    """Return what every arm says of one event of one grade."""
    with path.open(newline="", encoding="latin-1") as lines:
        return [
            ArmEvent(
                total=int(row["total"]),
                events=int(float(row["events"])) if row["events"] else None,
                cutoff=int(row["cutoff"]),
            )
            for row in csv.DictReader(lines)
            if (row["outcome"], row["grade"]) == (outcome, grade)
        ]


def pool_event(arms: list[ArmEvent], *, aware: bool, nothing_below_0: bool) -> EventPool:
    """Return the binomial-normal pool of one event by maximum likelihood.

    Parameters
    ----------
    arms : list of ArmEvent
    aware : bool
        Take an event left out under a positive cut-off as lying between 0 and it; else leave the
        arm out.
    nothing_below_0 : bool
        Take an event left out under a cut-off of 0 as not having happened; else leave the arm out.
    """
    cells: list[int | tuple[int, int]] = []
    totals, unlisted = [], 0
    for arm in arms:
        if arm.events is not None:
            cells.append(arm.events)
        elif aware if arm.cutoff else nothing_below_0:
            rule = ReportingThreshold(rule="more-than", value=str(arm.cutoff), unit="count")
            cells.append(rule.unlisted(arm.total))
            unlisted += 1
        else:
            continue
        totals.append(arm.total)
    found = tk.pool_counts(cells, totals, method=tk.Method(fit="ml"))
    return EventPool(
        arms=len(cells), unlisted=unlisted, average=found.average, typical=found.typical
    )


def _percent(part: Estimate) -> str:
    if part.estimate is None or part.low is None or part.high is None:
        return "not estimable"
    return f"{100 * part.estimate:.2f} ({100 * part.low:.2f}-{100 * part.high:.2f})"


def main(path: Path) -> None:
    """Print a table of all readings of all events."""
    print("| event | published | reading | cut-off 0 | arms (unlisted) | mean | median arm |")
    print("|---|---|---|---|---|---|---|")
    for (outcome, grade), published in PUBLISHED.items():
        arms = read_arms(path, outcome, grade)
        for nothing_below_0 in (False, True):
            for aware in (False, True):
                found = pool_event(arms, aware=aware, nothing_below_0=nothing_below_0)
                words = [
                    f"{outcome}, {'any' if grade == 'any' else '>= 3'}",
                    published,
                    "aware" if aware else "naive",
                    "zero" if nothing_below_0 else "missing",
                    f"{found.arms} ({found.unlisted})",
                    _percent(found.average),
                    _percent(found.typical),
                ]
                print("|", " | ".join(words), "|", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
