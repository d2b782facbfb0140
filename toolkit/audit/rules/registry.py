"""Every rule of the audit over every paper, and each finding once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from toolkit.audit.finding import Finding, Place, Reading
from toolkit.audit.rules.agreement import disagreements, listed_alone, other_times, unlike_totals
from toolkit.audit.rules.cells import (
    containing,
    lone_percentages,
    parts_within_wholes,
    percentages,
    relabelled_grades,
    shared_totals,
    totals,
)
from toolkit.audit.rules.listings import group_sizes, listings
from toolkit.audit.rules.one_place import intervals, ranges
from toolkit.audit.rules.recount import beyond_rows, recounted, spelled_in_several_ways
from toolkit.audit.statements.other_sheets import statements_of_comparators, statements_of_estimates
from toolkit.audit.statements.statement import Statement, statements_of_paper, statements_of_series
from toolkit.errors import Difference
from toolkit.sheets.records import SeriesSheets, Sheets


def findings(sheets: Sheets, differences: Sequence[Difference] = ()) -> tuple[Finding, ...]:
    """Return everything that the papers of a review say against themselves and each other.

    Parameters
    ----------
    sheets : Sheets
        The sheets of a review, free of problems.
    differences : sequence of Difference
        What the checks of the sheets found already; those that no finding covers are kept.
    """
    labels = _labels(sheets)
    found: list[Finding] = []
    for series in sheets.series:
        own = (*statements_of_series(series, labels), *statements_of_estimates(series, labels))
        found.extend(_of_series(series, own))
    found.extend(intervals(statements_of_comparators(sheets, labels)))
    for paper in sheets.papers:
        found.extend(within_paper(statements_of_paper(paper, labels)))
    found.extend(_between(stated(sheets)))
    told = _merged(found)
    return (*told, *_remaining(told, differences))


def stated(sheets: Sheets) -> tuple[Statement, ...]:
    """Return everything that the papers of a review state, patient rows recounted."""
    labels = _labels(sheets)
    everything: list[Statement] = []
    for series in sheets.series:
        own = (*statements_of_series(series, labels), *statements_of_estimates(series, labels))
        everything.extend((*own, *recounted(series, own)))
    for paper in sheets.papers:
        everything.extend(statements_of_paper(paper, labels))
    wholes = {series.key: series.groups[0].row.key for series in sheets.series if series.groups}
    return tuple(
        replace(each, of="") if each.of and wholes.get(each.study) == each.of else each
        for each in everything
    )


def _labels(sheets: Sheets) -> dict[str, str]:
    """Return the short names of outcomes."""
    return {key: part.short for key, part in sheets.protocol.outcomes.items()}


def findings_of_series(series: SeriesSheets, labels: Mapping[str, str]) -> tuple[Finding, ...]:
    """Return what one series says against itself.

    Parameters
    ----------
    series : SeriesSheets
        Its sheets; those drafted from a manuscript will do.
    labels : mapping of key to words
        Names of its quantities where their keys are not words enough.
    """
    own = statements_of_series(series, labels)
    everything = (*own, *recounted(series, own))
    return _merged([*_of_series(series, own), *_between(everything)])


def within_paper(own: Sequence[Statement]) -> Iterator[Finding]:
    """Yield what one paper says against itself, apart from values that stand in two places."""
    sizes = group_sizes(own)
    yield from percentages(own)
    yield from lone_percentages(own)
    yield from shared_totals(own, sizes)
    yield from totals([each for each in own if each.sheet == "statements"], sizes)
    yield from listings([each for each in own if each.study == each.paper], sizes)
    yield from ranges(own)
    yield from intervals(own)
    yield from relabelled_grades(own)


def _of_series(series: SeriesSheets, own: Sequence[Statement]) -> Iterator[Finding]:
    """Yield what one series says against itself, its groups and patient rows included."""
    yield from within_paper(own)
    yield from parts_within_wholes(own, containing(series))
    yield from beyond_rows(series, own)
    yield from spelled_in_several_ways(series)


def _between(everything: Sequence[Statement]) -> Iterator[Finding]:
    """Yield what stands in several places, of one paper or of several."""
    yield from disagreements(everything)
    yield from unlike_totals(everything)
    yield from listings([each for each in everything if each.study != each.paper], {})
    yield from other_times(everything)
    yield from listed_alone(everything)


def _merged(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings once each; the same one at two places is one with both."""
    once: dict[tuple[object, ...], Finding] = {}
    for finding in found:
        words = tuple(reading.words for reading in finding.readings)
        key = (finding.check, finding.paper, finding.subject, words)
        if key not in once:
            once[key] = finding
            continue
        pairs = zip(once[key].readings, finding.readings, strict=True)
        readings = tuple(
            replace(first, places=tuple(dict.fromkeys((*first.places, *second.places))))
            for first, second in pairs
        )
        once[key] = replace(once[key], readings=readings)
    return tuple(once.values())


_ONE_RULE = {"C22": "C07"}
"""A rule that the sheets' own checks know under another identifier."""


def _remaining(told: Sequence[Finding], differences: Sequence[Difference]) -> Iterator[Finding]:
    """Yield differences known from the sheets that no finding covers, as findings."""
    covered = {
        (place.address.file, place.address.line, _ONE_RULE.get(finding.check, finding.check))
        for finding in told
        for place in finding.places
    }
    for each in differences:
        if (each.address.file, each.address.line, each.check) in covered:
            continue
        places = tuple(
            Place(paper=each.series, where=where, as_printed="", address=each.address)
            for where in each.places
        )
        yield Finding(
            check=each.check,
            paper=each.series,
            subject=(each.series, "", each.outcome, "", ""),
            what=each.what,
            readings=(Reading(words=each.what, places=places),),
        )
