"""The audit page: what the papers of a review print that differs, and what it would change."""

from __future__ import annotations

from toolkit.analysis.rows import review_rows
from toolkit.analysis.select import select
from toolkit.audit.badges import BADGES
from toolkit.audit.finding import Finding
from toolkit.audit.report import places
from toolkit.audit.run import Audit
from toolkit.html import link, literal, table

LEAD = (
    "Papers print the same number in several places. Here is every place we met where two of them "
    "cannot both hold, told without a judgement on which does. A remark is told of what is unusual "
    "and still possible. A number that a paper leaves open is kept open only where a reviewer "
    "decided so."
)


def audit_page(audit: Audit, *, written: str = "") -> str:
    """Return the page as MyST; `written` are words by hand, put in below the heading."""
    blocks = ["# Audit\n", f"<p>{literal(LEAD)}</p>\n"]
    if written:
        blocks.append(f"{written.strip()}\n")
    if not audit.findings:
        blocks.append("<p>Nothing differs.</p>\n")
    for paper in audit.papers:
        findings = [each for each in audit.findings if each.paper == paper]
        blocks.append(f"## {literal(_label(audit, paper))}\n")
        blocks.append(f"<p>{literal(audit.citation(paper))}</p>\n")
        differing = [each for each in findings if each.level == "differs"]
        remarks = [each for each in findings if each.level == "remark"]
        if differing:
            note = link(f"erratum/{paper}.md", "The same as a note to the authors")
            blocks.append(_findings(audit, differing, "What differs"))
            blocks.append(f"<p>{note}.</p>\n")
        if remarks:
            blocks.append(_findings(audit, remarks, "Remarks"))
    blocks.append("## Every plotted number\n")
    blocks.append(_meanings(audit))
    blocks.append(_plotted(audit))
    return "\n".join(blocks)


def _label(audit: Audit, paper: str) -> str:
    """Return the name shown for a paper."""
    for series in audit.review.series:
        if series.key == paper:
            return series.label
    return paper


def _findings(audit: Audit, findings: list[Finding], heading: str) -> str:
    """Return findings as a list: what differs, where, and what it does to the pools."""
    told = "".join(
        f"<li><strong>{literal(each.what)}</strong>{_readings(each)}"
        f'<p class="st-small">{_effects(audit, each)}. Check {each.check}.</p></li>\n'
        for each in findings
    )
    return f'<p>{heading}</p>\n<ol class="st-findings">\n{told}</ol>\n'


def _readings(finding: Finding) -> str:
    """Return each reading with its places, one below the other."""
    told = (
        f"<li>{literal(each.words)}: {literal(places(each, finding))}</li>"
        for each in finding.readings
    )
    return f"<ul>{''.join(told)}</ul>"


def _effects(audit: Audit, finding: Finding) -> str:
    """Return what the readings do to the pooled estimates."""
    told = []
    for effect in finding.effects:
        name = literal(audit.review.outcome(effect.outcome).short)
        counts = f"{effect.recorded}, {effect.lowest_count} to {effect.highest_count}"
        if effect.pooled is None or effect.lowest is None or effect.highest is None:
            told.append(f"{name} {literal(counts)}: nothing is pooled in the main set")
        else:
            told.append(
                f"{name} {literal(counts)}: pooled {100 * effect.pooled:.1f} %, "
                f"{100 * effect.lowest:.1f} to {100 * effect.highest:.1f} %"
            )
    return f"It would change: {'; '.join(told)}" if told else "It would change no pooled estimate"


def _meanings(audit: Audit) -> str:
    """Return how many numbers of the sheets carry which badge, with its meaning."""
    given = list(audit.badges.by_cell.values())
    rows = ([badge, str(given.count(badge)), meaning] for badge, meaning in BADGES.items())
    return table(("Badge", "Numbers", "Meaning"), rows)


def _plotted(audit: Audit) -> str:
    """Return the badge of every number in the pools that the review shows first."""
    review = audit.review
    rows = [
        [
            literal(outcome.short),
            literal(row.label),
            literal(row.as_printed or "counted from patient rows"),
            literal(row.where),
            audit.badges.of_row(row, outcome.grade),
        ]
        for outcome in review.outcomes
        if outcome.shown
        for row in review_rows(
            review,
            outcome,
            select(review, outcome, review.analysis_set(review.primary_set)),
            method=outcome.method,
        )
    ]
    return table(("Outcome", "Series", "As printed", "Where", "Badge"), rows)
