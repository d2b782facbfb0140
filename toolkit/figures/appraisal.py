"""Critical appraisal of the series: one mark per item, which differ by shape, sign and tint."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from toolkit.errors import ChoiceError
from toolkit.figures.forest.drawing import draw_title
from toolkit.figures.page.canvas import Canvas, text_width, wrap
from toolkit.figures.page.style import (
    BESIDE,
    BODY,
    HAIR,
    INK,
    MUTED,
    PAGE_WIDTH,
    PHONE_WIDTH,
    POOL,
    SMALL,
    house_style,
)
from toolkit.review.series import Series

ITEMS = (
    "Clear criteria for inclusion",
    "Condition measured in a standard, reliable way for all",
    "Valid methods to identify the condition for all",
    "Consecutive inclusion",
    "Complete inclusion",
    "Demographics reported clearly",
    "Clinical information reported clearly",
    "Outcomes or follow-up reported clearly",
    "Presenting sites described",
    "Statistical analysis appropriate",
)
"""The ten questions of the JBI checklist for case series, in a few words each."""

JUDGEMENTS = {"yes": "yes", "no": "no", "unclear": "unclear", "not_applicable": "not applicable"}
"""The judgements, with the words shown for them."""

_MARGIN = 3.0
_RADIUS = 6.0


@house_style()
def appraisal(
    series: Sequence[Series],
    *,
    items: Sequence[str] = ITEMS,
    title: str | None = None,
    narrow: bool = False,
) -> Figure:
    """Return a table of judgements, a row per appraised series and a column per item.

    Yes is a disc with a plus, unclear a diamond with a question mark, no a square with a cross,
    not applicable a dash; a point says when an item has not been judged.

    Parameters
    ----------
    series : sequence of Series
        Those without any judgement are named below the table.
    items : sequence of str
        Words of the items, in the order of their numbers from 1.
    title : str, optional
        Heading of the figure.
    narrow : bool
        Whether to put the name of a series above its marks, for a phone.
    """
    appraised = [each for each in series if each.appraisal]
    missing = [each.label for each in series if not each.appraisal]
    heading = title or f"Critical appraisal: {len(appraised)} of {len(series)} series"
    canvas = Canvas(PHONE_WIDTH if narrow else PAGE_WIDTH)
    y = draw_title(canvas, heading, "")
    names = max((text_width(each.label) for each in appraised), default=0.0)
    left = _MARGIN + (0 if narrow else min(names, 170.0) + 12)
    step = min(30.0, (canvas.width - _MARGIN - left) / len(items))
    for number in range(len(items)):
        x = left + (number + 0.5) * step
        canvas.text(x, y + 8, str(number + 1), bold=True, align="center")
    right = left + step * len(items)
    canvas.line((_MARGIN, y + 12), (right, y + 12), width=0.7)
    y += 14
    for place, each in enumerate(appraised):
        y = _draw_series(canvas, each, place + 1, len(items), (left, step), y, narrow=narrow)
    y = _draw_legend(canvas, items, missing, y)
    return canvas.finish(y + _MARGIN, heading, _in_words(appraised, items, missing))


def _draw_series(
    canvas: Canvas,
    series: Series,
    place: int,
    items: int,
    columns: tuple[float, float],
    y: float,
    *,
    narrow: bool,
) -> float:
    """Draw a series' name and marks; return the lower edge."""
    left, step = columns
    label = wrap(series.label, canvas.width if narrow else left - _MARGIN - 8)
    for number, words in enumerate(label):
        canvas.text(_MARGIN, y + 11 + number * 10.5, words)
    extra = (len(label) - 1) * 10.5
    middle = y + 8.5 + (extra + 14 if narrow else extra / 2)
    judged = {each.item: each for each in series.appraisal}
    for number in range(1, items + 1):
        item = judged.get(str(number))
        x = left + (number - 0.5) * step
        if item is None:
            draw_judgement(canvas, "", x, middle, f"dot-{place}-{number}", "not judged")
            continue
        words = JUDGEMENTS.get(item.judgement, item.judgement)
        said = f"{series.label}, item {number}: {words}. {item.ground} {item.where}"
        draw_judgement(canvas, item.judgement, x, middle, f"dot-{place}-{number}", said)
    bottom = middle + 8.5 + (0 if narrow else extra / 2)
    canvas.line((_MARGIN, bottom), (left + step * items, bottom), colour=HAIR, width=0.4)
    return bottom


def draw_judgement(
    canvas: Canvas, judgement: str, x: float, y: float, name: str, title: str
) -> None:
    """Draw the mark of a judgement; raises ChoiceError for a word that is none."""
    if judgement == "yes":
        canvas.circle(x, y, _RADIUS, fill=POOL, opacity=0.35, edge=POOL, name=name, title=title)
        sign = "+"
    elif judgement == "unclear":
        half = _RADIUS + 1.6
        corners = ((x - half, y), (x, y - half), (x + half, y), (x, y + half))
        canvas.polygon(corners, edge=MUTED, name=name, title=title)
        sign = "?"
    elif judgement == "no":
        half = _RADIUS - 0.4
        canvas.box(
            x - half,
            y - half,
            2 * half,
            2 * half,
            fill=BESIDE,
            opacity=0.45,
            edge=BESIDE,
            name=name,
            title=title,
        )
        sign = "×"
    elif judgement == "not_applicable":
        sign = "–"
    elif judgement == "":
        sign = "·"
    else:
        raise ChoiceError("judgement", judgement, tuple(JUDGEMENTS))
    canvas.text(x, y + 2.9, sign, align="center", bold=sign in "+×", colour=INK)


def _draw_legend(canvas: Canvas, items: Sequence[str], missing: Sequence[str], y: float) -> float:
    """Say what marks and numbers mean, and which series have not been appraised."""
    y += 14
    x = _MARGIN + 8
    for judgement, words in JUDGEMENTS.items():
        draw_judgement(canvas, judgement, x, y, f"key-{judgement}", words)
        canvas.text(x + 11, y + 2.6, words, size=SMALL, colour=MUTED)
        x += 11 + text_width(words, SMALL) + 16
    y += 8
    for number, words in enumerate(items, start=1):
        for line_number, line in enumerate(wrap(words, canvas.width - 2 * _MARGIN - 16, SMALL)):
            y += 9.4
            if line_number == 0:
                canvas.text(_MARGIN + 11, y, str(number), size=SMALL, align="right")
            canvas.text(_MARGIN + 16, y, line, size=SMALL, colour=MUTED)
    if missing:
        y += 3
        for line in wrap(
            f"Not yet appraised: {', '.join(missing)}.", canvas.width - 2 * _MARGIN, SMALL
        ):
            y += 9.4
            canvas.text(_MARGIN, y, line, size=SMALL, colour=MUTED)
    return y + BODY / 2


def _in_words(appraised: Sequence[Series], items: Sequence[str], missing: Sequence[str]) -> str:
    """Return every judgement in one paragraph."""
    said = []
    for each in appraised:
        judged = {item.item: item.judgement for item in each.appraisal}
        words = [
            f"{number} {item.lower()}: {JUDGEMENTS.get(judged.get(str(number), ''), 'not judged')}"
            for number, item in enumerate(items, start=1)
        ]
        said.append(f"{each.label}: {'; '.join(words)}.")
    if missing:
        said.append(f"Not yet appraised: {', '.join(missing)}.")
    return " ".join(said)
