"""The review: one question, its protocol, its series, and what stands beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from toolkit.errors import Address, ChoiceError, Difference
from toolkit.review.order import Order
from toolkit.review.protocol import AnalysisSet, Declarations, Eligibility, Facet, Outcome
from toolkit.review.series import Series
from toolkit.review.words import Word

NEXT_PATIENTS = 20
"""Further patients for whom a prediction is made where the protocol names no number."""


# "Smith AB, Jones C. Title. Journal. 2020;12:1": a family name before initials, and the year that
# stands where journals print it, unlike those of a title.
_AUTHOR = re.compile(r"((?:[a-z]+ )*[^\W\d_][\w'’-]+) [A-Z]{1,3}(?:[,.]| et al)")
_YEAR = re.compile(r"\b((?:19|20)\d{2})(?=;|\. doi|\.?$)")
_SHORT = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparator:
    """A published estimate shown beside a pool and never pooled.

    Attributes
    ----------
    estimate, low, high : float or None
        Proportion and printed limits in [0, 1]; None where the source gives none.
    why_not_comparable : str
        The tag shown with it.
    """

    key: str
    label: str
    population: str
    outcome: str
    grade: str
    events: int | None
    total: int | None
    estimate: float | None
    low: float | None
    high: float | None
    as_printed: str
    source: str
    where: str
    why_not_comparable: str
    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report that the search met, and what became of it (a PRISMA record)."""

    key: str
    citation: str
    series: str
    status: str
    reason: str
    next_step: str

    @property
    def short(self) -> str:
        """The first author and the year of its citation, else its first words, else its key."""
        author, year = _AUTHOR.match(self.citation), _YEAR.search(self.citation)
        if author and year:
            return f"{author[1]} {year[1]}"
        first = self.citation.split(". ")[0].strip()
        if not first:
            return self.key
        return first if len(first) <= _SHORT else f"{first[:_SHORT].rsplit(' ', 1)[0]} …"


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowBox:
    """One box of the PRISMA flow: how many records or reports, or that it is still to be done."""

    box: str
    label: str
    number: int | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """A judged pair of series that may share patients."""

    first: str
    second: str
    judgement: str
    evidence: str
    decided_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """How far an answer can be trusted: in one domain or, as ``certainty``, over all."""

    outcome: str
    domain: str
    judgement: str
    reason: str
    decided_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One question, the protocol that answers it, and the series found so far.

    Attributes
    ----------
    key : str
        Name of its folder.
    title, question, population : str
        What is asked, of whom.
    authors : tuple of str
        Who answers for the review and is cited for it; empty where it does not say.
    leading_harms : tuple of str
        Outcomes that the first screen names as harm; the most frequent severe ones if empty.
    eligibility : Eligibility
        Who and what counts.
    declarations : Declarations
        When the protocol was fixed, registration, funding, conflicts of interest, amendments.
    status : str
        How far the review has come, in the reviewers' own words.
    last_search : str
        Date of the last database search; empty: none yet.
    sources : tuple of str
        Databases and lists searched.
    search_note : str
        What is still to be searched.
    series_fields : tuple of Word
        Further fields that every series has, with their labels.
    subgroups : tuple of str
        Keys of the facets by which the book shows pools apart.
    next_patients : int
        Further patients for whom a prediction in whole patients is made.
    facets : tuple of Facet
        Properties by which groups of patients differ, with their words.
    windows : tuple of Word
        Times at which an event is looked for, where papers tell them apart.
    outcomes : tuple of Outcome
        The events worth counting, in the protocol's order.
    sets : tuple of AnalysisSet
        Filters with a name.
    primary_set : str
        Key of the analysis set that leads.
    order : Order
        Which outcomes are parts of which, and the ladders on which they are pooled together.
    series : tuple of Series
        The published series, by key.
    comparators : tuple of Comparator
        Published estimates shown beside a pool and never pooled.
    reports : tuple of Report
        Every report met so far, and what became of it.
    flow : tuple of FlowBox
        Boxes of the flow diagram.
    overlaps : tuple of Overlap
        What was judged of series that may share patients.
    judgements : tuple of Judgement
        How far answers can be trusted, domain by domain (GRADE).
    differences : tuple of Difference
        What the checks found the papers to say against themselves.
    fingerprint : str
        Hash of every sheet the review was read from, so that a figure can name its data.
    """

    key: str
    title: str = ""
    authors: tuple[str, ...] = ()
    question: str = ""
    population: str = ""
    leading_harms: tuple[str, ...] = ()
    eligibility: Eligibility = field(default_factory=Eligibility)
    declarations: Declarations = field(default_factory=Declarations)
    status: str = ""
    last_search: str = ""
    sources: tuple[str, ...] = ()
    search_note: str = ""
    series_fields: tuple[Word, ...] = ()
    subgroups: tuple[str, ...] = ()
    next_patients: int = NEXT_PATIENTS
    facets: tuple[Facet, ...]
    windows: tuple[Word, ...]
    outcomes: tuple[Outcome, ...]
    sets: tuple[AnalysisSet, ...]
    primary_set: str
    series: tuple[Series, ...]
    comparators: tuple[Comparator, ...]
    reports: tuple[Report, ...]
    flow: tuple[FlowBox, ...]
    overlaps: tuple[Overlap, ...]
    judgements: tuple[Judgement, ...] = ()
    order: Order = field(default_factory=Order)
    differences: tuple[Difference, ...]
    fingerprint: str

    def outcome(self, key: str) -> Outcome:
        """Return an outcome by key; raises ChoiceError naming the nearest word."""
        for outcome in self.outcomes:
            if outcome.key == key:
                return outcome
        raise ChoiceError("outcome", key, [outcome.key for outcome in self.outcomes])

    def analysis_set(self, key: str) -> AnalysisSet:
        """Return an analysis set by key; raises ChoiceError naming the nearest word."""
        for each in self.sets:
            if each.key == key:
                return each
        raise ChoiceError("analysis_set", key, [each.key for each in self.sets])

    def facet(self, key: str) -> Facet:
        """Return a facet by key; raises ChoiceError naming the nearest word."""
        for facet in self.facets:
            if facet.key == key:
                return facet
        raise ChoiceError("facet", key, [facet.key for facet in self.facets])

    def one_series(self, key: str) -> Series:
        """Return a series by key; raises ChoiceError naming the nearest word."""
        for series in self.series:
            if series.key == key:
                return series
        raise ChoiceError("series", key, [series.key for series in self.series])
