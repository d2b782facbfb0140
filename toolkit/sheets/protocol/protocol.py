"""The protocol of a review as review.toml holds it: question, outcomes, sets, methods, words.

The shape of the file is here; `toolkit.sheets.protocol.read` reads it and says what is wrong.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from toolkit.review.order import Reading
from toolkit.review.protocol import Construct, Direction, Overlapping, Role
from toolkit.sheets.schema.cells import Words
from toolkit.sheets.schema.vocabularies import VOCABULARIES

MOST = 200
"""Outcomes or sets of one review: they name each other, and such chains are followed to the end."""


class Part(BaseModel):
    """What every table of review.toml shares: known keys alone, values of the right kind."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class SearchPart(Part):
    """How far the search for reports has come."""

    last_search: str = Field(
        default="", description="Date of the last database search; empty: none yet."
    )
    sources: list[str] = Field(default_factory=list, description="Databases and lists searched.")
    note: str = Field(default="", description="What is still to be done.")


Criterion = Annotated[str, Field(min_length=1)]


class EligibilityPart(Part):
    """Who and what counts: a list of sentences under each letter of PICOS."""

    population: list[Criterion] = Field(
        default_factory=list, description="Patients: age, disease, line of treatment."
    )
    intervention: list[Criterion] = Field(
        default_factory=list, description="What they were treated with, or exposed to."
    )
    comparison: list[Criterion] = Field(
        default_factory=list, description="Compared with what; case series mostly with nothing."
    )
    outcomes: list[Criterion] = Field(
        default_factory=list, description="What a study must report of them."
    )
    designs: list[Criterion] = Field(
        default_factory=list, description="Designs, sizes, languages and kinds of report."
    )
    excluded: list[Criterion] = Field(default_factory=list, description="What leaves a study out.")


class DeclarationsPart(Part):
    """What a referee asks of the review itself; pages say so where one is empty."""

    fixed: str = Field(
        default="", description="When the protocol was fixed, and what was known by then."
    )
    registration: str = Field(default="", description="Register and number; empty: not registered.")
    funding: str = Field(default="", description="Who paid for it; empty: not stated.")
    conflicts: str = Field(
        default="", description="What the authors have at stake; empty: not stated."
    )
    amendments: list[Criterion] = Field(
        default_factory=list, description="Changes since then, each with its date or version."
    )


class FacetPart(Part):
    """A property by which groups differ, with its words in order of preference."""

    label: str
    words: dict[str, str]


class MethodPart(Part):
    """The headline method of one kind of outcome: the words of `toolkit.Method`."""

    model: str | None = None
    fit: str | None = None
    scale: str | None = None
    tau2: str | None = None
    zero: str | None = None
    interval: str | None = None
    prediction: str | None = None
    approximation: str | None = None
    tau_prior: FiniteFloat | None = None
    level: FiniteFloat | None = None
    estimand: Literal["typical", "average"] = "typical"
    reading: Reading | None = None
    rung_prior: Literal["dirichlet", "uniform"] | Annotated[float, Field(gt=0)] = "dirichlet"


class LadderPart(Part):
    """Outcomes each of which is a part of the one before, outermost first."""

    rungs: list[str]


class OutcomePart(Part):
    """An event worth counting."""

    label: str
    short: str
    definition: str
    kind: str
    direction: Direction
    grade: str = ""
    components: list[str] = Field(default_factory=list)
    nearest: list[str] = Field(default_factory=list)
    wider: list[str] = Field(default_factory=list)
    denominators: list[str] | None = None
    thresholds: list[Annotated[FiniteFloat, Field(ge=0, le=1)]] = Field(default_factory=list)
    thresholds_why: str = ""
    patient_condition: dict[str, str] = Field(default_factory=dict)
    synonyms: list[str] = Field(default_factory=list)
    shown: bool = False
    time_years: Annotated[FiniteFloat, Field(gt=0, lt=200)] | None = None


class SetPart(Part):
    """A filter with a name: which groups and counts enter a pool.

    A set may extend another: what it does not say itself is as there.
    """

    label: str
    description: str
    extends: str = ""
    role: Role | None = None
    # The key "construct" is also a method of every pydantic model.
    construct_word: Construct | None = Field(default=None, alias="construct")
    alternatives: bool | None = None
    overlap: Overlapping | None = None
    judged_yes: list[str] | None = None
    where: dict[str, list[str]] = Field(default_factory=dict)


SAID_BY_SETS = ("role", "construct_word", "alternatives", "overlap", "judged_yes")
"""What a set takes over from the one it extends, unless it says so itself."""


class SubgroupsPart(Part):
    """Facets by which the book shows pools apart."""

    by: list[str] = Field(default_factory=list)


class NextPatientsPart(Part):
    """How many further patients a prediction in whole patients is made for."""

    patients: int = Field(ge=1, le=100_000)


class Protocol(Part):
    """The whole of review.toml."""

    title: str
    question: str
    population: str
    primary_set: str
    status: str = ""
    authors: list[str] = Field(default_factory=list)
    search: SearchPart = Field(default_factory=SearchPart)
    leading_harms: list[str] = Field(default_factory=list)
    eligibility: EligibilityPart = Field(default_factory=EligibilityPart)
    declarations: DeclarationsPart = Field(default_factory=DeclarationsPart)
    series_fields: dict[str, str] = Field(default_factory=dict)
    facets: dict[str, FacetPart] = Field(default_factory=dict)
    windows: dict[str, str] = Field(default_factory=dict)
    methods: dict[str, MethodPart]
    outcomes: dict[str, OutcomePart] = Field(min_length=1, max_length=MOST)
    sets: dict[str, SetPart] = Field(min_length=1, max_length=MOST)
    contains: dict[str, list[str]] = Field(default_factory=dict)
    same_as: dict[str, str] = Field(default_factory=dict)
    ladders: dict[str, LadderPart] = Field(default_factory=dict)
    subgroups: SubgroupsPart = Field(default_factory=SubgroupsPart)
    next_patients: NextPatientsPart | None = None

    def words(self) -> Words:
        """Return every vocabulary that the schema or this protocol fixes."""
        return {
            **{name: tuple(meanings) for name, meanings in VOCABULARIES.items()},
            "outcome": tuple(self.outcomes),
            "window": tuple(self.windows),
            **{f"facet {key}": tuple(facet.words) for key, facet in self.facets.items()},
        }

    def full_sets(self) -> dict[str, SetPart]:
        """Return every set with what it takes over from the set it extends."""
        return {key: self._full_set(key) for key in self.sets}

    def _full_set(self, key: str) -> SetPart:
        """Return one set in full; columns new to it come first, for they matter most to it."""
        part = self.sets[key]
        if not part.extends:
            return part
        base = self._full_set(part.extends)
        new = {column: words for column, words in part.where.items() if column not in base.where}
        kept = {column: part.where.get(column, words) for column, words in base.where.items()}
        taken = {name: getattr(base, name) for name in SAID_BY_SETS}
        own = {name: getattr(part, name) for name in taken if getattr(part, name) is not None}
        return part.model_copy(update={"extends": "", **taken, **own, "where": {**new, **kept}})

    def elementary(self, outcome: str) -> frozenset[str]:
        """Return the elementary outcomes whose sum an outcome is (itself, if it has no parts)."""
        parts = self.outcomes[outcome].components
        if not parts:
            return frozenset({outcome})
        return frozenset().union(*(self.elementary(part) for part in parts))

    def implies(self, first: str, second: str) -> bool:
        """Return whether every patient with the first outcome also has the second."""
        conditions = (dict(self.outcomes[key].patient_condition).items() for key in (first, second))
        narrower, wider = conditions
        return self.elementary(first) <= self.elementary(second) and wider <= narrower
