"""The data of the calculator: its tables hold the likelihood, its choices are the toolkit's."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binom, norm
from sheets_folder import make_review

from toolkit.analysis.pool import pool
from toolkit.book.content.answers import Answers, compute
from toolkit.book.content.calculator import (
    calculable,
    calculator_data,
    calculator_grid,
    calculator_script,
    tables,
)
from toolkit.load import read

HOSTILE = '</script><script>alert(1)</script> é "quoted" & <b>'


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    return compute(read(make_review(tmp_path_factory.mktemp("calculator"), words=HOSTILE)))


@pytest.mark.parametrize("cell", [(6, 6, 8), (0, 0, 12), (30, 30, 30), (1, 4, 20), (0, 0, 400)])
def test_a_table_is_the_likelihood_of_its_cell(cell: tuple[int, int, int]) -> None:
    grid = calculator_grid(1.0)
    low, high, total = cell
    (text,) = tables([cell], grid).values()
    table = np.frombuffer(base64.b64decode(text), "<f4").reshape(len(grid.tau), len(grid.mu))
    assert grid.tau[0] == 0.0
    z = np.linspace(-9, 9, 20001)
    weight = norm.pdf(z) * (z[1] - z[0])
    for j in (0, len(grid.tau) // 2, len(grid.tau) - 1):
        for i in (0, 20, len(grid.mu) // 2, len(grid.mu) - 15):
            p = 1 / (1 + np.exp(-(grid.mu[i] + grid.tau[j] * z)))
            likelihood = (binom.cdf(high, total, p) - binom.cdf(low - 1, total, p)) @ weight
            if likelihood > 1e-12:  # a difference of distribution functions has no more digits
                assert table[j, i] == pytest.approx(np.log(likelihood), abs=2e-4)


def test_the_grid_reaches_as_far_as_its_prior() -> None:
    for scale in (0.5, 1.0, 2.0):
        grid = calculator_grid(scale)
        assert grid.tau[-1] >= 8 * scale
        assert 1 / (1 + np.exp(grid.mu[-1])) < 1e-5
        assert grid.mu[0] == pytest.approx(-grid.mu[-1])


def test_every_set_offers_the_series_that_the_toolkit_pools(answers: Answers) -> None:
    data = calculator_data(answers)
    assert {outcome["key"] for outcome in data["outcomes"]} == {"crc", "rash"}
    for outcome in data["outcomes"]:
        for key, rows in outcome["sets"].items():
            pooled = pool(answers.review, outcome["key"], analysis_set=key).rows
            offered = [(row["series"], row["low"], row["high"], row["total"]) for row in rows]
            assert offered == [
                (row.series, row.events_low, row.events_high, row.total) for row in pooled
            ]
            for row in rows:
                assert f"{row['low']}..{row['high']}/{row['total']}" in data["tables"]
    crc, rash = data["outcomes"]
    # Printed by R for these counts: 0.4143 (0.1753 to 0.7018).
    assert crc["main"]["estimate"] == pytest.approx(0.4143, abs=5e-5)
    assert (crc["fit"], crc["lead"], rash["fit"], rash["lead"]) == (
        "ml",
        "typical",
        "bayes",
        "average",
    )
    assert rash["main"] is None


def test_the_critical_value_is_that_of_printed_tables(answers: Answers) -> None:
    assert calculator_data(answers)["chiSquare"]["0.95"] == pytest.approx(3.8415, abs=5e-5)


def test_other_models_have_no_calculator(answers: Answers) -> None:
    assert [each.key for each in calculable(answers)] == ["crc", "rash"]


def test_the_script_holds_words_as_words(answers: Answers) -> None:
    script = calculator_script(answers)
    assert script.isascii()
    first, second, _ = script.split("\n")
    assert first == "window.calculator = window.calculator || {};"
    data = json.loads(second.removeprefix("window.calculator.data = ").removesuffix(";"))
    assert HOSTILE.split()[0] in data["sets"][0]["description"]


def test_written_twice_it_is_the_same(answers: Answers, tmp_path: Path) -> None:
    again = compute(read(make_review(tmp_path, words=HOSTILE)))
    assert calculator_script(again) == calculator_script(answers)
