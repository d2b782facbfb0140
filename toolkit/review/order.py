"""Which outcomes lie inside which, as a protocol declares it: a partial order and named chains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Reading = Literal["ladder", "bounds", "as-defined", "stand-in"]

READINGS: dict[str, str] = {
    "ladder": "ladder: ordered outcomes pooled together",
    "bounds": "bounds: the range that other counts of the same patients leave",
    "as-defined": "as defined: only studies that report the outcome itself",
    "stand-in": "stand-in: the nearest reported outcome taken as if it were this one",
}
"""How a study that reports another outcome than the one asked for enters a pool."""

assert tuple(READINGS) == get_args(Reading)


@dataclass(frozen=True, slots=True, kw_only=True)
class Containment:
    """An outcome and one that is a part of it: whoever has the part has the whole."""

    whole: str
    part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalence:
    """An outcome that is taken as another one by declared judgment."""

    outcome: str
    taken_as: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Outcomes each of which is a part of the one before, to be pooled together.

    Attributes
    ----------
    key : str
        Its name in the protocol.
    rungs : tuple of str
        Keys of outcomes, outermost first; two to four.
    """

    key: str
    rungs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The partial order of a review's outcomes.

    Attributes
    ----------
    contains : tuple of Containment
        Declared steps; what follows from several of them need not be declared.
    same_as : tuple of Equivalence
        Declared judgments.
    chains : tuple of Chain
        The ladders of the protocol.
    """

    contains: tuple[Containment, ...] = ()
    same_as: tuple[Equivalence, ...] = ()
    chains: tuple[Chain, ...] = ()

    def taken_as(self, outcome: str) -> str:
        """Return the outcome that one is taken as by declared judgment; else itself."""
        for each in self.same_as:
            if each.outcome == outcome:
                return each.taken_as
        return outcome

    def equivalents(self, outcome: str) -> tuple[str, ...]:
        """Return the outcomes that are taken as one by declared judgment."""
        return tuple(each.outcome for each in self.same_as if each.taken_as == outcome)

    def inside(self, outcome: str) -> frozenset[str]:
        """Return every outcome that is a part of one, not itself."""
        return self._reached(outcome, {(each.whole, each.part) for each in self.contains})

    def around(self, outcome: str) -> frozenset[str]:
        """Return every outcome that one is a part of, not itself."""
        return self._reached(outcome, {(each.part, each.whole) for each in self.contains})

    def chain_of(self, outcome: str) -> Chain | None:
        """Return the chain that an outcome is a rung of; None where it is on no ladder."""
        return next((each for each in self.chains if outcome in each.rungs), None)

    def _reached(self, outcome: str, steps: set[tuple[str, str]]) -> frozenset[str]:
        """Return what steps lead to, in one or more."""
        reached: set[str] = set()
        waiting = [outcome]
        while waiting:
            here = waiting.pop()
            for start, end in steps:
                if start == here and end not in reached:
                    reached.add(end)
                    waiting.append(end)
        return frozenset(reached)
