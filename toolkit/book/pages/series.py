"""The series of a review: how they were done, what they call a response, how they were found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from toolkit.analysis.included import answering, counted_flow
from toolkit.analysis.overlap import unjudged_pairs
from toolkit.book.content.answers import Answers
from toolkit.book.content.plots import Drawing, Plots
from toolkit.book.content.templates import key, page
from toolkit.figures.appraisal import ITEMS
from toolkit.figures.flow import BOXES
from toolkit.results.row import Row
from toolkit.review.review import Overlap, Review
from toolkit.review.series import Series

CORE_FIELDS = {
    "year": "Year",
    "countries": "Countries",
    "design": "Design",
    "accrual": "Accrual",
    "patients_enrolled": "Patients",
}
"""Fields that every series has and that tell the series apart."""

DEFINITIONS = ("definition", "criteria")
"""Fields whose key ends in one of these stand in the table of definitions."""

UNREAD = ("not_retrieved", "quoted")
"""Reports whose own text has not been read: they are what to extract next."""

ORDER = (*UNREAD, "included", "context", "excluded", "background")
"""Reports in the order in which they are listed: what is to be done comes first."""

LISTS = {
    "other_identified": "next",
    "other_sought": "next",
    "databases_sought": "next",
    "databases_not_retrieved": "reports-not_retrieved",
    "other_not_retrieved": "reports-not_retrieved",
    "databases_reports_excluded": "reports-context",
    "other_reports_excluded": "reports-context",
    "databases_assessed": "reports-included",
    "other_assessed": "reports-included",
    "reports_included": "reports-included",
    "series_included": "series",
}
"""Where the records of a box of the flow are listed; a box that is absent counts no one report."""

SIGNS = {"separate": "○", "possible": "◐", "shared": "●"}
"""Signs of the overlap matrix: fuller for more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Which pairs of series were judged.

    Attributes
    ----------
    keys : tuple of str
        The series of any judged pair, in the order of the review.
    pairs : mapping of (first, second) to Overlap
        Each judged pair, both ways round.
    """

    keys: tuple[str, ...]
    pairs: Mapping[tuple[str, str], Overlap]


def series_page(answers: Answers, plots: Plots, *, written: str = "") -> str:
    """Return the page as MyST; `written` are words by hand, put in below the heading."""
    review = answers.review
    declared = declared_fields(review)
    definitions = {name: label for name, label in declared.items() if name.endswith(DEFINITIONS)}
    definitions["toxicity_criteria"] = "Toxicity criteria"
    return page(
        "series",
        answers=answers,
        review=review,
        written=Markup(written),
        names={each.key: each.short for each in review.reports}
        | {series.key: series.label for series in review.series},
        CORE_FIELDS=CORE_FIELDS,
        treated={name: label for name, label in declared.items() if name not in definitions},
        definitions={
            name: label
            for name, label in definitions.items()
            if any(series.field(name) for series in review.series)
        },
        primary=review.analysis_set(review.primary_set),
        pooled=_pooled(answers),
        appraised=[series for series in review.series if series.appraisal],
        ITEMS=ITEMS,
        appraisal=_appraisal(review, plots),
        flow=_flow(review, plots),
        boxes=counted_flow(review),
        answering=answering(review),
        reports=[
            (status, found)
            for status in ORDER
            if (found := [each for each in review.reports if each.status == status])
        ],
        UNREAD=UNREAD,
        matrix=_matrix(review),
        SIGNS=SIGNS,
        waiting=list(unjudged_pairs(review)),
    )


def series_cells(review: Review) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the heading and the rows of the table of series as text, definitions included."""
    fields = {
        "citation": "Citation",
        "doi": "DOI",
        **CORE_FIELDS,
        "report_read": "Own report",
        "extracted_by": "Extracted by",
        "checked_by": "Checked by",
        **declared_fields(review),
        "toxicity_criteria": "Toxicity criteria",
        "followup": "Follow-up",
    }
    rows = [(each.label, *(each.field(name) for name in fields)) for each in review.series]
    return ("Study", *fields.values()), rows


def declared_fields(review: Review) -> dict[str, str]:
    """Return the fields of a series that the protocol declares, with their labels."""
    return {word.key: word.label for word in review.series_fields}


def _pooled(answers: Answers) -> dict[str, dict[str, Row]]:
    """Return which number of each series enters the pool of each outcome in the primary set."""
    return {
        each.key: {row.series: row for row in answer.rows}
        for each in answers.outcomes
        if (answer := answers.headline(each.key)) is not None
    }


def _appraisal(review: Review, plots: Plots) -> Drawing | None:
    """Return the judgements of every appraised series as shapes; None where there is none."""
    appraised: tuple[Series, ...] = tuple(each for each in review.series if each.appraisal)
    if not appraised:
        return None
    title = "Critical appraisal of the studies"
    return plots.figure("appraisal", appraised, title=title, name="appraisal")


def _flow(review: Review, plots: Plots) -> Drawing | None:
    """Return the PRISMA flow with each box a link to its list; None where no box is PRISMA's."""
    boxes = tuple(box for box in counted_flow(review) if box.box in BOXES)
    if len(boxes) < len(review.flow) or not boxes:
        return None
    listed = {each.status for each in review.reports}
    places = {box.box: LISTS[box.box] for box in boxes if box.box in LISTS}
    if "context" not in listed:
        places |= {box: "reports-excluded" for box in places if box.endswith("_reports_excluded")}
    if "included" not in listed:
        places |= {box: "reports-context" for box in places if box.endswith("_assessed")}
    return plots.figure(
        "flow",
        boxes,
        name="flow",
        addresses={
            box: key(f"#{review.key}-{place}")
            for box, place in places.items()
            if not place.startswith("reports-") or place.removeprefix("reports-") in listed
        },
    )


def _matrix(review: Review) -> Matrix | None:
    """Return every judged pair; None below two judged pairs."""
    if len(review.overlaps) < 2:
        return None
    order = [series.key for series in review.series]
    judged = {each for pair in review.overlaps for each in (pair.first, pair.second)}
    both_ways = [(pair.first, pair.second, pair) for pair in review.overlaps]
    both_ways += [(pair.second, pair.first, pair) for pair in review.overlaps]
    return Matrix(
        keys=(*(each for each in order if each in judged), *sorted(judged - set(order))),
        pairs={(first, second): pair for first, second, pair in both_ways},
    )
