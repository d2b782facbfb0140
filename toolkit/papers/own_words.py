"""The words of a paper itself as its vocabulary, for papers that belong to no review."""

from __future__ import annotations

import re
from collections import Counter

from toolkit.papers.characters import fold
from toolkit.papers.document import Document
from toolkit.papers.phrases import unit_of
from toolkit.papers.stated import slug
from toolkit.papers.table_rules import quantities
from toolkit.papers.vocabulary import (
    Name,
    Term,
    Vocabulary,
    forms,
    says_only_how_many,
    speaks_of_elsewhere,
)

_LEAST_LETTERS = 4
_TOO_PLAIN = re.compile(
    r"^(?:other|yes|no|none|total|male|female|positive|negative|unknown|missing|not |n a|high|"
    r"low|intermediate|"
    r"standard|favorable|adverse|primary|secondary|single|multiple|mild|moderate|severe|normal|abnormal|present|absent)"
)


def with_own_words(document: Document, words: Vocabulary | None = None) -> Vocabulary:
    """Return a vocabulary that knows the labels of a paper's tables, beside that of a review.

    A label counts where it stands in one place alone and is more than a plain adjective.
    """
    known = dict(words.terms) if words is not None else {}
    taken = {name.words for term in known.values() for name in term.names}
    labels: dict[str, tuple[str, bool]] = {}
    seen: Counter[str] = Counter()
    for table in document.tables:
        rows: dict[tuple[tuple[str, ...], str], bool] = {}
        for each in quantities(table):
            other = any(speaks_of_elsewhere(part) for part in (*each.sections, table.caption))
            if other or each.reason:
                continue
            if (
                each.quantity.events is not None
                and each.unit != "other"
                and unit_of(each.label) != "other"
            ):
                rows[each.sections, each.label] = rows.get(
                    (each.sections, each.label), False
                ) or bool(each.grade)
        for (_, label), graded in rows.items():
            if ways := forms(label):
                seen[ways[0]] += 1
                labels[ways[0]] = (label, graded)
    for read, (label, graded) in labels.items():
        plain_word = (
            _TOO_PLAIN.match(read) or says_only_how_many(label) or len(read) < _LEAST_LETTERS
        )
        plain_word = plain_word or (not graded and " " not in read)
        if (
            seen[read] == 1
            and read not in taken
            and not plain_word
            and fold(label)
            and not read[0].isdigit()
        ):
            known.setdefault(
                slug(label), Term(key=slug(label), graded=graded, names=(Name(words=read),))
            )
    return Vocabulary(known)
