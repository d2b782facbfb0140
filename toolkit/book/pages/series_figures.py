"""Pictures of how series were found, judged and told apart."""

from __future__ import annotations

from toolkit.book.content.plots import Plots
from toolkit.figures.flow import BOXES
from toolkit.html import literal, table
from toolkit.review.review import Overlap, Review
from toolkit.sheets.schema.schema import VOCABULARIES

LISTS = {
    "other_identified": "next",
    "other_sought": "next",
    "databases_sought": "next",
    "databases_not_retrieved": "reports-not_retrieved",
    "other_not_retrieved": "reports-not_retrieved",
    "databases_reports_excluded": "reports-excluded",
    "other_reports_excluded": "reports-excluded",
    "databases_assessed": "reports-included",
    "other_assessed": "reports-included",
    "reports_included": "reports-included",
    "series_included": "series",
}
"""Where the records of a box of the flow are listed; a box that is absent counts no one report."""

SIGNS = {"separate": "○", "possible": "◐", "shared": "●"}
"""Signs of the overlap matrix: fuller for more."""


def flow_figure(review: Review, plots: Plots) -> str:
    """Return the PRISMA flow with each box a link to its list; empty where no box is PRISMA's."""
    boxes = tuple(box for box in review.flow if box.box in BOXES)
    if len(boxes) < len(review.flow) or not boxes:
        return ""
    listed = {each.status for each in review.reports}
    places = {box.box: LISTS[box.box] for box in boxes if box.box in LISTS}
    return plots.figure(
        "flow",
        boxes,
        name="flow",
        caption="A box leads to the list of its reports. Dashed: still to be done.",
        addresses={
            box: f"#{review.key}-{place}"
            for box, place in places.items()
            if not place.startswith("reports-") or place.removeprefix("reports-") in listed
        },
    )


def appraisal_figure(review: Review, plots: Plots) -> str:
    """Return the judgements of every appraised series as shapes; empty where there is none."""
    appraised = tuple(series for series in review.series if series.appraisal)
    if not appraised:
        return ""
    title = "Critical appraisal of the series"
    return plots.figure("appraisal", appraised, title=title, name="appraisal")


def overlap_matrix(review: Review) -> str:
    """Return every judged pair as a cell of a matrix; empty below two judged pairs."""
    if len(review.overlaps) < 2:
        return ""
    names = {series.key: series.label for series in review.series}
    order = [series.key for series in review.series]
    judged = {each for pair in review.overlaps for each in (pair.first, pair.second)}
    keys = [key for key in order if key in judged] + sorted(judged - set(order))
    pairs = {frozenset((pair.first, pair.second)): pair for pair in review.overlaps}
    rows = [
        (
            literal(names.get(first, first)),
            *(_cell(pairs.get(frozenset((first, second))), first == second) for second in keys),
        )
        for first in keys
    ]
    meanings = "; ".join(
        f"{sign} {literal(VOCABULARIES['overlap_judgement'][word])}" for word, sign in SIGNS.items()
    )
    heading = ("", *(literal(names.get(key, key)) for key in keys))
    return f"<p>{meanings}; no sign: not judged.</p>\n\n{table(heading, rows, in_order=True)}"


def _cell(pair: Overlap | None, same: bool) -> str:
    """Return the sign of a pair with its evidence at hand."""
    if same:
        return '<span class="st-absent">–</span>'
    if pair is None:
        return ""
    told = literal(f"{pair.judgement}: {pair.evidence}")
    sign = SIGNS.get(pair.judgement, "?")
    return f'<span role="img" aria-label="{told}" title="{told}">{sign}</span>'
