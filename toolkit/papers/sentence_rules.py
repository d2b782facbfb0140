"""From sentences to the counts they print, each with what its clause says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from toolkit.papers.arithmetic import counts_of, fits
from toolkit.papers.characters import fold, tidy
from toolkit.papers.clauses import clause_of
from toolkit.papers.document import Document, Sentence
from toolkit.papers.mentions import meant, mentions_in
from toolkit.papers.phrases import grade_of
from toolkit.papers.proposal import Drafted
from toolkit.papers.quantity import Quantity
from toolkit.papers.sentence_text import (
    NUMBER,
    PEOPLE,
    SentenceQuantity,
    folded,
    printed,
    text_of,
    whole,
)
from toolkit.papers.vocabulary import Vocabulary

_PASSED_OVER = re.compile(
    r"(?:introduction|background|materials?|methods?|patients and methods|design|statistic|"
    r"discussion|conclusion|"
    r"references|bibliography|acknowledg|disclosure|contribution|funding|data[- ]|ethic|"
    r"conflict|competing|"
    r"supplement|front|learning|objective|aim|purpose|limitation|eligib|treatment plan|"
    r"definition|interpretation|"
    r"author|abbreviation|description|summary of the record|trial registration|study (?:design|"
    r"population|treatment))",
    re.IGNORECASE,
)
_LEAD = re.compile(
    rf"^(?:overall, |in total, )?(?:of|among|in|for|from) (?:the |these |those |all |our "
    rf")*(?P<N>{NUMBER})(?P<whom>[^,;]{{0,120}}),",
    re.IGNORECASE,
)
_RESTRICTED = re.compile(
    rf"^(?:of|among|in|for|within) (?:the |these |those |our |patients|children|participants|"
    rf"responders|{NUMBER})|"
    r"\b(?:arm|group|subgroup|stratum|dose level)\b|\bcohort [a-z0-9]\b|\b(?:of these|of those|"
    r"of them|of whom|among them|among whom|the other|the remaining|in this subset)\b",
    re.IGNORECASE,
)
_PEOPLE = re.compile(rf"\b{PEOPLE}\b", re.IGNORECASE)


def drafted_sentences(
    document: Document, words: Vocabulary, cohort: frozenset[int]
) -> Iterator[Drafted]:
    """Yield the counts and shares that sentences of abstract and results print.

    Parameters
    ----------
    document : Document
        The paper.
    words : Vocabulary
        Names of the review's outcomes.
    cohort : frozenset of int
        Number of patients that the paper gives for everybody; more than one, or none, is no help.
    """
    for sentence in document.sentences:
        if not any(_PASSED_OVER.match(part) for part in sentence.section):
            yield from _of_sentence(sentence, words, cohort)


def _of_sentence(
    sentence: Sentence, words: Vocabulary, cohort: frozenset[int]
) -> Iterator[Drafted]:
    """Yield what one sentence prints."""
    text = text_of(sentence.text)
    found = printed(text)
    if not found:
        return
    read = folded(text)
    mentions = mentions_in(read, text, words)
    lead = _LEAD.match(text)
    for each in found:
        if lead and each.end <= lead.end():
            continue
        start, end = clause_of(text, each, found)
        near = [mention for mention in mentions if start <= mention.start and mention.end <= end]
        outcome, reason = meant(text, each, near, found, (start, end))
        if each.rule in {"n patients", "n verb", "n = "} and not outcome:
            continue
        if each.rule == "%" and not outcome:
            continue
        yield _drafted(sentence, text, each, (start, end), outcome, reason, words, cohort, lead)


def _drafted(
    sentence: Sentence,
    text: str,
    each: SentenceQuantity,
    clause: tuple[int, int],
    outcome: str,
    reason: str,
    words: Vocabulary,
    cohort: frozenset[int],
    lead: re.Match[str] | None,
) -> Drafted:
    """Return one quantity of a sentence with what it may become."""
    graded = words.terms[outcome].graded if outcome else False
    grade = grade_of(text[clause[0] : clause[1]]) if graded else ""
    as_printed = tidy(text[each.start : each.end]).strip("([") if each.end - each.start < 80 else ""
    total, denominator, group = _total(each, text, clause, cohort, lead)
    drafted = Drafted(
        standing="unmatched",
        quantity=Quantity(
            rule=each.rule.strip(),
            as_printed=_balanced(as_printed),
            events=each.events,
            total=each.total,
            percent=each.percent,
        ),
        events=each.events,
        total=total,
        outcome=outcome,
        grade="" if grade == "?" else grade,
        group=group,
        denominator=denominator,
        sentence=sentence.number,
        where=sentence.where,
        label=fold(text[clause[0] : clause[1]])[:80],
        reason=reason,
        context=sentence.text,
    )
    if each.events is None:
        if "respectively" in text:
            return replace(
                drafted, outcome="", standing="statement", reason="one of several in a row"
            )
        number = whole(lead["N"]) if lead is not None and _PEOPLE.search(lead["whom"]) else None
        counts = counts_of(each.percent, number) if number else range(0)
        if outcome and number and len(counts) == 1 and grade in {"", "any", "ge3", "4", "5"}:
            everybody = number in cohort
            return replace(
                drafted,
                standing="proposal",
                quantity=replace(drafted.quantity, rule="% with N known"),
                events=counts[0],
                total=number,
                denominator="sentence",
                group="" if everybody else f"{number} {tidy(lead['whom'])}" if lead else "",
                basis="derived",
            )
        return replace(
            drafted, standing="statement", reason="a percentage, and of how many is not said"
        )
    if total is not None and each.percent and not fits(each.events, total, each.percent):
        why = f"{each.events} of {total} is not {each.percent} %"
        return replace(drafted, standing="statement", reason=why)
    if not outcome:
        return drafted
    if total is None:
        return replace(drafted, reason="no number of patients is given for it")
    if grade == "?" or (graded and grade and grade not in {"any", "ge3", "4", "5"}):
        return replace(drafted, reason=f"grade {grade}: no sheet records it so")
    return replace(drafted, standing="proposal")


def _total(
    each: SentenceQuantity,
    text: str,
    clause: tuple[int, int],
    cohort: frozenset[int],
    lead: re.Match[str] | None,
) -> tuple[int | None, str, str]:
    """Return what a count is out of, where that stands, and whom it describes."""
    if each.total is not None:
        return each.total, "cell", ""
    if each.events is None:
        return None, "", ""
    if lead is not None and (number := whole(lead["N"])):
        whom = tidy(lead["whom"])
        if not _PEOPLE.search(whom):
            return None, "", ""
        if not each.percent or fits(each.events, number, each.percent):
            everybody = number in cohort and not re.search(r"\bwith\b|\bwho\b", whom)
            return number, "sentence", "" if everybody else f"{number} {whom}".strip()
    if len(cohort) == 1:
        number = next(iter(cohort))
        if each.percent:
            return number, "text", ""
        free = not _RESTRICTED.search(text) and not _RESTRICTED.search(text[clause[0] : clause[1]])
        if free and each.events < number and each.rule in {"n patients", "n verb"}:
            return number, "text", ""
    return None, "", ""


def _balanced(text: str) -> str:
    """Return printed characters without half a pair of brackets."""
    text = text.strip()
    for opened, closed in ("()", "[]"):
        if text.count(opened) < text.count(closed):
            text = text.rstrip(closed) if text.endswith(closed) else text
    return text.strip()
