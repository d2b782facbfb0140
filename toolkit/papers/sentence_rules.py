"""From sentences to the counts they print, each with what its clause says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from toolkit.papers.arithmetic import counts_of, fits
from toolkit.papers.characters import fold, tidy
from toolkit.papers.clauses import clause_of
from toolkit.papers.document import Document, Sentence
from toolkit.papers.mentions import Mention, meant, mentions_in
from toolkit.papers.phrases import grade_of
from toolkit.papers.proposal import Drafted
from toolkit.papers.quantity import Quantity
from toolkit.papers.respective_lists import RESPECTIVELY, bare_lists, beside_another, in_turn
from toolkit.papers.sentence_numbers import SentenceQuantity, printed
from toolkit.papers.sentence_text import folded, text_of
from toolkit.papers.sentence_totals import (
    NamedTotal,
    group_of,
    leads,
    named_totals,
    total_of,
    total_that_fits,
)
from toolkit.papers.unspoken import beside_names, same_as_before
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
_REMEMBERED = 4
_ONLY_WITH_OUTCOME = {
    "n patients",
    "n verb",
    "n = ",
    "%",
    "n outcome",
    "none",
    "none of N",
    "all",
    "all N",
}
_RECORDED = {"", "any", "ge3", "4", "5"}
_VERSUS = re.compile(r"\b(?:vs|versus|compared (?:with|to))\b", re.IGNORECASE)
_OF_ALL = re.compile(
    r"\b(?:adverse (?:events?|reactions?|effects?)|aes?|teaes?|traes?|saes?|toxicit\w+|"
    r"side effects|toxic effects|events|complications)\b",
    re.IGNORECASE,
)
_MOST_COMMON = re.compile(
    r"\b(?:was|were) (?:the |among the )?(?:most )?(?:common|frequent|commonest)[^.;,]{0,60}?"
    r"(?:adverse events?|aes?|teaes?|toxicit\w+|side effects|events)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A sentence while it is read."""

    sentence: Sentence
    text: str
    found: tuple[SentenceQuantity, ...]
    mentions: tuple[Mention, ...]
    words: Vocabulary
    cohort: frozenset[int]
    named: tuple[NamedTotal, ...]


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
    named: tuple[NamedTotal, ...] = ()
    before: tuple[str, ...] = ()
    for sentence in document.sentences:
        if any(_PASSED_OVER.match(part) for part in sentence.section):
            continue
        if sentence.section != before:
            named, before = (), sentence.section
        yield from _of_sentence(sentence, words, cohort, named)
        named = (*named, *named_totals(text_of(sentence.text)))[-_REMEMBERED:]


def _of_sentence(
    sentence: Sentence,
    words: Vocabulary,
    cohort: frozenset[int],
    named: tuple[NamedTotal, ...],
) -> Iterator[Drafted]:
    """Yield what one sentence prints."""
    text = text_of(sentence.text)
    found = printed(text)
    mentions = mentions_in(folded(text), text, words) if found or words.terms else []
    found += [
        each
        for each in (*bare_lists(text), *beside_names(text, found, mentions))
        if not any(one.start < each.end and each.start < one.end for one in found)
    ]
    if not found:
        return
    found.sort(key=lambda each: each.start)
    asked = _Asked(
        sentence=sentence,
        text=text,
        found=tuple(found),
        mentions=tuple(mentions),
        words=words,
        cohort=cohort,
        named=named,
    )
    yield from _each_of(asked)


def _each_of(asked: _Asked) -> Iterator[Drafted]:
    """Yield the quantities of one sentence, each with what it may become."""
    text, found, mentions = asked.text, asked.found, asked.mentions
    listed = {one.quantity.start: one for one in in_turn(text, found, mentions)}
    in_a_row = RESPECTIVELY.search(text)
    before: Drafted | None = None
    for each in found:
        if leads(text, each):
            continue
        clause = clause_of(text, each, found)
        if one := listed.get(each.start):
            yield _drafted(asked, one.quantity, clause, one.outcome, "", one.grade)
            continue
        near = [one for one in mentions if clause[0] <= one.start and one.end <= clause[1]]
        outcome, reason = meant(text, each, near, found, clause)
        if outcome and each.events is not None and _is_timed(asked, outcome):
            outcome, reason = "", "an estimate at a time and no number of patients"
        named_within = any(each.start <= one.start and one.end <= each.end for one in near)
        if not named_within and beside_another(text, each, found):
            outcome, reason = "", "one of several in a row"
        if (
            in_a_row
            and each.end <= in_a_row.start()
            and text.rfind(";", 0, in_a_row.start()) < each.start
        ):
            outcome, reason = "", "one of several in a row"
        if not outcome and before is not None and same_as_before(text, before, each, near):
            yield replace(
                _drafted(asked, each, clause, before.outcome, "", before.grade),
                group=group_of(text, (each.end, len(text))),
            )
            continue
        if each.rule in _ONLY_WITH_OUTCOME and not outcome:
            continue
        made = _drafted(asked, each, clause, outcome, reason, None)
        yield made
        before = made if made.standing == "proposal" else before


def _is_timed(asked: _Asked, outcome: str) -> bool:
    """Tell whether an outcome is a percentage at a time, such as survival."""
    return asked.words.terms[outcome].timed


def _grade_in(asked: _Asked, clause: tuple[int, int], outcome: str) -> str:
    """Return the grade of a count: its clause's, else that of all events the sentence lists."""
    if grade := grade_of(asked.text[clause[0] : clause[1]]):
        return grade
    most_common = [hit[0] for hit in _MOST_COMMON.finditer(asked.text)]
    if len(most_common) == 1 and (grade := grade_of(most_common[0])):
        return grade if grade == grade_of(asked.text) else ""
    first = min((one.start for one in asked.mentions), default=0)
    lead = asked.text[:first]
    if grade_of(asked.text[first:]) or not _OF_ALL.search(lead):
        return ""
    return grade_of(lead)


def _drafted(
    asked: _Asked,
    each: SentenceQuantity,
    clause: tuple[int, int],
    outcome: str,
    reason: str,
    grade: str | None,
) -> Drafted:
    """Return one quantity of a sentence with what it may become."""
    text, sentence = asked.text, asked.sentence
    graded = asked.words.terms[outcome].graded if outcome else False
    if grade is None:
        grade = _grade_in(asked, clause, outcome)
    grade = grade if graded else ""
    as_printed = tidy(text[each.start : each.end]).strip("([") if each.end - each.start < 80 else ""
    total, denominator, group = total_of(text, each, clause, asked.found, asked.cohort)
    if (
        denominator == "text"
        and each.percent
        and not fits(each.events or 0, total or 0, each.percent)
    ):
        total, denominator, group = total_that_fits(
            each, asked.found, (*asked.named, *named_totals(text))
        )
        reason = reason if outcome else reason or "of how many is not said"
    events = total if each.rule == "all" else each.events
    drafted = Drafted(
        standing="unmatched",
        quantity=Quantity(
            rule=each.rule.strip(),
            as_printed=_balanced(as_printed),
            events=events,
            total=each.total,
            percent=each.percent,
        ),
        events=events,
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
    if each.events is None and each.rule != "all":
        return _share(asked, each, drafted, grade)
    if total is not None and each.percent and not fits(each.events or 0, total, each.percent):
        why = f"{each.events} of {total} is not {each.percent} %"
        return replace(drafted, standing="statement", reason=why)
    if not outcome:
        return drafted
    if total is None:
        return replace(drafted, reason="no number of patients is given for it")
    if not group and _VERSUS.search(text) and total not in asked.cohort:
        return replace(drafted, reason="it is compared with others, and whom it counts is not said")
    if grade not in _RECORDED:
        return replace(drafted, reason=f"grade {grade}: no sheet records it so")
    return replace(drafted, standing="proposal")


def _share(asked: _Asked, each: SentenceQuantity, drafted: Drafted, grade: str) -> Drafted:
    """Return a percentage alone as the one count it stands for, or as a statement."""
    number = each.total
    if number is None and drafted.denominator == "sentence":
        number = drafted.total
    counts = counts_of(each.percent, number) if number else range(0)
    if drafted.outcome and number and len(counts) == 1 and grade in _RECORDED:
        return replace(
            drafted,
            standing="proposal",
            quantity=replace(drafted.quantity, rule="% with N known"),
            events=counts[0],
            total=number,
            denominator="sentence",
            basis="derived",
        )
    return replace(
        drafted,
        standing="statement",
        reason=drafted.reason
        if drafted.reason == "one of several in a row"
        else "a percentage, and of how many is not said",
        events=None,
        total=None,
    )


def _balanced(text: str) -> str:
    """Return printed characters without half a pair of brackets."""
    text = text.strip()
    for opened, closed in ("()", "[]"):
        if text.count(opened) < text.count(closed):
            text = text.rstrip(closed) if text.endswith(closed) else text
    return text.strip()
