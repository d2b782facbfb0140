"""Results of a trial as ClinicalTrials.gov gives them (JSON, API version 2)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from toolkit.papers.characters import tidy
from toolkit.papers.document import (
    EMPTY,
    Document,
    PaperCell,
    PaperTable,
    Paragraph,
    Row,
    rectangle,
)
from toolkit.papers.limits import PaperError

Json = Mapping[str, Any]

_COUNTS = {"COUNT_OF_PARTICIPANTS"}
_PEOPLE = {"participants", "participant", "patients", "patient", "subjects", "subject"}
_SPREAD = {"MEAN": "mean", "MEDIAN": "median", "GEOMETRIC_MEAN": "geometric mean"}


def read_registry(data: bytes) -> Document:
    """Return a record's results as tables: participants affected, never numbers of events.

    Raises
    ------
    PaperError
        If the file is broken JSON, holds no results, or holds several records.
    """
    try:
        record = json.loads(data)
    except RecursionError as error:
        raise PaperError("The JSON nests too deeply for a record of a register.") from error
    except ValueError as error:
        raise PaperError(f"The JSON is broken: {error}.") from error
    study = _study(record)
    results = study.get("resultsSection")
    if not isinstance(results, Mapping):
        raise PaperError(
            "The JSON holds no results of a trial: it has no resultsSection, as a record of "
            "ClinicalTrials.gov with results has."
        )
    about = _mapping(_mapping(study.get("protocolSection")).get("identificationModule"))
    try:
        tables = tuple(_tables(results))
    except (AttributeError, TypeError, KeyError) as error:
        raise PaperError(
            "The resultsSection is not built as that of ClinicalTrials.gov (API version 2)."
        ) from error
    described = _mapping(_mapping(study.get("protocolSection")).get("descriptionModule"))
    texts = [
        ("Summary", described.get("briefSummary")),
        ("Description", described.get("detailedDescription")),
    ]
    return Document(
        form="registry",
        title=tidy(
            str(about.get("officialTitle") or about.get("briefTitle") or about.get("nctId") or "")
        ),
        paragraphs=tuple(
            Paragraph(number=number, section=(section,), text=tidy(str(text)))
            for number, (section, text) in enumerate(texts, start=1)
            if text
        ),
        tables=tables,
    )


def _study(record: object) -> Json:
    """Return the one study of a record or of a list of records."""
    if isinstance(record, Mapping) and isinstance(record.get("studies"), list):
        record = record["studies"]
    if isinstance(record, list):
        if len(record) != 1:
            raise PaperError(f"The JSON holds {len(record)} records; draft from one at a time.")
        record = record[0]
    if not isinstance(record, Mapping):
        raise PaperError("The JSON holds no record of a trial.")
    return record


def _mapping(value: object) -> Json:
    """Return a table of the record, empty where it is none."""
    return value if isinstance(value, Mapping) else {}


def _listed(value: object) -> Sequence[Json]:
    """Return the tables of a list of the record."""
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _tables(results: Json) -> Iterator[PaperTable]:
    """Yield every table of the results."""
    yield from _baseline(_mapping(results.get("baselineCharacteristicsModule")))
    yield from _outcomes(_mapping(results.get("outcomeMeasuresModule")))
    yield from _adverse_events(_mapping(results.get("adverseEventsModule")))


def _text(value: object) -> PaperCell:
    """Return a cell of what the record says."""
    return PaperCell(text=tidy(str(value))) if value not in (None, "") else EMPTY


def _adverse_events(module: Json) -> Iterator[PaperTable]:
    """Yield all-cause mortality, serious and other adverse events, group by group."""
    groups = _listed(module.get("eventGroups"))
    if not groups:
        return
    header = rectangle([[_text("Adverse event"), *(_text(each.get("title")) for each in groups)]])
    period = tidy(str(module.get("timeFrame") or ""))
    deaths = [_share(each.get("deathsNumAffected"), each.get("deathsNumAtRisk")) for each in groups]
    if any(each.text for each in deaths):
        yield PaperTable(
            label="All-cause mortality",
            caption=period,
            header=header,
            body=rectangle([[_text("All-cause mortality"), *deaths]]),
        )
    notes = tuple(tidy(str(text)) for key in ("description",) if (text := module.get(key)))
    for key, label, total in (
        ("seriousEvents", "Serious adverse events", "serious"),
        ("otherEvents", "Other adverse events", "other"),
    ):
        rows: list[list[PaperCell]] = [
            [
                _text(f"Participants with {label.lower()}"),
                *(
                    _share(each.get(f"{total}NumAffected"), each.get(f"{total}NumAtRisk"))
                    for each in groups
                ),
            ]
        ]
        rows = rows if any(each.text for each in rows[0][1:]) else []
        system = ""
        for event in sorted(
            _listed(module.get(key)), key=lambda each: str(each.get("organSystem") or "")
        ):
            if (named := tidy(str(event.get("organSystem") or ""))) != system:
                system = named
                rows.append([_text(system)])
            stats = {str(each.get("groupId")): each for each in _listed(event.get("stats"))}
            shares = []
            for group in groups:
                own = stats.get(str(group.get("id")), {})
                at_risk = own.get("numAtRisk", group.get(f"{total}NumAtRisk"))
                shares.append(_share(own.get("numAffected"), at_risk))
            rows.append([_text(event.get("term")), *shares])
        if rows:
            width = len(groups) + 1
            body = rectangle([*rows, [EMPTY] * width])[:-1]
            yield PaperTable(
                label=label,
                caption=period,
                header=header,
                body=body,
                notes=notes,
                remark=f"{total} events alone; the register counts serious and other ones apart",
            )


def _share(affected: object, at_risk: object) -> PaperCell:
    """Return participants affected of those at risk."""
    if affected in (None, "") or at_risk in (None, ""):
        return EMPTY
    return PaperCell(text=f"{affected}/{at_risk}")


def _outcomes(module: Json) -> Iterator[PaperTable]:
    """Yield one table for each outcome measure that reports results."""
    numbers: dict[str, int] = {}
    for measure in _listed(module.get("outcomeMeasures")):
        kind = str(measure.get("type") or "Outcome").replace("_", " ").capitalize()
        numbers[kind] = numbers.get(kind, 0) + 1
        body = _rows(measure)
        if body:
            frame = tidy(str(measure.get("timeFrame") or ""))
            yield PaperTable(
                label=f"{kind} outcome {numbers[kind]}",
                caption=tidy(f"{measure.get('title') or ''}{f' ({frame})' if frame else ''}"),
                header=_head(measure),
                body=body,
                notes=tuple(
                    tidy(str(text))
                    for key in ("populationDescription", "description")
                    if (text := measure.get(key))
                ),
            )


def _baseline(module: Json) -> Iterator[PaperTable]:
    """Yield what the participants were like at the start."""
    for number, measure in enumerate(_listed(module.get("measures")), start=1):
        whole = {**measure, "groups": module.get("groups")}
        whole["denoms"] = measure.get("denoms") or module.get("denoms")
        if body := _rows(whole):
            yield PaperTable(
                label=f"Baseline characteristics {number}",
                caption=tidy(str(measure.get("title") or "")),
                header=_head(whole),
                body=body,
            )


def _head(measure: Json) -> tuple[Row, ...]:
    """Return the row of groups with how many participants each has."""
    totals = _totals(measure.get("denoms"))
    unit = tidy(str(measure.get("unitOfMeasure") or ""))
    statistic = _SPREAD.get(str(measure.get("paramType") or "").upper(), "")
    unit = f"{statistic}, {unit}" if statistic else unit
    heads = [
        _text(
            f"{tidy(str(each.get('title') or ''))}"
            + (f" (N = {n})" if (n := totals.get(str(each.get("id")))) else "")
        )
        for each in _listed(measure.get("groups"))
    ]
    return ((_text(unit or "Measure"), *heads),)


def _totals(denoms: object) -> dict[str, str]:
    """Return the participants analyzed in each group."""
    for each in _listed(denoms):
        if str(each.get("units") or "Participants").lower() in _PEOPLE:
            return {
                str(count.get("groupId")): str(count.get("value"))
                for count in _listed(each.get("counts"))
                if count.get("value") not in (None, "")
            }
    return {}


def _rows(measure: Json) -> tuple[Row, ...]:
    """Return one row for each category of each class of a measure."""
    groups = [str(each.get("id")) for each in _listed(measure.get("groups"))]
    whole = _totals(measure.get("denoms"))
    title = tidy(str(measure.get("title") or ""))
    rows: list[list[PaperCell]] = []
    classes = _listed(measure.get("classes"))
    for part in classes:
        totals = {**whole, **_totals(part.get("denoms"))}
        categories = _listed(part.get("categories"))
        named = tidy(str(part.get("title") or ""))
        if named and any(each.get("title") for each in categories):
            rows.append([_text(named)])
            named = ""
        for category in categories:
            label = tidy(str(category.get("title") or "")) or named or title
            given = {
                str(each.get("groupId")): each for each in _listed(category.get("measurements"))
            }
            rows.append(
                [
                    _text(label),
                    *(_measured(measure, given.get(group), totals.get(group)) for group in groups),
                ]
            )
    width = len(groups) + 1
    return rectangle([*rows, [EMPTY] * width])[:-1] if rows else ()


def _measured(measure: Json, given: Json | None, total: str | None) -> PaperCell:
    """Return one measurement as a paper would print it."""
    value = tidy(str(given.get("value") if given else "") or "")
    if given is None or not value or value == "None":
        return EMPTY
    kind = str(measure.get("paramType") or "").upper()
    unit = tidy(str(measure.get("unitOfMeasure") or "")).lower()
    low, high = (tidy(str(given.get(key) or "")) for key in ("lowerLimit", "upperLimit"))
    spread = tidy(str(given.get("spread") or ""))
    people = unit in _PEOPLE
    if (kind in _COUNTS or (kind == "NUMBER" and people)) and value.isdigit():
        return PaperCell(text=f"{value}/{total}" if total else value)
    around = f" ({low} to {high})" if low and high else f" ({spread})" if spread else ""
    percent = unit.startswith(("percent", "%", "proportion of participants in percent"))
    if kind in {"NUMBER", "COUNT_OF_UNITS"} and percent:
        return PaperCell(text=f"{value}%{around}")
    return PaperCell(text=f"{value}{around}")
