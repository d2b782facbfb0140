"""Where a sentence names outcomes, and which of them a quantity counts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from toolkit.papers.clauses import opening_of, words_before
from toolkit.papers.sentence_text import Folded, SentenceQuantity
from toolkit.papers.vocabulary import Vocabulary

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
_FAR = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Where a sentence names an outcome."""

    start: int
    end: int
    outcome: str
    of_whom: bool = False


def mentions_in(read: Folded, text: str, words: Vocabulary) -> list[Mention]:
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


def meant(
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
        opened = opening_of(text, each)
        before = [mention for mention in near if mention.end <= opened]
        people = each.rule in {"n patients", "n verb"} and each.start - opened > 2
        if before and not people and len(text[before[-1].end : opened].split()) <= 2:
            last = before[-1]
            if last.of_whom or _NOT.search(words_before(text, last.start, start)):
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
    ) or _NOT.search(words_before(text, low, start)):
        return "", "its clause denies something or speaks of an earlier time"
    return outcome, ""


def _claimed(
    text: str, mention: Mention, found: list[SentenceQuantity], each: SentenceQuantity
) -> bool:
    """Tell whether a count in parentheses right behind a name takes it for itself."""
    return any(
        other is not each
        and other.set_apart
        and 0 <= (opened := opening_of(text, other)) - mention.end <= 2
        and not text[mention.end : opened].strip()
        and other.start - opened <= 2
        for other in found
    )
