"""One published series: its groups of patients, its appraisal, its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.errors import Address, ChoiceError
from toolkit.review.counts import Count, MedianTime, Patient, Percentage


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
class ReportingRule:
    """Which adverse events a report lists, so that one it does not list is known to lie below.

    Attributes
    ----------
    rule : {"at-least", "more-than"}
    value : float
        The limit, in the unit.
    unit : {"percent", "count"}
        Percent of the patients of the group, or patients.
    """

    group: str
    grade: str
    rule: str
    value: float
    unit: str
    where: str
    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One published series: how it was done, its groups, its numbers, its patients.

    A text is empty, and a number None, where the sheet does not fill it in.

    Attributes
    ----------
    label : str
        Name shown for the series.
    countries, accrual, other_ids : str
        Where and when patients were treated, and registrations, as the sheet writes them.
    extracted_by, checked_by : str
        Who filled in the sheets, and who checked them; nobody yet where empty.
    declared : tuple of (key, text)
        The further fields that the protocol declares for every series.
    """

    key: str
    label: str
    citation: str = ""
    year: int | None = None
    doi: str = ""
    other_ids: str = ""
    countries: str = ""
    design: str = ""
    accrual: str = ""
    patients_enrolled: int | None = None
    toxicity_criteria: str = ""
    followup: str = ""
    report_read: str = ""
    read_in: str = ""
    extracted_by: str = ""
    checked_by: str = ""
    note: str = ""
    declared: tuple[tuple[str, str], ...] = ()
    groups: tuple[Group, ...]
    counts: tuple[Count, ...]
    percentages: tuple[Percentage, ...] = ()
    medians: tuple[MedianTime, ...] = ()
    patients: tuple[Patient, ...]
    appraisal: tuple[AppraisalItem, ...]
    reporting: tuple[ReportingRule, ...] = ()
    address: Address

    def field(self, column: str) -> str:
        """Return the text of a field, declared ones included, for a table with one column each."""
        for key, text in self.declared:
            if key == column:
                return text
        value = getattr(self, column)
        return "" if value is None else str(value)

    @property
    def single_extracted(self) -> bool:
        """Whether nobody has checked the extraction yet."""
        return not self.checked_by

    def group(self, key: str) -> Group:
        """Return a group by key; raises ChoiceError for a word the series does not have."""
        for group in self.groups:
            if group.key == key:
                return group
        raise ChoiceError("group", key, [group.key for group in self.groups])

    def number(self, address: Address | None) -> Count | Percentage:
        """Return the count or percentage that stands at an address; raises LookupError."""
        numbers: tuple[Count | Percentage, ...] = (*self.counts, *self.percentages)
        for number in numbers:
            if number.address == address:
                return number
        raise LookupError(f"{self.key} has no number at {address}")

    def ancestors(self, key: str) -> Iterator[str]:
        """Yield the keys of the groups that contain a group, nearest first."""
        parent = self.group(key).parent
        while parent:
            yield parent
            parent = self.group(parent).parent
