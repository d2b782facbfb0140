"""One published series: its groups of patients, its appraisal, its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.errors import Address, ChoiceError
from toolkit.review.counts import Count, Patient, Percentage


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
