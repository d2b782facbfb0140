"""Patients one by one: a column per patient, a row per word, a dot where the word applies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from toolkit.figures.forest.drawing import draw_title
from toolkit.figures.forest.notes import draw_small_print
from toolkit.figures.page.canvas import Canvas, text_width, wrap
from toolkit.figures.page.numerals import plural
from toolkit.figures.page.style import (
    FAINT,
    HAIR,
    INK,
    MUTED,
    PAGE_WIDTH,
    PHONE_WIDTH,
    SMALL,
    house_style,
)
from toolkit.review.counts import Patient
from toolkit.review.words import Word

_MARGIN = 3.0
_ROW = 10.5
_STACKED_ROW = 19.0
_COUNT_ROOM = 16.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A column of the patient table, drawn as one row per word.

    Attributes
    ----------
    column, label : str
        Key of the column, and the heading shown.
    words : tuple of Word
        Its vocabulary, from top to bottom; a word that only the table has comes last.
    """

    column: str
    label: str
    words: tuple[Word, ...]


@house_style()
def patient_matrix(
    patients: Sequence[Patient],
    blocks: Sequence[Block],
    *,
    title: str | None = None,
    narrow: bool = False,
) -> Figure:
    """Return patients as columns, ordered by the first block and within it by the next.

    Parameters
    ----------
    patients : sequence of Patient
        As published; every one is drawn.
    blocks : sequence of Block
        What is shown of them; a word that no patient has is left out.
    title : str, optional
        Heading of the figure.
    narrow : bool
        Whether to put the name of a row above its dots, for a phone.
    """
    used = [_used(block, patients) for block in blocks]
    ordered = sorted(patients, key=lambda patient: [_rank(patient, block) for block in used])
    heading = title or f"Every patient: {plural(len(patients), 'patient', 'patients')}"
    canvas = Canvas(PHONE_WIDTH if narrow else PAGE_WIDTH)
    labels = [word.label for block in used for word in block.words]
    widest = max((text_width(label, SMALL) for label in labels), default=0.0)
    left = _MARGIN if narrow else _MARGIN + min(widest, 118.0) + 7
    step = min(12.0, (canvas.width - _MARGIN - _COUNT_ROOM - left) / max(len(ordered), 1))
    y = draw_title(canvas, heading, "")
    top = y
    for block in used:
        y = _draw_block(canvas, block, ordered, (left, step), y, narrow=narrow)
    y = _draw_keys(canvas, ordered, (left, step), y)
    for place, patient in enumerate(ordered):
        said = _in_words(patient, used)
        canvas.box(left + place * step, top, step, y - top, name=f"lane-{place + 1}", title=said)
    y = draw_small_print(canvas, ["One column per patient; on the right, patients per row."], y)
    return canvas.finish(y + _MARGIN, heading, _counts_in_words(used, patients))


def _used(block: Block, patients: Sequence[Patient]) -> Block:
    """Return a block with the words that occur: its own in their order, then the table's."""
    cells = dict.fromkeys(patient.cell(block.column) for patient in patients)
    known = [word for word in block.words if word.key in cells]
    keys = {word.key for word in block.words}
    more = [Word(key=cell, label=cell) for cell in cells if cell and cell not in keys]
    return Block(column=block.column, label=block.label, words=(*known, *more))


def _rank(patient: Patient, block: Block) -> int:
    keys = [word.key for word in block.words]
    cell = patient.cell(block.column)
    return keys.index(cell) if cell in keys else len(keys)


def _draw_block(
    canvas: Canvas,
    block: Block,
    patients: Sequence[Patient],
    columns: tuple[float, float],
    y: float,
    *,
    narrow: bool,
) -> float:
    """Draw the heading and the rows of a block; return its lower edge."""
    left, step = columns
    right = left + step * len(patients)
    y += 9
    canvas.text(_MARGIN, y, block.label, size=SMALL, bold=True)
    canvas.line((_MARGIN, y + 3), (right + _COUNT_ROOM, y + 3), colour=HAIR, width=0.6)
    y += 4.5
    for word in block.words:
        room = canvas.width - 2 * _MARGIN - _COUNT_ROOM if narrow else left - _MARGIN - 6
        label = wrap(word.label, room, SMALL)
        for number, line in enumerate(label):
            canvas.text(_MARGIN, y + 7.5 + number * 8.6, line, size=SMALL)
        extra = (len(label) - 1) * 8.6
        middle = y + 5 + (extra + 9 if narrow else extra / 2)
        canvas.line((left, middle), (right, middle), colour=FAINT, width=0.6, behind=True)
        count = 0
        for place, patient in enumerate(patients):
            if patient.cell(block.column) == word.key:
                canvas.circle(left + (place + 0.5) * step, middle, min(3.2, step * 0.38), fill=INK)
                count += 1
        canvas.text(right + _COUNT_ROOM, middle + 2.5, str(count), size=SMALL, align="right")
        y += (_STACKED_ROW if narrow else _ROW) + extra
    return y + 3


def _draw_keys(
    canvas: Canvas, patients: Sequence[Patient], columns: tuple[float, float], y: float
) -> float:
    """Write each patient's number below its column, on two levels where one has no room."""
    left, step = columns
    widest = max((text_width(patient.key, SMALL) for patient in patients), default=0.0)
    levels = 1 if widest + 2 <= step else 2
    if widest + 2 > levels * step:
        return y
    for place, patient in enumerate(patients):
        x = left + (place + 0.5) * step
        level = y + 8 + place % levels * 8
        canvas.text(x, level, patient.key, size=SMALL, colour=MUTED, align="center")
    return y + 3 + levels * 8


def _in_words(patient: Patient, blocks: Sequence[Block]) -> str:
    """Return all that the table says of a patient in the columns shown, and its own remarks."""
    said = [f"Patient {patient.key}"]
    shown = {block.column for block in blocks}
    for block in blocks:
        label = next(
            (word.label for word in block.words if word.key == patient.cell(block.column)), ""
        )
        if label:
            said.append(f"{block.label}: {label}")
    said += [words for column, words in patient.cells if column not in shown and words]
    return "; ".join(said)


def _counts_in_words(blocks: Sequence[Block], patients: Sequence[Patient]) -> str:
    """Return how many patients have each word."""
    said = []
    for block in blocks:
        counted = [
            f"{word.label} {sum(each.cell(block.column) == word.key for each in patients)}"
            for word in block.words
        ]
        said.append(f"{block.label}: {', '.join(counted)}.")
    return " ".join([f"{plural(len(patients), 'patient', 'patients')}.", *said])
