"""What the audit found: readings that cannot all hold, each with the places that give it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from toolkit.audit.statements.statement import Statement
from toolkit.errors import Address, Difference

Level = Literal["differs", "remark"]
"""``differs``: not everything printed can hold. ``remark``: unusual, and possible."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Place:
    """Where something is printed, and how."""

    paper: str
    where: str
    as_printed: str
    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One way to read what is printed.

    Attributes
    ----------
    words : str
        The reading, in words.
    events, total : int or None
        The count it stands for, where it is one.
    quantity : str
        Key of the quantity counted, where several stand in one finding.
    places : tuple of Place
        The places that give it.
    """

    words: str
    events: int | None = None
    total: int | None = None
    quantity: str = ""
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What the readings of a finding do to one pooled estimate.

    Attributes
    ----------
    outcome, analysis_set : str
        The pool.
    recorded, lowest_count, highest_count : str
        The series' count as it is pooled and under the two extreme readings (``10/38``).
    pooled, lowest, highest : float or None
        The leading estimate as it is published and under the two extremes, in [0, 1]; None where
        nothing is pooled.
    """

    outcome: str
    analysis_set: str
    recorded: str
    lowest_count: str
    highest_count: str
    pooled: float | None
    lowest: float | None
    highest: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A place where a paper, or two papers on one study, differ.

    Attributes
    ----------
    check : str
        Identifier of the rule.
    level : {"differs", "remark"}
        Whether readings exclude each other, or something is only unusual.
    paper : str
        Key of the paper, the first one where two differ.
    subject : tuple of str
        Study, group, quantity, grade and time that it is about.
    what : str
        What differs, in one neutral sentence.
    readings : tuple of Reading
        What it would be under each reading.
    effects : tuple of Effect
        What that does to pooled estimates.
    """

    check: str
    level: Level = "differs"
    paper: str
    subject: tuple[str, str, str, str, str]
    what: str
    readings: tuple[Reading, ...] = ()
    effects: tuple[Effect, ...] = ()

    @property
    def quantity(self) -> str:
        """Key of the quantity."""
        return self.subject[2]

    @property
    def places(self) -> tuple[Place, ...]:
        """Every place, once."""
        found = (place for reading in self.readings for place in reading.places)
        return tuple(dict.fromkeys(found))

    @property
    def papers(self) -> tuple[str, ...]:
        """Every paper concerned, once."""
        return tuple(dict.fromkeys((self.paper, *(place.paper for place in self.places))))

    @property
    def address(self) -> Address:
        """Row of a sheet that shows it first."""
        return self.places[0].address

    def difference(self) -> Difference:
        """Return the finding as the record that a review carries."""
        return Difference(
            address=self.address,
            check=self.check,
            series=self.paper,
            outcome=self.quantity,
            what=self.what,
            places=tuple(dict.fromkeys(place.where for place in self.places)),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as plain lists, numbers and words."""
        study, group, quantity, grade, at = self.subject
        return {
            "check": self.check,
            "level": self.level,
            "paper": self.paper,
            "study": study,
            "of": group,
            "quantity": quantity,
            "grade": grade,
            "at": at,
            "what": self.what,
            "readings": [
                {
                    "words": reading.words,
                    "events": reading.events,
                    "total": reading.total,
                    "quantity": reading.quantity,
                    "places": [
                        {
                            "paper": place.paper,
                            "where": place.where,
                            "as_printed": place.as_printed,
                            "file": place.address.file,
                            "line": place.address.line,
                        }
                        for place in reading.places
                    ],
                }
                for reading in self.readings
            ],
            "effects": [
                {name: getattr(effect, name) for name in Effect.__slots__}
                for effect in self.effects
            ],
        }


def place(statement: Statement) -> Place:
    """Return where a statement stands."""
    return Place(
        paper=statement.paper,
        where=statement.where,
        as_printed=statement.as_printed,
        address=statement.address,
    )


def reading(
    statements: Iterable[Statement],
    words: str = "",
    events: int | None = None,
    total: int | None = None,
    *,
    quantity: str = "",
) -> Reading:
    """Return a reading that some statements give; its words are theirs unless said."""
    given = list(statements)
    told = dict.fromkeys(each.words for each in given)
    return Reading(
        words=words or " = ".join(told),
        events=events,
        total=total,
        quantity=quantity,
        places=tuple(dict.fromkeys(place(each) for each in given)),
    )


def counted(statement: Statement) -> tuple[int | None, int | None]:
    """Return events and total of a statement that is one decided count."""
    if len(statement.events) == 1:
        return statement.events[0], statement.total
    return None, statement.total
