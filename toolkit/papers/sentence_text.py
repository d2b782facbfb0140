"""A sentence as rules read it: its words folded, each with its place in the printed text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from toolkit.papers.characters import fold, plain
from toolkit.papers.quantity import number_in_words

_WORDS = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    "sixteen|seventeen|eighteen|nineteen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
    "(?:-(?:one|two|three|four|five|six|seven|eight|nine))?"
)
NUMBER = (
    r"(?:(?<![\w.,/-])[0-9]{1,3}(?:,[0-9]{3})+|(?<![\w.,/-])[0-9]+(?![\w]|[.,][0-9]| ?%)"
    rf"|\b(?:{_WORDS})\b(?!-))"
)
PEOPLE = (
    r"(?:patients?|pts|children|participants?|subjects?|adults?|adolescents?|cases|individuals|responders?|"
    r"men|women|boys|girls|evaluable|treated|of them)"
)
_WORD = re.compile(r"[^\W_]+|>=|<=|[<>]")


@dataclass(frozen=True, slots=True)
class Folded:
    """Words of a sentence as they are compared, and where each stands in the plain text."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the plain text of a stretch of the folded one."""
        first = self.text[:start].count(" ")
        last = self.text[:end].count(" ")
        return self.starts[first], self.ends[last]


def folded(text: str) -> Folded:
    """Return a plain text folded word by word."""
    words, starts, ends = [], [], []
    for found in _WORD.finditer(text):
        for word in fold(found[0]).split():
            words.append(word)
            starts.append(found.start())
            ends.append(found.end())
    return Folded(" ".join(words), tuple(starts), tuple(ends))


def whole(text: str) -> int | None:
    """Return a number printed in digits or in words."""
    digits = text.replace(",", "")
    return int(digits) if digits.isdigit() else number_in_words(text)


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
_SOME = r"(?: (?!and\b|or\b|of\b|in\b|with\b|had\b|[a-z]+(?:ed|ing)\b)[a-z/-]+){0,3}?"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (rule, re.compile(pattern, re.IGNORECASE))
    for rule, pattern in (
        (
            "n/N (%)",
            rf"(?<![\w.])(?P<n>[0-9]+) ?/ ?(?P<N>[0-9]+)(?: [a-z]+){{0,3}}[,;:]? ?[(\[]?(?:= "
            rf"?)?{_P} ?%[^)\]]{{0,40}}[)\]]?",
        ),
        (
            "n/N (%)",
            rf"{_P} ?%[,;:]? ?[(\[](?:n ?= ?)?(?P<n>[0-9]+) ?(?:/|(?:out )?of) "
            rf"?{_THE}(?P<N>[0-9]+)[^)\]]{{0,40}}[)\]]",
        ),
        (
            "n of N (%)",
            rf"{_N}{_SOME} (?:out )?of {_THE}{_T}(?: [a-z/-]+){{0,4}}? ?[(\[]{_P} "
            rf"?%[^)\]]{{0,40}}[)\]]",
        ),
        ("n (%) of N", rf"{_N}{_SOME} ?[(\[]{_P} ?%[)\]] (?:out )?of {_THE}{_T}(?: {PEOPLE})?"),
        (
            "n (%)",
            rf"{_N}(?: (?!and\b|or\b|of\b|in\b|with\b|had\b|[a-z]+(?:ed|"
            rf"ing)\b)[a-z/-]+){{0,4}}? ?[(\[]{_P} ?%(?![^)\]]*\bCI\b)[^)\]]{{0,25}}[)\]]",
        ),
        ("n (%)", rf"[(\[]n ?= ?(?P<n>[0-9]+)[,;] ?{_P} ?%[)\]]"),
        ("% (n)", rf"{_P} ?% ?[(\[](?:n ?= ?)?(?P<n>[0-9]+)(?: {PEOPLE})?[)\]]"),
        ("n of N", rf"{_N}{_SOME} (?:out )?of {_THE}{_T}(?![0-9]|[.,][0-9]| ?%)(?: {PEOPLE})?"),
        ("n/N", r"(?<![\w./-])(?P<n>[0-9]+)/(?P<N>[0-9]+)(?![\w/]|[.,-][0-9])"),
        ("n = ", r"[(\[][nN] ?= ?(?P<n>[0-9]+)[)\]]"),
        (
            "%",
            rf"(?<![\w.])(?<![0-9]-){_P} ?%(?! ?(?:CI|confidence|credible)| ?- ?[0-9])(?!-[0-9])",
        ),
        (
            "n patients",
            rf"{_N} (?:(?:other|additional|further|more|of the|of these|of them) ?)?{PEOPLE}\b",
        ),
        (
            "n verb",
            rf"{_N} (?=(?:had|achieved|attained|reached|developed|experienced|showed|died|"
            rf"underwent|proceeded|were|was)\b)",
        ),
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
    r"stud\w+|trials?|courses?|doses?|grades?|x|\u00d7|points?|hospitals?|sites?|institutions?|events?|episodes?)\b",
    re.IGNORECASE,
)


def printed(text: str) -> list[SentenceQuantity]:
    """Return the quantities of a sentence in order; what one rule has read no other reads again."""
    found: list[SentenceQuantity] = []
    for rule, pattern in _PATTERNS:
        for hit in pattern.finditer(text):
            if any(each.start < hit.end() and hit.start() < each.end for each in found):
                continue
            parts = hit.groupdict()
            if parts.get("n") and not parts.get("N") and _NOT_PEOPLE.search(text[: hit.start("n")]):
                continue
            if parts.get("n") and _MEASURED.match(text[hit.end("n") :]):
                continue
            events = whole(parts["n"]) if parts.get("n") else None
            total = whole(parts["N"]) if parts.get("N") else None
            if events is not None and total is not None and events > total and rule == "n of N":
                continue
            found.append(
                SentenceQuantity(
                    rule=rule,
                    start=hit.start(),
                    end=hit.end(),
                    events=events,
                    total=total,
                    percent=parts.get("p") or "",
                    set_apart=_set_apart(text, hit.start()),
                )
            )
    return _joined(sorted(found, key=lambda each: each.start), text)


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


def text_of(sentence: str) -> str:
    """Return a sentence in plain characters, marks of literature left out."""
    raised = re.sub(r"[\u00b9\u00b2\u00b3\u2070\u2074-\u2079\u207b]+", "", sentence)
    return re.sub(r" ?\[[0-9 ,-]+\]", "", plain(raised))
