"""Coverage by cell: where its strokes stand, and what is told of cells beyond its scale."""

from __future__ import annotations

import numpy as np
import pytest
from figure_records import assert_readable, texts

from toolkit.calibration.card import AIMS
from toolkit.calibration.intervals import BARTLETT, FREEMAN_TUKEY, LOGIT_AD_HOC
from toolkit.figures.coverage import CoverageCell, CoverageRow, coverage_plot
from toolkit.figures.page.style import BESIDE, POOL

CELLS = tuple(
    CoverageCell(lane=lane, covered=covered, beside=beside)
    for lane in (4, 6, 8, 10)
    for covered, beside in ((0.90, False), (0.95, False), (0.70, True))
)
# The longest names of intervals, each with as many lanes as the published grid has.
ROWS = [
    CoverageRow(label=method, aim=AIMS["average"], cells=CELLS)
    for method in (BARTLETT, FREEMAN_TUKEY, LOGIT_AD_HOC)
]


def strokes(figure, colour):
    """Return the places of the strokes of a colour along the scale, lane by lane."""
    lines = [line for line in figure.findobj() if getattr(line, "get_xdata", None)]
    return [
        np.asarray(line.get_xdata())[::3].round(6).tolist()
        for line in lines
        if line.get_color() == colour and np.isnan(line.get_xdata()).any()
    ]


@pytest.mark.parametrize("narrow", [False, True])
def test_it_is_readable_with_the_longest_names(narrow):
    assert_readable(coverage_plot(ROWS, title="Coverage", level=0.95, narrow=narrow))


def test_strokes_stand_at_their_share_and_laws_apart():
    figure = coverage_plot(ROWS[:1], title="Coverage", level=0.95)
    assumed, other = strokes(figure, POOL), strokes(figure, BESIDE)
    assert (len(assumed), len(other)) == (4, 4)
    (first, second), (beside,) = assumed[0], other[0]
    # Equal shares are equally far apart: .70 to .90 is four times .90 to .95.
    assert first - beside == pytest.approx(4 * (second - first), rel=1e-4)
    numbers = {text.get_text(): text.get_position()[0] for text in figure.texts}
    assert first == pytest.approx(numbers["90"], abs=1e-4)


def test_a_cell_below_the_scale_is_told_and_not_drawn_within_it():
    low = CoverageCell(lane=4, covered=0.4, beside=True)
    row = CoverageRow(label="Pooled counts", aim="new study", cells=(CELLS[0], low))
    figure = coverage_plot([row], title="Coverage", level=0.95)
    assert any("Arrowheads at the left edge: 1 cell below 50%." in text for text in texts(figure))
    assert (len(strokes(figure, POOL)), strokes(figure, BESIDE)) == (1, [])
    assert not any("Arrowheads" in text for text in texts(coverage_plot(ROWS, title="", level=0.9)))
