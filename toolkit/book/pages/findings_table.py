"""Summary of findings: each judged answer with how far it can be trusted, and why."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from toolkit.book.content.answers import Answers
from toolkit.book.content.prose import name, size
from toolkit.html import ABSENT, literal, table
from toolkit.results.synthesis import Synthesis
from toolkit.review.protocol import Outcome
from toolkit.review.review import Judgement
from toolkit.review.words import people
from toolkit.sheets.schema.schema import VOCABULARIES

SIGNS = {"high": "⊕⊕⊕⊕", "moderate": "⊕⊕⊕◯", "low": "⊕⊕◯◯", "very_low": "⊕◯◯◯"}
"""The certainty as GRADE draws it."""

CERTAINTY = "certainty"


def certainties(answers: Answers) -> dict[str, str]:
    """Return the certainty of each judged outcome as its signs and its word."""
    return {
        each.outcome: f"{SIGNS.get(each.judgement, '')} {each.judgement.replace('_', ' ')}"
        for each in answers.review.judgements
        if each.domain == CERTAINTY
    }


def judges(judgements: Sequence[Judgement]) -> str:
    """Return who judged, and that it is provisional while one judgement is a single person's."""
    judging = [people(each.decided_by) for each in judgements]
    known = ", ".join(map(literal, people(";".join(chain.from_iterable(judging)))))
    if all(len(each) > 1 for each in judging):
        return f"Judged by {known}."
    return f"Judged by {known}; provisional until a second person has judged independently."


def findings_table(answers: Answers) -> str:
    """Return the judged outcomes as MyST, each domain's reason folded below; empty without any."""
    by_outcome: dict[str, dict[str, Judgement]] = {}
    for each in answers.review.judgements:
        by_outcome.setdefault(each.outcome, {})[each.domain] = each
    rows, reasons = [], []
    for outcome in answers.outcomes:
        judged, answer = by_outcome.get(outcome.key), answers.headline(outcome.key)
        if not judged or CERTAINTY not in judged or answer is None:
            continue
        certainty = _certainty(judged[CERTAINTY].judgement)
        rows.append((name(outcome), *_answered(answers, outcome, answer), certainty))
        reasons += [
            (name(outcome), *_told(judged[domain]))
            for domain in VOCABULARIES["grade_domain"]
            if domain in judged
        ]
    if not rows:
        return ""
    return (
        "## How far the answers can be trusted\n\n"
        "GRADE for prognosis (Iorio 2015): a body of series starts as high and loses a level for "
        "each serious limitation. The words are judgements, not computed; they stand in the "
        f"review&#8217;s <code>grade.csv</code>. {judges(answers.review.judgements)}\n\n"
        + table(("Outcome", "Answer", "A new centre", "From", "Certainty"), rows)
        + "\n<details><summary>The reason of each judgement</summary>\n"
        + table(("Outcome", "Domain", "Judgement", "Reason"), reasons)
        + "</details>\n"
    )


def _answered(answers: Answers, outcome: Outcome, answer: Synthesis) -> tuple[str, str, str]:
    """Return the leading estimate, the prediction and the size of an answer as cells."""
    path = answers.path(outcome.key)
    told = "one series: not pooled" if answer.k == 1 else "not pooled"
    if answer.leading.defined:
        told = answers.results.estimate(f"{path}.{answer.lead}")
    predicted = ABSENT
    if answer.prediction.defined:
        predicted = f"{answers.results.limits(f'{path}.prediction')}&#160;%"
    return told, predicted, size(answers, path)


def _certainty(word: str) -> str:
    """Return a certainty as its signs, for the eye alone, and its word."""
    signs = f'<span class="st-number" aria-hidden="true">{SIGNS.get(word, "")}</span>'
    return f"{signs} {literal(word.replace('_', ' '))}"


def _told(each: Judgement) -> tuple[str, str, str]:
    """Return a judgement as cells."""
    words = (each.domain.replace("_", " ").capitalize(), each.judgement.replace("_", " "))
    return literal(words[0]), literal(words[1]), literal(each.reason)
