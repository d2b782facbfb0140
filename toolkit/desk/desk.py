"""The reviews that lie on a desk, what of them is open, and the papers beside them."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.analysis.cache import kept_in
from toolkit.desk.draft_files import aside, papers
from toolkit.desk.open_sheet import OpenSheet, open_sheet
from toolkit.desk.paper_numbers import OpenPaper, open_paper
from toolkit.desk.sheet_draft import Scope, SheetDraft, scope_of
from toolkit.errors import ToolkitError
from toolkit.papers.limits import PaperError
from toolkit.papers.vocabulary import vocabulary_of
from toolkit.review.review import Review
from toolkit.reviewing.drafts import drafted_rows
from toolkit.reviewing.new_review import make_review
from toolkit.reviewing.plan import Plan
from toolkit.reviewing.recording import protocol_of
from toolkit.sheets.folder import read_tables
from toolkit.sheets.schema.schema import PROPOSALS
from toolkit.sheets.whole_file import write_whole

if TYPE_CHECKING:
    from toolkit.desk.live_preview import BeforeAfter, TouchedAnswer


@dataclass(kw_only=True)
class Desk:
    """Everything that one desk has open.

    Attributes
    ----------
    reviews : dict of str to Path
        The folders of the reviews by their names: nothing else is ever read or written.
    place : Path
        Where a new review is put.
    """

    reviews: dict[str, Path]
    place: Path
    _open: dict[Scope, OpenSheet] = field(default_factory=dict)
    _papers: dict[tuple[str, str], OpenPaper] = field(default_factory=dict)
    _answers: dict[tuple[str, str, str, str], BeforeAfter] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def folder(self, review: str) -> Path:
        """Return the folder of a review; raises ToolkitError for one that is not on the desk."""
        if review not in self.reviews:
            raise ToolkitError(f'There is no review "{review}" on this desk.')
        return self.reviews[review]

    def opened(self, review: str, series: str = "", sheet: str = "") -> OpenSheet:
        """Return the sheets of a series, or one of the review, opened once for all tabs.

        Raises
        ------
        SheetError
            If they cannot be read as they stand.
        ToolkitError
            For a review, a key or a sheet that is not there.
        """
        folder = self.folder(review)
        with self._lock:
            known = next(
                (
                    each
                    for each in self._open.values()
                    if each.folder == folder
                    and (each.scope.series, each.scope.sheet) == (series, sheet)
                ),
                None,
            )
            if known is not None:
                return known
            scope = scope_of(read_tables(folder), series, sheet)
            self._open[scope] = open_sheet(folder, scope)
            return self._open[scope]

    def lay_paper(self, opened: OpenSheet, content: bytes, name: str) -> OpenPaper:
        """Put a paper beside a series, with what it proposes, and return it.

        The file is kept beside the drafts, out of the record. Proposals of the same paper that are
        there already stay as they are.

        Raises
        ------
        PaperError
            In one sentence, if it cannot be read as a paper.
        """
        digest = hashlib.sha256(content).hexdigest()
        path = papers(opened.folder) / digest
        if not path.exists():
            write_whole(path, content)
        try:
            paper = self._read(opened, digest, name)
        except PaperError:
            path.unlink(missing_ok=True)
            raise

        def beside(draft: SheetDraft) -> SheetDraft:
            new = replace(draft, paper=digest, paper_name=name[:120])
            known = {row.get("paper", "") for row in draft.sheet(PROPOSALS)}
            if digest in known or not opened.scope.series:
                return new
            found = drafted_rows(opened.raw, opened.scope.series, paper.draft)
            new = new.with_sheet(PROPOSALS, (*draft.sheet(PROPOSALS), *found[PROPOSALS]))
            if not draft.sheet("groups"):
                new = new.with_sheet("groups", found.get("groups", ()))
            return new

        with opened.lock:
            opened.change(opened.version, beside)
        return paper

    def paper(self, opened: OpenSheet) -> OpenPaper | None:
        """Return the paper beside a series; None where there is none."""
        draft = opened.draft
        if not draft.paper or not (papers(opened.folder) / draft.paper).is_file():
            return None
        return self._read(opened, draft.paper, draft.paper_name)

    def _read(self, opened: OpenSheet, digest: str, name: str) -> OpenPaper:
        """Return a paper, read once by the words of its review."""
        words = opened.raw.protocol or ""
        at = (digest, hashlib.sha256(words.encode()).hexdigest())
        if at not in self._papers:
            vocabulary = vocabulary_of(protocol_of(opened.raw))
            try:
                paper = open_paper(papers(opened.folder) / digest, name, vocabulary)
            except PaperError as error:
                raise PaperError(str(error).replace(digest, name)) from error
            self._papers[at] = paper
        return self._papers[at]

    def answer(
        self, opened: OpenSheet, review: Review, answer: TouchedAnswer, state: str
    ) -> BeforeAfter:
        """Return an answer without and with the series, computed once for one state of the sheets.

        What was computed is kept beside the drafts, for pools without the series come again.
        """
        from toolkit.desk.live_preview import before_after

        at = (state, opened.scope.series, answer.outcome, answer.analysis_set)
        if at not in self._answers:
            if len(self._answers) > 60:
                self._answers.clear()
            with kept_in(aside(opened.folder) / "answers"):
                self._answers[at] = before_after(review, opened.scope.series, answer)
        return self._answers[at]

    def new_review(self, words: Mapping[str, str]) -> str:
        """Write a new, empty review from what was filled in and return its name.

        Raises
        ------
        ToolkitError
            If it is there already, cannot be written, or the words make no review.
        """
        from toolkit.review.words import people

        try:
            years = float(words.get("years") or 5)
        except ValueError:
            raise ToolkitError("Years must be a number, such as 5.") from None
        plan = Plan(
            key=words.get("key", ""),
            title=words.get("title", ""),
            question=words.get("question", "") or Plan(key="").question,
            outcome=words.get("outcome", "") or Plan(key="").outcome,
            measure="survival" if words.get("measure") == "survival" else "counts",
            time_years=years,
            authors=people(words.get("authors", "")),
            empty=True,
        )
        folder = make_review(plan, self.place)
        self.reviews[plan.key] = folder
        return plan.key
