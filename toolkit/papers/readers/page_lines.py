"""Words of a page put together: lines, chunks of lines, columns of text, paragraphs."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from toolkit.papers.characters import NOTE_MARK

_RAISED_SIZE = 0.78
_LETTER = re.compile(rf"[a-z0-9,]{{1,5}}|{NOTE_MARK}+")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWord:
    """A word with its box on the page; `raised` for one set small and high."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool = False
    raised: bool = False


@dataclass(frozen=True, slots=True)
class PageLine:
    """Words that stand on one line, from left to right."""

    words: tuple[PageWord, ...]

    @property
    def x0(self) -> float:
        """Left end."""
        return self.words[0].x0

    @property
    def x1(self) -> float:
        """Right end."""
        return max(word.x1 for word in self.words)

    @property
    def top(self) -> float:
        """Upper end, raised words apart."""
        return min((word.top for word in self.words if not word.raised), default=self.words[0].top)

    @property
    def bottom(self) -> float:
        """Lower end."""
        return max(word.bottom for word in self.words)

    @property
    def size(self) -> float:
        """Size of its letters."""
        return median([word.size for word in self.words])

    @property
    def text(self) -> str:
        """Its words; those raised are marks and left out."""
        return " ".join(word.text for word in self.words if not word.raised)

    @property
    def bold(self) -> bool:
        """Whether all of it is bold."""
        return all(word.bold for word in self.words)


def lines_of(words: Sequence[PageWord]) -> list[PageLine]:
    """Return words as lines, from top to bottom; small ones that stand high join their line."""
    plain: list[list[PageWord]] = []
    for word in sorted(words, key=lambda each: (each.top + each.bottom, each.x0)):
        middle = (word.top + word.bottom) / 2
        home = next(
            (
                row
                for row in reversed(plain[-6:])
                if min(each.top for each in row) <= middle <= max(each.bottom for each in row)
                and abs(_middle(row) - middle) < 0.6 * max(word.size, row[0].size)
            ),
            None,
        )
        if home is None:
            plain.append([word])
        else:
            home.append(word)
    found = [_with_raised(sorted(row, key=lambda each: each.x0)) for row in plain]
    return sorted(found, key=lambda line: line.top)


def _middle(row: Sequence[PageWord]) -> float:
    """Return the height at which the largest words of a row stand."""
    large = max(each.size for each in row)
    own = [(each.top + each.bottom) / 2 for each in row if each.size > 0.9 * large]
    return sum(own) / len(own)


def _with_raised(row: Sequence[PageWord]) -> PageLine:
    """Return a line in which small words that stand high are known for marks."""
    large = max(word.size for word in row)
    low = median([word.bottom for word in row if word.size > 0.9 * large])
    words = []
    for word in row:
        small = word.size < _RAISED_SIZE * large and word.bottom < low - 0.08 * large
        if small and _LETTER.fullmatch(word.text):
            word = PageWord(
                text=word.text,
                x0=word.x0,
                x1=word.x1,
                top=word.top,
                bottom=word.bottom,
                size=word.size,
                bold=word.bold,
                raised=True,
            )
        words.append(word)
    return PageLine(tuple(words))


def chunks_of(line: PageLine, gap: float = 0.85) -> list[PageLine]:
    """Return the parts of a line that stand apart by more than a space does."""
    parts: list[list[PageWord]] = [[line.words[0]]]
    for word in line.words[1:]:
        apart = word.x0 - max(each.x1 for each in parts[-1])
        if apart > gap * line.size and not word.raised:
            parts.append([word])
        else:
            parts[-1].append(word)
    return [PageLine(tuple(part)) for part in parts]


def columns_of_text(words: Sequence[PageWord], width: float) -> list[list[PageWord]]:
    """Return the words of a page in the order of reading: across, or column by column.

    A page has two columns where hardly a line crosses its middle. Lines that do, such as a title,
    part the page into bands.
    """
    lines = [chunk for line in lines_of(words) for chunk in chunks_of(line, 1.2)]
    middle = width / 2
    running = [line for line in lines if len(line.words) >= 4 and line.x1 - line.x0 > 0.27 * width]
    crossing = [line for line in lines if line.x0 < middle - 8 and line.x1 > middle + 8]
    across = sum(line in crossing for line in running)
    left = sum(line.x1 <= middle + 8 for line in running)
    right = len(running) - across - left
    if min(left, right) < 4 or across > 0.4 * (left + right):
        return [list(words)]
    bands = sorted({0.0, *(line.top for line in crossing), *(line.bottom for line in crossing)})
    found: list[list[PageWord]] = []
    for low, high in zip(bands, [*bands[1:], float("inf")], strict=True):
        inside = [word for word in words if low <= (word.top + word.bottom) / 2 < high]
        over = [line for line in crossing if low <= (line.top + line.bottom) / 2 < high]
        if over:
            found.append(inside)
        else:
            halves: tuple[list[PageWord], list[PageWord]] = ([], [])
            for word in inside:
                halves[(word.x0 + word.x1) / 2 > middle].append(word)
            found.extend(half for half in halves if half)
    return _merged(found)


def _merged(bands: list[list[PageWord]]) -> list[list[PageWord]]:
    """Return bands without empty ones."""
    return [band for band in bands if band]


def paragraphs_of(lines: Sequence[PageLine]) -> Iterator[str]:
    """Yield paragraphs: lines parted by a gap, an indent, or a heading in larger or bolder type."""
    if not lines:
        return
    usual = median([line.size for line in lines])
    steps = [after.top - before.top for before, after in itertools.pairwise(lines)]
    step = median([each for each in steps if each > 0] or [usual * 1.2])
    gathered: list[PageLine] = []
    for line in lines:
        if gathered and _parted(gathered[-1], line, step, usual):
            yield _joined(gathered)
            gathered = []
        gathered.append(line)
    yield _joined(gathered)


def _parted(before: PageLine, after: PageLine, step: float, usual: float) -> bool:
    """Tell whether a new paragraph begins between two lines."""
    jump = after.top - before.top
    if jump > 1.45 * step or jump < 0:
        return True
    if (before.bold != after.bold) and (len(before.text) < 90 or len(after.text) < 90):
        return True
    if abs(before.size - after.size) > 0.12 * usual:
        return True
    ended = before.text.endswith((".", ":", "?", "!"))
    return ended and after.x0 - before.x0 > 0.8 * usual


def _joined(lines: Sequence[PageLine]) -> str:
    """Return lines as one paragraph; a word cut at the end of a line is put together."""
    text = ""
    for line in lines:
        if text.endswith("-") and line.text[:1].islower() and len(text) > 1 and text[-2].isalpha():
            text = text[:-1] + line.text
        else:
            text = f"{text} {line.text}" if text else line.text
    return text
