"""A sentence as rules read it: its words folded, each with its place in the printed text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from toolkit.papers.characters import fold, plain
from toolkit.papers.quantity import number_in_words

_WORDS = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    "sixteen|seventeen|eighteen|nineteen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
    "(?:-(?:one|two|three|four|five|six|seven|eight|nine))?"
)
NUMBER = (
    r"(?:(?<![\w.,/-])[0-9]{1,3}(?:,[0-9]{3})+|(?<![\w.,/-])[0-9]+(?![\w]|[.,][0-9]| ?%)"
    rf"|\b(?:{_WORDS})\b(?!-))"
)
PEOPLE = (
    r"(?:patients?|pts|children|participants?|subjects?|adults?|adolescents?|cases|individuals|responders?|"
    r"men|women|boys|girls|evaluable|treated|of them)"
)
_WORD = re.compile(r"[^\W_]+|>=|<=|[<>]")


@dataclass(frozen=True, slots=True)
class Folded:
    """Words of a sentence as they are compared, and where each stands in the plain text."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the plain text of a stretch of the folded one."""
        first = self.text[:start].count(" ")
        last = self.text[:end].count(" ")
        return self.starts[first], self.ends[last]


def folded(text: str) -> Folded:
    """Return a plain text folded word by word."""
    words, starts, ends = [], [], []
    for found in _WORD.finditer(text):
        for word in fold(found[0]).split():
            words.append(word)
            starts.append(found.start())
            ends.append(found.end())
    return Folded(" ".join(words), tuple(starts), tuple(ends))


def whole(text: str) -> int | None:
    """Return a number printed in digits or in words."""
    digits = text.replace(",", "")
    return int(digits) if digits.isdigit() else number_in_words(text)


def text_of(sentence: str) -> str:
    """Return a sentence in plain characters, marks of literature left out."""
    raised = re.sub(r"[\u00b9\u00b2\u00b3\u2070\u2074-\u2079\u207b]+", "", sentence)
    return re.sub(r" ?\[[0-9 ,-]+\]", "", plain(raised))
