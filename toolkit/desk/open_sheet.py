"""The sheets that somebody has open: their state, the way back, and the way into the record."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from filelock import Timeout

from toolkit.desk.checking import CellProblem, DraftCheck, with_draft
from toolkit.desk.draft_files import DraftFile, claim, one_writer
from toolkit.desk.merging import merged_draft
from toolkit.desk.sheet_draft import (
    Scope,
    SheetDraft,
    kinds_of,
    recorded,
    tables,
    to_decide,
    written,
)
from toolkit.errors import SheetError, ToolkitError
from toolkit.load import check_tables
from toolkit.reviewing.recording import check_sent, record, tables_of
from toolkit.sheets.changes import changes
from toolkit.sheets.csv_files import write_table
from toolkit.sheets.folder import RawReview, read_tables
from toolkit.sheets.schema.schema import PROPOSALS, Kind, Schema
from toolkit.sheets.whole_file import write_whole
from toolkit.sheets.workbook.read import RawSeries
from toolkit.sheets.workbook.template import fingerprint

_MOST_STEPS = 500


class ChangedElsewhereError(ToolkitError):
    """Somebody else changed the same sheets meanwhile; names every cell, and nothing is lost."""

    def __init__(self, sentence: str, changed: tuple[str, ...] = ()) -> None:
        self.changed = changed
        super().__init__(sentence)


@dataclass(kw_only=True)
class OpenSheet:
    """One scope of a review as one desk has it open.

    Every change is on the disk before it is answered, so that a desk that is killed loses nothing.
    """

    folder: Path
    scope: Scope
    file: DraftFile
    raw: RawReview
    check: DraftCheck
    draft: SheetDraft
    version: int = 0
    past: list[SheetDraft] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The sheets of the scope."""
        return kinds_of(self.raw, self.scope)

    def kind(self, name: str) -> Kind:
        """Return one of its sheets; raises ToolkitError for another name."""
        for kind in self.kinds:
            if kind.name == name:
                return kind
        raise ToolkitError(f'There is no sheet "{name}" here.')

    @property
    def problems(self) -> tuple[CellProblem, ...]:
        """What the checks find."""
        return self.check.problems(self.scope, self.draft.rows)

    def change(self, version: int, make: Callable[[SheetDraft], SheetDraft]) -> SheetDraft:
        """Apply one change to the draft as somebody saw it, keep it, and return the new state.

        Raises
        ------
        ChangedElsewhereError
            If another tab has changed the draft since.
        ToolkitError
            If the change cannot be made, or not be kept on the disk.
        """
        with self.lock:
            if version != self.version:
                raise ChangedElsewhereError(
                    "This sheet was changed in another tab. What you typed was not taken over: "
                    "look at the sheet as it is now, then type it again."
                )
            new = make(self.draft)
            if new != self.draft:
                self.file.write(new)
                self.past = [*self.past[-_MOST_STEPS:], self.draft]
                self.draft = new
                self.version += 1
            return self.draft

    def undo(self, version: int) -> SheetDraft:
        """Take the last change back and return the draft; without one it stays as it is."""
        with self.lock:
            past = self.past
            if past:
                self.change(version, lambda draft: replace(past[-1], base=draft.base))
                self.past = past[:-1]
            return self.draft

    def refresh(self) -> tuple[str, ...]:
        """Look at the record again and return what somebody else changed in these sheets."""
        with self.lock:
            raw = read_tables(self.folder)
            if raw.fingerprint != self.raw.fingerprint or raw.problems != self.raw.problems:
                self.raw, self.check = raw, DraftCheck(raw=raw)
            now = recorded(self.raw, self.scope)
            if written(now) == written(self.draft.base):
                return ()
            if not self.draft.changed or written(now) == written(self.draft.rows):
                kept = {name: self.draft.sheet(name) for name in (PROPOSALS,)}
                rows = {**now, **{name: rows for name, rows in kept.items() if rows}}
                self._set(replace(self.draft, base=now, rows=rows))
                return ()
            schema = Schema(series=self.kinds, review=())
            before, after = (tables(raw, self.scope, rows) for rows in (self.draft.base, now))
            return changes(schema, before, after)

    def merge(self, version: int) -> tuple[str, ...]:
        """Put what somebody else recorded under the draft and return what needs a look."""
        with self.lock:
            self.refresh()
            told: list[str] = []

            def put_together(draft: SheetDraft) -> SheetDraft:
                new, sentences = merged_draft(draft, self.kinds, recorded(self.raw, self.scope))
                told.extend(sentences)
                return new

            self.change(version, put_together)
            return tuple(told)

    def save(self, version: int) -> tuple[str, ...]:
        """Record the draft, all or nothing, and return every cell that changed, in words.

        Raises
        ------
        ChangedElsewhereError
            If the record, or the draft in another tab, has changed meanwhile.
        SheetError
            With every problem; nothing is recorded.
        ToolkitError
            If the review cannot be written; nothing is recorded.
        """
        with self.lock:
            if version != self.version:
                self.change(version, lambda draft: draft)
            try:
                with one_writer(self.folder):
                    told = self._record()
            except Timeout:
                raise ToolkitError(
                    "Another desk is recording into this review. Nothing was recorded: try again."
                ) from None
            now = recorded(self.raw, self.scope)
            open_ones = [row for row in self.draft.sheet(PROPOSALS) if not row.get("accepted_by")]
            rows = dict(now)
            if open_ones:
                rows[PROPOSALS] = (*now.get(PROPOSALS, ()), *open_ones)
            self._set(replace(self.draft, base=now, rows=rows))
            return told

    def _record(self) -> tuple[str, ...]:
        """Write the draft over the record as it is at this moment."""
        if changed := self.refresh():
            raise ChangedElsewhereError(
                "Somebody else has recorded into these sheets since you began. Nothing was "
                "recorded, and nothing of yours is lost.",
                changed,
            )
        told = self._record_series() if self.scope.series else self._record_sheet(self.kinds[0])
        self.raw = read_tables(self.folder)
        self.check = DraftCheck(raw=self.raw)
        return told

    def _record_series(self) -> tuple[str, ...]:
        key = self.scope.series
        sent = check_sent(
            self.raw,
            RawSeries(
                review=self.raw.key,
                series=key,
                made_from=fingerprint(tables_of(self.raw, key)),
                tables=tables(self.raw, self.scope, self.draft.rows),
                to_decide=to_decide(self.raw, self.scope, self.draft.rows),
                problems=(),
            ),
            accept=False,
        )
        if sent.changes:
            record(self.folder, sent)
        return sent.changes

    def _record_sheet(self, kind: Kind) -> tuple[str, ...]:
        after = with_draft(self.raw, self.scope, self.draft.rows)
        already = set(check_tables(self.raw)[1].problems)
        if found := [each for each in check_tables(after)[1].problems if each not in already]:
            raise SheetError(found)
        table = after.tables[("", kind.name)]
        before = self.raw.tables.get(("", kind.name))
        old = {} if before is None else {kind.name: before}
        told = changes(Schema(series=(kind,), review=()), old, {kind.name: table})
        if told:
            text = write_table(table.heading, [cells for _, cells in table.rows])
            write_whole(self.folder / kind.file, text)
        return told

    def _set(self, draft: SheetDraft) -> None:
        """Take over a state that is no change of the person's own: there is no way back from it."""
        if draft != self.draft:
            self.draft = draft
            self.past = []
            self.version += 1
        if draft.changed or draft.paper or draft.sheet(PROPOSALS):
            self.file.write(draft)
        else:
            self.file.remove()


def open_sheet(folder: Path, scope: Scope) -> OpenSheet:
    """Return the sheets of a scope, with unfinished work where there is some.

    Raises
    ------
    SheetError
        If they cannot be read as they stand.
    ToolkitError
        If there is no place for drafts.
    """
    raw = read_tables(folder)
    now = recorded(raw, scope)
    file = claim(folder, scope.name)
    draft = file.read()
    opened = OpenSheet(
        folder=folder,
        scope=scope,
        file=file,
        raw=raw,
        check=DraftCheck(raw=raw),
        draft=SheetDraft(base=now, rows=now) if draft is None else draft,
    )
    opened.refresh()
    return opened
