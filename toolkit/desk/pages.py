"""The pages of the desk: records for the templates, which bring the words."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from toolkit import __version__
from toolkit.desk.checking import CellProblem
from toolkit.desk.desk import Desk
from toolkit.desk.draft_files import ASIDE, other_drafts
from toolkit.desk.editing import is_complete
from toolkit.desk.forms import form, places, row_name, row_value, tabs
from toolkit.desk.open_sheet import OpenSheet
from toolkit.desk.outcome_words import DIRECTIONS
from toolkit.desk.paper_numbers import OpenPaper, PaperNumber
from toolkit.desk.prepared import pairs_to_judge, prepared
from toolkit.desk.sheet_draft import Scope
from toolkit.errors import SheetError
from toolkit.load import check_tables, read_raw
from toolkit.review.words import GRADES
from toolkit.reviewing.plan import MEASURES
from toolkit.reviewing.recording import protocol_of
from toolkit.sheets.folder import RawReview, read_tables
from toolkit.sheets.schema.schema import PROPOSALS, REVIEW_SHEETS, Kind
from toolkit.sheets.schema.vocabularies import VOCABULARIES

TEMPLATES = Path(__file__).parent / "templates"
_SECONDS = 5


@cache
def _environment() -> Environment:
    """Return the environment of all pages, in which every text is escaped."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "version": __version__,
        "MEASURES": MEASURES,
        "VOCABULARIES": VOCABULARIES,
        "GRADES": GRADES,
    }
    return made


def _page(template: str, **records: Any) -> str:
    """Return a page or a part of one."""
    return _environment().get_template(f"{template}.html.jinja").render(records)


def refusal(told: Mapping[str, object]) -> str:
    """Return a page that says why there is none."""
    return _page("refusal", told=told)


def home(desk: Desk) -> str:
    """Return the reviews that lie on the desk, and a form for a new one."""
    known = []
    for name, folder in sorted(desk.reviews.items()):
        raw = read_tables(folder)
        try:
            protocol = protocol_of(raw)
        except SheetError:
            known.append((name, name, "", len(raw.series)))
        else:
            known.append((name, protocol.title, protocol.question, len(raw.series)))
    return _page("home", reviews=known)


def review(desk: Desk, name: str) -> str:
    """Return one review: series, sheets of the whole, what is to be judged."""
    folder = desk.folder(name)
    raw = read_tables(folder)
    sheets, found = check_tables(raw)
    about = {each.key: each.about.row for each in sheets.series if each.about} if sheets else {}
    rows = []
    for key in sorted({*raw.series, *_drafted(folder)}):
        row = about.get(key)
        counts = [raw.tables.get((key, sheet)) for sheet in ("counts", "estimates")]
        rows.append(
            {
                "key": key,
                "label": row.label if row else "",
                "numbers": sum(len(each.rows) for each in counts if each),
                "extracted_by": row.extracted_by if row else "",
                "checked_by": row.checked_by if row else "",
                "recorded": key in raw.series,
                "drafted": any(other_drafts(folder, f"series-{key}", folder)),
                "problems": sum(
                    each.address.file.startswith(f"series/{key}/") for each in found.problems
                ),
            }
        )
    whole = [file.removesuffix(".csv") for file in REVIEW_SHEETS]
    held = {sheet: raw.tables.get(("", sheet)) for sheet in whole}
    pairs = () if found.problems or sheets is None else pairs_to_judge(read_raw(raw))
    return _page(
        "review",
        name=name,
        title=sheets.protocol.title if sheets else name,
        question=sheets.protocol.question if sheets else "",
        series=rows,
        sheets=[(sheet, len(table.rows) if table else 0) for sheet, table in held.items()],
        pairs=pairs,
        kinds=list(sheets.protocol.methods) if sheets else [],
        directions=DIRECTIONS,
        problems=[str(each) for each in found.problems[:50]],
    )


def _drafted(folder: Path) -> set[str]:
    """Return the keys of series of which there is a draft."""
    return {
        path.name.removeprefix("series-").partition(".")[0]
        for path in (folder / ASIDE).glob("series-*.json")
    }


def sheet_page(opened: OpenSheet, paper: OpenPaper | None, changed: Sequence[str]) -> str:
    """Return the desk with one series, or one sheet of the review, on it."""
    scope = opened.scope
    problems = opened.problems
    return _page(
        "sheet_page",
        scope=scope,
        title=scope.series or scope.sheet,
        review_title=protocol_of(opened.raw).title,
        version_of_draft=opened.version,
        changed=opened.draft.changed,
        recorded=scope.series in opened.raw.series if scope.series else True,
        undo=bool(opened.past),
        elsewhere=changed,
        others=len([*other_drafts(opened.folder, scope.name, opened.file.path)]),
        problems=places(problems),
        pane=Markup(pane(opened, _first_sheet(opened), None, problems)),
        paper=Markup(globals()["paper"](opened, paper)) if scope.series else "",
    )


def _first_sheet(opened: OpenSheet) -> str:
    """Return the sheet with which a page begins: the proposals of a paper, else the first."""
    waiting = any(not row.get("accepted_by") for row in opened.draft.sheet(PROPOSALS))
    return PROPOSALS if waiting else opened.kinds[0].name


def named(kind: Kind, row: Mapping[str, str], at: int) -> dict[str, str]:
    """Return a row as its line in the list says it."""
    return {"name": row_name(kind, row) or f"row {at + 1}", "value": row_value(kind, row)}


def pane(
    opened: OpenSheet,
    sheet: str,
    row: int | None,
    problems: Sequence[CellProblem] | None = None,
) -> str:
    """Return one sheet: its rows in a line each, one of them open as a form."""
    kind = opened.kind(sheet)
    found = opened.problems if problems is None else problems
    rows = opened.draft.sheet(sheet) or (({},) if kind.upright else ())
    at = 0 if kind.upright else row if row is not None and row < len(rows) else None
    about = opened.draft.sheet("series")
    return _page(
        "pane",
        kind=kind,
        tabs=tabs(opened, found),
        about=next(tab.about for tab in tabs(opened, found) if tab.name == sheet)
        if rows or sheet not in {PROPOSALS, "reconciled"}
        else "",
        rows=[
            {
                **named(kind, each, number),
                "problems": sum(p.sheet == sheet and p.row == number for p in found),
                "accepted": each.get("accepted_by", ""),
                "complete": sheet != PROPOSALS or is_complete(each),
                "where": each.get("where", "") if sheet == PROPOSALS else "",
            }
            for number, each in enumerate(rows)
        ],
        open_row=at,
        fields=form(opened, kind, rows[at]) if at is not None else (),
        whole=[each.problem for each in found if each.sheet == sheet and each.row is None],
        person=about[0].get("extracted_by", "") if about else "",
        prepared=prepared(opened, sheet),
        scope=opened.scope,
    )


def paper(opened: OpenSheet, found: OpenPaper | None) -> str:
    """Return the paper of a series, or where one can be laid."""
    rows = {
        (row.get("where", ""), row.get("as_printed", "")): (at, bool(row.get("accepted_by")))
        for at, row in enumerate(opened.draft.sheet(PROPOSALS))
    }

    def standing(number: PaperNumber) -> tuple[int, str]:
        at, accepted = rows.get((number.where, number.printed[:80]), (-1, False))
        return at, "accepted" if accepted else number.standing if at >= 0 else ""

    return _page(
        "paper",
        paper=found,
        standing=standing,
        lost=bool(opened.draft.paper) and found is None,
        name=opened.draft.paper_name,
        here=opened.scope.series,
    )


def preview(desk: Desk, opened: OpenSheet, chosen: str) -> str:
    """Return the answers that a draft touches, one of them drawn without and with the series."""
    # What pools and draws takes seconds to load: the first page does not wait for it.
    from toolkit.analysis.unused_numbers import unused_numbers
    from toolkit.desk.live_preview import drafted_review, touched

    scope: Scope = opened.scope
    raw: RawReview = opened.raw
    try:
        drafted = drafted_review(raw, scope, opened.draft.rows)
    except SheetError as refused:
        elsewhere = [
            str(each)
            for each in refused.problems
            if not each.address.file.startswith(f"series/{scope.series}/")
        ]
        return _page(
            "preview", waits=len(refused.problems), elsewhere=elsewhere, answers=(), unused=()
        )
    answers = touched(drafted, scope.series)
    own = f"series/{scope.series}/"
    unused = [str(each) for each in unused_numbers(drafted) if each.address.file.startswith(own)]
    picked = next(
        (each for each in answers if f"{each.outcome}/{each.analysis_set}" == chosen),
        answers[0] if answers else None,
    )
    state = f"{raw.fingerprint} {opened.version}"
    return _page(
        "preview",
        waits=0,
        elsewhere=(),
        answers=answers,
        picked=picked,
        drawn=desk.answer(opened, drafted, picked, state) if picked else None,
        unused=unused,
        pairs=pairs_to_judge(drafted, scope.series),
        series=scope.series,
        safe=Markup,
    )


def history(opened: OpenSheet) -> str:
    """Return what git knows of the sheets, newest first; a sentence where it knows nothing."""
    scope = opened.scope
    place = f"series/{scope.series}" if scope.series else f"{scope.sheet}.csv"
    command = ["git", "log", "-n", "40", "--format=%as%x09%an%x09%s", "--", place]
    try:
        done = subprocess.run(
            command,
            cwd=opened.folder,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_SECONDS,
            check=False,
        )
        lines = [line.split("\t", 2) for line in done.stdout.splitlines()]
    except (OSError, subprocess.TimeoutExpired):
        lines = []
    return _page("history", commits=[line for line in lines if len(line) == 3])
