"""Names of genes and terms in patient rows, and spellings that look like slips (C17).

Letters left out, doubled or swapped inside a name are slips; another digit, or another first or
last letter, is another gene (NRAS and KRAS, IDH1 and IDH2, MYC and MYCN).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

_GENE = re.compile(r"[A-Z]{2,}[A-Z0-9]*")
_WORD = re.compile(r"[a-z]{7,}")
_LEAST_OFTEN = 2
_DENIED = {"NO", "NOT", "NEGATIVE", "NEG", "WILD", "WT", "ABSENT", "WITHOUT"}


def tokens(text: str) -> tuple[str, ...]:
    """Return the names and words of a cell in capitals, in order.

    Examples
    --------
    >>> tokens("ETV6::RUNX1 fusion")
    ('ETV6', 'RUNX1', 'FUSION')
    """
    return tuple(re.findall(r"[A-Z0-9]+", text.upper()))


def items(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the findings of a cell, each as its tokens.

    Examples
    --------
    >>> items("FLT3 -ITD, RUNX1 and BCOR mutations")
    (('FLT3', 'ITD'), ('RUNX1',), ('BCOR', 'MUTATIONS'))
    """
    parts = re.split(r"[,;/]|\band\b|&|\+", text)
    return tuple(found for part in parts if (found := tokens(part)))


def variants(rows: Mapping[str, str]) -> dict[str, str]:
    """Return rare spellings with the usual spelling they look like.

    Parameters
    ----------
    rows : mapping of patient to text
        What the patient table prints of each patient.

    Examples
    --------
    >>> variants({"1": "FLT3 ITD", "2": "FLT3", "3": "FT3 ITD", "4": "NRAS", "5": "KRAS"})
    {'FT3': 'FLT3'}
    """
    carriers: dict[str, set[str]] = defaultdict(set)
    for patient, text in rows.items():
        for name in (*_GENE.findall(text), *_WORD.findall(text)):
            carriers[name].add(patient)
    found = {}
    for rare in sorted(carriers):
        usual = [
            name
            for name in carriers
            if len(carriers[name]) >= max(_LEAST_OFTEN, len(carriers[rare]) + 1)
            and is_slip(rare, name)
        ]
        if usual:
            found[rare] = max(usual, key=lambda name: len(carriers[name]))
    return found


def is_slip(rare: str, usual: str) -> bool:
    """Tell whether one spelling is the other with an inner letter lost, doubled or swapped.

    Examples
    --------
    >>> is_slip("FTL3", "FLT3"), is_slip("IDH1", "IDH2"), is_slip("MLLT1", "MLLT10")
    (True, False, False)
    """
    if rare == usual or rare.isupper() != usual.isupper():
        return False
    # Names of letters alone differ by a letter in earnest (MPL and MPAL).
    if rare.isupper() and not any(mark.isdigit() for mark in usual):
        return False
    if len(rare) == len(usual):
        return len(rare) > 3 and any(_swapped(usual, at) == rare for at in range(len(usual) - 1))
    longer, shorter = sorted((rare, usual), key=len, reverse=True)
    if len(longer) != len(shorter) + 1 or len(longer) < 4:
        return False
    return any(
        longer[:at] + longer[at + 1 :] == shorter and longer[at].isalpha()
        for at in range(1, len(longer) - 1)
    )


def _swapped(name: str, at: int) -> str:
    """Return a name with two neighbouring letters swapped, or nothing where they are none."""
    pair = name[at : at + 2]
    return name[:at] + pair[::-1] + name[at + 2 :] if pair.isalpha() else ""


def carries(text: str, term: Sequence[str], read_as: Mapping[str, str]) -> bool:
    """Tell whether a cell lists a term, slips of spelling read as the usual name."""
    return any(_contains(item, term, read_as) for item in items(text))


def _contains(item: Sequence[str], term: Sequence[str], read_as: Mapping[str, str]) -> bool:
    """Tell whether the tokens of a term follow each other in a finding."""
    if _DENIED & set(item):
        return False
    plain = [read_as.get(token, token) for token in item]
    wanted = list(term)
    starts = range(len(plain) - len(wanted) + 1)
    return any(plain[at : at + len(wanted)] == wanted for at in starts)


def spellings(
    rows: Mapping[str, str],
) -> Iterator[tuple[str, tuple[str, ...], str, tuple[str, ...]]]:
    """Yield each rare spelling with its patients, and the usual one with its patients."""
    for rare, usual in variants(rows).items():
        yield (
            rare,
            tuple(patient for patient, text in rows.items() if _prints(text, rare)),
            usual,
            tuple(patient for patient, text in rows.items() if _prints(text, usual)),
        )


def _prints(text: str, name: str) -> bool:
    """Tell whether a cell prints a name as a name of its own."""
    return re.search(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", text) is not None
