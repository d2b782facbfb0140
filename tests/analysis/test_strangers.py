"""Six published data sets from a file to a forest plot, with the digits of R."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import toolkit as tk

REFERENCE = Path(__file__).resolve().parents[1] / "reference"
with (REFERENCE / "strangers.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))

SCALES = {"logit": "logit", "arcsine": "arcsine", "raw": "raw"}
SPREADS = {"reml": "reml", "dl": "dl", "ce": "none", "pm": "pm"}
INTERVALS = {"knha": "hartung-knapp", "z": "wald"}


def method(words: str) -> tk.Method:
    scale, tau2, interval = words.split("-")
    return tk.Method(
        model="inverse-variance",
        scale=SCALES[scale],
        tau2=SPREADS[tau2],
        interval=INTERVALS[interval],
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['data']}-{row['method']}")
def test_a_published_table_has_the_digits_of_r(row):
    table = tk.read_table(REFERENCE / "strangers" / f"{row['data']}.csv")
    (answer,) = tk.pool_table(table, method(row["method"]), groups="separate")
    assert answer.k == float(row["k"])
    found = answer.typical
    # Where the lower limit of an arcsine lies below 0, both are cut there.
    for name in ("estimate", "low", "high"):
        assert getattr(found, name) == pytest.approx(float(row[name]), abs=1e-7)
    assert (answer.heterogeneity.tau2 or 0.0) == pytest.approx(float(row["tau2"]), abs=1e-7)
    assert answer.heterogeneity.q == pytest.approx(float(row["q"]), rel=1e-9)


@pytest.mark.parametrize("name", sorted({row["data"] for row in ROWS}))
def test_every_published_table_has_a_forest_plot(name, tmp_path):
    from toolkit.figures.page.files import save

    table = tk.read_table(REFERENCE / "strangers" / f"{name}.csv")
    effects = any(row.effect is not None for row in table.rows)
    words = "raw-dl-z" if effects else "logit-dl-z"
    (answer,) = tk.pool_table(table, method(words), groups="separate")
    (path,) = save(tk.forest(answer), tmp_path / "forest.svg")
    text = path.read_text(encoding="utf-8")
    assert table.rows[0].label.split()[0] in text


def test_the_grid_is_whole():
    assert len({row["data"] for row in ROWS}) == 6
    assert len(ROWS) == 5 * 4 + 2
