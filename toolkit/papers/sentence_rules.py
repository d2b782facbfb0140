"""From sentences to the counts they print."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.papers.document import Document
from toolkit.papers.proposal import Drafted
from toolkit.papers.vocabulary import Vocabulary


def drafted_sentences(document: Document, words: Vocabulary) -> Iterator[Drafted]:
    """Yield the quantities of sentences."""
    yield from ()
