"""From a draft to a workbook: proposals to be ticked, statements for the audit, groups for arms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from toolkit.papers.drafting import cohort_sizes
from toolkit.papers.proposal import Draft, Drafted
from toolkit.papers.stated import slug, stated
from toolkit.papers.vocabulary import Vocabulary, vocabulary_of
from toolkit.review.words import GRADES
from toolkit.reviewing.recording import protocol_of
from toolkit.reviewing.workbooks import write_workbook
from toolkit.sheets.csv_files import RawTable
from toolkit.sheets.folder import RawReview, read_tables
from toolkit.sheets.records import review_schema
from toolkit.sheets.schema.cells import SLUG
from toolkit.sheets.schema.schema import PROPOSALS, Kind


def make_drafted_workbook(review: Path, series: str, draft: Draft, output: Path) -> Path:
    """Write the workbook of a series with what a draft proposes, and return its path.

    What is recorded of the series stays; nothing that is proposed is a count yet. The worksheet
    *proposals* holds every quantity with its place and an empty column ``accepted_by``.

    Raises
    ------
    SheetError
        If review.toml, or a sheet of this series, cannot be read.
    ToolkitError
        If the key is not plain or the file cannot be written.
    """
    raw = read_tables(review)
    found = drafted_rows(raw, series, draft)
    schema = review_schema(protocol_of(raw))
    tables = {name: _table(schema.kind(name), rows) for name, rows in found.items() if rows}
    return write_workbook(review, series, output, tables)


def drafted_rows(raw: RawReview, series: str, draft: Draft) -> dict[str, list[dict[str, str]]]:
    """Return what a draft puts beside the record of a series: rows by sheet and column.

    Groups and statements are drafted only where the series has none; raises SheetError where
    review.toml cannot be used.
    """
    words = vocabulary_of(protocol_of(raw))
    recorded = {name for (key, name) in raw.tables if key == series}
    found = {PROPOSALS: proposal_rows(draft, words)}
    if "groups" not in recorded:
        found["groups"] = _groups(draft)
    if "statements" not in recorded:
        found["statements"] = _statements(draft, words)
    return found


def proposal_rows(draft: Draft, words: Vocabulary) -> list[dict[str, str]]:
    """Return the rows of the sheet: proposals, then what differs, then what is to be assigned."""
    cohort = cohort_sizes(draft.document)
    rows: dict[tuple[str, ...], dict[str, str]] = {}
    for each in (*draft.proposals, *draft.statements, *draft.unmatched):
        if each.standing == "statement" and each.quantity.events is None:
            continue
        if each.time_years is not None or not each.where or not each.quantity.as_printed:
            continue
        row = _row(each, draft.document.sha256, words, cohort)
        name = tuple(row[key] for key in ("where", "as_printed", "outcome", "grade", "group"))
        rows.setdefault(name, row)
    return list(rows.values())


def _row(each: Drafted, paper: str, words: Vocabulary, cohort: frozenset[int]) -> dict[str, str]:
    """Return one quantity as a row of the sheet."""
    proposed = each.standing == "proposal"
    graded = bool(each.outcome) and words.terms[each.outcome].graded
    return {
        "as_printed": each.quantity.as_printed[:80],
        "events": "" if each.events is None else str(each.events),
        "total": "" if each.total is None else str(each.total),
        "percent": each.quantity.percent,
        "outcome": each.outcome,
        "grade": each.grade if each.grade in GRADES else "",
        "group": group_key(each.group),
        "denominator": _denominator(each, cohort, graded=graded),
        "basis": "derived" if each.basis == "derived" else "drafted",
        "where": each.where,
        "rule": each.quantity.rule,
        "reason": each.reason[:200] if not proposed else _to_look_at(each, graded=graded),
        "paper": paper,
        "accepted_by": "",
    }


def group_key(group: str) -> str:
    """Return the key of a group by its words; all where there are none."""
    key = slug(group)
    return key if key and SLUG.fullmatch(key) else "all"


def _to_look_at(each: Drafted, *, graded: bool) -> str:
    """Return what a person should look at before a proposal is accepted."""
    said = [each.reason] if each.reason else []
    if graded and not each.grade:
        said.append("no grade is named; fill it in")
    if each.denominator == "text":
        said.append("the total is that of the text")
    return "; ".join(said)


def _denominator(each: Drafted, cohort: frozenset[int], *, graded: bool) -> str:
    """Return whom a total counts, where that is plain."""
    if each.total is None or not each.outcome:
        return ""
    if each.group:
        return "subgroup"
    if each.total in cohort:
        return "all_treated"
    return "ae_evaluable" if graded else ""


def _groups(draft: Draft) -> list[dict[str, str]]:
    """Return the groups that proposals speak of, all patients first."""
    cohort = cohort_sizes(draft.document)
    size = str(next(iter(cohort))) if len(cohort) == 1 else ""
    rows = {"all": {"key": "all", "label": "All patients", "patients": size, "where": "Abstract"}}
    for each in draft.proposals:
        key = group_key(each.group)
        if key not in rows:
            head = each.denominator in {"head", "section", "sentence"} and each.total
            rows[key] = {
                "key": key,
                "label": each.group[:60],
                "patients": str(each.total) if head else "",
                "parent": "all",
                "where": each.where,
            }
    return list(rows.values())


def _statements(draft: Draft, words: Vocabulary) -> list[dict[str, str]]:
    """Return what the paper states, as rows of statements; single patients left out."""
    found = stated(draft.document, words)
    return [each.cells() for each in found if not each.rows and each.quantity]


def _table(kind: Kind, rows: Sequence[Mapping[str, str]]) -> RawTable:
    """Return rows as a sheet."""
    return RawTable(
        file=kind.file,
        sheet=kind.name,
        heading=kind.columns,
        letters=(),
        rows=tuple(
            (number, tuple(row.get(column, "") for column in kind.columns))
            for number, row in enumerate(rows, start=2)
        ),
    )
