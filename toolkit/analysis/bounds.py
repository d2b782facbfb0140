"""What the counts of some patients say of their other outcomes: bounds, and where they come from.

An outcome that contains another has at least as many patients. So every count bounds from below
what contains it, and from above what it contains. Nothing is assumed beyond that: where in the
range a number lies stays open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Generic, TypeVar

from toolkit.errors import ChoiceError, ToolkitError

Key = TypeVar("Key")

GRADES_CONTAIN: dict[str, tuple[str, ...]] = {"any": ("ge3",), "ge3": ("4", "5")}
"""How grades of an adverse event are ordered: 4 and 5 are parts of 3 or more, that of any."""

WORST_GRADES: tuple[tuple[str, ...], ...] = (("4", "5"),)
"""Grades that share no patient where each patient is counted at the worst grade alone.

Where a report counts events, or every grade that a patient passed through, one patient may stand
under 4 and under 5: then the larger of the two is all that is certain of 3 or more.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRelation:
    """Which outcomes contain which.

    Attributes
    ----------
    words : tuple of str
        All outcomes, each after everything that it contains.
    parts : dict of str to frozenset of str
        All that an outcome contains, directly or not, itself left out.
    same_as : dict of str to str
        Outcomes that are taken to be another.
    disjoint : tuple of tuple of str
        Groups of outcomes of which no patient has two.
    """

    words: tuple[str, ...]
    parts: dict[str, frozenset[str]]
    same_as: dict[str, str]
    disjoint: tuple[tuple[str, ...], ...]

    def named(self, outcome: str) -> str:
        """Return the outcome that a word is taken to be, most often itself."""
        return self.same_as.get(outcome, outcome)

    def wholes(self, outcome: str) -> tuple[str, ...]:
        """Return all that contains an outcome, itself left out."""
        return tuple(word for word in self.words if outcome in self.parts[word])


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCount(Generic[Key]):
    """A count of the patients in question, under a key by which its address can be found."""

    key: Key
    outcome: str
    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRange(Generic[Key]):
    """The range in which a number of patients lies, and the counts that each end was made from.

    `high_from` is empty where the total alone bounds it, `low_from` where nothing does.
    """

    low: int
    high: int
    low_from: tuple[Key, ...] = ()
    high_from: tuple[Key, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether one number is left."""
        return self.low == self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class PartAboveWhole(Generic[Key]):
    """A part that exceeds its whole, by the counts of the same patients."""

    part: KnownCount[Key]
    whole: KnownCount[Key]

    @property
    def in_words(self) -> str:
        """Return what contradicts what, as half a sentence."""
        return (
            f"{self.part.outcome} is at least {self.part.low}, but {self.whole.outcome}, of which "
            f"it is a part, is at most {self.whole.high}"
        )


def order_relation(
    contains: Mapping[str, Sequence[str]],
    *,
    same_as: Mapping[str, str] | None = None,
    disjoint: Iterable[Sequence[str]] = (),
    known: Iterable[str] | None = None,
) -> OrderRelation:
    """Return an order relation with all that follows from it.

    Parameters
    ----------
    contains : mapping of str to sequence of str
        For each outcome those it contains.
    same_as : mapping of str to str, optional
        Outcomes that are taken to be another, by declared judgment.
    disjoint : iterable of sequence of str
        Groups of outcomes of which no patient has two.
    known : iterable of str, optional
        All words that are outcomes; any word is unless given.

    Raises
    ------
    ChoiceError
        For a word that is no outcome.
    ToolkitError
        Where outcomes contain each other in a circle, or an outcome is the same as two.
    """
    same, groups = dict(same_as or {}), tuple(tuple(group) for group in disjoint)
    used = [*contains, *(part for parts in contains.values() for part in parts)]
    used += [*same, *same.values(), *(word for group in groups for word in group)]
    if known is not None:
        choices = tuple(known)
        for word in used:
            if word not in choices:
                raise ChoiceError("contains", word, choices)
    for word, other in same.items():
        if other in same:
            raise ToolkitError(
                f"{word} is the same as {other}, and that the same as {same[other]}: name the "
                "last one in both places."
            )
    graph: dict[str, set[str]] = {same.get(word, word): set() for word in used}
    for whole, parts in contains.items():
        graph[same.get(whole, whole)] |= {same.get(part, part) for part in parts}
    try:
        order = tuple(TopologicalSorter(graph).static_order())
    except CycleError as circle:
        path = " > ".join(reversed(circle.args[1]))
        raise ToolkitError(
            f"Outcomes contain each other in a circle ({path}): an outcome cannot be a part of "
            "itself. Take one of these out, or declare the two the same."
        ) from None
    below: dict[str, frozenset[str]] = {}
    for word in order:
        direct = graph[word]
        below[word] = frozenset(direct.union(*(below[part] for part in direct)))
    return OrderRelation(words=order, parts=below, same_as=same, disjoint=groups)


def contradictions(
    relation: OrderRelation, known: Sequence[KnownCount[Key]]
) -> tuple[PartAboveWhole[Key], ...]:
    """Return every pair of counts of the same patients of which the part exceeds the whole.

    Two counts of the same outcome that share no number are such a pair as well.
    """
    found = []
    for part in known:
        for whole in known:
            inner, outer = relation.named(part.outcome), relation.named(whole.outcome)
            within = inner == outer or inner in relation.parts.get(outer, ())
            if within and part.low > whole.high:
                found.append(PartAboveWhole(part=part, whole=whole))
    return tuple(found)


def count_bounds(
    relation: OrderRelation, known: Sequence[KnownCount[Key]], total: int
) -> dict[str, CountRange[Key]]:
    """Return the bounds of every outcome from all counts of the same patients.

    Low is the largest count contained in an outcome, or the sum of counts that share no patient;
    high is the smallest count that contains it, less what belongs to others that share no patient
    with it, and else the total.

    Parameters
    ----------
    relation : OrderRelation
    known : sequence of KnownCount
        Of the same group, total and window; outcomes the relation does not name bound themselves.
    total : int
        The patients.

    Raises
    ------
    ToolkitError
        Where a part exceeds its whole.
    """
    against = contradictions(relation, known)
    if against:
        sentences = "; ".join(each.in_words for each in against)
        raise ToolkitError(f"{sentences}. A part cannot exceed its whole: correct the number.")
    others = [count.outcome for count in known]
    words = dict.fromkeys([*relation.words, *(relation.named(word) for word in others)])
    low: dict[str, tuple[int, tuple[Key, ...]]] = {}
    for word in words:
        low[word] = _low(relation, known, word, low)
    high: dict[str, tuple[int, tuple[Key, ...]]] = {}
    for word in reversed(words):
        high[word] = _high(relation, known, word, total, low, high)
    found = {
        word: CountRange(
            low=low[word][0], low_from=low[word][1], high=high[word][0], high_from=high[word][1]
        )
        for word in words
    }
    for word, bound in found.items():
        if bound.low > bound.high:
            raise ToolkitError(
                f"{word} would have to be at least {bound.low} and at most {bound.high}: outcomes "
                "that share no patient add up to more than what contains them."
            )
    return found | {word: found[other] for word, other in relation.same_as.items()}


def _low(
    relation: OrderRelation,
    known: Sequence[KnownCount[Key]],
    word: str,
    low: Mapping[str, tuple[int, tuple[Key, ...]]],
) -> tuple[int, tuple[Key, ...]]:
    """Return the most that an outcome is certain to have, from itself and what it contains."""
    parts = relation.parts.get(word, frozenset())
    best: tuple[int, tuple[Key, ...]] = (0, ())
    options: list[tuple[int, tuple[Key, ...]]] = [
        (count.low, (count.key,)) for count in known if relation.named(count.outcome) == word
    ]
    options += [low[part] for part in relation.words if part in parts]
    for group in relation.disjoint:
        members = [low[relation.named(each)] for each in group if relation.named(each) in parts]
        keys = tuple(key for _, each in members for key in each)
        options.append((sum(count for count, _ in members), keys))
    for option in options:
        if option[0] > best[0]:
            best = option
    return best


def _high(
    relation: OrderRelation,
    known: Sequence[KnownCount[Key]],
    word: str,
    total: int,
    low: Mapping[str, tuple[int, tuple[Key, ...]]],
    high: Mapping[str, tuple[int, tuple[Key, ...]]],
) -> tuple[int, tuple[Key, ...]]:
    """Return the most that an outcome can have, from itself and what contains it."""
    best: tuple[int, tuple[Key, ...]] = (total, ())
    options: list[tuple[int, tuple[Key, ...]]] = [
        (count.high, (count.key,)) for count in known if relation.named(count.outcome) == word
    ]
    for whole in relation.wholes(word):
        most, keys = high[whole]
        options.append((most, keys))
        for group in relation.disjoint:
            named = [relation.named(each) for each in group]
            if word in named:
                parts = relation.parts[whole] - {word}
                rest = [low[each] for each in named if each in parts]
                taken = tuple(key for _, each in rest for key in each)
                options.append((most - sum(count for count, _ in rest), (*keys, *taken)))
    for option in options:
        if option[0] < best[0]:
            best = option
    return best
