"""Proportions are printed by one rule in every place, and a rare rate is never printed as 0."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import toolkit as tk
from toolkit.figures.page.numerals import percent
from toolkit.results.lines import in_words
from toolkit.results.shares import Shares, shares_of
from toolkit.results.tables import percent_text

REFERENCE = Path(__file__).resolve().parents[1] / "reference"


@pytest.mark.parametrize(
    ("events", "total", "printed"),
    [(1, 8, "13"), (9, 200, "5"), (199, 200, ">99"), (1, 400, "<1"), (0, 9, "0"), (9, 9, "100")],
)
def test_terminal_and_figure_print_a_proportion_alike(events, total, printed):
    assert percent(events / total) == printed
    assert percent_text(events / total, None, None).rstrip(" %") == printed
    assert percent_text(None, events / total, 1.0) == f"({printed} to 100)"


@pytest.mark.parametrize(
    ("per", "proportion", "printed"),
    [
        (1000, 0.0002223, "0.22"),
        (10000, 0.0002223, "2.2"),
        (100000, 0.0002223, "22"),
        (1000, 0.00996, "10"),
        (1000, 0.00994, "9.9"),
        (1000, 0.5, "500"),
        (1000, 1.0, "1000"),
        (1000, 0.99999, ">999"),
        (1000, 1e-9, "<0.001"),
        (1000, 0.0000999, "0.10"),
    ],
)
def test_rates_have_two_significant_figures(per, proportion, printed):
    assert Shares(per=per).number(proportion) == printed


def test_a_unit_that_is_no_power_of_ten_is_refused():
    with pytest.raises(tk.ToolkitError, match="per=7"):
        Shares(per=7)


def test_a_rare_pool_finds_its_unit_and_never_reads_as_zero():
    answer = tk.pool_counts([3, 1, 2, 12, 4], [14345, 4000, 9000, 60000, 21000])
    assert shares_of(answer).per == 10000
    text = in_words(answer)
    assert "median study" in text
    assert not re.search(r"(?<![\d.])0 (%|per) ", text)
    assert "per 10,000" in text
    assert "0.20 per 1,000" in in_words(answer, per=1000)


def test_an_ordinary_pool_is_printed_in_percent():
    student = tk.Method(interval="t")
    answer = tk.pool_counts([6, 3, 18, 14, 10], [8, 19, 27, 37, 38], method=student)
    assert shares_of(answer).per == 100
    assert "41% (18 to 70)" in in_words(answer)


def test_the_terminal_shows_spread_test_and_both_kinds_of_i2():
    text = in_words(tk.pool_counts([34, 14, 6, 51, 11], [46, 36, 30, 73, 67]))
    # rma.glmm prints I2 91.3% for this table; the latent one is tau2 / (tau2 + pi^2 / 3).
    assert "I2 91%" in text
    assert "latent I2 26%" in text
    assert "tau 1.08" in text
    assert "LRT" in text
    assert "p < 0.0001" in text


def test_subgroups_and_their_differences_are_named_in_the_terminal():
    answer = tk.pool_counts(
        [34, 14, 6, 51, 11, 9],
        [46, 36, 30, 73, 67, 30],
        by=["men"] * 3 + ["women"] * 3,
    )
    text = in_words(answer)
    for words in ("men\n", "women\n", "men minus women", "QM"):
        assert words in text
    assert text.count("6 studies") == 1
    assert text.count("3 studies") == 2


def test_effects_that_are_no_proportions_have_no_percent():
    answer = tk.pool_effects(
        [-1.5, 2.5, 0.2], [0.2, 0.3, 0.2], method=tk.Method(model="inverse-variance", scale="raw")
    )
    rows = [line for line in in_words(answer).splitlines() if "−1.50" in line or "2.50" in line]
    assert len(rows) == 2
    assert not any("%" in line for line in rows)


def test_a_published_rate_is_printed_per_thousand():
    table = tk.read_table(REFERENCE / "strangers" / "nielweise2008_days.csv")
    (answer,) = tk.pool_table(table, tk.Method(model="inverse-variance"), groups="separate")
    assert "4.3 per 1,000" in in_words(answer)
