"""From a review's folder to its audit: findings, what they do to the pools, and badges."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from toolkit.audit.badges import Badges, badges, differing_numbers
from toolkit.audit.effects import published
from toolkit.audit.finding import Finding
from toolkit.audit.rules.registry import findings, stated
from toolkit.checks.registry import run
from toolkit.errors import SheetError
from toolkit.review.review import Review
from toolkit.sheets.folder import read_tables
from toolkit.sheets.records import read_sheets
from toolkit.sheets.to_review import review as review_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What the papers of a review say against themselves and each other.

    Attributes
    ----------
    review : Review
        The review that was audited; its differences mark every number that differs, so that pools
        of it carry the flag.
    findings : tuple of Finding
        Everything found, paper by paper: first what differs, then remarks.
    badges : Badges
        What is known of each number.
    """

    review: Review
    findings: tuple[Finding, ...]
    badges: Badges

    @property
    def papers(self) -> tuple[str, ...]:
        """Keys of the papers that something was found in."""
        return tuple(dict.fromkeys(finding.paper for finding in self.findings))

    def of_paper(self, paper: str) -> tuple[Finding, ...]:
        """Return the findings that concern a paper."""
        return tuple(finding for finding in self.findings if paper in finding.papers)

    def citation(self, paper: str) -> str:
        """Return the citation of a paper, or its key where the review does not list it."""
        for series in self.review.series:
            if series.key == paper:
                return series.citation
        for report in self.review.reports:
            if report.key == paper:
                return report.citation
        return paper

    def to_dict(self) -> dict[str, Any]:
        """Return the audit as plain lists, numbers and words."""
        return {
            "review": self.review.key,
            "fingerprint": self.review.fingerprint,
            "findings": [finding.to_dict() for finding in self.findings],
            "badges": [
                dict(zip(("series", "group", "outcome", "grade", "window"), cell, strict=True))
                | {"badge": badge}
                for cell, badge in sorted(self.badges.by_cell.items())
            ],
        }


def audit(path: str | Path, *, effects: bool = True) -> Audit:
    """Return what the papers of a review say against themselves and each other.

    Parameters
    ----------
    path : str or Path
        Folder of the review.
    effects : bool
        Whether to pool again under the readings of every finding; without it the audit needs no
        fit and takes a moment.

    Raises
    ------
    SheetError
        With every problem of the sheets: an audit of misread sheets would blame the papers.
    """
    sheets, met = read_sheets(read_tables(path))
    if sheets is None:
        raise SheetError(met)
    checked = run(sheets)
    if checked.problems:
        raise SheetError(checked.problems)
    review = review_of(sheets, checked.differences)
    found = findings(sheets, checked.differences)
    if effects:
        pools = published(review)
        found = tuple(replace(each, effects=pools.effects(each)) for each in found)
    marks = badges(review, stated(sheets), found)
    known = (*review.differences, *differing_numbers(review, marks))
    ordered = sorted(found, key=lambda each: (each.paper, each.level != "differs", each.check))
    return Audit(review=replace(review, differences=known), findings=tuple(ordered), badges=marks)
