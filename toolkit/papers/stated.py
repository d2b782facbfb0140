"""What a paper states, as rows of statements: what is printed twice can then be held together."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from toolkit.papers.characters import plain
from toolkit.papers.columns import laid
from toolkit.papers.deciding import decided, of_table
from toolkit.papers.document import Document
from toolkit.papers.drafting import cohort_sizes
from toolkit.papers.found_number import FoundNumber
from toolkit.papers.medians import Median, medians
from toolkit.papers.proposal import Drafted
from toolkit.papers.sentence_numbers import printed
from toolkit.papers.sentence_rules import drafted_sentences
from toolkit.papers.sentence_text import NUMBER, text_of, whole
from toolkit.papers.vocabulary import Vocabulary

_RECORDED = {"", "any", "ge3", "4", "5"}
_PAIR = r"(-?[0-9]+(?:\.[0-9]+)?) ?(?:-|to|;|,) ?(-?[0-9]+(?:\.[0-9]+)?)"
_MEDIAN = re.compile(rf"([0-9]+(?:\.[0-9]+)?) ?[(\[] ?{_PAIR} ?[)\]](?: ?[(\[] ?{_PAIR} ?[)\]])?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """One row of statements: the columns of statements.csv that a paper can fill."""

    quantity: str
    kind: str
    value: str
    where: str
    as_printed: str
    of: str = ""
    grade: str = ""
    at: str = ""
    part_of: str = ""
    unit: str = ""
    total: int | None = None
    rows: str = ""
    note: str = ""

    def cells(self) -> dict[str, str]:
        """Return the row as cells of its sheet."""
        own = {name: getattr(self, name) for name in self.__slots__}
        total = "" if self.total is None else str(self.total)
        return {**own, "total": total, "study": ""}


def stated(document: Document, words: Vocabulary) -> tuple[Stated, ...]:
    """Return what a paper states: counts of tables and sentences, medians with their ranges.

    Parameters
    ----------
    document : Document
        The paper.
    words : Vocabulary
        Names of outcomes; where a paper is audited without a review, those of its own labels.
    """
    cohort = cohort_sizes(document)
    counted = [
        (each, decided(each, words))
        for table in document.tables
        for each in of_table(table, cohort)
    ]
    keys = _keys(counted)
    rows = [row for found, drafted in counted for row in _of_cell(found, drafted, keys)]
    rows = _with_parts(rows, counted, keys)
    arms = any(
        head.group
        for table in document.tables
        for head in laid(table).heads[1:]
        if _is_arm(head.group)
    )
    sentences = list(drafted_sentences(document, words, cohort))
    rows += [row for each in sentences if (row := _of_sentence(each, words, cohort, arms=arms))]
    rows += [row for each in medians(document) for row in _of_median(each)]
    rows += list(_among_listed(document, cohort))
    rows += list(_of_patients(document, words))
    rows += list(_assessed(document, words, cohort))
    return tuple(dict.fromkeys(rows))


def _is_arm(group: str) -> bool:
    """Tell whether the head of a column names some of the patients."""
    return bool(re.search(r"\b(?:arm|group|cohort|placebo|versus|vs)\b", group, re.IGNORECASE))


def slug(text: str) -> str:
    """Return words as a key."""
    return "-".join(re.findall(r"[a-z0-9]+", plain(text).casefold()))[:60].strip("-")


Keys = dict[tuple[str, ...], str]


def _keys(counted: Sequence[tuple[FoundNumber, Drafted]]) -> Keys:
    """Return a key for every row of a table; a label that stands twice takes its section along."""
    places = {(each.table.label, *each.sections, each.label) for each, _ in counted}
    times = Counter(slug(place[-1]) for place in places)
    return {
        place: slug(place[-1])
        if times[slug(place[-1])] == 1 and len(slug(place[-1])) > 1
        else slug(" ".join(place[1:]))
        for place in places
    }


def _of_cell(found: FoundNumber, drafted: Drafted, keys: Keys) -> Iterator[Stated]:
    """Yield what one cell states."""
    read = found.quantity
    grade = "" if found.grade == "?" else found.grade
    if grade not in _RECORDED or found.reason:
        return
    place = (found.table.label, *found.sections, found.label)
    key = drafted.outcome or keys[place]
    if not key:
        return
    base = Stated(
        quantity=key,
        kind="count",
        value="",
        where=found.where,
        as_printed=read.as_printed[:80],
        of=slug(drafted.group),
        grade=grade,
    )
    label = " ".join((found.label, found.head.words)).lower()
    if "median" in label and (hit := _MEDIAN.fullmatch(plain(read.as_printed))):
        yield from _spread(
            replace(base, quantity=_median_key(found.label) or key), found.label, hit
        )
        return
    if read.events is None or (drafted.standing == "statement" and found.unit in {"other", "%"}):
        return
    if (
        read.events is not None
        and drafted.total is not None
        and drafted.quantity.rule != "% at a time"
    ):
        if found.unit == "" and not read.percent and read.total is None:
            return
        yield replace(base, value=str(read.events), total=drafted.total)


def _median_key(label: str) -> str:
    """Return the key of a median by its label, where it is one that texts give as well."""
    from toolkit.papers.medians import concept

    return concept(label)


def _spread(base: Stated, label: str, hit: re.Match[str]) -> Iterator[Stated]:
    """Yield the median, range and quartiles of one cell."""
    unit = next(
        (word for word in ("years", "months", "days", "weeks") if word in label.lower()), ""
    )
    order = list(re.findall(r"range|iqr|interquartile|q1|95", plain(label).lower()))
    kinds = [
        "range" if word == "range" else "interval" if word == "95" else "iqr" for word in order
    ]
    if order[:1] == ["interquartile"] and order[1:2] == ["range"]:
        kinds = ["iqr", *kinds[2:]]
    yield replace(base, kind="median", value=hit[1], unit=unit)
    for kind, (low, high) in zip(
        kinds or ["range"], ((hit[2], hit[3]), (hit[4], hit[5])), strict=False
    ):
        if low and high and not (kind == "range" and "95" in order):
            yield replace(base, kind=kind, value=f"{low}..{high}", unit=unit)


def _with_parts(
    rows: list[Stated], counted: Sequence[tuple[FoundNumber, Drafted]], keys: Keys
) -> list[Stated]:
    """Return rows, those of a block that fill their total to the last patient as its parts."""
    blocks: dict[tuple[str, ...], list[str]] = {}
    sections = {}
    for found, drafted in counted:
        if found.sections and found.quantity.events is not None and drafted.total:
            at = (found.table.label, *found.sections, found.head.words)
            sections[found.where] = (at, found, drafted)
    totals: dict[tuple[str, ...], list[tuple[str, int, int]]] = {}
    for where, (at, found, drafted) in sections.items():
        totals.setdefault(at, []).append((where, found.quantity.events or 0, drafted.total or 0))
    for at, cells in totals.items():
        if (
            len(cells) > 1
            and len({n for _, _, n in cells}) == 1
            and sum(x for _, x, _ in cells) == cells[0][2]
        ):
            blocks[at] = [where for where, _, _ in cells]
    part = {where: slug(at[-2]) for at, places in blocks.items() for where in places}
    return [replace(row, part_of=part[row.where]) if row.where in part else row for row in rows]


def _of_sentence(
    each: Drafted, words: Vocabulary, cohort: frozenset[int], *, arms: bool
) -> Stated | None:
    """Return what a sentence states of an outcome."""
    if not each.outcome or each.outcome not in words.terms:
        return None
    whole = each.total is None or each.total in cohort
    of = slug(each.group) or ("" if whole else f"of-{each.total}")
    if arms:
        of = of or "text"
    graded = words.terms[each.outcome].graded
    base = Stated(
        quantity=each.outcome,
        kind="count",
        value=str(each.events),
        where=each.where,
        as_printed=each.quantity.as_printed[:80],
        of=of,
        grade=each.grade or ("any" if graded else ""),
        total=each.total,
    )
    if base.grade not in _RECORDED or words.terms[each.outcome].timed:
        return None
    if each.events is not None:
        return (
            base if each.total is not None or each.quantity.rule in {"n =", "n patients"} else None
        )
    percent = each.quantity.percent
    if not percent or percent[0] in "<>":
        return None
    return replace(base, kind="percentage", value=percent, total=None)


def _of_median(each: Median) -> Iterator[Stated]:
    """Yield a median of the text with its range and quartiles."""
    base = Stated(
        quantity=each.quantity,
        kind="median",
        value=each.value,
        where=each.where,
        as_printed=each.as_printed[:80].strip(),
        of=slug(each.of),
        unit=each.unit,
    )
    yield base
    for kind, value in each.spread:
        yield replace(base, kind=kind, value=value)


_LISTED = re.compile(
    r"\b([0-9]+|[a-z]+(?:-[a-z]+)?) (?:patients )?(?:in|with|at|after) (?:the |a |an )?[a-z0-9 "
    r"-]{2,40}?(?:,|, and| and) "
    r"(?=(?:[0-9]+|[a-z]+(?:-[a-z]+)?) )",
)


def _among_listed(document: Document, cohort: frozenset[int]) -> Iterator[Stated]:
    """Yield counts "among these" where the sentence before lists who these are."""
    sentences = document.sentences
    for before, after in itertools.pairwise(sentences):
        text = text_of(after.text)
        if before.section != after.section or not re.match(
            r"(?:Among|Of) (?:these|them|those),? ", text
        ):
            continue
        said = text_of(before.text)
        listed = re.search(
            rf"({NUMBER}) in (?:the )?\w+, ({NUMBER}) in (?:the )?\w+,? and ({NUMBER}) in "
            rf"(?:the )?\w+",
            said,
            re.IGNORECASE,
        )
        counts = [whole(number) for number in listed.groups()] if listed else []
        first = next(
            (each for each in printed(text) if each.percent and each.events is not None), None
        )
        if first is None or len(counts) != 3 or None in counts or first.total is not None:
            continue
        total = sum(count or 0 for count in counts)
        if total > max(cohort, default=total):
            continue
        yield Stated(
            quantity=slug(text[first.end : first.end + 60]) or "among-these",
            kind="count",
            value=str(first.events),
            where=after.where,
            as_printed=text[first.start : first.end][:80],
            of="among-these",
            total=total,
        )


def _of_patients(document: Document, words: Vocabulary) -> Iterator[Stated]:
    """Yield what sentences say of single patients whom the paper numbers."""
    responses = {key for key, term in words.terms.items() if not term.graded and not term.timed}
    for sentence in document.sentences:
        text = plain(sentence.text)
        numbers = set(re.findall(r"\b[Pp]atient ([0-9]{1,3})\b", text))
        if len(numbers) != 1 or "no_response" not in responses:
            continue
        if re.search(r"\bdid not (?:respond|achieve (?:a )?response)\b", text):
            number = numbers.pop()
            yield Stated(
                quantity="response",
                kind="word",
                value="no_response",
                where=sentence.where,
                as_printed="did not respond",
                of=f"patient-{number}",
                rows=f"patient={number}",
            )


def _assessed(document: Document, words: Vocabulary, cohort: frozenset[int]) -> Iterator[Stated]:
    """Yield how many were not assessed, where a sentence says how many of all were."""
    if "not_assessed" not in words.terms or len(cohort) != 1:
        return
    number = next(iter(cohort))
    pattern = re.compile(
        rf"\bof the ({NUMBER}) [^,]*, ({NUMBER}) (?:patients )?(?:underwent [a-z ]*assessment|"
        rf"were (?:evaluable|assessed|assessable) for response)",
        re.IGNORECASE,
    )
    for sentence in document.sentences:
        found = pattern.search(text_of(sentence.text))
        if found and whole(found[1]) == number and (assessed := whole(found[2])) is not None:
            yield Stated(
                quantity="not_assessed",
                kind="count",
                value=str(number - assessed),
                where=sentence.where,
                as_printed=f"{found[2]} of {found[1]} assessed",
                total=number,
                note=f"{number} - {assessed} = {number - assessed}",
            )
