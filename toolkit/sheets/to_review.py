"""From checked sheets to the nouns of a review; nothing here looks for mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from toolkit.errors import Difference
from toolkit.review.counts import Count, MedianTime, Patient, Percentage
from toolkit.review.protocol import AnalysisSet, Declarations, Eligibility, Facet, Outcome
from toolkit.review.review import (
    NEXT_PATIENTS,
    Comparator,
    FlowBox,
    Judgement,
    Overlap,
    Report,
    Review,
)
from toolkit.review.series import AppraisalItem, Group, ReportingRule, Series
from toolkit.review.words import Word
from toolkit.sheets.protocol.order import outcome_order
from toolkit.sheets.protocol.protocol import OutcomePart, Part, Protocol
from toolkit.sheets.protocol.read import headline_method
from toolkit.sheets.records import Line, SeriesSheets, Sheets
from toolkit.sheets.schema.median_row import MedianRow
from toolkit.sheets.schema.review_rows import ComparatorRow
from toolkit.sheets.schema.series_rows import CountRow, EstimateRow, GroupRow, PatientRow, SeriesRow
from toolkit.sheets.schema.vocabularies import VOCABULARIES


def review(sheets: Sheets, differences: Sequence[Difference]) -> Review:
    """Return the review that problem-free sheets describe."""
    protocol = sheets.protocol
    following = protocol.next_patients
    return Review(
        key=sheets.key,
        title=protocol.title,
        authors=tuple(protocol.authors),
        question=protocol.question,
        population=protocol.population,
        leading_harms=tuple(protocol.leading_harms),
        eligibility=Eligibility(**_tuples(protocol.eligibility)),
        declarations=Declarations(**_tuples(protocol.declarations)),
        status=protocol.status,
        last_search=protocol.search.last_search,
        sources=tuple(protocol.search.sources),
        search_note=protocol.search.note,
        series_fields=_words(protocol.series_fields),
        subgroups=tuple(protocol.subgroups.by),
        next_patients=NEXT_PATIENTS if following is None else following.patients,
        facets=tuple(
            Facet(key=key, label=facet.label, words=_words(facet.words))
            for key, facet in protocol.facets.items()
        ),
        windows=_words(protocol.windows),
        outcomes=tuple(_outcome(protocol, key, part) for key, part in protocol.outcomes.items()),
        sets=tuple(
            AnalysisSet(
                key=key,
                label=part.label,
                description=part.description,
                role=part.role or "variant",
                construct=part.construct_word or "nearest",
                where=tuple((column, tuple(words)) for column, words in part.where.items()),
                alternatives=bool(part.alternatives),
                overlap=part.overlap or "kept",
                judged_yes=tuple(part.judged_yes or ()),
            )
            for key, part in protocol.full_sets().items()
        ),
        primary_set=protocol.primary_set,
        order=outcome_order(protocol),
        series=tuple(
            _series(each, tuple(protocol.facets), tuple(protocol.series_fields))
            for each in sheets.series
        ),
        comparators=tuple(_comparator(line) for line in sheets.comparators),
        reports=tuple(Report(**line.row.model_dump()) for line in sheets.reports),
        flow=tuple(FlowBox(**line.row.model_dump()) for line in sheets.flow),
        overlaps=tuple(Overlap(**line.row.model_dump()) for line in sheets.overlap),
        judgements=tuple(Judgement(**line.row.model_dump()) for line in sheets.grade),
        differences=tuple(differences),
        fingerprint=sheets.fingerprint,
    )


def _tuples(part: Part) -> dict[str, Any]:
    """Return the entries of a part of the protocol, lists as tuples."""
    return {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in part.model_dump().items()
    }


def _words(labels: dict[str, str]) -> tuple[Word, ...]:
    """Return a vocabulary in its order of preference."""
    return tuple(Word(key=key, label=label) for key, label in labels.items())


def _outcome(protocol: Protocol, key: str, part: OutcomePart) -> Outcome:
    """Return one outcome with the headline method of its kind."""
    method = protocol.methods[part.kind]
    denominators = part.denominators
    if denominators is None:
        denominators = [word for word in VOCABULARIES["denominator"] if word != "responders"]
    return Outcome(
        key=key,
        label=part.label,
        short=part.short,
        definition=part.definition,
        kind=part.kind,
        direction=part.direction,
        grade=part.grade,
        components=tuple(part.components),
        nearest=tuple(part.nearest),
        wider=tuple(part.wider),
        denominators=tuple(denominators),
        patient_condition=tuple(part.patient_condition.items()),
        method=headline_method(method),
        estimand=method.estimand,
        thresholds=tuple(part.thresholds),
        thresholds_why=part.thresholds_why,
        shown=part.shown,
        reading=method.reading or ("stand-in" if part.nearest else "as-defined"),
        rung_prior=method.rung_prior,
        time_years=part.time_years,
    )


def _series(sheets: SeriesSheets, facets: tuple[str, ...], declared: tuple[str, ...]) -> Series:
    """Return one series."""
    about = sheets.about
    if about is None:
        raise AssertionError(f"{sheets.key} was not checked before it was read")
    return Series(
        key=sheets.key,
        **{name: getattr(about.row, name) for name in SeriesRow.model_fields},
        declared=tuple((name, about.cells[name]) for name in declared),
        groups=_groups(sheets.groups, facets),
        counts=tuple(_count(sheets.key, line) for line in sheets.counts),
        percentages=tuple(_percentage(sheets.key, line) for line in sheets.estimates),
        medians=tuple(_median(sheets.key, line) for line in sheets.medians),
        patients=tuple(_patient(line) for line in sheets.patients),
        appraisal=tuple(AppraisalItem(**line.row.model_dump()) for line in sheets.appraisal),
        reporting=tuple(
            ReportingRule(**line.row.model_dump(), address=line.at()) for line in sheets.reporting
        ),
        address=about.at(),
    )


def inherited_facets(
    lines: Sequence[Line[GroupRow]], facets: Sequence[str]
) -> dict[str, dict[str, str]]:
    """Return the facets of every group by key; an empty cell is filled from the parent."""
    rows = {line.row.key: line.row for line in lines}
    found: dict[str, dict[str, str]] = {}
    for key in rows:
        words = dict.fromkeys(facets, "")
        at, seen = key, set[str]()
        while at in rows and at not in seen:
            seen.add(at)
            words = {facet: words[facet] or getattr(rows[at], facet) for facet in facets}
            at = rows[at].parent
        found[key] = words
    return found


def _groups(lines: Sequence[Line[GroupRow]], facets: tuple[str, ...]) -> tuple[Group, ...]:
    """Return the groups of a series with inherited facets."""
    inherited = inherited_facets(lines, facets)
    return tuple(
        Group(
            key=line.row.key,
            label=line.row.label,
            patients=line.row.patients,
            parent=line.row.parent,
            facets=tuple(inherited[line.row.key].items()),
            where=line.row.where,
            note=line.row.note,
            address=line.at(),
        )
        for line in lines
    )


def _count(series: str, line: Line[CountRow]) -> Count:
    """Return one count; a cell that is not reported carries no patients at all."""
    row = line.row
    events = row.events
    return Count(
        series=series,
        events_low=0 if events is None else events.low,
        events_high=0 if events is None else events.high,
        total=row.total or 0,
        address=line.at(),
        **row.model_dump(exclude={"events", "total"}),
    )


def _percentage(series: str, line: Line[EstimateRow]) -> Percentage:
    """Return one percentage as proportions; one not reported carries no patients at all."""
    row = line.row
    printed = ("percent", "low_percent", "high_percent")
    decimals = max(len(line.cells[column].partition(".")[2]) for column in printed)
    low, high, error = (
        None if percent is None else percent / 100
        for percent in (row.low_percent, row.high_percent, row.standard_error_percent)
    )
    return Percentage(
        series=series,
        proportion=(row.percent or 0.0) / 100,
        low=low,
        high=high,
        level=0.95 if row.level_percent is None else row.level_percent / 100,
        standard_error=error,
        decimals=decimals,
        patients=row.patients or 0,
        address=line.at(),
        **row.model_dump(exclude={*printed, "level_percent", "standard_error_percent", "patients"}),
    )


def _median(series: str, line: Line[MedianRow]) -> MedianTime:
    """Return one median as printed."""
    row = line.row
    return MedianTime(
        series=series,
        level=0.95 if row.level_percent is None else row.level_percent / 100,
        address=line.at(),
        **row.model_dump(exclude={"level_percent"}),
    )


def _patient(line: Line[PatientRow]) -> Patient:
    """Return one patient row."""
    cells = tuple((name, text) for name, text in line.cells.items() if name != "patient")
    return Patient(key=line.row.patient, cells=cells, address=line.at())


def _comparator(line: Line[ComparatorRow]) -> Comparator:
    """Return one comparator, percentages as proportions."""
    row = line.row
    estimate, low, high = (
        None if percent is None else percent / 100
        for percent in (row.percent, row.low_percent, row.high_percent)
    )
    if estimate is None and row.events is not None and row.total is not None:
        estimate = row.events / row.total
    return Comparator(
        estimate=estimate,
        low=low,
        high=high,
        address=line.at(),
        **row.model_dump(exclude={"percent", "low_percent", "high_percent", "note"}),
    )
