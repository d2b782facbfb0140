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
    pooled : bool
        Whether some number of it enters a pool of the review.
    moving : tuple of Finding
        Whatever would change an estimate.
    differing, remarks : tuple of Finding
        Of the others, what cannot both hold, and what is unusual and still possible.
    """

    key: str
    label: str
    citation: str
    pooled: bool
    moving: tuple[Finding, ...]
    differing: tuple[Finding, ...]
    remarks: tuple[Finding, ...]

    @property
    def found(self) -> int:
        """How many findings there are, those that move an estimate among them."""
        return len(self.moving) + len(self.differing) + len(self.remarks)


def audit_page(audit: Audit, *, written: str = "") -> str:
    """Return the page as MyST; `written` are words by hand, put in below the heading."""
    given = list(audit.badges.by_cell.values())
    used = _sources(audit)
    return page(
        "audit",
        review=audit.review,
        written=Markup(written.strip()),
        papers=sorted(
            (_paper(audit, key, used) for key in audit.papers),
            key=lambda paper: (not paper.moving, not paper.pooled),
        ),
        moving=sum(bool(each.effects) for each in audit.findings),
        found=len(audit.findings),
        any_found=bool(audit.findings),
        places=places,
        given=given,
        plotted=_plotted(audit),
    )


def _sources(audit: Audit) -> frozenset[str]:
    """Return the papers of which a number enters a set of the review, by the keys they have."""
    review = audit.review
    found: set[str] = set()
    for each_set in review.sets:
        for outcome in review.outcomes:
            if outcome.shown:
                for each in select(review, outcome, each_set):
                    number = each.number
                    found.add(number.source if number.secondary else each.series.key)
    return frozenset(found)


def _paper(audit: Audit, key: str, used: frozenset[str]) -> Paper:
    """Return what was found in one paper, what would change an estimate by itself."""
    labels = {series.key: series.label for series in audit.review.series}
    findings = [each for each in audit.findings if each.paper == key]
    return Paper(
        key=key,
        label=labels.get(key, key),
        citation=audit.citation(key),
        pooled=key in used,
        moving=tuple(each for each in findings if each.effects),
        differing=tuple(each for each in findings if each.level == "differs" and not each.effects),
        remarks=tuple(each for each in findings if each.level == "remark" and not each.effects),
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
