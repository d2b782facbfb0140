"""The nouns of a review: what is counted, in whom, and where it stands; equal by value, no files.

Reading them from sheets is the work of `toolkit.sheets`; nothing here opens a file or computes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from toolkit.errors import ChoiceError
from toolkit.method import Method
from toolkit.observations import Count, Patient, Percentage
from toolkit.problems import Address, Difference

Direction = Literal["benefit", "harm"]
Construct = Literal["nearest", "exact", "wider"]
Overlapping = Literal["kept", "worst-case"]
Role = Literal["variant", "context"]

GRADES = {"": "", "any": "any grade", "ge3": "grade ≥ 3", "4": "grade 4", "5": "grade 5"}
"""Severity grades of a toxicity, from mildest to gravest, with the words shown for them."""

DENOMINATORS = {
    "all_treated": "all treated patients",
    "response_evaluable": "patients evaluable for response",
    "marrow_assessed": "patients with an assessed marrow",
    "ae_evaluable": "patients evaluable for adverse events",
    "subgroup": "patients of the subgroup",
    "responders": "responders only",
}
"""Whom a total counts, in order of preference: the first one available is pooled."""

STATUSES = {
    "": "reported",
    "below_threshold": "known only to lie at or below a reporting threshold",
    "not_reported": "looked for and not reported",
    "alternative": "another reading of a cell that the paper contradicts",
}
"""What a row of counts says of its cell."""

INTERVAL_SCALES = {
    "log-log": "complementary log-log, the usual one for a survival",
    "log": "log, as some programs do for a survival",
    "plain": "the percentage itself",
    "logit": "logit",
}
"""Scales on which the interval of a percentage may be computed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word of a vocabulary: the key written in sheets and the label shown to readers."""

    key: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """A property by which groups of patients differ, with its vocabulary in order of preference."""

    key: str
    label: str
    words: tuple[Word, ...]

    def label_of(self, key: str) -> str:
        """Return the label of a word, or the key itself when it has none."""
        return next((word.label for word in self.words if word.key == key), key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """An event worth counting.

    Attributes
    ----------
    key, label, short : str
        The word written in sheets, the words shown, and a short form for narrow columns.
    definition : str
        What counts as an event, in one sentence.
    kind : str
        Heading under which the outcome is shown; also its default method's name in the protocol.
    direction : {"benefit", "harm"}
        Whether more events are better.
    grade : str
        The grade that is pooled unless another is asked for; empty where grades do not apply.
    components : tuple of str
        Outcomes whose sum this one is (CRc: CR and CRi); empty for an elementary event.
    nearest : tuple of str
        Outcomes that stand in, in this order, where a series does not report this one.
    wider : tuple of str
        Outcomes that count more than this one (CRc with CRh or MLFS): a set whose construct is
        ``wider`` takes them, in this order, before the outcome itself.
    denominators : tuple of str
        Totals that may be pooled, in order of preference.
    patient_condition : tuple of (column, word)
        Further columns of patient rows that must hold for a patient to count (MRD negative).
    method : Method
        The headline method fixed by the protocol before numbers are seen.
    estimand : {"typical", "average"}
        Which estimand leads.
    thresholds : tuple of float
        Proportions at which a decision would turn, in [0, 1].
    shown : bool
        Whether the outcome has a forest plot of its own in the book.
    time_years : float or None
        Years from the start at which percentages of the outcome are pooled; None where it has no
        time. Percentages at other times are pooled with these only where a set says so.
    """

    key: str
    label: str
    short: str
    definition: str
    kind: str
    direction: Direction
    grade: str
    components: tuple[str, ...]
    nearest: tuple[str, ...]
    wider: tuple[str, ...] = ()
    denominators: tuple[str, ...]
    patient_condition: tuple[tuple[str, str], ...]
    method: Method
    estimand: Literal["typical", "average"]
    thresholds: tuple[float, ...]
    shown: bool = True
    time_years: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisSet:
    """A filter with a name: which groups and counts of which series enter a pool.

    Attributes
    ----------
    key, label, description : str
        Its word, its label, and what it keeps in one sentence.
    role : {"variant", "context"}
        Whether the set asks the same question of other data, as every combination of choices
        does, or is a context of its own, told beside it and compared with nothing.
    construct : {"nearest", "exact", "wider"}
        Whether another construct may stand in for an outcome that a series does not report, and
        whether one that counts more goes before it where a series reports that.
    where : tuple of (column, words)
        For each named column the words that are kept, in order of preference.
    alternatives : bool
        Whether the other reading of a contradicted cell is used where one is recorded.
    overlap : {"kept", "worst-case"}
        Whether series that may share patients are all kept, or the larger one of them alone.
    judged_yes : tuple of str
        Items of the critical appraisal that must be met, or not apply, for a series to enter: one
        that is not appraised does not.
    """

    key: str
    label: str
    description: str
    role: Role = "variant"
    construct: Construct
    where: tuple[tuple[str, tuple[str, ...]], ...]
    alternatives: bool
    overlap: Overlapping = "kept"
    judged_yes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Patients within a series; facets that its sheet leaves empty are those of its parent."""

    key: str
    label: str
    patients: int | None
    parent: str
    facets: tuple[tuple[str, str], ...]
    where: str
    note: str
    address: Address

    def facet(self, name: str) -> str:
        """Return the word of a facet, or an empty string where the paper does not say."""
        return dict(self.facets).get(name, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class AppraisalItem:
    """One item of a critical-appraisal checklist: the judgement and its ground."""

    item: str
    judgement: str
    ground: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One published series: how it was done, its groups, its numbers, its patients."""

    key: str
    fields: tuple[tuple[str, str], ...]
    groups: tuple[Group, ...]
    counts: tuple[Count, ...]
    percentages: tuple[Percentage, ...] = ()
    patients: tuple[Patient, ...]
    appraisal: tuple[AppraisalItem, ...]
    address: Address

    def field(self, name: str) -> str:
        """Return a field of the series' sheet, or an empty string where it is not filled in."""
        return dict(self.fields).get(name, "")

    @property
    def label(self) -> str:
        """Name shown for the series."""
        return self.field("label") or self.key

    @property
    def single_extracted(self) -> bool:
        """Whether nobody has checked the extraction yet."""
        return not self.field("checked_by")

    def group(self, key: str) -> Group:
        """Return a group by key; raises ChoiceError for a word the series does not have."""
        for group in self.groups:
            if group.key == key:
                return group
        raise ChoiceError("group", key, [group.key for group in self.groups])

    def ancestors(self, key: str) -> Iterator[str]:
        """Yield the keys of the groups that contain a group, nearest first."""
        parent = self.group(key).parent
        while parent:
            yield parent
            parent = self.group(parent).parent


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
    fields : tuple of (name, text)
        Title, question, population, search status and other words of the protocol.
    primary_set : str
        Key of the analysis set that leads.
    judgements : tuple of Judgement
        How far answers can be trusted, domain by domain (GRADE).
    differences : tuple of Difference
        What the checks found the papers to say against themselves.
    fingerprint : str
        Hash of every sheet the review was read from, so that a figure can name its data.
    """

    key: str
    fields: tuple[tuple[str, str], ...]
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
    differences: tuple[Difference, ...]
    fingerprint: str

    def field(self, name: str) -> str:
        """Return a text of the protocol (``title``, ``question``, ...), or an empty string."""
        return dict(self.fields).get(name, "")

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
