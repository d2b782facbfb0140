"""Where a sentence names outcomes, and which of them a quantity counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from toolkit.papers.clauses import opening_of, words_before
from toolkit.papers.sentence_numbers import SentenceQuantity
from toolkit.papers.sentence_text import PEOPLE, Folded
from toolkit.papers.vocabulary import Vocabulary

_VERB = re.compile(
    r"\b(?:achiev\w*|attain\w*|reach\w*|obtain\w*|had|have|having|develop\w*|experienc\w*|show\w*|present\w*|"
    r"remain\w*|proceed\w*|underw\w*|undergo\w*|were|was|receiv\w*|respon\w*|report\w*|became|"
    r"suffer\w*|died|with a)\b"
)
_LINK = re.compile(
    r"\b(?:in|for|by|among|of|was|were|is|occurr\w*|observed|seen|reported|documented|developed|rate|affect\w*)\b|[:=(,]"
)
_NOT = re.compile(
    r"\b(?:no|not|without|none|neither|never|nor|non|lack\w*|absence|except|fail\w*|before|prior|previous\w*|history|pre|baseline)\b"
)
_OF_WHOM = re.compile(
    r"\b(?:(?:patients?|pts|those|children|participants?|subjects?|responders?|cases|"
    r"individuals|adolescents|adults) "
    r"(?:with|in|who (?:had|achieved|reached|developed|experienced|were in|"
    r"underwent|received|did not achieve)|achieving|having|"
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
_COMPOUND = re.compile(
    r"-(?:free|related|associated|directed|specific|naive|induced|like|eligible|mediated)\b",
    re.IGNORECASE,
)
_NARROWED = re.compile(
    r"^ ?(?:(?:had |has |have )?(?:resolved|improved|recovered|persisted|worsened|recurred|led to|"
    r"required|necessitated)|"
    r"(?:was|were) (?:managed|treated|resolved|reversible|manageable)|from|due to|"
    r"because of|related to|attribut\w+ to|caused by|secondary to|owing to|"
    r"at (?:baseline|(?:initial )?diagnosis|(?:study )?(?:entry|enrol\w+|inclusion)|presentation|"
    r"screening|the start)|of (?!any|all|grades?|the ~|~|whom|which|them|these|those|the (?:[0-9]|"
    rf"{PEOPLE})|[0-9]|{PEOPLE}))\b",
    re.IGNORECASE,
)
"""What makes of an outcome a part of it: "died of ...", "fever at diagnosis"."""

_OTHER_STUDY = re.compile(
    r"\b(?:previous|prior|earlier|other|published|historical|retrospective|recent|these|those) "
    r"(?:[a-z-]+ )?(?:stud(?:y|ies)|series|reports?|trials?|publications?|controls?|cohorts?|"
    r"data)\b|"
    r"\bet al\b|\bliterature\b|\b(?:has|have) been reported\b",
    re.IGNORECASE,
)
_IS_SUBJECT = re.compile(
    r"^ (?:was|were|is|are) (?:(?!in\b|among\b|with\b|for\b|after\b|at\b|by\b|to\b|who\b|not\b|"
    r"no\b|despite\b|observed\b|seen\b|reported\b)[a-z-]+ ){1,7}$"
)
_SHARE_OF = re.compile(
    r"\b(?:rates?|incidence|frequency|proportion|percentage|number) of "
    rf"(?:(?:the |all )?{PEOPLE} (?:with|who (?:had|achieved|reached|developed|experienced)|"
    r"achieving|having|reaching|experiencing|developing) (?:a |an )?)?$"
)
_EARLIER = re.compile(r"\b(?:prior|previous|history of)(?: [a-z-]+)? $")
_QUALIFIED = re.compile(
    r"\b(?:[a-z]+-(?:related|associated|induced|confirmed|negative|positive)|early|late|severe|"
    r"serious|fatal|mild|moderate|possible|suspected|unconfirmed|recurrent|persistent|prolonged|"
    r"transient) $"
)
_FOR = re.compile(r"\bfor (?:a |the )?$")
_ADVERBS = re.compile(r"^ (?:(?:[a-z]+ly|then|later|also|have|has|had|eventually) )+$")
_WITH_WHOM = re.compile(r"^ (?:with|in|who (?:had|developed|achieved)) [^,;]{2,40} $")
_IS = re.compile(r"^ ?(?:\([A-Za-z]{1,6}\) )?(?:was|were|:)")
_RATE_AMONG = re.compile(r"^ ?(?:rates?|probabilit\w+)? ?(?:in|among|of|for) (?:the )?$")
_NO_COUNT = {"n patients", "n verb", "n outcome"}
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
        if name.lower().startswith("no ") and name.endswith("s"):
            continue
        if _COMPOUND.match(text[last:]):
            continue
        of_whom = bool(_OF_WHOM.search(text[:first].lower()) or _WHOSE.match(text[last:].lower()))
        if _SHARE_OF.search(text[:first].lower()) and _IS.match(text[last:]):
            of_whom = False
        if _EARLIER.search(text[:first].lower()):
            of_whom = True
        found.append(Mention(start=first, end=last, outcome=key, of_whom=of_whom))
    return found


def meant(
    text: str,
    each: SentenceQuantity,
    near: Sequence[Mention],
    found: Sequence[SentenceQuantity],
    clause: tuple[int, int],
) -> tuple[str, str]:
    """Return the outcome that a quantity counts, or why none is taken."""
    start, end = clause
    if _OTHER_STUDY.search(text[start:end]):
        return "", "its clause speaks of another study"
    if each.rule in _NO_COUNT and (
        re.search(r"\b(?:the|these|those|our|all|median|mean) $", text[start : each.start].lower())
        or "median" in text[start:end].lower()
    ):
        return "", ""
    within = [one for one in near if each.start <= one.start and one.end <= each.end]
    if within and (each.total is None or each.rule == "n outcome"):
        return _checked(text, each, within[0], clause) if len(within) == 1 else ("", "")
    if each.set_apart:
        opened = opening_of(text, each)
        before = [mention for mention in near if mention.end <= opened]
        people = each.rule in _NO_COUNT and each.start - opened > 2
        if before and not people and _heads_brackets(text[before[-1].end : opened]):
            return _set_apart(text, before[-1], opened, clause)
        if each.rule == "n = ":
            return "", ""
        near = [mention for mention in near if mention.start > opened]
    linked: dict[str, Mention] = {}
    for mention in near:
        if _only_heads(text, mention, near):
            continue
        if not _claimed(text, mention, found, each) and _linked(text, each, mention, near, found):
            linked.setdefault(mention.outcome, mention)
    if len(linked) > 1:
        return "", f"may be {' or '.join(sorted(linked))}"
    if not linked:
        return "", "no outcome of the review is named beside it"
    return _checked(text, each, next(iter(linked.values())), clause)


def _only_heads(text: str, mention: Mention, near: Sequence[Mention]) -> bool:
    """Tell whether a name only heads another: "best overall response was complete response"."""
    following = re.match(
        r" (?:was|were|included|comprised|consisted of) (?:a |an )?", text[mention.end :]
    )
    return following is not None and any(
        other.start == mention.end + following.end() for other in near
    )


def _heads_brackets(between: str) -> bool:
    """Tell whether parentheses speak of a name: right behind it, or as the subject of "was"."""
    return len(between.split()) <= 2 or bool(_IS_SUBJECT.match(between))


def _set_apart(
    text: str, mention: Mention, opened: int, clause: tuple[int, int]
) -> tuple[str, str]:
    """Return the outcome that a quantity in parentheses behind its name counts."""
    if mention.of_whom or _NOT.search(words_before(text, mention.start, clause[0])):
        return "", "its clause denies something or speaks of an earlier time"
    if _JOINED_BEFORE.search(text[: mention.start]) or _JOINED.search(text[mention.end : opened]):
        return "", "it is named together with something else"
    narrowed = _NARROWED.match(text[mention.end : opened])
    if narrowed or _QUALIFIED.search(text[: mention.start].lower()):
        return "", "only a part of the outcome is meant"
    return mention.outcome, ""


def _linked(
    text: str,
    each: SentenceQuantity,
    mention: Mention,
    near: Sequence[Mention],
    found: Sequence[SentenceQuantity],
) -> bool:
    """Tell whether words link a quantity to a name, and nothing that counts stands between."""
    if mention.of_whom:
        return False
    first, last = min(each.end, mention.end), max(each.start, mention.start)
    if mention.start >= each.end:
        between = text[each.end : mention.start]
        fits_here = bool(_VERB.search(between.lower())) or not between.split()
        fits_here = fits_here or bool(_ADVERBS.match(between))
        if each.total is not None and text[mention.start : mention.end].endswith("ed"):
            fits_here = fits_here or bool(_WITH_WHOM.match(between))
        if _FOR.search(between.lower()):
            return False
    elif mention.end <= each.start:
        between = text[mention.end : each.start]
        fits_here = bool(_LINK.search(between.lower())) or not between.strip()
        if each.rule == "n patients" and _RATE_AMONG.match(between):
            rate = re.match(r" ?(?:rate|probab)", between)
            fits_here = fits_here and not rate and "among" not in between
    else:
        return False
    if not fits_here or len(between) > _FAR:
        return False
    if any(
        other is not each and other.rule != "%" and first <= other.start < last for other in found
    ):
        return False
    return not any(
        other.of_whom and first <= other.start < last and not _of_total(each, other)
        for other in near
    )


def _of_total(each: SentenceQuantity, other: Mention) -> bool:
    """Tell whether a name says whom the total counts: "eight of 12 patients with fever died"."""
    return each.total is not None and 0 <= other.start - each.end < 20


def _checked(
    text: str, each: SentenceQuantity, mention: Mention, clause: tuple[int, int]
) -> tuple[str, str]:
    """Return the outcome that is named, or why it is not the whole of it that is counted."""
    start, end = clause
    if _JOINED.search(text[mention.end : end]) or _JOINED_BEFORE.search(
        text[start : mention.start]
    ):
        return "", "it is named together with something else"
    if _NARROWED.match(text[mention.end :]) or _QUALIFIED.search(text[: mention.start].lower()):
        return "", "only a part of the outcome is meant"
    low, high = min(each.start, mention.start), max(each.end, mention.end)
    around = text[low:high].replace(text[mention.start : mention.end], " ")
    if each.events == 0 or each.rule.startswith("none"):
        around = around.replace(text[each.start : each.end], " ")
    if _NOT.search(around.lower()) or _NOT.search(words_before(text, low, start)):
        return "", "its clause denies something or speaks of an earlier time"
    return mention.outcome, ""


def _claimed(
    text: str, mention: Mention, found: Sequence[SentenceQuantity], each: SentenceQuantity
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
