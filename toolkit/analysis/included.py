"""Which studies and reports answer a review's question, counted from what its sets select."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from toolkit.analysis.select import select
from toolkit.review.protocol import AnalysisSet
from toolkit.review.review import FlowBox, Report, Review

NOT_RETRIEVED = ("not_retrieved", "quoted")
"""Reports that nobody has read, whether another paper quotes their numbers or not."""

NOT_INCLUDED = ("context", "excluded")
"""Reports that were read and do not answer the question."""

_READ = ("included", *NOT_INCLUDED)


def answering(review: Review) -> tuple[str, ...]:
    """Return the keys of the series that answer the question, in the order of the review.

    These are the series of which a number enters some outcome that the review shows, in the
    primary set or in a variant of it.
    """
    shown = [each for each in review.outcomes if each.shown] or [*review.outcomes]
    found = {
        chosen.series.key
        for each_set in _sets_of_the_question(review)
        for outcome in shown
        for chosen in select(review, outcome, each_set)
    }
    return tuple(each.key for each in review.series if each.key in found)


def _sets_of_the_question(review: Review) -> list[AnalysisSet]:
    """Return the primary set and its variants."""
    return [
        each for each in review.sets if each.role == "variant" or each.key == review.primary_set
    ]


def counted_boxes(review: Review) -> dict[str, int]:
    """Return the numbers of the flow's last boxes by what the sheets hold.

    Reports that were sought are told apart by databases and other methods in ``flow.csv`` alone;
    they are counted here where all came one way.
    """
    counted = {"series_included": len(answering(review))}
    if not review.reports:
        return counted
    statuses = Counter(each.status for each in review.reports)
    counted["reports_included"] = statuses["included"]
    ways = {each.box.split("_")[0] for each in review.flow if each.number is not None}
    way = "databases" if "databases" in ways else "other"
    if not {"databases", "other"} <= ways:
        counted[f"{way}_not_retrieved"] = sum(statuses[each] for each in NOT_RETRIEVED)
        counted[f"{way}_assessed"] = sum(statuses[each] for each in _READ)
        counted[f"{way}_reports_excluded"] = sum(statuses[each] for each in NOT_INCLUDED)
    return counted


def counted_flow(review: Review) -> tuple[FlowBox, ...]:
    """Return the flow with numbers where its sheet leaves one out that can be counted."""
    counted = counted_boxes(review)
    last = ("series_included", "reports_included")
    return tuple(
        replace(each, number=counted[each.box])
        if each.number is None and each.box in last and each.box in counted
        else each
        for each in review.flow
    )


def miscounted(review: Review) -> Iterator[tuple[FlowBox, int]]:
    """Yield every box of the flow that says another number than the sheets hold, with theirs."""
    counted = counted_boxes(review)
    for each in review.flow:
        if each.number is not None and counted.get(each.box, each.number) != each.number:
            yield each, counted[each.box]


def misfiled(review: Review) -> Iterator[tuple[Report, bool]]:
    """Yield every report whose status says otherwise than the sets select, and whether they do."""
    answers = answering(review)
    recorded = {each.key for each in review.series}
    for report in review.reports:
        selected = report.series in answers
        # Other studies leave their numbers out altogether; only those that have a series are held.
        held = report.series in recorded and report.status in _READ
        if held and (report.status == "included") != selected:
            yield report, selected


def flow_remarks(review: Review) -> Iterator[str]:
    """Yield in words what the flow and the reports say otherwise than the sets select."""
    for box, counted in miscounted(review):
        yield (
            f"flow.csv says {box.number} in {box.box}, and the sheets hold {counted}: what the "
            "sets of the question select, and the status of each report. Count again."
        )
    for report, selected in misfiled(review):
        yield (
            f"reports.csv calls {report.key} {report.status}, and the sets of the question "
            f"{'select' if selected else 'do not select'} its series {report.series}. Write "
            f"{'included' if selected else 'context, with the reason'}, or change the sets."
        )
