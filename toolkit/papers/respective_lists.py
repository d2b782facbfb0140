"""Names and counts that a sentence lists one after the other: "A and B in 12 and 6 patients"."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from toolkit.papers.mentions import Mention
from toolkit.papers.phrases import grade_of, grade_spans
from toolkit.papers.sentence_numbers import SentenceQuantity, without_measures
from toolkit.papers.sentence_text import NUMBER, PEOPLE, whole

RESPECTIVELY = re.compile(r"\brespectively\b|\bin (?:that|this) order\b", re.IGNORECASE)
_BARE = re.compile(
    rf"(?P<list>{NUMBER}(?:, {NUMBER})*,? and {NUMBER})"
    rf"(?: (?:out )?of (?:the |all |these )?(?P<N>{NUMBER}))?(?P<people> {PEOPLE})?",
    re.IGNORECASE,
)
_NEXT = re.compile(rf"^(?: {PEOPLE})?(?:,? and|,) (?:in )?$", re.IGNORECASE)
_COUNTS = {"n (%)", "n (%) of N", "n of N (%)", "n of N", "n/N (%)", "n/N"}
_ITEM = re.compile(r",? and |, (?:or )?| or ")
_FIRST_VERB = re.compile(
    r"\b(?:were|was|occurred|developed|had|appeared|reached|achieved|in|rates?|seen|observed)\b",
    re.IGNORECASE,
)
_BEGUN = re.compile(r"(?:,|\band|\bor)(?: (?:the|a|an))? $|[\w)] $", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class InTurn:
    """A quantity of a list with the outcome that stands at its place in the list of names."""

    quantity: SentenceQuantity
    outcome: str
    grade: str


def in_turn(
    text: str, found: Sequence[SentenceQuantity], mentions: Sequence[Mention]
) -> Iterator[InTurn]:
    """Yield the quantities of a sentence with "respectively" whose names can be told.

    As many names as quantities must be listed. What is listed beside them under another name keeps
    its place, so that nothing moves up.
    """
    said = RESPECTIVELY.search(text)
    if said is None:
        return
    for run in _runs(text, found, said.start()):
        names = _names(text, run, mentions, said.start())
        if len(names) != len(run):
            continue
        lead = grade_of(text[: names[0][1]])
        spans = grade_spans(text[: names[0][1]])
        totals = {each.total for each in run if each.total is not None}
        for each, (start, end) in zip(run, names, strict=True):
            inside = [one for one in mentions if start <= one.start and one.end <= end]
            if len({one.outcome for one in inside}) != 1 or not _is_all(text, start, end, inside):
                continue
            if each.total is None and len(totals) == 1:
                each = replace(each, total=next(iter(totals)))
            grade = grade_of(text[start:end]) or (lead if spans else "")
            yield InTurn(quantity=each, outcome=inside[0].outcome, grade=grade)


def bare_lists(text: str) -> Iterator[SentenceQuantity]:
    """Yield the whole numbers of lists of patients: "12, 6 and 10 patients, respectively"."""
    if RESPECTIVELY.search(text) is None:
        return
    for hit in _BARE.finditer(without_measures(text)):
        if not hit["people"] and not hit["N"]:
            continue
        total = whole(hit["N"]) if hit["N"] else None
        for number in re.finditer(NUMBER, hit["list"], re.IGNORECASE):
            start = hit.start("list") + number.start()
            yield SentenceQuantity(
                rule="n in turn",
                start=start,
                end=start + len(number[0]),
                events=whole(number[0]),
                total=total,
            )


def beside_another(text: str, each: SentenceQuantity, found: Sequence[SentenceQuantity]) -> bool:
    """Tell whether counts stand side by side with no name between: "in 8 (20%) and 12 (30%)"."""
    if each.rule not in _COUNTS or each.set_apart:
        return False
    pairs = [
        (one, other)
        for one, other in itertools.pairwise(found)
        if one.rule in _COUNTS and other.rule in _COUNTS and not other.set_apart
    ]
    return any(
        each in pair
        and _NEXT.match(text[pair[0].end : pair[1].start])
        and not _opens(text, pair[0])
        for pair in pairs
    )


def _opens(text: str, each: SentenceQuantity) -> bool:
    """Tell whether a count opens the sentence as those it speaks of: "In 40 patients, 12 ..."."""
    return bool(
        re.match(r"(?:of|in|among|for|from|overall,?)\b", text[: each.start], re.IGNORECASE)
    )


def _runs(
    text: str, found: Sequence[SentenceQuantity], until: int
) -> Iterator[list[SentenceQuantity]]:
    """Yield the quantities that stand in a row, two or more, before "respectively"."""
    run: list[SentenceQuantity] = []
    for each in [one for one in found if one.end <= until]:
        if run and not _NEXT.match(text[run[-1].end : each.start]):
            if len(run) > 1:
                yield run
            run = []
        run.append(each)
    if len(run) > 1:
        yield run


def _names(
    text: str, run: Sequence[SentenceQuantity], mentions: Sequence[Mention], until: int
) -> list[tuple[int, int]]:
    """Return where the items of the list of names stand: before the quantities, or behind them."""
    first, last = run[0].start, run[-1].end
    opened = max((text.rfind(sign, 0, first) for sign in ";:"), default=-1) + 1
    before = [one for one in mentions if opened <= one.start and one.end <= first]
    after = [one for one in mentions if last <= one.start and one.end <= until]
    if before:
        start = before[0].start
        verb = _FIRST_VERB.search(text, before[-1].end, first)
        end = verb.start() if verb else first
        if re.search(r"(?:,|\band|\bor) $", text[opened:start]):
            return []
    elif after:
        start, end = after[0].start, until
        if re.search(r"(?:,|\band|\bor) $", text[last:start]):
            return []
    else:
        return []
    return list(_items(text, start, end))


def _items(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the places of the items of a list."""
    at = start
    for cut in _ITEM.finditer(text, start, end):
        if text.count("(", start, cut.start()) == text.count(")", start, cut.start()):
            if cut.start() > at:
                yield at, cut.start()
            at = cut.end()
    if text[at:end].strip(" ,"):
        yield at, end


def _is_all(text: str, start: int, end: int, inside: Sequence[Mention]) -> bool:
    """Tell whether an item says nothing but the name of an outcome, its short form and a grade."""
    rest = text[start:end]
    for one in reversed(inside):
        rest = rest[: one.start - start] + rest[one.end - start :]
    for first, last in reversed(grade_spans(rest)):
        rest = rest[:first] + rest[last:]
    words = re.findall(r"[a-z0-9]+", re.sub(r"\([^()]*\)", "", rest.lower()))
    return set(words) <= {"a", "an", "the", "rate", "rates", "of", "with"}
