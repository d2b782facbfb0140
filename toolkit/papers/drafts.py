"""A paper read for a review: `tk.draft`."""

from __future__ import annotations

from pathlib import Path

from toolkit.errors import SheetError
from toolkit.papers.drafting import draft_paper
from toolkit.papers.proposal import Draft
from toolkit.papers.vocabulary import Vocabulary, vocabulary_of
from toolkit.sheets.folder import read_tables
from toolkit.sheets.protocol.read import read_protocol


def draft(review: str | Path, path: str | Path) -> Draft:
    """Return what a paper offers a review: counts with their places, none of them accepted.

    Parameters
    ----------
    review : str or Path
        Folder of the review; its review.toml says by which words its outcomes are known.
    path : str or Path
        The paper: JATS XML, results of ClinicalTrials.gov (JSON, API version 2), HTML, a PDF with
        text, text or Markdown, or a table pasted as lines with tabs.

    Returns
    -------
    Draft
        Proposals, statements and unmatched quantities, each with its place, and the paper itself
        as paragraphs and tables.

    Raises
    ------
    PaperError
        In one sentence, if the file cannot be read as a paper.
    SheetError
        If review.toml cannot be used.
    """
    return draft_paper(path, words_of(review))


def words_of(review: str | Path) -> Vocabulary:
    """Return the words by which a review knows its outcomes; raises SheetError."""
    raw = read_tables(review)
    if raw.protocol is None:
        raise SheetError(raw.problems)
    protocol, problems = read_protocol(raw.protocol)
    if protocol is None:
        raise SheetError(problems)
    return vocabulary_of(protocol)
