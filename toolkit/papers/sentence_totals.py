"""What a count of a sentence is out of, where that stands, and whom it describes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from toolkit.papers.arithmetic import fits
from toolkit.papers.characters import tidy
from toolkit.papers.sentence_numbers import SentenceQuantity, printed
from toolkit.papers.sentence_text import NUMBER, PEOPLE, whole

_LEAD = re.compile(
    rf"^(?:overall, |in total, |however, )?(?:of|among|in|for|from) (?:the |these |those |all |"
    rf"our |remaining |other )*(?P<N>{NUMBER})(?P<whom>[^,;]{{0,120}}),",
    re.IGNORECASE,
)
_RESTRICTED = re.compile(
    rf"^(?:of|among|in|for|within) (?:the |these |those |our |patients|children|participants|"
    rf"responders|{NUMBER})|"
    r"\b(?:arm|group|subgroup|stratum|dose level)\b|\bcohort [a-z0-9]\b|\b(?:of these|of those|"
    r"of them|of whom|among them|among whom|the other|the remaining|in this subset)\b|"
    rf"\bof (?:the |our )?{PEOPLE} (?:who|whose|that|with|in|aged|receiving|treated)\b",
    re.IGNORECASE,
)
_PEOPLE = re.compile(rf"\b{PEOPLE}\b", re.IGNORECASE)
_OF_WHOM = re.compile(
    r"[,;:(-] ?(?:and )?(?:of (?:whom|which|these|them)|among (?:whom|these|them))\b|: ",
    re.IGNORECASE,
)
_COUNTS_PEOPLE = {"n patients", "n verb", "n (%)", "n of N", "n of N (%)", "n (%) of N", "n/N (%)"}
_EVERYBODY = {"whole", "entire", "study", "total", "overall", "full", "present", "our", "this"}
_GROUP = re.compile(
    r"\b(?:in|of|for|among|within) (?:the )?(?P<group>(?:(?!the\b|in\b|of\b|and\b)[\w+/-]+ ){1,4}?"
    r"(?:arms?|groups?|cohort|stratum)(?: [A-Z0-9]{1,2}\b)?|(?:arm|group|cohort|stratum) "
    r"[A-Z0-9]{1,2}\b)",
)
_EVALUABLE = re.compile(
    rf"(?:/| of (?:the )?|\b)(?P<N>{NUMBER}) (?P<whom>(?:[a-z-]+ )?{PEOPLE}|"
    r"(?:evaluable|assessable) [a-z]+|(?:was|were) (?:evaluable|assessable|available))\b",
    re.IGNORECASE,
)
_WITH = re.compile(
    rf"^(?: {PEOPLE})? ?(?:\([^()]*\) )?(?P<whom>(?:with|receiving|aged|treated with|who) "
    r"(?!(?:available|evaluable|measurable|data|follow)\b)[\w+/ <>=-]{2,40}?)"
    r"(?=,|;|\.|$| and\b| \(| (?:were|was|had|have|did|died|achieved|developed|responded)\b)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadTotal:
    """A number of patients that a sentence names before it counts among them."""

    number: int
    whom: str
    end: int


def lead_of(
    text: str, each: SentenceQuantity, found: Sequence[SentenceQuantity]
) -> LeadTotal | None:
    """Return whom a count is taken among: "Of 38 children, ...", "38 children, of whom ..."."""
    behind = each.rule == "n of whom"
    if behind or (cut := _last(_OF_WHOM, text[: each.start])):
        at = each.start if behind else cut.start()  # type: ignore[union-attr]
        before = [
            one
            for one in found
            if one.end <= at and one.rule in _COUNTS_PEOPLE and one.events and not one.set_apart
        ]
        plainly = behind or (cut is not None and not cut[0].startswith(":"))
        if before and (plainly or _is_evaluable(text[before[-1].start : at])):
            last = before[-1]
            whom = re.split(r"[,;:(]", text[last.end : at])[0]
            return LeadTotal(number=last.events or 0, whom=tidy(whom), end=at)
    lead = _LEAD.match(text)
    if lead is None or each.start < lead.end("N"):
        return None
    number = whole(lead["N"])
    return LeadTotal(number=number, whom=tidy(lead["whom"]), end=lead.end()) if number else None


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Return the last place where a pattern stands."""
    hits = list(pattern.finditer(text))
    return hits[-1] if hits else None


def _is_evaluable(text: str) -> bool:
    """Tell whether words before a colon say who was looked at."""
    return bool(re.search(r"\b(?:evaluable|assessable|assessed|available)\b", text))


def leads(text: str, each: SentenceQuantity) -> bool:
    """Tell whether a number opens a sentence as the patients it speaks of."""
    lead = _LEAD.match(text)
    return lead is not None and each.end <= lead.end()


def total_of(
    text: str,
    each: SentenceQuantity,
    clause: tuple[int, int],
    found: Sequence[SentenceQuantity],
    cohort: frozenset[int],
) -> tuple[int | None, str, str]:
    """Return what a count is out of, where that stands, and whom it describes."""
    group = group_of(text, clause)
    if each.total is not None:
        if not group and each.total not in cohort and (behind := _WITH.match(text[each.end :])):
            group = tidy(f"patients {behind['whom']}")
        return each.total, "cell", group
    lead = lead_of(text, each, found)
    if lead is not None:
        if not _PEOPLE.search(lead.whom) and not _PEOPLE.search(text[: lead.end]):
            return None, "", ""
        if not each.percent or each.events is None or fits(each.events, lead.number, each.percent):
            whom = group or ("" if lead.number in cohort else f"{lead.number} {lead.whom}".strip())
            return lead.number, "sentence", whom
    if len(cohort) != 1:
        return None, "", ""
    number = next(iter(cohort))
    if each.percent and each.events is not None:
        own = [one.total for one in found if one.total is not None and one.end <= each.start]
        if own and own[-1] not in cohort and fits(each.events, own[-1], each.percent):
            return own[-1], "sentence", group or f"{own[-1]} patients"
        return number, "text", group
    others = {one.total for one in found if one.total is not None}
    free = not _RESTRICTED.search(text[: each.start]) and not _RESTRICTED.search(
        text[clause[0] : clause[1]]
    )
    known = each.rule in {"n patients", "n verb", "n outcome", "n in turn", "none", "all"}
    few = each.rule in {"none", "all"} or (each.events or 0) < number
    if free and few and known and not group and others <= {number}:
        return number, "text", ""
    return None, "", ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedTotal:
    """A number of patients that a sentence names, and who they are in its words."""

    number: int
    whom: str


def named_totals(text: str) -> list[NamedTotal]:
    """Return the numbers of patients that a sentence counts among, in order."""
    found = []
    if lead := _LEAD.match(text):
        found.append(NamedTotal(number=whole(lead["N"]) or 0, whom=tidy(lead["whom"])))
    for hit in _EVALUABLE.finditer(text):
        found.append(NamedTotal(number=whole(hit["N"]) or 0, whom=tidy(hit["whom"])))
    known = {one.number for one in found}
    found += [
        NamedTotal(number=one.total, whom="")
        for one in printed(text)
        if one.total is not None and one.total not in known
    ]
    return found


def total_that_fits(
    each: SentenceQuantity, found: Sequence[SentenceQuantity], named: Sequence[NamedTotal]
) -> tuple[int | None, str, str]:
    """Return the one total named nearby whose share a printed percentage is, if there is one."""
    near = [NamedTotal(number=one.total, whom="") for one in found if one.total is not None]
    fitting = {
        one.number: one.whom
        for one in (*named, *near)
        if fits(each.events or 0, one.number, each.percent)
    }
    if len(fitting) != 1:
        return None, "", ""
    ((number, whom),) = fitting.items()
    return number, "sentence", f"{number} {whom or 'patients'}"


def group_of(text: str, clause: tuple[int, int]) -> str:
    """Return the arm or group that a clause speaks of; empty for everybody.

    Examples
    --------
    >>> group_of("It was seen in 8 of 20 patients in the placebo arm", (0, 50))
    'placebo arm'
    """
    hits = [hit["group"] for hit in _GROUP.finditer(text[clause[0] : clause[1]])]
    named = [hit for hit in hits if not set(hit.lower().split()) & _EVERYBODY]
    if not hits and (opened := _GROUP.match(f"{text[:1].lower()}{text[1:60]}")):
        return opened["group"] if text[opened.end() : opened.end() + 1] == "," else ""
    return named[0] if len(set(named)) == 1 else ""
