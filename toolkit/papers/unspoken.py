"""Counts whose verb or whose name a sentence leaves out because it stands before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from toolkit.papers.mentions import Mention
from toolkit.papers.proposal import Drafted
from toolkit.papers.sentence_numbers import (
    SentenceQuantity,
    is_of_people,
    without_measures,
)
from toolkit.papers.sentence_text import NUMBER, whole

_COUNT_BEFORE = re.compile(rf"(?P<n>{NUMBER}) (?:a |an |had |with )?$", re.IGNORECASE)
_COUNT_BEHIND = re.compile(
    rf"^(?: (?:occurred|developed|was|were|seen|observed|reported|noted|found)){{0,3}} in "
    rf"(?P<n>{NUMBER})(?= ?[,;.]| and\b|$)",
    re.IGNORECASE,
)
_ANOTHER_MATTER = re.compile(
    r"\b(?:discontinu\w*|withdr\w+|stopped|reasons?|causes?|because|due to|owing to|prior|history|"
    r"baseline|excluded)\b",
    re.IGNORECASE,
)
_SAYS_PEOPLE = {"n patients", "n verb", "n (%)", "n of N", "n of N (%)", "n/N (%)"}
_VERSUS = re.compile(
    r"^[^.;]{0,60}?(?:, |\b(?:and|versus|vs\.?|compared (?:with|to)|but|against|than) )"
    r"(?:only |in )?$"
)
_IN_GROUP = re.compile(
    r"^ ?(?:patients )?(?:in|of|for|with|on|receiving|treated with) (?:the |those )?[\w+/ -]{2,40}"
)


def beside_names(
    text: str, found: Sequence[SentenceQuantity], mentions: Sequence[Mention]
) -> Iterator[SentenceQuantity]:
    """Yield bare numbers right beside names where the sentence says elsewhere that they are people.

    "Twelve patients had nausea and ten vomiting"; "five relapsed"; "18 of 40, including 12 CR and 6
    PR", where the parts must add up to the whole.
    """
    if _ANOTHER_MATTER.search(text):
        return
    read = without_measures(text)
    people = [each for each in found if each.rule in _SAYS_PEOPLE]
    beside = list(_beside(read, mentions))
    verbs = [one for one in beside if text[one[1] : one[2]].lower().endswith("ed")]
    if not people and not verbs:
        return
    parts = [one for one in beside if one not in verbs]
    whole_of = [each for each in people if each.total is not None and each.end <= _first(parts)]
    adds_up = bool(whole_of) and sum(one[3] for one in parts) == whole_of[-1].events
    verb_said = any(each.rule in {"n patients", "n verb", "n (%)"} for each in people)
    for start, _name, end, events in beside:
        is_verb = (start, _name, end, events) in verbs
        after = bool(people) and (start > people[0].start or start > _name)
        if is_verb or adds_up or (verb_said and not whole_of and after):
            yield SentenceQuantity(
                rule="n outcome",
                start=start,
                end=end,
                events=events,
                total=whole_of[-1].total if adds_up and not is_verb else None,
            )


def _first(parts: Sequence[tuple[int, int, int, int]]) -> int:
    """Return where the first part stands."""
    return min((part[0] for part in parts), default=0)


def _beside(read: str, mentions: Sequence[Mention]) -> Iterator[tuple[int, int, int, int]]:
    """Yield numbers right before or behind names: start, the name's start and end, and count."""
    for one in mentions:
        if one.of_whom:
            continue
        before = _COUNT_BEFORE.search(read[: one.start])
        if before and is_of_people(read, before.start("n"), before.end("n")):
            events = whole(before["n"])
            if events is not None:
                yield before.start("n"), one.start, one.end, events
            continue
        behind = _COUNT_BEHIND.match(read[one.end :])
        if behind and (events := whole(behind["n"])) is not None:
            yield one.end + behind.start("n"), one.start, one.end + behind.end("n"), events


def same_as_before(
    text: str, before: Drafted, each: SentenceQuantity, near: Sequence[Mention]
) -> bool:
    """Tell whether a count repeats the outcome before it for another group, which it names."""
    if each.total is None or near or before.quantity.total is None or not before.outcome:
        return False
    at = text.find(before.quantity.as_printed)
    if at < 0:
        return False
    between = text[at + len(before.quantity.as_printed) : each.start].lstrip(")] ")
    opened = between.rstrip("([ ") + " "
    if re.search(r"(?<![\w-])[0-9]", between):
        return False
    return bool(_VERSUS.match(opened) and _IN_GROUP.match(text[each.end :]))
