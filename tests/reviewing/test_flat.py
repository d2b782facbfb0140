"""A review as one spreadsheet, and the same numbers when it is read again."""

from __future__ import annotations

from pathlib import Path

import pytest

import toolkit as tk
from toolkit.reviewing.flat import flat_csv

REVIEW = Path(__file__).resolve().parents[2] / "extractions" / "ped-venaza"


@pytest.mark.parametrize("wide", [False, True])
def test_every_count_comes_back_from_the_spreadsheet(wide, tmp_path):
    review = tk.read(REVIEW)
    path = tmp_path / "flat.csv"
    path.write_text(flat_csv(review, wide=wide), encoding="utf-8")
    table = tk.read_table(path)
    wanted = sorted(
        (series.label, count.events_low, count.events_high, count.total)
        for series in review.series
        for count in series.counts
        if count.status in ("", "below_threshold")
    )
    found = sorted(
        (row.label, row.events_low, row.events_high, row.total)
        for row in table.rows
        if row.reported
    )
    assert len(wanted) > 100
    assert found == wanted
