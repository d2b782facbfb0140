"""Which series may hold the same patients, judged from what their sheets say of themselves.

A score only draws attention: what it means is judged by a person, in overlap.csv.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from toolkit.review.review import Review
from toolkit.review.series import Series
from toolkit.review.words import months_of

LEAST = 3
"""Points from which a pair is to be judged; common authors alone never reach it."""

_REGISTRATION = re.compile(
    r"\b(?:NCT\d{8}|ChiCTR[-A-Z]*\d+|ISRCTN\d+|jRCT\w*\d+|UMIN\d+|DRKS\d+|ACTRN\d+"
    r"|\d{4}-\d{6}-\d{2})\b"
)
_AUTHOR = re.compile(r"^((?:[a-z]{1,3} )*[^\W\d_a-z][\w'’ -]*) ([A-Z])[A-Z]{0,3}$")
_PLACE = re.compile(r"^([^()]+?)\s*(?:\(([^()]*)\))?$")
_COUNTRIES = {
    "us": "United States",
    "usa": "United States",
    "united states of america": "United States",
    "uk": "United Kingdom",
}
"""Countries that papers write in several ways, by a form without capitals, dots and article."""


class _Country(NamedTuple):
    """A country as it is shown, and its centres by their form without capitals."""

    name: str
    centres: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How much speaks for two series holding the same patients.

    Attributes
    ----------
    first, second : Series
        The pair, in the order of the review.
    score : int
        Points for common trial registrations, countries and centres, years, authors and words of
        the groups; 0 where nothing speaks for it or something rules it out.
    evidence : tuple of str
        What was found, one sentence each.
    """

    first: Series
    second: Series
    score: int
    evidence: tuple[str, ...]

    def __str__(self) -> str:
        """Return the pair with its evidence in words."""
        told = " ".join(self.evidence)
        return f"{self.first.key} and {self.second.key} may share patients. {told}"


def likeness(first: Series, second: Series) -> Likeness:
    """Return how much speaks for two series holding the same patients.

    A common trial registration gives 4 points, a common country 2 and a common centre 2 more,
    countries that are not known 1, overlapping years 1, a common author 1, a common word of a
    facet 1; two different registrations take 2 away. Different centres, no common country or
    years that do not meet rule a pair out, unless a registration is common.
    """
    trials = _registrations(first), _registrations(second)
    same = trials[0] & trials[1]
    other = all(trials) and not same
    points, told, ruled_out = _where(first, second)
    when, said, apart = _when(first, second)
    found = [*([f"One registration: {', '.join(sorted(same))}."] if same else []), told, said]
    score = points + when + 4 * bool(same) - 2 * other
    if other:
        found.append("Registered as different trials.")
    if authors := _authors(first) & _authors(second):
        score += 1
        found.append(f"Authors in common: {', '.join(sorted(name for name, _ in authors))}.")
    if words := _words(first) & _words(second):
        score += 1
        found.append(f"Groups alike in {', '.join(sorted({facet for facet, _ in words}))}.")
    possible = bool(same) or not (ruled_out or apart)
    return Likeness(
        first=first,
        second=second,
        score=max(score, 0) if possible else 0,
        evidence=tuple(each for each in found if each),
    )


def unjudged_pairs(review: Review) -> tuple[Likeness, ...]:
    """Return the pairs that overlap.csv ought to judge and does not, likeliest first."""
    judged = {frozenset((each.first, each.second)) for each in review.overlaps}
    found = [
        pair
        for pair in (likeness(*both) for both in combinations(review.series, 2))
        if pair.score >= LEAST and frozenset((pair.first.key, pair.second.key)) not in judged
    ]
    return tuple(sorted(found, key=lambda pair: -pair.score))


def open_pairs(review: Review) -> frozenset[frozenset[str]]:
    """Return the pairs of keys that are not known to be separate.

    These are the pairs judged as possible or shared, and those that nobody has judged yet.
    """
    judged = {
        frozenset((each.first, each.second))
        for each in review.overlaps
        if each.judgement != "separate"
    }
    unjudged = {frozenset((pair.first.key, pair.second.key)) for pair in unjudged_pairs(review)}
    return frozenset(judged | unjudged)


def _registrations(series: Series) -> set[str]:
    """Return the trial registrations of a series."""
    return set(_REGISTRATION.findall(series.other_ids))


def _where(first: Series, second: Series) -> tuple[int, str, bool]:
    """Return points, words, and whether places rule a pair out."""
    one, other = _places(first), _places(second)
    unknown = [each.label for each, places in ((first, one), (second, other)) if not places]
    if unknown:
        return 1, f"Countries of {' and '.join(unknown)} not known.", False
    common = [(one[key], other[key]) for key in sorted(one.keys() & other.keys())]
    if not common:
        return 0, "No country in common.", True
    centres = [
        here.centres[key]
        for here, there in common
        for key in sorted(here.centres.keys() & there.centres.keys())
    ]
    if centres:
        return 4, f"Both {', '.join(centres)}.", False
    if all(here.centres and there.centres for here, there in common):
        return 0, "The same country, different centers.", True
    return 2, f"Both {', '.join(here.name for here, _ in common)}.", False


def _places(series: Series) -> dict[str, _Country]:
    """Return the countries of a series with their estimates; a number of studies names none.

    One place spelled in two ways would silently rule a pair out, so capitals, dots and the usual
    short forms of countries make no difference.
    """
    found: dict[str, _Country] = {}
    for part in re.split(r"[;,](?![^(]*\))", series.countries):
        matched = _PLACE.match(part.strip())
        if matched:
            plain = matched.group(1).casefold().replace(".", "").removeprefix("the ")
            name = _COUNTRIES.get(plain, matched.group(1))
            key = _COUNTRIES.get(plain, plain).casefold()
            centres = found.setdefault(key, _Country(name, {})).centres
            for each in re.split(r"[,;]| and ", matched.group(2) or ""):
                centre = each.strip()
                if centre and not centre[0].isdigit():
                    centres.setdefault(centre.casefold(), centre)
    return found


def _when(first: Series, second: Series) -> tuple[int, str, bool]:
    """Return points, words, and whether years rule a pair out."""
    one, other = _months(first), _months(second)
    if one is None or other is None:
        unknown = [each.label for each, span in ((first, one), (second, other)) if span is None]
        return 0, f"Years of {' and '.join(unknown)} not known.", False
    start, end = max(one[0], other[0]), min(one[1], other[1])
    if start > end:
        return 0, "Treated in different years.", True
    return 1, f"Both treated patients from {_month(start)} to {_month(end)}.", False


def _months(series: Series) -> tuple[int, int] | None:
    """Return the first and the last month of treatment; None where they are not known."""
    span = months_of(series.accrual)
    # An end before its start says nothing of when patients were treated, and excludes nothing.
    return None if span is None or span[0] > span[1] else span


def _month(months: int) -> str:
    """Return a month as it is written in sheets."""
    return f"{months // 12}-{months % 12 + 1:02d}"


def _authors(series: Series) -> set[tuple[str, str]]:
    """Return surname and first initial of the authors that a citation names."""
    names = series.citation.partition(". ")[0].split(",")
    matched = (_AUTHOR.match(name.strip()) for name in names)
    return {(each.group(1), each.group(2)) for each in matched if each}


def _words(series: Series) -> set[tuple[str, str]]:
    """Return every word that a group of a series has in a facet."""
    return {(facet, word) for group in series.groups for facet, word in group.facets if word}
