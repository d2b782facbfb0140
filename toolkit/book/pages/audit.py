"""The audit page: what the papers of a review print that differs, and what it would change."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from toolkit.analysis.rows import review_rows
from toolkit.analysis.select import select
from toolkit.audit.finding import Finding
from toolkit.audit.report import places
from toolkit.audit.run import Audit
from toolkit.book.content.templates import page
from toolkit.results.row import Row
from toolkit.review.protocol import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What was found in one paper.

    Attributes
    ----------
    key, label, citation : str
        Its key, the name shown, and how it is cited.
    differing, remarks : tuple of Finding
        What cannot both hold, and what is unusual and still possible.
    """

    key: str
    label: str
    citation: str
    differing: tuple[Finding, ...]
    remarks: tuple[Finding, ...]


def audit_page(audit: Audit, *, written: str = "") -> str:
    """Return the page as MyST; `written` are words by hand, put in below the heading."""
    given = list(audit.badges.by_cell.values())
    return page(
        "audit",
        review=audit.review,
        written=Markup(written.strip()),
        papers=[_paper(audit, key) for key in audit.papers],
        any_found=bool(audit.findings),
        places=places,
        given=given,
        plotted=_plotted(audit),
    )


def _paper(audit: Audit, key: str) -> Paper:
    """Return what was found in one paper."""
    labels = {series.key: series.label for series in audit.review.series}
    findings = [each for each in audit.findings if each.paper == key]
    return Paper(
        key=key,
        label=labels.get(key, key),
        citation=audit.citation(key),
        differing=tuple(each for each in findings if each.level == "differs"),
        remarks=tuple(each for each in findings if each.level == "remark"),
    )


def _plotted(audit: Audit) -> list[tuple[Outcome, Row, str]]:
    """Return every number in the pools that the review shows first, with its badge."""
    review = audit.review
    primary = review.analysis_set(review.primary_set)
    return [
        (outcome, row, audit.badges.of_row(row, outcome.grade))
        for outcome in review.outcomes
        if outcome.shown
        for row in review_rows(
            review, outcome, select(review, outcome, primary), method=outcome.method
        )
    ]
