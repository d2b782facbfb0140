"""Medians that sentences give, with range, quartiles or interval, and of what and whom they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.papers.characters import fold, plain
from toolkit.papers.document import Document, Sentence
from toolkit.papers.sentence_numbers import printed
from toolkit.papers.sentence_text import text_of, whole

_VALUE = (
    r"(?P<v>[0-9]+(?:\.[0-9]+)?|\b(?:one|two|three|four|five|six|seven|eight|nine|ten)\b)"
    r"(?: (?P<noun>(?:consecutive )?(?:[a-z/]+ )?cycles?|courses?|lines?))?[ "
    r"-]?(?P<unit>years?|months?|days?|weeks?)?"
    r"(?: [a-z/ ]{0,60}?)?(?: ?\((?P<spread>[^()]*(?:range|IQR|interquartile|CI)[^()]*)\))?"
)
_WAS = re.compile(
    rf"\bmedian (?P<subject>[^.;:()]{{3,110}}?(?: \([A-Z]{{2,5}}\))?[^.;:()]{{0,90}}?) (?:was|"
    rf"were|is|of) {_VALUE}",
    re.IGNORECASE,
)
_FOR = re.compile(
    rf"(?P<subject>[^.;:()]{{0,70}}?)\b(?:a|with a|of a) median (?:of |follow-up (?:duration "
    rf")?of ){_VALUE}",
    re.IGNORECASE,
)
_SURVIVAL = re.compile(r"\b((?:[a-z]+-free|overall|[a-z]+) survival)\b", re.IGNORECASE)
_RESPONDERS = re.compile(
    r"\brespon(?:ding|ders)\b|\bwho (?:responded|achieved|attained|reached)\b", re.IGNORECASE
)
_EVERYBODY = re.compile(
    r"\b(?:whole|entire|all|our|the) (?:cohort|patients|study|population|series)\b|^the cohort",
    re.IGNORECASE,
)
_PASSED = re.compile(
    r"introduction|background|discussion|conclusion|references|methods|statistic", re.IGNORECASE
)
_RANGE = r"(-?[0-9]+(?:\.[0-9]+)?)(?: [a-z]+)? ?(?:-|to) ?(-?[0-9]+(?:\.[0-9]+)?)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Median:
    """A median of the text.

    Attributes
    ----------
    quantity : str
        Key of what it is a median of.
    of : str
        Whom it describes, in words; empty for everybody.
    value, unit : str
        As printed.
    spread : tuple of pairs
        Kind and ends (``low..high``) of what is printed with it.
    """

    quantity: str
    of: str
    value: str
    unit: str
    spread: tuple[tuple[str, str], ...]
    where: str
    as_printed: str


def concept(text: str, acronyms: dict[str, str] | None = None) -> str:
    """Return the key of what a median is of, where texts and tables name it alike; else nothing.

    Examples
    --------
    >>> concept("Age at diagnosis, years"), concept("Duration of follow up in months")
    ('age-at-diagnosis', 'follow-up')
    >>> concept("progression-free survival in responders")
    'progression-free-survival'
    """
    words = plain(text)
    if re.search(r"\bfollow(?:ed|[ -]?up)\b", words, re.IGNORECASE):
        return "follow-up"
    if survival := _SURVIVAL.search(words):
        return "-".join(re.findall(r"[a-z]+", survival[1].lower()))
    for short, long in (acronyms or {}).items():
        if re.search(rf"\b{short}\b", words):
            return long
    if re.search(r"\bages?\b", words, re.IGNORECASE):
        if re.search(r"diagnos", words, re.IGNORECASE):
            return "age-at-diagnosis"
        if re.search(
            r"treatment|initiation|start|therapy|enrol|inclusion|entry", words, re.IGNORECASE
        ):
            return "age-at-start"
        return "age"
    return ""


def medians(document: Document) -> Iterator[Median]:
    """Yield the medians of abstract and results whose subject is known by its words."""
    acronyms = _acronyms(document)
    for sentence in document.sentences:
        if not any(_PASSED.match(part) for part in sentence.section):
            yield from _of_sentence(sentence, acronyms)


def _acronyms(document: Document) -> dict[str, str]:
    """Return the short names of survivals by their initials (``PFS``) as keys."""
    found: dict[str, str] = {}
    for paragraph in document.paragraphs:
        for hit in _SURVIVAL.finditer(plain(paragraph.text)):
            parts = re.findall(r"[a-z]+", hit[1].lower())
            if len(parts) > 1 and len(parts[0]) > 3:
                found["".join(part[0] for part in parts).upper()] = "-".join(parts)
    return found


def _of_sentence(sentence: Sentence, acronyms: dict[str, str]) -> Iterator[Median]:
    """Yield the medians of one sentence."""
    text = text_of(sentence.text)
    if "median" not in text.lower():
        return
    if pairs := _in_turn(text):
        hits = pairs
    else:
        hits = [(hit["subject"], hit) for hit in (*_FOR.finditer(text), *_WAS.finditer(text))]
        hits = [each for each in hits if "median" not in each[0].lower()]
    taken: list[tuple[int, int]] = []
    for subject, hit in hits:
        if any(start < hit.end("v") and hit.start("v") < end for start, end in taken):
            continue
        taken.append(hit.span("v"))
        key = concept(f"{subject} {hit.groupdict().get('noun') or ''}", acronyms)
        if not key and "follow-up" in hit[0]:
            key = "follow-up"
        unit = hit["unit"] or ""
        if not key or not unit:
            continue
        value = hit["v"] if hit["v"][0].isdigit() else str(whole(hit["v"]))
        yield Median(
            quantity=key,
            of=_whom(text, subject, text.find(hit["v"], text.find(hit[0]))),
            value=value,
            unit=unit if unit.endswith("s") else f"{unit}s",
            spread=tuple(_spread(hit.groupdict().get("spread") or "")),
            where=sentence.where,
            as_printed=hit.string[hit.start("v") : hit.end()].strip()[:80],
        )


def _in_turn(text: str) -> list[tuple[str, re.Match[str]]]:
    """Return subjects and values of "the medians of A and B were x and y, respectively"."""
    if "respectively" not in text:
        return []
    found = re.search(
        r"\bmedian ([^.;:()]*?) (?:was|were) (.*?),? respectively", text, re.IGNORECASE
    )
    if found is None:
        return []
    subjects = re.split(r" and ", found[1])
    values = list(re.finditer(_VALUE, found[2]))
    values = [hit for hit in values if hit["v"][0].isdigit() and hit["unit"]]
    values = [
        hit
        for hit in values
        if found[2].count("(", 0, hit.start()) == found[2].count(")", 0, hit.start())
    ]
    if len(subjects) != len(values):
        return []
    first = subjects[0].split()[0]
    named = [subjects[0], *(f"{first} at {each}" for each in subjects[1:])]
    return list(zip(named, values, strict=True))


def _whom(text: str, subject: str, at: int) -> str:
    """Return whom a median describes: the words after "in" or "among", or a count before it."""
    if _RESPONDERS.search(subject):
        return "responders"
    said = re.search(r"\b(?:in|among|of|for|across) (?:the |these |those )?(.{3,60})$", subject)
    if (
        said
        and not _EVERYBODY.search(said[0])
        and re.search(r"patient|child|adult|arm|group|with|who|case", said[1], re.IGNORECASE)
    ):
        return said[1]
    before = [each for each in printed(text[:at]) if each.events is not None]
    if before or re.match(r"(?:For|In|Among|Of) ", text):
        return f"some {fold(text[:at])[:40]}"
    after = re.search(
        r"\bin (?:patients|those|children) (?:with|who|aged)[^.,;]*|\b(?:in|for) [A-Z][\w/+-]* "
        r"(?:patients|arm|group|cases)",
        text[at:],
    )
    return after[0] if after else ""


def _spread(text: str) -> Iterator[tuple[str, str]]:
    """Yield range, quartiles and interval printed in parentheses behind a median."""
    for kind, pattern in (
        ("range", rf"\brange[:,]? ?{_RANGE}"),
        ("iqr", rf"\b(?:IQR\]?|interquartile range(?: \[IQR\])?)[:,]? ?{_RANGE}"),
        ("interval", rf"\bCI[:,]? ?{_RANGE}"),
    ):
        found = re.search(pattern, text, re.IGNORECASE)
        if found and not (kind == "range" and "interquartile" in text[: found.start()][-15:]):
            yield kind, f"{found[1]}..{found[2]}"
