"""A small review made of nouns, for tests that need one and no sheets."""

from __future__ import annotations

from typing import Any

from toolkit.errors import Address
from toolkit.review.counts import Count
from toolkit.review.method import Method
from toolkit.review.protocol import AnalysisSet, Facet, Outcome
from toolkit.review.review import Review
from toolkit.review.series import Group, Series
from toolkit.review.words import Word

NOWHERE = Address(file="made")


def outcome(key: str, **changes: object) -> Outcome:
    """Return an outcome with plain settings."""
    settings: dict[str, object] = {
        "label": key.upper(),
        "short": key,
        "definition": f"what counts as {key}",
        "kind": "response",
        "direction": "benefit",
        "grade": "",
        "components": (),
        "nearest": (),
        "denominators": ("all_treated", "response_evaluable"),
        "patient_condition": (),
        "method": Method(interval="t"),
        "estimand": "typical",
        "thresholds": (0.3,),
    }
    return Outcome(key=key, **(settings | changes))  # type: ignore[arg-type]


def count(series: str, group: str, key: str, events: int, total: int, **changes: object) -> Count:
    """Return a count read first-hand among all treated patients."""
    settings: dict[str, object] = {
        "grade": "",
        "window": "",
        "status": "",
        "events_low": events,
        "events_high": events,
        "denominator": "all_treated",
        "as_printed": f"{events}/{total}",
        "basis": "reported",
        "source": "primary",
        "where": "Table 2",
        "note": "",
        "address": NOWHERE,
    }
    return Count(
        series=series,
        group=group,
        outcome=key,
        total=total,
        **(settings | changes),  # type: ignore[arg-type]
    )


def group(key: str, patients: int, parent: str = "", **facets: str) -> Group:
    """Return a group with its facets."""
    return Group(
        key=key,
        label=key,
        patients=patients,
        parent=parent,
        facets=tuple(facets.items()),
        where="Table 1",
        note="",
        address=NOWHERE,
    )


def series(key: str, groups: list[Group], counts: list[Count], **fields: Any) -> Series:
    """Return a series with a label and whatever else is given."""
    return Series(
        key=key,
        **({"label": key.title()} | fields),
        groups=tuple(groups),
        counts=tuple(counts),
        patients=(),
        appraisal=(),
        address=NOWHERE,
    )


def analysis_set(key: str, **changes: object) -> AnalysisSet:
    """Return a set that keeps everything unless told otherwise."""
    settings: dict[str, object] = {
        "label": key,
        "description": key,
        "construct": "nearest",
        "where": (),
        "alternatives": False,
    }
    return AnalysisSet(key=key, **(settings | changes))  # type: ignore[arg-type]


def review(
    several: list[Series], sets: list[AnalysisSet], outcomes: list[Outcome], **fields: Any
) -> Review:
    """Return a review with the facets `regimen` and `stage`; the first set is the primary one."""
    facets = tuple(
        Facet(key=name, label=name, words=tuple(Word(key=w, label=w.upper()) for w in words))
        for name, words in {"regimen": ("ab", "ac", "other"), "stage": ("early", "late")}.items()
    )
    return Review(
        key="made",
        **fields,
        facets=facets,
        windows=(Word(key="first", label="First cycle"),),
        outcomes=tuple(outcomes),
        sets=tuple(sets),
        primary_set=sets[0].key,
        series=tuple(several),
        comparators=(),
        reports=(),
        flow=(),
        overlaps=(),
        differences=(),
        fingerprint="made",
    )
