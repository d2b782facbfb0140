"""Published meta-analyses on the road of every review: sheets, check, pool, forest; against R."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import toolkit as tk
from tests.published_reviews import PUBLISHED, REFERENCE, table, write_review
from toolkit.load import problems

METHODS = {
    ("PLO", "REML", "knha"): {"interval": "hartung-knapp"},
    ("PLO", "DL", "z"): {"tau2": "dl", "interval": "wald"},
    ("PFT", "DL", "z"): {"scale": "double-arcsine", "tau2": "dl", "interval": "wald"},
    ("PAS", "REML", "knha"): {"scale": "arcsine", "interval": "hartung-knapp"},
}


def reference(name: str) -> list[dict[str, str]]:
    with (REFERENCE / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def reviews(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    place = tmp_path_factory.mktemp("published")
    return {each.key: write_review(each, place) for each in PUBLISHED}


POOLS = reference("published_pools")


def test_every_data_set_has_every_pool_of_r() -> None:
    assert {row["table_id"] for row in POOLS} == {each.key for each in PUBLISHED}
    assert len(POOLS) == len(PUBLISHED) * len(METHODS)


@pytest.mark.parametrize("key", [each.key for each in PUBLISHED])
def test_the_sheets_have_no_problem_and_hold_every_study(
    reviews: dict[str, Path], key: str
) -> None:
    assert problems(reviews[key]) == []
    answer = tk.pool(tk.read(reviews[key]), "event", tk.Method(model="pooled-counts"))
    rows = table(key)
    assert answer.k == len(rows)
    assert answer.events == sum(int(row["events"]) for row in rows)
    assert all("secondary" in row.flags for row in answer.rows)


@pytest.mark.parametrize(
    "row", POOLS, ids=lambda row: f"{row['table_id']}-{row['measure']}-{row['method']}"
)
def test_the_pool_is_that_of_metafor(reviews: dict[str, Path], row: dict[str, str]) -> None:
    choices = METHODS[row["measure"], row["method"], row["test"]]
    method = tk.Method(model="inverse-variance", **choices)  # type: ignore[arg-type]
    answer = tk.pool(tk.read(reviews[row["table_id"]]), "event", method)
    assert answer.scale_estimate == pytest.approx(float(row["estimate"]), rel=1e-8)
    assert answer.scale_se == pytest.approx(float(row["se"]), rel=1e-8)
    # Where the likelihood is highest at 0 Fisher scoring creeps towards it and stops short.
    assert answer.heterogeneity.tau2 == pytest.approx(float(row["tau2"]), rel=1e-8, abs=1e-12)
    found = (answer.typical.estimate, answer.typical.low, answer.typical.high)
    wanted = [float(row[name]) for name in ("prop", "prop_ci_lower", "prop_ci_upper")]
    assert found == pytest.approx(wanted, rel=1e-8)


EXACT = [
    row for row in reference("glmm_exact") if row["table_id"] in {each.key for each in PUBLISHED}
]


@pytest.mark.parametrize("row", EXACT, ids=lambda row: row["table_id"])
def test_the_headline_method_is_the_exact_likelihood(
    reviews: dict[str, Path], row: dict[str, str]
) -> None:
    answer = tk.pool(tk.read(reviews[row["table_id"]]), "event")
    assert answer.method == tk.Method()
    assert answer.scale_estimate == pytest.approx(float(row["estimate"]), abs=1e-6)
    assert answer.heterogeneity.tau2 == pytest.approx(float(row["tau2"]), abs=1e-6)


def test_every_other_headline_is_that_of_rma_glmm(reviews: dict[str, Path]) -> None:
    # hannum2020 is too large for the exact reference; rma.glmm with 25 nodes gives these.
    answer = tk.pool(tk.read(reviews["hannum2020"]), "event")
    assert answer.scale_estimate == pytest.approx(-0.060074383873552933, abs=1e-5)
    assert answer.scale_se == pytest.approx(0.20990488746405486, abs=1e-5)


@pytest.mark.parametrize("key", [each.key for each in PUBLISHED])
def test_the_forest_shows_every_study_and_the_pool(reviews: dict[str, Path], key: str) -> None:
    answer = tk.pool(tk.read(reviews[key]), "event")
    drawn = {text.get_text() for text in tk.forest(answer).texts}
    for row in answer.rows:
        assert f"/{row.total}" in drawn
    assert f"{answer.total}" in " ".join(drawn)
    assert any("New study" in words or "new study" in words for words in drawn)
