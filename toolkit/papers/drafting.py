"""From a paper and the words of a review to a draft."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from toolkit.papers.characters import plain
from toolkit.papers.deciding import as_derived, decided, of_table
from toolkit.papers.document import Document
from toolkit.papers.proposal import Draft
from toolkit.papers.quantity import number_in_words
from toolkit.papers.readers.recognize import read_paper
from toolkit.papers.sentence_rules import drafted_sentences
from toolkit.papers.vocabulary import Vocabulary

_COHORT = re.compile(
    r"\b([0-9]{1,5}|[A-Za-z]+(?:-[a-z]+)?) (?:[a-z/-]+ ){0,4}?(?:patients|children|"
    r"participants|subjects|adults|adolescents)\b"
)
_BEGINS = re.compile(r"(?:abstract|summary|results?|findings|front)\b", re.IGNORECASE)


def draft_paper(path: str | Path, words: Vocabulary) -> Draft:
    """Return what a paper offers a review that knows its outcomes by some words.

    Raises
    ------
    PaperError
        In one sentence, if the file cannot be read as a paper.
    """
    return draft_document(read_paper(path), words)


def draft_document(document: Document, words: Vocabulary) -> Draft:
    """Return what a paper that was read offers a review."""
    cohort = cohort_sizes(document)
    found = [
        as_derived(decided(each, words))
        for table in document.tables
        for each in of_table(table, cohort)
    ]
    found.extend(drafted_sentences(document, words, cohort))
    return Draft(
        proposals=tuple(each for each in found if each.standing == "proposal"),
        statements=tuple(each for each in found if each.standing == "statement"),
        unmatched=tuple(each for each in found if each.standing == "unmatched"),
        document=document,
    )


def cohort_sizes(document: Document) -> frozenset[int]:
    """Return the numbers of patients that abstract and results give most often for everybody."""
    counted: Counter[int] = Counter()
    for sentence in document.sentences:
        if not sentence.section or not _BEGINS.match(sentence.section[0]):
            continue
        for found in _COHORT.finditer(plain(sentence.text)):
            number = int(found[1]) if found[1].isdigit() else number_in_words(found[1])
            if number and number > 4:
                counted[number] += 1
    return frozenset({counted.most_common(1)[0][0]}) if counted else frozenset()
