"""Rules about grade.csv: how far each answer can be trusted, judged domain by domain."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks.finding import CheckResult
from toolkit.errors import Problem
from toolkit.sheets.records import Line, Sheets
from toolkit.sheets.schema.review_rows import GradeRow

CERTAINTY = ("high", "moderate", "low", "very_low")
"""Words of the certainty itself, highest first: a body of cohorts starts as high."""
STEPS = {"not_serious": 0, "serious": 1, "very_serious": 2}
"""Levels by which a domain lowers the certainty."""
DOMAINS = ("risk_of_bias", "inconsistency", "indirectness", "imprecision", "publication_bias")


def certainty(sheets: Sheets) -> Iterator[CheckResult]:
    """Check that an outcome has every domain, and no more certainty than its domains leave."""
    by_outcome: dict[str, dict[str, Line[GradeRow]]] = {}
    for line in sheets.grade:
        if not line.unread:
            by_outcome.setdefault(line.row.outcome, {})[line.row.domain] = line
    for outcome, lines in by_outcome.items():
        first = next(iter(lines.values()))
        missing = [word for word in (*DOMAINS, "certainty") if word not in lines]
        if missing:
            yield Problem(
                address=first.at("domain"),
                context=f"outcome {outcome}",
                what=f"Not judged: {', '.join(missing)}.",
                meaning="A certainty rests on all five domains.",
                remedy="Add a line for each, with its reason.",
            )
        wrong = list(_wrong_words(lines))
        yield from wrong
        if not missing and not wrong:
            yield from _too_certain(lines)


def _wrong_words(lines: dict[str, Line[GradeRow]]) -> Iterator[Problem]:
    """Yield judgements in words that belong to the other kind of line."""
    for domain, line in lines.items():
        words = CERTAINTY if domain == "certainty" else tuple(STEPS)
        if line.row.judgement not in words:
            yield Problem(
                address=line.at("judgement"),
                context=f"outcome {line.row.outcome}",
                what=f"{domain} is judged {line.row.judgement}.",
                remedy=f"Write {', '.join(words[:-1])} or {words[-1]}.",
            )


def _too_certain(lines: dict[str, Line[GradeRow]]) -> Iterator[Problem]:
    """Yield a certainty above what five domains leave of the highest."""
    lost = sum(STEPS[lines[domain].row.judgement] for domain in DOMAINS)
    left = CERTAINTY[min(lost, len(CERTAINTY) - 1)]
    line = lines["certainty"]
    if CERTAINTY.index(line.row.judgement) < CERTAINTY.index(left):
        yield Problem(
            address=line.at("judgement"),
            context=f"outcome {line.row.outcome}",
            what=f"The certainty is {line.row.judgement}, and its domains leave {left}.",
            remedy=f"Write {left}, or change the judgement of a domain with its reason.",
        )
