"""The words by which a review's outcomes are known in papers: its labels and its synonyms.

A name must be the whole label. Nothing is guessed: what is not matched is listed for a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from toolkit.papers.characters import fold, plain
from toolkit.papers.phrases import without_grade, without_patients, without_unit
from toolkit.sheets.protocol.protocol import Protocol

_ELSEWHERE = re.compile(
    r"\b(?:prior|previous|previously|before|baseline|pre ?(?:treatment|transplant|existing)|"
    r"history|"
    r"at (?:initial )?diagnosi|at (?:study )?(?:entry|enrollment|inclusion|screening|onset)|"
    r"characteristic|demographic|cause|reason|comorbidit|risk factor|predictor|univariate|"
    r"multivariate|"
    r"univariable|multivariable|regression|excluded|exclusion|screen failure|eligib|"
    r"discontinu\w*|withdraw\w*|prophylaxi|relationship|attribut)"
)
"""Words of a section that speaks of something else than what happened under treatment."""

_LEADING = re.compile(
    r"^(?:(?:the )?(?:total |overall )?(?:number|no|n|percentage|percent|proportion|rate) of )?"
    r"(?:(?:all )?(?:patient|participant|subject|children|child|case|individual|person)s?(?: "
    r"who)? )?"
    r"(?:(?:with|having|had|achieving|achieved|experiencing|experienced|in|reaching|reached|"
    r"attaining|attained) )?"
    r"(?:(?:a|an|at least one|at least 1|>= 1|one or more|any) )?"
)
_TRAILING = re.compile(r" (?:rate|occurred|any|overall|total)$")
_ITSELF = re.compile(
    r"^(?:yes|present|occurred|overall|total|any|all|n|no|number|event|patient|affected)?$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One name of an outcome: its words, and words of the section it must stand under."""

    words: str
    under: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """What a drafter must know of one outcome."""

    key: str
    graded: bool
    timed: bool = False
    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The outcome that a label names, or why none is taken."""

    outcome: str = ""
    graded: bool = False
    reason: str = ""


NOTHING = Match(reason="no outcome of the review is called so")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names of every outcome of a review.

    Attributes
    ----------
    terms : mapping of key to Term
        Outcomes in the order of the protocol.
    """

    terms: Mapping[str, Term] = field(default_factory=dict)

    def match(self, label: str, sections: Sequence[str] = (), around: str = "") -> Match:
        """Return the outcome that a label names in its place.

        Parameters
        ----------
        label : str
            Label of a row or a column, as printed.
        sections : sequence of str
            Labels it stands under, outermost first.
        around : str
            Caption of its table.
        """
        claimed = [
            (term, name)
            for term in self.terms.values()
            for name in term.names
            if name.under and any(_has(fold(each), name.under) for each in (*sections, around))
        ]
        asked = forms(label)
        if claimed:
            within = [(term, name) for term, name in claimed if name.words in asked]
            closest = max((len(name.under) for _, name in within), default=0)
            found = self._one({term.key for term, name in within if len(name.under) == closest})
            if found is not None:
                return found
        elsewhere = next((each for each in (*sections, around) if speaks_of_elsewhere(each)), "")
        plainly = self._called(asked[:1]) or self._called(asked[:2])
        if plainly:
            plainly |= self._called(asked)
        found = self._one(plainly)
        if found is None:
            return NOTHING
        if found.outcome and elsewhere:
            return Match(reason=f'stands under "{elsewhere}", which is another matter')
        return found

    def _called(self, asked: Sequence[str]) -> set[str]:
        """Return the outcomes that have one of some names, wherever they stand."""
        return {
            term.key
            for term in self.terms.values()
            for name in term.names
            if not name.under and name.words in asked
        }

    def _one(self, keys: set[str]) -> Match | None:
        """Return the single outcome found; a refusal for several; None for none."""
        if len(keys) > 1:
            return Match(reason=f"may be {' or '.join(sorted(keys))}")
        if not keys:
            return None
        term = self.terms[next(iter(keys))]
        return Match(outcome=term.key, graded=term.graded)

    def named_in(self, text: str) -> list[tuple[int, int, str]]:
        """Return where outcomes are named in a folded text: start, end, key; longest names first.

        A name within a longer one that is known does not count.
        """
        found: list[tuple[int, int, str]] = []
        names = sorted(
            (
                (name.words, term.key)
                for term in self.terms.values()
                for name in term.names
                if not name.under and name.words
            ),
            key=lambda each: -len(each[0]),
        )
        for words, key in names:
            for hit in re.finditer(rf"(?<![a-z0-9]){re.escape(words)}(?![a-z0-9])", text):
                if not any(
                    start < hit.end() and hit.start() < end for start, end, _ in found
                ) or any(
                    (start, end) == hit.span() and other != key for start, end, other in found
                ):
                    found.append((hit.start(), hit.end(), key))
        return sorted(found)


def _has(section: str, words: str) -> bool:
    """Tell whether a folded section holds every word that is asked for, in order."""
    return re.search(rf"(?<![a-z0-9]){re.escape(words)}(?![a-z0-9])", section) is not None


def speaks_of_elsewhere(words: str) -> bool:
    """Tell whether a section speaks of another matter than what happened under treatment."""
    return bool(_ELSEWHERE.search(fold(words)))


def forms(label: str) -> tuple[str, ...]:
    """Return the ways to read a label, the plainest first.

    Examples
    --------
    >>> forms("Patients with febrile neutropenia, n (%)")[0]
    'febrile neutropenia'
    >>> forms("Complete remission (CR)")
    ('complete remission', 'complete remission cr', 'cr')
    """
    words = without_unit(without_patients(without_grade(label)))
    outside = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", words)
    inside = re.findall(r"[(\[]([^()\[\]]*)[)\]]", words)
    readings = [_bare(outside), _bare(words), *(_bare(each) for each in inside)]
    return tuple(dict.fromkeys(each for each in readings if each))


def _bare(words: str) -> str:
    """Return a label's words as they are compared, without what leads into it."""
    folded = fold(re.sub(r"\bcr\b(?=\+)", "cr ", plain(words)))
    bare = _LEADING.sub("", folded, count=1)
    bare = bare or folded
    return _TRAILING.sub("", bare) or bare


def says_only_how_many(label: str) -> bool:
    r"""Tell whether a label names nothing of its own, so that its section is meant.

    Examples
    --------
    >>> says_only_how_many("Yes"), says_only_how_many("Grade 4"), says_only_how_many("Sepsis")
    (True, True, False)
    """
    words = fold(without_unit(without_patients(without_grade(label))))
    return bool(_ITSELF.fullmatch(words))


def vocabulary(
    outcomes: Iterable[tuple[str, bool, bool, Iterable[str]]],
) -> Vocabulary:
    """Return a vocabulary from outcomes: key, graded, timed, names (``section > name``)."""
    terms = {}
    for key, graded, timed, names in outcomes:
        read = []
        for each in names:
            under, arrow, words = each.rpartition(">")
            if not arrow or not under.strip():
                under, words = "", each
            name = Name(words=_bare(words), under=fold(under))
            if name.words and name not in read:
                read.append(name)
        terms[key] = Term(key=key, graded=graded, timed=timed, names=tuple(read))
    return Vocabulary(terms)


def vocabulary_of(protocol: Protocol) -> Vocabulary:
    """Return the names by which the outcomes of a review are known.

    Its keys, labels and short names count beside its synonyms; what a label says in parentheses
    or behind a comma is no part of the name.
    """
    return vocabulary(
        (
            key,
            bool(part.grade),
            part.time_years is not None,
            (part.short, key.replace("_", " "), part.label, *part.synonyms),
        )
        for key, part in protocol.outcomes.items()
    )
