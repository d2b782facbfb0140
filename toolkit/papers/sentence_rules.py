"""From sentences to the counts they print, each with what its clause says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from toolkit.papers.arithmetic import counts_of, fits
from toolkit.papers.characters import fold, tidy
from toolkit.papers.document import Document, Sentence
from toolkit.papers.phrases import grade_of
from toolkit.papers.proposal import Drafted
from toolkit.papers.quantity import Quantity
from toolkit.papers.sentence_text import (
    NUMBER,
    PEOPLE,
    Folded,
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
_BREAK = re.compile(
    r";|:(?= )|, |\b(?:while|whereas|but|although|however|leading to|resulting in|including)\b| - "
)
_AND = re.compile(r"\band\b")
_VERB = re.compile(
    r"\b(?:achiev\w*|attain\w*|reach\w*|obtain\w*|had|have|having|develop\w*|experienc\w*|show\w*|present\w*|"
    r"remain\w*|proceed\w*|underw\w*|undergo\w*|were|was|receiv\w*|responded|report\w*|"
    r"suffer\w*|died|with a)\b"
)
_LINK = re.compile(
    r"\b(?:in|for|by|among|of|was|were|is|occurr\w*|observed|seen|reported|documented|developed|rate|affect\w*)\b|[:=(,]"
)
_NOT = re.compile(
    r"\b(?:no|not|without|none|neither|never|nor|non|lack\w*|absence|except|fail\w*|before|prior|previous\w*|history|pre)\b"
)
_OF_WHOM = re.compile(
    r"\b(?:(?:patients?|pts|those|children|participants?|subjects?|responders?|cases|"
    r"individuals|adolescents|adults) "
    r"(?:with|in|who (?:had|achieved|reached|developed|experienced|were in)|achieving|having|"
    r"reaching|experiencing|attaining)"
    r"|among (?:the )?|after (?:the )?|following (?:the )?|time to(?: first)?|duration of|"
    r"median|risk of|rates? of|odds of|"
    r"incidence of|treatment of|prophylaxis (?:for|of|against)|due to|because of|caused by|"
    r"secondary to|owing to|attribut\w+ to|"
    r"related to|associated with|despite|during|from|defined as|until|criteria for|without) "
    r"?(?:a |an |the )?$"
)
_WHOSE = re.compile(
    r" (?:patients?|pts|children|cases|participants?|subjects?|responders?|cohort|group|arm)\b"
)
_JOINED = re.compile(
    r"^ ?(?:or|and/or|and|plus|/|with(?! a (?:median|mean)\b)|without|nor|\+) ?(?![0-9]|(?:\w+ "
    r")?(?:was|were|had|occurr))"
)
_JOINED_BEFORE = re.compile(r"\w ?(?:\bor|\band/or|\band|\bplus|/|\bnor|\+) (?:a |the |an )?$")
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
_FAR = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Where a sentence names an outcome."""

    start: int
    end: int
    outcome: str
    of_whom: bool = False


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
    mentions = _mentions(read, text, words)
    lead = _LEAD.match(text)
    for each in found:
        if lead and each.end <= lead.end():
            continue
        start, end = _clause(text, each, found)
        near = [mention for mention in mentions if start <= mention.start and mention.end <= end]
        outcome, reason = _meant(text, each, near, found, (start, end))
        if each.rule in {"n patients", "n verb", "n = "} and not outcome:
            continue
        if each.rule == "%" and not outcome:
            continue
        yield _drafted(sentence, text, each, (start, end), outcome, reason, words, cohort, lead)


def _mentions(read: Folded, text: str, words: Vocabulary) -> list[Mention]:
    """Return where outcomes are named, and whether that only says of whom a sentence speaks."""
    found = []
    for start, end, key in words.named_in(read.text):
        first, last = read.place(start, end)
        name = text[first:last]
        if len(name) <= 3 and name.islower():
            continue
        of_whom = bool(_OF_WHOM.search(text[:first].lower()) or _WHOSE.match(text[last:].lower()))
        found.append(Mention(start=first, end=last, outcome=key, of_whom=of_whom))
    return found


def _clause(text: str, each: SentenceQuantity, found: list[SentenceQuantity]) -> tuple[int, int]:
    """Return the part of a sentence that a quantity belongs to.

    It ends at a comma or a word that opens another thought; at "and" where both sides count.
    """
    cuts = [
        cut
        for cut in _BREAK.finditer(text)
        if not any(other.start <= cut.start() < other.end for other in found)
        and (each.set_apart or not _within_brackets(text, cut.start()))
    ]
    for cut in _AND.finditer(text):
        sides = (
            {other.start > cut.start() for other in found if other.rule != "%"} if found else set()
        )
        if len(sides) == 2 and not any(other.start <= cut.start() < other.end for other in found):
            cuts.append(cut)
    if each.set_apart:
        opened = _opened(text, each)
        cuts = [cut for cut in cuts if cut.start() < opened or cut.start() >= each.end]
    start = max((cut.end() for cut in cuts if cut.end() <= each.start), default=0)
    end = min((cut.start() for cut in cuts if cut.start() >= each.end), default=len(text))
    return start, end


def _within_brackets(text: str, at: int) -> bool:
    """Tell whether a place lies within parentheses."""
    return text.count("(", 0, at) > text.count(")", 0, at)


def _meant(
    text: str,
    each: SentenceQuantity,
    near: list[Mention],
    found: list[SentenceQuantity],
    clause: tuple[int, int],
) -> tuple[str, str]:
    """Return the outcome that a quantity counts, or why none is taken."""
    start, end = clause
    if each.rule in {"n patients", "n verb"} and (
        re.search(r"\b(?:the|these|those|our|all|median|mean) $", text[start : each.start].lower())
        or "median" in text[start:end].lower()
    ):
        return "", ""
    if each.set_apart:
        opened = _opened(text, each)
        before = [mention for mention in near if mention.end <= opened]
        people = each.rule in {"n patients", "n verb"} and each.start - opened > 2
        if before and not people and len(text[before[-1].end : opened].split()) <= 2:
            last = before[-1]
            if last.of_whom or _NOT.search(_words_before(text, last.start, start)):
                return "", "its clause denies something or speaks of an earlier time"
            return last.outcome, ""
        if each.rule == "n = ":
            return "", ""
        near = [mention for mention in near if mention.start > opened]
    linked: dict[str, Mention] = {}
    for mention in near:
        if _claimed(text, mention, found, each):
            continue
        if mention.start >= each.end:
            between = text[each.end : mention.start]
            fits_here = bool(_VERB.search(between.lower())) or len(between.split()) == 0
        elif mention.end <= each.start:
            between = text[mention.end : each.start]
            fits_here = bool(_LINK.search(between.lower())) or not between.strip()
        else:
            continue
        blocked = any(
            other is not each
            and other.rule != "%"
            and min(each.end, mention.end) <= other.start < max(each.start, mention.start)
            for other in found
        )
        blocked = (
            blocked
            or mention.of_whom
            or any(
                other.of_whom
                and min(each.end, mention.end) <= other.start < max(each.start, mention.start)
                for other in near
            )
        )
        if fits_here and not blocked and len(between) <= _FAR:
            linked.setdefault(mention.outcome, mention)
    if len(linked) > 1:
        return "", f"may be {' or '.join(sorted(linked))}"
    if not linked:
        return "", "no outcome of the review is named beside it"
    outcome, mention = next(iter(linked.items()))
    if _JOINED.search(text[mention.end : end]) or _JOINED_BEFORE.search(
        text[start : mention.start]
    ):
        return "", "it is named together with something else"
    low, high = min(each.start, mention.start), max(each.end, mention.end)
    if _NOT.search(
        text[low:high].lower().replace(text[mention.start : mention.end].lower(), " ")
    ) or _NOT.search(_words_before(text, low, start)):
        return "", "its clause denies something or speaks of an earlier time"
    return outcome, ""


def _claimed(
    text: str, mention: Mention, found: list[SentenceQuantity], each: SentenceQuantity
) -> bool:
    """Tell whether a count in parentheses right behind a name takes it for itself."""
    return any(
        other is not each
        and other.set_apart
        and 0 <= (opened := _opened(text, other)) - mention.end <= 2
        and not text[mention.end : opened].strip()
        and other.start - opened <= 2
        for other in found
    )


def _opened(text: str, each: SentenceQuantity) -> int:
    """Return where the parentheses around a quantity open."""
    return max(text.rfind("(", 0, each.start + 1), text.rfind("[", 0, each.start + 1))


def _words_before(text: str, at: int, start: int) -> str:
    """Return the two words of a clause before a place."""
    return " ".join(text[start:at].lower().split()[-2:])


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
