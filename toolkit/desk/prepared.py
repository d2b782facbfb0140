"""Rows that are waiting to be filled in: pairs to judge, domains of an answer, a checklist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from toolkit.analysis.overlap import unjudged_pairs
from toolkit.desk.open_sheet import OpenSheet
from toolkit.errors import SheetError
from toolkit.load import read_raw
from toolkit.review.review import Review
from toolkit.reviewing.recording import protocol_of
from toolkit.sheets.schema.vocabularies import VOCABULARIES


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedRows:
    """Rows that one button adds.

    Attributes
    ----------
    about, why : str
        What they are about, and why they are wanted.
    button : str
        What the button says.
    rows : tuple of mappings
        Each as ``{"cells": {column: text}}``.
    """

    about: str
    why: str
    button: str
    rows: tuple[Mapping[str, Mapping[str, str]], ...]


def prepared(opened: OpenSheet, sheet: str) -> tuple[PreparedRows, ...]:
    """Return what a sheet of the desk has waiting; nothing for most sheets."""
    found = {"overlap": _pairs, "grade": _domains, "appraisal": _items}.get(sheet)
    return tuple(found(opened)) if found else ()


def pairs_to_judge(review: Review, series: str = "") -> tuple[tuple[str, str, str], ...]:
    """Return pairs of series that may share patients, not judged yet, and why."""
    return tuple(
        (pair.first.key, pair.second.key, " ".join(pair.evidence))
        for pair in unjudged_pairs(review)
        if not series or series in (pair.first.key, pair.second.key)
    )


def _pairs(opened: OpenSheet) -> Iterator[PreparedRows]:
    """Yield the pairs that are still to be judged, as far as that can be known."""
    drafted = {
        frozenset((row.get("first", ""), row.get("second", "")))
        for row in opened.draft.sheet("overlap")
    }
    try:
        found = pairs_to_judge(read_raw(opened.raw))
    except SheetError:
        return
    for first, second, why in found:
        if frozenset((first, second)) not in drafted:
            yield PreparedRows(
                about=f"{first} and {second}",
                why=why,
                button="Judge this pair",
                rows=({"cells": {"first": first, "second": second}},),
            )


def _domains(opened: OpenSheet) -> Iterator[PreparedRows]:
    """Yield the domains of every outcome that are not judged yet."""
    judged = {(row.get("outcome"), row.get("domain")) for row in opened.draft.sheet("grade")}
    for key, outcome in protocol_of(opened.raw).outcomes.items():
        missing = [domain for domain in VOCABULARIES["grade_domain"] if (key, domain) not in judged]
        if outcome.shown and missing:
            yield PreparedRows(
                about=outcome.label,
                why=f"{len(missing)} of {len(VOCABULARIES['grade_domain'])} still to be judged",
                button="Judge them",
                rows=tuple({"cells": {"outcome": key, "domain": domain}} for domain in missing),
            )


def _items(opened: OpenSheet) -> Iterator[PreparedRows]:
    """Yield the items of the checklist that are not answered yet."""
    answered = {row.get("item") for row in opened.draft.sheet("appraisal")}
    missing = [item for item in VOCABULARIES["item"] if item not in answered]
    if missing:
        yield PreparedRows(
            about="Critical appraisal",
            why=f"{len(missing)} of {len(VOCABULARIES['item'])} items still to be answered",
            button="Answer them",
            rows=tuple({"cells": {"item": item}} for item in missing),
        )
