"""The quantities that a sentence prints: counts, shares, and what each is out of."""

from __future__ import annotations

import re
from dataclasses import dataclass

from toolkit.papers.phrases import grade_spans
from toolkit.papers.sentence_text import NUMBER, PEOPLE, whole


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceQuantity:
    """A quantity in a sentence.

    Attributes
    ----------
    rule : str
        Name of the rule that read it.
    start, end : int
        Its place in the plain text.
    events, total : int or None
        The count, and what it is out of.
    percent : str
        Percentage as printed, with a decimal point.
    set_apart : bool
        Whether it stands in parentheses, behind what it belongs to.
    """

    rule: str
    start: int
    end: int
    events: int | None = None
    total: int | None = None
    percent: str = ""
    set_apart: bool = False


_P = r"(?P<p>(?<![0-9.,])[<>]?[0-9]{1,3}(?:\.[0-9]+)?)"
_N = rf"(?P<n>{NUMBER})"
_T = rf"(?P<N>{NUMBER})"
_THE = r"(?:the |these |those |our |all |a total of |only )*"
_OPEN, _CLOSE = r"[(\[]", r"[)\]]"
_REST = r"[^()\[\]]{0,60}"
_STOP = r"(?!and\b|or\b|of\b|in\b|with\b|had\b|vs\b|versus\b|[a-z]+(?:ed|ing)\b)"
_SOME = rf"(?: {_STOP}[a-z/-]+){{0,3}}?"
_OF = r"(?:/|(?:out )?of)"
_COUNTS = (
    r"had|achieved|attained|reached|obtained|developed|experienced|showed|died|underwent|"
    r"proceeded|received|relapsed|responded|progressed|suffered|reported|presented|were|was"
)
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (rule, re.compile(pattern, re.IGNORECASE))
    for rule, pattern in (
        (
            "n/N (%)",
            rf"(?<![\w.])(?P<n>[0-9]+) ?/ ?(?P<N>[0-9]+)(?: [a-z]+){{0,3}}[,;:]? ?{_OPEN}?(?:= "
            rf"?)?{_P} ?%[^)\]]{{0,40}}{_CLOSE}?",
        ),
        (
            "n/N (%)",
            rf"{_P} ?%[,;:]? ?{_OPEN}[~,;: ]*(?:n ?= ?)?(?P<n>[0-9]+) ?{_OF} "
            rf"?{_THE}(?P<N>[0-9]+){_REST}{_CLOSE}",
        ),
        (
            "n of N (%)",
            rf"{_N}{_SOME} (?:out )?of {_THE}{_T}(?: [a-z/-]+){{0,4}}?,? ?{_OPEN}(?:~+[,;]? )?{_P} "
            rf"?%{_REST}{_CLOSE}",
        ),
        (
            "n (%) of N",
            rf"{_N}{_SOME},? ?{_OPEN}{_P} ?%{_REST}{_CLOSE} (?:out )?of {_THE}{_T}(?: {PEOPLE})?",
        ),
        (
            "n of whom",
            rf"{_N} of (?:whom|which|these|them)\b(?: ?{_OPEN}{_P} ?%{_REST}{_CLOSE})?",
        ),
        (
            "n (%)",
            rf"(?:\bn ?= ?)?{_N}(?: {_STOP}[a-z/-]+){{0,4}}? ?"
            rf"{_OPEN}(?:n ?= ?)?{_P} ?%{_REST}{_CLOSE}",
        ),
        ("n (%)", rf"{_OPEN}(?:n ?= ?)?{_N}(?: {PEOPLE})?[,;] ?{_P} ?%{_REST}{_CLOSE}"),
        ("% (n)", rf"{_OPEN}{_P} ?%[,;] ?(?:n ?= ?)?{_N}(?: {PEOPLE})?{_CLOSE}"),
        ("% (n)", rf"{_P} ?%[,;]? ?{_OPEN}~+[,;] ?(?:n ?= ?)?{_N}(?: {PEOPLE})?{_CLOSE}"),
        ("% (n)", rf"{_P} ?% ?{_OPEN}(?:n ?= ?)?(?P<n>[0-9]+)(?: {PEOPLE})?{_CLOSE}"),
        (
            "% (n)",
            rf"{_P} ?% of {_THE}{PEOPLE} ?{_OPEN}(?:n ?= ?)?(?P<n>[0-9]+)(?: {PEOPLE})?{_CLOSE}",
        ),
        ("% of N", rf"{_P} ?% of {_THE}{_T}(?: [a-z-]+){{0,2}}? {PEOPLE}\b"),
        ("n of N", rf"{_N}{_SOME} (?:out )?of {_THE}{_T}(?![0-9]|[.,][0-9]| ?%)(?: {PEOPLE})?"),
        ("none of N", rf"\b(?P<none>none) of {_THE}{_T}(?: [a-z-]+){{0,2}}? ?{PEOPLE}?\b"),
        ("n/N", r"(?<![\w./-])(?P<n>[0-9]+)/(?P<N>[0-9]+)(?![\w/]|[.,-][0-9])"),
        ("n = ", rf"{_OPEN}[nN] ?= ?(?P<n>[0-9]+){_CLOSE}"),
        (
            "%",
            rf"(?<![\w.])(?<![0-9]-){_P} ?%(?! ?(?:CI|confidence|credible)| ?- ?[0-9])(?!-[0-9])",
        ),
        (
            "all N",
            r"\b(?:all|each|every one) (?:of )?(?:the |these |our )?"
            rf"(?P<all>{NUMBER})(?: [a-z-]+)? {PEOPLE}\b",
        ),
        ("all", rf"\b(?P<all>all) (?:of )?(?:the |our )?{PEOPLE}\b"),
        (
            "none",
            rf"\b(?P<none>none of {_THE}{PEOPLE}|no (?:single )?(?:patients?|child|children|"
            rf"participants?|subjects?)|none(?= (?:{_COUNTS})))\b",
        ),
        (
            "n patients",
            rf"{_N} (?:(?:other|additional|further|more|of the|of these|of them) ?)?{PEOPLE}\b",
        ),
        ("n verb", rf"{_N} (?=(?:{_COUNTS})\b)"),
    )
)
_NOT_PEOPLE = re.compile(
    r"(?:patients?|pts?|table|figure|fig\.?|cycle|day|grade|week|month|year|cohort|arm|level|phase|no\.?|version|"
    r"case|stage|line|dose|type|course)s? \(?$",
    re.IGNORECASE,
)
_MEASURED = re.compile(
    r"^ ?-?(?:years?|months?|days?|weeks?|hours?|cycles?|mg|ml|kg|g|times|fold|lines?|"
    r"cent(?:er|re)s?|countr\w+|"
    r"stud\w+|trials?|courses?|doses?|grades?|x|\u00d7|points?|hospitals?|sites?|institutions?|events?|episodes?|"
    r"occurrences?|infections?|regimens?|percent|per cent)\b",
    re.IGNORECASE,
)
_EVENTS = re.compile(
    r"\b(?:episodes?|events?|occurrences?|courses?|cycles?|infusions?|doses?|samples?)\b",
    re.IGNORECASE,
)
_WITHOUT_COUNTS = re.compile(
    r"\b(?:[89][059](?:\.[0-9])? ?% ?)?"
    r"(?:CI|CrI|confidence intervals?|credible intervals?)\b[\]:,=]{0,2} ?"
    r"[(\[]?-?[0-9]+(?:\.[0-9]+)? ?%? ?(?:-|to|,|and|;) ?-?[0-9]+(?:\.[0-9]+)? ?%?"
    r"|\b(?:range|IQR|interquartile range)[,:]? (?:of )?[0-9.]+ ?(?:-|to) ?[0-9.]+"
    r"|\bp ?[=<>] ?[0-9.]+",
    re.IGNORECASE,
)
_RESTRICTS = re.compile(r"^ (?:with|who|whose|in|of|aged|without|that|receiving|treated)\b")


def without_measures(text: str) -> str:
    """Return a sentence of the same length in which grades, intervals and p values are ``~``.

    Examples
    --------
    >>> without_measures("Grade 3/4 fever in 3 (30%, 95% CI 7-65)")
    '~~~~~~~~~ fever in 3 (30%, ~~~~~~~~~~~)'
    """
    for start, end in (*grade_spans(text), *(hit.span() for hit in _WITHOUT_COUNTS.finditer(text))):
        text = text[:start] + "~" * (end - start) + text[end:]
    return text


def printed(text: str) -> list[SentenceQuantity]:
    """Return the quantities of a sentence in order; what one rule has read no other reads again."""
    read = without_measures(text)
    found: list[SentenceQuantity] = []
    for rule, pattern in _PATTERNS:
        for hit in pattern.finditer(read):
            if any(each.start < hit.end() and hit.start() < each.end for each in found):
                continue
            if (quantity := _quantity(rule, hit, read)) is not None:
                found.append(quantity)
    return _joined(sorted(found, key=lambda each: each.start), text)


def _quantity(rule: str, hit: re.Match[str], text: str) -> SentenceQuantity | None:
    """Return what one rule read; None where it is no number of patients."""
    parts = {name: part for name, part in hit.groupdict().items() if part}
    start = hit.start()
    if "n" in parts:
        if "N" not in parts and _NOT_PEOPLE.search(text[: hit.start("n")]):
            return None
        if rule == "n patients" and re.search(r"\bamong (?:the )?$", text[:start].lower()):
            return None
        if _MEASURED.match(text[hit.end("n") :]) or _EVENTS.search(hit[0]):
            return None
    events = whole(parts["n"]) if "n" in parts else None
    total = whole(parts["N"]) if "N" in parts else None
    if "none" in parts or "all" in parts:
        if _RESTRICTS.match(text[hit.end() :]):
            return None
        events = 0 if "none" in parts else whole(parts["all"])
        total = total if "none" in parts else events
    if events is not None and total is not None and events > total and rule == "n of N":
        return None
    return SentenceQuantity(
        rule=rule,
        start=start,
        end=hit.end(),
        events=events,
        total=total,
        percent=parts.get("p", ""),
        set_apart=_set_apart(text, start),
    )


def is_of_people(text: str, start: int, end: int) -> bool:
    """Tell whether a bare number may count people: no cycle, year, dose, range or table."""
    if _NOT_PEOPLE.search(text[:start]) or _MEASURED.match(text[end:]):
        return False
    return not re.search(r"(?:[0-9]|\bto|-) ?$", text[:start])


def _set_apart(text: str, start: int) -> bool:
    """Tell whether a place lies within parentheses."""
    before = text[: start + 1]
    return before.count("(") + before.count("[") > before.count(")") + before.count("]")


def _joined(found: list[SentenceQuantity], text: str) -> list[SentenceQuantity]:
    """Return quantities with a percentage and the count of it behind as one."""
    joined: list[SentenceQuantity] = []
    for each in found:
        last = joined[-1] if joined else None
        between = text[last.end : each.start] if last else ""
        if (
            last is not None
            and last.rule == "%"
            and each.rule in {"n/N", "n of N"}
            and len(between) < 40
            and not re.search(r"[;,.]", between)
        ):
            joined[-1] = SentenceQuantity(
                rule="% ... n/N",
                start=last.start,
                end=each.end + (text[each.end : each.end + 1] in {")", "]"}),
                events=each.events,
                total=each.total,
                percent=last.percent,
                set_apart=last.set_apart,
            )
        else:
            joined.append(each)
    return joined
