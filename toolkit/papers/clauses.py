"""The part of a sentence that a quantity belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from toolkit.papers.sentence_numbers import SentenceQuantity

_BREAK = re.compile(
    r";|:(?= )|"
    r", (?!(?:occurring|observed|seen|reported|documented|noted|affecting|present) (?:in|by)\b)|"
    r"\b(?:while|whereas|but|although|however|leading to|resulting in|including|"
    r"compared (?:with|to)|versus|vs\.?(?= ))(?=\W)| - "
)
_AND = re.compile(r"\band\b")
_SHORT = 5


def clause_of(
    text: str, each: SentenceQuantity, found: Sequence[SentenceQuantity]
) -> tuple[int, int]:
    """Return the part of a sentence that a quantity belongs to.

    It ends at a comma or a word that opens another thought; at "and" where both sides count.
    """
    cuts = [
        cut
        for cut in _BREAK.finditer(text)
        if not any(other.start <= cut.start() < other.end for other in found)
        and (each.set_apart or not within_brackets(text, cut.start()))
        and not _only_points_on(text, cut, found)
    ]
    for cut in _AND.finditer(text):
        sides = (
            {other.start > cut.start() for other in found if other.rule != "%"} if found else set()
        )
        if len(sides) == 2 and not any(other.start <= cut.start() < other.end for other in found):
            cuts.append(cut)
    if each.set_apart:
        opened = opening_of(text, each)
        cuts = [cut for cut in cuts if cut.start() < opened or cut.start() >= each.end]
    start = max((cut.end() for cut in cuts if cut.end() <= each.start), default=0)
    end = min((cut.start() for cut in cuts if cut.start() >= each.end), default=len(text))
    return start, end


def _only_points_on(text: str, cut: re.Match[str], found: Sequence[SentenceQuantity]) -> bool:
    """Tell whether a colon stands between a name and its own count: "fever: 12/40 (30%)"."""
    if cut[0] != ":" or not any(0 <= other.start - cut.end() <= 1 for other in found):
        return False
    before = re.split(r"[;:.,]", text[: cut.start()])[-1]
    return len(before.split()) <= _SHORT and not re.search(r"\b(?:were|was|had)\b", before)


def within_brackets(text: str, at: int) -> bool:
    """Tell whether a place lies within parentheses."""
    return text.count("(", 0, at) > text.count(")", 0, at)


def opening_of(text: str, each: SentenceQuantity) -> int:
    """Return where the parentheses around a quantity open."""
    return max(text.rfind("(", 0, each.start + 1), text.rfind("[", 0, each.start + 1))


def words_before(text: str, at: int, start: int) -> str:
    """Return the two words of a clause before a place."""
    return " ".join(text[start:at].lower().split()[-2:])
